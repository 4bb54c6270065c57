import type { Change, Feed } from "@alpes/shared/seedwork/feed.ts";
import type { Database } from "./database.ts";

export interface PostgresFeedOptions {
  /**
   * How often a waiting reader looks for what other processes committed, ms. 500 unless told; up to four times that
   * while the module is at rest.
   */
  readonly pollMs?: number;
}

interface Row {
  readonly n: bigint;
  readonly tipo: string;
  readonly id: string;
  readonly version: bigint;
  readonly correlacion: string;
  readonly en: Date;
}

/** Lines that one transaction numbers. */
const BATCH = 2_000;

/**
 * A module's change feed. Lines get their number here, not when they are written: under a lock that is held until the
 * commit, so that numbers become visible in order and without gaps.
 */
export function postgresFeed(db: Database, modulo: string, { pollMs = 500 }: PostgresFeedOptions = {}): Feed {
  const sleepers = new Set<() => void>();
  /** What the next rest is: looks that found nothing make it longer. */
  let rest = pollMs;
  let numbering: Promise<void> | undefined;

  /** Numbers what is there; who asks meanwhile may have committed just now, and goes into the next round. */
  async function number(): Promise<void> {
    for (;;) {
      const count = await db.transaction(async (tx) => {
        // The lock is a statement of its own: the next one's snapshot must be taken after it is held.
        await tx.query("select from mensajeria.cambios_ultimo where modulo = $1 for update", [modulo]);
        const [numbered] = await tx.query<{ cuantos: bigint }>(
          `with nuevas as (
             select c.fila, u.n + row_number() over (order by c.fila) as n
               from (select fila from mensajeria.cambios where modulo = $1 and n is null order by fila limit $2) c,
                    mensajeria.cambios_ultimo u where u.modulo = $1),
           dadas as (
             update mensajeria.cambios c set n = nuevas.n from nuevas where c.fila = nuevas.fila returning c.n)
           update mensajeria.cambios_ultimo u set n = u.n + d.cuantos
             from (select count(*) as cuantos from dadas) d where u.modulo = $1 and d.cuantos > 0
           returning d.cuantos`,
          [modulo, BATCH],
        );
        return Number(numbered?.cuantos ?? 0);
      });
      if (count < BATCH) return;
    }
  }

  async function look(after: number): Promise<{ pending: boolean; newer: boolean }> {
    // Neither part is an `exists` over the feed: planned for the common value, that reads all of it when nothing is new
    // (43 million rows in three minutes of writes).
    const [row] = await db.query<{ pending: boolean; newer: boolean }>(
      `select (select min(fila) from mensajeria.cambios where modulo = $1 and n is null) is not null as pending, n > $2 as newer
         from mensajeria.cambios_ultimo where modulo = $1`,
      [modulo, after],
    );
    return row ?? { pending: false, newer: false };
  }

  return {
    async read(after, limit) {
      if ((await look(after)).pending) {
        await numbering?.catch(() => {}); // it may have begun before the caller's commit
        await (numbering ??= number().finally(() => numbering = undefined));
      }
      const rows = await db.query<Row>(
        `select n, tipo, id, version, correlacion, en from mensajeria.cambios
          where modulo = $1 and n > $2 order by n limit $3`,
        [modulo, after, limit],
      );
      return rows.map((r): Change => ({ ...r, n: Number(r.n), version: Number(r.version) }));
    },
    async bounds() {
      const [row] = await db.query<{ primero: bigint | null; ultimo: bigint }>(
        `select (select min(n) from mensajeria.cambios where modulo = $1) as primero, n as ultimo
           from mensajeria.cambios_ultimo where modulo = $1`,
        [modulo],
      );
      return { primero: Number(row?.primero ?? 0), ultimo: Number(row?.ultimo ?? 0) };
    },
    async wait(after, ms, signal) {
      const end = performance.now() + ms;
      while (!signal?.aborted) {
        const { pending, newer } = await look(after);
        const left = end - performance.now();
        if (pending || newer) rest = pollMs;
        if (pending || newer || left <= 0) return;
        await sleep(Math.min(left, rest), sleepers, signal);
        rest = Math.min(rest * 1.25, pollMs * 4);
      }
    },
    wake() {
      rest = pollMs;
      sleepers.forEach((wake) => wake());
    },
  };
}

/** Ends after `ms`, when woken, or when `signal` aborts; leaves no timer behind. */
function sleep(ms: number, sleepers: Set<() => void>, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      sleepers.delete(end);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    sleepers.add(end);
    signal?.addEventListener("abort", end);
    if (signal?.aborted) end();
  });
}
