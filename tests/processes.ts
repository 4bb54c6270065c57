import { child } from "@alpes/shared/dev/child.ts";
import { freshDatabase } from "@alpes/shared/testing/database.ts";
import { eventually } from "@alpes/shared/testing/eventually.ts";

/** How long one process may take from start to ready on a machine that is busy with other tests. */
const READY_MS = 60_000;

export interface Process extends AsyncDisposable {
  readonly url: string;
  /** Ends it at once, and resolves when it is gone. */
  kill(): Promise<void>;
  /** Starts it again at the same address, and resolves when it is ready. */
  again(): Promise<void>;
  /** It hangs (its connections stay, nothing is answered) until `resume`. */
  hang(): void;
  resume(): void;
}

function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  try {
    return (listener.addr as Deno.NetAddr).port;
  } finally {
    listener.close();
  }
}

/** Starts one composition root on a free port, and waits until it is ready. */
export async function startProcess(
  entry: string,
  env: Readonly<Record<string, string>>,
  onLine: (line: string) => void = () => {},
): Promise<Process> {
  const port = String(freePort());
  const said: string[] = [];
  const c = child({
    name: entry,
    entry: new URL(`../${entry}`, import.meta.url).pathname,
    env: { AUTH_MODE: "ninguna", LOG_FORMAT: "json", ...env, PORT: port, BFF_PORT: port },
    onLine(line) {
      said.push(line);
      onLine(line);
    },
  });
  const url = `http://127.0.0.1:${port}`;
  const again = async () => {
    c.start();
    await eventually(async () => {
      if (c.pid() === null) throw new Error(`${entry} ended: ${said.join("\n")}`);
      const r = await fetch(`${url}/ready`);
      await r.body?.cancel();
      return r.ok;
    }, { ms: READY_MS, every: 50 }).catch(async (e) => {
      await c.stop(0);
      throw e;
    });
  };
  await again();
  return {
    url,
    again,
    kill: () => c.stop(0),
    hang: () => c.kill("SIGSTOP"),
    resume: () => c.kill("SIGCONT"),
    [Symbol.asyncDispose]: () => c.stop(5_000),
  };
}

/** The three services, one process each, and the BFF in front of them, over a database of their own. */
export async function startApart() {
  await using resources = new AsyncDisposableStack();
  const db = resources.use(await freshDatabase());
  const start = async (entry: string, env: Readonly<Record<string, string>>) =>
    resources.use(await startProcess(entry, env));
  const env = { DATABASE_URL: db.url };
  const [cliente, campanias, pagos] = await Promise.all([
    start("services/cliente/main.ts", env),
    start("services/campanias/main.ts", env),
    start("services/pagos/main.ts", env),
  ]);
  const bff = await start("bff/main.ts", {
    CLIENTE_SERVICE_URL: cliente.url,
    CAMPANIAS_SERVICE_URL: campanias.url,
    PAGOS_SERVICE_URL: pagos.url,
  });
  const all = resources.move();
  return { cliente, campanias, pagos, bff, [Symbol.asyncDispose]: () => all.disposeAsync() };
}
