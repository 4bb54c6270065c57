import { acceptance, cop, field, nuevoId, platform, status, text } from "./acceptance.ts";

const p = await platform();

acceptance("a reversal after approval compensates the campaign and takes the count back", async () => {
  const { campania, cliente } = await p.nuevaCampania({ presupuesto: cop("9000.00") });
  const pago = await p.pagar(campania);
  await p.campania(campania, "APROBADA");
  await p.waitFor(`/cliente/${cliente}`, "total_pagos", 1);
  status(await p.post(`/pagos/${pago}/revertir`, { motivo: "el cliente se arrepintió" }), 202);
  await p.pago(pago, "REVERTIDO");
  field(await p.campania(campania, "CANCELADA"), "motivo", "el cliente se arrepintió");
  field(await p.waitFor(`/cliente/${cliente}`, "total_pagos", 0), "ultimo_pago", null);
  // It holds already: asking again is a conflict.
  status(await p.post(`/pagos/${pago}/revertir`, { motivo: "otra vez" }), 409);
});

acceptance("cancelling an approved campaign gives its payment back", async () => {
  const { campania, cliente } = await p.nuevaCampania({ anticipo: cop("1000.00") });
  const pago = text(await p.campania(campania, "APROBADA"), "pago_asociado_id");
  status(await p.post(`/campanias/${campania}/cancelar`, { motivo: "cambio de planes" }), 200);
  await p.pago(pago, "REVERTIDO");
  field(await p.campania(campania, "CANCELADA"), "motivo", "cambio de planes");
  await p.waitFor(`/cliente/${cliente}`, "total_pagos", 0);
  await p.waitFor(`/campanias/${campania}/saga`, "estado", "COMPENSADA");
});

acceptance("a campaign whose commissions somebody earned is finished, not cancelled", async () => {
  const { campania } = await p.nuevaCampania({ anticipo: cop("1000.00") });
  await p.campania(campania, "APROBADA");
  const venta = {
    partner_id: nuevoId("s"),
    idCampania: campania,
    event_type: "VENTA",
    comision: cop("50.00"),
  };
  status(await p.post("/pagos/transacciones", venta), 201);
  await p.waitFor(`/campanias/${campania}`, "gasto", cop("50.00"));
  status(await p.post(`/campanias/${campania}/cancelar`, { motivo: "cambio de planes" }), 409);
  status(await p.post(`/campanias/${campania}/finalizar`, {}), 200);
});

acceptance("a finished campaign stays when its payment is given back", async () => {
  const { campania } = await p.nuevaCampania({ anticipo: cop("1000.00") });
  const pago = text(await p.campania(campania, "APROBADA"), "pago_asociado_id");
  status(await p.post(`/campanias/${campania}/finalizar`, {}), 200);
  status(await p.post(`/pagos/${pago}/revertir`, { motivo: "cortesía" }), 202);
  await p.pago(pago, "REVERTIDO");
  field(await p.get(`/campanias/${campania}`), "estado", "FINALIZADA");
});

acceptance("a confirmation for a campaign that was cancelled meanwhile is itself given back", async () => {
  const { campania, cliente } = await p.nuevaCampania({ presupuesto: cop("9000.00") });
  const pago = await p.pagar(campania, "0006");
  await p.pago(pago, "EN_PROCESO", "EN_VERIFICACION");
  status(await p.api.send("DELETE", `/campanias/${campania}?motivo=ya%20no`), 204);
  await p.pago(pago, "REVERTIDO");
  field(await p.get(`/campanias/${campania}`), "estado", "CANCELADA");
  await p.waitFor(`/cliente/${cliente}`, "total_pagos", 0);
});
