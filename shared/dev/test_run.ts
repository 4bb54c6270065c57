import { startPostgres } from "./embedded_postgres.ts";
import { countJunit, type Counts } from "./junit.ts";
import { testServer } from "./test_server.ts";

export interface TestRun {
  /** Of `deno test`: files, `--filter` … */
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs tests with the database that they need: the server of `TEST_DATABASE_URL` (a superuser's), else the embedded one,
 * which stops afterwards. `code` is that of `deno test`.
 */
export async function runTests({ args, env = {} }: TestRun): Promise<{ counts: Counts; code: number }> {
  const given = Deno.env.get("TEST_DATABASE_URL");
  await using server = given ? null : await startPostgres(testServer());
  const report = await Deno.makeTempFile({ suffix: ".xml" });
  try {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["test", "-A", "--sanitize-ops", "--sanitize-resources", `--junit-path=${report}`, ...args],
      env: { ...env, TEST_DATABASE_URL: given || (server?.url ?? "") },
    }).spawn();
    // Ctrl-C reaches the tests as well; we stay until they are gone, and then stop the server.
    const stop = () => {
      try {
        child.kill("SIGTERM");
      } catch { /* it is gone */ }
    };
    const signals = (["SIGINT", "SIGTERM"] as const).filter((s) =>
      Deno.build.os !== "windows" || s === "SIGINT"
    );
    for (const s of signals) Deno.addSignalListener(s, stop);
    const { success, code } = await child.status;
    for (const s of signals) Deno.removeSignalListener(s, stop);
    return { counts: countJunit(await Deno.readTextFile(report), success), code };
  } finally {
    await Deno.remove(report);
  }
}
