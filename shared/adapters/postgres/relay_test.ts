import assert from "node:assert/strict";
import { memoryBus } from "@alpes/shared/adapters/memory/bus.ts";
import type { Message, MessageBus } from "@alpes/shared/seedwork/messages.ts";
import { partitionOf } from "@alpes/shared/seedwork/partition.ts";
import type { Traced } from "@alpes/shared/seedwork/tracing.ts";
import { message, neighbours } from "@alpes/shared/testing/bus_contract.ts";
import { freshDatabase } from "@alpes/shared/testing/database.ts";
import { eventually } from "@alpes/shared/testing/eventually.ts";
import { type Database, openDatabase, type Tx } from "./database.ts";
import { startRelay } from "./relay.ts";

const topic = "eventos.pagos";

async function withOutbox(
  run: (db: Database, bus: MessageBus, seen: Message[]) => Promise<void>,
): Promise<void> {
  await using fresh = await freshDatabase();
  await using db = openDatabase({ url: fresh.url, role: "alpes_pagos", max: 6 });
  await using bus = memoryBus();
  const seen: Message[] = [];
  await using _ = await bus.subscribe(topic, "prueba", (m) => (seen.push(m), Promise.resolve()));
  await run(db, bus, seen);
}
/** What a unit of work leaves behind. */
const put = (tx: Tx, m: Message) =>
  tx.query(
    `insert into mensajeria.outbox (modulo, topic, particion, event_id, mensaje) values ('pagos', $1, $2, $3, $4)`,
    [topic, partitionOf(m.aggregate_id), m.event_id, JSON.stringify(m)],
  );
const left = async (db: Database) =>
  (await db.query<{ n: bigint }>("select count(*) as n from mensajeria.outbox"))[0]?.n;
const range = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

Deno.test("what was committed is published as it is, in order, and leaves the outbox", () =>
  withOutbox(async (db, bus, seen) => {
    for (const n of range(20)) await put(db, message("k", n));
    await using _ = startRelay({ db, bus, modulo: "pagos" });
    await eventually(() => seen.length === 20);
    assert.deepEqual(seen, range(20).map((n) => message("k", n)));
    await eventually(async () => assert.equal(await left(db), 0n));
  }));

Deno.test("a wake after a commit is enough, without waiting for the next look", () =>
  withOutbox(async (db, bus, seen) => {
    await using relay = startRelay({ db, bus, modulo: "pagos", idleMs: 3_600_000 });
    for (const n of range(30)) {
      await put(db, message("k", n));
      relay.wake();
      await eventually(() => seen.length === n, { ms: 10_000 });
    }
  }));

Deno.test("a transaction that commits late, with an older number, loses nothing", () =>
  withOutbox(async (db, bus, seen) => {
    const [early = "", late = ""] = neighbours(2);
    await using _ = startRelay({ db, bus, modulo: "pagos" });
    await db.transaction(async (tx) => {
      await put(tx, message(late, 1));
      await put(db, message(early, 1));
      await eventually(() => seen.length === 1);
    });
    await eventually(() => seen.length === 2);
    assert.deepEqual(seen.map((m) => m.aggregate_id), [early, late]);
  }));

Deno.test("while the bus refuses, everything stays; afterwards everything goes", () =>
  withOutbox(async (db, bus, seen) => {
    let refusing = true;
    let refused = 0;
    const moody: MessageBus = {
      ...bus,
      publish: (t, ms) => refusing ? (refused++, Promise.reject(new Error("no"))) : bus.publish(t, ms),
    };
    for (const n of range(5)) await put(db, message("k", n));
    const errors: unknown[] = [];
    await using _ = startRelay({
      db,
      bus: moody,
      modulo: "pagos",
      idleMs: 50,
      onError: (e) => errors.push(e),
    });
    await eventually(() => refused >= 3);
    assert.equal(await left(db), 5n);
    refusing = false;
    await eventually(() => seen.length === 5);
    assert.deepEqual(seen.map((m) => m.aggregate_version), range(5));
    assert.ok(errors.length >= 2);
  }));

Deno.test("a relay that dies between publishing and deleting makes duplicates, never a loss", () =>
  withOutbox(async (db, bus, seen) => {
    for (const n of range(5)) await put(db, message("k", n));
    let dead = false;
    const mortal: Database = {
      ...db,
      query: (t, v) => dead ? Promise.reject(new Error("dead")) : db.query(t, v),
    };
    const last: MessageBus = {
      ...bus,
      publish: (t, ms) => bus.publish(t, ms).then(() => void (dead = true)),
    };
    {
      await using _ = startRelay({ db: mortal, bus: last, modulo: "pagos", leaseMs: 300 });
      await eventually(() => dead && seen.length === 5);
    }
    assert.equal(await left(db), 5n);
    await using _ = startRelay({ db, bus, modulo: "pagos", idleMs: 50 });
    await eventually(() => seen.length === 10);
    assert.deepEqual(seen.map((m) => m.aggregate_version), [...range(5), ...range(5)]);
    await eventually(async () => assert.equal(await left(db), 0n));
  }));

Deno.test("several relays together publish each message once and keep the order of each aggregate", () =>
  withOutbox(async (db, bus, seen) => {
    await using _a = startRelay({ db, bus, modulo: "pagos", batch: 7 });
    await using _b = startRelay({ db, bus, modulo: "pagos", batch: 7 });
    await using _c = startRelay({ db, bus, modulo: "pagos", batch: 7 });
    const keys = range(25).map((k) => `k${k}`);
    await Promise.all(keys.map(async (k) => {
      for (const n of range(20)) await put(db, message(k, n));
    }));
    await eventually(async () => assert.equal(await left(db), 0n), { ms: 30_000 });
    await eventually(() => seen.length === 500);
    for (const k of keys) {
      assert.deepEqual(seen.filter((m) => m.aggregate_id === k).map((m) => m.aggregate_version), range(20));
    }
  }));

Deno.test("a message is published in a span of its own trace, and carries it on", () =>
  withOutbox(async (db, bus, seen) => {
    const spans: string[] = [];
    const traced: Traced = (name, traceparent, work, { role }) => {
      spans.push(`${role} ${name} ${traceparent}`);
      return work("00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb-01");
    };
    const sent = message("k", 1);
    await put(db, sent);
    await using _ = startRelay({ db, bus, modulo: "pagos", traced });
    await eventually(() => seen.length === 1);
    assert.deepEqual(spans, [`producer ${topic} publish ${sent.traceparent}`]);
    assert.equal(seen[0]?.traceparent, "00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb-01");
  }));
