import { StartupFailure } from "../http/startup_failure.ts";
import { advice, diskFull } from "./advice.ts";
import { type Account, exists, freeBytes } from "./places.ts";
import { SERVER_VERSION } from "./postgres_server.ts";

/** Runs one of the server's own programs in a folder, as the account that owns the data. */
export type Run = (program: string, ...args: string[]) => Promise<{ ok: boolean; stderr: string }>;

export const runner = (bin: string, cwd: string, as: Account | null): Run => async (program, ...args) => {
  try {
    const r = await new Deno.Command(`${bin}/${program}${Deno.build.os === "windows" ? ".exe" : ""}`, {
      args,
      cwd,
      ...(as === null ? {} : { uid: as.uid, gid: as.gid }),
      env: { LC_ALL: "C", TZ: "UTC" },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).output();
    return { ok: r.success, stderr: new TextDecoder().decode(r.stderr).trim() };
  } catch (e) {
    // E.g. a folder that the account of the server may not look into.
    return { ok: false, stderr: `${e instanceof Error ? e.message : e} (as ${as?.name ?? "this user"})` };
  }
};

/** The server that runs on this data, when it accepts connections. */
export async function running(data: string): Promise<{ pid: number; port: number } | null> {
  const lines = await Deno.readTextFile(`${data}/postmaster.pid`).then((t) => t.split("\n"), () => []);
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  if (lines[7]?.trim() !== "ready" || !port) return null;
  const there = await Deno.connect({ hostname: "127.0.0.1", port }).then(
    (c) => (c.close(), true),
    () => false,
  );
  return there ? { pid, port } : null;
}

/** Fewer free bytes than this and initdb would fail half way, with a message that does not say so. */
const ROOM = 250e6;
/** With less than this the server starts, and fails at the first write. */
const ROOM_TO_RUN = 40e6;
const MAJOR = SERVER_VERSION.split(".")[0] ?? "";

/** Makes the data folder unless it is there; refuses one that another major version wrote. */
export async function ensureCluster(run: Run, data: string): Promise<void> {
  const found = (await Deno.readTextFile(`${data}/PG_VERSION`).catch(() => "")).trim();
  const free = await freeBytes(data);
  if (found === MAJOR) {
    if (free < ROOM_TO_RUN) throw diskFull(data, free, ROOM_TO_RUN);
    return;
  }
  if (found !== "") {
    const why =
      `${data} was written by PostgreSQL ${found}, and the server that comes with this code is ${MAJOR}`;
    throw new StartupFailure("the data is of another PostgreSQL", why, "deno task dev --limpio");
  }
  if (free < ROOM) throw diskFull(data, free, ROOM);
  await Deno.remove(data, { recursive: true }).catch(() => {}); // what an interrupted initdb left
  const r = await run(
    "initdb",
    "-D",
    data,
    "-U",
    "postgres",
    "-A",
    "trust",
    "-E",
    "UTF8",
    "--locale=C",
    "--no-sync",
  );
  if (r.ok) return;
  await Deno.remove(data, { recursive: true }).catch(() => {});
  throw new StartupFailure("the embedded database could not be created", r.stderr, advice(r.stderr, data));
}

/** Why a server did not come up, from the end of its log. */
export async function startFailure(home: string, stderr: string): Promise<StartupFailure> {
  const log = (await Deno.readTextFile(`${home}/postgres.log`).catch(() => "")).trim().split("\n");
  const said = log.slice(-12).filter((l) => /FATAL|PANIC|No space/.test(l)).join("\n") || stderr;
  const run = /No space left/.test(said) ? "df -h" : `tail -n 20 '${home}/postgres.log'`;
  return new StartupFailure("the embedded PostgreSQL did not start", said, run);
}

/** Bytes below a folder, for saying what was removed. */
export async function sizeOf(folder: string): Promise<number> {
  let sum = 0;
  if (!(await exists(folder))) return 0;
  for await (const e of Deno.readDir(folder)) {
    const path = `${folder}/${e.name}`;
    sum += e.isDirectory ? await sizeOf(path) : await Deno.lstat(path).then((s) => s.size, () => 0);
  }
  return sum;
}
