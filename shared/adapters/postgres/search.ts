import { Unavailable } from "@alpes/shared/seedwork/unit_of_work.ts";
import type { Page, PageRequest } from "@alpes/shared/seedwork/pages.ts";
import type { Database, Tx } from "./database.ts";
import { type Condition, condition, where } from "./lists.ts";

const escaped = (text: string) => text.replace(/[\\%_]/g, "\\$&");
/** `%` and `_` of what was typed are letters like any other. */
const pattern = (text: string) => `%${escaped(text)}%`;

/** Rows whose `busqueda` holds the text as it is, whatever its accents and case. */
export const holds = (text: string): Condition =>
  condition("busqueda like public.normaliza(?)", pattern(text));

/** Rows that are ranked at most; of a word that half a table has, more are not looked at. To compare for likeness is dear. */
const RANKED = 500, COMPARED = 100;
/**
 * Where the planner expects so many that hold a text, those that have it as whole words are not looked for beyond the ranked
 * ones; and where so many, the table itself has enough of them at its beginning.
 */
const COMMON = 5_000, EVERYWHERE = 20_000;
/**
 * How long looking for what was misspelt may take, ms. Mostly it is a few; of letters that most rows have in some order
 * (`campana` where everybody has `cam…` and `ana`) each row is compared.
 */
const FORGIVE_MS = 500;
/** Rows deep that a search can be paged, and words of it that count. */
const DEPTH = 1_000;
const WORDS = 8;
/** Words that forgive a letter: a shorter one is one letter away from too many. */
const LONG = /^\p{L}{5,40}$/u;

const every = (conditions: readonly Condition[]): Condition =>
  condition(conditions.map((c) => `(${c.sql})`).join(" and "), ...conditions.flatMap((c) => c.values));
const not = (c: Condition): Condition => condition(`not (${c.sql})`, ...c.values);

/** Where a word of two letters stands anywhere there is no index for it; where one begins there is. */
const part = (word: string): Condition =>
  word.length > 2
    ? condition("busqueda like ?", pattern(word))
    : condition("busqueda like any(?::text[])", [`% ${escaped(word)}%`, `${escaped(word)}%`]);
/** Bounded by spaces or the ends of the column: the first of these that gives enough is the only one that is run. */
const whole = (text: string): readonly Condition[] => {
  const t = escaped(text);
  return [`% ${t} %`, `${t} %`, `% ${t}`].map((p) => condition("busqueda like ?", p));
};

/**
 * A regular expression of the word with one letter missing, too many, wrong, or swapped with the next: one scan of the
 * trigram index, where likeness (`<%`) compared each of some thousand rows for 44 µs. Of a word of five letters one is
 * missing or swapped, never wrong, so that three in a row are left to look up.
 */
export function misspelt(word: string): string {
  const l = [...word];
  const cut = (from: number, to: number) => l.slice(from, to).join("");
  const swapped = l.slice(1).map((c, i) => `${cut(0, i)}${c}${l[i]}${cut(i + 2, l.length)}`);
  const missing = l.slice(1).map((_, i) => `${cut(0, i + 1)}.${cut(i + 1, l.length)}`);
  if (l.length < 6) return [word, ...missing, ...swapped].join("|");
  const wrong = l.map((_, i) => `${cut(0, i)}.?.?${cut(i + 1, l.length)}`);
  return [...wrong, ...swapped].join("|");
}

export interface SearchQuery<Row extends object, T> {
  /** `schema.table` with `id` and `busqueda`. */
  readonly from: string;
  readonly columns: string;
  readonly where: readonly Condition[];
  readonly text: string;
  readonly page: PageRequest;
  readonly view: (row: Row) => T;
}

/** What one step looks for: alternatives, the likelier first. In `score` the normalised text is $1. */
interface Step {
  readonly match: readonly Condition[];
  readonly score: string;
  /** The planner takes what is rare for more common than it is, and would read the table for its first rows (90 ms). */
  readonly byIndex: boolean;
  /** Rows that it ranks. */
  readonly most: number;
}
const HELD =
  `case when lower(id) = $1 then 1 when position(' ' || $1 || ' ' in ' ' || busqueda || ' ') > 0 then 0.9
       when position($1 in busqueda) > 0 then 0.7 else 0.6 end
  + 0.1 * least(1, length($1)::real / greatest(1, length(busqueda)))`;
const ALIKE = "greatest(0.01, 0.59 * public.word_similarity($1, busqueda))";

type Found<Row> = Row & { readonly relevancia: number; readonly _id: string; readonly _of: number };

/** The best of the rows that a step finds; `_of`: how many it ranked. */
async function ranked<Row extends object>(
  tx: Tx,
  q: Pick<SearchQuery<Row, unknown>, "from" | "columns" | "where">,
  text: string,
  { match, score, byIndex, most }: Step,
  need: number,
): Promise<Found<Row>[]> {
  const values: unknown[] = [text, Math.max(most, need), need];
  const parts = match.map((m) => {
    const matching = where([...q.where, m], values.length + 1);
    values.push(...matching.values);
    return `(select * from ${q.from} ${matching.sql} limit $2)`;
  });
  void tx.query(`set local enable_seqscan = ${byIndex ? "off" : "on"}`);
  return await tx.query<Found<Row>>(
    `select ${q.columns}, least(1, ${score})::real as relevancia, id as _id, (count(*) over ())::int as _of
       from (select * from (${
      parts.join(" union all ")
    }) a limit $2) f order by relevancia desc, id limit $3`,
    values,
  );
}

/** As `normaliza` has it, which is asked only about letters that are more than an accent away from ASCII. */
async function normalised(tx: Tx, text: string): Promise<string> {
  const plain = text.trim().normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  if (/^[ -~]*$/.test(plain)) return plain;
  const [row] = await tx.query<{ text: string }>("select public.normaliza($1) as text", [text.trim()]);
  return row?.text ?? "";
}

/** How many rows the planner expects. */
async function planned(
  tx: Tx,
  q: Pick<SearchQuery<object, unknown>, "from" | "where">,
  match: Condition,
): Promise<number> {
  const { sql, values } = where([...q.where, match]);
  const [plan] = await tx.query<{ "QUERY PLAN": [{ Plan: { "Plan Rows": number } }] }>(
    `explain (format json) select from ${q.from} ${sql}`,
    values,
  );
  return plan?.["QUERY PLAN"][0].Plan["Plan Rows"] ?? 0;
}

const wordsOf = (text: string): string[] => text.split(/\s+/).filter((w) => w !== "").slice(0, WORDS);

/** The `need` best of what holds each word of the text, whole words first. */
async function holding<Row extends object>(
  tx: Tx,
  q: SearchQuery<Row, unknown>,
  text: string,
  need: number,
): Promise<Found<Row>[]> {
  const words = wordsOf(text);
  if (words.length === 0) return [];
  const parts = every(words.map(part));
  const itself = condition("id = ?", q.text.trim());
  const expected = await planned(tx, q, parts);
  const step = { score: HELD, most: RANKED };
  const match = [itself, every([parts, not(itself)])];
  const some = await ranked<Row>(tx, q, text, { ...step, match, byIndex: expected < EVERYWHERE }, need);
  // There are more than were looked at: those that have it as whole words may be among the others. Of two letters each
  // is on the edge of too many words to ask.
  if ((some[0]?._of ?? 0) < RANKED || text.length < 3 || expected >= COMMON) return some;
  const first = await ranked<Row>(tx, q, text, { ...step, match: whole(text), byIndex: true }, need);
  const all = new Map([...some, ...first].map((r) => [r._id, r]));
  return [...all.values()].sort((x, y) => y.relevancia - x.relevancia).slice(0, need);
}

/** The `need` best of what holds each word but for a letter. Where that takes too long it is given up: nothing else was found. */
async function forgiven<Row extends object>(
  db: Database,
  q: SearchQuery<Row, unknown>,
  text: string,
  need: number,
): Promise<Found<Row>[]> {
  const words = wordsOf(text);
  if (!words.some((w) => LONG.test(w))) return [];
  const alike = words.map((w) => LONG.test(w) ? condition("busqueda ~ ?", misspelt(w)) : part(w));
  const match = [every([...alike, not(every(words.map(part)))])];
  try {
    return await db.transaction((tx) => {
      void tx.query(`set local statement_timeout = ${FORGIVE_MS}`);
      return ranked<Row>(tx, q, text, { match, score: ALIKE, byIndex: true, most: COMPARED }, need);
    }, "search");
  } catch (e) {
    if (e instanceof Unavailable) return [];
    throw e;
  }
}

/**
 * One page of what a search box finds, best first, each row with its `relevancia`: 0.9 and more where the text stands as
 * whole words, 0.6 and more where each word of it is held, less where one letter of a longer word had to be forgiven.
 */
export async function bestMatches<Row extends object, T extends object>(
  db: Database,
  q: SearchQuery<Row, T>,
): Promise<Page<T & { relevancia: number }>> {
  const limit = q.page.mode === "page" ? q.page.perPage : q.page.limit;
  const offset = q.page.mode === "page" ? (q.page.page - 1) * q.page.perPage : 0;
  const need = Math.min(offset + limit + 1, DEPTH);
  const [text, held] = await db.transaction(async (tx) => {
    const text = await normalised(tx, q.text);
    return [text, await holding(tx, q, text, need)] as const;
  }, "search");
  const found = held.length >= need ? held : [...held, ...await forgiven(db, q, text, need - held.length)];
  const rows = found.slice(offset, offset + limit).map((row) => ({
    ...q.view(row),
    relevancia: row.relevancia,
  }));
  const hasNext = found.length > offset + limit;
  return q.page.mode === "cursor"
    ? { mode: "cursor", rows, next: null }
    : { mode: "page", rows, hasNext, total: { rows: found.length, estimated: hasNext } };
}
