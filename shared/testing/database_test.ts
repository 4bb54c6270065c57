import assert from "node:assert/strict";
// @ts-types="@types/pg"
import pg from "pg";
import { schemaReady } from "@alpes/migrations/ready.ts";
import { freshDatabase } from "./database.ts";

async function ask<R extends object>(url: string, sql: string): Promise<R[]> {
  const db = new pg.Client({ connectionString: url });
  await db.connect();
  try {
    return (await db.query<R>(sql)).rows;
  } finally {
    await db.end();
  }
}

Deno.test("each fresh database is migrated and sees nothing of another", async () => {
  await using one = await freshDatabase();
  await using two = await freshDatabase();
  await schemaReady((sql) => ask(one.adminUrl, sql));
  await ask(one.adminUrl, "create table public.solo_aqui (a int)");
  const there = await ask(two.adminUrl, "select to_regclass('public.solo_aqui') as t");
  assert.deepEqual(there, [{ t: null }]);
});

Deno.test("many tests may ask for a database at the same moment", async () => {
  const all = await Promise.all(Array.from({ length: 8 }, () => freshDatabase()));
  assert.equal(new Set(all.map((d) => d.adminUrl)).size, 8);
  await Promise.all(all.map((d) => d[Symbol.asyncDispose]()));
});

Deno.test("a disposed database is gone, even under an open connection", async () => {
  const db = await freshDatabase();
  const held = new pg.Client({ connectionString: db.adminUrl });
  held.on("error", () => {});
  await held.connect();
  await db[Symbol.asyncDispose]();
  await held.end().catch(() => {});
  await assert.rejects(ask(db.adminUrl, "select 1"), /does not exist/);
});

Deno.test("the application's login is no superuser and can ask whether the schema is there", async () => {
  await using db = await freshDatabase();
  const [me] = await ask(
    db.url,
    "select current_user::text as yo, rolsuper from pg_roles where rolname = current_user",
  );
  assert.deepEqual(me, { yo: "alpes_app", rolsuper: false });
  await schemaReady((sql) => ask(db.urlFor("alpes_cliente"), sql));
});
