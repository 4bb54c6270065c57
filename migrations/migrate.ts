// @ts-types="@types/pg"
import pg from "pg";
import { StartupFailure } from "@alpes/shared/http/startup_failure.ts";
import { type Migration, migrationFiles } from "./files.ts";
import { currentVersion } from "./ready.ts";

/** "alpes" in ASCII: one migrator at a time in a database, a second one waits. */
const LOCK = 0x616c706573;

export interface Migrated {
  /** The files that this call applied, in order. */
  readonly applied: string[];
  /** The highest number that the database has now. */
  readonly version: number;
}

/**
 * Brings a database to the newest schema; forward only, each file in one transaction. `adminUrl` logs in as an owner of
 * the database that may create roles. A file with a lower number than one already applied is applied too: the modules
 * have their own number ranges. Throws a `StartupFailure`, after which the failing file has left nothing.
 */
export async function migrate(adminUrl: string, folder?: URL): Promise<Migrated> {
  const files = await migrationFiles(folder);
  const client = new pg.Client({ connectionString: adminUrl, application_name: "alpespartners migrate" });
  client.on("error", () => {}); // a lost connection also rejects the query that was running
  await client.connect().catch((e) => {
    throw new StartupFailure("the database cannot be reached", reason(e), "deno task doctor");
  });
  try {
    await client.query("select pg_advisory_lock($1)", [LOCK]);
    await client.query(`create table if not exists public.migraciones (
      version int primary key, nombre text not null, suma text not null,
      aplicada timestamptz not null default clock_timestamp())`);
    const { rows } = await client.query<{ version: number; nombre: string; suma: string }>(
      "select version, nombre, suma from public.migraciones",
    );
    const done = new Map(rows.map((r) => [r.version, r]));
    const applied: string[] = [];
    for (const f of files) {
      const before = done.get(f.version);
      if (before === undefined) await apply(client, f), applied.push(f.file);
      else if (before.suma !== f.sum) throw changed(f, before.nombre);
    }
    const version = await currentVersion(async (sql) => (await client.query<object>(sql)).rows);
    return { applied, version };
  } finally {
    await client.end().catch(() => {});
  }
}

async function apply(client: pg.Client, f: Migration, attempt = 1): Promise<void> {
  // A file that ends the transaction itself could be left half done.
  const own = /^[ \t]*(commit|rollback|begin|start transaction)\b[^;]*;/im.exec(
    f.sql.replace(/\$(\w*)\$[\s\S]*?\$\1\$/g, ""),
  );
  if (own) {
    const why = `it says "${own[0].trim()}"; every file is one transaction, opened and ended by the migrator`;
    throw new StartupFailure(`migration ${f.file} cannot run`, why, `${editor()} migrations/${f.file}`);
  }
  await client.query("begin");
  try {
    await client.query(f.sql);
    await client.query("insert into public.migraciones (version, nombre, suma) values ($1, $2, $3)", [
      f.version,
      f.file,
      f.sum,
    ]);
    await client.query(`do $$ begin
      if to_regrole('alpes_mensajeria') is not null then
        grant select on public.migraciones to alpes_mensajeria;
      end if; end $$`);
    await client.query("commit");
  } catch (e) {
    await client.query("rollback").catch(() => {});
    // Roles belong to the whole server: a sibling database migrating at this moment may touch the same row.
    if (attempt < 5 && e instanceof Error && e.message === "tuple concurrently updated") {
      return await apply(client, f, attempt + 1);
    }
    throw failed(f, e);
  }
}

const editor = () => Deno.build.os === "windows" ? "notepad" : "${EDITOR:-vi}";
const reason = (e: unknown): string =>
  e instanceof AggregateError && e.errors.length > 0
    ? reason(e.errors[0])
    : e instanceof Error
    ? e.message
    : String(e);

function failed(f: Migration, e: unknown): StartupFailure {
  let at = f.file;
  let code = "";
  if (e instanceof pg.DatabaseError) {
    code = e.code === undefined ? "" : ` (SQLSTATE ${e.code})`;
    if (e.position !== undefined) {
      // Positions count characters, not UTF-16 units.
      const upTo = Array.from(f.sql).slice(0, Number(e.position) - 1).join("");
      const line = upTo.split("\n").length;
      at += `:${line}:${upTo.length - upTo.lastIndexOf("\n")}`;
      code += `, at: ${f.sql.split("\n")[line - 1]?.trim()}`;
    }
  }
  const why = `${reason(e)}${code}; the file was rolled back whole, the ones before it stand`;
  const line = /:(\d+):/.exec(at)?.[1];
  const edit = Deno.build.os === "windows" || line === undefined ? "" : `+${line} `;
  return new StartupFailure(`migration ${at} failed`, why, `${editor()} ${edit}migrations/${f.file}`);
}

function changed(f: Migration, name: string): StartupFailure {
  const why = name === f.file
    ? "an applied migration never changes, or databases would differ; what is to be different goes into a new file (a database of development starts anew with deno task dev --limpio)"
    : `the database knows this number as ${name}`;
  return new StartupFailure(
    `migration ${f.file} is not the one that was applied`,
    why,
    `git diff HEAD -- migrations/${f.file}`,
  );
}
