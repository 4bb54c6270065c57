import { StartupFailure } from "./startup_failure.ts";

/** Who listens on a port, where the system lets us see it (Linux, own processes or as root). */
export interface PortOwner {
  readonly pid: number;
  /** The start of its command line. */
  readonly command: string;
}

/** `null` where nobody does, or where it cannot be seen. */
export async function portOwner(port: number): Promise<PortOwner | null> {
  if (Deno.build.os !== "linux") return null;
  try {
    const inodes = new Set([
      ...await listeners("/proc/net/tcp", port),
      ...await listeners("/proc/net/tcp6", port),
    ]);
    if (inodes.size === 0) return null;
    for await (const { name } of Deno.readDir("/proc")) {
      if (/^\d+$/.test(name) && await holds(name, inodes)) {
        const command = (await Deno.readTextFile(`/proc/${name}/cmdline`)).replaceAll("\0", " ").trim();
        return { pid: Number(name), command: command.slice(0, 120) };
      }
    }
  } catch { /* without the permission to look we say less, not something else */ }
  return null;
}

/** Inodes of the sockets that listen (state 0A) on the port, from the kernel's table. */
async function listeners(table: string, port: number): Promise<string[]> {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const lines = await Deno.readTextFile(table).catch(() => "");
  return lines.split("\n").flatMap((line) => {
    const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
    return local?.endsWith(wanted) && state === "0A" && inode ? [`socket:[${inode}]`] : [];
  });
}

async function holds(pid: string, inodes: ReadonlySet<string>): Promise<boolean> {
  try {
    for await (const fd of Deno.readDir(`/proc/${pid}/fd`)) {
      const target = await Deno.readLink(`/proc/${pid}/fd/${fd.name}`).catch(() => "");
      if (inodes.has(target)) return true;
    }
  } catch { /* another user's process, or one that just ended */ }
  return false;
}

/** The complaint about a taken port: names the process and the line that frees it. */
export async function portTaken(servicio: string, host: string, port: number): Promise<StartupFailure> {
  const owner = await portOwner(port);
  const what = `${servicio} cannot listen on ${host}:${port}`;
  return owner
    ? new StartupFailure(what, `process ${owner.pid} holds the port: ${owner.command}`, `kill ${owner.pid}`)
    : new StartupFailure(
      what,
      "another process holds the port",
      Deno.build.os === "linux"
        ? `ss -ltnp 'sport = :${port}'`
        : Deno.build.os === "windows"
        ? `netstat -ano | findstr :${port}`
        : `lsof -nP -iTCP:${port} -sTCP:LISTEN`,
    );
}
