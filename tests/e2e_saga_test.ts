import assert from "node:assert/strict";
import { acceptance, cop, dig, field, nuevoId, platform, rows, status, text } from "./acceptance.ts";

const p = await platform();

// Those that time decides start now, and are looked at by the last tests.
const huerfano = nuevoId("p");
const sinAnuncio = nuevoId("k");
status(await p.post("/pagos/pagar", { id: huerfano, idCampania: sinAnuncio, monto: cop("700.00") }), 202);
const muda = await p.nuevaCampania({ presupuesto: cop("9000.00") });
const mudo = await p.pagar(muda.campania, "0004");

acceptance(
  "an anticipo is paid by itself, approves its campaign and counts once for its client",
  async () => {
    const { campania, cliente, answer } = await p.nuevaCampania({
      presupuesto: cop("100000.00"),
      anticipo: cop("10000.25"),
    });
    assert.deepEqual(answer.body, {
      status: "accepted",
      idCampania: campania,
      idCliente: cliente,
      estado: "PENDIENTE",
    });
    const c = await p.campania(campania, "APROBADA");
    const pago = await p.pago(text(c, "pago_asociado_id"), "EXITOSO");
    field(pago, "monto_total", cop("10000.25"));
    field(pago, "partner_id", cliente);
    field(pago, "tipo", "CAMPANIA");
    assert.match(text(pago, "id"), /^payout-/);

    const eventos = rows(await p.get(`/campanias/${campania}/eventos`));
    assert.deepEqual(
      eventos.map((e) => [dig(e, "version"), dig(e, "type")]),
      [[1, "CampaniaCreada.v1"], [2, "PagoAsociado.v1"], [3, "CampaniaAprobada.v1"]],
    );
    assert.equal(dig(eventos[2], "data.origen"), "PAGOS");

    const saga = await p.waitFor(`/campanias/${campania}/saga`, "estado", "COMPLETADA");
    const pasos = dig(saga.body, "pasos");
    assert.ok(Array.isArray(pasos));
    assert.deepEqual(
      pasos.map((s) => [dig(s, "paso"), dig(s, "estado")]),
      [["ProcesarPago", "HECHO"], ["AprobarCampania", "HECHO"], ["ActualizarCliente", "HECHO"]],
    );
    const quien = await p.waitFor(`/cliente/${cliente}`, "total_pagos", 1);
    field(quien, "ultimo_pago", text(pago, "fecha_completado"));
  },
);

acceptance("the campaign as it was is told by its events, and before it existed there is none", async () => {
  const { campania } = await p.nuevaCampania({ anticipo: cop("100.00") });
  await p.campania(campania, "APROBADA");
  const [creada, , aprobada] = rows(await p.get(`/campanias/${campania}/eventos`));
  const en = (t: string) => p.api.send("GET", `/campanias/${campania}?en=${encodeURIComponent(t)}`);
  field(status(await en(String(dig(creada, "occurred_on"))), 200), "estado", "PENDIENTE");
  field(status(await en(String(dig(aprobada, "occurred_on"))), 200), "estado", "APROBADA");
  status(await en("2020-01-01T00:00:00Z"), 404);
});

acceptance("a refused payment cancels its campaign with the bank's reason", async () => {
  const { campania, cliente } = await p.nuevaCampania({ presupuesto: cop("9000.00") });
  const pago = await p.pagar(campania, "0002");
  const fallido = await p.pago(pago, "FALLIDO");
  const c = await p.campania(campania, "CANCELADA");
  field(c, "motivo", text(fallido, "failure_reason"));
  const saga = await p.waitFor(`/campanias/${campania}/saga`, "estado", "COMPENSADA");
  assert.match(saga.text, /"paso":"ActualizarCliente"/);
  field(await p.get(`/cliente/${cliente}`), "total_pagos", 0);
});

acceptance("a late answer is unknown at first and EXITOSO within ten seconds", async () => {
  const { campania } = await p.nuevaCampania({ presupuesto: cop("9000.00") });
  const pago = await p.pagar(campania, "0006");
  await p.pago(pago, "EXITOSO");
  await p.campania(campania, "APROBADA");
  const pasos = await p.pasos(pago);
  const cuando = (estado: string) => pasos.find((s) => s.estado === estado)?.fecha ?? NaN;
  assert.deepEqual(pasos.map((s) => s.estado).slice(-3), ["EN_PROCESO", "EN_VERIFICACION", "EXITOSO"]);
  assert.ok(cuando("EXITOSO") - cuando("EN_PROCESO") <= 10_000);
});

acceptance(
  "a payment whose answer was dropped is found paid by the status query, and was paid once",
  async () => {
    const { campania, cliente } = await p.nuevaCampania({ presupuesto: cop("9000.00") });
    const pago = await p.pagar(campania, "0008");
    field(await p.pago(pago, "EXITOSO"), "intentos.length", 1);
    assert.ok((await p.pasos(pago)).some((s) => s.estado === "EN_VERIFICACION"));
    await p.campania(campania, "APROBADA");
    await p.waitFor(`/cliente/${cliente}`, "total_pagos", 1);
  },
);

acceptance("a payment that is there before its campaign waits for it", async () => {
  const [pago, campania, cliente] = [nuevoId("p"), nuevoId("k"), await p.cliente()];
  const cuerpo = { idPago: pago, idCampania: campania, idCliente: cliente, monto: cop("450.00") };
  const accepted = status(await p.post("/pagos/comandos/crear", cuerpo), 202);
  assert.deepEqual(accepted.body, { status: "accepted", id: pago });
  field(await p.get(`/pagos/${pago}`), "estado", "PENDIENTE");
  status(await p.post("/campanias/crear", { idCampania: campania, idCliente: cliente, itinerario: [] }), 202);
  await p.pago(pago, "EXITOSO");
  field(await p.campania(campania, "APROBADA"), "pago_asociado_id", pago);
});

acceptance("an explicit payment takes the place of the automatic one, and one of them is paid", async () => {
  // The automatic one leaves half a second; on a busy machine that may pass, and then it is a 409 that names it.
  for (let attempt = 1;; attempt++) {
    const { campania } = await p.nuevaCampania({ presupuesto: cop("9000.00"), anticipo: cop("100.00") });
    const id = nuevoId("p");
    const a = await p.post("/pagos/pagar", { id, idCampania: campania, monto: cop("200.00") });
    if (a.status === 409 && attempt < 5) continue;
    status(a, 202);
    field(await p.campania(campania, "APROBADA"), "pago_asociado_id", id);
    const pagos = rows(await p.get(`/pagos?idCampania=${campania}`));
    const exitosos = pagos.filter((x) => dig(x, "estado") === "EXITOSO").map((x) => dig(x, "id"));
    assert.deepEqual(exitosos, [id]);
    assert.ok(pagos.every((x) => dig(x, "id") === id || dig(x, "estado") === "RECHAZADO"));
    return;
  }
});

acceptance("an operator approves an unpaid anticipo only in so many words", async () => {
  const { campania } = await p.nuevaCampania({ presupuesto: cop("9000.00"), anticipo: cop("100.00") });
  const pago = nuevoId("p");
  // A bank that never answers keeps it unpaid.
  const mudo = { id: pago, idCampania: campania, monto: cop("100.00"), payment_method_mask: "****0004" };
  status(await p.post("/pagos/pagar", mudo), 202);
  const a = status(await p.post(`/campanias/${campania}/aprobar`, {}), 409);
  field(a, "codigo", "campania_anticipo_sin_pagar");
  field(
    status(await p.post(`/campanias/${campania}/aprobar`, { sin_anticipo: true }), 200),
    "estado",
    "APROBADA",
  );
});

acceptance(
  "a repeat of a creation is accepted whatever the state by then, with no second event",
  async () => {
    const { campania, cliente, answer } = await p.nuevaCampania({ anticipo: cop("100.00") });
    await p.campania(campania, "APROBADA");
    const cuerpo = { idCampania: campania, idCliente: cliente, itinerario: [], anticipo: cop("100.00") };
    const again = status(await p.post("/campanias/crear", cuerpo), 202);
    assert.deepEqual(again.body, answer.body);
    assert.equal(rows(await p.get(`/campanias/${campania}/eventos`)).length, 3);
    status(await p.post("/campanias/crear", { ...cuerpo, nombre: "Otra" }), 409);
  },
);

acceptance("one request's id and trace are found in all that it caused", async () => {
  const solicitud = nuevoId("solicitud");
  const trace = crypto.randomUUID().replaceAll("-", "");
  const { campania, cliente, answer } = await p.nuevaCampania(
    { anticipo: cop("100.00") },
    { "X-Request-Id": solicitud, traceparent: `00-${trace}-00f067aa0ba902b7-01` },
  );
  assert.equal(answer.requestId, solicitud);
  const pago = text(await p.campania(campania, "APROBADA"), "pago_asociado_id");
  const saga = await p.waitFor(`/campanias/${campania}/saga`, "estado", "COMPLETADA");
  const pasos = dig(saga.body, "pasos");
  assert.ok(Array.isArray(pasos) && pasos.every((s) => dig(s, "solicitud") === solicitud));
  for (const [modulo, id] of [["campanias", campania], ["pagos", pago]] as const) {
    const mine = (await feed(modulo)).filter((c) => dig(c, "id") === id);
    assert.ok(mine.length > 0);
    assert.ok(mine.every((c) => dig(c, "correlacion") === solicitud), `${modulo}: ${JSON.stringify(mine)}`);
  }
  await p.waitFor(`/cliente/${cliente}`, "total_pagos", 1);
  const hecho = rows(await p.get(`/cliente/${cliente}/historial`)).map((h) => dig(h, "solicitud"));
  assert.ok(hecho.includes(solicitud), JSON.stringify(hecho));

  const messages = (await p.stack.published()).filter((m) =>
    dig(m.data, "idCampania") === campania || dig(m.data, "idPago") === pago
  );
  const types = messages.map((m) => m.type);
  for (const type of ["CampaniaCreada.v1", "ProcesarPago", "PagoConfirmado.v1", "CampaniaAprobada.v1"]) {
    assert.ok(types.includes(type), `${type} is not among ${types}`);
  }
  for (const m of messages) {
    assert.equal(m.correlation_id, solicitud, m.type);
    assert.ok(m.traceparent?.startsWith(`00-${trace}-`), `${m.type} ${m.traceparent}`);
  }
});

/** Every change of a module until now. */
async function feed(modulo: string): Promise<unknown[]> {
  const all: unknown[] = [];
  for (let n = 0;;) {
    const page = await p.get(`/${modulo}/cambios?despues=${n}&limit=1000&espera=0`);
    all.push(...rows(page));
    if (rows(page).length === 0) return all;
    n = Number(dig(rows(page).at(-1), "n"));
  }
}

acceptance(
  "a bank that never answers leaves the payment unknown within five seconds, and it stays so",
  async () => {
    await p.pago(mudo, "EN_VERIFICACION");
    const pasos = await p.pasos(mudo);
    const [inicio, fin] = ["EN_PROCESO", "EN_VERIFICACION"].map((e) =>
      pasos.find((s) => s.estado === e)?.fecha
    );
    assert.ok(inicio !== undefined && fin !== undefined && fin - inicio <= 5_000);
    // It has been asked after since; what does not answer proves nothing.
    await p.waitFor(`/pagos/${huerfano}`, "estado", "RECHAZADO");
    field(field(await p.get(`/pagos/${mudo}`), "estado", "EN_VERIFICACION"), "intentos.length", 1);
    field(await p.get(`/campanias/${muda.campania}`), "estado", "PENDIENTE");
    field(
      await p.waitFor(`/campanias/${muda.campania}/saga`, "estado", "ESPERANDO_PAGO"),
      "pasos.0.estado",
      "EN_CURSO",
    );
  },
);

acceptance(
  "a payment for a campaign that nobody announced is rejected after half a minute, and creates none",
  async () => {
    await p.pago(huerfano, "RECHAZADO");
    const [primero, ultimo] = [(await p.pasos(huerfano)).at(0), (await p.pasos(huerfano)).at(-1)];
    assert.ok(primero !== undefined && ultimo !== undefined);
    const waited = ultimo.fecha - primero.fecha;
    assert.ok(waited >= 29_000 && waited <= 45_000, `${waited} ms`);
    status(await p.api.send("GET", `/campanias/${sinAnuncio}`), 404);
  },
);
