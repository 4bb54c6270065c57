import assert from "node:assert/strict";
import { eventually } from "@alpes/shared/testing/eventually.ts";
import { type Found, startLoop } from "./loop.ts";

const never = { min: 1, max: Infinity };

Deno.test("it goes on while there is work, then waits to be woken", async () => {
  let left = 3, steps = 0;
  const step = (): Promise<Found> => (steps++, Promise.resolve(left-- > 0 ? "more" : "idle"));
  await using loop = startLoop({ step, idle: never });
  await eventually(() => steps === 4);
  left = 2;
  loop.wake();
  await eventually(() => steps === 7);
});

Deno.test("a wake during the last look is not lost", async () => {
  let steps = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  await using loop = startLoop({
    idle: never,
    async step() {
      if (++steps === 1) await promise;
      return "idle";
    },
  });
  loop.wake();
  resolve();
  await eventually(() => steps === 2);
});

Deno.test("woken again and again it looks a few times at once, then at its pace, and misses no wake", async () => {
  const looks: number[] = [];
  let told = 0, seen = 0;
  await using loop = startLoop({
    idle: never,
    pace: { everyMs: 20, burst: 3 },
    step() {
      looks.push(performance.now());
      seen = told;
      return Promise.resolve("soon");
    },
  });
  const begin = performance.now();
  while (performance.now() - begin < 200) {
    told++;
    loop.wake();
    await new Promise((r) => setTimeout(r, 1));
  }
  await eventually(() => seen === told);
  const ms = performance.now() - begin;
  assert.ok(
    looks.length >= 5 && looks.length <= 4 + ms / 20,
    `${looks.length} looks in ${Math.round(ms)} ms`,
  );
});

Deno.test("its pace holds up no work that is known to be there", async () => {
  let left = 50;
  await using _ = startLoop({
    idle: never,
    pace: { everyMs: 60_000, burst: 1 },
    step: () => Promise.resolve(left-- > 0 ? "more" : "idle"),
  });
  await eventually(() => left < 0);
});

Deno.test("helpers join while there is work, up to the number of workers", async () => {
  let left = 20, running = 0, most = 0;
  await using _ = startLoop({
    workers: 3,
    idle: never,
    async step() {
      if (left-- <= 0) return "idle";
      most = Math.max(most, ++running);
      await new Promise((r) => setTimeout(r, 1));
      running--;
      return "more";
    },
  });
  await eventually(() => left < 0 && running === 0);
  assert.equal(most, 3);
});

Deno.test("a step that fails is told, and tried again", async () => {
  const errors: unknown[] = [];
  let steps = 0;
  await using _ = startLoop({
    idle: { min: 1, max: 2 },
    onError: (e) => errors.push(e),
    step: () => ++steps < 3 ? Promise.reject(new Error("away")) : Promise.resolve("idle"),
  });
  await eventually(() => steps >= 5);
  assert.equal(errors.length, 2);
});

Deno.test("it looks ever more rarely, and soon again after it found something", async () => {
  const waits: number[] = [];
  let last = performance.now();
  let n = 0;
  await using _ = startLoop({
    idle: { min: 10, max: 40 },
    step() {
      waits.push(performance.now() - last);
      last = performance.now();
      return Promise.resolve(++n === 5 ? "soon" : "idle");
    },
  });
  await eventually(() => n === 7);
  // A timer never fires early (but for a millisecond of rounding); how late it fires is not ours.
  for (const [i, least] of [[1, 10], [2, 20], [3, 40], [4, 40], [5, 10], [6, 20]] as const) {
    assert.ok((waits[i] ?? 0) >= least - 1, `wait ${i}: ${waits[i]}`);
  }
});

Deno.test("disposing waits for the running step and tells it to end", async () => {
  let ended = false;
  const loop = startLoop({
    idle: never,
    async step(stopping) {
      while (!stopping()) await new Promise((r) => setTimeout(r, 1));
      ended = true;
      return "more";
    },
  });
  await loop[Symbol.asyncDispose]();
  assert.equal(ended, true);
  loop.wake();
});
