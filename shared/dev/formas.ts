import { FORMAS, isForma, shapeOf } from "@alpes/shared/testing/shape.ts";
import { orExit, StartupFailure } from "../http/startup_failure.ts";
import { countsLine } from "./junit.ts";
import { testBroker } from "./test_broker.ts";
import { runTests } from "./test_run.ts";

const ROOT = new URL("../../", import.meta.url);
/** Has a shape of its own. */
const EXCEPT = /^e2e_apart_test\.ts$/;

/**
 * `deno task test:formas [shape…]`: the demo and the end-to-end tests in every shape of the platform, or in those named.
 * Ends with `N passed, N failed` over all of them.
 */
await orExit(async () => {
  const unknown = Deno.args.find((a) => !isForma(a));
  if (unknown !== undefined) {
    throw new StartupFailure(
      `there is no shape ${unknown}`,
      `there are ${FORMAS.join(", ")}`,
      "deno task test:formas",
    );
  }
  const formas = FORMAS.filter((f) => Deno.args.length === 0 || Deno.args.includes(f));
  const files = ["tests/demo_test.ts", "tests/tour_test.ts"];
  for await (const { name } of Deno.readDir(new URL("tests/", ROOT))) {
    if (/^e2e_\w+_test\.ts$/.test(name) && !EXCEPT.test(name)) files.push(`tests/${name}`);
  }
  if (formas.some((f) => shapeOf(f).bundles)) await bundle();
  await using broker = formas.some((f) => shapeOf(f).pulsar) ? await testBroker(null) : null;
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const forma of formas) {
    console.log(`\n── ${forma}`);
    const began = performance.now();
    const { counts } = await runTests({ args: files.sort(), env: { ...broker?.env, TEST_FORMA: forma } });
    console.log(`${forma}: ${countsLine(counts)} (${Math.round((performance.now() - began) / 1_000)} s)`);
    total.passed += counts.passed;
    total.failed += counts.failed;
    total.skipped += counts.skipped;
  }
  console.log(`\n${countsLine(total)}`);
  Deno.exitCode = total.failed === 0 ? 0 : 1;
});
Deno.exit();

async function bundle(): Promise<void> {
  const args = ["run", "-A", new URL("./bundle.ts", import.meta.url).href, "alpespartners", "bff"];
  const { success } = await new Deno.Command(Deno.execPath(), { args }).spawn().status;
  if (!success) {
    throw new StartupFailure("there are no bundles to test", "they could not be made", "deno task bundle");
  }
}
