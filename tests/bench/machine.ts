const TICK_US = 10_000;

interface Stat {
  readonly ppid: number;
  /** Own time, and that of children that ended and were waited for; µs. */
  readonly own: number;
  readonly children: number;
}
function stat(pid: number): Stat | null {
  try {
    const text = Deno.readTextFileSync(`/proc/${pid}/stat`);
    const f = text.slice(text.lastIndexOf(")") + 2).split(" ").map(Number);
    const at = (i: number) => f[i] ?? 0;
    return { ppid: at(1), own: (at(11) + at(12)) * TICK_US, children: (at(13) + at(14)) * TICK_US };
  } catch {
    return null;
  }
}

/** CPU time of one process, µs. */
export const cpuOf = (pid: number): number => stat(pid)?.own ?? 0;

/** CPU time of a PostgreSQL: the postmaster, its backends that live, and those that ended; µs. */
export function cpuOfServer(postmaster: number): number {
  const master = stat(postmaster);
  if (master === null) return 0;
  let sum = master.own + master.children;
  for (const { name } of Deno.readDirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const s = stat(Number(name));
    if (s?.ppid === postmaster) sum += s.own;
  }
  return sum;
}

/** Memory that a process holds, and the most it ever held; MiB. */
export function memoryOf(pid: number): { readonly now: number; readonly most: number } {
  const text = Deno.readTextFileSync(`/proc/${pid}/status`);
  const of = (name: string) =>
    Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(text)?.[1] ?? 0) / 1024);
  return { now: of("VmRSS"), most: of("VmHWM") };
}

/** How busy the machine is with others' work before we begin: 1-minute load average. */
export const load = (): number => Math.round((Deno.loadavg()[0] ?? 0) * 100) / 100;
