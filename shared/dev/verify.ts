import { parseArgs } from "node:util";
import { z } from "zod";
import { openDatabase } from "@alpes/shared/adapters/postgres/database.ts";
import { MESSAGING_CONTROLS } from "@alpes/shared/adapters/postgres/controls.ts";
import { type Finding, verify } from "@alpes/shared/adapters/postgres/verify.ts";
import { CONTROLES_CAMPANIAS } from "@alpes/services/campanias/adapters/controles.ts";
import { CONTROLES_CLIENTE } from "@alpes/services/cliente/adapters/controles.ts";
import { CONTROLES_PAGOS } from "@alpes/services/pagos/adapters/controles.ts";
import { readConfig } from "../http/config.ts";
import { DATABASE_URL } from "../http/settings.ts";
import { orExit, StartupFailure } from "../http/startup_failure.ts";
import { dataHome } from "./places.ts";
import { running } from "./postgres_cluster.ts";

const HELP = `deno task verify [--json]

Reads the whole database of DATABASE_URL (without one, that of \`deno task dev\`, while it runs) and checks what must
always hold: the ledger, payouts, budgets, projections, messages. Names every offence; exit code 1 where there is one.`;

/** Everything that is checked, in the order in which it is. */
export const CONTROLS = [
  ...CONTROLES_PAGOS,
  ...CONTROLES_CAMPANIAS,
  ...CONTROLES_CLIENTE,
  ...MESSAGING_CONTROLS,
];

function told(findings: readonly Finding[], ms: number): string {
  const lines = findings.flatMap(({ name, count, offences, ms }) => [
    `${count === 0 ? "✓" : "✗"} ${name}${count === 0 ? "" : `: ${count}`}  ${(ms / 1_000).toFixed(1)} s`,
    ...offences.map((o) => `    ${o.id}: ${o.detail}`),
    ...(count > offences.length ? [`    … and ${count - offences.length} more`] : []),
  ]);
  const wrong = findings.reduce((a, f) => a + f.count, 0);
  const sum = wrong === 0 ? "all of it holds" : `${wrong} offences`;
  return [...lines, `${findings.length} checks in ${(ms / 1_000).toFixed(1)} s: ${sum}`].join("\n");
}

/** A bar on a terminal; nothing where nobody looks. */
function progress(done: number, name: string): void {
  if (!Deno.stderr.isTerminal()) return;
  const width = 30, full = Math.round(width * done / CONTROLS.length);
  const bar = done === CONTROLS.length
    ? "\r\x1b[K"
    : `\r\x1b[K[${"█".repeat(full)}${" ".repeat(width - full)}] ${done}/${CONTROLS.length} ${name}`;
  Deno.stderr.writeSync(new TextEncoder().encode(bar.slice(0, 200)));
}

/** The database of the `dev` that runs here. */
async function ofDev(): Promise<string> {
  const server = await running(`${dataHome()}/dev/datos`);
  if (server !== null) return `postgres://alpes_app@127.0.0.1:${server.port}/alpespartners`;
  throw new StartupFailure(
    "there is no database to check",
    "DATABASE_URL is not set, and `deno task dev` does not run",
    "deno task dev",
  );
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    args: Deno.args,
    options: { json: { type: "boolean" }, help: { type: "boolean" } },
  });
  if (values.help) return console.log(HELP);
  const { DATABASE_URL: given } = readConfig(
    z.object({ DATABASE_URL: DATABASE_URL.optional() }),
    Deno.env.toObject(),
  );
  const url = given ?? await ofDev();
  await using db = openDatabase({ url, max: 1, name: "verify" });
  const started = performance.now();
  const findings = await verify(db, CONTROLS, progress);
  const ms = performance.now() - started;
  console.log(values.json ? JSON.stringify({ ms, findings }, null, 2) : told(findings, ms));
  if (findings.some((f) => f.count > 0)) Deno.exitCode = 1;
}

if (import.meta.main) {
  await orExit(main);
  Deno.exit();
}
