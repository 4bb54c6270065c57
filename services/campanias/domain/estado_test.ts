import assert from "node:assert/strict";
import { dinero } from "@alpes/shared/seedwork/money.ts";
import { Campania } from "./campania.ts";
import {
  aprobada,
  asociado,
  cancelada,
  creada,
  datos,
  en,
  finalizada,
  gastado,
  pausada,
  usd,
} from "./ejemplos_test.ts";
import { type Existente, gasto, moneda } from "./estado.ts";
import type { Evento } from "./eventos.ts";

function tras(...eventos: readonly Evento[]): Existente {
  const c = eventos.reduce(Campania.evolve, Campania.inicial);
  if (c.estado === "INEXISTENTE") assert.fail("no campaign");
  return c;
}
const despues = new Date("2026-03-02T00:00:00Z");

Deno.test("gasto is the sum of commissions less refunds, and null before the first", () => {
  assert.equal(gasto(tras(creada())), null);
  assert.deepEqual(gasto(tras(creada(), gastado(usd(10_00)), gastado(usd(-3_00)))), usd(7_00));
  assert.deepEqual(gasto(tras(creada(), gastado(usd(5)), gastado(usd(-5)))), usd(0));
});
Deno.test("gasto is told in the campaign's currency; other currencies are never added to it", () => {
  const pesos = gastado(dinero(9_00n, "COP"));
  assert.equal(gasto(tras(creada(), pesos)), null);
  assert.deepEqual(gasto(tras(creada(), pesos, gastado(usd(1)))), usd(1));
  const libre = creada({ ...datos, presupuesto: null });
  assert.deepEqual(gasto(tras(libre, pesos, gastado(usd(1)))), dinero(9_00n, "COP"));
  assert.equal(moneda(tras(creada({ ...datos, presupuesto: null, anticipo: dinero(1n, "EUR") }))), "EUR");
  assert.equal(moneda(tras(libre)), null);
});
Deno.test("the times of approval and cancellation are kept, and the motivo is that of the last decision", () => {
  const pausa: Evento = { ...pausada, motivo: "revisión" } as Evento;
  const c = tras(creada(), aprobada, pausa, { tipo: "CampaniaReanudada", motivo: null, en: despues });
  assert.equal(c.estado, "APROBADA");
  assert.equal(c.motivo, null);
  assert.deepEqual(c.estado === "APROBADA" && c.fecha_aprobacion, en);
  const f = tras(creada(), aprobada, { ...finalizada, en: despues });
  assert.deepEqual(f.estado === "FINALIZADA" && f.fecha_aprobacion, en);
  const x = tras(creada(), { ...cancelada, en: despues });
  assert.deepEqual(x.estado === "CANCELADA" && [x.fecha_aprobacion, x.fecha_cancelacion, x.motivo], [
    null,
    despues,
    "sin interés",
  ]);
  const y = tras(creada(), aprobada, { ...cancelada, en: despues });
  assert.deepEqual(y.estado === "CANCELADA" && y.fecha_aprobacion, en);
});
Deno.test("an edit changes what it names; the creation is kept as it was", () => {
  const c = tras(creada(), { tipo: "CampaniaActualizada", cambios: { nombre: null }, en }, asociado());
  assert.equal(c.datos.nombre, null);
  assert.equal(c.creacion.nombre, datos.nombre);
  assert.deepEqual(c.pago, { idPago: "p-1", monto: usd(100_00) });
});
