// @ts-types="@types/pg"
import pg from "pg";
import { migrate } from "@alpes/migrations/migrate.ts";
import { schemaReady } from "@alpes/migrations/ready.ts";
import type { DevOptions } from "./dev_options.ts";
import { removeData, startPostgres } from "./embedded_postgres.ts";
import { StartupFailure } from "../http/startup_failure.ts";

/** The database of a `dev`: the embedded one, or the one of DATABASE_URL. */
export interface DevDatabase extends AsyncDisposable {
  /** What the services log in with. */
  readonly url: string;
  /** The same for a process of one module: its own role, where the database is ours. */
  urlFor(modulo: string): string;
  /** The line that opens it for a person. */
  readonly psql: string;
  /** Where the tables lie; `null` when it is not ours. */
  readonly data: string | null;
  /** Applies what is new in migrations/; gives the files' names. */
  migrate(): Promise<readonly string[]>;
}

const NAME = "alpespartners";

/** Opens it, migrated. */
export async function openDevDatabase(
  given: string | undefined,
  o: DevOptions,
  home: string,
  note: (line: string) => void,
): Promise<DevDatabase> {
  const database = given ? theirs(given, o) : await embedded(o, home, note);
  try {
    await database.migrate();
  } catch (e) {
    await database[Symbol.asyncDispose]();
    throw e;
  }
  return database;
}

function theirs(url: string, o: DevOptions): DevDatabase {
  if (o.limpio) {
    const why = "DATABASE_URL is set, and --limpio empties nothing but the embedded database";
    throw new StartupFailure("nothing was removed", why, "env -u DATABASE_URL deno task dev --limpio");
  }
  return {
    url,
    urlFor: () => url,
    psql: 'psql "$DATABASE_URL"',
    data: null,
    // A login that may not migrate is enough for a database that needs nothing.
    migrate: async () => await isCurrent(url) ? [] : (await migrate(url)).applied,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

async function isCurrent(url: string): Promise<boolean> {
  const db = new pg.Client({ connectionString: url });
  db.on("error", () => {}); // also rejects what was running
  try {
    await db.connect();
    await schemaReady(async (sql) => (await db.query<object>(sql)).rows);
    return true;
  } catch {
    return false; // the migrator says it better
  } finally {
    await db.end().catch(() => {});
  }
}

async function embedded(o: DevOptions, home: string, note: (line: string) => void): Promise<DevDatabase> {
  if (o.limpio) {
    const bytes = await removeData(home);
    note(
      bytes === 0
        ? `nothing to remove in ${home}/datos`
        : `removed ${home}/datos (${Math.round(bytes / 1e6)} MB)`,
    );
  }
  const server = await startPostgres({ home, port: o.pgPort, settings: ["max_connections=200"] });
  const url = new URL(server.url);
  url.pathname = `/${NAME}`;
  const admin = url.href;
  url.username = "alpes_app";
  await ensureDatabase(server.url);
  return {
    url: url.href,
    urlFor(modulo) {
      url.username = `alpes_${modulo}`;
      return url.href;
    },
    psql: `psql ${admin}`,
    data: server.data,
    migrate: async () => (await migrate(admin)).applied,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

async function ensureDatabase(server: string): Promise<void> {
  const db = new pg.Client({ connectionString: server });
  await db.connect();
  try {
    const { rowCount } = await db.query("select 1 from pg_database where datname = $1", [NAME]);
    if (rowCount === 0) await db.query(`create database ${NAME} template template0`);
  } finally {
    await db.end();
  }
}
