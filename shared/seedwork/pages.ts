/** Where a keyset page goes on: the sorted column's value of the last row seen, and its id, which settles ties. */
export interface Position {
  /** Text as it is, a time in RFC 3339 (up to microseconds), an integer in digits; `null` sorts last. */
  readonly value: string | null;
  readonly id: string;
}

export type PageRequest =
  | { readonly mode: "page"; readonly page: number; readonly perPage: number }
  | { readonly mode: "cursor"; readonly after: Position | null; readonly limit: number };

export interface Sort<Field extends string> {
  readonly by: Field;
  readonly order: "asc" | "desc";
}

/** What a list is asked for; the id breaks ties in the same order. */
export interface ListRequest<Field extends string, Filters> {
  readonly page: PageRequest;
  readonly sort: Sort<Field>;
  readonly filters: Filters;
}

/** How many rows there are: counted up to `EXACT_TOTAL`, beyond it the planner's estimate. */
export interface Total {
  readonly rows: number;
  readonly estimated: boolean;
}
export const EXACT_TOTAL = 10_000;

/** `hasNext`: a row beyond this page was seen. `total` and `next` belong to the mode that was asked for. */
export type Page<T> =
  | { readonly mode: "page"; readonly rows: readonly T[]; readonly hasNext: boolean; readonly total: Total }
  | { readonly mode: "cursor"; readonly rows: readonly T[]; readonly next: Position | null };
