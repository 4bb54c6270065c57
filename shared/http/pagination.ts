import { z } from "@hono/zod-openapi";
import { ID_PATTERN } from "@alpes/shared/seedwork/ids.ts";
import type { ListRequest, Page, PageRequest, Position, Sort } from "@alpes/shared/seedwork/pages.ts";
import { both } from "./locale.ts";
import { parseInstant } from "./time.ts";

/** What a sortable column holds; texts sort ascending by default, the others descending. */
export type SortKind = "text" | "time" | "integer" | "decimal";

const count = (max: number) =>
  z.string().regex(/^[1-9]\d{0,14}$/, {
    error: both("debe ser un entero desde 1", "must be an integer from 1"),
  })
    .transform(Number)
    .refine((n) => n <= max, { error: both(`debe ser como máximo ${max}`, `must be at most ${max}`) })
    .openapi({ type: "integer", minimum: 1, maximum: max });

const MAX_PAGE = 10 ** 12;

const PagesSchema = z.object({
  page: z.number().int(),
  per_page: z.number().int(),
  total: z.number().int(),
  total_estimado: z.boolean(),
  pages: z.number().int(),
  has_next: z.boolean(),
  has_prev: z.boolean(),
}).openapi("Paginas");
const CursorSchema = z.object({
  limit: z.number().int(),
  next_cursor: z.string().nullable(),
  has_next: z.boolean(),
}).openapi("Cursor");
export const PaginationSchema = z.union([PagesSchema, CursorSchema]);
export type PaginationJson = z.infer<typeof PaginationSchema>;

/** The response of a list of `item`. */
export const listSchema = <S extends z.ZodType>(item: S) =>
  z.object({ data: z.array(item), pagination: PaginationSchema });

/**
 * One list's query: `query` goes into the route and `c.req.valid("query")` is a `ListRequest`; `pagination` renders
 * what the adapter found. `sorts` is what `sort_by` may name; the first is the default.
 */
export function listing<const Sorts extends Readonly<Record<string, SortKind>>, Shape extends z.ZodRawShape>(
  sorts: Sorts,
  filters: Shape,
) {
  type Field = keyof Sorts & string;
  const fields = Object.keys(sorts) as [Field, ...Field[]];
  const query = z.object({
    page: count(MAX_PAGE).optional(),
    per_page: count(100).optional(),
    cursor: z.string().max(4000).optional(),
    limit: count(100).optional(),
    sort_by: z.enum(fields).default(fields[0]),
    sort_order: z.enum(["asc", "desc"]).optional(),
    ...filters,
  }).transform((q, ctx): ListRequest<Field, z.output<z.ZodObject<Shape>>> => {
    const { page, per_page, cursor, limit, sort_by, sort_order, ...rest } = q as
      & {
        page?: number;
        per_page?: number;
        cursor?: string;
        limit?: number;
        sort_by: Field;
        sort_order?: "asc" | "desc";
      }
      & Record<string, unknown>;
    const sort: Sort<Field> = {
      by: sort_by,
      order: sort_order ?? (sorts[sort_by] === "text" ? "asc" : "desc"),
    };
    const filtersGiven = rest as z.output<z.ZodObject<Shape>>;
    const fail = (campo: string, message: string): never => {
      ctx.addIssue({ code: "custom", message, path: [campo], input: q });
      return z.NEVER;
    };
    const wrong = both("no va junto con cursor o limit", "does not go together with cursor or limit");
    const byCursor = cursor !== undefined || limit !== undefined;
    if (byCursor && page !== undefined) return fail("page", wrong);
    if (byCursor && per_page !== undefined) return fail("per_page", wrong);
    let request: PageRequest = { mode: "page", page: page ?? 1, perPage: per_page ?? 20 };
    if (byCursor) {
      const after = cursor === undefined
        ? null
        : readCursor(cursor, scopeOf(sort, rest), sorts[sort_by] ?? "text");
      if (after === undefined) {
        return fail(
          "cursor",
          both("no es un cursor de esta misma consulta", "is not a cursor of this same query"),
        );
      }
      request = { mode: "cursor", after, limit: limit ?? 20 };
    }
    return { page: request, sort, filters: filtersGiven };
  });

  /** The `pagination` of the answer to `request`. */
  const pagination = (request: ListRequest<Field, unknown>, found: Page<unknown>): PaginationJson => {
    const { page: asked, sort, filters } = request;
    if (asked.mode === "cursor" && found.mode === "cursor") {
      const next_cursor = found.next && writeCursor(found.next, scopeOf(sort, filters));
      return { limit: asked.limit, next_cursor, has_next: next_cursor !== null };
    }
    if (asked.mode !== "page" || found.mode !== "page") {
      throw new Error("the page found is not of the mode asked for");
    }
    return {
      page: asked.page,
      per_page: asked.perPage,
      total: found.total.rows,
      total_estimado: found.total.estimated,
      pages: Math.ceil(found.total.rows / asked.perPage),
      has_next: found.hasNext,
      has_prev: asked.page > 1,
    };
  };
  return { query, pagination };
}

/** A cursor belongs to one sort and one set of filters. */
function scopeOf(sort: Sort<string>, filters: unknown): string {
  const given = Object.entries(filters as object).filter(([, v]) => v !== undefined).sort();
  const text = JSON.stringify([sort.by, sort.order, given], (_, v) => typeof v === "bigint" ? String(v) : v);
  // FNV-1a: it tells honest mistakes apart and need not resist an attacker.
  let h = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) {
    h = BigInt.asUintN(64, (h ^ BigInt(byte)) * 0x100000001b3n);
  }
  return h.toString(36);
}

const writeCursor = ({ value, id }: Position, scope: string): string =>
  new TextEncoder().encode(JSON.stringify([scope, value, id])).toBase64({
    alphabet: "base64url",
    omitPadding: true,
  });

const KINDS: Record<SortKind, (value: string) => boolean> = {
  text: (v) => !v.includes("\0") && v.isWellFormed(),
  time: (v) => parseInstant(v) !== null,
  integer: (v) => /^-?\d{1,18}$/.test(v),
  // As PostgreSQL writes it; nothing that would overflow one of its types.
  decimal: (v) => /^-?\d{1,20}(\.\d{1,20})?(e-0\d)?$/.test(v),
};

/** `undefined` for anything that did not come from a list of the same scope; what is in it is safe to compare with. */
function readCursor(text: string, scope: string, kind: SortKind): Position | undefined {
  try {
    const bytes = Uint8Array.fromBase64(text, { alphabet: "base64url" });
    const [given, value, id] = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (given !== scope || typeof id !== "string" || !ID_PATTERN.test(id)) return undefined;
    if (value === null) return { value, id };
    return typeof value === "string" && KINDS[kind](value) ? { value, id } : undefined;
  } catch {
    return undefined;
  }
}
