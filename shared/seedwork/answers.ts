import type { StoredAnswer } from "./unit_of_work.ts";

/** What stood already for the same key: the answer to the same request, or `other_body`; `kept`: nothing did. */
export type Kept = StoredAnswer | "other_body" | "kept";

/**
 * Answers that refused (4xx): nothing committed, so the unit of work kept none. Insert or read, in one step: of two
 * that refuse at once, both answer what was kept first. Rejects when it could not be kept.
 */
export interface IdempotentAnswers {
  keepOrRead(
    caller: string,
    route: string,
    key: string,
    fingerprint: string,
    answer: StoredAnswer,
  ): Promise<Kept>;
}
