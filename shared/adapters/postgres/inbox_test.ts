import assert from "node:assert/strict";
import { freshDatabase } from "@alpes/shared/testing/database.ts";
import { inboxContract } from "@alpes/shared/testing/inbox_contract.ts";
import { parkedId } from "@alpes/shared/seedwork/message_desk.ts";
import { message } from "@alpes/shared/testing/bus_contract.ts";
import { openDatabase } from "./database.ts";
import { postgresInbox } from "./inbox.ts";
import { postgresMessageDesk } from "./messaging_ops.ts";

async function open() {
  await using parts = new AsyncDisposableStack();
  const fresh = parts.use(await freshDatabase());
  const db = parts.use(openDatabase({ url: fresh.url, role: "alpes_pagos", max: 6 }));
  const inbox = postgresInbox(db, { idleMs: 100 });
  const ends = parts.move();
  return {
    db,
    inbox,
    desk: postgresMessageDesk(db, "pagos", inbox.wake),
    // The statement of the unit of work.
    async effect(consumer: string, event_id: string) {
      const done = await db.query(
        `update mensajeria.inbox set estado = 'HECHO', error = null, mensaje = null, actualizado = clock_timestamp()
          where consumidor = $1 and event_id = $2 and estado <> 'HECHO' returning 1`,
        [consumer, event_id],
      );
      return done.length > 0;
    },
    [Symbol.asyncDispose]: () => ends.disposeAsync(),
  };
}

inboxContract("PostgreSQL inbox", open);

Deno.test("an order is written with who gave it and why, and reaches only its own module", async () => {
  await using u = await open();
  const incoming = { consumer: "pagos", topic: "eventos.pagos", message: message("k", 1) } as const;
  await u.inbox.park(incoming, "no");
  const order = {
    id: parkedId("pagos", "k-1"),
    actor: { tipo: "servicio", id: "bff" },
    motivo: "ya no aplica",
  } as const;
  assert.deepEqual(await postgresMessageDesk(u.db, "cliente").descartar(order), {
    ok: false,
    error: { tipo: "no_existe" },
  });
  assert.ok((await u.desk.descartar(order)).ok);
  const rows = await u.db.query("select motivo, actor, estado from mensajeria.inbox");
  assert.deepEqual(rows, [{ motivo: "ya no aplica", actor: "servicio:bff", estado: "DESCARTADO" }]);
});

Deno.test("released messages are drained by one of several processes at a time, in order", async () => {
  await using u = await open();
  const other = postgresInbox(u.db, { idleMs: 100 });
  const topic = "eventos.pagos";
  for (const key of ["a", "b", "c"]) {
    await u.inbox.park({ consumer: "pagos", topic, message: message(key, 1) }, "no");
    for (let n = 2; n <= 30; n++) {
      await u.inbox.arrive({ consumer: "pagos", topic, message: message(key, n) });
    }
  }
  const seen: string[] = [];
  const done = Promise.withResolvers<void>();
  const work = async (m: { event_id: string }) => {
    seen.push(m.event_id);
    await u.inbox.done("pagos", m.event_id);
    if (seen.length === 90) done.resolve();
  };
  await using _a = await u.inbox.drain("pagos", topic, work);
  await using _b = await other.drain("pagos", topic, work);
  for (const key of ["a", "b", "c"]) {
    await u.desk.reintentar({ id: parkedId("pagos", `${key}-1`), actor: { tipo: "anonimo" }, motivo: null });
  }
  await done.promise;
  for (const key of ["a", "b", "c"]) {
    const own = seen.filter((e) => e.startsWith(key));
    assert.deepEqual(own, Array.from({ length: 30 }, (_, i) => `${key}-${i + 1}`));
  }
});
