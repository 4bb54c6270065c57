import type { Context } from "hono";
import type { Env } from "@alpes/shared/http/env.ts";
import type { Envio, Llamada } from "../ports.ts";

// Whatever can tell two callers apart at a service must be in here: it travels on, and it divides the cache.
const IDENTIDAD = ["authorization", "x-actor"] as const;

/** Whom a caller says to be counts where nobody is asked for a credential; beside one, or for nobody, it does not. */
function identidadDe(c: Context<Env>): readonly (string | null)[] {
  const { authorization, actor } = c.var;
  if (authorization !== null) return [authorization, null];
  const dicho = c.req.header("x-actor") ?? null;
  return [
    c.req.header("authorization") ?? null,
    actor.tipo === "anonimo" && dicho !== null ? "anonimo" : dicho,
  ];
}

/** How long a part of an answer may keep the rest waiting. */
const PLAZO_PARTE_MS = 5_000;

/** What the services are asked on behalf of this request. */
export function llamadaDe(c: Context<Env>, plazoMs: number): Llamada {
  const identidad = identidadDe(c);
  const cabeceras: Record<string, string> = {
    "x-request-id": c.var.requestId,
    "traceparent": c.var.traceparent,
    "accept-language": c.var.locale,
  };
  IDENTIDAD.forEach((nombre, i) => {
    const valor = identidad[i];
    if (valor !== null && valor !== undefined) cabeceras[nombre] = valor;
  });
  const testigo = c.get("testigo");
  return {
    llamador: JSON.stringify(identidad),
    cabeceras,
    plazo: performance.now() + plazoMs,
    ...(testigo === undefined ? {} : { testigo }),
  };
}

/** The same request where the answer can do without: a part must not hold up the rest. */
export const comoParte = (l: Llamada): Llamada => ({
  ...l,
  plazo: Math.min(l.plazo, performance.now() + PLAZO_PARTE_MS),
});

const DEL_LLAMADOR = ["idempotency-key", "if-match"];

/** A write to be sent on; `cuerpo` is JSON text. */
export function envioDe(c: Context<Env>, cuerpo: string): Envio {
  const cabeceras: Record<string, string> = {};
  for (const nombre of DEL_LLAMADOR) {
    const valor = c.req.header(nombre);
    if (valor !== undefined) cabeceras[nombre] = valor;
  }
  return { cuerpo, cabeceras };
}
