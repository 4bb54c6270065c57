import { exists } from "@alpes/shared/dev/places.ts";
import { StartupFailure } from "@alpes/shared/http/startup_failure.ts";
import type { Target } from "./stack.ts";

const HERE = new URL("./", import.meta.url).pathname;
const VERSION = "4.32.5";

/** Puts the fuzzer, at the versions of requirements.txt, into an environment of its own; gives its program. */
export async function installSchemathesis(home: string): Promise<string> {
  const venv = `${home}/schemathesis-${VERSION}`;
  await Deno.mkdir(home, { recursive: true });
  using lock = await Deno.open(`${venv}.lock`, { create: true, write: true });
  await lock.lock(true);
  if (!await exists(`${venv}/complete`)) {
    await run("python3", ["-m", "venv", "--clear", venv]);
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"];
    await run(`${venv}/bin/python`, [...pip, "-r", `${HERE}requirements.txt`]);
    await Deno.writeTextFile(`${venv}/complete`, "");
  }
  return `${venv}/bin/st`;
}

async function run(program: string, args: readonly string[]): Promise<void> {
  const missing = new StartupFailure(
    "schemathesis cannot be installed",
    `${program} is missing, or has no venv`,
    "apt-get install python3-venv",
  );
  const r = await new Deno.Command(program, { args: [...args], stdin: "null" }).output().catch((e) => {
    if (e instanceof Deno.errors.NotFound) throw missing;
    throw e;
  });
  if (r.success) return;
  const said = new TextDecoder().decode(r.stderr).trim();
  if (said.includes("ensurepip")) throw missing;
  throw new StartupFailure(
    "schemathesis cannot be installed",
    said.split("\n").at(-1) ?? `${program} failed`,
    `python3 -m venv x && x/bin/pip install schemathesis==${VERSION}`,
  );
}

export interface Round {
  /** Requests whose answers were checked. */
  readonly cases: number;
  /** Findings and errors, each with how to see it again. */
  readonly findings: readonly string[];
  /** All that it wrote. */
  readonly text: string;
}

export interface RoundOptions {
  /** For each operation, and chains of calls. */
  readonly examples: number;
  /** Whether the edge cases of each parameter, some fifty an operation, are tried as well. */
  readonly edges: boolean;
  readonly seed: number;
}

/** Fuzzes one process by its own document: examples, edge cases, random cases, and chains of calls. */
export async function fuzz(st: string, target: Target, o: RoundOptions): Promise<Round> {
  const report = await Deno.makeTempFile({ suffix: ".json" });
  try {
    const headers = target.clave === null ? [] : ["-H", `Authorization: Bearer ${target.clave}`];
    // Where nobody is asked who he is, to say nothing is no fault.
    const open = ["--generation-with-security-parameters", "false", "--exclude-checks", "ignored_auth"];
    const { code, stdout, stderr } = await new Deno.Command(st, {
      args: [
        ...["--config-file", `${HERE}schemathesis.toml`, "run", `${target.url}/spec`],
        ...headers,
        // As if from elsewhere: what is open to this machine alone must not be.
        ...["-H", "X-Forwarded-For: 203.0.113.9"],
        ...(target.clave === null ? open : []),
        ...["--phases", o.edges ? "examples,coverage,fuzzing,stateful" : "fuzzing,stateful"],
        ...["--max-examples", String(o.examples), "--seed", String(o.seed), "--continue-on-failure"],
        ...["--report", "json", "--report-json-path", report, "--no-color", "--no-shrink"],
      ],
      cwd: await Deno.makeTempDir(),
      env: { PYTHONDONTWRITEBYTECODE: "1" },
      stdin: "null",
    }).output();
    const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    return { ...read(await Deno.readTextFile(report), code), text };
  } finally {
    await Deno.remove(report);
  }
}

/** What the report says; a run that ended badly without a finding is one. */
function read(report: string, code: number): Omit<Round, "text"> {
  const json: unknown = report === "" ? {} : JSON.parse(report);
  const at = (o: unknown, ...path: string[]): unknown =>
    path.reduce<unknown>((v, name) => Reflect.get(Object(v), name), o);
  const list = (name: string): unknown[] => {
    const v = at(json, name);
    return Array.isArray(v) ? v : [];
  };
  const findings = [
    ...list("failures").map((f) => `${at(f, "title")}: ${at(f, "operations")}`),
    ...list("errors").map((e) => `${at(e, "count")} × ${at(e, "title")}`),
  ];
  if (code !== 0 && findings.length === 0) findings.push(`schemathesis ended with code ${code}`);
  return { cases: Number(at(json, "test_cases", "generated") ?? 0), findings };
}
