import { orExit, StartupFailure } from "../http/startup_failure.ts";
import { construirConsola } from "./consola.ts";
import { PROCESSES } from "./processes.ts";

const ROOT = new URL("../../", import.meta.url);
/** Linux, by the names that Docker has for the machines. */
const TARGETS = { amd64: "x86_64-unknown-linux-gnu", arm64: "aarch64-unknown-linux-gnu" } as const;

/** The arguments of `deno` that make one binary, with its permissions and migrations in it. */
export function compileArgs(name: string, target: string, output: string): string[] {
  const process = PROCESSES[name];
  if (process === undefined) {
    const known = Object.keys(PROCESSES).join(", ");
    throw new StartupFailure(`there is no process ${name}`, `there are ${known}`, "deno task compile");
  }
  return [
    "compile",
    "--exclude-unused-npm",
    ...process.permissions,
    ...process.migrations ? ["--include", "migrations"] : [],
    ...process.consola ? ["--include", "bff/web/dist"] : [],
    "--target",
    target,
    "--output",
    output,
    process.entry,
  ];
}

/** `deno task compile [name…] [--target=amd64|arm64] [--out=folder]`: one binary per process, for Linux. */
async function main(): Promise<void> {
  const value = (flag: string) => Deno.args.find((a) => a.startsWith(`--${flag}=`))?.slice(flag.length + 3);
  const named = Deno.args.filter((a) => !a.startsWith("--"));
  const names = named.length > 0 ? named : Object.keys(PROCESSES);
  const wanted = value("target");
  const targets = Object.entries(TARGETS).filter(([t]) => wanted === undefined || t === wanted);
  if (targets.length === 0) {
    throw new StartupFailure(
      `there is no target ${wanted}`,
      "there are amd64 and arm64",
      "deno task compile",
    );
  }
  if (names.some((n) => PROCESSES[n]?.consola)) await construirConsola(ROOT);
  for (const [short, target] of targets) {
    for (const name of names) {
      const output = `${value("out") ?? "dist"}/${wanted === undefined ? `${short}/` : ""}${name}`;
      const { success } = await new Deno.Command(Deno.execPath(), {
        args: compileArgs(name, target, output),
        cwd: ROOT.pathname,
      }).spawn().status;
      if (!success) {
        const why = `deno compile ended badly; it needs denort, which it downloads from dl.deno.land`;
        throw new StartupFailure(`${name} could not be compiled`, why, `deno task bundle ${name}`);
      }
      console.log(output);
    }
  }
}

if (import.meta.main) await orExit(main);
