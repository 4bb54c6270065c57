// @ts-types="@types/pg"
import pg from "pg";
import { migrate } from "@alpes/migrations/migrate.ts";
import { orExit, StartupFailure } from "../http/startup_failure.ts";

const HELP =
  `deno task respaldo <file>     saves the database of DATABASE_URL (an owner's login), also while it works
deno task restaurar <file>    puts it into the database of DATABASE_URL, which must be new or empty

Both use pg_dump and pg_restore of the server's version or later, from PG_BIN or the PATH.`;

/** Runs a program of PostgreSQL; throws with what it said. */
async function tool(name: "pg_dump" | "pg_restore", args: readonly string[]): Promise<void> {
  const folder = Deno.env.get("PG_BIN");
  const command = folder ? `${folder}/${name}` : name;
  const run = await new Deno.Command(command, { args: [...args], stdin: "null" }).output().catch((e) => {
    const why = e instanceof Deno.errors.NotFound ? `there is no ${command}` : String(e.message);
    throw new StartupFailure(`${name} cannot be run`, why, "apt-get install postgresql-client-18");
  });
  if (run.success) return;
  const said = new TextDecoder().decode(run.stderr).trim().split("\n").slice(0, 4).join("\n       ");
  const mismatch = /version mismatch/.test(said);
  const what = mismatch ? `${name} is older than the server` : `${name} failed`;
  throw new StartupFailure(
    what,
    said,
    mismatch ? "export PG_BIN=/usr/lib/postgresql/18/bin" : `${command} --help`,
  );
}

/** Saves everything of one database in one snapshot. */
export async function respaldar(url: string, file: string): Promise<void> {
  await tool("pg_dump", ["--format=custom", "--no-password", `--file=${file}`, `--dbname=${url}`]);
}

/**
 * Puts a backup into the database of `url`, all of it or nothing. Roles belong to the server and are in no backup of a
 * database: they are made as on a new one, by the migrations, in a database that is dropped again.
 */
export async function restaurar(url: string, file: string): Promise<void> {
  const name = decodeURIComponent(new URL(url).pathname.slice(1));
  const maintenance = new URL(url);
  maintenance.pathname = "/postgres";
  const scratch = `${name}_roles`;
  const of = new URL(url);
  of.pathname = `/${scratch}`;
  await over(maintenance.href, async (db) => {
    const { rowCount } = await db.query("select from pg_database where datname = $1", [name]);
    if (rowCount === 0) await db.query(`create database ${db.escapeIdentifier(name)} template template0`);
    await db.query(`drop database if exists ${db.escapeIdentifier(scratch)} with (force)`);
    await db.query(`create database ${db.escapeIdentifier(scratch)} template template0`);
    try {
      await migrate(of.href);
    } finally {
      await db.query(`drop database if exists ${db.escapeIdentifier(scratch)} with (force)`);
    }
  });
  await over(url, async (db) => {
    const { rowCount } = await db.query(
      "select from pg_tables where schemaname !~ '^(pg_|information_schema)' limit 1",
    );
    if (rowCount === 0) return;
    const why = `${name} has tables, and nothing is ever overwritten`;
    throw new StartupFailure("nothing was restored", why, `createdb ${name}_restaurada`);
  });
  await tool("pg_restore", [
    "--exit-on-error",
    "--single-transaction",
    "--no-password",
    `--dbname=${url}`,
    file,
  ]);
}

async function over<T>(url: string, work: (db: pg.Client) => Promise<T>): Promise<T> {
  const db = new pg.Client({ connectionString: url, application_name: "alpespartners respaldo" });
  db.on("error", () => {}); // also rejects what was running
  await db.connect();
  try {
    return await work(db);
  } finally {
    await db.end();
  }
}

async function main(): Promise<void> {
  const [what, file] = Deno.args;
  const url = Deno.env.get("DATABASE_URL");
  if (file === undefined || (what !== "respaldo" && what !== "restaurar")) return console.log(HELP);
  if (!url) {
    const run = `DATABASE_URL=postgres://postgres@127.0.0.1/alpespartners deno task ${what} ${file}`;
    throw new StartupFailure("no database", "DATABASE_URL is not set", run);
  }
  if (what === "respaldo") await respaldar(url, file);
  else await restaurar(url, file);
  console.log(what === "respaldo" ? `saved in ${file}` : `restored from ${file}`);
}

if (import.meta.main) await orExit(main);
