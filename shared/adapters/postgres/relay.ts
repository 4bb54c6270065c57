import { decodeMessage } from "@alpes/shared/seedwork/message_json.ts";
import type { Message, MessageBus, Topic } from "@alpes/shared/seedwork/messages.ts";
import { type Traced, untraced } from "@alpes/shared/seedwork/tracing.ts";
import type { Database } from "./database.ts";
import { claimWithWork, ensureLeases, holding, leaseKey, partOfAll, RELEASE } from "./leases.ts";
import { type Found, type Loop, startLoop } from "./loop.ts";

export interface RelayOptions {
  readonly db: Database;
  readonly bus: MessageBus;
  readonly modulo: string;
  /** Batches that this process publishes side by side. 2 unless told. */
  readonly workers?: number;
  /** Messages that one claim reads of each partition. 64 unless told. */
  readonly batch?: number;
  /** How long the messages of a dead relay lie still, ms. 5,000 unless told. */
  readonly leaseMs?: number;
  /** How rarely an idle relay looks for what other processes committed, ms. 500 unless told. */
  readonly idleMs?: number;
  readonly traced?: Traced;
  readonly onError?: (e: unknown) => void;
}

interface Row {
  readonly orden: bigint;
  readonly topic: Topic;
  readonly mensaje: string;
}

const claimBatch = claimWithWork(
  "select from mensajeria.outbox o where o.modulo = $6 and o.particion = a.particion",
  `select o.id as orden, o.topic, o.mensaje::text as mensaje from mensajeria.outbox o
    where o.modulo = $6 and o.particion = mio.particion order by o.id limit $5`,
);

/**
 * Publishes what a module's transactions left in the outbox. It works on what is there, not behind a cursor: claims a
 * partition, publishes its rows in their order, deletes them once the bus has them and only while the lease is ours.
 * Dying anywhere in between publishes some twice, and loses none. Any number of relays may run.
 * `wake` after a commit in this process; what others commit is seen within 20 to `idleMs`.
 */
export function startRelay(options: RelayOptions): Loop {
  const { db, bus, modulo, workers = 2, batch = 64, leaseMs = 5_000, idleMs = 500, traced = untraced } =
    options;
  const name = `outbox:${modulo}`;
  const lease = { dueno: crypto.randomUUID(), ms: leaseMs };
  let ensured = false;

  async function step(): Promise<Found> {
    if (!ensured) await ensureLeases(db, name);
    ensured = true;
    const got = await claimBatch<Row>(db, name, lease, partOfAll(batch), [modulo]);
    if (got === null) return "idle";
    const byTopic = [...Map.groupBy(got.rows, (r) => r.topic)];
    const results = await holding(
      db,
      got.lease,
      leaseMs,
      () =>
        Promise.allSettled(byTopic.map(async ([topic, rows]) => {
          await publish(topic, rows.map((r) => decodeMessage(r.mensaje) as Message));
          return rows.map((r) => r.orden);
        })),
    );
    const published = results.flatMap((r) => r.status === "fulfilled" ? r.value : []);
    await db.query(
      `with ${RELEASE} delete from mensajeria.outbox o using mio
        where o.particion = mio.particion and o.id = any($5::bigint[])`,
      [...leaseKey(got.lease), published],
    );
    const failed = results.find((r) => r.status === "rejected");
    if (failed) throw failed.reason;
    return got.more ? "more" : "soon";
  }

  /** One span per message; consumers become its children. */
  async function publish(topic: Topic, messages: readonly Message[]): Promise<void> {
    if (traced === untraced) return await bus.publish(topic, messages);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const out = [...messages];
    const spans = messages.map((m, i) =>
      traced(`${topic} publish`, m.traceparent ?? null, (traceparent) => {
        if (traceparent !== null) out[i] = { ...m, traceparent };
        return promise;
      }, {
        role: "producer",
        attributes: { "messaging.destination.name": topic, "messaging.message.id": m.event_id },
      })
    );
    bus.publish(topic, out).then(resolve, reject);
    await Promise.all(spans);
  }

  return startLoop({
    step,
    workers,
    idle: { min: 20, max: idleMs },
    ...(options.onError ? { onError: options.onError } : {}),
  });
}
