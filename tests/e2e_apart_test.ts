import assert from "node:assert/strict";
import { acceptance, consumer, cop, dig, field, status, text } from "./acceptance.ts";
import { startApart } from "./processes.ts";

const parts = await startApart();
const p = consumer(parts.bff.url);
Deno.test.afterAll(() => parts[Symbol.asyncDispose]());

acceptance("three services in processes of their own carry the same saga", async () => {
  const { campania, cliente } = await p.nuevaCampania({ anticipo: cop("1000.00") });
  const pago = text(await p.campania(campania, "APROBADA"), "pago_asociado_id");
  await p.waitFor(`/cliente/${cliente}`, "total_pagos", 1);
  status(await p.post(`/pagos/${pago}/revertir`, { motivo: "prueba" }), 202);
  await p.campania(campania, "CANCELADA");
  await p.waitFor(`/cliente/${cliente}`, "total_pagos", 0);
});

acceptance("pagos alone also answers to /comandos/crear", async () => {
  const { campania, cliente } = await p.nuevaCampania();
  const alone = consumer(parts.pagos.url);
  const cuerpo = { idPago: `p-${campania}`, idCampania: campania, idCliente: cliente, monto: cop("10.00") };
  status(await alone.post("/comandos/crear", cuerpo), 202);
  await p.campania(campania, "APROBADA");
});

// From here on pagos is gone; the tests of this file run in this order.
acceptance("when one service is gone, what it would have said is null and the service is named", async () => {
  const { campania, cliente } = await p.nuevaCampania();
  await parts.pagos.kill();

  const panel = await p.get("/api/v1/dashboard");
  for (const figure of ["total_pagos", "pagos_pendientes", "monto_total_procesado", "pagos_recientes"]) {
    field(panel, figure, null);
  }
  assert.ok(Number(dig(panel.body, "total_clientes")) >= 3);
  assert.ok(Number(dig(panel.body, "total_campanias")) >= 3);
  named(panel.body);

  const quien = await p.get(`/api/v1/clientes/${cliente}`);
  field(quien, "cliente.id", cliente);
  field(quien, "estadisticas", null);
  field(quien, "pagos_recientes", null);
  field(quien, "campanias_activas.0.id", campania);
  named(quien.body);

  const found = await p.get(`/api/v1/search?q=${cliente}`);
  field(found, "results.pagos", null);
  field(found, "results.clientes.0.id", cliente);
  named(found.body);

  const health = await p.get("/api/v1/health");
  field(health, "status", "degraded");
  field(health, "services.pagos_service.status", "down");
  field(health, "services.cliente_service.status", "up");
});

acceptance("when the main resource's service is gone, it is a 502, 503 or 504 problem", async () => {
  for (const path of ["/api/v1/pagos", "/api/v1/pagos/p-1", "/pagos/estadisticas"]) {
    const a = status(await p.api.send("GET", path), 502, 503, 504);
    assert.equal(a.headers.get("content-type"), "application/problem+json");
    assert.match(a.text, /pagos_service/);
    assert.doesNotMatch(a.text, /127\.0\.0\.1|localhost|at file:/);
  }
  const body = { partner_id: "s-1", cycle_id: "2026-01", total_amount: "1.00" };
  status(await p.post("/api/v1/pagos", body), 502, 503, 504);
  // The rest goes on.
  await p.nuevaCampania();
});

function named(body: unknown): void {
  const advertencias = dig(body, "advertencias");
  assert.ok(Array.isArray(advertencias) && advertencias.length > 0);
  assert.ok(advertencias.every((a) => String(a).startsWith("pagos_service ")), JSON.stringify(advertencias));
}
