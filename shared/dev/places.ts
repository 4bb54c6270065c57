import { statfs } from "node:fs/promises";

/**
 * Where this machine keeps what `dev` and `test` store: servers, data, locks. `ALPESPARTNERS_DATOS` overrides it. Root
 * keeps it outside `/root`, because PostgreSQL runs as somebody who may not look in there.
 */
export function dataHome(): string {
  const env = (name: string) => Deno.env.get(name) || undefined;
  const own = env("ALPESPARTNERS_DATOS");
  if (own !== undefined) return own;
  if (Deno.build.os === "windows") return `${env("LOCALAPPDATA") ?? env("USERPROFILE")}\\alpespartners`;
  if (Deno.uid() === 0) return "/var/lib/alpespartners";
  if (Deno.build.os === "darwin") return `${env("HOME")}/Library/Application Support/alpespartners`;
  return `${env("XDG_DATA_HOME") ?? `${env("HOME")}/.local/share`}/alpespartners`;
}

export const exists = (path: string): Promise<boolean> => Deno.stat(path).then(() => true, () => false);

/** Bytes that may still be written where `path` (or its nearest existing parent) lies. */
export async function freeBytes(path: string): Promise<number> {
  for (let p = path;; p = p.replace(/[\\/][^\\/]*$/, "") || "/") {
    if (!(await exists(p))) continue;
    const s = await statfs(p);
    return s.bavail * s.bsize;
  }
}

export interface Account {
  readonly uid: number;
  readonly gid: number;
  readonly name: string;
}

/** Whom PostgreSQL runs as when we are root (it refuses root): `null` when we are not, `undefined` when nobody fits. */
export async function unprivileged(passwd = "/etc/passwd"): Promise<Account | null | undefined> {
  if (Deno.build.os === "windows" || Deno.uid() !== 0) return null;
  const rows = (await Deno.readTextFile(passwd)).split("\n").map((l) => l.split(":"));
  for (const name of ["postgres", "nobody"]) {
    const row = rows.find((r) => r[0] === name);
    if (row) return { name, uid: Number(row[2]), gid: Number(row[3]) };
  }
  return undefined;
}
