import { orExit } from "../http/startup_failure.ts";
import { countsLine } from "./junit.ts";
import { dataHome } from "./places.ts";
import { testBroker } from "./test_broker.ts";
import { runTests } from "./test_run.ts";

/** What `deno task test:pulsar` runs unless told: the contract of the bus and the proofs on a real broker. */
const PROOFS = ["shared/adapters/pulsar", "tests/pulsar"];

/** `deno task test:pulsar` and `deno task dev:pulsar`: the tests of the broker, or `dev`, on a real Pulsar. */
await orExit(async () => {
  const [what, ...args] = Deno.args;
  if (what === "test") {
    await using broker = await testBroker(null);
    const { counts, code } = await runTests({ args: args.length > 0 ? args : PROOFS, env: broker.env });
    console.log(countsLine(counts));
    Deno.exitCode = code;
  } else if (what === "dev") {
    await using broker = await testBroker(`${dataHome()}/dev/pulsar`);
    Deno.exitCode = await dev(broker.url, args);
  } else throw new Error('say "test" or "dev"');
});
Deno.exit();

/** Runs it in the foreground; signals go on to it, and we stay until it is gone. */
async function dev(url: string, args: readonly string[]): Promise<number> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", new URL("./dev.ts", import.meta.url).href, ...args],
    env: { PULSAR_URL: url, PULSAR_ADMIN_URL: url.replace(/^ws/, "http") },
  }).spawn();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    if (Deno.build.os === "windows" && signal === "SIGTERM") continue;
    Deno.addSignalListener(signal, () => {
      try {
        child.kill("SIGTERM");
      } catch { /* it is gone */ }
    });
  }
  return (await child.status).code;
}
