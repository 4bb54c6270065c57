import { z } from "@hono/zod-openapi";
import { parseJson } from "@alpes/shared/seedwork/json.ts";
import { err, ok, type Result } from "@alpes/shared/seedwork/result.ts";
import type { Rechazo, Servicio } from "../ports.ts";

/** No answer of a service is larger: a page of a hundred rows is a hundredth of it. */
const MAX_BYTES = 16 * 1024 * 1024;

/** The body as text; `null` when it is larger than any answer may be. */
export async function leerTexto(res: Response): Promise<string | null> {
  if (res.body === null) return "";
  const decoder = new TextDecoder();
  let texto = "";
  let bytes = 0;
  for await (const trozo of res.body) {
    bytes += trozo.byteLength;
    if (bytes > MAX_BYTES) return null;
    texto += decoder.decode(trozo, { stream: true });
  }
  return texto + decoder.decode();
}

// A number with an exponent, or of sixteen characters and more, may not fit into a double.
const NUMERO_RARO = /[:,[\s]-?(?:[\d.]{16}|\d[\d.]*[eE])/;

/** Parses JSON; numbers that a double cannot carry stay as they were written, and leave so again. */
export function leerJson(texto: string): Result<unknown, "no_es_json"> {
  try {
    return ok(NUMERO_RARO.test(texto) ? parseJson(texto) : JSON.parse(texto));
  } catch {
    return err("no_es_json");
  }
}

const Problema = z.object({
  codigo: z.string().optional(),
  title: z.string().optional(),
  detail: z.string().optional(),
  errores: z.array(z.object({ campo: z.string(), mensaje: z.string() })).optional(),
});

/** What a service said with a 4xx. Where it said nothing that we understand, the status alone remains. */
export function rechazoDe(
  servicio: Servicio,
  r: { readonly status: number; readonly headers: Headers; readonly texto: string },
): Rechazo {
  const json = leerJson(r.texto);
  const leido = json.ok ? Problema.safeParse(json.value) : undefined;
  const p = leido?.success ? leido.data : {};
  return {
    tipo: "rechazo",
    servicio,
    status: r.status,
    codigo: p.codigo ?? null,
    titulo: p.title ?? null,
    detalle: p.detail ?? null,
    errores: p.errores ?? [],
    espera: r.headers.get("retry-after"),
  };
}
