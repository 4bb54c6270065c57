import assert from "node:assert/strict";
// @ts-types="@types/pg"
import pg from "pg";
import { StartupFailure } from "@alpes/shared/http/startup_failure.ts";
import { freshDatabase } from "@alpes/shared/testing/database.ts";
import { expectedVersion } from "./files.ts";
import { migrate } from "./migrate.ts";
import { appliedVersions, currentVersion, type Query, schemaReady } from "./ready.ts";

/** A folder of migrations, and a database that has none of them (its own record is emptied). */
async function scratch(files: Record<string, string>) {
  const fresh = await freshDatabase();
  const folder = await Deno.makeTempDir();
  const db = new pg.Client({ connectionString: fresh.adminUrl });
  await db.connect();
  await db.query("drop table public.migraciones");
  const query: Query = async (sql) => (await db.query<object>(sql)).rows;
  const write = (more: Record<string, string>) =>
    Promise.all(Object.entries(more).map(([name, sql]) => Deno.writeTextFile(`${folder}/${name}`, sql)));
  await write(files);
  return {
    url: fresh.adminUrl,
    folder: new URL(`file://${folder}/`),
    query,
    write,
    [Symbol.asyncDispose]: async () => {
      await db.end();
      await fresh[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
}
const fault = async (p: Promise<unknown>): Promise<StartupFailure> => {
  const e = await p.then(() => undefined, (e) => e);
  assert.ok(e instanceof StartupFailure, `a fault, not ${e}`);
  return e;
};

Deno.test("migrating twice applies each file once", async () => {
  await using s = await scratch({
    "0001_a.sql": "create table public.a (x int)",
    "0005_b.sql": "insert into public.a values (1)",
  });
  assert.deepEqual(await migrate(s.url, s.folder), { applied: ["0001_a.sql", "0005_b.sql"], version: 5 });
  assert.deepEqual(await migrate(s.url, s.folder), { applied: [], version: 5 });
  assert.deepEqual(await s.query("select x from public.a"), [{ x: 1 }]);
});

Deno.test("two migrators at once: the second waits and finds nothing to do", async () => {
  await using s = await scratch({ "0001_a.sql": "create table public.a (x int); select pg_sleep(0.2)" });
  const done = await Promise.all([migrate(s.url, s.folder), migrate(s.url, s.folder)]);
  assert.deepEqual(done.map((d) => d.applied.length).sort(), [0, 1]);
});

Deno.test("a module's later file with a lower number is applied too", async () => {
  await using s = await scratch({ "0200_b.sql": "select 1" });
  await migrate(s.url, s.folder);
  await s.write({ "0100_a.sql": "select 1" });
  assert.deepEqual(await migrate(s.url, s.folder), { applied: ["0100_a.sql"], version: 200 });
});

Deno.test("a failing file leaves nothing, those before it stand, and the fault points at line and column", async () => {
  await using s = await scratch({
    "0001_a.sql": "create table public.a (x int)",
    "0002_b.sql": "create table public.b (x int);\n-- ñ ✓ 𝄞\n  select nope from public.a;",
  });
  const f = await fault(migrate(s.url, s.folder));
  assert.match(f.what, /0002_b\.sql:3:10 failed/);
  assert.match(f.why, /column "nope" does not exist \(SQLSTATE 42703\), at: select nope from public\.a;/);
  assert.match(f.run, /0002_b\.sql$/);
  assert.deepEqual(await s.query("select to_regclass('public.b') as b"), [{ b: null }]);
  assert.equal(await currentVersion(s.query), 1);
  await s.write({ "0002_b.sql": "create table public.b (x int)" });
  assert.deepEqual((await migrate(s.url, s.folder)).applied, ["0002_b.sql"]);
});

Deno.test("an applied file that was changed is refused by name; other line ends are no change", async () => {
  await using s = await scratch({ "0001_a.sql": "select 1;\nselect 2" });
  await migrate(s.url, s.folder);
  await s.write({ "0001_a.sql": "select 1;\r\nselect 2" });
  await migrate(s.url, s.folder);
  await s.write({ "0001_a.sql": "select 3" });
  const f = await fault(migrate(s.url, s.folder));
  assert.match(f.what, /0001_a\.sql is not the one that was applied/);
  assert.match(f.run, /^git diff/);
});

Deno.test("a file that would end the transaction itself is refused", async () => {
  await using s = await scratch({ "0001_a.sql": "create table public.a (x int);\ncommit;\nselect nope" });
  assert.match((await fault(migrate(s.url, s.folder))).why, /says "commit;"/);
  assert.deepEqual(await s.query("select to_regclass('public.a') as a"), [{ a: null }]);
});

Deno.test("two files with one number are refused", async () => {
  await using s = await scratch({ "0001_a.sql": "select 1", "0001_b.sql": "select 1" });
  await assert.rejects(migrate(s.url, s.folder), /two migrations have number 1/);
});

Deno.test("a database that cannot be reached is a fault with a reason", async () => {
  const f = await fault(migrate("postgres://postgres@127.0.0.1:1/postgres"));
  assert.match(f.why, /ECONNREFUSED/);
});

Deno.test("readiness names the first missing migration and what to run", async () => {
  await using s = await scratch({});
  await assert.rejects(schemaReady(s.query), { message: "migration 0001 is missing: run deno task migrate" });
});

Deno.test("a migrated database is at the version that the code expects", async () => {
  await using fresh = await freshDatabase();
  const db = new pg.Client({ connectionString: fresh.adminUrl });
  await db.connect();
  const query: Query = async (sql) => (await db.query<object>(sql)).rows;
  await schemaReady(query);
  assert.equal(await currentVersion(query), await expectedVersion());
  assert.ok((await appliedVersions(query)).length > 0);
  await db.end();
});

Deno.test("every module's login may ask for the applied migrations, and not change them", async () => {
  await using fresh = await freshDatabase();
  for (const role of ["alpes_cliente", "alpes_campanias", "alpes_pagos"]) {
    const db = new pg.Client({ connectionString: fresh.urlFor(role) });
    await db.connect();
    await schemaReady(async (sql) => (await db.query<object>(sql)).rows);
    await assert.rejects(db.query("delete from public.migraciones"), /permission denied/);
    await db.end();
  }
});
