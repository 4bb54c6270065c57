import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { Env } from "./env.ts";
import { both, localized } from "./locale.ts";
import { logger } from "./log.ts";
import { Problem } from "./problem.ts";
import { type Columns, csvRecords, type FileRecord, ndjsonRecords, requireUtf8 } from "./records.ts";
import { MIB } from "./strict_json.ts";
import { check } from "./validation.ts";

/** What became of one row. `errores` may be `both(es, en)`. */
export type Verdict =
  | { readonly estado: "creado" | "ya_estaba"; readonly id: string }
  | {
    readonly estado: "rechazado";
    readonly codigo: string;
    readonly errores: readonly { readonly campo: string; readonly mensaje: string }[];
  };

/** How rows of one kind are read and taken. `take` gives a verdict for each, in their order; each stands for itself. */
export interface Importable<S extends z.ZodType> {
  readonly schema: S;
  readonly columns: Columns;
  readonly take: (rows: readonly Row<S>[]) => Promise<readonly Verdict[]>;
}
export interface Row<S extends z.ZodType> {
  readonly value: z.output<S>;
  /** As it was sent, before any default. */
  readonly sent: unknown;
}

/** Rows that are taken together. */
const BATCH = 200;
/** Files that one process works on at once: each is in memory while it is read. */
const AT_ONCE = 2;
const bool = z.stringbool({ truthy: ["true"], falsy: ["false"] });

export const ImportQuery = z.object({
  simulacro: bool.default(false).openapi({ type: "boolean", description: "Only say what would happen" }),
  solo_rechazadas: bool.default(false).openapi({
    type: "boolean",
    description: "Report the refused rows alone, and the totals",
  }),
});

const FilaSchema = z.object({
  fila: z.number().int(),
  estado: z.enum(["creado", "ya_estaba", "rechazado"]),
  id: z.string().nullable(),
  codigo: z.string().nullable(),
  errores: z.array(z.object({ campo: z.string(), mensaje: z.string() })),
}).openapi("FilaImportada");
const cuenta = z.object({
  hechas: z.number().int(),
  creado: z.number().int(),
  ya_estaba: z.number().int(),
  rechazado: z.number().int(),
  por_segundo: z.number(),
});
const InformeSchema = z.union([
  FilaSchema,
  z.object({ progreso: cuenta }),
  z.object({ totales: cuenta, simulacro: z.boolean(), completa: z.boolean(), codigo: z.string().nullable() }),
]).openapi("LineaDeImportacion");

/** What a route says of an import: up to 64 MiB of CSV or NDJSON in, a report out as it goes. */
export const IMPORT_ROUTE = {
  "x-max-body": 64 * MIB,
  request: {
    query: ImportQuery,
    body: {
      required: true as const,
      content: {
        "text/csv": { schema: z.string() },
        "application/x-ndjson": { schema: z.string() },
      },
    },
  },
  report: {
    description:
      "One line for each row as it is done, one of progress a second, the last one with the totals. A file cut short is sent again: rows that stand are `ya_estaba`.",
    content: { "application/x-ndjson": { schema: InformeSchema } },
  },
};

let running = 0;

/**
 * Reads the file and answers its report, row by row. What makes the whole file unusable is thrown before any row. The
 * answer is typed `never` because zod-openapi has no type for a stream of JSON.
 */
export async function importReport<S extends z.ZodType>(
  c: Context<Env>,
  { schema, columns, take }: Importable<S>,
  { simulacro, solo_rechazadas }: z.output<typeof ImportQuery>,
): Promise<never> {
  if (c.var.bodySize === 0) {
    throw new Problem("validacion", { errores: [{ campo: "cuerpo", mensaje: EMPTY }] });
  }
  const bytes = new Uint8Array(await c.req.arrayBuffer());
  requireUtf8(bytes);
  const csv = (c.req.header("content-type") ?? "").toLowerCase().startsWith("text/csv");
  const records = csv ? await csvRecords(bytes, columns) : ndjsonRecords(bytes);
  if (running >= AT_ONCE) throw new Problem("saturado");
  running++;
  let released = false;
  const release = () => {
    if (!released) running--;
    released = true;
  };

  const { locale } = c.var;
  const count = { hechas: 0, creado: 0, ya_estaba: 0, rechazado: 0 };
  const begun = performance.now();
  const sums = () => ({
    ...count,
    por_segundo: Math.round(count.hechas / Math.max(0.001, (performance.now() - begun) / 1_000)),
  });
  const line = (o: object) => JSON.stringify(o) + "\n";

  /** Rows that broke a rule of their fields never reach `take`. */
  async function verdicts(batch: readonly FileRecord[]): Promise<readonly Verdict[]> {
    const read = batch.map(({ leido }) => {
      if (!leido.ok) return leido;
      const r = check(schema, leido.value, locale);
      return r.ok ? { ok: true as const, value: { value: r.value, sent: leido.value } } : r;
    });
    const taken = await take(read.flatMap((r) => r.ok ? [r.value] : []));
    let next = 0;
    return read.map((r) => {
      if (!r.ok) return { estado: "rechazado", codigo: "validacion", errores: r.errores };
      const v = taken[next++];
      if (v === undefined) throw new Error("a row has no verdict");
      return v;
    });
  }
  function told(batch: readonly FileRecord[], all: readonly Verdict[]): string {
    let text = "";
    all.forEach((v, i) => {
      count.hechas++;
      count[v.estado]++;
      if (solo_rechazadas && v.estado !== "rechazado") return;
      const refused = v.estado === "rechazado" ? v : null;
      text += line({
        fila: batch[i]?.fila,
        estado: v.estado,
        id: v.estado === "rechazado" ? null : v.id,
        codigo: refused?.codigo ?? null,
        errores: (refused?.errores ?? []).map((e) => ({ ...e, mensaje: localized(e.mensaje, locale) })),
      });
    });
    return text;
  }
  async function* report(): AsyncGenerator<string> {
    const end = (codigo: string | null) =>
      line({ totales: sums(), simulacro, completa: codigo === null, codigo });
    try {
      let shown = performance.now();
      for await (const batch of batches(records, BATCH)) {
        const text = told(batch, await verdicts(batch));
        const late = performance.now() - shown > 1_000;
        if (late) shown = performance.now();
        if (text !== "" || late) yield text + (late ? line({ progreso: sums() }) : "");
      }
      yield end(null);
    } catch (e) {
      // The answer has begun: its last line is the only place left to say so.
      logger("importacion").warn("an import was cut short", { error: e });
      yield end("no_disponible");
    } finally {
      release();
    }
  }
  const text = report();
  const body = new ReadableStream<Uint8Array>({
    async pull(control) {
      const r = await text.next();
      if (r.done) control.close();
      else control.enqueue(new TextEncoder().encode(r.value));
    },
    // Who leaves ends the import after the batch in hand.
    async cancel() {
      await text.return(undefined);
      release();
    },
  }, { highWaterMark: 0 });
  return new Response(body, { status: 200, headers: { "Content-Type": "application/x-ndjson" } }) as never;
}
const EMPTY = both("el archivo está vacío", "the file is empty");

async function* batches<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let batch: T[] = [];
  for await (const i of items) {
    batch.push(i);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
