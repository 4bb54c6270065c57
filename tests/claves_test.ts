import assert from "node:assert/strict";
import { openKeyDesk } from "@alpes/shared/process/identity.ts";
import { startStack } from "@alpes/shared/testing/stack.ts";
import { acceptance } from "./acceptance.ts";
import { fits, steps, tourOf } from "./tour.ts";

const stack = await startStack({ env: { AUTH_MODE: "claves" } });
const parts = new AsyncDisposableStack();
parts.use(stack);
const claves = openKeyDesk(stack.appUrl, "prueba", parts, () => {});
Deno.test.afterAll(() => parts.disposeAsync());

const root = new URL("../", import.meta.url);
const clave = await (async () => {
  const actor = { tipo: "persona", id: "jefa", roles: ["admin"], cliente: null } as const;
  const grant = { nombre: "prueba", roles: ["admin", "operador", "aprobador"], cliente: null } as const;
  const r = await claves.crear({ actor, correlation_id: "sol-1" }, grant, 1);
  assert.ok(r.ok);
  return r.value.clave;
})();

async function run(script: string, key: string, args: readonly string[] = []) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", new URL(script, root).pathname, ...args],
    env: { BFF_URL: stack.bffUrl, ALPES_CLAVE: key, NO_COLOR: "1" },
    stdin: "null",
    signal: AbortSignal.timeout(180_000),
  }).output();
  const text = new TextDecoder();
  return { code, out: text.decode(stdout), err: text.decode(stderr) };
}

// First, while nobody else has written anything that the tour would find.
acceptance("the tour runs unchanged with a key", async () => {
  const tour = steps(tourOf(await Deno.readTextFile(new URL("README.md", root))));
  const mark = crypto.randomUUID();
  const script = tour.map((s) => `${s.script}\nprintf '\\n%s\\n' ${mark}`).join("\n");
  const { code, stdout, stderr } = await new Deno.Command("bash", {
    args: ["-euo", "pipefail", "-c", script],
    env: { BFF: stack.bffUrl, ALPES_CLAVE: clave },
    stdin: "null",
    signal: AbortSignal.timeout(60_000),
  }).output();
  const text = new TextDecoder();
  assert.equal(code, 0, text.decode(stderr));
  const answers = text.decode(stdout).split(`${mark}\n`);
  for (const [i, { script, answer }] of tour.entries()) {
    assert.ok(answer === null || fits(answer, answers[i] ?? ""), `${script} answers ${answers[i]}`);
  }
});

for (const script of ["shared/dev/demo.ts", "shared/dev/seed.ts"]) {
  acceptance(`${script} refuses in one sentence where it is asked who drives it`, async () => {
    const without = await run(script, "");
    assert.equal(without.code, 1, without.out);
    assert.match(
      without.err,
      /wants to know who drives it\n.*AUTH_MODE=claves, and ALPES_CLAVE is not set\n/,
    );
    assert.ok(without.err.trim().split("\n").length <= 3, without.err);
    const wrong = await run(script, `${clave}x`);
    assert.equal(wrong.code, 1);
    assert.match(wrong.err, /ALPES_CLAVE is not good/);
  });

  acceptance(`${script} runs unchanged with a key`, async () => {
    const { code, out, err } = await run(
      script,
      clave,
      script.endsWith("seed.ts") ? ["--clientes", "12"] : [],
    );
    assert.equal(code, 0, out + err);
  });
}

acceptance("no key and no e-mail is in what the processes wrote", () => {
  const said = stack.logs();
  assert.match(said, /request/);
  assert.ok(!said.includes(clave.split("_")[3] ?? "?"));
  assert.ok(!/[\w.]+@\w+\.example/.test(said), /.*@\w+\.example.*/.exec(said)?.[0] ?? "");
  return Promise.resolve();
});
