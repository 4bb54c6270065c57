import assert from "node:assert/strict";
import { dinero } from "@alpes/shared/seedwork/money.ts";
import type { FiltroTarifas } from "../application/ports.ts";
import type { EntradaTarifa } from "../application/tarifas.ts";
import { TARIFAS_POR_DEFECTO } from "../domain/tarifas.ts";
import { contexto, type ModuloDePrueba } from "../modulo_de_prueba.ts";
import { caso, rechazoDe, registrar } from "./casos_de_contrato.ts";

const TODAS: FiltroTarifas = {
  ambito: null,
  partner_id: null,
  brand_id: null,
  event_type: null,
  tipo: null,
  moneda: null,
  vigente: null,
};
const entrada = (id: string, cambios: Partial<EntradaTarifa> = {}): EntradaTarifa => ({
  id,
  ambito: "GENERAL",
  ambito_id: null,
  event_type: "VENTA",
  moneda: null,
  formula: { tipo: "PERCENTAGE", tasa: 100_000n },
  minimo: null,
  maximo: null,
  vigente_desde: "2026-01-01",
  vigente_hasta: null,
  ...cambios,
});
const alta = async (m: ModuloDePrueba, ...es: Parameters<typeof entrada>[]): Promise<void> => {
  for (const e of es) {
    const r = await m.comandos.registrarTarifa(contexto(), entrada(...e));
    assert.ok(r.ok && r.value.creada, JSON.stringify(e[0]));
  }
};
const ids = async (m: ModuloDePrueba, filtro: Partial<FiltroTarifas> = {}, visible: string | null = null) => {
  const page = { mode: "page", page: 1, perPage: 100 } as const;
  const sort = { by: "event_type", order: "asc" } as const;
  return (await m.pagos.tarifas({ page, sort, filters: { ...TODAS, ...filtro } }, visible)).rows.map((t) =>
    t.id
  );
};
const de = async (m: ModuloDePrueba, id: string) => {
  const t = await m.pagos.transaccion(id);
  return [t?.comision.unidades, t?.tarifa_id];
};

caso("the default rates stand before anybody stores one, and both adapters have the same", async (m) => {
  for (const t of TARIFAS_POR_DEFECTO) assert.deepEqual(await m.pagos.tarifa(t.id), t);
  assert.equal((await ids(m)).length, TARIFAS_POR_DEFECTO.length);
});

caso("a commission is given by the rate that holds at the event's time, and remembers which", async (m) => {
  const tramos = [{ desde: 0n, tasa: 100_000n }, { desde: 5_000n, tasa: 200_000n }];
  await alta(
    m,
    ["general"],
    ["marca", {
      ambito: "MARCA",
      ambito_id: "m-1",
      moneda: "USD",
      formula: { tipo: "FIXED", monto: dinero(77n, "USD") },
    }],
    ["partner", { ambito: "PARTNER", ambito_id: "p-1", moneda: "USD", formula: { tipo: "TIERED", tramos } }],
    ["topada", {
      ambito: "PARTNER",
      ambito_id: "p-3",
      moneda: "USD",
      minimo: dinero(1n, "USD"),
      maximo: dinero(250n, "USD"),
    }],
  );
  await registrar(
    m,
    ["t-1", "p-1"],
    ["t-2", "p-2", { brand_id: "m-1" }],
    ["t-3", "p-2"],
    ["t-4", "p-3"],
    ["t-5", "p-2", { event_timestamp: new Date("2025-12-31T23:59:59Z") }],
    ["t-6", "p-1", { comision: { valor: "1.23", moneda: "USD" } }],
  );
  assert.deepEqual(await de(m, "t-1"), [1_500n, "partner"]);
  assert.deepEqual(await de(m, "t-2"), [77n, "marca"]);
  assert.deepEqual(await de(m, "t-3"), [1_000n, "general"]);
  assert.deepEqual(await de(m, "t-4"), [250n, "topada"]);
  assert.deepEqual(await de(m, "t-5"), [500n, "defecto:VENTA"]);
  assert.deepEqual(await de(m, "t-6"), [123n, null]);
});

caso("a later rate ends the one before it, and what was recorded keeps its commission", async (m) => {
  await alta(m, ["a"]);
  await registrar(m, ["t-1", "p-1"]);
  await alta(m, ["b", { vigente_desde: "2026-01-10", formula: { tipo: "PERCENTAGE", tasa: 200_000n } }]);
  assert.equal((await m.pagos.tarifa("a"))?.vigente_hasta, "2026-01-09");
  await registrar(m, ["t-2", "p-1"], ["t-3", "p-1", { event_timestamp: new Date("2026-01-09T23:59:59Z") }]);
  assert.deepEqual(await de(m, "t-1"), [1_000n, "a"]);
  assert.deepEqual(await de(m, "t-2"), [2_000n, "b"]);
  assert.deepEqual(await de(m, "t-3"), [1_000n, "a"]);
  assert.ok((await m.comandos.terminarTarifa(contexto(), "b", "2026-01-31")).ok);
  await registrar(m, ["t-4", "p-1", { event_timestamp: new Date("2026-02-01T00:00:00Z") }]);
  assert.deepEqual(await de(m, "t-4"), [500n, "defecto:VENTA"]);
});

caso("a rate is refused where another of its series holds, and repeated harmlessly by its id", async (m) => {
  await alta(m, ["a", { vigente_hasta: "2026-06-30" }]);
  const pide = (...e: Parameters<typeof entrada>) => m.comandos.registrarTarifa(contexto(), entrada(...e));
  assert.equal(rechazoDe(await pide("b", { vigente_desde: "2026-06-30" })), "tarifa_solapada");
  assert.equal(rechazoDe(await pide("a")), "otra_tarifa");
  const otra = await pide("a", { vigente_hasta: "2026-06-30" });
  assert.ok(otra.ok && !otra.value.creada);
  assert.equal(
    rechazoDe(await pide("b", { vigente_desde: null, vigente_hasta: "2020-01-01" })),
    "vigencia_al_reves",
  );
  assert.equal(rechazoDe(await m.comandos.terminarTarifa(contexto(), "nadie", "2026-01-31")), "no_existe");
  assert.equal(
    rechazoDe(await m.comandos.terminarTarifa(contexto(), "defecto:VENTA", "2026-01-31")),
    "tarifa_no_terminable",
  );
});

caso("of many who store one series at once, one does", async (m) => {
  const todas = await Promise.all(
    Array.from({ length: 8 }, (_, i) => m.comandos.registrarTarifa(contexto(), entrada(`t-${i}`))),
  );
  assert.equal(todas.filter((r) => r.ok).length, 1);
  assert.equal((await ids(m, { ambito: "GENERAL" })).length, 1);
});

caso("rates are listed by what they are for, and a partner sees what is for all and its own", async (m) => {
  await alta(
    m,
    ["general", { event_type: "LEAD", vigente_hasta: "2026-01-31" }],
    ["marca", { event_type: "LEAD", ambito: "MARCA", ambito_id: "m-1" }],
    ["p-1", { event_type: "LEAD", ambito: "PARTNER", ambito_id: "c-1" }],
    ["p-2", { event_type: "LEAD", ambito: "PARTNER", ambito_id: "c-2", moneda: "COP" }],
  );
  const LEAD = { event_type: "LEAD" };
  assert.deepEqual(await ids(m, LEAD), ["general", "marca", "p-1", "p-2"]);
  assert.deepEqual(await ids(m, { partner_id: "c-1" }), ["p-1"]);
  assert.deepEqual(await ids(m, { brand_id: "m-1" }), ["marca"]);
  assert.deepEqual(await ids(m, { moneda: "COP" }), ["p-2"]);
  assert.deepEqual(await ids(m, { ...LEAD, vigente: "2026-02-01" }), ["marca", "p-1", "p-2"]);
  assert.deepEqual(await ids(m, { ...LEAD, tipo: "FIXED" }), []);
  assert.deepEqual(await ids(m, LEAD, "c-1"), ["general", "p-1"]);
  assert.deepEqual(await ids(m, { partner_id: "c-2" }, "c-1"), []);
  assert.equal(await m.pagos.tarifa("p-2", "c-1"), null);
});
