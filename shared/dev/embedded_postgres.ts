import { StartupFailure } from "../http/startup_failure.ts";
import { advice } from "./advice.ts";
import { type Account, exists, unprivileged } from "./places.ts";
import { ensureCluster, runner, running, sizeOf, startFailure } from "./postgres_cluster.ts";
import { installServer } from "./postgres_server.ts";

/** A running server of ours. Disposing it stops it unless somebody else uses it still. */
export interface EmbeddedPostgres extends AsyncDisposable {
  /** Superuser `postgres`, database `postgres`, no password (loopback only). */
  readonly url: string;
  readonly port: number;
  /** Where the tables lie. */
  readonly data: string;
  /** It ran already when we came. */
  readonly adopted: boolean;
}

export interface EmbeddedOptions {
  /** A folder of this server alone: `{home}/datos`, its log, its locks. */
  readonly home: string;
  /** The first port to try; below 32768, where the system does not pick ports for its own connections. */
  readonly port: number;
  /** `name=value` settings. */
  readonly settings?: readonly string[];
  /** Nothing in it is worth keeping: no fsync, and made anew when it does not come up. */
  readonly throwaway?: boolean;
}

const FAST = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"];
const LOCAL = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "timezone=UTC", "log_timezone=UTC"];
const sleep = (ms: number) => new Promise((r) => setTimeout(r, ms));

/**
 * Starts the server of `home`, or adopts it when it runs. Safe to call from several processes at once. It runs as long
 * as some caller lives: each holds a shared lock, and a guard that waits for the exclusive one stops the server when the
 * last is gone, also after `kill -9`.
 */
export async function startPostgres(o: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const data = `${o.home}/datos`;
  const as = await account();
  const bin = `${await installServer(as)}/bin`;
  await makeHome(o.home, as);
  const run = runner(bin, o.home, as);
  const users = await openLock(o.home, "usuarios");
  await users.lock(false);
  try {
    using start = await openLock(o.home, "arranque");
    await start.lock(true);
    let up = await running(data);
    const adopted = up !== null;
    for (let attempt = 1; up === null; attempt++) {
      await ensureCluster(run, data);
      const settings = [...LOCAL, ...(o.throwaway ? FAST : []), ...(o.settings ?? [])].map((s) => `-c ${s}`);
      const flags = [`-p ${freePort(o.port)}`, ...settings].join(" ");
      const r = await run(
        "pg_ctl",
        "-D",
        data,
        "-w",
        "-t",
        "30",
        "-l",
        `${o.home}/postgres.log`,
        "-o",
        flags,
        "start",
      );
      up = await running(data);
      if (up !== null) break;
      if (attempt === 12) throw await startFailure(o.home, r.stderr);
      if (o.throwaway && attempt === 6) await Deno.remove(data, { recursive: true });
      await sleep(250); // e.g. the processes of one that was killed are still leaving
    }
    // Also for an adopted one, whose guard may have been killed.
    if (await isUnguarded(o.home)) startGuard(o.home, bin, data, as);
    return {
      url: `postgres://postgres@127.0.0.1:${up.port}/postgres`,
      port: up.port,
      data,
      adopted,
      [Symbol.asyncDispose]: async () => {
        if (users.tryLockSync(true)) await run("pg_ctl", "-D", data, "-m", "fast", "-w", "-t", "5", "stop");
        else await users.lock(false); // the guard may have been quicker: wait until it is done
        users.close();
      },
    };
  } catch (e) {
    users.close();
    throw e;
  }
}

/** Removes the data of a server that nobody uses any more; gives how many bytes that were. */
export async function removeData(home: string): Promise<number> {
  if (!(await exists(home))) return 0;
  using users = await openLock(home, "usuarios");
  await users.lock(true); // its guard, when it still stops the server, is done
  const data = `${home}/datos`;
  if (await running(data) !== null) {
    const as = await account();
    await runner(`${await installServer(as)}/bin`, home, as)(
      "pg_ctl",
      "-D",
      data,
      "-m",
      "immediate",
      "-w",
      "stop",
    );
  }
  const bytes = await sizeOf(data);
  await Deno.remove(data, { recursive: true }).catch((e) => {
    if (!(e instanceof Deno.errors.NotFound)) throw e;
  });
  return bytes;
}

const openLock = (home: string, name: string) =>
  Deno.open(`${home}/${name}.lock`, { create: true, write: true });

/** Whom the server runs as, or why it cannot run here. */
async function account(): Promise<Account | null> {
  const as = await unprivileged();
  if (as === undefined) {
    const why =
      "PostgreSQL refuses to run as root, and /etc/passwd has neither postgres nor nobody to run it as";
    const run = "useradd --system --no-create-home postgres";
    throw new StartupFailure("the embedded PostgreSQL cannot start as root", why, run);
  }
  if (Deno.build.os !== "linux") return as;
  const loaders = [
    "/lib64/ld-linux-x86-64.so.2",
    "/lib/ld-linux-aarch64.so.1",
    "/lib64/ld-linux-aarch64.so.1",
  ];
  for (const l of loaders) if (await exists(l)) return as;
  const why = "its binaries need glibc, and this Linux has another C library (musl?)";
  const run = "DATABASE_URL=postgres://postgres@127.0.0.1:5432/postgres deno task dev";
  throw new StartupFailure("the embedded PostgreSQL cannot run here", why, run);
}

async function makeHome(home: string, as: Account | null): Promise<void> {
  try {
    await Deno.mkdir(home, { recursive: true });
    if (as !== null) await Deno.chown(home, as.uid, as.gid);
    (await openLock(home, "usuarios")).close();
  } catch (e) {
    const why = e instanceof Error ? e.message : String(e);
    throw new StartupFailure(`the data folder ${home} cannot be written`, why, advice(why, home));
  }
}

/** The first port from `from` on that can be listened on. */
function freePort(from: number): number {
  for (let port = from; port < from + 50; port++) {
    try {
      Deno.listen({ hostname: "127.0.0.1", port }).close();
      return port;
    } catch (e) {
      if (!(e instanceof Deno.errors.AddrInUse)) throw e;
    }
  }
  const why = `the ports ${from} to ${from + 49} are all taken`;
  throw new StartupFailure("the embedded PostgreSQL has no port", why, "ss -ltnp");
}

async function isUnguarded(home: string): Promise<boolean> {
  using only = await openLock(home, "guardia");
  return only.tryLockSync(true);
}

function startGuard(home: string, bin: string, data: string, as: Account | null): void {
  const env: Record<string, string> = {};
  for (const k of ["HOME", "DENO_DIR", "PATH", "SYSTEMROOT"]) {
    const v = Deno.env.get(k);
    if (v !== undefined) env[k] = v;
  }
  const script = import.meta.resolve("./postgres_guard.ts");
  const account = [String(as?.uid ?? ""), String(as?.gid ?? "")];
  new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-config", "--no-lock", "-A", script, home, bin, data, ...account],
    cwd: home,
    clearEnv: true,
    env,
    stdin: "null",
    stdout: "null",
    stderr: "null",
    detached: true,
  }).spawn().unref();
}
