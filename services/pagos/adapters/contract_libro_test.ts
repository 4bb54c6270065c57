import assert from "node:assert/strict";
import { dinero, type Moneda } from "@alpes/shared/seedwork/money.ts";
import type { Position } from "@alpes/shared/seedwork/pages.ts";
import type { FiltroAsientos } from "../application/libro.ts";
import type { AsientoVisto } from "../application/ports.ts";
import {
  type Cuenta,
  disponible,
  enPago,
  leerCuenta,
  porCobrar,
  presupuesto,
  retenido,
} from "../domain/libro/cuentas.ts";
import {
  automatico,
  campania,
  conCampania,
  contexto,
  mensaje,
  type ModuloDePrueba,
  partner,
  venta,
} from "../modulo_de_prueba.ts";
import { caso, enero, idDe, psp, rechazoDe, registrar, saldarTodo, ver } from "./casos_de_contrato.ts";

const NADA: FiltroAsientos = {
  cuenta: null,
  payout_id: null,
  transaccion_id: null,
  idCampania: null,
  solicitud: null,
  desde: null,
  hasta: null,
};
const asientos = async (
  m: ModuloDePrueba,
  filtro: Partial<FiltroAsientos> = {},
  visible: string | null = null,
): Promise<readonly AsientoVisto[]> =>
  (await m.asientos.asientos({
    filters: { ...NADA, ...filtro },
    sort: { by: "fecha", order: "asc" },
    page: { mode: "page", page: 1, perPage: 100 },
  }, visible)).rows;
const claves = async (m: ModuloDePrueba, filtro?: Partial<FiltroAsientos>) =>
  (await asientos(m, filtro)).map((a) => a.clave);
const saldo = async (m: ModuloDePrueba, cuenta: Cuenta, moneda: Moneda = "USD"): Promise<bigint> =>
  (await m.asientos.saldos(cuenta, null, null)).find((s) => s.saldo.moneda === moneda)?.saldo.unidades ?? 0n;
const banco = leerCuenta("banco") ?? assert.fail();
const bancarias = leerCuenta("comisiones_bancarias") ?? assert.fail();
const ajustes = leerCuenta("ajustes") ?? assert.fail();
const conFee = psp({ tipo: "pagado", referencia: "ref-1", comision: dinero(7n, "USD") });

caso("a campaign's life: funded at its approval, paid, spent, and its fee is kept apart", async (m) => {
  await conCampania(m, "ca-1", { presupuesto: 10_000n, anticipo: 4_000n });
  const pago = idDe(
    await m.comandos.pagarCampania(contexto(), automatico("pa", "ca-1", "cliente-de-ca-1", "40.00")),
  );
  await saldarTodo(m, conFee);
  assert.deepEqual(await claves(m), [`cobro:${pago}`]);
  await m.comandos.anotarCampania(mensaje(), "ca-1", { tipo: "estado", estado: "APROBADA" });
  await registrar(m, ["t-1", "p-1", { idCampania: "ca-1" }]);
  assert.deepEqual(await claves(m), [`cobro:${pago}`, "fondeo:ca-1", "comision:t-1"]);
  assert.equal(await saldo(m, presupuesto("ca-1")), 9_500n);
  assert.equal(await saldo(m, porCobrar("cliente-de-ca-1")), -6_000n);
  assert.equal(await saldo(m, banco), -3_993n);
  assert.equal(await saldo(m, bancarias), -7n);
  assert.equal(await saldo(m, disponible("p-1")), 500n);
  const [cobro] = await asientos(m, { payout_id: pago });
  assert.deepEqual([cobro?.actor, cobro?.correlacion, cobro?.causa, cobro?.saga_paso], [
    "servicio:pagos",
    "sol-1",
    pago,
    "ProcesarPago",
  ]);
});

caso("an edited budget posts the difference, never below what was spent", async (m) => {
  await conCampania(m, "ca-1", { presupuesto: 10_000n, aprobada: true });
  await registrar(m, ["t-1", "p-1", { idCampania: "ca-1", comision: { valor: "60.00", moneda: "USD" } }]);
  const editar = (u: bigint) =>
    m.comandos.anotarCampania(mensaje(), "ca-1", {
      tipo: "actualizada",
      presupuesto: dinero(u, "USD"),
      anticipo: undefined,
    });
  await editar(12_000n);
  assert.equal(await saldo(m, presupuesto("ca-1")), 6_000n);
  await editar(1_000n);
  assert.equal(await saldo(m, presupuesto("ca-1")), 0n);
  assert.equal(await saldo(m, porCobrar("cliente-de-ca-1")), -6_000n);
  await editar(7_000n);
  assert.equal(await saldo(m, presupuesto("ca-1")), 1_000n);
});

caso("a campaign without a budget spends what was paid for it", async (m) => {
  await conCampania(m, "ca-1", { aprobada: true });
  const gasta = (id: string) =>
    m.comandos.registrarTransacciones(contexto(), [venta(id, "p-1", { idCampania: "ca-1" })]);
  const antes = await gasta("t-1");
  assert.ok(!antes.ok && antes.error.tipo === "lote_rechazado");
  assert.equal(antes.error.rechazos[0]?.rechazo.tipo, "presupuesto_excedido");
  const pago = idDe(await m.comandos.pagarCampania(contexto(), campania("ca-1", { total: "10.00" })));
  await saldarTodo(m);
  assert.equal(await saldo(m, presupuesto("ca-1")), 1_000n);
  assert.ok((await gasta("t-2")).ok);
  assert.ok((await gasta("t-3")).ok);
  assert.equal((await m.mensajes()).at(-1)?.type, "PresupuestoAgotado.v1");
  // What was spent stays spent when the payment is taken back: the cliente owes it.
  assert.ok((await m.comandos.reembolsar(contexto(), "t-3", "error")).ok);
  assert.ok((await m.comandos.revertir(contexto(), pago, "error")).ok);
  await saldarTodo(m);
  assert.equal(await saldo(m, presupuesto("ca-1")), 0n);
  assert.equal(await saldo(m, porCobrar("cliente-de-ca-1")), -500n);
  assert.equal(await saldo(m, banco), 0n);
});

caso("a cancelled campaign gives its funding back, by a reversal where nothing was spent", async (m) => {
  await conCampania(m, "ca-1", { presupuesto: 1_000n, aprobada: true });
  await m.comandos.anotarCampania(mensaje(), "ca-1", { tipo: "estado", estado: "CANCELADA" });
  const [, reverso] = await asientos(m, { idCampania: "ca-1" });
  assert.deepEqual([reverso?.clave, reverso?.revierte], ["reverso:fondeo:ca-1", "fondeo:ca-1"]);
  assert.equal((await asientos(m, { idCampania: "ca-1" }))[0]?.revertido_por, "reverso:fondeo:ca-1");
  await conCampania(m, "ca-2", { presupuesto: 1_000n, aprobada: true });
  await registrar(m, ["t-1", "p-1", { idCampania: "ca-2" }]);
  await m.comandos.anotarCampania(mensaje(), "ca-2", { tipo: "estado", estado: "CANCELADA" });
  assert.equal(await saldo(m, presupuesto("ca-2")), 0n);
  assert.equal(await saldo(m, porCobrar("cliente-de-ca-2")), -500n);
});

caso("what a payout moves, and how each end of it leaves the partner", async (m) => {
  await m.comandos.registrarCiclo(contexto(), enero);
  await registrar(m, ["t-1", "p-1"], ["t-2", "p-1"]);
  const uno = idDe(await m.comandos.pagarPartner(contexto(), partner("p-1", "2026-01")));
  assert.deepEqual([await saldo(m, disponible("p-1")), await saldo(m, enPago("p-1"))], [0n, 1_000n]);
  await saldarTodo(m, psp({ tipo: "desconocido", motivo: "silencio" }));
  assert.equal(await saldo(m, enPago("p-1")), 1_000n);
  assert.ok((await m.comandos.reembolsar(contexto(), "t-1", "error")).ok);
  assert.equal(await saldo(m, ajustes), -500n);
  await saldarTodo(m, psp({ tipo: "no_pagado", razon: "no" }));
  assert.deepEqual([await saldo(m, disponible("p-1")), await saldo(m, enPago("p-1"))], [500n, 0n]);
  assert.equal(await saldo(m, ajustes), 0n);
  assert.deepEqual((await claves(m, { transaccion_id: "t-1" })).slice(1), ["reembolso:t-1", "anulacion:t-1"]);

  const dos = idDe(await m.comandos.pagarPartner(contexto(), partner("p-1", "2026-01")));
  await saldarTodo(m, conFee);
  assert.deepEqual([await saldo(m, enPago("p-1")), await saldo(m, banco), await saldo(m, bancarias)], [
    0n,
    493n,
    7n,
  ]);
  const v = await ver(m, dos);
  assert.deepEqual(v.payout.estado === "EXITOSO" && v.payout.comision, dinero(7n, "USD"));
  assert.ok((await m.comandos.revertir(contexto(), dos, "error")).ok);
  await saldarTodo(m, conFee);
  assert.deepEqual([await saldo(m, disponible("p-1")), await saldo(m, banco), await saldo(m, bancarias)], [
    500n,
    0n,
    0n,
  ]);
  assert.deepEqual(await claves(m, { payout_id: uno }), [`reserva:${uno}`, `reverso:reserva:${uno}`]);
  assert.deepEqual(await claves(m, { payout_id: dos }), [
    `reserva:${dos}`,
    `pago:${dos}`,
    `reverso:pago:${dos}`,
    `reverso:reserva:${dos}`,
  ]);
});

caso("an amount asked for is an adjustment, and absorbs what is owed", async (m) => {
  await m.comandos.registrarCiclo(contexto(), enero);
  await registrar(m, ["t-1", "p-1"]);
  idDe(await m.comandos.pagarPartner(contexto(), partner("p-1", "2026-01")));
  await saldarTodo(m);
  assert.ok((await m.comandos.reembolsar(contexto(), "t-1", "error")).ok);
  const id = idDe(await m.comandos.pagarPartner(contexto(), partner("p-1", "otro", { total: "8.00" })));
  assert.equal(await saldo(m, enPago("p-1")), 300n);
  assert.equal(await saldo(m, disponible("p-1")), 0n);
  const r = await m.libro.explicacionDePayout(contexto().actor, id);
  assert.ok(r.ok);
  const { comisiones, absorbido, ajuste, en_libro } = r.value;
  assert.deepEqual([comisiones, absorbido, ajuste, en_libro].map((d) => d.unidades), [0n, -500n, 800n, 300n]);
  assert.ok(r.value.asientos.some((a) => a.clave === `reserva:${id}`));
});

caso("a fee that cannot be proves nothing", async (m) => {
  const id = idDe(await m.comandos.pagarPartner(contexto(), partner("p-1", "c-1", { total: "1.00" })));
  await saldarTodo(m, psp({ tipo: "pagado", referencia: "r", comision: dinero(101n, "USD") }), 1);
  assert.equal((await ver(m, id)).payout.estado, "EN_VERIFICACION");
});

caso("a held commission is not payable, is released once, and refunds from where it is", async (m) => {
  await m.comandos.registrarCiclo(contexto(), enero);
  const r = await m.comandos.fijarCondiciones(contexto(), {
    partner_id: "p-1",
    retencion_dias: 3,
    minimos: [],
    suspendido: false,
    metodo_pago: null,
  }, null);
  assert.ok(r.ok);
  await registrar(m, ["t-1", "p-1"], ["t-2", "p-2"]);
  assert.deepEqual([await saldo(m, retenido("p-1")), await saldo(m, disponible("p-1"))], [500n, 0n]);
  assert.equal(await saldo(m, disponible("p-2")), 500n);
  const pagar = (total?: string) =>
    m.comandos.pagarPartner(contexto(), partner("p-1", "2026-01", total === undefined ? {} : { total }));
  assert.equal(rechazoDe(await pagar()), "comisiones_retenidas");
  assert.equal(rechazoDe(await pagar("5.00")), "comisiones_retenidas");
  const nada = await m.comandos.liberar(mensaje(), ["t-1", "t-2"]);
  assert.ok(nada.ok && nada.value === 0);
  assert.deepEqual(await m.retenidas.debidas(10), []);
  assert.ok((await m.comandos.reembolsar(contexto(), "t-1", "error")).ok);
  assert.equal(await saldo(m, retenido("p-1")), 0n);
  assert.deepEqual((await asientos(m, { transaccion_id: "t-1" })).map((a) => [a.clave, a.revierte]), [
    ["comision:t-1", null],
    ["reembolso:t-1", "comision:t-1"],
  ]);
});

caso("accounts and entries are listed and paged; a partner sees its own accounts and lines", async (m) => {
  await conCampania(m, "ca-1", { presupuesto: 10_000n, aprobada: true });
  for (const n of [1, 2, 3]) await registrar(m, [`t-${n}`, `p-${n % 2}`, { idCampania: "ca-1" }]);
  const filtro = { cuenta: null, tipo: null, titular: null, moneda: null };
  const cuentas = async (
    f: Partial<Parameters<typeof m.asientos.cuentas>[0]["filters"]>,
    visible: string | null = null,
  ) =>
    (await m.asientos.cuentas({
      filters: { ...filtro, ...f },
      sort: { by: "cuenta", order: "asc" },
      page: { mode: "page", page: 1, perPage: 100 },
    }, visible)).rows.map((s) => [s.cuenta, s.saldo.unidades, s.movimientos]);
  assert.deepEqual(await cuentas({}), [
    ["campania:ca-1:presupuesto", 8_500n, 4],
    ["cliente:cliente-de-ca-1:por_cobrar", -10_000n, 1],
    ["partner:p-0:disponible", 500n, 1],
    ["partner:p-1:disponible", 1_000n, 2],
  ]);
  assert.deepEqual(await cuentas({ titular: "ca-1" }), [["campania:ca-1:presupuesto", 8_500n, 4]]);
  assert.deepEqual(await cuentas({ tipo: "partner", moneda: "USD" }, "p-0"), [[
    "partner:p-0:disponible",
    500n,
    1,
  ]]);
  assert.deepEqual(await cuentas({ moneda: "COP" }), []);

  const vistas: string[] = [];
  let after: Position | null = null;
  do {
    const r = await m.asientos.asientos({
      filters: NADA,
      sort: { by: "fecha", order: "desc" },
      page: { mode: "cursor", after, limit: 2 },
    }, null);
    vistas.push(...r.rows.map((a) => a.clave));
    after = r.mode === "cursor" ? r.next : null;
  } while (after !== null);
  assert.deepEqual(vistas, ["comision:t-3", "comision:t-2", "comision:t-1", "fondeo:ca-1"]);
  const suyos = await asientos(m, {}, "p-0");
  assert.deepEqual(suyos.map((a) => [a.clave, a.lineas.map((l) => l.cuenta)]), [
    ["comision:t-2", ["partner:p-0:disponible"]],
  ]);
  assert.equal((await asientos(m, { solicitud: "sol-1" })).length, 4);
  assert.equal((await asientos(m, { cuenta: disponible("p-1") })).length, 2);
});

caso("a balance of any past instant is the sum of the lines that explain it", async (m) => {
  await registrar(m, ["t-1", "p-1"]);
  await new Promise((r) => setTimeout(r, 5));
  await registrar(m, ["t-2", "p-1"], ["t-3", "p-1", { monto_original: { valor: "10.00", moneda: "COP" } }]);
  const cuenta = disponible("p-1");
  const [primero] = await asientos(m);
  const en = primero?.en ?? assert.fail();
  assert.deepEqual((await m.asientos.saldos(cuenta, en, null)).map((s) => s.saldo), [dinero(500n, "USD")]);
  assert.deepEqual((await m.asientos.saldos(cuenta, null, null)).map((s) => s.saldo), [
    dinero(50n, "COP"),
    dinero(1_000n, "USD"),
  ]);
  assert.deepEqual(await m.asientos.saldos(cuenta, new Date(0), null), []);
  let suma = 0n;
  let after: Position | null = null;
  let paginas = 0;
  do {
    const r = await m.libro.explicacion(contexto().actor, {
      filters: { cuenta, moneda: "USD", en: null },
      sort: { by: "fecha", order: "asc" },
      page: { mode: "cursor", after, limit: 1 },
    });
    assert.ok(r.ok);
    assert.deepEqual(r.value.saldos.map((s) => s.saldo), [dinero(1_000n, "USD")]);
    suma += r.value.pagina.rows.reduce((a, l) => a + l.importe.unidades, 0n);
    after = r.value.pagina.mode === "cursor" ? r.value.pagina.next : null;
    paginas++;
  } while (after !== null);
  assert.deepEqual([suma, paginas], [1_000n, 2]);
  const ajeno = await m.libro.explicacion(
    { tipo: "persona", id: "p", roles: ["partner"], cliente: "p-2" },
    {
      filters: { cuenta, moneda: null, en: null },
      sort: { by: "fecha", order: "asc" },
      page: { mode: "cursor", after: null, limit: 1 },
    },
  );
  assert.equal(rechazoDe(ajeno), "oculto");
});
