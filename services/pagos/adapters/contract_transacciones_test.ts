import assert from "node:assert/strict";
import { conCampania, contexto, partner, venta } from "../modulo_de_prueba.ts";
import { caso, enero, idDe, psp, rechazoDe, registrar, saldarTodo, ver } from "./casos_de_contrato.ts";

caso("a commission is recorded once by its id, with the default rate", async (m) => {
  const uno = [venta("t-1", "p-1", { monto_original: { valor: "10.10", moneda: null } })];
  const r = await m.comandos.registrarTransacciones(contexto(), uno);
  assert.ok(r.ok && r.value.creadas === 1);
  assert.deepEqual(r.value.transacciones[0]?.comision, { unidades: 50n, moneda: "USD" });
  assert.deepEqual(await m.pagos.transaccion("t-1"), r.value.transacciones[0]);
  const otra = await m.comandos.registrarTransacciones(contexto(), uno);
  assert.ok(otra.ok && otra.value.creadas === 0);
  assert.equal(
    rechazoDe(await m.comandos.registrarTransacciones(contexto(), [venta("t-1", "p-2")])),
    "lote_rechazado",
  );
});

caso("a batch is recorded whole or not at all, and names what was wrong", async (m) => {
  const lote = [
    venta("t-1", "p-1"),
    venta("t-2", "p-1", { event_type: "RARO" }),
    venta("t-3", "p-1", { idCampania: "nadie" }),
  ];
  const r = await m.comandos.registrarTransacciones(contexto(), lote);
  assert.ok(!r.ok && r.error.tipo === "lote_rechazado");
  assert.deepEqual(r.error.rechazos.map((x) => [x.indice, x.rechazo.tipo]), [
    [1, "sin_tarifa"],
    [2, "campania_no_aprobada"],
  ]);
  assert.equal(await m.pagos.transaccion("t-1"), null);
});

caso(
  "commissions are spent of the campaign's budget, never beyond it, and the last one says so",
  async (m) => {
    await conCampania(m, "ca-1", { presupuesto: 1_200n, aprobada: true });
    const gasto = (id: string) =>
      m.comandos.registrarTransacciones(contexto(), [venta(id, "p-1", { idCampania: "ca-1" })]);
    assert.ok((await gasto("t-1")).ok);
    assert.ok((await gasto("t-2")).ok);
    const r = await gasto("t-3");
    assert.ok(!r.ok && r.error.tipo === "lote_rechazado");
    assert.ok(r.error.rechazos[0]?.rechazo.tipo === "presupuesto_excedido");
    const ultima = venta("t-4", "p-1", {
      idCampania: "ca-1",
      monto_original: { valor: "40.00", moneda: null },
    });
    assert.ok((await m.comandos.registrarTransacciones(contexto(), [ultima])).ok);
    const dichos = await m.mensajes();
    assert.deepEqual(dichos.map((x) => x.type), [
      "ComisionRegistrada.v1",
      "ComisionRegistrada.v1",
      "ComisionRegistrada.v1",
      "PresupuestoAgotado.v1",
    ]);
    assert.deepEqual(dichos[0]?.data, {
      idCampania: "ca-1",
      partner_id: "p-1",
      transaccion_id: "t-1",
      monto: "5.00",
      moneda: "USD",
    });
    // A refund gives the budget its money back, and the campaign hears of it.
    assert.ok((await m.comandos.reembolsar(contexto(), "t-1", "error")).ok);
    assert.partialDeepStrictEqual((await m.mensajes()).at(-1)?.data, {
      transaccion_id: "t-1",
      monto: "-5.00",
    });
    assert.ok((await gasto("t-5")).ok);
  },
);

caso("of many who spend one budget at once, it is never overspent", async (m) => {
  await conCampania(m, "ca-1", { presupuesto: 10_000n, aprobada: true });
  const todas = await Promise.all(
    Array.from(
      { length: 64 },
      (_, i) =>
        m.comandos.registrarTransacciones(contexto(), [venta(`t-${i}`, "p-1", { idCampania: "ca-1" })]),
    ),
  );
  assert.equal(todas.filter((r) => r.ok).length, 20);
  assert.equal((await m.mensajes()).filter((x) => x.type === "PresupuestoAgotado.v1").length, 1);
});

caso("a refund before payment cancels, after payment the next payout absorbs it", async (m) => {
  await m.comandos.registrarCiclo(contexto(), enero);
  await m.comandos.registrarCiclo(contexto(), {
    id: "2026-02",
    inicio: "2026-02-01",
    fin: "2026-02-28",
    estado: "ABIERTO",
  });
  const febrero = { event_timestamp: new Date("2026-02-10T00:00:00Z") };
  await registrar(m, ["t-1", "p-1"], ["t-2", "p-1"], ["t-3", "p-1"], ["f-1", "p-1", febrero]);
  const cancelada = await m.comandos.reembolsar(contexto(), "t-1", "error");
  assert.ok(cancelada.ok && cancelada.value.estado === "REFUNDED" && cancelada.value.motivo === "error");
  assert.equal(rechazoDe(await m.comandos.reembolsar(contexto(), "t-1", "error")), "ya_reembolsada");
  assert.equal(rechazoDe(await m.comandos.reembolsar(contexto(), "no-hay", "error")), "no_existe");
  const uno = idDe(await m.comandos.pagarPartner(contexto(), partner("p-1", "2026-01")));
  assert.equal((await ver(m, uno)).payout.ficha.monto_total.unidades, 1_000n);
  await saldarTodo(m);

  assert.ok((await m.comandos.reembolsar(contexto(), "t-2", "error")).ok);
  assert.equal((await m.pagos.transaccion("t-2"))?.payout_id, uno);
  // All that February owes is taken by the refund: nothing to pay yet.
  assert.equal(
    rechazoDe(await m.comandos.pagarPartner(contexto(), partner("p-1", "2026-02"))),
    "saldo_no_positivo",
  );
  await registrar(m, ["f-2", "p-1", { ...febrero, monto_original: { valor: "300.00", moneda: null } }]);
  const dos = await ver(m, idDe(await m.comandos.pagarPartner(contexto(), partner("p-1", "2026-02"))));
  assert.equal(dos.payout.ficha.monto_total.unidades, 1_500n);
  const negativa = dos.transacciones.find((t) => t.reembolso_de === "t-2");
  assert.equal(negativa?.comision.unidades, -500n);
  assert.equal(
    rechazoDe(await m.comandos.reembolsar(contexto(), negativa?.id ?? "", "error")),
    "no_reembolsable",
  );
});

caso("a refund of what was on its way meets its commission again when the payout dies", async (m) => {
  await m.comandos.registrarCiclo(contexto(), enero);
  await registrar(m, ["t-1", "p-1"], ["t-2", "p-1"]);
  const uno = idDe(await m.comandos.pagarPartner(contexto(), partner("p-1", "2026-01")));
  assert.ok((await m.comandos.reembolsar(contexto(), "t-1", "error")).ok);
  await saldarTodo(m, psp({ tipo: "no_pagado", razon: "no" }));
  const dos = await ver(m, idDe(await m.comandos.pagarPartner(contexto(), partner("p-1", "2026-01"))));
  assert.notEqual(dos.payout.ficha.id, uno);
  assert.deepEqual(dos.transacciones.map((t) => t.id), ["t-2"]);
  assert.equal(dos.payout.ficha.monto_total.unidades, 500n);
});
