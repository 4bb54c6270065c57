import { startPostgres } from "./embedded_postgres.ts";
import { orExit } from "../http/startup_failure.ts";
import { countJunit, countsLine } from "./junit.ts";
import { testServer } from "./test_server.ts";

/**
 * `deno task test [arguments of deno test]`: starts what tests need, runs them, stops it all, and ends with `N passed, N
 * failed` on a line of its own. `TEST_DATABASE_URL` (a superuser's) is used instead of the embedded server when set.
 */
async function main(): Promise<void> {
  const given = Deno.env.get("TEST_DATABASE_URL");
  await using server = given ? null : await startPostgres(testServer());
  const report = await Deno.makeTempFile({ suffix: ".xml" });
  try {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["test", "-A", "--sanitize-ops", "--sanitize-resources", `--junit-path=${report}`, ...Deno.args],
      env: { TEST_DATABASE_URL: given || (server?.url ?? "") },
    }).spawn();
    // Ctrl-C reaches the tests as well; we stay until they are gone, and then stop the server.
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      if (Deno.build.os === "windows" && signal === "SIGTERM") continue;
      Deno.addSignalListener(signal, () => {
        try {
          child.kill("SIGTERM");
        } catch { /* it is gone */ }
      });
    }
    const { success, code } = await child.status;
    console.log(countsLine(countJunit(await Deno.readTextFile(report), success)));
    Deno.exitCode = code;
  } finally {
    await Deno.remove(report);
  }
}

await orExit(main);
Deno.exit();
