import process from "node:process";
import { logger } from "./log.ts";
import { portTaken } from "./port_owner.ts";
import type { Readiness } from "./readiness.ts";
import { StartupFailure } from "./startup_failure.ts";
import { TURNS, turnstile } from "./turnstile.ts";

export interface ListenOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** The process's name, e.g. `bff`. */
  readonly servicio: string;
  readonly readiness: Readiness;
  /** Milliseconds that running requests may take once we stop; 10,000 unless told. */
  readonly drainMs?: number;
  /** Whether a request would be turned away for too many others (`tooMany` of limits.ts). */
  readonly tooMany?: (request: Request) => boolean;
}

export interface Listening {
  readonly port: number;
  /** Not ready; takes no more; resolves when no request runs, or after `drainMs`. Callable twice. */
  stop(): Promise<void>;
}

export type Fetch = (
  request: Request,
  info: Deno.ServeHandlerInfo<Deno.NetAddr>,
) => Response | Promise<Response>;

/** Listens. Throws `StartupFailure` where the address cannot be had, naming who holds it. */
export async function listen(fetch: Fetch, o: ListenOptions): Promise<Listening> {
  let server: Deno.HttpServer<Deno.NetAddr>;
  try {
    server = Deno.serve(
      { hostname: o.host, port: o.port, tcpBacklog: 4_096, onListen() {} },
      turnstile(fetch, TURNS, o.tooMany),
    );
  } catch (e) {
    throw await cannotListen(e, o);
  }
  let stopping: Promise<void> | null = null;
  return {
    port: server.addr.port,
    stop() {
      return stopping ??= (async () => {
        o.readiness.drain();
        // Not Deno.serve's signal: aborting it while it shuts down throws out of reach of any catch.
        let late: ReturnType<typeof setTimeout> | undefined;
        const enough = new Promise((r) => late = setTimeout(r, o.drainMs ?? 10_000));
        await Promise.race([server.shutdown(), enough]);
        clearTimeout(late);
      })();
    },
  };
}

async function cannotListen(e: unknown, { host, port, servicio }: ListenOptions): Promise<unknown> {
  const what = `${servicio} cannot listen on ${host}:${port}`;
  const prefix = servicio === "bff" ? "BFF_" : "";
  if (e instanceof Deno.errors.AddrInUse) return await portTaken(servicio, host, port);
  if (e instanceof Deno.errors.AddrNotAvailable) {
    return new StartupFailure(
      what,
      "this machine does not have that address",
      `export ${prefix}HOST=127.0.0.1`,
    );
  }
  if (e instanceof Deno.errors.PermissionDenied) {
    return new StartupFailure(what, "this user may not have a port below 1024", `export ${prefix}PORT=8080`);
  }
  return e;
}

export interface ServeOptions extends ListenOptions {
  readonly version: string;
  /** Closes what the process opened, in reverse order; called once no request runs any more. */
  readonly close: () => Promise<void>;
}

/**
 * Listens and serves until SIGINT, SIGTERM, the parent's death (ALPES_PARENT_PID) or, with ALPES_STOP_ON_STDIN_EOF=1, the
 * end of the standard input. Then: not ready, no more connections, running requests finish, resources close, and the
 * process ends with code 0, which cuts off what ran longer than `drainMs`. A second signal ends it at once. Never resolves.
 */
export async function serve(fetch: Fetch, o: ServeOptions): Promise<never> {
  const log = logger("proceso");
  globalThis.addEventListener(
    "unhandledrejection",
    (e) => log.fatal("unhandled rejection", { error: e.reason }),
  );
  const stop = whenToStop();
  const listening = await listen(fetch, o);
  log.info("listening", {
    url: `http://${urlHost(o.host)}:${listening.port}`,
    version: o.version,
    pid: Deno.pid,
  });

  log.info("stopping", { motivo: await stop });
  // Whatever hangs while closing, the process ends.
  setTimeout(() => Deno.exit(1), 2 * (o.drainMs ?? 10_000)).unref();
  let code = 0;
  try {
    await listening.stop();
    await o.close();
  } catch (e) {
    log.error("did not close cleanly", { error: e });
    code = 1;
  }
  log.info("stopped");
  Deno.exit(code);
}

const urlHost = (host: string) => host.includes(":") ? `[${host}]` : host;

const SAME_SIGNAL_MS = 100;

/** Resolves with the reason on the first one; a second signal ends the process with the signal's usual code. */
function whenToStop(): Promise<string> {
  return new Promise((resolve) => {
    let asked: number | null = null;
    const onSignal = (name: string, code: number) => () => {
      // One Ctrl-C comes twice where a task runner hands on what the terminal sent us already.
      if (asked !== null && performance.now() - asked > SAME_SIGNAL_MS) Deno.exit(code);
      asked ??= performance.now();
      resolve(name);
    };
    Deno.addSignalListener("SIGINT", onSignal("SIGINT", 130));
    if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", onSignal("SIGTERM", 143));

    const parent = Number(Deno.env.get("ALPES_PARENT_PID"));
    if (parent > 0) void parentGone(parent).then(() => resolve("the parent process is gone"));
    if (Deno.env.get("ALPES_STOP_ON_STDIN_EOF") === "1") {
      void stdinEnd().then(() => resolve("end of the standard input"));
    }
  });
}

async function parentGone(pid: number): Promise<void> {
  // A dead parent that nobody reaps still has its pid, but its children have another parent.
  const child = Deno.ppid === pid;
  while (child ? Deno.ppid === pid : alive(pid)) await new Promise((r) => setTimeout(r, 500).unref());
}

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (e) {
    return e instanceof Error && Reflect.get(e, "code") === "EPERM";
  }
}

async function stdinEnd(): Promise<void> {
  const buffer = new Uint8Array(1_024);
  while (await Deno.stdin.read(buffer).catch(() => null) !== null);
}
