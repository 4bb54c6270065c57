import { parseArgs } from "node:util";
import type { Tx } from "@alpes/shared/adapters/postgres/database.ts";
import { orExit } from "@alpes/shared/http/startup_failure.ts";
import {
  atRest,
  type Figure,
  openLoopLatency,
  sagaCrowd,
  sagaOneByOne,
  transactionsInBulk,
} from "./flows.ts";
import { load } from "./machine.ts";
import { startPares } from "./pares/main.ts";
import { memoryOverTime } from "./memory.ts";
import { atScale } from "./scale.ts";
import { measures, READABLE, seedClientes } from "./measures.ts";
import { openPgbench } from "./pgbench.ts";
import { settled, startPlatform } from "./platform.ts";
import { comparison, type Report, table } from "./report.ts";
import { idOf, lines, type Sample } from "./sample.ts";

const USAGE =
  `deno task bench [--breve] [--rondas N] [--segundos N] [--solo TEXT] [--sin-flujos] [--escala N] [--memoria N] [--pares] [--sentencias] [--json FILE] [--compara FILE]
  --breve      one short round: to see where something stands, not to quote it
  --solo       only measures whose "name @connections" holds TEXT, and their limits
  --sentencias after each measure, the statements that cost PostgreSQL most
  --escala     lists, search and counts at so many clientes against 10,000: 1000000
  --memoria    what alpespartners holds over N minutes of a steady load, and whether it grows: 10
  --pares      beside them a minimal axum (built with cargo) and a minimal Fastify that do the same with a commit a request
  --sin-flujos no sagas, bulk, open loop
  --json       where the figures are written (banco.json)
  --compara    an earlier run's file: what changed, and whether it is more than noise`;

const { values: o } = parseArgs({
  args: Deno.args,
  options: {
    breve: { type: "boolean", default: false },
    rondas: { type: "string" },
    segundos: { type: "string" },
    solo: { type: "string" },
    "sin-flujos": { type: "boolean", default: false },
    json: { type: "string", default: "banco.json" },
    compara: { type: "string" },
    escala: { type: "string" },
    memoria: { type: "string" },
    pares: { type: "boolean", default: false },
    sentencias: { type: "boolean", default: false },
    puerto: { type: "string", default: "25833" },
    help: { type: "boolean", default: false },
  },
});

await orExit(async () => {
  if (o.help) return console.log(USAGE);
  const seconds = Number(o.segundos ?? (o.breve ? 3 : 8));
  const rounds = Number(o.rondas ?? (o.breve ? 1 : 3));
  const before = load();
  const say = (what: string) => console.error(what);

  await using p = await startPlatform(Number(o.puerto), o.sentencias);
  const pgbench = await openPgbench(p.postgres.port);
  await seedClientes(p, READABLE);
  await using others = new AsyncDisposableStack();
  const pares = o.pares
    ? await startPares(
      `postgres://postgres@127.0.0.1:${p.postgres.port}/banco`,
      Number(o.puerto) + 60,
      others,
      say,
    )
    : [];
  const every = measures(p, pgbench, pares);
  const wanted = every.filter((m) => o.solo === undefined || idOf(m).includes(o.solo));
  const limits = new Set(wanted.map((m) => m.limit));
  const chosen = every.filter((m) => wanted.includes(m) || limits.has(idOf(m)));

  // What is compiled and cached on the first requests is no figure of any round.
  for (const m of chosen) if (m.connections === 64 && !m.name.startsWith("pgbench")) await m.run(2);
  const samples: Map<string, Sample>[] = [];
  for (let round = 1; round <= rounds; round++) {
    const these = new Map<string, Sample>();
    samples.push(these);
    for (const m of chosen) {
      await settled(p);
      if (o.sentencias) await p.admin.query("select pg_stat_statements_reset()");
      const s = await m.run(seconds);
      these.set(idOf(m), s);
      if (o.sentencias) console.log(`\n${idOf(m)}\n${await costliest(p.admin)}`);
      say(
        `${round}/${rounds} ${idOf(m)}: ${Math.round(s.rate)}/s${s.errors > 0 ? `, ${s.errors} errors` : ""}`,
      );
    }
  }
  const found = lines(chosen, samples);

  const figures: Figure[] = [];
  const rate = found.find((l) => l.name === "POST /cliente/registrar" && l.connections === 64)?.rate ?? 1_000;
  const flows: (() => Promise<Figure[]>)[] = o["sin-flujos"] ? [] : [
    () => openLoopLatency(p, rate / 3, o.breve ? 3 : 10),
    () => sagaOneByOne(p, o.breve ? 30 : 200),
    () => sagaCrowd(p, o.breve ? 1_000 : 10_000),
    () => transactionsInBulk(p, o.breve ? 20 : 100),
    () => atRest(p, o.breve ? 5 : 20),
  ];
  if (o.escala !== undefined) flows.push(() => atScale(p, Number(o.escala)));
  if (o.memoria !== undefined) flows.push(() => memoryOverTime(p, 50, Number(o.memoria)));
  for (const flow of flows) {
    await settled(p);
    if (o.sentencias) await p.admin.query("select pg_stat_statements_reset()");
    const f = await flow();
    if (o.sentencias) console.log(`\n${f[0]?.name}\n${await costliest(p.admin)}`);
    figures.push(...f);
    for (const { name, value, unit } of f) say(`${name}: ${value} ${unit}`);
  }
  const report: Report = {
    at: new Date().toISOString(),
    revision: await revision(),
    cores: navigator.hardwareConcurrency,
    load: before,
    seconds,
    rounds,
    lines: found,
    figures,
  };
  await Deno.writeTextFile(o.json, JSON.stringify(report, null, 1) + "\n");
  console.log(table(report));
  if (o.compara !== undefined) {
    console.log(`\n${comparison(JSON.parse(await Deno.readTextFile(o.compara)), report)}`);
  }
});

/** By time in the server: calls, rows, mean ms, and how they begin. */
async function costliest(db: Tx): Promise<string> {
  const rows = await db.query<{ calls: bigint; rows: bigint; total: number; mean: number; query: string }>(
    `select calls, rows, total_exec_time + total_plan_time as total, mean_exec_time as mean,
            left(regexp_replace(query, '\\s+', ' ', 'g'), 150) as query
       from public.pg_stat_statements where dbid = (select oid from pg_database where datname = current_database())
      order by 3 desc limit 25`,
  );
  return rows.map((r) =>
    [
      r.total.toFixed(0).padStart(7),
      String(r.calls).padStart(7),
      String(r.rows).padStart(8),
      r.mean.toFixed(3).padStart(9),
      r.query,
    ].join(" ")
  ).join("\n");
}

async function revision(): Promise<string> {
  const args = ["describe", "--always", "--dirty"];
  const r = await new Deno.Command("git", { args, stderr: "null" }).output().catch(() => null);
  return r === null || !r.success ? "?" : new TextDecoder().decode(r.stdout).trim();
}
