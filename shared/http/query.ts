import { z } from "@hono/zod-openapi";
import { both } from "./locale.ts";
import type { CampoInvalido } from "./problem.ts";

/** The fields of an object schema, also under a transform; `null` when it is no object. */
export function shapeOf(schema: z.ZodType): Record<string, unknown> | null {
  if (schema instanceof z.ZodObject) return schema.shape;
  return schema instanceof z.ZodPipe && schema.in instanceof z.ZodType ? shapeOf(schema.in) : null;
}

export interface Query {
  readonly values: Readonly<Record<string, string>>;
  readonly errores: readonly CampoInvalido[];
}

/**
 * Reads a query string; a name that is not known (`null`: any is), or given twice, and text that is no UTF-8 are named.
 */
export function readQuery(url: string, known: ReadonlySet<string> | null): Query {
  const values = new Map<string, string>();
  const errores: CampoInvalido[] = [];
  const start = url.indexOf("?");
  const end = url.indexOf("#", start);
  const text = start < 0 ? "" : url.slice(start + 1, end < 0 ? undefined : end);
  for (const pair of text.split("&")) {
    if (pair === "") continue;
    const cut = pair.indexOf("=");
    const written = cut < 0 ? pair : pair.slice(0, cut);
    const name = decode(written);
    const value = decode(cut < 0 ? "" : pair.slice(cut + 1));
    const campo = name ?? written;
    if (name === null || known?.has(name) === false) {
      errores.push({ campo, mensaje: both("parámetro desconocido", "unknown parameter") });
    } else if (values.has(name)) {
      errores.push({ campo, mensaje: both("parámetro repetido", "parameter given twice") });
    } else if (value === null) {
      errores.push({ campo, mensaje: both("no es texto UTF-8 válido", "is not valid UTF-8 text") });
    } else values.set(name, value);
  }
  return { values: Object.fromEntries(values), errores };
}

/** `null`: a broken escape, bytes that are no UTF-8, or a NUL. */
function decode(text: string): string | null {
  try {
    const decoded = decodeURIComponent(text.replaceAll("+", " "));
    return decoded.includes("\0") ? null : decoded;
  } catch {
    return null;
  }
}
