import assert from "node:assert/strict";
import { setImmediate } from "node:timers";
import { turnstile, type TurnstileOptions } from "./turnstile.ts";

const OPTIONS: TurnstileOptions = {
  perTurn: 2,
  repeatMs: 1,
  running: 100,
  waiting: 6,
  standing: 2,
  longMs: 50,
  crowdMs: 500,
};

/** A turnstile before a handler that takes note of who comes in, and answers when told to. */
function open(options: Partial<TurnstileOptions> = {}) {
  const begun: string[] = [];
  const held: (() => void)[] = [];
  let clock = 0;
  const through = turnstile<null>(
    async (request) => {
      begun.push(request.headers.get("name") ?? "");
      await new Promise<void>((r) => held.push(r));
      return new Response("done");
    },
    { ...OPTIONS, ...options },
    (request) => request.headers.has("full"),
    () => clock,
  );
  const come = (name: string, headers: Record<string, string> = {}, path = "/x") =>
    Promise.resolve(through(new Request(`http://h${path}`, { headers: { name, ...headers } }), null));
  const turn = () => new Promise<void>((r) => setImmediate(r));
  return {
    begun,
    come,
    turn,
    later: (ms: number) => void (clock += ms),
    /** Lets all in and answers them. */
    async finish() {
      for (let i = 0; i < 50; i++) {
        for (const answer of held.splice(0)) answer();
        await new Promise((r) => setTimeout(r, 1));
      }
    },
  };
}
const by = (who: string) => ({ authorization: who });

Deno.test("so many are begun in a turn of the event loop, the others with the next turns, in order of arrival", async () => {
  const t = open();
  const all = ["a", "b", "c", "d", "e"].map((name) => t.come(name));
  assert.deepEqual(t.begun, ["a", "b"]);
  await t.turn();
  assert.deepEqual(t.begun, ["a", "b", "c", "d"]);
  await t.turn();
  assert.deepEqual(t.begun, ["a", "b", "c", "d", "e"]);
  await t.finish();
  assert.deepEqual((await Promise.all(all)).map((r) => r.status), [200, 200, 200, 200, 200]);
});

Deno.test("a caller with many requests does not keep another one waiting behind them", async () => {
  const t = open();
  for (const name of ["a1", "a2", "a3", "a4", "a5"]) t.come(name, by("ana"));
  t.come("b1", by("beto"));
  await t.turn();
  assert.deepEqual(t.begun, ["a1", "a2", "a3", "b1"]);
  await t.finish();
});

Deno.test("of a key's crowd one is begun in a turn of its own, and the others come after whoever has no part in it", async () => {
  const t = open({ waiting: 20, repeatMs: 5 });
  for (let i = 0; i < 8; i++) t.come(`k${i}`, { "idempotency-key": "k" });
  for (let i = 0; i < 4; i++) t.come(`o${i}`, { "idempotency-key": `o${i}` });
  await t.turn();
  await t.turn();
  await t.turn();
  assert.deepEqual(t.begun, ["k0", "k1", "k2", "o0", "o1", "o2", "o3"]);
  await t.finish();
  await t.finish();
  await t.finish();
  assert.equal(t.begun.length, 12);
});

Deno.test("where too many wait the last of the longest line is sent away, not the one who comes alone", async () => {
  const t = open();
  const crowd = Array.from({ length: 8 }, (_, i) => t.come(`a${i}`, by("ana")));
  const more = await t.come("a8", by("ana"));
  assert.deepEqual([more.status, more.headers.get("retry-after")], [503, "1"]);
  assert.equal(more.headers.get("content-type"), "application/problem+json");
  assert.equal((await more.json()).codigo, "saturado");
  const alone = t.come("b0", { ...by("beto"), "x-request-id": "r-1" });
  assert.equal((await crowd[7])?.status, 503);
  await t.finish();
  assert.equal((await alone).status, 200);
  assert.deepEqual((await Promise.all(crowd)).map((r) => r.status), [200, 200, 200, 200, 200, 200, 200, 503]);
});

Deno.test("a crowd may wait for a while; where the wait stays long, only a few may", async () => {
  const t = open({ waiting: 20 });
  const come = async (n: number) => {
    let turned = 0;
    for (let i = 0; i < n; i++) t.come(`${i}`, by("ana")).then((r) => turned += r.status === 503 ? 1 : 0);
    // Who is sent away hears of it within the same turn.
    for (let i = 0; i < 5; i++) await Promise.resolve();
    return turned;
  };
  assert.equal(await come(10), 0);
  t.later(100);
  await t.turn();
  assert.equal(await come(3), 0, "a crowd that came at once");
  t.later(600);
  await t.turn();
  assert.equal(await come(10), 10, "it is no crowd any more");
  for (let i = 0; i < 12; i++) await t.turn();
  assert.equal(await come(6), 3, "a short line alone does not say that it is over");
  for (let i = 0; i < 4; i++) await t.turn();
  t.later(600);
  assert.equal(await come(10), 0, "a crowd again");
  await t.finish();
});

Deno.test("no more than so many are answered at once, and probes never wait", async () => {
  const t = open({ perTurn: 10, running: 1 });
  const first = t.come("a"), second = t.come("b");
  await t.turn();
  assert.deepEqual(t.begun, ["a"]);
  t.come("salud", {}, "/health");
  t.come("lista", {}, "/api/v1/health?x");
  t.come("no es", {}, "/cliente/health");
  assert.deepEqual(t.begun, ["a", "salud", "lista"]);
  await t.finish();
  assert.deepEqual([(await first).status, (await second).status], [200, 200]);
});

Deno.test("a handler that fails frees its place", async () => {
  const through = turnstile<null>(() => Promise.reject(new Error("no")), { ...OPTIONS, running: 1 });
  const go = () => Promise.resolve(through(new Request("http://h/x"), null));
  await assert.rejects(Promise.all([go(), go(), go()]));
  await new Promise((r) => setTimeout(r, 5));
  await assert.rejects(go(), /no/);
});

Deno.test("who would be turned away later is at once, and nothing of the request is begun", async () => {
  const t = open();
  const r = await t.come("a", { full: "1" });
  assert.deepEqual([r.status, r.headers.get("retry-after"), t.begun], [503, "1", []]);
  const other = t.come("b");
  await t.finish();
  assert.equal((await other).status, 200);
});
