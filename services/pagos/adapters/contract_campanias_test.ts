import assert from "node:assert/strict";
import { automatico, campania, conCampania, contexto, mensaje, partner } from "../modulo_de_prueba.ts";
import { caso, idDe, psp, rechazoDe, saldarTodo, ver } from "./casos_de_contrato.ts";

caso("a campaign is paid by its anticipo, else its presupuesto, else not", async (m) => {
  await conCampania(m, "ca-1", { presupuesto: 50_000n, anticipo: 10_000n });
  await conCampania(m, "ca-2", { presupuesto: 50_000n, moneda: "COP" });
  await conCampania(m, "ca-3");
  await conCampania(m, "ca-4", { presupuesto: 50_000n, moneda: "COP" });
  const monto = async (id: string) => (await ver(m, id)).payout.ficha.monto_total;
  const uno = idDe(await m.comandos.pagarCampania(contexto(), campania("ca-1")));
  assert.deepEqual(await monto(uno), { unidades: 10_000n, moneda: "USD" });
  assert.equal((await ver(m, uno)).payout.partner_id, "cliente-de-ca-1");
  const dos = idDe(await m.comandos.pagarCampania(contexto(), campania("ca-2")));
  assert.deepEqual(await monto(dos), { unidades: 50_000n, moneda: "COP" });
  assert.equal(rechazoDe(await m.comandos.pagarCampania(contexto(), campania("ca-3"))), "sin_monto");
  const tres = idDe(await m.comandos.pagarCampania(contexto(), campania("ca-3", { total: "7.00" })));
  assert.deepEqual(await monto(tres), { unidades: 700n, moneda: "USD" });
  assert.equal(
    rechazoDe(
      await m.comandos.pagarCampania(contexto(), campania("ca-4", { total: "1.00", moneda: "USD" })),
    ),
    "moneda_distinta",
  );
});

caso("one payment is live for each campaign", async (m) => {
  await conCampania(m, "ca-1", { anticipo: 10_000n });
  const id = idDe(await m.comandos.pagarCampania(contexto(), campania("ca-1", { id: "pago-1" })));
  assert.equal(id, "pago-1");
  assert.equal(idDe(await m.comandos.pagarCampania(contexto(), campania("ca-1"))), id);
  assert.equal(
    idDe(await m.comandos.pagarCampania(contexto(), campania("ca-1", { id, total: "100.00" }))),
    id,
  );
  assert.equal(
    rechazoDe(await m.comandos.pagarCampania(contexto(), campania("ca-1", { id: "pago-2" }))),
    "otro_pago_vivo",
  );
  assert.equal(
    rechazoDe(await m.comandos.pagarCampania(contexto(), campania("ca-1", { total: "1.00" }))),
    "otro_monto",
  );
  assert.equal(
    rechazoDe(await m.comandos.pagarCampania(contexto(), campania("otra", { id, total: "1.00" }))),
    "otro_pedido",
  );
  assert.equal(
    rechazoDe(await m.comandos.pagarPartner(contexto(), partner("p", "c", { id, total: "1.00" }))),
    "otro_pedido",
  );
  await saldarTodo(m, psp({ tipo: "no_pagado", razon: "no" }));
  assert.equal(
    idDe(await m.comandos.pagarCampania(contexto(), campania("ca-1", { id: "pago-2" }))),
    "pago-2",
  );
});

caso("a closed campaign and another's cliente are refused", async (m) => {
  await conCampania(m, "ca-1", { anticipo: 10_000n });
  const ajeno = campania("ca-1", { idCliente: "otro", total: "1.00" });
  assert.equal(rechazoDe(await m.comandos.pagarCampania(contexto(), ajeno)), "cliente_distinto");
  await m.comandos.anotarCampania(mensaje(), "ca-1", { tipo: "estado", estado: "CANCELADA" });
  assert.equal(rechazoDe(await m.comandos.pagarCampania(contexto(), campania("ca-1"))), "campania_cerrada");
});

caso("an explicit payment takes the place of an automatic one that has not started", async (m) => {
  await conCampania(m, "ca-1", { anticipo: 10_000n });
  assert.ok(
    (await m.comandos.pagarCampania(contexto(), automatico("auto", "ca-1", "cliente-de-ca-1", "100.00")))
      .ok,
  );
  assert.equal((await ver(m, "auto")).payout.estado, "CALCULADO");
  const id = idDe(
    await m.comandos.pagarCampania(contexto(), campania("ca-1", { id: "mio", mascara: "****0002" })),
  );
  const cedido = (await ver(m, "auto")).payout;
  assert.ok(cedido.estado === "RECHAZADO" && cedido.reemplazado_por === "mio");
  assert.partialDeepStrictEqual((await m.mensajes()).findLast((x) => x.type === "PagoFallido.v1"), {
    type: "PagoFallido.v1",
    data: { idPago: "auto", reemplazado_por: "mio" },
  });
  // The saga's own payment may come late, and its reversal means the one that took its place.
  assert.ok(
    (await m.comandos.pagarCampania(contexto(), automatico("auto-2", "ca-1", "cliente-de-ca-1", "100.00")))
      .ok,
  );
  assert.equal(await m.pagos.obtener("auto-2"), null);
  assert.ok((await m.comandos.revertirDeCampania(contexto(), "auto", "ca-1", "venció el plazo")).ok);
  assert.equal((await ver(m, id)).payout.reversion?.motivo, "venció el plazo");
});

caso("an automatic payment that has started stays", async (m) => {
  await conCampania(m, "ca-1", { anticipo: 10_000n });
  await m.comandos.pagarCampania(contexto(), automatico("auto", "ca-1", "cliente-de-ca-1", "100.00"));
  await saldarTodo(m);
  assert.equal(idDe(await m.comandos.pagarCampania(contexto(), campania("ca-1"))), "auto");
  assert.equal(
    rechazoDe(await m.comandos.pagarCampania(contexto(), campania("ca-1", { id: "mio" }))),
    "otro_pago_vivo",
  );
  // A second command for the same payment changes nothing.
  assert.ok(
    (await m.comandos.pagarCampania(contexto(), automatico("auto", "ca-1", "cliente-de-ca-1", "100.00")))
      .ok,
  );
  assert.equal((await m.mensajes()).length, 1);
});

caso("a payment for a campaign nobody knows waits, and goes on when it is announced", async (m) => {
  const pedido = campania("ca-1", { id: "pago-1", total: "5.00", moneda: "USD" });
  const r = await m.comandos.pagarCampania(contexto(), pedido);
  assert.ok(r.ok && r.value.estado === "PENDIENTE");
  const { payout } = await ver(m, "pago-1");
  assert.ok(payout.estado === "PENDIENTE" && payout.espera !== null && payout.partner_id === null);
  await saldarTodo(m);
  assert.equal((await ver(m, "pago-1")).payout.estado, "PENDIENTE");
  await conCampania(m, "ca-1", { presupuesto: 50_000n });
  assert.equal((await ver(m, "pago-1")).payout.estado, "CONFIRMADO");
  assert.equal((await ver(m, "pago-1")).payout.partner_id, "cliente-de-ca-1");
  await saldarTodo(m);
  assert.equal((await ver(m, "pago-1")).payout.estado, "EXITOSO");
});

caso("a waiting payment that does not fit its campaign is refused, and says so", async (m) => {
  const pedir = (c: string, cambios: Parameters<typeof campania>[1]) =>
    m.comandos.pagarCampania(
      contexto(),
      campania(c, { id: `pago-${c}`, total: "5.00", moneda: "USD", ...cambios }),
    );
  await pedir("ca-1", {});
  await pedir("ca-2", { idCliente: "otro" });
  await conCampania(m, "ca-1", { presupuesto: 50_000n, moneda: "COP" });
  await conCampania(m, "ca-2", { presupuesto: 50_000n });
  const motivos = await Promise.all(["ca-1", "ca-2"].map(async (c) => {
    const { payout } = await ver(m, `pago-${c}`);
    return payout.estado === "RECHAZADO" ? payout.motivo : payout.estado;
  }));
  assert.deepEqual(motivos, ["la campaña es en COP", "la campaña es de otro cliente"]);
  assert.deepEqual((await m.mensajes()).map((x) => x.type), ["PagoFallido.v1", "PagoFallido.v1"]);
});

caso("a campaign that is cancelled takes its unstarted payment with it", async (m) => {
  await conCampania(m, "ca-1", { anticipo: 10_000n });
  await m.comandos.pagarCampania(contexto(), automatico("auto", "ca-1", "cliente-de-ca-1", "100.00"));
  await m.comandos.anotarCampania(mensaje(), "ca-1", { tipo: "estado", estado: "CANCELADA" });
  assert.equal((await ver(m, "auto")).payout.estado, "RECHAZADO");
  // And what the saga asks for afterwards is answered with a message.
  await m.comandos.pagarCampania(contexto(), automatico("tarde", "ca-1", "cliente-de-ca-1", "100.00"));
  const { payout } = await ver(m, "tarde");
  assert.ok(payout.estado === "RECHAZADO" && payout.motivo === "la campaña está CANCELADA");
});
