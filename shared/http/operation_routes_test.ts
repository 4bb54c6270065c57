import assert from "node:assert/strict";
import { memoryFeed } from "@alpes/shared/adapters/memory/feed.ts";
import { memoryInbox } from "@alpes/shared/adapters/memory/inbox.ts";
import type { FeedEntry } from "@alpes/shared/seedwork/unit_of_work.ts";
import { message } from "@alpes/shared/testing/bus_contract.ts";
import { appAround, problemIn } from "@alpes/shared/testing/http_app.ts";
import { OPERATION_FAULTS, operationRoutes } from "./operation_routes.ts";

function operation() {
  const entries: FeedEntry[] = [];
  const feed = memoryFeed(entries, { now: () => new Date("2026-01-31T12:00:00Z"), correlacion: "sol-1" });
  const inbox = memoryInbox({ now: () => new Date("2026-01-31T12:00:00Z") });
  const draining = new AbortController();
  const audit = { search: () => Promise.resolve({ data: [], next: null }) };
  const router = operationRoutes({ modulo: "pagos", feed, desk: inbox, audit, draining: draining.signal });
  const { send } = appAround("/pagos", router, { catalogues: [OPERATION_FAULTS] });
  const put = (e: FeedEntry) => {
    entries.push(e);
    feed.wake();
  };
  const park = async (n: number) => {
    const incoming = {
      consumer: "pagos.saga",
      topic: "eventos.campanias",
      message: message(`k${n}`, 1),
    } as const;
    await inbox.park(incoming, "TypeError: no");
    await inbox.arrive({ ...incoming, message: message(`k${n}`, 2) });
  };
  return { send, put, park, drain: () => draining.abort() };
}
const pago = (version: number): FeedEntry => ({ tipo: "pago", id: "p-1", version });
async function refused(res: Response, status: number) {
  const problem = await problemIn(res);
  assert.equal(problem.status, status);
  return problem;
}
const bodyOf = async (r: Promise<Response>, status = 200) => {
  const res = await r;
  assert.equal(res.status, status);
  return await res.json();
};

Deno.test("changes are read after a number, with what is kept", async () => {
  const o = operation();
  for (const v of [1, 2, 3]) o.put(pago(v));
  assert.deepEqual(await bodyOf(o.send("GET", "/pagos/cambios?despues=1&limit=1")), {
    data: [{
      n: 2,
      tipo: "pago",
      id: "p-1",
      version: 2,
      correlacion: "sol-1",
      en: "2026-01-31T12:00:00.000Z",
    }],
    primero: 1,
    ultimo: 3,
  });
  assert.equal((await bodyOf(o.send("GET", "/pagos/cambios"))).data.length, 3);
  assert.deepEqual((await bodyOf(o.send("GET", "/pagos/cambios?despues=3&espera=0"))).data, []);
});

Deno.test("who asks for changes that are not there waits for the first one, or for the process to go", async () => {
  const o = operation();
  const waiting = o.send("GET", "/pagos/cambios?espera=25");
  o.put(pago(1));
  assert.equal((await bodyOf(waiting)).data.length, 1);
  const last = o.send("GET", "/pagos/cambios?despues=1&espera=25");
  o.drain();
  assert.deepEqual((await bodyOf(last)).data, []);
});

Deno.test("bad numbers are named", async () => {
  const o = operation();
  const res = await o.send("GET", "/pagos/cambios?despues=-1&espera=60&limit=x&otro=1");
  const problem = await refused(res, 400);
  assert.deepEqual(problem.errores.map((e) => e.campo).sort(), ["despues", "espera", "limit", "otro"]);
  await refused(await o.send("GET", "/pagos/operacion/mensajes?cursor=x"), 400);
  await refused(await o.send("GET", "/pagos/operacion/mensajes?limit=101"), 400);
});

Deno.test("parked messages are listed page by page with what waits behind them", async () => {
  const o = operation();
  for (const n of [1, 2, 3]) await o.park(n);
  const first = await bodyOf(o.send("GET", "/pagos/operacion/mensajes?limit=2"));
  assert.deepEqual(first.pagination.has_next, true);
  assert.deepEqual(first.data[0], {
    id: "pagos.saga~k1-1",
    consumidor: "pagos.saga",
    event_id: "k1-1",
    topic: "eventos.campanias",
    type: "AlgoPaso.v1",
    clave: "k1",
    estado: "APARCADO",
    intentos: 1,
    error: "TypeError: no",
    detras: 1,
    recibido: "2026-01-31T12:00:00.000Z",
    actualizado: "2026-01-31T12:00:00.000Z",
    mensaje: message("k1", 1),
  });
  const next = `/pagos/operacion/mensajes?limit=2&cursor=${first.pagination.next_cursor}`;
  const second = await bodyOf(o.send("GET", next));
  assert.deepEqual(second.data.map((m: { clave: string }) => m.clave), ["k3"]);
  assert.deepEqual(second.pagination, { limit: 2, next_cursor: null, has_next: false });
  assert.deepEqual((await bodyOf(o.send("GET", "/pagos/operacion/estado"))).inbox, {
    pendientes: 0,
    edad_s: 0,
    aparcados: 3,
    detras: 3,
  });
});

Deno.test("an operator tries again, sets aside or discards; what is not parked is refused", async () => {
  const o = operation();
  for (const n of [1, 2, 3]) await o.park(n);
  const order = (n: number, verbo: string, body?: object) =>
    o.send("POST", `/pagos/operacion/mensajes/pagos.saga~k${n}-1/${verbo}`, body);
  assert.deepEqual(await bodyOf(order(1, "reintentar")), {
    id: "pagos.saga~k1-1",
    estado: "LISTO",
    detras: 1,
  });
  assert.deepEqual((await bodyOf(order(2, "liberar", { motivo: "urge" }))).estado, "APARTADO");
  await refused(await order(3, "descartar"), 400);
  await refused(await order(3, "descartar", {}), 400);
  assert.deepEqual((await bodyOf(order(3, "descartar", { motivo: "duplicado" }))).estado, "DESCARTADO");
  const problem = await refused(await order(3, "reintentar"), 409);
  assert.equal(problem.codigo, "mensaje_no_aparcado");
  assert.match(problem.detail, /DESCARTADO/);
  await refused(await order(9, "reintentar"), 404);
});

Deno.test("an order with a key is given once, and its repeat gets the same answer", async () => {
  const o = operation();
  await o.park(1);
  const order = () =>
    o.send("POST", "/pagos/operacion/mensajes/pagos.saga~k1-1/liberar", {}, { "Idempotency-Key": "orden-1" });
  const first = await (await order()).text();
  const again = await order();
  assert.equal(again.status, 200);
  assert.equal(again.headers.get("Idempotency-Replayed"), "true");
  assert.equal(await again.text(), first);
});
