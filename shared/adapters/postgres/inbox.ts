import type { Arrival, Inbox, Incoming } from "@alpes/shared/seedwork/inbox.ts";
import { parkedId } from "@alpes/shared/seedwork/message_desk.ts";
import { encodeMessage } from "@alpes/shared/seedwork/message_json.ts";
import { batched } from "./batched.ts";
import type { Database } from "./database.ts";
import { startDrain } from "./inbox_drain.ts";
import { ASYNC_COMMIT } from "./leases.ts";
import { type Found, type Loop, startLoop } from "./loop.ts";

export interface PostgresInboxOptions {
  /** How long released messages of a dead process lie still, ms. 5,000 unless told. */
  readonly leaseMs?: number;
  /** How rarely an idle process looks for messages that operators of other processes released, ms. 3,000 unless told. */
  readonly idleMs?: number;
  /** Released messages, of different keys, that are handled side by side. 8 unless told. */
  readonly parallel?: number;
  readonly onError?: (e: unknown) => void;
}

/** As many as a subscription has in hand at once. */
const BATCH = { max: 128 };

/** `wake`: an operator of this process released something. */
export type PostgresInbox = Inbox & { wake(): void };

/** The inbox in the module's database, where the effect's own transaction can reach it. */
export function postgresInbox(db: Database, options: PostgresInboxOptions = {}): PostgresInbox {
  const { leaseMs = 5_000, idleMs = 3_000, parallel = 8, onError } = options;
  const drains = new Map<string, Loop>();
  /** Sees what operators of other processes released: one small query for all consumers of this process. */
  let poller: Loop | undefined;
  async function poll(): Promise<Found> {
    const released = await db.query<{ consumidor: string; topic: string }>(
      "select distinct consumidor, topic from mensajeria.inbox where estado = 'LISTO'",
    );
    for (const { consumidor, topic } of released) drains.get(`${consumidor}:${topic}`)?.wake();
    return "idle";
  }

  const arriveOne = batched(
    arriveAll(db),
    ({ consumer, message: m }: Incoming) => parkedId(consumer, m.event_id),
    BATCH,
  );
  const markDone = batched(
    markAll(db),
    ([consumer, event_id]: readonly [string, string]) => parkedId(consumer, event_id),
    BATCH,
  );

  async function arrive(incoming: Incoming): Promise<Arrival> {
    const { estado, intentos } = await arriveOne(incoming);
    if (estado === "RECIBIDO") return { tipo: "intento", intento: intentos };
    if (estado === "HECHO" || estado === "DESCARTADO") return { tipo: "hecho" };
    drains.get(`${incoming.consumer}:${incoming.topic}`)?.wake();
    return { tipo: "espera" };
  }

  return {
    arrive,
    async giveBack(consumer, event_id) {
      await db.query(
        `update mensajeria.inbox set intentos = intentos - 1
          where consumidor = $1 and event_id = $2 and estado in ('RECIBIDO', 'LISTO') and intentos > 0`,
        [consumer, event_id],
      );
    },
    done: (consumer, event_id) => markDone([consumer, event_id]),
    async park({ consumer, topic, message }, error) {
      await db.query(
        `insert into mensajeria.inbox as i (consumidor, event_id, topic, clave, estado, intentos, error, mensaje)
         values ($1, $2, $3, $4, 'APARCADO', 1, $6, $5::json)
         on conflict (consumidor, event_id) do update
            set estado = 'APARCADO', error = $6, mensaje = $5::json, actualizado = clock_timestamp()
          where i.estado in ('RECIBIDO', 'LISTO')`,
        [consumer, message.event_id, topic, message.aggregate_id, encodeMessage(message), error],
      );
    },
    drain(consumer, topic, work) {
      const loop = startDrain({
        db,
        consumer,
        topic,
        work,
        leaseMs,
        parallel,
        ...(onError ? { onError } : {}),
      });
      const name = `${consumer}:${topic}`;
      drains.set(name, loop);
      poller ??= startLoop({
        step: poll,
        idle: { min: idleMs, max: idleMs },
        ...(onError ? { onError } : {}),
      });
      return Promise.resolve({
        async [Symbol.asyncDispose]() {
          drains.delete(name);
          const last = drains.size === 0 ? poller : undefined;
          if (last !== undefined) poller = undefined;
          await Promise.all([loop[Symbol.asyncDispose](), last?.[Symbol.asyncDispose]()]);
        },
      });
    },
    wake: () => drains.forEach((loop) => loop.wake()),
  };
}

interface Arrived {
  readonly estado: string;
  readonly intentos: number;
}

/** An attempt may be forgotten with the server's last moments; a message that is kept here may not. */
const arriveAll = (db: Database) => async (all: readonly Incoming[]): Promise<Arrived[]> => {
  const rows = await db.query<Arrived & { consumidor: string; event_id: string }>(
    `with entrada as materialized (
       select e.*, exists (select from mensajeria.inbox x where x.consumidor = e.consumidor and x.clave = e.clave
                              and x.estado in ('APARCADO', 'LISTO')) as espera
         from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
           as e(consumidor, event_id, topic, clave, mensaje)),
     compromiso as materialized (
       select set_config('synchronous_commit', case when bool_or(espera) then 'on' else 'off' end, true) from entrada)
     insert into mensajeria.inbox as i (consumidor, event_id, topic, clave, estado, intentos, mensaje)
     select consumidor, event_id, topic, clave, case when espera then 'LISTO' else 'RECIBIDO' end,
            case when espera then 0 else 1 end, case when espera then mensaje::json end
       from entrada cross join compromiso order by consumidor, event_id
     on conflict (consumidor, event_id) do update
        set intentos = i.intentos + (i.estado = 'RECIBIDO')::int, actualizado = clock_timestamp()
     returning consumidor, event_id, estado, intentos`,
    [
      all.map((i) => i.consumer),
      all.map((i) => i.message.event_id),
      all.map((i) => i.topic),
      all.map((i) => i.message.aggregate_id),
      all.map((i) => encodeMessage(i.message)),
    ],
  );
  const byId = new Map(rows.map((r) => [parkedId(r.consumidor, r.event_id), r]));
  return all.map((i) => {
    const row = byId.get(parkedId(i.consumer, i.message.event_id));
    if (row === undefined) throw new Error("an insert without its row");
    return row;
  });
};

const markAll = (db: Database) => async (all: readonly (readonly [string, string])[]): Promise<void[]> => {
  await db.query(
    `with ${ASYNC_COMMIT}
     update mensajeria.inbox i set estado = 'HECHO', error = null, mensaje = null, actualizado = clock_timestamp()
       from asincrono, unnest($1::text[], $2::text[]) as h(consumidor, event_id)
      where i.consumidor = h.consumidor and i.event_id = h.event_id and i.estado in ('RECIBIDO', 'LISTO')`,
    [all.map(([consumer]) => consumer), all.map(([, event_id]) => event_id)],
  );
  return all.map(() => undefined);
};
