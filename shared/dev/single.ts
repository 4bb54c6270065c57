import type { Running } from "./screen.ts";

/** What the one `dev` of a machine leaves for the next: how it runs, and whom it started. */
export interface DevState {
  readonly pid: number;
  readonly children: readonly number[];
  /** `null` while it is starting. */
  readonly running: Running | null;
}

/** The right to be the one `dev` on these ports, held until the process ends, however it does. */
export interface Turn extends Disposable {
  /** What somebody who did not end properly left. */
  readonly left: DevState | null;
  write(state: DevState): void;
}

const read = (file: string): DevState | null => {
  try {
    return JSON.parse(Deno.readTextFileSync(file));
  } catch {
    return null;
  }
};
const sleep = (ms: number) => new Promise((r) => setTimeout(r, ms));

/**
 * Takes the turn, or gives what already runs once it does. Waits for one that is just starting or just stopping, and,
 * with `patienceMs`, for one that runs.
 */
export async function takeTurn(path: string, patienceMs: number): Promise<Turn | Running> {
  const lock = await Deno.open(`${path}.lock`, { create: true, write: true });
  const file = `${path}.json`;
  for (const since = performance.now();; await sleep(100)) {
    if (lock.tryLockSync(true)) break;
    const running = read(file)?.running;
    if (running && performance.now() - since >= patienceMs) {
      lock.close();
      return running;
    }
  }
  return {
    left: read(file),
    write: (state) => Deno.writeTextFileSync(file, JSON.stringify(state)),
    [Symbol.dispose]() {
      try {
        Deno.removeSync(file);
      } catch { /* it was never written */ }
      lock.close();
    },
  };
}

export const isTurn = (t: Turn | Running): t is Turn => "write" in t;

/**
 * Ends the children of a `dev` that was killed. They notice by themselves within a second; what is still there after
 * three, and is what we started, is killed. Gives how many that were.
 */
export async function clearLeft(left: DevState | null): Promise<number> {
  let killed = 0;
  for (const pid of left?.children ?? []) {
    for (let i = 0; i < 30 && await isOurs(pid); i++) await sleep(100);
    if (!await isOurs(pid)) continue;
    Deno.kill(pid, "SIGKILL");
    killed++;
  }
  return killed;
}

async function isOurs(pid: number): Promise<boolean> {
  if (Deno.build.os === "windows") return false;
  const r = await new Deno.Command("ps", { args: ["-o", "stat=,args=", "-p", String(pid)], stderr: "null" })
    .output()
    .catch(() => null);
  const line = r === null ? "" : new TextDecoder().decode(r.stdout).trim();
  return /^[^Z]/.test(line) && / run .*\.ts\b/.test(line);
}
