import assert from "node:assert/strict";
import { AlreadyHandled } from "@alpes/shared/seedwork/unit_of_work.ts";
import { automatico, contexto, enMemoria, partner, TODO, venta } from "../modulo_de_prueba.ts";
import { caso, enero, idDe, psp, rechazoDe, registrar, saldarTodo, ver } from "./casos_de_contrato.ts";

caso("what was asked for is read at once, confirmed, with version 1 and its steps", async (m) => {
  const id = idDe(await m.comandos.pagarPartner(contexto(), partner("p-1", "c-1", { total: "150.25" })));
  assert.match(id, /^payout-/);
  const { payout, version } = await ver(m, id);
  assert.deepEqual([payout.estado, payout.partner_id, payout.ficha.cycle_id, version], [
    "CONFIRMADO",
    "p-1",
    "c-1",
    1,
  ]);
  assert.deepEqual(payout.ficha.monto_total, { unidades: 15025n, moneda: "USD" });
  const pasos = await m.pagos.historial(id);
  assert.deepEqual(pasos?.map((h) => [h.estado_anterior, h.estado_nuevo, h.actor]), [
    [null, "PENDIENTE", "persona:ana"],
    ["PENDIENTE", "CALCULADO", "persona:ana"],
    ["CALCULADO", "CONFIRMADO", "persona:ana"],
  ]);
  assert.equal(await m.pagos.obtener("no-hay"), null);
  assert.equal(await m.pagos.historial("no-hay"), null);
});

caso("a repeat answers the same payout, another amount is refused", async (m) => {
  const pedir = (total?: string, moneda: "USD" | "COP" | null = null) =>
    m.comandos.pagarPartner(contexto(), partner("p-1", "c-1", { ...(total && { total }), moneda }));
  const id = idDe(await pedir("10.00"));
  assert.equal(idDe(await pedir("10.00")), id);
  assert.equal(idDe(await pedir()), id);
  assert.equal(idDe(await pedir("10.00", "USD")), id);
  assert.equal(rechazoDe(await pedir("10.01")), "otro_monto");
  const otra = idDe(await pedir("10.00", "COP"));
  assert.notEqual(otra, id);
  assert.equal((await m.pagos.sumas(TODO)).length, 2);
});

caso("of 64 who pay the same cycle at once, one payout is made", async (m) => {
  const todos = await Promise.all(
    Array.from(
      { length: 64 },
      () => m.comandos.pagarPartner(contexto(), partner("p-1", "c-1", { total: "10.00" })),
    ),
  );
  assert.equal(new Set(todos.map(idDe)).size, 1);
  assert.deepEqual((await m.pagos.sumas(TODO)).map((s) => [s.cantidad, s.total]), [[1, 1000n]]);
});

caso("the unpaid transactions of the cycle define the total, both days included", async (m) => {
  await m.comandos.registrarCiclo(contexto(), enero);
  const a = (
    id: string,
    dia: string,
  ): Parameters<typeof venta> => [id, "p-1", { event_timestamp: new Date(dia) }];
  await registrar(
    m,
    a("antes", "2025-12-31T23:59:59.999Z"),
    a("primera", "2026-01-01T00:00:00Z"),
    a("ultima", "2026-01-31T23:59:59.999Z"),
    a("despues", "2026-02-01T00:00:00Z"),
    ["ajena", "p-2"],
  );
  const id = idDe(
    await m.comandos.pagarPartner(contexto(), partner("p-1", "2026-01", { total: "999.00" })),
  );
  const v = await ver(m, id);
  assert.deepEqual(v.payout.ficha.monto_total, { unidades: 1000n, moneda: "USD" });
  assert.deepEqual(v.transacciones.map((t) => [t.id, t.payout_id]), [["primera", id], ["ultima", id]]);
  // The amount asked for is compared, not the one that resulted.
  assert.equal(
    idDe(await m.comandos.pagarPartner(contexto(), partner("p-1", "2026-01", { total: "999.00" }))),
    id,
  );
  assert.equal(
    rechazoDe(await m.comandos.pagarPartner(contexto(), partner("p-1", "2026-01", { total: "10.00" }))),
    "otro_monto",
  );
});

caso("transactions of one currency decide it, of several the request must", async (m) => {
  await m.comandos.registrarCiclo(contexto(), enero);
  const pesos = { monto_original: { valor: "2000.00", moneda: "COP" as const } };
  await registrar(m, ["cop", "p-1", pesos]);
  const solo = await ver(m, idDe(await m.comandos.pagarPartner(contexto(), partner("p-1", "2026-01"))));
  assert.deepEqual(solo.payout.ficha.monto_total, { unidades: 10000n, moneda: "COP" });

  await registrar(m, ["cop-2", "p-2", pesos], ["usd-2", "p-2"]);
  assert.equal(
    rechazoDe(await m.comandos.pagarPartner(contexto(), partner("p-2", "2026-01"))),
    "moneda_requerida",
  );
  const usd = await ver(
    m,
    idDe(await m.comandos.pagarPartner(contexto(), partner("p-2", "2026-01", { moneda: "USD" }))),
  );
  assert.deepEqual(usd.transacciones.map((t) => t.id), ["usd-2"]);
  // What is left is of one currency again.
  const resto = await ver(m, idDe(await m.comandos.pagarPartner(contexto(), partner("p-2", "2026-01"))));
  assert.deepEqual(resto.transacciones.map((t) => t.id), ["cop-2"]);
});

caso("without transactions and amount there is nothing to pay", async (m) => {
  assert.equal(rechazoDe(await m.comandos.pagarPartner(contexto(), partner("p-1", "c-1"))), "sin_monto");
  assert.deepEqual(await m.pagos.sumas(TODO), []);
});

caso("paying makes EXITOSO and says so once", async (m) => {
  const id = idDe(await m.comandos.pagarPartner(contexto(), partner("p-1", "c-1", { total: "10.00" })));
  await saldarTodo(m);
  const { payout } = await ver(m, id);
  assert.ok(payout.estado === "EXITOSO" && payout.referencia === "ref-1");
  assert.equal(payout.intentos.length, 1);
  assert.equal(payout.intentos[0]?.resultado.tipo, "pagado");
  const dichos = (await m.mensajes()).filter((x) => x.type === "PagoConfirmado.v1");
  assert.equal(dichos.length, 1);
  assert.partialDeepStrictEqual(dichos[0]?.data, {
    idPago: id,
    tipo: "PARTNER",
    idCliente: "p-1",
    monto: "10.00",
    moneda: "USD",
    confirmation_id: "ref-1",
  });
});

caso("a refused payment frees its key and its transactions", async (m) => {
  await m.comandos.registrarCiclo(contexto(), enero);
  await registrar(m, ["t-1", "p-1"], ["t-2", "p-1"]);
  const id = idDe(await m.comandos.pagarPartner(contexto(), partner("p-1", "2026-01")));
  await saldarTodo(m, psp({ tipo: "no_pagado", razon: "sin fondos" }));
  const muerto = await ver(m, id);
  assert.ok(muerto.payout.estado === "FALLIDO" && muerto.payout.motivo === "sin fondos");
  assert.deepEqual(muerto.transacciones.map((t) => t.payout_id), [null, null]);
  assert.equal((await m.mensajes()).filter((x) => x.type === "PagoFallido.v1").length, 1);

  const otro = idDe(await m.comandos.pagarPartner(contexto(), partner("p-1", "2026-01")));
  assert.notEqual(otro, id);
  assert.deepEqual((await ver(m, otro)).transacciones.map((t) => t.payout_id), [otro, otro]);
  await saldarTodo(m);
  assert.equal((await ver(m, otro)).payout.estado, "EXITOSO");
});

caso("no answer is EN_VERIFICACION, keeps its key, and only proof ends it", async (m) => {
  const id = idDe(await m.comandos.pagarPartner(contexto(), partner("p-1", "c-1", { total: "10.00" })));
  await saldarTodo(m, psp({ tipo: "desconocido", motivo: "silencio" }));
  const { payout } = await ver(m, id);
  assert.ok(payout.estado === "EN_VERIFICACION" && payout.motivo === "silencio" && payout.consultas === 2);
  assert.equal(
    idDe(await m.comandos.pagarPartner(contexto(), partner("p-1", "c-1", { total: "10.00" }))),
    id,
  );
  await saldarTodo(m);
  assert.equal((await ver(m, id)).payout.estado, "EXITOSO");
  assert.equal((await ver(m, id)).payout.intentos.length, 1);
});

caso("a reversal before the end is remembered, and done once it is paid", async (m) => {
  const id = idDe(await m.comandos.pagarPartner(contexto(), partner("p-1", "c-1", { total: "10.00" })));
  const pedida = await m.comandos.revertir(contexto(), id, "se pidió por error");
  assert.ok(pedida.ok && pedida.value.estado === "CONFIRMADO");
  assert.equal(rechazoDe(await m.comandos.revertir(contexto(), id, "otra vez")), "reversion_ya_pedida");
  await saldarTodo(m);
  const { payout } = await ver(m, id);
  assert.ok(
    payout.estado === "REVERTIDO" && payout.motivo === "se pidió por error" && payout.reversion === null,
  );
  assert.deepEqual((await m.mensajes()).map((x) => x.type), ["PagoConfirmado.v1", "PagoRevertido.v1"]);
  assert.equal((await m.pagos.historial(id))?.at(-1)?.actor, "persona:ana");
  assert.equal(rechazoDe(await m.comandos.revertir(contexto(), id, "otra vez")), "ya_esta");
  assert.equal(rechazoDe(await m.comandos.revertir(contexto(), "no-hay", "x")), "no_existe");
});

caso("a reversal releases the transactions, a failed payout has nothing to give back", async (m) => {
  await m.comandos.registrarCiclo(contexto(), enero);
  await registrar(m, ["t-1", "p-1"]);
  const id = idDe(await m.comandos.pagarPartner(contexto(), partner("p-1", "2026-01")));
  await saldarTodo(m);
  assert.ok((await m.comandos.revertir(contexto(), id, "x")).ok);
  await saldarTodo(m);
  assert.equal((await m.pagos.transaccion("t-1"))?.payout_id, null);
  const otro = idDe(await m.comandos.pagarPartner(contexto(), partner("p-1", "2026-01")));
  assert.ok((await m.comandos.revertir(contexto(), otro, "x")).ok);
  await saldarTodo(m, psp({ tipo: "no_pagado", razon: "no" }));
  assert.equal((await ver(m, otro)).payout.estado, "FALLIDO");
  assert.equal(rechazoDe(await m.comandos.revertir(contexto(), otro, "x")), "transicion_invalida");
});

Deno.test("pagos in memory: a message's effect stands once", async () => {
  await using m = await enMemoria();
  const context = contexto({ dedup: { kind: "message", consumer: "pagos.comandos", event_id: "e-1" } });
  const procesar = () => m.comandos.pagarCampania(context, automatico("auto", "ca-1", "cliente", "1.00"));
  await procesar();
  await assert.rejects(procesar(), AlreadyHandled);
});
