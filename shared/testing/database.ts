// @ts-types="@types/pg"
import pg from "pg";
import { migrationsSum } from "@alpes/migrations/files.ts";
import { migrate } from "@alpes/migrations/migrate.ts";
import { startPostgres } from "@alpes/shared/dev/embedded_postgres.ts";
import { testServer } from "@alpes/shared/dev/test_server.ts";

/** A migrated, empty database of one test. Disposing it drops it, also under open connections. */
export interface FreshDatabase extends AsyncDisposable {
  /** Superuser: for looking behind the application's back. */
  readonly adminUrl: string;
  /** Login `alpes_app`, as the application has it; becomes a module's role after login. */
  readonly url: string;
  /** The same database for another login role, e.g. `alpes_pagos`. */
  urlFor(role: string): string;
}

/**
 * `TEST_DATABASE_URL` (a superuser's) when it is set; else one embedded server, shared by all test processes of this
 * machine and stopped by its guard when the last one has ended. Opened while the file loads and held until the process
 * ends, so that no single test owns it.
 */
const server = Deno.env.get("TEST_DATABASE_URL") || (await startPostgres(testServer())).url;

/** "test" in ASCII: one process at a time makes a template. */
const LOCK = 0x74657374;
const ROLES = ["alpes_app", "alpes_cliente", "alpes_campanias", "alpes_pagos"];

/** A new database with every migration applied, a copy of one that was migrated once for this set of files. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const template = `plantilla_${(await migrationsSum()).slice(0, 16)}`;
  const name = `prueba_${Date.now().toString(36)}_${crypto.randomUUID().slice(0, 8)}`;
  await admin(async (db) => {
    for (let attempt = 1;; attempt++) {
      try {
        return await db.query(`create database ${name} template ${template}`);
      } catch (e) {
        const code = e instanceof pg.DatabaseError ? e.code : undefined;
        // 3D000: no such template yet; 55006: somebody is copying it at this moment in a way that excludes us.
        if (attempt > 20 || (code !== "3D000" && code !== "55006")) throw e;
        if (code === "3D000") await makeTemplate(db, template);
        else await new Promise((r) => setTimeout(r, 50));
      }
    }
  });
  const urlFor = (role: string) => {
    const url = new URL(databaseUrl(name));
    url.username = role;
    return url.href;
  };
  return {
    adminUrl: databaseUrl(name),
    url: urlFor("alpes_app"),
    urlFor,
    [Symbol.asyncDispose]: async () => {
      await admin((db) => db.query(`drop database if exists ${name} with (force)`));
    },
  };
}

function databaseUrl(name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

async function admin<T>(work: (db: pg.Client) => Promise<T>): Promise<T> {
  const db = new pg.Client({ connectionString: server, application_name: "alpespartners test" });
  db.on("error", () => {}); // a lost connection also rejects the query that was running
  await db.connect();
  try {
    return await work(db);
  } finally {
    await db.end();
  }
}

async function makeTemplate(db: pg.Client, template: string): Promise<void> {
  await db.query("select pg_advisory_lock($1)", [LOCK]);
  try {
    const { rowCount } = await db.query("select 1 from pg_database where datname = $1", [template]);
    if (rowCount !== 0) return;
    // Those of processes that were killed. A day, because another process may be using its own right now.
    const old = await db.query<{ datname: string }>(
      "select datname from pg_database where datname ~ '^(prueba|plantilla)_' and not exists (select from pg_stat_activity a where a.datname = pg_database.datname) and (pg_stat_file('base/' || oid || '/PG_VERSION', true)).modification < now() - interval '1 day'",
    );
    for (const { datname } of old.rows) await db.query(`drop database if exists ${datname} with (force)`);
    const draft = `${template}_borrador`;
    await db.query(`drop database if exists ${draft} with (force)`);
    await db.query(`create database ${draft} template template0 encoding 'UTF8'`);
    await migrate(databaseUrl(draft));
    const password = decodeURIComponent(new URL(server).password);
    if (password !== "") {
      for (const role of ROLES) await db.query(`alter role ${role} password ${db.escapeLiteral(password)}`);
    }
    await db.query(`alter database ${draft} rename to ${template}`);
  } finally {
    await db.query("select pg_advisory_unlock($1)", [LOCK]);
  }
}
