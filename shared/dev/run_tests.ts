import { orExit } from "../http/startup_failure.ts";
import { countsLine } from "./junit.ts";
import { runTests } from "./test_run.ts";

/**
 * `deno task test [arguments of deno test]`: starts what tests need, runs them, stops it all, and ends with `N passed, N
 * failed` on a line of its own.
 */
await orExit(async () => {
  const { counts, code } = await runTests({ args: Deno.args });
  console.log(countsLine(counts));
  Deno.exitCode = code;
});
Deno.exit();
