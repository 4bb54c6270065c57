import type { IdempotentAnswers } from "@alpes/shared/seedwork/answers.ts";
import type { StoredAnswer } from "@alpes/shared/seedwork/unit_of_work.ts";

/** By caller, route and key; share one with the unit of work to keep both kinds of answer in one place. */
export type AnswerStore = Map<string, { readonly fingerprint: string; readonly answer: StoredAnswer }>;

export const answerName = (caller: string, route: string, key: string): string =>
  JSON.stringify([caller, route, key]);

/** Answers kept as long as the process lives. */
export const memoryAnswers = (store: AnswerStore = new Map()): IdempotentAnswers => ({
  keepOrRead(caller, route, key, fingerprint, answer) {
    const name = answerName(caller, route, key);
    const kept = store.get(name);
    if (kept === undefined) {
      store.set(name, { fingerprint, answer });
      return Promise.resolve("kept");
    }
    return Promise.resolve(kept.fingerprint === fingerprint ? kept.answer : "other_body");
  },
});
