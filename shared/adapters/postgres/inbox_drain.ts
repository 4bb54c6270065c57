import { decodeMessage } from "@alpes/shared/seedwork/message_json.ts";
import type { Message, Topic } from "@alpes/shared/seedwork/messages.ts";
import { delayAfter, exponential } from "@alpes/shared/seedwork/retry.ts";
import type { Database } from "./database.ts";
import { ASYNC_COMMIT, claimLease, ensureLeases, holding, releaseLease } from "./leases.ts";
import { type Found, type Loop, startLoop } from "./loop.ts";

export interface DrainOptions {
  readonly db: Database;
  readonly consumer: string;
  readonly topic: Topic;
  readonly work: (message: Message, intento: number) => Promise<void>;
  readonly leaseMs: number;
  /** Keys that are handled side by side. */
  readonly parallel: number;
  readonly onError?: (e: unknown) => void;
}

interface Head {
  readonly event_id: string;
  readonly clave: string;
  readonly mensaje: string;
}

/** Released messages that one look reads, and of one key. */
const HEADS = 200;
const OF_ONE_KEY = 20;
const backoff = exponential(100, 2, 10_000);

/** Works through a consumer's released messages, in one process at a time; idle until it is woken. */
export function startDrain({ db, consumer, topic, work, leaseMs, parallel, onError }: DrainOptions): Loop {
  const dueno = crypto.randomUUID();
  const timers = new Set<ReturnType<typeof setTimeout>>();
  const wakeIn = (ms: number) => {
    const timer = setTimeout(() => (timers.delete(timer), loop.wake()), ms);
    timers.add(timer);
  };
  const name = `inbox:${consumer}:${topic}`;
  const notBefore = new Map<string, number>();
  const failures = new Map<string, number>();
  let ensured = false;

  /** By key, the first ones of each that is released. 10,000 rows behind 10 heads: 16 ms, as an anti-join 78 ms. */
  const released = async (): Promise<Head[][]> => {
    const rows = await db.query<Head>(
      `select i.event_id, i.clave, i.mensaje::text as mensaje
         from (select event_id, orden, row_number() over w as lugar,
                      bool_and(topic = $2 and estado = 'LISTO') over w as libre
                 from mensajeria.inbox where consumidor = $1 and estado in ('APARCADO', 'LISTO')
               window w as (partition by clave order by orden)) c
         join mensajeria.inbox i on i.consumidor = $1 and i.event_id = c.event_id
        where c.libre and c.lugar <= $4 order by c.orden limit $3`,
      [consumer, topic, HEADS, OF_ONE_KEY],
    );
    const now = performance.now();
    return [...Map.groupBy(rows, (r) => r.clave).values()]
      .filter(([head]) => head !== undefined && (notBefore.get(head.event_id) ?? 0) <= now);
  };

  /** False: the later ones of its key have to wait. */
  async function one({ event_id, mensaje }: Head): Promise<boolean> {
    const [counted] = await db.query<{ intentos: number }>(
      `with ${ASYNC_COMMIT}
       update mensajeria.inbox i set intentos = i.intentos + 1, actualizado = clock_timestamp() from asincrono
        where i.consumidor = $1 and i.event_id = $2 and i.estado = 'LISTO' and not exists (
          select from mensajeria.inbox j where j.consumidor = i.consumidor and j.clave = i.clave
             and j.estado in ('APARCADO', 'LISTO') and j.orden < i.orden)
       returning intentos`,
      [consumer, event_id],
    );
    if (counted === undefined) return false;
    try {
      await work(decodeMessage(mensaje) as Message, counted.intentos);
      notBefore.delete(event_id);
      failures.delete(event_id);
      return true;
    } catch (e) {
      const failed = (failures.get(event_id) ?? 0) + 1;
      failures.set(event_id, failed);
      const ms = delayAfter(e, failed, backoff);
      notBefore.set(event_id, performance.now() + ms);
      wakeIn(ms + 2);
      return false;
    }
  }

  async function step(stopping: () => boolean): Promise<Found> {
    if ((await released()).length === 0) return "idle";
    if (!ensured) await ensureLeases(db, name, 1);
    ensured = true;
    const lease = await claimLease(db, name, { dueno, ms: leaseMs });
    if (lease === null) return "idle";
    try {
      await holding(db, lease, leaseMs, async (held) => {
        const go = () => held() && !stopping();
        // Again under the lease: another process may just have handled what was seen without it.
        for (let keys = await released(); keys.length > 0 && go(); keys = await released()) {
          const queues = keys.values();
          const worker = async () => {
            for (const queue of queues) {
              for (const m of queue) if (!go() || !(await one(m))) break;
            }
          };
          await Promise.all(Array.from({ length: parallel }, worker));
        }
      });
    } finally {
      await releaseLease(db, lease);
    }
    return "more";
  }

  const loop = startLoop({ step, idle: { min: 1, max: Infinity }, ...(onError ? { onError } : {}) });
  return {
    ...loop,
    async [Symbol.asyncDispose]() {
      await loop[Symbol.asyncDispose]();
      timers.forEach(clearTimeout);
    },
  };
}
