// @ts-types="@types/pg"
import pg from "pg";
import { orExit } from "@alpes/shared/http/startup_failure.ts";
import { aplicar } from "./aplicar.ts";
import { migrate } from "./migrate.ts";
import { GOLDEN, schemaDump } from "./schema_dump.ts";

/** Writes `schema.sql` anew from a scratch database on the server of `adminUrl`, which has every migration. */
async function writeGolden(adminUrl: string): Promise<void> {
  const server = new pg.Client({ connectionString: adminUrl });
  const scratch = `golden_${Date.now()}`;
  await server.connect();
  try {
    await server.query(`create database ${scratch} template template0`);
    const url = new URL(adminUrl);
    url.pathname = `/${scratch}`;
    await migrate(url.href);
    const db = new pg.Client({ connectionString: url.href });
    await db.connect();
    try {
      await Deno.writeTextFile(GOLDEN, await schemaDump(async (sql) => (await db.query<object>(sql)).rows));
    } finally {
      await db.end();
    }
  } finally {
    await server.query(`drop database if exists ${scratch} with (force)`);
    await server.end();
  }
}

/** `deno task migrate`: the database of DATABASE_URL; `--golden` writes `schema.sql` on a server that it may use. */
async function main(): Promise<void> {
  const golden = Deno.args.includes("--golden");
  const url = Deno.env.get("DATABASE_URL") || (golden ? Deno.env.get("TEST_DATABASE_URL") : undefined);
  if (golden) {
    if (url) return await writeGolden(url);
    const { startPostgres } = await import("@alpes/shared/dev/embedded_postgres.ts");
    const { testServer } = await import("@alpes/shared/dev/test_server.ts");
    await using server = await startPostgres(testServer());
    return await writeGolden(server.url);
  }
  await aplicar(url);
}

await orExit(main);
