import { construirConsola } from "@alpes/shared/dev/consola.ts";
import { child } from "@alpes/shared/dev/child.ts";
import { untilHealthy } from "@alpes/shared/dev/healthy.ts";
import { freshDatabase } from "./database.ts";

type What = "services" | "bff";

/** The platform as real processes over a database of its own, as a production would have it. */
export interface Stack extends AsyncDisposable {
  /** `http://127.0.0.1:<port>` of the three services in one process. */
  readonly servicesUrl: string;
  readonly bffUrl: string;
  /** Superuser: for looking behind the platform's back. */
  readonly databaseUrl: string;
  /** Login `alpes_app`: for a process that joins in. */
  readonly appUrl: string;
  /** Sends a signal and resolves when the process is gone. */
  kill(what: What, signal?: Deno.Signal): Promise<void>;
  /** Starts it again (ends it first where it runs); resolves when it is ready. */
  restart(what: What): Promise<void>;
  /** All that the processes wrote so far, a line each, `services {json}`. */
  logs(): string;
}

export interface StackOptions {
  /** More settings for both processes, e.g. `SAGA_PLAZO`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Which processes; both unless told. */
  readonly only?: What;
}

/**
 * Starts a fresh database, `services/main.ts` and `bff/main.ts` on free ports, and waits until they are ready. Disposing
 * ends the processes and drops the database. A process that dies unasked makes the next `restart` or the start reject.
 */
export async function startStack(o: StackOptions = {}): Promise<Stack> {
  await using resources = new AsyncDisposableStack();
  const db = resources.use(await freshDatabase());
  const [servicesPort, bffPort] = freePorts();
  const [servicesUrl, bffUrl] = [`http://127.0.0.1:${servicesPort}`, `http://127.0.0.1:${bffPort}`];
  const root = new URL("../../", import.meta.url);
  await construirConsola(root);
  const lines: string[] = [];
  const common = { AUTH_MODE: "ninguna", LOG_FORMAT: "json", NO_COLOR: "1", ...o.env };
  let died: What | null = null;
  const make = (name: What, env: Record<string, string>) => {
    const c = child({
      name,
      entry: new URL(`${name}/main.ts`, root).href,
      env: { ...common, ...env },
      onLine: (line) => lines.push(`${name} ${line}`),
      onEnd: () => died = name,
    });
    resources.defer(() => c.stop(5_000));
    return c;
  };
  const processes = {
    services: make("services", { HOST: "127.0.0.1", PORT: String(servicesPort), DATABASE_URL: db.url }),
    bff: make("bff", {
      BFF_HOST: "127.0.0.1",
      BFF_PORT: String(bffPort),
      ALPESPARTNERS_SERVICE_URL: servicesUrl,
    }),
  };
  const ready = async (what: What): Promise<void> => {
    const url = what === "services" ? servicesUrl : bffUrl;
    for (let i = 0; i < 600; i++) {
      if (died !== null) throw new Error(`${died} ended:\n${lines.slice(-20).join("\n")}`);
      const r = await fetch(`${url}/ready`, { signal: AbortSignal.timeout(3_000) }).catch(() => null);
      await r?.body?.cancel();
      if (r?.ok) return;
      await new Promise((r) => setTimeout(r, 50));
    }
    throw new Error(`${what} did not become ready:\n${lines.slice(-20).join("\n")}`);
  };
  const chosen: readonly What[] = o.only === undefined ? ["services", "bff"] : [o.only];
  for (const what of chosen) processes[what].start();
  await Promise.all(chosen.map(ready));
  if (o.only === undefined) await untilHealthy(bffUrl, servicesUrl, 20_000);

  const all = resources.move();
  return {
    servicesUrl,
    bffUrl,
    databaseUrl: db.adminUrl,
    appUrl: db.url,
    async kill(what, signal = "SIGKILL") {
      processes[what].kill(signal);
      await processes[what].gone();
    },
    async restart(what) {
      await processes[what].stop(5_000);
      died = null;
      processes[what].start();
      await ready(what);
    },
    logs: () => lines.join("\n"),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

function freePorts(): [number, number] {
  const listeners = [0, 0].map(() => Deno.listen({ hostname: "127.0.0.1", port: 0 }));
  const [a = 0, b = 0] = listeners.map((l) => l.addr.port);
  for (const l of listeners) l.close();
  return [a, b];
}
