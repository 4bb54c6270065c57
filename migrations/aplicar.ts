import { orExit, StartupFailure } from "@alpes/shared/http/startup_failure.ts";
import { migrate } from "./migrate.ts";

/** Brings the database of DATABASE_URL up to date, and says what it did. Also the one-shot process of a deployment. */
export async function aplicar(url: string | undefined): Promise<void> {
  if (!url) {
    const why = "DATABASE_URL is not set; under `deno task dev` the embedded database is migrated by itself";
    const run = "DATABASE_URL=postgres://postgres@127.0.0.1/postgres deno task migrate";
    throw new StartupFailure("no database to migrate", why, run);
  }
  const { applied, version } = await migrate(url);
  for (const f of applied) console.log(`✓ ${f}`);
  console.log(applied.length === 0 ? `nothing to do, version ${version}` : `version ${version}`);
}

if (import.meta.main) await orExit(() => aplicar(Deno.env.get("DATABASE_URL")));
