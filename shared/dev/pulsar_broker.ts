import { StartupFailure } from "../http/startup_failure.ts";
import { installPulsar } from "./pulsar_install.ts";

export interface PulsarPorts {
  /** Admin and WebSocket; 8080 unless told. */
  readonly http?: number;
  /** The native protocol; 6650 unless told. */
  readonly binary?: number;
  /** The store underneath; 3181 unless told. */
  readonly bookkeeper?: number;
  /** How far it steps back behind what else the machine does; 10 unless told. */
  readonly nice?: number;
}

/** A standalone broker. Disposing it stops it; its data stays. */
export interface PulsarBroker extends AsyncDisposable {
  readonly url: string;
  readonly nativeUrl: string;
  readonly adminUrl: string;
  /** Ends it as a crash does. */
  kill(): Promise<void>;
  /** Starts it again after `kill`; resolves when it is ready. */
  start(): Promise<void>;
}

const READY_MS = 400_000;
const GRACE_MS = 15_000;

/** Starts Pulsar over `data`, everything on loopback; resolves when it is ready (7 to 60 s). */
export async function startPulsar(data: string, ports: PulsarPorts = {}): Promise<PulsarBroker> {
  const { http = 8080, binary = 6650, bookkeeper = 3181, nice = 10 } = ports;
  const home = await installPulsar();
  await Deno.mkdir(`${data}/logs`, { recursive: true });
  const stock = await Deno.readTextFile(`${home}/conf/standalone.conf`);
  await Deno.writeTextFile(`${data}/standalone.conf`, `${stock}\n${settings({ http, binary })}`);
  const adminUrl = `http://127.0.0.1:${http}`;
  let process: Deno.ChildProcess | null = null;

  async function start(): Promise<void> {
    if (process !== null) return;
    const args = ["standalone", "--no-functions-worker", "--no-stream-storage"];
    args.push(
      "--advertised-address",
      "127.0.0.1",
      "--num-bookies",
      "1",
      "--bookkeeper-port",
      String(bookkeeper),
    );
    args.push("--metadata-dir", `${data}/metadata`, "--bookkeeper-dir", `${data}/bookkeeper`);
    const own = new Deno.Command("nice", {
      args: ["-n", String(nice), `${home}/bin/pulsar`, ...args],
      env: {
        PULSAR_STANDALONE_CONF: `${data}/standalone.conf`,
        PULSAR_LOG_DIR: `${data}/logs`,
        PULSAR_LOG_LEVEL: "warn",
        PULSAR_MEM: "-Xms256m -Xmx768m -XX:MaxDirectMemorySize=768m",
        // Half the work of a start (10 against 20 s of a core), for less than it may do later.
        PULSAR_GC: "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:+PerfDisableSharedMem",
        PULSAR_GC_LOG: "-Xlog:disable -Xlog:all=warning",
        PULSAR_STANDALONE_USE_ZOOKEEPER: "0",
      },
      stdin: "null",
      stdout: "null",
      stderr: "null",
      detached: true, // Ctrl-C reaches us first
    }).spawn();
    process = own;
    // Whatever ends us, a broker of half a gigabyte must not stay behind.
    const watch = `while kill -0 ${Deno.pid} && kill -0 ${own.pid}; do sleep 1; done; kill -9 ${own.pid}`;
    new Deno.Command("sh", {
      args: ["-c", watch],
      stdin: "null",
      stdout: "null",
      stderr: "null",
      detached: true,
    })
      .spawn().unref();
    let ended = false;
    own.status.then(() => ended = true);
    for (const end = performance.now() + READY_MS; performance.now() < end;) {
      if (await healthy(adminUrl)) return;
      if (ended) break;
      await new Promise((r) => setTimeout(r, 300));
    }
    await stop("SIGKILL");
    const said = await lastError(data);
    const why = `${ended ? "it ended while it started" : "it did not become ready"}${said}`;
    throw new StartupFailure("Pulsar did not start", why, `tail -n 30 ${data}/logs/*.log`);
  }

  async function stop(signal: Deno.Signal): Promise<void> {
    const own = process;
    if (own === null) return;
    process = null;
    const send = (s: Deno.Signal) => {
      try {
        own.kill(s);
      } catch { /* it is gone */ }
    };
    send(signal);
    const late = setTimeout(() => send("SIGKILL"), GRACE_MS);
    await own.status;
    clearTimeout(late);
  }

  if (await healthy(adminUrl)) {
    throw new StartupFailure(
      "Pulsar did not start",
      `one runs at ${adminUrl} already`,
      "export PULSAR_URL=ws://127.0.0.1:" + http,
    );
  }
  await start();
  return {
    url: `ws://127.0.0.1:${http}`,
    nativeUrl: `pulsar://127.0.0.1:${binary}`,
    adminUrl,
    kill: () => stop("SIGKILL"),
    start,
    [Symbol.asyncDispose]: () => stop("SIGTERM"),
  };
}

/**
 * `count` loopback ports that are free now, below those that systems give to outgoing connections: else a client that
 * dials a server which is away may take its port, and the server cannot come back.
 */
export function freePorts(count: number): number[] {
  const listeners: Deno.TcpListener[] = [];
  for (let tries = 0; listeners.length < count; tries++) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    try {
      listeners.push(Deno.listen({ hostname: "127.0.0.1", port }));
    } catch (e) {
      if (!(e instanceof Deno.errors.AddrInUse) || tries > 1_000) throw e;
    }
  }
  return listeners.map((l) => {
    l.close();
    return l.addr.port;
  });
}

/** What its logs say last of an error, where they do. */
async function lastError(data: string): Promise<string> {
  let found = "";
  for await (const { name } of Deno.readDir(`${data}/logs`)) {
    const text = await Deno.readTextFile(`${data}/logs/${name}`).catch(() => "");
    found = text.split("\n").findLast((l) => /ERROR|Exception/.test(l)) ?? found;
  }
  return found === "" ? "" : `: ${found.slice(0, 300)}`;
}

const healthy = (adminUrl: string): Promise<boolean> =>
  fetch(`${adminUrl}/admin/v2/brokers/health`, { signal: AbortSignal.timeout(2_000) }).then(
    async (r) => (await r.text()) === "ok",
    () => false,
  );

/** What differs from the stock settings; the last value of a key wins. */
const settings = ({ http, binary }: { http: number; binary: number }): string => `
bindAddress=127.0.0.1
advertisedAddress=127.0.0.1
brokerServicePort=${binary}
webServicePort=${http}
webSocketServiceEnabled=true
clusterName=standalone
numIOThreads=2
numHttpServerThreads=8
webSocketNumIoThreads=2
webSocketConnectionsPerBroker=2
managedLedgerCacheSizeMB=64
dbStorage_writeCacheMaxSizeMb=32
dbStorage_readAheadCacheMaxSizeMb=32
dbStorage_rocksDB_blockCacheSize=16777216
journalSyncData=true
managedLedgerDefaultMarkDeleteRateLimit=0
brokerDeleteInactiveTopicsEnabled=false
enablePackagesManagement=false
transactionCoordinatorEnabled=false
systemTopicEnabled=true
topicLevelPoliciesEnabled=true
# The store listens on every interface unless told otherwise, and takes a random port unless this is set.
listeningInterface=lo
allowLoopback=true
allowEphemeralPorts=true
# The stock 10 adds about 5 ms to each delivery.
managedLedgerNewEntriesCheckDelayInMillis=0
# Else a socket that carries nothing is closed after five minutes.
webSocketPingDurationSeconds=30
`;
