import assert from "node:assert/strict";
import { message } from "@alpes/shared/testing/bus_contract.ts";
import { freshDatabase } from "@alpes/shared/testing/database.ts";
import { postgresBus } from "./bus.ts";
import { openDatabase } from "./database.ts";
import { postgresInbox } from "./inbox.ts";
import { postgresMessageDesk } from "./messaging_ops.ts";

Deno.test("the lag of a module counts its own messages and the age of the oldest", async () => {
  await using fresh = await freshDatabase();
  await using db = openDatabase({ url: fresh.url, role: "alpes_pagos", max: 4 });
  const desk = postgresMessageDesk(db, "pagos");
  const none = {
    outbox: { pendientes: 0, edad_s: 0 },
    inbox: { pendientes: 0, edad_s: 0, aparcados: 0, detras: 0 },
  };
  assert.deepEqual(await desk.lag(), none);

  for (const [modulo, age] of [["pagos", 60], ["pagos", 5], ["cliente", 900]] as const) {
    await db.query(
      `insert into mensajeria.outbox (modulo, topic, particion, event_id, mensaje, creado)
       values ($1, 'eventos.pagos', $2::int % 16, $1 || $2::text, '{}', clock_timestamp() - $2::int * interval '1 s')`,
      [modulo, age],
    );
  }
  {
    await using bus = postgresBus(db);
    for (const group of ["pagos", "pagos.saga", "cliente"]) {
      await (await bus.subscribe("eventos.campanias", group, () => Promise.resolve()))[Symbol.asyncDispose]();
    }
    await bus.publish("eventos.campanias", [message("k", 1), message("j", 1)]);
    await db.query("update mensajeria.bus_mensajes set publicado = publicado - interval '30 s'");
  }
  const inbox = postgresInbox(db);
  const at = (
    consumer: string,
    n: number,
  ) => ({ consumer, topic: "eventos.campanias", message: message("k", n) } as const);
  await inbox.park(at("pagos.saga", 1), "no");
  await inbox.arrive(at("pagos.saga", 2));
  await inbox.arrive(at("pagos.saga", 3));
  await inbox.park(at("cliente", 1), "no");

  const lag = await desk.lag();
  assert.deepEqual([lag.outbox.pendientes, lag.inbox.pendientes, lag.inbox.aparcados, lag.inbox.detras], [
    2,
    4,
    1,
    2,
  ]);
  assert.ok(lag.outbox.edad_s >= 60 && lag.outbox.edad_s < 120, String(lag.outbox.edad_s));
  assert.ok(lag.inbox.edad_s >= 30 && lag.inbox.edad_s < 90, String(lag.inbox.edad_s));
});
