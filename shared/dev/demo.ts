import { orExit, StartupFailure } from "../http/startup_failure.ts";
import { type Answer, type Api, assertRunning, bffUrl, dig, httpApi, reason } from "./demo_api.ts";
import { campanias } from "./demo_campanias.ts";
import { field, status, Unexpected } from "./demo_checks.ts";
import { readClientes, refusals, registrarClientes } from "./demo_clientes.ts";
import { partners } from "./demo_partners.ts";
import { progress } from "./demo_progress.ts";
import type { Report, Scenario, World } from "./demo_scenario.ts";
import { money, paint, table } from "./demo_table.ts";

interface Row {
  readonly name: string;
  readonly seconds: string;
  readonly result: Report | Unexpected;
}

/** How long the demo waits for an outcome that comes later. The slowest one takes ten seconds by contract. */
const PATIENCE = 30_000;

/**
 * `deno task demo`: drives the running system over HTTP alone, as an API consumer would, and says what happened. It ends
 * with code 1 when any outcome is not the one that the contract says.
 */
async function demo(api: Api): Promise<boolean> {
  await assertRunning(api);
  const p = paint();
  console.log(`${p.bold("Alpes Partners demo")} against ${api.base}\n`);
  const started = performance.now();

  const filas = await readClientes();
  const say = progress();
  const rows: Row[] = [];
  rows.push(
    await tell("people and companies are registered", async () => {
      const { nuevos, repetidos } = await registrarClientes(
        api,
        filas,
        (done, all) => say(`clients ${done}/${all}`),
      );
      const outcome = [
        nuevos > 0 ? `${nuevos} × 201` : "",
        repetidos > 0 ? `${repetidos} × 200, they stood` : "",
      ];
      const first = filas[0]?.cuerpo.id ?? "";
      return { ids: `${first} …`, amount: "–", outcome: outcome.filter((o) => o !== "").join(", ") };
    }),
  );
  const scenarios: Scenario[] = [...refusals(filas), ...campanias, ...partners];
  const world: World = { api, prefix: "demo", patience: PATIENCE, calm: true };
  let done = 0;
  rows.push(
    ...await Promise.all(scenarios.map(async (s) => {
      const row = await tell(s.name, () => s.run(world));
      say(`outcomes ${++done}/${scenarios.length}`);
      return row;
    })),
  );
  const panel = await tell(
    "the dashboard adds it up",
    () => dashboard(api, filas.filter((f) => f.esperado === 201).length),
  );
  say("");

  for (const line of rendered([...rows, panel])) console.log(line);
  const failed = [...rows, panel].flatMap(({ name, result }) =>
    result instanceof Unexpected ? [{ name, result }] : []
  );
  for (const { name, result } of failed) {
    console.log(`\n${p.bad(`✗ ${name}`)}\n  at:       ${result.what}\n  expected: ${result.expected}`);
    console.log(`  got:      ${result.got}\n  request:  X-Request-Id ${result.requestId}`);
  }
  if (!(panel.result instanceof Unexpected)) {
    console.log(`\n${p.bold("Dashboard")}`);
    for (const line of figures(await api.send("GET", "/api/v1/dashboard"))) console.log(line);
  }
  const seconds = Math.round((performance.now() - started) / 1_000);
  const good = rows.length + 1 - failed.length;
  const summary = `${good} as the contract says, ${failed.length} not; ${seconds} s`;
  console.log(`\n${failed.length === 0 ? p.good(`✓ ${summary}`) : p.bad(`✗ ${summary}`)}`);
  return failed.length === 0;
}

/** An outcome that is not the contract's becomes a row; anything else is no outcome, and ends the demo. */
async function tell(name: string, run: () => Promise<Report>): Promise<Row> {
  const start = performance.now();
  const result = await run().catch((e: unknown) => {
    if (e instanceof Unexpected) return e;
    throw e instanceof TypeError || e instanceof DOMException
      ? new StartupFailure("the platform stopped answering", reason(e), "deno task dev", { cause: e })
      : e;
  });
  return { name, result, seconds: `${((performance.now() - start) / 1_000).toFixed(1)} s` };
}

function rendered(rows: readonly Row[]): string[] {
  const p = paint();
  const cells = rows.map(({ name, seconds, result }) =>
    result instanceof Unexpected
      ? [`✗ ${name}`, result.got.slice(0, 36), "–", seconds, ""]
      : [`✓ ${name}`, result.outcome, result.amount, seconds, result.ids]
  );
  const [heads = "", ...lines] = table(["What", "Outcome", "Amount", "Took", "Id"], cells, {
    right: ["Amount", "Took"],
  });
  const mark = (line: string) => line.startsWith("✗") ? p.bad(line) : line.replace("✓", p.good("✓"));
  return [p.dim(heads), ...lines.map(mark)];
}

/** Real figures that hold at least what this demo has just done, and no service missing. */
async function dashboard(api: Api, atLeast: number): Promise<Report> {
  const a = field(status(await api.send("GET", "/api/v1/dashboard"), 200), "advertencias", []);
  const clientes = Number(dig(a.body, "total_clientes"));
  if (!(clientes >= atLeast - 7)) {
    throw new Unexpected(
      `${a.request}, total_clientes`,
      `${atLeast - 7} or more`,
      String(clientes),
      a.requestId,
    );
  }
  return { ids: "", amount: "–", outcome: `${clientes} clientes, no warning` };
}

function figures(a: Answer): string[] {
  const monto = dig(a.body, "monto_total_procesado");
  const rows = [
    "total_clientes",
    "clientes_activos",
    "total_campanias",
    "campanias_activas",
    "campanias_completadas",
    "total_pagos",
    "pagos_pendientes",
  ].map((n) => [n, String(dig(a.body, n))]);
  const sums = Array.isArray(monto) ? monto.map((m) => ["monto_total_procesado", money(m)]) : [];
  return table(["Figure", "Value"], [...rows, ...sums], { right: ["Value"] });
}

if (import.meta.main) await orExit(async () => Deno.exit(await demo(httpApi(bffUrl())) ? 0 : 1));
