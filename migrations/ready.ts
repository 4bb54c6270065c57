import { migrationFiles } from "./files.ts";

/** Runs one statement without parameters and gives its rows. */
export type Query = (sql: string) => Promise<readonly object[]>;

const padded = (n: number) => String(n).padStart(4, "0");

/** The numbers of the migrations that a database has; none when it was never migrated. Any module's role may ask. */
export async function appliedVersions(query: Query): Promise<number[]> {
  const there = await query("select to_regclass('public.migraciones') is not null as hay");
  if (!there.some((r) => "hay" in r && r.hay === true)) return [];
  const rows = await query("select version from public.migraciones order by version");
  return rows.map((r) => Number("version" in r ? r.version : NaN));
}

/** The highest migration that a database has, 0 for none. */
export const currentVersion = async (query: Query): Promise<number> =>
  (await appliedVersions(query)).at(-1) ?? 0;

/**
 * Resolves when the database has every migration that this code ships; else rejects with the reason in one sentence.
 * A database that is ahead is fine: the newer release migrates first, the older one still serves.
 */
export async function schemaReady(query: Query): Promise<void> {
  const has = new Set(await appliedVersions(query));
  const missing = (await migrationFiles()).find((f) => !has.has(f.version));
  if (missing) throw new Error(`migration ${padded(missing.version)} is missing: run deno task migrate`);
}
