import assert from "node:assert/strict";
// @ts-types="@types/pg"
import pg from "pg";
import { freshDatabase } from "@alpes/shared/testing/database.ts";
import { dumpDiff, GOLDEN, schemaDump } from "./schema_dump.ts";

async function dumpAfter(...sql: string[]): Promise<string> {
  await using fresh = await freshDatabase();
  const db = new pg.Client({ connectionString: fresh.adminUrl });
  await db.connect();
  try {
    for (const s of sql) await db.query(s);
    return await schemaDump(async (q) => (await db.query<object>(q)).rows);
  } finally {
    await db.end();
  }
}

Deno.test("the migrations make exactly the schema of the golden file", async () => {
  const diff = dumpDiff(await Deno.readTextFile(GOLDEN), await dumpAfter());
  assert.deepEqual(diff, [], `if this is meant: deno task migrate --golden\n${diff.join("\n")}`);
});

const changes = {
  "a column": "alter table mensajeria.outbox add column x int not null default 7",
  "a default": "alter table mensajeria.inbox alter column intentos set default 1",
  "a check": "alter table mensajeria.inbox add constraint c check (intentos < 9)",
  "an index": "create index i on mensajeria.outbox (topic)",
  "a sequence": "create sequence pagos.s increment 5",
  "a function": "create function pagos.f() returns int language sql as 'select 1'",
  "a trigger":
    "create function pagos.t() returns trigger language plpgsql as 'begin return new; end'; create trigger t before insert on mensajeria.outbox for each row execute function pagos.t()",
  "a grant": "grant truncate on mensajeria.outbox to alpes_pagos",
  "a column's grant": "grant update (topic) on mensajeria.outbox to public",
  "a view": "create view pagos.v as select 1 as a",
};
Deno.test("nothing that a migration may change escapes the dump", async () => {
  const before = await dumpAfter();
  for (const [what, sql] of Object.entries(changes)) {
    assert.notDeepEqual(dumpDiff(before, await dumpAfter(sql)), [], what);
  }
});

Deno.test("a difference is shown as the lines that went and came", () => {
  assert.deepEqual(dumpDiff("a\nb\nc", "a\nc\nd"), ["- b", "+ d"]);
  assert.deepEqual(dumpDiff("a", "a"), []);
});
