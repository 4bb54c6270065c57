import assert from "node:assert/strict";
import { eventually } from "@alpes/shared/testing/eventually.ts";
import { fieldsIn, problemIn } from "@alpes/shared/testing/http_app.ts";
import { conCampania } from "../modulo_de_prueba.ts";
import { abrir } from "./servidor_de_prueba.ts";

Deno.test("a partner is paid: 202 at once, EXITOSO soon, with all its fields", async () => {
  await using h = await abrir();
  const { res, status, body } = await h.json<{ id: string; estado: string }>("POST", "/pagos/pagar", {
    partner_id: "partner-1",
    cycle_id: "2026-01",
    total_amount: 150.25,
    payment_method_type: "CREDIT_CARD",
    payment_method_mask: "**** 1234",
    confirmation_id: "conf-1",
    failure_reason: "nada",
    processed_at: "2026-01-02T03:04:05",
    completed_at: "2026-01-02T05:04:05+01:00",
  });
  assert.equal(status, 202);
  assert.deepEqual(Object.keys(body), ["id", "estado"]);
  assert.equal(res.headers.get("location"), `/pagos/${body.id}`);
  await eventually(async () => (await h.ver(body.id)).estado === "EXITOSO");
  const pago = await h.ver(body.id);
  assert.partialDeepStrictEqual(pago, {
    tipo: "PARTNER",
    partner_id: "partner-1",
    cycle_id: "2026-01",
    idCampania: null,
    monto_total: { valor: "150.25", moneda: "USD" },
    comision_bancaria: null,
    metodo_pago: { tipo: "TARJETA", mascara: "**** 1234" },
    confirmation_id: "conf-1",
    failure_reason: "nada",
    fecha_procesamiento: "2026-01-02T03:04:05.000Z",
    fecha_completado: "2026-01-02T04:04:05.000Z",
    transacciones: [],
    reversion_pedida: null,
  });
  assert.match(pago.referencia_proveedor ?? "", /^sim-/);
  const pasos =
    (await h.json<{ data: { estado_nuevo: string; actor: string }[] }>("GET", `/pagos/${body.id}/historial`))
      .body;
  assert.deepEqual(pasos.data.map((p) => p.estado_nuevo), [
    "PENDIENTE",
    "CALCULADO",
    "CONFIRMADO",
    "EN_PROCESO",
    "EXITOSO",
  ]);
  assert.deepEqual(pasos.data.map((p) => p.actor).slice(-2), ["servicio:pagos", "servicio:pagos"]);
});

Deno.test("the same Idempotency-Key gives the first answer byte for byte, another body 422", async () => {
  await using h = await abrir();
  const clave = { "Idempotency-Key": "k-1" };
  const cuerpo = { partner_id: "p", cycle_id: "c", total_amount: "1.00" };
  const uno = await h.send("POST", "/pagos/pagar", cuerpo, clave);
  const dos = await h.send("POST", "/pagos/pagar", cuerpo, clave);
  assert.equal(await uno.text(), await dos.text());
  assert.equal(dos.headers.get("idempotency-replayed"), "true");
  assert.equal(
    (await h.send("POST", "/pagos/pagar", { ...cuerpo, total_amount: "2.00" }, clave)).status,
    422,
  );
  // A natural repeat without the key is harmless too; another amount is not.
  assert.equal((await h.send("POST", "/pagos/pagar", cuerpo)).status, 202);
  const p = await problemIn(await h.send("POST", "/pagos/pagar", { ...cuerpo, total_amount: "2.00" }));
  assert.deepEqual([p.status, p.codigo, p.type], [409, "pago_otro_monto", "/errores/pago_otro_monto"]);
  assert.match(p.detail, /se pidió por 1\.00 USD/);
  const en = await h.send("POST", "/pagos/pagar", { ...cuerpo, total_amount: "2.00" }, {
    "Accept-Language": "en",
  });
  assert.match((await problemIn(en)).detail, /was asked for with 1\.00 USD/);
});

Deno.test("a campaign's payment: by pagar, by comandos/crear, and by its other name", async () => {
  await using h = await abrir();
  await conCampania(h, "ca-1", { anticipo: 10_000n });
  await conCampania(h, "ca-2", { presupuesto: 10_000n });
  const uno = await h.json<{ id: string }>("POST", "/pagos/pagar", { idCampania: "ca-1", id: "pago-1" });
  assert.deepEqual([uno.status, uno.body.id], [202, "pago-1"]);
  const orden = {
    idPago: "pago-2",
    idCampania: "ca-2",
    idCliente: "cliente-de-ca-2",
    monto: { valor: "5.00", moneda: "USD" },
  };
  for (const ruta of ["/pagos/comandos/crear", "/comandos/crear"]) {
    const r = await h.json("POST", ruta, orden);
    assert.deepEqual([r.status, r.body], [202, { status: "accepted", id: "pago-2" }]);
  }
  const otra = await problemIn(await h.send("POST", "/pagos/comandos/crear", { ...orden, idPago: "pago-3" }));
  assert.deepEqual([otra.status, otra.codigo], [409, "pago_duplicado"]);
  const ajena = await problemIn(
    await h.send("POST", "/pagos/comandos/crear", { ...orden, idCampania: "ca-1" }),
  );
  assert.deepEqual([ajena.status, ajena.codigo], [409, "pago_duplicado"]);
  await eventually(async () => (await h.ver("pago-1")).estado === "EXITOSO");
  assert.partialDeepStrictEqual(await h.ver("pago-1"), {
    tipo: "CAMPANIA",
    cycle_id: "ca-1",
    partner_id: "cliente-de-ca-1",
  });
});

Deno.test("a reversal is 202 and done, a second one 409; it needs a motivo", async () => {
  await using h = await abrir();
  const { body: { id } } = await h.json<{ id: string }>("POST", "/pagos/pagar", {
    partner_id: "p",
    cycle_id: "c",
    total_amount: "1.00",
    payment_method_mask: "0006",
  });
  assert.deepEqual(fieldsIn(await problemIn(await h.send("POST", `/pagos/${id}/revertir`, {}))), ["motivo"]);
  const r = await h.json<{ id: string }>("POST", `/pagos/${id}/revertir`, { motivo: "error" });
  assert.deepEqual([r.status, r.body.id], [202, id]);
  assert.equal((await h.ver(id)).reversion_pedida?.motivo, "error");
  assert.equal((await h.send("POST", `/pagos/${id}/revertir`, { motivo: "error" })).status, 409);
  await eventually(async () => (await h.ver(id)).estado === "REVERTIDO");
  assert.equal(
    (await problemIn(await h.send("POST", `/pagos/${id}/revertir`, { motivo: "x" }))).codigo,
    "pago_transicion_invalida",
  );
  assert.equal((await h.send("POST", "/pagos/no-hay/revertir", { motivo: "x" })).status, 404);
});
