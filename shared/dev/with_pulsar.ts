import { orExit, StartupFailure } from "../http/startup_failure.ts";
import { dataHome } from "./places.ts";
import { freePorts, type PulsarBroker, startPulsar } from "./pulsar_broker.ts";

/**
 * `deno task test:pulsar` and `deno task dev:pulsar`: run the tests of the broker, or `dev`, on a Pulsar that is started
 * for it and stopped after it, or on the one of PULSAR_URL. A broker that cannot be had is a failure, not a skip.
 */
await orExit(async () => {
  const [what, ...args] = Deno.args;
  const given = Deno.env.get("PULSAR_URL");
  if (what === "test") await withBroker(given, null, (url, native) => tests(url, native, args));
  else if (what === "dev") await withBroker(given, `${dataHome()}/dev/pulsar`, (url) => dev(url, args));
  else throw new Error('say "test" or "dev"');
});
Deno.exit();

/** `data`: kept for the next time; `null`: a folder that is removed afterwards, on free ports. */
async function withBroker(
  given: string | undefined,
  data: string | null,
  run: (url: string, nativeUrl: string | null) => Promise<number>,
): Promise<void> {
  if (given) {
    if (!given.startsWith("ws")) {
      const why = "its WebSocket address is needed (ws:// or wss://)";
      throw new StartupFailure(
        "PULSAR_URL cannot be used here",
        why,
        "export PULSAR_URL=ws://127.0.0.1:8080",
      );
    }
    Deno.exitCode = await run(given, Deno.env.get("PULSAR_TEST_NATIVE_URL") ?? null);
    return;
  }
  await using end = new AsyncDisposableStack();
  const folder = data ?? await Deno.makeTempDir({ prefix: "pulsar-" });
  if (data === null) end.defer(() => Deno.remove(folder, { recursive: true }));
  const [http = 0, binary = 0, bookkeeper = 0] = freePorts(3);
  const broker: PulsarBroker = end.use(
    await startPulsar(folder, data === null ? { http, binary, bookkeeper } : {}),
  );
  Deno.exitCode = await run(broker.url, broker.nativeUrl);
}

function tests(url: string, native: string | null, args: readonly string[]): Promise<number> {
  const files = args.length > 0 ? args : ["shared/adapters/pulsar"];
  return deno(["test", "-A", "--sanitize-ops", "--sanitize-resources", ...files], {
    PULSAR_TEST_URL: url,
    PULSAR_TEST_NATIVE_URL: native ?? "",
  });
}

function dev(url: string, args: readonly string[]): Promise<number> {
  return deno(["run", "-A", new URL("./dev.ts", import.meta.url).href, ...args], {
    PULSAR_URL: url,
    PULSAR_ADMIN_URL: url.replace(/^ws/, "http"),
  });
}

/** Runs it in the foreground; signals go on to it, and we stay until it is gone. */
async function deno(args: string[], env: Record<string, string>): Promise<number> {
  const child = new Deno.Command(Deno.execPath(), { args, env }).spawn();
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
