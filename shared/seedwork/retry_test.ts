import assert from "node:assert/strict";
import { delayAfter, exponential, RetryAfter } from "./retry.ts";

Deno.test("waits grow by the factor and stop at the longest", () => {
  const backoff = exponential(100, 4, 10_000);
  assert.deepEqual([1, 2, 3, 4, 5, 1_000].map(backoff), [100, 400, 1_600, 6_400, 10_000, 10_000]);
});

Deno.test("a rejection that says when is believed", () => {
  const backoff = exponential(100, 2, 1_000);
  assert.equal(delayAfter(new RetryAfter(7), 3, backoff), 7);
  assert.equal(delayAfter(new Error("no"), 3, backoff), 400);
});
