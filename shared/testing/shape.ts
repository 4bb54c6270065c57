/** The ways in which the platform is put together; the tests that cross services pass in all of them. */
export const FORMAS = ["uno", "uno+pulsar", "micro", "micro2+pulsar", "bundles+pulsar"] as const;
export type Forma = (typeof FORMAS)[number];

export interface Shape {
  /** A process per service, each with its own database role; else one for all three. */
  readonly apart: boolean;
  /** Of each service. */
  readonly instances: 1 | 2;
  /** Messages go through the broker of PULSAR_TEST_URL; else through PostgreSQL. */
  readonly pulsar: boolean;
  /** What runs are the files of `deno task bundle`; else the sources. */
  readonly bundles: boolean;
}

export const isForma = (name: string): name is Forma => FORMAS.some((f) => f === name);

export const shapeOf = (forma: Forma): Shape => ({
  apart: forma.startsWith("micro"),
  instances: forma === "micro2+pulsar" ? 2 : 1,
  pulsar: forma.endsWith("+pulsar"),
  bundles: forma.startsWith("bundles"),
});

/** The shape that TEST_FORMA names, `uno` unless told. */
export function shapeUnderTest(): Shape {
  const name = Deno.env.get("TEST_FORMA") || "uno";
  if (!isForma(name)) throw new Error(`TEST_FORMA is ${name}, and must be one of ${FORMAS.join(", ")}`);
  return shapeOf(name);
}
