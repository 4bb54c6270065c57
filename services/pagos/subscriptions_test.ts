import assert from "node:assert/strict";
import { v7 } from "uuid";
import type { Message, Topic } from "@alpes/shared/seedwork/messages.ts";
import { contextOf } from "@alpes/shared/seedwork/unit_of_work.ts";
import { saldar } from "./application/saldar.ts";
import { contexto, enMemoria, type ModuloDePrueba, TIEMPOS_DE_PRUEBA } from "./modulo_de_prueba.ts";
import { pagosSubscriptions } from "./subscriptions.ts";

let serie = 0;
async function llega(m: ModuloDePrueba, topic: Topic, type: string, data: object): Promise<void> {
  const mensaje: Message = {
    event_id: `e-${++serie}`,
    type,
    schemaVersion: "v1",
    aggregate_type: "Campania",
    aggregate_id: "ca-1",
    aggregate_version: 1,
    occurred_on: "2026-01-31T12:00:00Z",
    correlation_id: "sol-7",
    causation_id: "x",
    data,
  };
  for (const s of pagosSubscriptions(m.comandos)) {
    if (s.topic === topic) await s.handle(mensaje, contextOf(mensaje, s.consumer, "pagos"));
  }
}
const creada = { idCampania: "ca-1", idCliente: "cl-1", itinerario: [], fechaCreacion: 0, estado: "CREADA" };
const orden = {
  idPago: "pago-1",
  idCampania: "ca-1",
  idCliente: "cl-1",
  monto: { valor: "5.00", moneda: "USD" },
};
const estado = async (m: ModuloDePrueba) => (await m.pagos.obtener("pago-1"))?.payout.estado;
async function saldarTodo(m: ModuloDePrueba) {
  const psp = {
    pagar: () => Promise.resolve({ tipo: "pagado", referencia: "r", comision: null } as const),
    consultar: () => Promise.resolve({ tipo: "no_existe" } as const),
    devolver: () => Promise.resolve(true),
  };
  const paso = saldar(m.uow, psp, v7, TIEMPOS_DE_PRUEBA);
  for (let i = 0; i < 3; i++) for (const t of await m.agenda.tomar(10, 60_000)) await paso(t);
}

Deno.test("ProcesarPago pays the campaign, under the request that started it", async () => {
  await using m = await enMemoria();
  await llega(m, "eventos.campanias", "CampaniaCreada.v1", {
    ...creada,
    anticipo: { valor: "5.00", moneda: "USD" },
  });
  await llega(m, "comandos.pagos", "ProcesarPago", orden);
  assert.equal(await estado(m), "CALCULADO");
  const [tarea] = await m.agenda.tomar(1, 0);
  assert.deepEqual(tarea, {
    id: "pago-1",
    correlacion: "sol-7",
    traceparent: null,
    saga_paso: "ProcesarPago",
  });
  await saldarTodo(m);
  assert.equal(await estado(m), "EXITOSO");
});

Deno.test("ProcesarPago may come before its campaign", async () => {
  await using m = await enMemoria();
  await llega(m, "comandos.pagos", "ProcesarPago", orden);
  assert.equal(await estado(m), "PENDIENTE");
  await llega(m, "eventos.campanias", "CampaniaCreada", creada);
  assert.equal(await estado(m), "CALCULADO");
});

Deno.test("that there is no campaign refuses what waits for it, unless it was announced meanwhile", async () => {
  const nadie = { idCampania: "ca-1", fecha: "2026-01-31T12:00:00Z" };
  await using m = await enMemoria();
  await llega(m, "comandos.pagos", "ProcesarPago", orden);
  await llega(m, "eventos.campanias", "CampaniaInexistente.v1", { ...nadie, idCampania: "otra" });
  assert.equal(await estado(m), "PENDIENTE");
  await llega(m, "eventos.campanias", "CampaniaInexistente.v1", nadie);
  assert.equal(await estado(m), "RECHAZADO");
  await using n = await enMemoria();
  await llega(n, "comandos.pagos", "ProcesarPago", orden);
  await llega(n, "eventos.campanias", "CampaniaCreada.v1", creada);
  await llega(n, "eventos.campanias", "CampaniaInexistente.v1", nadie);
  assert.equal(await estado(n), "CALCULADO");
});

Deno.test("RevertirPago refuses what has not begun, gives back what was paid, and may be repeated", async () => {
  await using m = await enMemoria();
  await llega(m, "eventos.campanias", "CampaniaCreada.v1", creada);
  await llega(m, "comandos.pagos", "ProcesarPago", orden);
  await llega(m, "comandos.pagos", "RevertirPago", { ...orden, motivo: "venció" });
  assert.equal(await estado(m), "RECHAZADO");
  await llega(m, "comandos.pagos", "RevertirPago", { ...orden, motivo: "venció" });
  await llega(m, "comandos.pagos", "RevertirPago", { idPago: "nadie", motivo: "venció" });

  await llega(m, "comandos.pagos", "ProcesarPago", { ...orden, idPago: "pago-2" });
  await saldarTodo(m);
  await llega(m, "comandos.pagos", "RevertirPago", { ...orden, idPago: "pago-2", motivo: "cancelada" });
  await llega(m, "comandos.pagos", "RevertirPago", { ...orden, idPago: "pago-2", motivo: "otra vez" });
  await saldarTodo(m);
  const { payout } = await m.pagos.obtener("pago-2") ?? assert.fail();
  assert.ok(payout.estado === "REVERTIDO" && payout.motivo === "cancelada");
});

Deno.test("the campaign's states and figures reach its replica", async () => {
  await using m = await enMemoria();
  const gastar = async () => {
    const r = await m.comandos.registrarTransacciones(
      contexto(),
      [{
        id: null,
        partner_id: "p",
        idCampania: "ca-1",
        brand_id: null,
        event_type: "CLICK",
        event_timestamp: null,
        monto_original: null,
        comision: null,
        moneda: null,
      }],
    );
    return r.ok ? "ok" : r.error.tipo === "prohibido" ? r.error.tipo : r.error.rechazos[0]?.rechazo.tipo;
  };
  assert.equal(await gastar(), "campania_no_aprobada");
  await llega(m, "eventos.campanias", "CampaniaCreada.v1", {
    ...creada,
    presupuesto: { valor: "0.10", moneda: "USD" },
  });
  await llega(m, "eventos.campanias", "CampaniaAprobada.v1", {
    idCampania: "ca-1",
    fechaAprobacion: 0,
    origen: "OPERADOR",
  });
  assert.equal(await gastar(), "ok");
  assert.equal(await gastar(), "presupuesto_excedido");
  await llega(m, "eventos.campanias", "CampaniaActualizada.v1", {
    idCampania: "ca-1",
    fecha: 0,
    presupuesto: { valor: "9.00", moneda: "USD" },
  });
  await llega(m, "eventos.campanias", "CampaniaActualizada.v1", {
    idCampania: "ca-1",
    fecha: 0,
    anticipo: null,
  });
  assert.equal(await gastar(), "ok");
  for (
    const [type, esperado] of [["CampaniaPausada.v1", "campania_no_aprobada"], [
      "CampaniaReanudada",
      "ok",
    ]] as const
  ) {
    await llega(m, "eventos.campanias", type, { idCampania: "ca-1", fecha: 0 });
    assert.equal(await gastar(), esperado);
  }
  await llega(m, "eventos.campanias", "CampaniaFinalizada.v1", { idCampania: "ca-1", fecha: 0 });
  assert.equal(await gastar(), "campania_no_aprobada");
});

Deno.test("what pagos has no business with is passed over, what it cannot read is not", async () => {
  await using m = await enMemoria();
  await llega(m, "comandos.pagos", "Bailar", {});
  await llega(m, "eventos.campanias", "PagoAsociado.v1", { idCampania: "ca-1", idPago: "x", fecha: 0 });
  await assert.rejects(llega(m, "comandos.pagos", "ProcesarPago", { idPago: "x" }), /monto/);
});
