import { deepEqual, equal, match, ok } from "node:assert/strict";
import { localized } from "./locale.ts";
import { type Check, readiness } from "./readiness.ts";

const passes: Check = { nombre: "bus", check: () => Promise.resolve() };
const fails = (e: unknown): Check => ({ nombre: "base_de_datos", check: () => Promise.reject(e) });
const reason = async (e: unknown) => (await readiness([fails(e)]).results())[0]?.razon ?? "";

Deno.test("each check is told by name, with the reason of those that fail", async () => {
  deepEqual(await readiness([passes, fails(new Error("migration 0100 is missing"))]).results(), [
    { nombre: "bus", ok: true, razon: null },
    { nombre: "base_de_datos", ok: false, razon: "migration 0100 is missing" },
  ]);
});

Deno.test("a check that does not answer fails at its deadline, and delays no other", async () => {
  const start = performance.now();
  const results = await readiness([{ nombre: "lento", check: () => new Promise(() => {}) }, passes], 50)
    .results();
  ok(performance.now() - start < 1_000);
  equal(localized(results[0]?.razon ?? "", "en"), "did not answer in 0.05 s");
  equal(results[1]?.ok, true);
});

Deno.test("callers at the same time share one run, later ones get a new one", async () => {
  let runs = 0;
  const ready = readiness([{ nombre: "x", check: () => Promise.resolve(void runs++) }]);
  await Promise.all([ready.results(), ready.results(), ready.results()]);
  equal(runs, 1);
  await ready.results();
  equal(runs, 2);
});

Deno.test("a process that stops is not ready, and says so to what still runs", async () => {
  const ready = readiness([passes]);
  ok(!ready.draining.aborted);
  ready.drain();
  ok(ready.draining.aborted);
  const [only] = await ready.results();
  match(only?.razon ?? "", /is stopping/);
});

Deno.test("a reason carries neither host, address, password nor stack", async () => {
  const refused = Object.assign(new Error("connect ECONNREFUSED 10.1.2.3:5432"), { code: "ECONNREFUSED" });
  equal(localized(await reason(refused), "en"), "does not answer (ECONNREFUSED)");
  for (
    const e of [
      new Error("no answer from 10.1.2.3:5432"),
      new Error("no answer from [fe80::1]:5432"),
      new Error("bad postgres://alpes:hunter2@db/x"),
      new Error("first\n    at secret.ts:1"),
      "just a text",
    ]
  ) ok(!/10\.1|fe80|hunter2|secret\.ts|just/.test(await reason(e)), await reason(e));
});
