import type { Page, PageRequest } from "@alpes/shared/seedwork/pages.ts";
import type { Tx } from "./database.ts";
import { type Condition, condition, where } from "./lists.ts";

/** `%` and `_` of what was typed are letters like any other. */
const pattern = (text: string) => `%${text.replace(/[\\%_]/g, "\\$&")}%`;

/** Patterns of each longer word (at most five) with two neighbouring letters swapped. */
export function swapped(text: string): string[] {
  const words = text.split(/\s+/).filter((w) => w.length >= 6 && w.length <= 40).slice(0, 5);
  return words.flatMap((word) => {
    const letters = [...word];
    return letters.slice(1).map((l, i) =>
      pattern([...letters.slice(0, i), l, letters[i], ...letters.slice(i + 2)].join(""))
    );
  });
}
const SWAPPED = "array(select public.normaliza(t) from unnest(?::text[]) as t)";

/** Rows whose `busqueda` holds the text as it is, whatever its accents and case. */
export const holds = (text: string): Condition =>
  condition("busqueda like public.normaliza(?)", pattern(text));

/**
 * Rows that hold the text, or nearly. A wrong or missing letter in a word of six leaves a `word_similarity` of 0.4 and
 * more (the pool's threshold is 0.35); two swapped ones only 0.28, which half a table reaches, so swaps are looked up
 * as patterns.
 */
export const alike = (text: string): Condition =>
  condition(
    `busqueda like public.normaliza(?) or busqueda like any (${SWAPPED})
       or public.normaliza(?) operator(public.<%) busqueda`,
    pattern(text),
    swapped(text),
    text,
  );

export interface SearchQuery<Row extends object, T> {
  /** `schema.table` with `id` and `busqueda`. */
  readonly from: string;
  readonly columns: string;
  readonly where: readonly Condition[];
  readonly match: Condition;
  readonly text: string;
  readonly page: PageRequest;
  readonly view: (row: Row) => T;
}

/** One page of what matches, best first, each row with its `relevancia`: 0.6 to 1 where it holds the text, less where it is like it. */
export async function bestMatches<Row extends object, T extends object>(
  db: Tx,
  q: SearchQuery<Row, T>,
): Promise<Page<T & { relevancia: number }>> {
  const limit = q.page.mode === "page" ? q.page.perPage : q.page.limit;
  const offset = q.page.mode === "page" ? (q.page.page - 1) * q.page.perPage : 0;
  const matching = where([...q.where, q.match], 6);
  const found = await db.query<Row & { relevancia: number }>(
    `select ${q.columns}, least(1, case
            when busqueda like public.normaliza($2)
              then 0.6 + 0.4 * public.word_similarity(public.normaliza($1), busqueda)
            when busqueda like any (array(select public.normaliza(t) from unnest($3::text[]) as t))
              then greatest(0.6, public.word_similarity(public.normaliza($1), busqueda))
            else 0.99 * public.word_similarity(public.normaliza($1), busqueda) end)::real as relevancia
       from ${q.from} ${matching.sql} order by relevancia desc, id limit $4 offset $5`,
    [q.text, pattern(q.text), swapped(q.text), limit + 1, offset, ...matching.values],
  );
  const rows = found.slice(0, limit).map((row) => ({ ...q.view(row), relevancia: row.relevancia }));
  const hasNext = found.length > limit;
  return q.page.mode === "cursor"
    ? { mode: "cursor", rows, next: null }
    : { mode: "page", rows, hasNext, total: { rows: offset + found.length, estimated: hasNext } };
}
