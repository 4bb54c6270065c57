import { z } from "@hono/zod-openapi";
import {
  isRawNumber,
  type Json,
  JsonFault,
  type JsonFaultKind,
  parseJson,
} from "@alpes/shared/seedwork/json.ts";
import type { Bodies } from "./bodies.ts";
import { both } from "./locale.ts";
import { piecesOf } from "./pieces.ts";
import { Problem } from "./problem.ts";
import { fieldName } from "./validation.ts";

/** Any JSON value, as sent: big numbers stay what they were. Also what an answer gives back. */
export const JsonValue: z.ZodType<Json, Json> = z.custom<Json>((v) => v !== undefined, {
  error: both("es obligatorio", "is required"),
}).openapi({ type: ["null", "boolean", "number", "string", "array", "object"], items: {} });

/** Any JSON object, as sent. */
export const JsonObject: z.ZodType<Readonly<Record<string, Json>>, Readonly<Record<string, Json>>> = z.custom<
  Readonly<Record<string, Json>>
>(
  (v) => typeof v === "object" && v !== null && !Array.isArray(v) && !isRawNumber(v),
  {
    error: both("debe ser un objeto", "must be an object"),
  },
).openapi({ type: "object", additionalProperties: true });

export const MIB = 1024 * 1024;

const FAULTS: Record<JsonFaultKind, string> = {
  syntax: both("JSON mal formado en la posición", "malformed JSON at position"),
  duplicate: both("clave repetida", "key given twice"),
  depth: both("más de 64 niveles", "more than 64 levels"),
  nul: both("contiene un carácter NUL", "contains a NUL character"),
  surrogate: both("contiene un sustituto Unicode suelto", "contains a lone Unicode surrogate"),
};
const EMPTY = both("el cuerpo está vacío", "the body is empty");
const UTF8 = new TextDecoder("utf-8", { fatal: true });
const NOT_UTF8 = both("el cuerpo no es UTF-8 válido", "the body is not valid UTF-8");

const malformed = (mensaje: string, campo = "cuerpo") =>
  new Problem("json_malformado", { errores: [{ campo, mensaje }] });

/** Reads a body's bytes as JSON; throws a `json_malformado` that names where. */
export function readJson(bytes: Uint8Array): Json {
  let text: string;
  try {
    text = UTF8.decode(bytes);
  } catch {
    throw malformed(NOT_UTF8);
  }
  if (/^[ \t\r\n]*$/.test(text)) throw malformed(EMPTY);
  try {
    return parseJson(text);
  } catch (e) {
    if (!(e instanceof JsonFault)) throw e;
    const where = e.kind === "syntax" ? e.position : null;
    const [es = "", en = ""] = FAULTS[e.kind].split(" ¦ ");
    throw malformed(
      where === null ? both(es, en) : both(`${es} ${where}`, `${en} ${where}`),
      fieldName(e.path),
    );
  }
}

/** What still comes of such a body is not waited for. */
const close = { headers: { "Connection": "close" } };
const tooLarge = () => new Problem("cuerpo_muy_grande", close);

/**
 * Bodies that say they are no longer are read in one go: a reader of pieces costs a small one 100 µs of CPU. It takes
 * 64 KiB while it waits, so where many arrive slowly the others are read in pieces all the same.
 */
const WHOLE = 16 * 1024;
const WHOLE_AT_ONCE = 16;

/**
 * The whole body, at most `limit` bytes (else 413, also without a Content-Length) and within `timeoutMs` (else 408, also
 * when `held` has no room for so slow a one). `end` must be called when the bytes are no longer needed.
 */
export async function readBody(
  request: Request,
  limit: number,
  timeoutMs: number,
  held: Bodies,
): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly end: () => void }> {
  const declared = Number(request.headers.get("content-length") ?? NaN);
  if (declared > limit) {
    request.body?.cancel().catch(() => {});
    throw tooLarge();
  }
  if (declared <= WHOLE && held.arriving() < WHOLE_AT_ONCE) {
    return await readWhole(request, limit, timeoutMs, held, declared);
  }
  if (request.body === null) return { bytes: new Uint8Array(0), end: () => {} };
  const pieces = piecesOf(request.body);
  let bytes = new Uint8Array(0);
  let size = 0, late = false;
  const cut = () => {
    late = true;
    bytes = new Uint8Array(0);
    pieces.cancel();
  };
  const holding = held.begin(cut, timeoutMs);
  try {
    for (let piece = await pieces.next(); piece !== null; piece = await pieces.next()) {
      if (late) break;
      if (size + piece.byteLength > limit) {
        pieces.cancel();
        throw tooLarge();
      }
      if (size + piece.byteLength > bytes.byteLength) {
        const larger = new Uint8Array(
          Math.min(limit, Math.max(2 * bytes.byteLength, size + piece.byteLength)),
        );
        larger.set(bytes);
        holding.grew(larger.byteLength - bytes.byteLength);
        if (late) break;
        bytes = larger;
      }
      bytes.set(piece, size);
      size += piece.byteLength;
    }
    if (late) throw new Problem("tiempo_de_cuerpo", close);
    holding.arrived();
  } catch (e) {
    holding.end();
    throw e instanceof Problem ? e : new Problem(late ? "tiempo_de_cuerpo" : "cuerpo_incompleto", close);
  }
  // Exactly what came: `arrayBuffer()` of a handler gives the whole buffer.
  return { bytes: size === bytes.byteLength ? bytes : bytes.slice(0, size), end: holding.end };
}

async function readWhole(
  request: Request,
  limit: number,
  timeoutMs: number,
  held: Bodies,
  declared: number,
): ReturnType<typeof readBody> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array<ArrayBuffer>>();
  let late = false;
  const holding = held.begin(() => {
    late = true;
    reject();
  }, timeoutMs);
  holding.grew(declared);
  request.bytes().then(resolve, reject);
  try {
    const bytes = await promise;
    if (bytes.byteLength > limit) throw tooLarge();
    holding.arrived();
    // `arrayBuffer()` of a handler gives the whole buffer.
    return { bytes: bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice(), end: holding.end };
  } catch (e) {
    holding.end();
    throw e instanceof Problem ? e : new Problem(late ? "tiempo_de_cuerpo" : "cuerpo_incompleto", close);
  }
}
