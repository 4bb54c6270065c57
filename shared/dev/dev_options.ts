import { parseEnv } from "node:util";
import { StartupFailure } from "../http/startup_failure.ts";

export interface DevOptions {
  /** One JSON object on the standard output in place of the screen. */
  readonly json: boolean;
  /** Ask for keys, and make one for each role. */
  readonly claves: boolean;
  /** Remove the embedded database's data first. */
  readonly limpio: boolean;
  /** Show every log line, not only warnings. */
  readonly registro: boolean;
  /** Each service as a process of its own, so many times; 0: all in one. */
  readonly micro: number;
  /** Entry points; others only in the tests of `dev` itself. */
  readonly services: string;
  readonly bff: string;
  /** Port to try first for the embedded database. */
  readonly pgPort: number;
}

const HELP = `deno task dev [--claves] [--limpio] [--registro] [--json] [--micro [--instancias=2]]

Runs the whole platform from this folder, and again on every change of a file.
  --claves    ask callers for keys (AUTH_MODE=claves): shows one for each role, and a link to sign in once
  --limpio    start from nothing: removes the data of the embedded database
  --registro  show every log line here, not only warnings
  --json      print one JSON object in place of the screen
  --micro     each service as a process of its own with its own database role (deno task dev:micro)
  --instancias=2  with --micro: two of each, which compete for the work; the second ones listen 100 ports higher
Settings are read from .env, .env.bff and the environment. With DATABASE_URL nothing embedded starts.`;

/** Reads the command line; `--help` gives the text to print. */
export function devOptions(given: readonly string[], entry: (path: string) => string): DevOptions | string {
  // `deno task dev:micro --instancias 2` is as good as `--instancias=2`.
  const args = given.flatMap((a, i) =>
    a === "--instancias" ? [`${a}=${given[i + 1] ?? ""}`] : given[i - 1] === "--instancias" ? [] : [a]
  );
  const value = (name: string) => args.findLast((a) => a.startsWith(`--${name}=`))?.slice(name.length + 3);
  if (args.includes("--help")) return HELP;
  const unknown = args.find((a) =>
    !/^--(claves|limpio|registro|json|micro|instancias=[1-9]|(services|bff|pg-port)=.+)$/.test(a)
  );
  if (unknown !== undefined) {
    throw new StartupFailure(
      `dev does not know ${unknown}`,
      "its options are --claves, --limpio, --registro, --json, --micro and --instancias=1 to 9",
      "deno task dev --help",
    );
  }
  return {
    json: args.includes("--json"),
    claves: args.includes("--claves"),
    limpio: args.includes("--limpio"),
    registro: args.includes("--registro"),
    micro: args.includes("--micro") ? Number(value("instancias") ?? 1) : 0,
    services: value("services") ?? entry("services/main.ts"),
    bff: value("bff") ?? entry("bff/main.ts"),
    pgPort: Number(value("pg-port") ?? 25432),
  };
}

/** The settings of one process: its file, where there is one, under what the environment says. */
export async function settings(
  file: URL,
  env: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const text = await Deno.readTextFile(file).catch(() => "");
  const own: Record<string, string> = {};
  for (const [k, v] of Object.entries(parseEnv(text))) if (v !== undefined && v !== "") own[k] = v;
  for (const [k, v] of Object.entries(env)) if (v !== "") own[k] = v;
  return own;
}
