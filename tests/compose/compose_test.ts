import assert from "node:assert/strict";
import { dig } from "@alpes/shared/dev/demo_api.ts";

const HERE = new URL("./", import.meta.url).pathname;
const COMPOSE = new URL("../../compose.yaml", import.meta.url).pathname;

/** Compose's own reader, built once; `null` where Go is missing, which in CI is a failure. */
async function reader(): Promise<string | null> {
  const go = await ["go", "/usr/local/go/bin/go", "/usr/bin/go"].reduce<Promise<string | null>>(
    async (found, name) =>
      await found ??
        await new Deno.Command(name, { args: ["version"] }).output().then(() => name, () => null),
    Promise.resolve(null),
  );
  if (go === null && Deno.env.get("CI") === "true") throw new Error("CI needs Go: apt-get install golang-go");
  if (go === null) return null;
  const binary = `${await Deno.makeTempDir({ prefix: "compose-" })}/compose`;
  const { success, stderr } = await new Deno.Command(go, { args: ["build", "-o", binary, "."], cwd: HERE })
    .output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return binary;
}

const PROFILES: readonly (readonly [profiles: readonly string[], starts: readonly string[]])[] = [
  [[], []],
  [["bd"], ["migrar", "postgres"]],
  [["pulsar"], ["pulsar", "topics"]],
  [["alpespartner"], ["alpespartners", "bff", "proxy"]],
  [["bff"], ["bff"]],
  [["microservicios"], ["bff-microservicios", "campanias", "cliente", "pagos", "proxy"]],
  [["herramientas"], ["claves"]],
  // The founding document's own line.
  [["pulsar", "bd", "alpespartner"], [
    "alpespartners",
    "bff",
    "migrar",
    "postgres",
    "proxy",
    "pulsar",
    "topics",
  ]],
];

const binary = await reader();

/** What Compose would start with these profiles, by name. */
async function started(profiles: readonly string[]): Promise<Record<string, unknown>> {
  const { success, stdout, stderr } = await new Deno.Command(binary ?? "", { args: [COMPOSE, ...profiles] })
    .output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return Object(JSON.parse(new TextDecoder().decode(stdout)));
}

for (const [profiles, starts] of PROFILES) {
  const name = profiles.length === 0 ? "no profile" : profiles.join(" and ");
  Deno.test({
    name: `compose with ${name} starts ${starts.join(", ") || "nothing"}`,
    ignore: binary === null,
    async fn() {
      assert.deepEqual(Object.keys(await started(profiles)).sort(), starts);
    },
  });
}

Deno.test({
  name: "compose takes every combination of the profiles",
  ignore: binary === null,
  async fn() {
    const names = ["pulsar", "bd", "alpespartner", "microservicios", "bff", "herramientas"];
    for (let set = 0; set < 2 ** names.length; set++) {
      const chosen = names.filter((_, i) => set & 2 ** i);
      const all = await started(chosen);
      const expected = new Set(
        PROFILES.flatMap(([p, s]) => p.length === 1 && chosen.includes(p[0] ?? "") ? s : []),
      );
      assert.deepEqual(new Set(Object.keys(all)), expected, chosen.join(" "));
      for (const [name, s] of Object.entries(all)) {
        for (const [other, how] of Object.entries(Object(dig(s, "depends_on") ?? {}))) {
          assert.ok(Object.hasOwn(all, other) || dig(how, "required") === false, `${name} needs ${other}`);
        }
      }
    }
  },
});
