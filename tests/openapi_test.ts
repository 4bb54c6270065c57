import assert from "node:assert/strict";
import { openApiDocuments } from "@alpes/shared/dev/openapi.ts";
import { processes } from "@alpes/shared/dev/openapi_processes.ts";
import { operations } from "./spec.ts";

// Composed once, looking for a database that is not there until the last test has ended.
const resources = new AsyncDisposableStack();
Deno.test.afterAll(() => resources.disposeAsync());
const apps = await processes(resources);
const documents = await openApiDocuments(apps);
const documentOf = (name: keyof typeof apps) => documents.get(name) ?? "{}";

const NAMES = ["alpespartners", "cliente", "campanias", "pagos", "bff"] as const;
const test = (name: string, fn: () => void | Promise<void>) =>
  Deno.test({ name, sanitizeOps: false, sanitizeResources: false, fn });

for (const name of NAMES) {
  test(`${name} documents exactly the routes that it has`, () => {
    const documented = operations(JSON.parse(documentOf(name))).map((o) => `${o.method} ${o.path}`);
    const existing = apps[name].routes
      // Middleware and the pass-through answer to every method, and are documented where they lead to.
      .filter((r) => r.method !== "ALL")
      .map((r) => `${r.method} ${r.path.replace(/:(\w+)(\{[^}]*\})?/g, "{$1}").replace(/(?<=.)\/$/, "")}`);
    assert.deepEqual([...new Set(existing)].sort(), documented.sort());
  });

  test(`${name} gives each of its operations an id of its own`, () => {
    const all = operations(JSON.parse(documentOf(name)));
    assert.deepEqual(all.filter((o) => o.operationId === null).map((o) => `${o.method} ${o.path}`), []);
    const ids = all.map((o) => o.operationId);
    assert.deepEqual(ids.filter((id, i) => ids.indexOf(id) !== i), []);
  });
}

for (const name of NAMES) {
  test(`${name}: what may be null says so beside the schema that it names, not in it`, () => {
    const wrong: string[] = [];
    const look = (at: unknown, path: string): void => {
      if (typeof at !== "object" || at === null) return;
      const nullable = (s: unknown) => [Reflect.get(Object(s), "type")].flat().includes("null");
      const all: unknown = Reflect.get(at, "allOf");
      const named = /^\/components\/schemas\/\w+$/.test(path) && nullable(at);
      if (named || (Array.isArray(all) && all.some(nullable))) wrong.push(path);
      for (const [key, value] of Object.entries(at)) look(value, `${path}/${key}`);
    };
    look(JSON.parse(documentOf(name)), "");
    assert.deepEqual(wrong, [], "use orNull(schema) of shared/http/fields.ts");
  });
}

test("the documents in docs/openapi are those of this code", async () => {
  const kept = new URL("../docs/openapi/", import.meta.url);
  for (const name of NAMES) {
    const text = await Deno.readTextFile(new URL(`${name}.json`, kept)).catch(() => "");
    assert.ok(
      text === documentOf(name),
      `docs/openapi/${name}.json is not up to date: deno task openapi`,
    );
  }
});

test("redocly finds no error in any document", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const files = NAMES.map((n) => `${folder}/${n}.json`);
    for (const [i, name] of NAMES.entries()) {
      await Deno.writeTextFile(files[i] ?? "", documentOf(name));
    }
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "npm:@redocly/cli@2.77.0", "lint", "--format=stylish", ...files],
      env: { REDOCLY_SUPPRESS_UPDATE_NOTICE: "true", REDOCLY_TELEMETRY: "off", NO_COLOR: "1" },
      stdin: "null",
    }).output();
    const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    assert.equal(code, 0, said);
    assert.match(said, /Your API descriptions are valid/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
