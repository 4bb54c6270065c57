import { closedLoop, openLoop, quantile, wires } from "@alpes/shared/testing/load.ts";
import { cpuOf, memoryOf } from "./machine.ts";
import { READABLE } from "./measures.ts";
import type { Platform } from "./platform.ts";

/** One figure that is no rate of one kind of request. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What the issue asks for, as it says it. */
  readonly goal: string;
  readonly holds: boolean;
}
export const figure = (name: string, value: number, unit: string, goal: string, holds: boolean): Figure => ({
  name,
  value: Math.round(value * 100) / 100,
  unit,
  goal,
  holds,
});
const sleep = (ms: number) => new Promise((r) => setTimeout(r, ms));

const campaign = (id: string) => ({
  method: "POST",
  path: "/campanias/crear",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify({
    idCampania: id,
    // One cliente each, as a crowd is.
    idCliente: `banco-${1 + Math.floor(Math.random() * READABLE)}`,
    nombre: "Lanzamiento",
    itinerario: [{ semana: 1 }],
    presupuesto: { valor: "1000.00", moneda: "USD" },
    anticipo: { valor: "100.00", moneda: "USD" },
  }),
});

/** What an automatic payment waits for an explicit one to take its place, and what the simulated provider takes; ms. */
const AWAITED = 530;

/** Created → APROBADA one at a time, as who waits for it sees it. */
export async function sagaOneByOne(p: Platform, times: number): Promise<Figure[]> {
  using http = wires(p.services.url);
  const ms: number[] = [];
  for (let i = 0; i < times; i++) {
    const id = `banco-uno-${crypto.randomUUID().slice(0, 13)}`;
    const start = performance.now();
    await http.fire(campaign(id));
    for (let seen = ""; !seen.includes('"APROBADA"');) {
      if (performance.now() - start > 30_000) throw new Error(`${id} was not approved: ${seen}`);
      await sleep(2);
      seen = (await http.fire({ method: "GET", path: `/campanias/${id}` })).body;
    }
    ms.push(performance.now() - start);
  }
  const [p50, p99] = [quantile(ms, 0.5), quantile(ms, 0.99)];
  return [
    figure(
      "campaign created → APROBADA, one at a time, p50",
      p50,
      "ms",
      `≤ 25 beyond ${AWAITED}`,
      p50 <= 25 + AWAITED,
    ),
    figure(
      "campaign created → APROBADA, one at a time, p99",
      p99,
      "ms",
      `≤ 100 beyond ${AWAITED}`,
      p99 <= 100 + AWAITED,
    ),
  ];
}

/** Many at once: how many a second become APROBADA, and whether any does not. */
export async function sagaCrowd(p: Platform, count: number): Promise<Figure[]> {
  const prefix = `banco-m-${crypto.randomUUID().slice(0, 8)}`;
  const start = performance.now();
  let next = 0;
  const hits = await closedLoop(
    p.services.url,
    32,
    600_000,
    () => campaign(`${prefix}-${next++}`),
    () => next >= count,
  );
  const created = hits.filter((h) => h.status === 202 || h.status === 201).length;
  let approved = 0;
  while (approved < created && performance.now() - start < 60_000 + count * 50) {
    await sleep(100);
    const [row] = await p.admin.query<{ n: number }>(
      "select count(*)::int as n from campanias.campanias where id like $1 and estado = 'APROBADA'",
      [`${prefix}-%`],
    );
    approved = row?.n ?? 0;
  }
  const rate = approved / ((performance.now() - start) / 1_000);
  return [
    figure(`${count} campaigns at once, APROBADA`, rate, "a second", "≥ 200", rate >= 200),
    figure(`${count} campaigns at once, lost`, created - approved, "campaigns", "0", created === approved),
    figure(`${count} campaigns at once, turned away`, hits.length - created, "requests", "", true),
  ];
}

/** Commissions, a thousand a request, four at a time. */
export async function transactionsInBulk(p: Platform, requests: number): Promise<Figure[]> {
  const run = crypto.randomUUID().slice(0, 8);
  const bodies = Array.from({ length: requests }, (_, r) =>
    JSON.stringify({
      transacciones: Array.from({ length: 1_000 }, (_, i) => ({
        id: `t-${run}-${r}-${i}`,
        partner_id: `socio-${run}-${(r * 1_000 + i) % 250}`,
        event_type: "SALE",
        monto_original: { valor: "100.00", moneda: "USD" },
        comision: { valor: "7.50", moneda: "USD" },
      })),
    }));
  let next = 0;
  const start = performance.now();
  const hits = await closedLoop(
    p.services.url,
    4,
    600_000,
    () => ({
      method: "POST",
      path: "/pagos/transacciones",
      headers: { "Content-Type": "application/json" },
      body: bodies[next++ % requests] ?? "",
    }),
    () => next >= requests,
  );
  const good = hits.filter((h) => h.status === 201).length;
  const rate = good * 1_000 / ((performance.now() - start) / 1_000);
  return [
    figure("transactions, 1,000 a request", rate, "a second", "≥ 8,000", rate >= 8_000),
    figure("transactions, requests refused", hits.length - good, "requests", "0", good === hits.length),
  ];
}

/** Registrations that come at a given rate whatever the answers do: the latency that a caller sees. */
export async function openLoopLatency(p: Platform, rate: number, seconds: number): Promise<Figure[]> {
  const run = Date.now() % 1e9;
  const hits = await openLoop(p.services.url, rate, seconds * 1_000, (i) => ({
    method: "POST",
    path: "/cliente/registrar",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({
      nombre: "Begoña Núñez",
      email: `abierto-${run}-${i}@correo.example`,
      cedula: `${run}${String(i).padStart(7, "0")}`,
      fecha_nacimiento: "1990-02-28",
    }),
  }));
  const ms = hits.filter((h) => h.status === 201).map((h) => h.ms);
  const name = `registrar, open loop at ${Math.round(rate)} a second`;
  const p99 = quantile(ms, 0.99);
  return [
    figure(`${name}, p50`, quantile(ms, 0.5), "ms", "", true),
    figure(`${name}, p99`, p99, "ms", "≤ 10", p99 <= 10),
    figure(`${name}, not registered`, hits.length - ms.length, "requests", "0", hits.length === ms.length),
  ];
}

/** What the processes cost when nobody asks anything, and what they hold. */
export async function atRest(p: Platform, seconds: number): Promise<Figure[]> {
  await sleep(2_000);
  const before = cpuOf(p.services.pid);
  await sleep(seconds * 1_000);
  const share = (cpuOf(p.services.pid) - before) / (seconds * 1e4);
  const { now, most } = memoryOf(p.services.pid);
  return [
    figure("idle alpespartners, CPU", share, "% of a core", "≤ 1", share <= 1),
    figure("alpespartners, memory after the load", now, "MiB", "≤ 250", now <= 250),
    figure("alpespartners, most memory it held", most, "MiB", "≤ 250", most <= 250),
  ];
}
