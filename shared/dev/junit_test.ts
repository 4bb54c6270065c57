import assert from "node:assert/strict";
import { countJunit, countsLine } from "./junit.ts";

/** What `deno test` itself writes about a file with these tests. */
async function report(source: string): Promise<{ xml: string; success: boolean }> {
  const dir = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${dir}/a_test.ts`, source);
    const args = ["test", "--no-config", "-A", `--junit-path=${dir}/j.xml`, `${dir}/a_test.ts`];
    const { success } = await new Deno.Command(Deno.execPath(), { args, stdout: "null", stderr: "null" })
      .output();
    return { xml: await Deno.readTextFile(`${dir}/j.xml`).catch(() => ""), success };
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}
const count = async (source: string) => {
  const r = await report(source);
  return countJunit(r.xml, r.success);
};

Deno.test("passed, failed and ignored tests are counted apart", async () => {
  const counts = await count(`
    Deno.test("good", () => {});
    Deno.test("steps", async (t) => { await t.step("one", () => {}); await t.step("two", () => {}); });
    Deno.test("bad", () => { throw new Error("<testsuite tests=\\"9\\" >"); });
    Deno.test({ name: "later", ignore: true, fn() {} });`);
  assert.deepEqual(counts, { passed: 2, failed: 1, skipped: 1 });
  assert.equal(countsLine(counts), "2 passed, 1 failed, 1 skipped");
});

Deno.test("a file that does not load counts as a failure", async () => {
  assert.equal((await count("throw new Error('at load')")).failed, 1);
  assert.equal((await count("const x: number = ")).failed, 1);
});

Deno.test("a run in which all is well says so", async () => {
  assert.equal(countsLine(await count(`Deno.test("good", () => {});`)), "1 passed, 0 failed");
});
