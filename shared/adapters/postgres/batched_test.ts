import assert from "node:assert/strict";
import { batched } from "./batched.ts";

Deno.test("calls that come together go together, and each gets its own answer", async () => {
  const sizes: number[] = [];
  const double = batched((items: readonly number[]) => {
    sizes.push(items.length);
    return Promise.resolve(items.map((n) => n * 2));
  }, String);
  const answers = await Promise.all([1, 2, 3, 4, 5].map(double));
  assert.deepEqual(answers, [2, 4, 6, 8, 10]);
  assert.deepEqual(sizes, [5]);
});

Deno.test("what comes while one is under way goes into the next, never more than two at a time", async () => {
  const sizes: number[] = [];
  let flying = 0, most = 0;
  const slow = batched(
    async (items: readonly number[]) => {
      sizes.push(items.length);
      most = Math.max(most, ++flying);
      await new Promise((r) => setTimeout(r, 1));
      flying--;
      return items;
    },
    String,
    { max: 4 },
  );
  const all: Promise<number>[] = [];
  for (let n = 0; n < 30; n++) {
    all.push(slow(n));
    await Promise.resolve();
  }
  assert.deepEqual(await Promise.all(all), Array.from({ length: 30 }, (_, n) => n));
  assert.equal(most, 2);
  assert.ok(sizes.length < 15 && Math.max(...sizes) === 4, String(sizes));
});

Deno.test("two of the same key never share a statement", async () => {
  const seen: string[][] = [];
  const run = batched(
    (items: readonly string[]) => {
      seen.push([...items]);
      return Promise.resolve(items);
    },
    (s) => s,
    { flights: 1 },
  );
  await Promise.all(["a", "b", "a", "a"].map(run));
  assert.deepEqual(seen, [["a", "b"], ["a"], ["a"]]);
});

Deno.test("an item that cannot go fails alone", async () => {
  const run = batched((items: readonly number[]) => {
    if (items.includes(2)) return Promise.reject(new Error("not 2"));
    return Promise.resolve(items);
  }, String);
  const results = await Promise.allSettled([1, 2, 3].map(run));
  assert.deepEqual(results.map((r) => r.status), ["fulfilled", "rejected", "fulfilled"]);
});
