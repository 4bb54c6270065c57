import assert from "node:assert/strict";
import { readLcov, unloaded } from "./lcov.ts";

Deno.test("lines that ran and lines that did not are told apart", () => {
  const lcov =
    "SF:/r/a.ts\nDA:1,3\nDA:2,0\nDA:5,1\nLH:2\nLF:3\nend_of_record\nSF:/r/b.ts\nDA:1,1\nend_of_record\n";
  assert.deepEqual(readLcov(lcov), [
    { file: "/r/a.ts", lines: 3, hit: 2, missing: [2] },
    { file: "/r/b.ts", lines: 1, hit: 1, missing: [] },
  ]);
});

Deno.test("a file with code that no test loads counts against the coverage, one of types only does not", async () => {
  const dir = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${dir}/services/x/domain`, { recursive: true });
    await Deno.writeTextFile(`${dir}/services/x/domain/a.ts`, "export const a = 1;\n\nexport const b = 2;\n");
    await Deno.writeTextFile(`${dir}/services/x/domain/t.ts`, "export interface T { a: () => number }\n");
    const found = await unloaded(new URL(`file://${dir}/`), /\.ts$/, []);
    assert.deepEqual(found.map((f) => [f.file, f.lines, f.hit]), [[`${dir}/services/x/domain/a.ts`, 2, 0]]);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});
