import { decodeMessage, encodeMessage } from "@alpes/shared/seedwork/message_json.ts";
import type { Handler, Message, MessageBus } from "@alpes/shared/seedwork/messages.ts";
import { partitionOf } from "@alpes/shared/seedwork/partition.ts";
import { type Backoff, delayAfter, exponential } from "@alpes/shared/seedwork/retry.ts";
import type { Database, Tx } from "./database.ts";
import { claimWithWork, ensureLeases, holding, type Lease, leaseKey, partOfAll, RELEASE } from "./leases.ts";
import { type Found, type Loop, type Pace, startLoop } from "./loop.ts";

export interface PostgresBusOptions {
  /** Partitions of one subscription that this process works on side by side. 2 unless told. */
  readonly workers?: number;
  /** Keys of one claim that are handled side by side: they share transactions. 64 unless told. */
  readonly parallel?: number;
  /** Messages that one claim reads of each partition. 64 unless told. */
  readonly batch?: number;
  /** How long the messages of a dead process lie still, ms. 5,000 unless told. */
  readonly leaseMs?: number;
  /** How rarely an idle process looks for what other processes published, ms. 500 unless told. */
  readonly idleMs?: number;
  /** For rejections that do not say when. */
  readonly backoff?: Backoff;
  readonly onError?: (e: unknown) => void;
}

interface Row {
  readonly orden: bigint;
  readonly clave: string;
  readonly rechazos: number;
  readonly mensaje: string;
}
interface Subscriber {
  readonly topic: string;
  readonly group: string;
  readonly loop: Loop;
}
interface Rejected {
  readonly pos: bigint;
  readonly ms: number;
}

/**
 * Deliveries of partition `{p}` whose key is not held back by a rejection. The clock must stand still for the statement:
 * a hold that ends amid it lets a later message of its key overtake.
 */
const deliverable = (p: string) =>
  `mensajeria.bus_entregas e where e.topic = $6 and e.grupo = $7 and e.particion = ${p}
     and not exists (select from mensajeria.bus_entregas d where d.topic = $6 and d.grupo = $7 and d.particion = ${p}
                        and d.no_antes > '-infinity' and d.no_antes > statement_timestamp() and d.clave = e.clave)`;
const claimBatch = claimWithWork(
  `select from ${deliverable("a.particion")}`,
  `select e.pos as orden, e.clave, e.rechazos, m.mensaje::text as mensaje
     from (select e.pos, e.clave, e.rechazos from ${deliverable("mio.particion")} order by e.pos limit $5) e
     join mensajeria.bus_mensajes m using (pos) order by e.pos`,
);
/**
 * Messages that come one after the other are handled some at a time: a look, its inbox and its commit cost some ten trips
 * whether it found one message or thirty. What comes alone, as a saga's next message does, is within the burst.
 */
const PACE: Pace = { everyMs: 25, burst: 8 };

/** `committed`: a transaction of this process has just left messages on these topics. */
export type PostgresBus = MessageBus & { committed(topics: ReadonlySet<string>): void };

/**
 * The bus of one PostgreSQL, for any number of processes. A publication stores each message once and one delivery per
 * group; consumers compete for partitions by short leases, handle a batch keeping the order of each key, and delete
 * its deliveries while the lease is still theirs. Publishing wakes consumers of this process at once, others look
 * every 20 to `idleMs`. `db` stays the caller's; it needs the role `alpes_mensajeria` or one that has it.
 */
export function postgresBus(db: Database, options: PostgresBusOptions = {}): PostgresBus {
  const { workers = 2, parallel = 64, batch = 64, leaseMs = 5_000, idleMs = 500, onError } = options;
  const backoff = options.backoff ?? exponential(50, 2, 10_000);
  const lease = { dueno: crypto.randomUUID(), ms: leaseMs };
  const subscribers = new Set<Subscriber>();
  const open = new Set<AsyncDisposable>();
  const known = new Set<string>();
  let worked = false;
  let closed = false;

  /** Sees what other processes published: one small query for all subscriptions of this process. */
  const poller = startLoop({ step: poll, idle: { min: 20, max: idleMs }, ...(onError ? { onError } : {}) });
  async function poll(): Promise<Found> {
    const subs = [...subscribers].filter((s) => !s.loop.busy());
    if (subs.length === 0) return worked ? "soon" : "idle";
    const waiting = await db.query<{ i: bigint }>(
      `select i from unnest($1::text[], $2::text[]) with ordinality as s(topic, grupo, i)
        where exists (select from mensajeria.bus_entregas e where e.topic = s.topic and e.grupo = s.grupo)`,
      [subs.map((s) => s.topic), subs.map((s) => s.group)],
    );
    for (const { i } of waiting) subs[Number(i) - 1]?.loop.wake();
    const found = worked ? "soon" : "idle";
    worked = false;
    return found;
  }

  async function publish(topic: string, messages: readonly Message[]): Promise<void> {
    if (closed) throw new Error("the bus is closed");
    if (messages.length === 0) return;
    await ensureTopic(topic);
    const keys = messages.map((m) => String(m.aggregate_id ?? ""));
    // The row lock is what makes this see a group that is just being added, also in a snapshot older than that.
    await db.query(
      `with t as materialized (select grupos from mensajeria.bus_topicos where topic = $1 for share),
       m as (insert into mensajeria.bus_mensajes (topic, clave, particion, mensaje)
             select $1, clave, particion, mensaje::json
               from t, unnest($2::text[], $3::int[], $4::text[]) with ordinality as x(clave, particion, mensaje, i)
              order by i
             returning pos, clave, particion)
       insert into mensajeria.bus_entregas (topic, grupo, particion, pos, clave)
       select $1, grupo, particion, pos, clave from m, t, unnest(t.grupos) as grupo`,
      [topic, keys, keys.map(partitionOf), messages.map(encodeMessage)],
    );
    committed(new Set([topic]));
  }

  function committed(topics: ReadonlySet<string>): void {
    for (const s of subscribers) if (topics.has(s.topic)) s.loop.wake();
  }

  async function ensureTopic(topic: string): Promise<void> {
    if (known.has(topic)) return;
    await db.query("insert into mensajeria.bus_topicos (topic) values ($1) on conflict do nothing", [topic]);
    known.add(topic);
  }

  async function subscribe(topic: string, group: string, handle: Handler): Promise<AsyncDisposable> {
    if (closed) throw new Error("the bus is closed");
    await ensureTopic(topic);
    const name = `bus:${topic}:${group}`;
    await ensureLeases(db, name);
    await db.transaction((tx) => addGroup(tx, topic, group));
    const retries = new Set<ReturnType<typeof setTimeout>>();
    const wakeIn = (ms: number) => {
      const timer = setTimeout(() => (retries.delete(timer), loop.wake()), ms);
      retries.add(timer);
    };

    async function step(stopping: () => boolean): Promise<Found> {
      const got = await claimBatch<Row>(db, name, lease, partOfAll(batch), [topic, group]);
      if (got === null) return "idle";
      worked = true;
      const { done, rejected } = await holding(
        db,
        got.lease,
        leaseMs,
        (held) => handleBatch(got.rows, handle, { parallel, backoff, go: () => held() && !stopping() }),
      );
      await settle(db, got.lease, topic, group, done, rejected);
      if (!stopping()) { for (const r of rejected) wakeIn(r.ms + 2); }
      return got.more || done.length + rejected.length < got.rows.length ? "more" : "soon";
    }

    const loop = startLoop({
      step,
      workers,
      pace: PACE,
      idle: { min: 1, max: Infinity },
      ...(onError ? { onError } : {}),
    });
    const me = { topic, group, loop };
    subscribers.add(me);
    poller.wake();
    const subscription: AsyncDisposable = {
      async [Symbol.asyncDispose]() {
        subscribers.delete(me);
        open.delete(subscription);
        await loop[Symbol.asyncDispose]();
        retries.forEach(clearTimeout);
      },
    };
    open.add(subscription);
    return subscription;
  }

  return {
    publish,
    subscribe,
    committed,
    async ready() {
      if (closed) throw new Error("the bus is closed");
      await db.query("select from mensajeria.bus_topicos limit 1");
    },
    async [Symbol.asyncDispose]() {
      closed = true;
      await Promise.all([poller[Symbol.asyncDispose](), ...[...open].map((s) => s[Symbol.asyncDispose]())]);
    },
  };
}

/** A new group gets what the topic retains; publications wait for it, or it for them. */
async function addGroup(tx: Tx, topic: string, group: string): Promise<void> {
  const added = await tx.query(
    `update mensajeria.bus_topicos set grupos = array_append(grupos, $2)
      where topic = $1 and not ($2 = any(grupos)) returning 1`,
    [topic, group],
  );
  if (added.length === 0) return;
  await tx.query(
    `insert into mensajeria.bus_entregas (topic, grupo, particion, pos, clave)
     select topic, $2, particion, pos, clave from mensajeria.bus_mensajes where topic = $1
     on conflict do nothing`,
    [topic, group],
  );
}

/** Runs the keys of a batch side by side, each in order up to its first rejection, while `go()`. */
async function handleBatch(
  rows: readonly Row[],
  handle: Handler,
  { parallel, backoff, go }: { parallel: number; backoff: Backoff; go: () => boolean },
): Promise<{ done: bigint[]; rejected: Rejected[] }> {
  const done: bigint[] = [];
  const rejected: Rejected[] = [];
  const keys = Map.groupBy(rows, (r) => r.clave).values();
  async function worker(): Promise<void> {
    for (const queue of keys) {
      for (const { orden: pos, rechazos, mensaje } of queue) {
        if (!go()) return;
        try {
          await handle(decodeMessage(mensaje) as Message);
          done.push(pos);
        } catch (e) {
          rejected.push({ pos, ms: delayAfter(e, rechazos + 1, backoff) });
          break;
        }
      }
    }
  }
  await Promise.all(Array.from({ length: parallel }, worker));
  return { done, rejected };
}

/** Acknowledges, holds back what was rejected, and gives the lease back: all of it, or nothing when it was lost. */
async function settle(
  db: Tx,
  lease: Lease,
  topic: string,
  group: string,
  done: readonly bigint[],
  rejected: readonly Rejected[],
): Promise<void> {
  await db.query(
    `with ${RELEASE}, hechas as (
       delete from mensajeria.bus_entregas e using mio
        where e.topic = $5 and e.grupo = $6 and e.particion = mio.particion and e.pos = any($7::bigint[]))
     update mensajeria.bus_entregas e
        set rechazos = e.rechazos + 1, no_antes = clock_timestamp() + r.ms * interval '1 ms'
       from mio, unnest($8::bigint[], $9::float8[]) as r(pos, ms)
      where e.topic = $5 and e.grupo = $6 and e.particion = mio.particion and e.pos = r.pos`,
    [...leaseKey(lease), topic, group, done, rejected.map((r) => r.pos), rejected.map((r) => r.ms)],
  );
}
