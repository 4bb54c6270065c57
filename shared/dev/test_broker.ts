import { StartupFailure } from "../http/startup_failure.ts";
import { freePorts, startPulsar } from "./pulsar_broker.ts";

/** The broker of a run: its addresses, as the tests read them from the environment. */
export interface TestBroker extends AsyncDisposable {
  readonly url: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * The broker of PULSAR_URL, or one that is started and stopped with us: over `data`, kept for the next time, or with
 * `null` over a folder that is removed afterwards, on free ports. One that cannot be had is a failure, not a skip.
 */
export async function testBroker(data: string | null): Promise<TestBroker> {
  const given = Deno.env.get("PULSAR_URL");
  if (given) {
    if (!given.startsWith("ws")) {
      const why = "its WebSocket address is needed (ws:// or wss://)";
      throw new StartupFailure(
        "PULSAR_URL cannot be used here",
        why,
        "export PULSAR_URL=ws://127.0.0.1:8080",
      );
    }
    const native = Deno.env.get("PULSAR_TEST_NATIVE_URL") ?? "";
    return { ...addresses(given, native), [Symbol.asyncDispose]: () => Promise.resolve() };
  }
  await using end = new AsyncDisposableStack();
  const folder = data ?? await Deno.makeTempDir({ prefix: "pulsar-" });
  if (data === null) end.defer(() => Deno.remove(folder, { recursive: true }));
  const [http = 0, binary = 0, bookkeeper = 0] = freePorts(3);
  const broker = end.use(await startPulsar(folder, data === null ? { http, binary, bookkeeper } : {}));
  const all = end.move();
  return {
    ...addresses(broker.url, broker.nativeUrl),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

const addresses = (url: string, native: string) => ({
  url,
  // PULSAR_URL itself must not reach the processes of a test that runs on PostgreSQL.
  env: { PULSAR_TEST_URL: url, PULSAR_TEST_NATIVE_URL: native, PULSAR_URL: "" },
});
