import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { BASE, type Catalogue, type Fault, type FaultStatus } from "./catalogue.ts";
import type { Env } from "./env.ts";
import { localized } from "./locale.ts";

const CampoInvalidoSchema = z.object({ campo: z.string(), mensaje: z.string() });
/** A field that broke its rule: `itinerario[3].x`, a query parameter or a header by name, or `cuerpo`. */
export type CampoInvalido = z.infer<typeof CampoInvalidoSchema>;

/** RFC 9457 problem details (contract, section 2). */
export const ProblemSchema = z.object({
  type: z.string().openapi({ example: "/errores/validacion" }),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  instance: z.string(),
  codigo: z.string().openapi({ example: "validacion" }),
  errores: z.array(CampoInvalidoSchema),
  solicitud: z.string(),
}).openapi("Problem");
export type ProblemJson = z.infer<typeof ProblemSchema>;

interface ProblemResponseConfig {
  description: string;
  content: { "application/problem+json": { schema: typeof ProblemSchema } };
}

/** Entries for a route's `responses`: `{ 200: …, ...problems(400, 404) }`. */
export function problems<const S extends FaultStatus>(...statuses: S[]): Record<S, ProblemResponseConfig> {
  const one = (s: S): ProblemResponseConfig => ({
    description: Object.values(BASE).find((f) => f.status === s)?.en.titulo ?? "Problem",
    content: { "application/problem+json": { schema: ProblemSchema } },
  });
  return Object.fromEntries(statuses.map((s) => [s, one(s)])) as Record<S, ProblemResponseConfig>;
}

export interface ProblemDetails {
  /** Takes the place of the catalogue's explanation; may be `both(es, en)`. */
  readonly detalle?: string | undefined;
  readonly errores?: readonly CampoInvalido[] | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Thrown by middleware (handlers `refuse`); `codigo` is one of the app's catalogue. */
export class Problem extends Error {
  override readonly name = "Problem";
  constructor(
    readonly codigo: keyof typeof BASE | (string & Record<never, never>),
    readonly details: ProblemDetails = {},
  ) {
    super(codigo);
  }
}

/** The problem of one bad field. */
export const invalidField = (campo: string, mensaje: string): Problem =>
  new Problem("validacion", { errores: [{ campo, mensaje }] });

const MAX_ERRORS = 500, MAX_FIELD = 200;

/** The body and headers of a problem, in the caller's language. At most 500 fields are listed. */
export function problemParts(c: Context<Env>, codigo: string, f: Fault, details: ProblemDetails) {
  const { locale, requestId } = c.var;
  const texts = f[locale];
  const body: ProblemJson = {
    type: `/errores/${codigo}`,
    title: texts.titulo,
    status: f.status,
    detail: details.detalle === undefined ? texts.explicacion : localized(details.detalle, locale),
    instance: new URL(c.req.url).pathname,
    codigo,
    errores: (details.errores ?? []).slice(0, MAX_ERRORS).map(({ campo, mensaje }) => ({
      campo: campo.length > MAX_FIELD ? campo.slice(0, MAX_FIELD).toWellFormed() + "…" : campo,
      mensaje: localized(mensaje, locale),
    })),
    solicitud: requestId,
  };
  const headers: Record<string, string> = {
    "Content-Type": "application/problem+json",
    "Content-Language": locale,
    "Vary": "Accept-Language",
    ...(f.reintentar_s === undefined ? {} : { "Retry-After": String(f.reintentar_s) }),
    ...details.headers,
  };
  return { body, headers };
}

/** The answer to a thrown problem; a code that the catalogue lacks is a fault of ours. */
export function problemResponse(
  c: Context<Env>,
  catalogue: Catalogue,
  { codigo, details }: Problem,
): Response {
  const known = Object.hasOwn(catalogue, codigo) ? catalogue[codigo] : undefined;
  const { body, headers } = known === undefined
    ? problemParts(c, "interno", BASE.interno, {})
    : problemParts(c, codigo, known, details);
  return new Response(JSON.stringify(body), { status: body.status, headers });
}
