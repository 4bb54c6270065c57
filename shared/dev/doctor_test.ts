import assert from "node:assert/strict";
import { freshDatabase } from "@alpes/shared/testing/database.ts";
// @ts-types="@types/pg"
import pg from "pg";
import { type Check, diagnose, type Setting } from "./diagnosis.ts";
import { DATABASE_CHECKS } from "./doctor_database.ts";
import { MACHINE_CHECKS } from "./doctor_machine.ts";
import { PLATFORM_CHECKS } from "./doctor_platform.ts";

const root = new URL("../../", import.meta.url);
const ALL: readonly Check[] = [...MACHINE_CHECKS, ...DATABASE_CHECKS, ...PLATFORM_CHECKS];
const freePort = () => {
  const l = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  l.close();
  return String(l.addr.port);
};
const setting = (more: Partial<Setting> = {}): Setting => ({
  root,
  env: { PORT: freePort() },
  bffEnv: { BFF_PORT: freePort() },
  mustRun: false,
  ...more,
});
const look = async (name: string, s: Setting) => {
  const check = ALL.find((c) => c.name === name);
  assert.ok(check, name);
  return await check.look(s);
};
const trouble = async (name: string, s: Setting) => {
  const verdict = await look(name, s);
  assert.ok(typeof verdict !== "string", `${name} finds a fault, not ${verdict}`);
  for (const part of [verdict.what, verdict.why, verdict.run]) assert.notEqual(part, "");
  return verdict;
};
async function sql(url: string, ...statements: string[]): Promise<void> {
  const db = new pg.Client({ connectionString: url });
  await db.connect();
  for (const s of statements) await db.query(s);
  await db.end();
}

Deno.test("a healthy machine passes at least twelve checks in at most three seconds", async () => {
  await using db = await freshDatabase();
  const d = await diagnose(ALL, setting({ env: { DATABASE_URL: db.adminUrl, PORT: freePort() } }));
  assert.ok(ALL.length >= 12);
  assert.deepEqual(d.faults, []);
  assert.ok(d.seconds <= 3, `${d.seconds} s`);
});

Deno.test("a check that hangs or breaks is a fault of its own, and holds nobody up", async () => {
  const d = await diagnose(
    [
      { name: "hangs", look: () => new Promise(() => {}) },
      { name: "breaks", look: () => Promise.reject(new Error("broken")) },
      { name: "fine", look: () => Promise.resolve("ok") },
    ],
    setting(),
    50,
  );
  assert.deepEqual(d.faults.map((f) => [f.check, f.why]), [["hangs", "it took over 0.05 s"], [
    "breaks",
    "broken",
  ]]);
});

Deno.test("every bad setting is named, and a broken line of a file by its number", async () => {
  assert.match(
    (await trouble("settings of the services", setting({ env: { PORT: "x", LOG_LEVEL: "loud" } }))).why,
    /PORT.*LOG_LEVEL/,
  );
  assert.match(
    (await trouble("settings of the BFF", setting({ bffEnv: { BFF_PORT: "0" } }))).why,
    /BFF_PORT/,
  );
  const dir = await Deno.makeTempDir();
  await Deno.writeTextFile(`${dir}/.env`, "PORT=5000\n# well\nthis is nothing\n");
  const t = await trouble("settings of the services", setting({ root: new URL(`file://${dir}/`) }));
  assert.match(t.why, /line 3/);
  const { stdout } = await new Deno.Command("sh", { args: ["-c", t.run], cwd: dir }).output();
  assert.equal(new TextDecoder().decode(stdout), "this is nothing\n");
  await Deno.remove(dir, { recursive: true });
});

Deno.test("a lock file that lacks a package is found", async () => {
  const dir = await Deno.makeTempDir();
  await Deno.writeTextFile(`${dir}/deno.json`, `{"imports":{"a":"npm:@x/a@1.0.0/sub","b":"npm:b@2.0.0"}}`);
  await Deno.writeTextFile(`${dir}/deno.lock`, `{"workspace":{"dependencies":["npm:@x/a@1.0.0"]}}`);
  assert.match(
    (await trouble("lock file", setting({ root: new URL(`file://${dir}/`) }))).what,
    /lacks npm:b@2\.0\.0$/,
  );
  await Deno.remove(dir, { recursive: true });
});

Deno.test("a database that cannot be reached, is not migrated, or is ahead, is told apart", async () => {
  const at = (url: string) => setting({ env: { DATABASE_URL: url } });
  assert.match((await trouble("database", at("postgres://x@127.0.0.1:1/x"))).why, /ECONNREFUSED/);
  assert.equal(await look("migrations", at("postgres://x@127.0.0.1:1/x")), "skip");
  await using db = await freshDatabase();
  assert.equal(await look("migrations", at(db.adminUrl)), "ok");
  await sql(
    db.adminUrl,
    "insert into public.migraciones (version, nombre, suma) values (9999, 'futuro', 'x')",
  );
  assert.match((await trouble("migrations", at(db.adminUrl))).what, /ahead/);
  await sql(db.adminUrl, "update public.migraciones set suma = 'otra' where version = 1");
  assert.match((await trouble("migrations", at(db.adminUrl))).what, /not the one that was applied/);
  await sql(db.adminUrl, "delete from public.migraciones where version = 1");
  assert.match((await trouble("migrations", at(db.adminUrl))).what, /1 migrations are missing/);
  await sql(db.adminUrl, "drop table public.migraciones");
  assert.match((await trouble("migrations", at(db.adminUrl))).what, /migrations are missing/);
});

Deno.test("the application's logins are no superusers, and the clocks agree", async () => {
  await using db = await freshDatabase();
  const s = setting({ env: { DATABASE_URL: db.adminUrl } });
  assert.equal(await look("roles", s), "ok");
  assert.equal(await look("clock", s), "ok");
});

Deno.test("a port held by somebody else names him; one that is ours, or free, is well", async () => {
  const other = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => new Response("hello"));
  const ours = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    (r) =>
      Response.json(
        new URL(r.url).pathname === "/health" ? { status: "up", service: "cliente" } : { status: "ready" },
      ),
  );
  const of = (port: number) => setting({ env: { PORT: String(port) } });
  const t = await trouble("port of the services", of(other.addr.port));
  if (Deno.build.os === "linux") assert.equal(t.run, `kill ${Deno.pid}`);
  assert.equal(await look("port of the services", of(ours.addr.port)), "ok");
  assert.equal(await look("services", of(ours.addr.port)), "ok");
  assert.equal(await look("port of the services", setting()), "ok");
  await Promise.all([other.shutdown(), ours.shutdown()]);
});

Deno.test("what does not run is a fault only where it has to", async () => {
  for (const name of ["services", "BFF"]) {
    assert.equal(await look(name, setting()), "skip");
    await trouble(name, setting({ mustRun: true }));
  }
});

Deno.test("processes that are not well are shown with their own reason", async () => {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    (r) =>
      new URL(r.url).pathname === "/ready"
        ? Response.json({ detail: "migration 0010 is missing: run deno task migrate" }, { status: 503 })
        : Response.json({ status: "degraded", services: { pagos_service: { status: "down" } } }),
  );
  const port = String(server.addr.port);
  assert.match(
    (await trouble("services", setting({ env: { PORT: port } }))).why,
    /migration 0010 is missing/,
  );
  assert.match((await trouble("BFF", setting({ bffEnv: { BFF_PORT: port } }))).why, /pagos_service/);
  await server.shutdown();
});

Deno.test("a Pulsar that was asked for has to answer", async () => {
  assert.equal(await look("Pulsar", setting()), "skip");
  await trouble("Pulsar", setting({ env: { PULSAR_URL: `pulsar://127.0.0.1:${freePort()}` } }));
  const l = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  assert.equal(await look("Pulsar", setting({ env: { PULSAR_URL: `ws://127.0.0.1:${l.addr.port}` } })), "ok");
  l.close();
});

Deno.test("the command says one line where all is well, and one for each fault, with the line that mends it", async () => {
  await using db = await freshDatabase();
  const run = async (env: Record<string, string>) => {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", new URL("doctor.ts", import.meta.url).pathname],
      env: {
        NO_COLOR: "1",
        DATABASE_URL: db.adminUrl,
        PORT: freePort(),
        BFF_PORT: freePort(),
        PULSAR_URL: "",
        ...env,
      },
    }).output();
    const said = new TextDecoder().decode(stdout);
    return { code, lines: said.trimEnd().split("\n"), err: new TextDecoder().decode(stderr) };
  };
  const well = await run({});
  assert.deepEqual([well.code, well.lines.length, well.err], [0, 1, ""], well.lines.join("\n"));
  assert.match(well.lines[0] ?? "", /^✓ \d+ checks in [0-2]\.\d s/);
  const ill = await run({ LOG_LEVEL: "loud", PULSAR_URL: "ws://127.0.0.1:1" });
  assert.equal(ill.code, 1);
  assert.ok(ill.lines.length >= 2, ill.lines.join("\n"));
  for (const line of ill.lines) assert.match(line, /^✗ [^:]+: .+; .+ → .+$/);
});
