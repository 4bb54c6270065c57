import type { Database } from "./database.ts";
import { claimLease, ensureLeases, holding, type Lease, releaseLease } from "./leases.ts";
import { startLoop } from "./loop.ts";

const DAY = 86_400_000;

export interface HousekeepingOptions {
  readonly db: Database;
  /** How often one of all processes tidies up, ms. An hour unless told. */
  readonly everyMs?: number;
  /** Rows that one statement deletes. 1,000 unless told. */
  readonly batch?: number;
  /** How long things are kept, ms: answers 90 days, handled messages 30, published messages and changes 7. */
  readonly keep?: Partial<Keep>;
  readonly onError?: (e: unknown) => void;
}
export interface Keep {
  readonly answers: number;
  /** Longer than any bus retains, or a redelivered message would be handled twice. */
  readonly inbox: number;
  readonly bus: number;
  readonly changes: number;
}

/** Each deletes at most $2 rows older than $1 ms. */
const PRUNE = {
  answers: `delete from mensajeria.idempotencia where ctid = any(array(
    select ctid from mensajeria.idempotencia where creada < clock_timestamp() - $1::float8 * interval '1 ms' limit $2))`,
  inbox: `delete from mensajeria.inbox where ctid = any(array(
    select ctid from mensajeria.inbox where estado in ('HECHO', 'DESCARTADO')
       and actualizado < clock_timestamp() - $1::float8 * interval '1 ms' limit $2))`,
  // What some group has still to handle stays, however old.
  bus: `delete from mensajeria.bus_mensajes where pos = any(array(
    select m.pos from mensajeria.bus_mensajes m where m.publicado < clock_timestamp() - $1::float8 * interval '1 ms'
       and not exists (select from mensajeria.bus_topicos t, unnest(t.grupos) as g, mensajeria.bus_entregas e
         where t.topic = m.topic and e.topic = m.topic and e.grupo = g and e.particion = m.particion and e.pos = m.pos)
     limit $2))`,
  // The newest stays, so that the feed still knows where it is.
  changes: `delete from mensajeria.cambios where fila = any(array(
    select c.fila from mensajeria.cambios c join mensajeria.cambios_ultimo u using (modulo)
     where c.n is not null and c.n < u.n and c.en < clock_timestamp() - $1::float8 * interval '1 ms' limit $2))`,
} as const satisfies Record<keyof Keep, string>;

/** Deletes what is older than it needs to be, in small statements; answers how many rows of each kind went. */
export async function tidyUp(
  db: Database,
  { batch = 1_000, keep = {} }: { readonly batch?: number; readonly keep?: Partial<Keep> } = {},
  go: () => boolean = () => true,
): Promise<Record<keyof Keep, number>> {
  const ages: Keep = { answers: 90 * DAY, inbox: 30 * DAY, bus: 7 * DAY, changes: 7 * DAY, ...keep };
  const gone = { answers: 0, inbox: 0, bus: 0, changes: 0 };
  for (const what of ["answers", "inbox", "bus", "changes"] as const) {
    for (let rows = batch; rows === batch && go();) {
      rows = (await db.query(`${PRUNE[what]} returning 1`, [ages[what], batch])).length;
      gone[what] += rows;
    }
  }
  return gone;
}

/** Tidies up now and then, in one of the processes that share the database at a time. */
export function startHousekeeping(options: HousekeepingOptions): AsyncDisposable {
  const { db, everyMs = 3_600_000, onError } = options;
  const lease = { dueno: crypto.randomUUID(), ms: 30_000 };
  return startLoop({
    async step(stopping) {
      await ensureLeases(db, "limpieza", 1);
      const got: Lease | null = await claimLease(db, "limpieza", lease);
      if (got === null) return "idle";
      try {
        await holding(db, got, lease.ms, (held) => tidyUp(db, options, () => held() && !stopping()));
      } finally {
        await releaseLease(db, got);
      }
      return "idle";
    },
    idle: { min: everyMs, max: everyMs },
    ...(onError ? { onError } : {}),
  });
}
