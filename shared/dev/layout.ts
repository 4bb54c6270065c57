import { balance } from "./balance.ts";
import type { DevDatabase } from "./dev_database.ts";
import type { DevOptions } from "./dev_options.ts";

/** The ports of the wire contract, counted from the common process's 5000. */
const MODULOS = { cliente: 3, pagos: 2, campanias: 4 } as const;
/** Between the instances of a service. */
const STEP = 100;

/** One process of the services. */
export interface Part {
  readonly name: string;
  readonly entry: string;
  readonly port: number;
  readonly env: Readonly<Record<string, string>>;
}

/** Which processes `dev` runs beside the BFF, before there is a database. */
export interface Layout {
  readonly parts: readonly Omit<Part, "env">[];
  /** What they get of the database. */
  env(part: Omit<Part, "env">, database: DevDatabase): Record<string, string>;
  /** How the BFF finds them. What has to be closed goes into `resources`. */
  addresses(resources: AsyncDisposableStack): Record<string, string>;
}

/** All services in one process on `port`, or each on its own, `o.micro` times. */
export function layout(o: DevOptions, port: number, entry: (path: string) => string): Layout {
  if (o.micro === 0) {
    return {
      parts: [{ name: "services", entry: o.services, port }],
      env: (_, database) => ({ DATABASE_URL: database.url }),
      addresses: () => ({ ALPESPARTNERS_SERVICE_URL: `http://127.0.0.1:${port}` }),
    };
  }
  const instances = Array.from({ length: o.micro }, (_, i) => i);
  const parts = Object.entries(MODULOS).flatMap(([modulo, own]) =>
    instances.map((i) => ({
      name: i === 0 ? modulo : `${modulo}-${i + 1}`,
      entry: entry(`services/${modulo}/main.ts`),
      port: port + own + i * STEP,
    }))
  );
  return {
    parts,
    env: (part, database) => ({ DATABASE_URL: database.urlFor(part.name.replace(/-\d+$/, "")) }),
    addresses: (resources) =>
      Object.fromEntries(
        Object.entries(MODULOS).map(([modulo, own]) => {
          const urls = instances.map((i) => `http://127.0.0.1:${port + own + i * STEP}`);
          const url = urls.length === 1 ? urls.join() : resources.use(balance(urls)).url;
          return [`${modulo.toUpperCase()}_SERVICE_URL`, url];
        }),
      ),
  };
}
