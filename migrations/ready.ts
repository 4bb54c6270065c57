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
 * The database has been through a migration that takes away what this release needs. Such a file is called
 * `NNNN_name_contrae.sql`; every other one only adds, and a release serves on while the next one's additions are there.
 */
export class SchemaAhead extends Error {
  override readonly name = "SchemaAhead";
}

/** Rejects with `SchemaAhead` where a newer release has taken away something; a database never migrated is not ahead. */
export async function schemaNotAhead(query: Query): Promise<void> {
  if ((await appliedVersions(query)).length === 0) return;
  const known = new Set((await migrationFiles()).map((f) => f.file));
  const rows = await query(
    "select nombre from public.migraciones where right(nombre, 12) = '_contrae.sql' order by version",
  );
  const names = rows.map((r) => "nombre" in r ? String(r.nombre) : "");
  const unknown = names.find((n) => !known.has(n));
  if (unknown === undefined) return;
  throw new SchemaAhead(
    `the database is of a newer release: ${unknown} took away what this one needs; start that release`,
  );
}

/**
 * Resolves when the database has every migration that this code ships, and none that takes away what it needs; else
 * rejects with the reason in one sentence. A database that has more is fine: the newer release migrates first, the older
 * one still serves.
 */
export async function schemaReady(query: Query): Promise<void> {
  await schemaNotAhead(query);
  const has = new Set(await appliedVersions(query));
  const missing = (await migrationFiles()).find((f) => !has.has(f.version));
  if (missing) throw new Error(`migration ${padded(missing.version)} is missing: run deno task migrate`);
}
