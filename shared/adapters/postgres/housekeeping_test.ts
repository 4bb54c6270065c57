import assert from "node:assert/strict";
import { message } from "@alpes/shared/testing/bus_contract.ts";
import { freshDatabase } from "@alpes/shared/testing/database.ts";
import { eventually } from "@alpes/shared/testing/eventually.ts";
import { postgresBus } from "./bus.ts";
import { type Database, openDatabase } from "./database.ts";
import { postgresFeed } from "./feed.ts";
import { startHousekeeping, tidyUp } from "./housekeeping.ts";

async function withDatabase(run: (db: Database) => Promise<void>): Promise<void> {
  await using fresh = await freshDatabase();
  await using db = openDatabase({ url: fresh.url, role: "alpes_mensajeria", max: 5 });
  await run(db);
}
const count = async (db: Database, table: "idempotencia" | "inbox" | "bus_mensajes" | "cambios") =>
  Number((await db.query<{ n: bigint }>(`select count(*) as n from mensajeria.${table}`))[0]?.n);

Deno.test("answers and handled messages go when they are old, parked ones never", () =>
  withDatabase(async (db) => {
    for (const age of [1, 89, 91]) {
      await db.query(
        `insert into mensajeria.idempotencia (llamador, ruta, clave, huella, status, cuerpo, tipo, creada)
         values ('a', 'POST /x', $1::text, '', 201, '', '', clock_timestamp() - $1::int * interval '1 day')`,
        [age],
      );
    }
    for (
      const [estado, age] of [["HECHO", 29], ["HECHO", 31], ["DESCARTADO", 31], ["APARCADO", 99], [
        "LISTO",
        99,
      ]]
    ) {
      await db.query(
        `insert into mensajeria.inbox (consumidor, event_id, topic, clave, estado, actualizado)
         values ('pagos', $1 || '-' || $2::text, 'eventos.pagos', 'k', $1, clock_timestamp() - $2::int * interval '1 day')`,
        [estado, age],
      );
    }
    // A batch of one: it must come again until nothing is left.
    const gone = await tidyUp(db, { batch: 1 });
    assert.deepEqual(gone, { answers: 1, inbox: 2, bus: 0, changes: 0 });
    assert.equal(await count(db, "idempotencia"), 2);
    assert.equal(await count(db, "inbox"), 3);
  }));

Deno.test("published messages go when they are old and every group has handled them", () =>
  withDatabase(async (db) => {
    await using bus = postgresBus(db, { backoff: () => 10_000 });
    const seen: string[] = [];
    await using _ = await bus.subscribe("eventos.pagos", "g", (m) => {
      if (m.event_id === "k-2") return Promise.reject(new Error("no"));
      return seen.push(m.event_id), Promise.resolve();
    });
    await bus.publish("eventos.pagos", [1, 2, 3].map((n) => message("k", n)));
    await bus.publish("comandos.pagos", [message("nadie", 1)]);
    await eventually(async () => {
      const left = await db.query("select from mensajeria.bus_entregas where rechazos = 0");
      return seen.length === 1 && left.length === 1;
    });
    assert.equal((await tidyUp(db)).bus, 0);
    await db.query("update mensajeria.bus_mensajes set publicado = clock_timestamp() - interval '8 days'");
    assert.equal((await tidyUp(db)).bus, 2);
    const left = await db.query<{ e: string }>(
      "select mensaje->>'event_id' as e from mensajeria.bus_mensajes order by pos",
    );
    assert.deepEqual(left.map((r) => r.e), ["k-2", "k-3"]);
  }));

Deno.test("old changes go, but the feed goes on counting and never loses what has no number yet", () =>
  withDatabase(async (db) => {
    const put = (id: string) =>
      db.query(
        `insert into mensajeria.cambios (modulo, tipo, id, version, correlacion, en)
         values ('pagos', 'pago', $1, 1, '', clock_timestamp() - interval '8 days')`,
        [id],
      );
    const feed = postgresFeed(db, "pagos");
    for (const id of ["a", "b", "c"]) await put(id);
    await feed.read(0, 10);
    await put("d");
    assert.equal((await tidyUp(db)).changes, 2);
    assert.deepEqual((await feed.read(0, 10)).map((c) => [c.n, c.id]), [[3, "c"], [4, "d"]]);
    assert.deepEqual(await feed.bounds(), { primero: 3, ultimo: 4 });
  }));

Deno.test("it tidies up by itself, in one process at a time", () =>
  withDatabase(async (db) => {
    await db.query(
      `insert into mensajeria.inbox (consumidor, event_id, topic, clave, estado, actualizado)
       select 'pagos', g::text, 'eventos.pagos', 'k', 'HECHO', clock_timestamp() - interval '31 days'
         from generate_series(1, 500) g`,
    );
    const errors: unknown[] = [];
    const options = { db, batch: 10, everyMs: 20, onError: (e: unknown) => errors.push(e) };
    await using _a = startHousekeeping(options);
    await using _b = startHousekeeping(options);
    await eventually(async () => assert.equal(await count(db, "inbox"), 0));
    assert.deepEqual(errors, []);
  }));
