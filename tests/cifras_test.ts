import assert from "node:assert/strict";
import { deDineroJson, type DineroJson } from "@alpes/shared/contracts/dinero.ts";
import { httpApi } from "@alpes/shared/dev/demo_api.ts";
import { fill } from "@alpes/shared/dev/seed.ts";
import { plan } from "@alpes/shared/dev/seed_plan.ts";
import { seeded } from "@alpes/shared/dev/seed_random.ts";
import { eventually } from "@alpes/shared/testing/eventually.ts";
import { startStack } from "@alpes/shared/testing/stack.ts";
import { acceptance, consumer } from "./acceptance.ts";
import * as check from "./chaos_check.ts";

const SEED = Number(Deno.env.get("CIFRAS_SEED") ?? "20261124");
const FIGURES = 500;

const stack = await startStack();
Deno.test.afterAll(async () => {
  await stack[Symbol.asyncDispose]();
});
const api = httpApi(stack.bffUrl);
const { get } = consumer(stack.servicesUrl);

interface Linea {
  readonly cuenta: string;
  readonly importe: DineroJson;
}
interface Asiento {
  readonly hecho: string;
  readonly revertido_por: string | null;
  readonly fecha: string;
  readonly lineas: readonly Linea[];
}
interface Pagina<T> {
  readonly data: readonly T[];
  readonly pagination: { readonly next_cursor: string | null };
}

/** Minor units of one currency; the others are left out. */
const suma = (montos: readonly DineroJson[], moneda: string): bigint =>
  montos.filter((m) => m.moneda === moneda).reduce((a, m) => a + deDineroJson(m).unidades, 0n);
const unidades = (m: DineroJson) => deDineroJson(m).unidades;

/** Every row of a list, by its cursor. */
async function todas<T>(path: string): Promise<T[]> {
  const filas: T[] = [];
  for (let cursor: string | null = null;;) {
    const seguir: string = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const { data, pagination } = (await get(`${path}${path.includes("?") ? "&" : "?"}limit=100${seguir}`))
      .body as unknown as Pagina<T>;
    filas.push(...data);
    cursor = pagination.next_cursor;
    if (cursor === null) return filas;
  }
}
/** The lines that an account's balance is made of, as its explanation gives them. */
const lineasDe = async (cuenta: string, moneda: string, en?: string): Promise<DineroJson[]> =>
  (await todas<{ importe: DineroJson }>(
    `/pagos/libro/saldos/${cuenta}/explicacion?moneda=${moneda}${en === undefined ? "" : `&en=${en}`}`,
  )).map((m) => m.importe);
const asientosDe = (filtro: string) => todas<Asiento>(`/pagos/libro/asientos?${filtro}`);

/** Something that the system shows: what it says, and what its ledger lines sum to. */
interface Figura {
  readonly what: string;
  readonly trace: () => Promise<readonly [shown: bigint, lines: bigint]>;
}

async function saldos(): Promise<Figura[]> {
  const cuentas = await todas<{ cuenta: string; saldo: DineroJson }>("/pagos/libro/cuentas");
  return cuentas.map(({ cuenta, saldo }) => ({
    what: `balance of ${cuenta} in ${saldo.moneda}`,
    trace: async () => [unidades(saldo), suma(await lineasDe(cuenta, saldo.moneda), saldo.moneda)],
  }));
}

/** What was set aside for a payout, or came in for a campaign, whatever became of it. */
async function pagos(): Promise<Figura[]> {
  const filas = await todas<{ id: string; tipo: string; estado: string; monto_total: DineroJson }>("/pagos");
  const conLineas = filas.filter((p) =>
    ["EXITOSO", "REVERTIDO"].includes(p.estado) ||
    p.tipo === "PARTNER" && ["CONFIRMADO", "EN_PROCESO", "EN_VERIFICACION", "FALLIDO"].includes(p.estado)
  );
  return conLineas.map(({ id, tipo, monto_total }) => ({
    what: `payout ${id}`,
    async trace() {
      const { asientos } = (await get(`/pagos/${id}/explicacion`)).body as unknown as { asientos: Asiento[] };
      const [hecho, cuenta] = tipo === "PARTNER"
        ? ["payout_reservado", /:en_pago$/]
        : ["campania_pagada", /:por_cobrar$/];
      const suyas = asientos.filter((a) => a.hecho === hecho).flatMap((a) => a.lineas)
        .filter((l) => cuenta.test(l.cuenta)).map((l) => l.importe);
      return [unidades(monto_total), suma(suyas, monto_total.moneda)];
    },
  }));
}

/** Opening and closing of a partner's statement: the lines of its three accounts until then. */
async function extractos(): Promise<Figura[]> {
  const cuentas = await todas<{ cuenta: string; saldo: DineroJson }>("/pagos/libro/cuentas");
  const partners = [
    ...new Set(
      cuentas.flatMap((c) => /^partner:(.+):(?:retenido|disponible|en_pago)$/.exec(c.cuenta)?.[1] ?? []),
    ),
  ];
  const hoy = new Date().toISOString().slice(0, 10);
  const leidos = await Promise.all(partners.map(async (p) => {
    const { body } = await get(`/pagos/estados-de-cuenta/${p}?desde=${hoy}&hasta=${hoy}`);
    return { p, monedas: (body as { monedas: Moneda[] }).monedas };
  }));
  interface Moneda {
    moneda: string;
    apertura: DineroJson;
    cierre: DineroJson;
    lineas: Linea[];
  }
  return leidos.flatMap(({ p, monedas }) =>
    monedas.map((m) => ({
      what: `statement of ${p} in ${m.moneda}`,
      async trace() {
        const dichas = unidades(m.apertura) + suma(m.lineas.map((l) => l.importe), m.moneda);
        assert.equal(dichas, unidades(m.cierre), "opening and lines make the closing");
        const todas = await Promise.all(
          ["retenido", "disponible", "en_pago"].map((c) => lineasDe(`partner:${p}:${c}`, m.moneda)),
        );
        return [unidades(m.cierre), suma(todas.flat(), m.moneda)] as const;
      },
    }))
  );
}

/** What the dashboard says was paid: the lines of every entry by which a provider paid, and none took back. */
async function panel(): Promise<Figura[]> {
  const { body } = await api.send("GET", "/api/v1/dashboard");
  const montos = (body as { monto_total_procesado: DineroJson[] }).monto_total_procesado;
  return montos.map((m) => ({
    what: `dashboard, ${m.moneda}`,
    async trace() {
      const pagan = ["payout_pagado", "campania_pagada"];
      const asientos = (await asientosDe("desde=2000-01-01")).filter((a) => pagan.includes(a.hecho));
      const lineas = asientos.filter((a) => a.revertido_por === null).flatMap((a) => a.lineas);
      const recibido = lineas.filter((l) => l.cuenta.endsWith(":por_cobrar")).map((l) => l.importe);
      const pagado = lineas.filter((l) => l.cuenta.endsWith(":en_pago")).map((l) => l.importe);
      return [unidades(m), suma(recibido, m.moneda) - suma(pagado, m.moneda)] as const;
    },
  }));
}

acceptance(`five hundred figures are each the sum of ledger lines (seed ${SEED})`, async () => {
  await fill(api, plan(SEED % 1_000, 40));
  await eventually(() => check.nothingIsLeftOver(api), { ms: 60_000, every: 200 });
  const ahora = [...await saldos(), ...await pagos(), ...await extractos(), ...await panel()];
  const kinds = ["balance", "payout", "statement", "dashboard"].map((k) =>
    ahora.filter((f) => f.what.startsWith(k)).length
  );
  assert.ok(kinds.every((n) => n > 0), `of each kind: ${kinds}`);

  // The rest are balances at instants gone by.
  const random = seeded(SEED);
  const cuentas = await todas<{ cuenta: string; saldo: DineroJson }>("/pagos/libro/cuentas");
  const instantes = (await asientosDe("desde=2000-01-01")).map((a) => a.fecha);
  const figuras: Figura[] = [...ahora];
  while (figuras.length < FIGURES) {
    const c = cuentas[random.below(cuentas.length)], en = instantes[random.below(instantes.length)];
    if (c === undefined || en === undefined) throw new Error("there is nothing in the ledger");
    const { cuenta, saldo: { moneda } } = c;
    figuras.push({
      what: `balance of ${cuenta} in ${moneda} at ${en}`,
      async trace() {
        const { body } = await get(`/pagos/libro/saldos?cuenta=${cuenta}&en=${en}`);
        const data = (body as unknown as { data: { saldo: DineroJson }[] }).data;
        return [suma(data.map((s) => s.saldo), moneda), suma(await lineasDe(cuenta, moneda, en), moneda)];
      },
    });
  }
  const chosen: Figura[] = [];
  while (chosen.length < FIGURES) {
    const [one] = figuras.splice(random.below(figuras.length), 1);
    if (one !== undefined) chosen.push(one);
  }
  const wrong: string[] = [];
  for (const { what, trace } of chosen) {
    const [shown, lines] = await trace();
    if (shown !== lines) wrong.push(`${what}: shows ${shown}, its lines sum to ${lines}`);
  }
  assert.deepEqual(wrong, []);
  assert.equal(chosen.length, FIGURES);
});
