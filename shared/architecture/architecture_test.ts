import assert from "node:assert/strict";
import { cycles, entryFiles, orphans } from "./graph.ts";
import { importsOf, sourceFiles } from "./imports.ts";
import { broken, RULES } from "./rules.ts";

const root = new URL("../../", import.meta.url);
const files = await sourceFiles(root);
const imports = await importsOf(root, files);
const local = imports.filter((i) => files.includes(i.to));
const shown = (found: readonly { from: string; to: string }[]) => found.map((i) => `${i.from} → ${i.to}`);

Deno.test("the graph is read: what is known to be imported is found in it", () => {
  assert.ok(imports.length > 100, `${imports.length} imports`);
  const has = (from: string, to: string) => imports.some((i) => i.from === from && i.to === to);
  assert.ok(
    has("shared/architecture/architecture_test.ts", "shared/architecture/rules.ts"),
    "a relative import",
  );
  assert.ok(has("migrations/migrate.ts", "npm:pg"), "a package");
  assert.ok(has("migrations/migrate.ts", "migrations/files.ts"), "a file");
  assert.ok(has("shared/architecture/rules.ts", "shared/architecture/imports.ts"), "a type");
});

for (const rule of RULES) {
  Deno.test(rule.why, () => assert.deepEqual(shown(broken(rule, imports)), []));
  Deno.test(`a planted violation is found: ${rule.why}`, () =>
    assert.deepEqual(broken(rule, rule.planted), rule.planted));
}

// Types may refer to each other in a circle: nothing of that is left when the program runs.
Deno.test("no file is in a circle of imports", () =>
  assert.deepEqual(cycles(local.filter((i) => !i.typeOnly)), []));
Deno.test("a planted circle is found", () => {
  const of = (...pairs: [string, string][]) => cycles(pairs.map(([from, to]) => ({ from, to })));
  assert.deepEqual(of(["a", "b"], ["b", "c"], ["c", "a"], ["c", "d"]), [["a", "b", "c"]]);
  assert.deepEqual(of(["a", "a"]), [["a"]]);
  assert.deepEqual(of(["a", "b"], ["a", "c"], ["b", "c"]), []);
});

Deno.test("every file is imported, started or a test", async () => {
  assert.deepEqual(orphans(files, imports, await entryFiles(root, files)), []);
});
Deno.test("a planted orphan is found", async () => {
  const planted = "services/pagos/domain/olvidado.ts";
  const entries = await entryFiles(root, files);
  assert.deepEqual(orphans([...files, planted], imports, entries).filter((f) => f === planted), [planted]);
});
