import { acceptance, cop, field, nuevoId, platform, status } from "./acceptance.ts";

// A second and a half: two seconds before the late answer, so that also a busy machine sees the deadline first.
const p = await platform({ env: { SAGA_PLAZO: "0.025" } });

acceptance(
  "a payment without an outcome in time cancels its campaign, and later proof is given back",
  async () => {
    const { campania, cliente } = await p.nuevaCampania({
      presupuesto: cop("9000.00"),
      anticipo: cop("100.00"),
    });
    const id = nuevoId("p");
    const tarde = { id, idCampania: campania, monto: cop("100.00"), payment_method_mask: "****0006" };
    status(await p.post("/pagos/pagar", tarde), 202);
    const c = await p.campania(campania, "CANCELADA");
    field(c, "motivo", "sin respuesta del pago dentro del plazo");
    await p.pago(id, "REVERTIDO");
    await p.waitFor(`/campanias/${campania}/saga`, "estado", "COMPENSADA");
    await p.waitFor(`/cliente/${cliente}`, "total_pagos", 0);
  },
);

acceptance("the deadline also holds for a payment that somebody asked for over HTTP", async () => {
  const { campania } = await p.nuevaCampania({ presupuesto: cop("9000.00") });
  const pago = await p.pagar(campania, "0004");
  await p.waitFor(`/campanias/${campania}/saga`, "pasos.0.paso", "ProcesarPago");
  await p.campania(campania, "CANCELADA");
  await p.pago(pago, "EN_VERIFICACION");
});

acceptance("money that cannot be asked back ends where a person must look", async () => {
  const { campania } = await p.nuevaCampania({ presupuesto: cop("9000.00"), anticipo: cop("100.00") });
  const mudo = { idCampania: campania, monto: cop("100.00"), payment_method_mask: "****0004" };
  status(await p.post("/pagos/pagar", mudo), 202);
  await p.campania(campania, "CANCELADA");
  await p.waitFor(`/campanias/${campania}/saga`, "estado", "REQUIERE_INTERVENCION");
  const sagas = await p.get("/api/v1/operacion/sagas");
  if (!sagas.text.includes(campania)) throw new Error(`not among the sagas to look at: ${sagas.text}`);
});
