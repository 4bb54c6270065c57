import { parseArgs } from "node:util";
import { countsLine } from "@alpes/shared/dev/junit.ts";
import { dataHome } from "@alpes/shared/dev/places.ts";
import { orExit } from "@alpes/shared/http/startup_failure.ts";
import { fuzz, installSchemathesis } from "./schemathesis.ts";
import { type Modo, type Proceso, startTargets, type Target } from "./stack.ts";

const HELP =
  `deno task test:fuzz [--completo] [--casos <n>] [--semilla <n>] [--solo <process>] [--modo claves|ninguna]

Starts the platform as real processes, and lets schemathesis do its worst to each by its own OpenAPI document. At least
2,000 cases a process, or with --completo 20,000, and then every process with AUTH_MODE=claves and with ninguna: some ten
minutes each, so that --solo and --modo take one of the ten at a time.`;

const PROCESOS = ["alpespartners", "bff", "cliente", "pagos", "campanias"] as const;
/** Each process once; with --completo, every process both ways. */
const CORTO: readonly (readonly [Modo, readonly Proceso[]])[] = [
  ["claves", ["alpespartners", "bff"]],
  ["ninguna", ["cliente", "pagos", "campanias"]],
];
const COMPLETO = (["claves", "ninguna"] as const).map((modo) => [modo, PROCESOS] as const);

/** Examples an operation in the first round, beside the edge cases. */
const EXAMPLES = 12;
/** And where there are none: in later rounds, which would repeat them, and where each service has had them already. */
const EXAMPLES_ALONE = 32;
/** Of the fuzzer, which is busier than what it fuzzes. */
const AT_ONCE = 2;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      completo: { type: "boolean", default: false },
      casos: { type: "string" },
      semilla: { type: "string", default: "1" },
      solo: { type: "string" },
      modo: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(HELP);
  const wanted = Number(values.casos ?? (values.completo ? 20_000 : 2_000));
  const st = await installSchemathesis(`${dataHome()}/fuzz`);
  let passed = 0, failed = 0;
  const tell = (ok: boolean, line: string) => {
    if (ok) passed++;
    else failed++;
    console.log(`${ok ? "✓" : "✗"} ${line}`);
  };
  for (const [modo, all] of values.completo ? COMPLETO : CORTO) {
    const procesos = all.filter((p) => values.solo === undefined || values.solo === p);
    if (procesos.length === 0 || (values.modo ?? modo) !== modo) continue;
    await using stack = await startTargets(modo, procesos);
    const waiting = [...stack.targets];
    await Promise.all(Array.from({ length: AT_ONCE }, async () => {
      for (let t = waiting.shift(); t !== undefined; t = waiting.shift()) {
        const edges = values.completo || t.proceso !== "alpespartners";
        const r = await fuzzed(st, t, wanted, Number(values.semilla), edges);
        tell(r.ok, `${t.proceso}, ${modo}: ${r.line}`);
      }
    }));
    const faults = stack.faults();
    tell(faults.length === 0, `${modo}: no process wrote an error${faults.map((f) => `\n  ${f}`).join("")}`);
  }
  if (passed + failed === 0) tell(false, "nothing was asked for: no such process, or not that way (--help)");
  console.log(countsLine({ passed, failed, skipped: 0 }));
  Deno.exitCode = failed === 0 ? 0 : 1;
}

/** Rounds with one seed after the other until there are cases enough, or a finding. */
async function fuzzed(st: string, t: Target, wanted: number, first: number, edges: boolean) {
  const started = performance.now();
  let cases = 0;
  for (let seed = first;; seed++) {
    const withEdges = edges && seed === first;
    const examples = withEdges ? EXAMPLES : wanted > 10_000 ? 100 : EXAMPLES_ALONE;
    const r = await fuzz(st, t, { examples, edges: withEdges, seed });
    cases += r.cases;
    const line = `${cases} cases in ${Math.round((performance.now() - started) / 1_000)} s`;
    if (r.findings.length > 0) {
      return {
        ok: false,
        line: `${line}, seed ${seed}\n  ${[...new Set(r.findings)].join("\n  ")}\n\n${r.text}`,
      };
    }
    if (r.cases === 0) return { ok: false, line: `no case at all\n\n${r.text}` };
    if (cases >= wanted) return { ok: true, line };
  }
}

await orExit(main);
Deno.exit();
