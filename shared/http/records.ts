import { Readable } from "node:stream";
import { parse } from "csv-parse";
import { both } from "./locale.ts";
import { type CampoInvalido, invalidField, Problem } from "./problem.ts";
import { MIB, readJson } from "./strict_json.ts";

/** One row of a file as it was sent. `fila` counts from 1 as an editor or a spreadsheet does, the header with it. */
export interface FileRecord {
  readonly fila: number;
  readonly leido: { readonly ok: true; readonly value: unknown } | {
    readonly ok: false;
    readonly errores: readonly CampoInvalido[];
  };
}

/** The columns that a CSV may have, and those that it must. */
export interface Columns {
  readonly known: readonly string[];
  readonly required: readonly string[];
}

const PIECE = 64 * 1024;
function* pieces(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += PIECE) yield bytes.subarray(at, at + PIECE);
}

/** Text in another encoding would be stored wrong for good: nothing of such a file is taken. */
export function requireUtf8(bytes: Uint8Array): void {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let row = 1;
  try {
    for (const p of pieces(bytes)) {
      decoder.decode(p, { stream: true });
      for (let i = p.indexOf(10); i >= 0; i = p.indexOf(10, i + 1)) row++;
    }
    decoder.decode();
  } catch {
    throw invalidField(
      "cuerpo",
      both(
        `no es UTF-8 válido cerca de la fila ${row}: guárdelo como «CSV UTF-8»`,
        `is not valid UTF-8 near row ${row}: save it as "CSV UTF-8"`,
      ),
    );
  }
}

interface Raw {
  readonly fila: number;
  readonly celdas: readonly string[];
  readonly antes: readonly FileRecord[];
}

/** Rows of a CSV (RFC 4180; `;` where the header has no comma). A header that does not fit throws a 400 problem. */
export async function csvRecords(bytes: Uint8Array, columns: Columns): Promise<AsyncIterable<FileRecord>> {
  let fila = 0;
  let skipped: unknown;
  const broken: FileRecord[] = [];
  const end = bytes.indexOf(10);
  const first = new TextDecoder().decode(
    bytes.subarray(0, end < 0 ? bytes.byteLength : Math.min(end, PIECE)),
  );
  const parser = parse({
    bom: true,
    delimiter: first.includes(";") && !first.includes(",") ? ";" : ",",
    relax_column_count: true,
    skip_records_with_error: true,
    // Typed as if it gave records back as they are.
    on_record: (celdas: string[]) =>
      ({ fila: ++fila, celdas, antes: broken.splice(0) }) satisfies Raw as unknown as string[],
    on_skip(error) {
      // Every quote of a row complains.
      if (error?.lines === skipped) return;
      skipped = error?.lines;
      const mensaje = both("comillas mal puestas", "misplaced quotes");
      broken.push({ fila: ++fila, leido: { ok: false, errores: [{ campo: "fila", mensaje }] } });
    },
  });
  const rows = Readable.from(pieces(bytes)).pipe(parser)[Symbol.asyncIterator]() as AsyncIterator<Raw>;
  const head = await rows.next();
  if (head.done === true || head.value.antes.length > 0) throw wrongHeader(columns.required, "is missing");
  const names = head.value.celdas.map((n) => n.trim());
  checkHeader(names, columns);

  return {
    async *[Symbol.asyncIterator]() {
      try {
        for (let r = await rows.next(); r.done !== true; r = await rows.next()) {
          yield* r.value.antes;
          const { fila, celdas } = r.value;
          if (celdas.length > 1 || celdas[0] !== "") yield { fila, leido: named(names, celdas) };
        }
        yield* broken.splice(0);
      } finally {
        parser.destroy();
      }
    },
  };
}

/** An empty cell says nothing, like an absent field. */
function named(names: readonly string[], celdas: readonly string[]): FileRecord["leido"] {
  if (celdas.length === names.length) {
    return {
      ok: true,
      value: Object.fromEntries(names.flatMap((n, i) => celdas[i] === "" ? [] : [[n, celdas[i]]])),
    };
  }
  const mensaje = both(
    `tiene ${celdas.length} columnas y el encabezado ${names.length}`,
    `has ${celdas.length} columns and the header ${names.length}`,
  );
  return { ok: false, errores: [{ campo: "fila", mensaje }] };
}

const TEXTS = {
  "is missing": both("falta en el encabezado", "is missing in the header"),
  "is unknown": both("no es una columna conocida", "is not a known column"),
  "comes twice": both("está dos veces en el encabezado", "comes twice in the header"),
};
const wrongHeader = (names: readonly string[], text: keyof typeof TEXTS): Problem =>
  new Problem("validacion", { errores: names.map((campo) => ({ campo, mensaje: TEXTS[text] })) });

function checkHeader(names: readonly string[], { known, required }: Columns): void {
  const bad: [keyof typeof TEXTS, readonly string[]][] = [
    ["is unknown", names.filter((n) => !known.includes(n))],
    ["is missing", required.filter((n) => !names.includes(n))],
    ["comes twice", names.filter((n, i) => names.indexOf(n) !== i)],
  ];
  const errores = bad.flatMap(([text, of]) =>
    of.map((campo) => ({ campo: campo || "cuerpo", mensaje: TEXTS[text] }))
  );
  if (errores.length > 0) throw new Problem("validacion", { errores });
}

/** One JSON value a line; an empty line says nothing. */
export async function* ndjsonRecords(bytes: Uint8Array): AsyncGenerator<FileRecord> {
  let fila = 0;
  for (let at = 0; at < bytes.byteLength;) {
    const found = bytes.indexOf(10, at);
    const end = found < 0 ? bytes.byteLength : found;
    const line = bytes.subarray(at, end);
    at = end + 1;
    fila++;
    if (line.every((b) => b === 32 || b === 9 || b === 13)) continue;
    yield { fila, leido: readLine(line) };
    // Long files leave the others their turn.
    if (fila % 500 === 0) await Promise.resolve();
  }
}

function readLine(line: Uint8Array): FileRecord["leido"] {
  if (line.byteLength > MIB) {
    return {
      ok: false,
      errores: [{ campo: "fila", mensaje: both("pasa de 1 MiB", "is longer than 1 MiB") }],
    };
  }
  try {
    return { ok: true, value: readJson(line) };
  } catch (e) {
    if (e instanceof Problem) return { ok: false, errores: e.details.errores ?? [] };
    throw e;
  }
}
