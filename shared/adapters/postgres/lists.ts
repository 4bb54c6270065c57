import {
  EXACT_TOTAL,
  type Page,
  type PageRequest,
  type Position,
  type Total,
} from "@alpes/shared/seedwork/pages.ts";
import type { Tx } from "./database.ts";

/** A condition with `?` where its values go, in order. A literal `?` operator cannot be used. */
export interface Condition {
  readonly sql: string;
  readonly values: readonly unknown[];
}
export const condition = (sql: string, ...values: unknown[]): Condition => ({ sql, values });

/** A column or indexed expression to sort by; its type decides how a cursor's text is compared. */
export interface SortColumn {
  readonly sql: string;
  readonly type: "text" | "timestamptz" | "bigint" | "numeric" | "real";
  /** Whether it can be null; nulls come last. */
  readonly nullable?: boolean;
}

export interface ListQuery<Row extends object, T> {
  /** `schema.table`, or a from-clause whose rows have `id`. */
  readonly from: string;
  readonly columns: string;
  /** The tie-breaker; text. */
  readonly id: string;
  readonly where: readonly Condition[];
  readonly sort: SortColumn;
  readonly order: "asc" | "desc";
  readonly page: PageRequest;
  readonly view: (row: Row) => T;
}

const asText = ({ sql, type }: SortColumn) =>
  type === "timestamptz"
    ? `to_char(${sql} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
    : `(${sql})::text`;

/** Joins conditions into a where-clause with `$n` placeholders, numbering on from `start`. */
export function where(conditions: readonly Condition[], start = 1): { sql: string; values: unknown[] } {
  let n = start;
  const sql = conditions.map((c) => `(${c.sql.replace(/\?/g, () => `$${n++}`)})`).join(" and ");
  return { sql: sql === "" ? "" : `where ${sql}`, values: conditions.flatMap((c) => c.values) };
}

/** One page of a list, by page number (with its total) or by cursor (keyset). One row more tells whether it goes on. */
export async function listPage<Row extends object, T>(tx: Tx, q: ListQuery<Row, T>): Promise<Page<T>> {
  const limit = q.page.mode === "page" ? q.page.perPage : q.page.limit;
  const after = q.page.mode === "cursor" && q.page.after !== null ? [keyset(q, q.page.after)] : [];
  const { sql, values } = where([...q.where, ...after]);
  const nulls = q.sort.nullable ? " nulls last" : "";
  const rows = await tx.query<Row & { _v: string | null; _id: string }>(
    `select ${q.columns}, ${asText(q.sort)} as _v, ${q.id} as _id from ${q.from} ${sql}
      order by ${q.sort.sql} ${q.order}${nulls}, ${q.id} ${q.order}
      limit $${values.length + 1} offset $${values.length + 2}`,
    [...values, limit + 1, q.page.mode === "page" ? (q.page.page - 1) * q.page.perPage : 0],
  );
  const hasNext = rows.length > limit;
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  if (q.page.mode === "cursor") {
    const next = hasNext && last !== undefined ? { value: last._v, id: last._id } : null;
    return { mode: "cursor", rows: shown.map(q.view), next };
  }
  return { mode: "page", rows: shown.map(q.view), hasNext, total: await total(tx, q.from, q.where) };
}

/** Rows behind a position, as a row comparison that an index on (sort, id) serves. */
function keyset<Row extends object, T>(q: ListQuery<Row, T>, after: Position): Condition {
  const than = q.order === "asc" ? ">" : "<";
  if (after.value === null) return condition(`${q.sort.sql} is null and ${q.id} ${than} ?`, after.id);
  const behind = `(${q.sort.sql}, ${q.id}) ${than} (?::${q.sort.type}, ?)`;
  return condition(q.sort.nullable ? `${behind} or ${q.sort.sql} is null` : behind, after.value, after.id);
}

/** Counts up to `EXACT_TOTAL` rows; beyond that asks the planner, so that a count never costs more than a page. */
async function total(tx: Tx, from: string, conditions: readonly Condition[]): Promise<Total> {
  const { sql, values } = where(conditions);
  const [counted] = await tx.query<{ n: number }>(
    `select count(*)::int as n from (select 1 from ${from} ${sql} limit ${EXACT_TOTAL + 1}) as t`,
    values,
  );
  const n = counted?.n ?? 0;
  if (n <= EXACT_TOTAL) return { rows: n, estimated: false };
  const [plan] = await tx.query<{ "QUERY PLAN": [{ Plan: { "Plan Rows": number } }] }>(
    `explain (format json) select 1 from ${from} ${sql}`,
    values,
  );
  return { rows: Math.max(n, plan?.["QUERY PLAN"][0].Plan["Plan Rows"] ?? n), estimated: true };
}
