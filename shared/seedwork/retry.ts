/** How long to wait, in ms, after the given number of failures in a row (1, 2, …). */
export type Backoff = (failures: number) => number;

/** `first`, `first × factor`, … and never more than `max`, all in ms. */
export const exponential = (first: number, factor: number, max: number): Backoff => (failures) =>
  Math.min(max, first * factor ** Math.min(Math.max(failures, 1) - 1, 30));

/** A rejection that knows when it wants the message again. Buses honour it in place of their own back-off. */
export class RetryAfter extends Error {
  override readonly name = "RetryAfter";
  constructor(readonly ms: number, options?: ErrorOptions) {
    super(`again in ${ms} ms`, options);
  }
}

/** When a rejected message goes out again, in ms. */
export const delayAfter = (error: unknown, failures: number, backoff: Backoff): number =>
  error instanceof RetryAfter ? error.ms : backoff(failures);
