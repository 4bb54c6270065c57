import assert from "node:assert/strict";
import { memoryUnitOfWork } from "@alpes/shared/adapters/memory/unit_of_work.ts";
import type { Message } from "@alpes/shared/seedwork/messages.ts";
import { AlreadyHandled, contextOf } from "@alpes/shared/seedwork/unit_of_work.ts";
import { memoryCampania, memoryCampanias } from "./adapters/memory.ts";
import { comandosCampanias } from "./application/comandos.ts";
import { context } from "./application/ejemplos_test.ts";
import { usd } from "./domain/ejemplos_test.ts";
import { campaniasSubscriptions } from "./subscriptions.ts";

async function abrir(anticipo: string | null = null) {
  let n = 0;
  const newId = () => `id-${++n}`;
  const uow = memoryUnitOfWork(memoryCampania, { clock: () => new Date(), newId });
  const comandos = comandosCampanias({ uow, newId, plazo: 60_000 });
  await comandos.crear(context, {
    idCampania: "camp-1",
    idCliente: "c-1",
    entrada: {
      itinerario: "[]",
      presupuesto: { valor: "10.00", moneda: "USD" },
      anticipo: anticipo === null ? null : { valor: anticipo, moneda: "USD" },
    },
  });
  const [pagos] = campaniasSubscriptions(comandos);
  assert.equal(pagos?.topic, "eventos.pagos");
  const llega = (type: string, data: unknown, event_id = `e-${++n}`) => {
    const m: Message = {
      event_id,
      type,
      schemaVersion: "v1",
      aggregate_type: "Payout",
      aggregate_id: "p-1",
      aggregate_version: 1,
      occurred_on: new Date().toISOString(),
      correlation_id: "sol-1",
      causation_id: "sol-1",
      data,
    };
    return pagos.handle(m, contextOf(m, pagos.consumer, "campanias"));
  };
  const lee = async () => {
    const v = await memoryCampanias(uow.state).obtener("camp-1", null);
    if (v === null) assert.fail("it was created");
    return v;
  };
  return { llega, lee, uow };
}
const CONFIRMADO = {
  idPago: "p-1",
  tipo: "CAMPANIA",
  idCampania: "camp-1",
  idCliente: "c-1",
  monto: "10.00",
  moneda: "USD",
  confirmation_id: "ok-1",
  fecha: "2026-03-01T00:00:00.000Z",
};

Deno.test("a confirmed payment approves its campaign, also told in an older way", async () => {
  const s = await abrir();
  await s.llega("PagoConfirmado", { ...CONFIRMADO, tipo: undefined, monto: 10, algo: "nuevo" });
  const v = await s.lee();
  assert.deepEqual([v.estado, v.pago_asociado_id], ["APROBADA", "p-1"]);
});
Deno.test("a payment that does not say its amount is taken to cover the anticipo, one that says less does not", async () => {
  const s = await abrir("5.00");
  await s.llega("PagoConfirmado.v1", { idPago: "p-1", idCampania: "camp-1" });
  assert.equal((await s.lee()).estado, "APROBADA");
  const t = await abrir("5.00");
  await t.llega("PagoConfirmado.v1", { ...CONFIRMADO, monto: "4.99" });
  assert.equal((await t.lee()).estado, "PENDIENTE");
});
Deno.test("the same message has its effect once", async () => {
  const s = await abrir();
  const comision = { idCampania: "camp-1", partner_id: "socio-1", monto: "3.00", moneda: "USD" };
  await s.llega("ComisionRegistrada.v1", comision, "e-x");
  await assert.rejects(s.llega("ComisionRegistrada.v1", comision, "e-x"), AlreadyHandled);
  assert.deepEqual((await s.lee()).gasto, usd(3_00));
});
Deno.test("commissions are spent, refunds come off, and the budget used up pauses", async () => {
  const s = await abrir();
  await s.llega("PagoConfirmado.v1", CONFIRMADO);
  const comision = (monto: string) =>
    s.llega("ComisionRegistrada.v1", { idCampania: "camp-1", partner_id: "socio-1", monto, moneda: "USD" });
  await comision("6.00");
  await comision("-1.00");
  assert.deepEqual([(await s.lee()).gasto, (await s.lee()).estado], [usd(5_00), "APROBADA"]);
  await comision("5.00");
  assert.deepEqual([(await s.lee()).estado, (await s.lee()).motivo], ["PAUSADA", "presupuesto agotado"]);
  const t = await abrir();
  await t.llega("PagoConfirmado.v1", CONFIRMADO);
  await t.llega("PresupuestoAgotado.v1", { idCampania: "camp-1" });
  assert.equal((await t.lee()).estado, "PAUSADA");
});
Deno.test("a failed or reverted payment cancels, with its motivo or one of ours", async () => {
  const s = await abrir();
  await s.llega("PagoFallido.v1", { ...CONFIRMADO, motivo: "fondos insuficientes" });
  assert.deepEqual([(await s.lee()).estado, (await s.lee()).motivo], ["CANCELADA", "fondos insuficientes"]);
  const t = await abrir();
  await t.llega("PagoConfirmado.v1", CONFIRMADO);
  await t.llega("PagoRevertido.v1", CONFIRMADO);
  assert.deepEqual([(await t.lee()).estado, (await t.lee()).motivo], ["CANCELADA", "el pago fue revertido"]);
  const u = await abrir();
  await u.llega("PagoFallido.v1", CONFIRMADO);
  assert.equal((await u.lee()).motivo, "el pago falló");
});
Deno.test("what pays a partner, and what is no business of campanias, changes nothing", async () => {
  const s = await abrir();
  for (const type of ["PagoConfirmado.v1", "PagoFallido.v1", "PagoRevertido.v1"]) {
    await s.llega(type, { ...CONFIRMADO, tipo: "PARTNER" });
    await s.llega(type, { ...CONFIRMADO, idCampania: null });
  }
  await s.llega("ComisionRegistrada.v1", { partner_id: "socio-1", monto: "3.00", moneda: "USD" });
  await s.llega("PagoSonado.v1", {});
  assert.deepEqual([(await s.lee()).estado, (await s.lee()).version], ["PENDIENTE", 1]);
});
Deno.test("news of an unknown campaign is taken as handled, and makes none", async () => {
  const s = await abrir();
  await s.llega("PagoConfirmado.v1", { ...CONFIRMADO, idCampania: "camp-9" });
  assert.equal(s.uow.state().size, 1);
});
Deno.test("who asks for a campaign is told where there is none, and hears of one that exists by its own events", async () => {
  const s = await abrir();
  const antes = s.uow.outbox.length;
  await s.llega("PagoEnEspera.v1", CONFIRMADO);
  assert.equal(s.uow.outbox.length, antes);
  await s.llega("PagoEnEspera.v1", { ...CONFIRMADO, idCampania: "camp-9" });
  const { topic, message } = s.uow.outbox.at(-1) ?? assert.fail();
  assert.deepEqual([topic, message.type, message.aggregate_id], [
    "eventos.campanias",
    "CampaniaInexistente.v1",
    "camp-9",
  ]);
  assert.partialDeepStrictEqual(message.data, { idCampania: "camp-9" });
  assert.equal(s.uow.state().size, 1);
});
Deno.test("what cannot be read is refused with the field named", async () => {
  const s = await abrir();
  await assert.rejects(s.llega("PagoConfirmado.v1", { idCampania: "camp-1" }), /idPago/);
  await assert.rejects(
    s.llega("ComisionRegistrada.v1", { idCampania: "camp-1", monto: "1.5", moneda: "USD" }),
    /not an amount of USD: 1.5/,
  );
});
