import assert from "node:assert/strict";
import plugin from "./lint_plugin.ts";

const found = (file: string, source: string) =>
  Deno.lint.runPlugin(plugin, file, source).map((d) => d.message);
const DOMAIN = "services/pagos/domain/payout.ts";

const VIOLATIONS = {
  "the clock": "export const f = () => Date.now();",
  "the clock, by brackets": 'export const f = () => Date["now"]();',
  "the clock, new": "export const f = () => new Date();",
  "the clock, called": "export const f = () => Date();",
  "the clock, renamed": "const { now } = Date; export const f = now;",
  "the monotonic clock": "export const f = () => performance.now();",
  "randomness": "export const f = () => Math.random();",
  "random ids": "export const f = () => crypto.randomUUID();",
  "the environment": 'export const f = () => Deno.env.get("X");',
  "the console": 'export const f = () => console.log("x");',
  "the console, renamed": "const c = console; export const f = c;",
  "a timer": "export const f = () => setTimeout(() => {}, 1);",
  "the network": 'export const f = () => fetch("http://x");',
  "a way round": "export const f = () => globalThis.Deno;",
};

for (const [what, source] of Object.entries(VIOLATIONS)) {
  Deno.test(`the lint plugin finds ${what} in a domain, and lets an adapter have it`, () => {
    assert.equal(found(`/x/${DOMAIN}`, source).length, 1, source);
    assert.equal(found("/x/services/pagos/application/comandos.ts", source).length, 1);
    assert.deepEqual(found("/x/services/pagos/adapters/postgres.ts", source), []);
    assert.deepEqual(found("/x/services/pagos/domain/payout_test.ts", source), []);
  });
}

Deno.test("dates, numbers and ids that came as arguments are no ambient", () => {
  const source = `
    export const f = (ahora: Date, newId: () => string, n: number) => ({
      en: new Date(ahora.getTime() + Math.floor(n) * 1000), dia: new Date("2026-01-31"), utc: Date.UTC(2026, 0, 1), id: newId(),
    });
    export const g = (x: { performance: number; console: string }) => x.performance + x.console.length;`;
  assert.deepEqual(found(`/x/${DOMAIN}`, source), []);
});
