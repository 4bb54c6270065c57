// @ts-types="@types/pg"
import pg from "pg";
import { migrationFiles } from "@alpes/migrations/files.ts";
import type { Check, Setting, Trouble } from "./diagnosis.ts";
import { dataHome } from "./places.ts";
import { running } from "./postgres_cluster.ts";

const OLDEST = 14;
const SKEW_MS = 2_000;

/** The database that the platform would use: DATABASE_URL, else the embedded one where it runs. */
async function databaseUrl({ env }: Setting): Promise<string | null> {
  if (env.DATABASE_URL) return env.DATABASE_URL;
  const up = await running(`${dataHome()}/dev/datos`);
  return up === null ? null : `postgres://postgres@127.0.0.1:${up.port}/alpespartners`;
}

/** Asks it something; `null` where it cannot be asked, which one check tells for all. */
async function ask<R extends object>(s: Setting, sql: string): Promise<R[] | null> {
  const url = await databaseUrl(s);
  if (url === null) return null;
  const db = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 2_000,
    statement_timeout: 2_000,
  });
  db.on("error", () => {}); // also rejects what was running
  try {
    await db.connect();
    return (await db.query<R>(sql)).rows;
  } catch {
    return null;
  } finally {
    await db.end().catch(() => {});
  }
}

/** What the database must be like, where there is one. */
export const DATABASE_CHECKS: readonly Check[] = [
  {
    name: "database",
    async look(s) {
      const url = await databaseUrl(s);
      if (url === null) {
        return s.mustRun
          ? {
            what: "there is no database",
            why: "DATABASE_URL is not set and dev does not run",
            run: "deno task dev",
          }
          : "skip";
      }
      const db = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
      db.on("error", () => {}); // also rejects what was running
      try {
        await db.connect();
        const { rows: [row] } = await db.query<{ v: number }>(
          "select current_setting('server_version_num')::int as v",
        );
        const major = Math.floor((row?.v ?? 0) / 10_000);
        if (major >= OLDEST) return "ok";
        return {
          what: `it is PostgreSQL ${major}`,
          why: `${OLDEST} or newer is needed`,
          run: "env -u DATABASE_URL deno task dev",
        };
      } catch (e) {
        const why = e instanceof AggregateError
          ? String(e.errors[0]?.message)
          : e instanceof Error
          ? e.message
          : String(e);
        const { hostname, port } = new URL(url);
        return {
          what: `it cannot be reached`,
          why,
          run: `curl -sv --max-time 3 telnet://${hostname}:${port || 5432}`,
        };
      } finally {
        await db.end().catch(() => {});
      }
    },
  },
  {
    name: "migrations",
    async look(s) {
      const rows = await ask<{ version: number; suma: string }>(
        s,
        "select version, suma from public.migraciones",
      );
      const reach = await ask(s, "select 1");
      if (reach === null) return "skip";
      const has = new Map((rows ?? []).map((r) => [r.version, r.suma]));
      const files = await migrationFiles();
      const missing = files.filter((f) => !has.has(f.version)).map((f) => f.file);
      if (missing.length > 0) {
        return {
          what: `${missing.length} migrations are missing`,
          why: missing.slice(0, 3).join(", "),
          run: "deno task migrate",
        };
      }
      const changed = files.find((f) => has.get(f.version) !== f.sum);
      if (changed) {
        return {
          what: `${changed.file} is not the one that was applied`,
          why: "an applied migration never changes",
          run: `git diff HEAD -- migrations/${changed.file}`,
        };
      }
      const known = new Set(files.map((f) => f.version));
      const ahead = [...has.keys()].filter((v) => !known.has(v));
      return ahead.length === 0 ? "ok" : {
        what: "the database is ahead of this code",
        why: `it has migration ${ahead.join(", ")}`,
        run: "git pull",
      };
    },
  },
  {
    name: "roles",
    async look(s) {
      const rows = await ask<{ rolname: string }>(
        s,
        "select rolname::text from pg_roles where rolname ~ '^alpes_' and (rolsuper or rolcreaterole or rolcreatedb or rolbypassrls)",
      );
      if (rows === null) return "skip";
      const names = rows.map((r) => r.rolname);
      if (names.length === 0) return "ok";
      const run = `psql "$DATABASE_URL" -c 'alter role ${
        names[0]
      } nosuperuser nocreaterole nocreatedb nobypassrls'`;
      return { what: `${names.join(", ")} may too much`, why: "the application is never a superuser", run };
    },
  },
  {
    name: "clock",
    async look(s) {
      const before = Date.now();
      const rows = await ask<{ ms: string }>(s, "select extract(epoch from clock_timestamp()) * 1000 as ms");
      const after = Date.now();
      if (rows === null) return "skip";
      const theirs = Number(rows[0]?.ms);
      const skew = theirs < before ? before - theirs : theirs > after ? theirs - after : 0;
      if (skew < SKEW_MS) return "ok";
      const what = `the database's clock and this one are ${Math.round(skew)} ms apart`;
      const trouble: Trouble = {
        what,
        why: `${SKEW_MS} ms at most; deadlines would be wrong`,
        run: "date -u",
      };
      return trouble;
    },
  },
];
