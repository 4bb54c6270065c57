import assert from "node:assert/strict";
import { Unavailable } from "@alpes/shared/seedwork/unit_of_work.ts";
import { commandQueue, type QueueOptions } from "./command_queue.ts";

interface One {
  readonly id: string;
  readonly names: readonly string[];
  fail(e: unknown): void;
}
const one = (id: string, ...names: string[]): One => ({ id, names, fail() {} });

/** A queue whose batches last until `land()`. */
function slow(options: QueueOptions = {}) {
  const batches: string[][] = [];
  const landing: (() => void)[] = [];
  const queue = commandQueue<One>(async (batch) => {
    batches.push(batch.map((c) => c.id));
    await new Promise<void>((resolve) => landing.push(resolve));
    for (const c of batch) queue.done(c);
  }, options);
  const turn = () => new Promise((r) => setTimeout(r, 5));
  return {
    push: queue.push,
    batches,
    turn,
    async land() {
      landing.shift()?.();
      await turn();
    },
  };
}

Deno.test("who comes alone goes at once; who comes meanwhile goes together", async () => {
  const q = slow({ flights: 1 });
  q.push(one("a"));
  await q.turn();
  assert.deepEqual(q.batches, [["a"]]);
  for (const id of ["b", "c", "d"]) q.push(one(id));
  await q.turn();
  assert.equal(q.batches.length, 1);
  await q.land();
  assert.deepEqual(q.batches, [["a"], ["b", "c", "d"]]);
  await q.land();
});

Deno.test("two of one name never go together, and keep their order; others pass them", async () => {
  const q = slow();
  for (const c of [one("1", "x"), one("2", "x", "y"), one("3", "y"), one("4", "z")]) q.push(c);
  await q.turn();
  assert.deepEqual(q.batches, [["1", "4"]]);
  await q.land();
  assert.deepEqual(q.batches, [["1", "4"], ["2"]]);
  await q.land();
  assert.deepEqual(q.batches, [["1", "4"], ["2"], ["3"]]);
  await q.land();
});

Deno.test("who waits too long, or comes when too many wait, is told so", async () => {
  const q = slow({ flights: 1, waiting: 2, patienceMs: 30 });
  q.push(one("a", "x"));
  await q.turn();
  const late: unknown[] = [];
  q.push({ ...one("b", "x"), fail: (e) => late.push(e) });
  q.push(one("c"));
  assert.throws(() => q.push(one("d")), Unavailable);
  await new Promise((r) => setTimeout(r, 80));
  assert.ok(late[0] instanceof Unavailable);
  await q.land();
  assert.deepEqual(q.batches, [["a"]]);
});
