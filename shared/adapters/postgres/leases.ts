import { PARTITIONS } from "@alpes/shared/seedwork/partition.ts";
import type { Tx } from "./database.ts";

/** The right to work alone on some partitions of something, until it expires on the database's clock. */
export interface Lease {
  readonly nombre: string;
  readonly particiones: readonly number[];
  /** Of each; grows with every claim and release: a write that names an older one has no effect. */
  readonly epocas: readonly bigint[];
  readonly dueno: string;
  /** `performance.now()` up to which it certainly held, counted from before the claim was sent. */
  readonly until: number;
}

export interface LeaseOptions {
  /** Names this process among all that share the database. */
  readonly dueno: string;
  /** How long a lease lasts without renewal, which is how long the work of a dead process lies still. */
  readonly ms: number;
}

/** Work that a lost server's memory may forget: it is done again. Makes the commit of its statement asynchronous. */
export const ASYNC_COMMIT =
  `asincrono as materialized (select set_config('synchronous_commit', 'off', true))`;

/** The rows of a lease that are still ours; its parameters are $1 … $4: `leaseKey`. */
const THESE = "unnest($2::int[], $3::bigint[]) as l(particion, epoca)";
const OURS = "a.nombre = $1 and a.particion = l.particion and a.epoca = l.epoca and a.dueno = $4";
export const leaseKey = (l: Lease): readonly unknown[] => [l.nombre, l.particiones, l.epocas, l.dueno];

/** Makes the rows that are claimed later; harmless when they exist. */
export async function ensureLeases(db: Tx, nombre: string, partitions = PARTITIONS): Promise<void> {
  await db.query(
    `insert into mensajeria.arriendos (nombre, particion) select $1, generate_series(0, $2::int - 1)
     on conflict do nothing`,
    [nombre, partitions],
  );
}

interface Claimed {
  readonly particion: number | null;
  readonly epoca: bigint;
  readonly al_dia: boolean;
}

/** How much one look may take. */
export interface Share {
  /** Partitions, the longest idle ones first. */
  readonly partitions: number;
  /** Rows of each. */
  readonly rows: number;
}

/**
 * One round trip that claims the longest idle free partitions with work, as many as the share has, and reads their first
 * rows. `pending` is a query that has a row when partition `a.particion` has work, `batch` gives the rows of partition
 * `mio.particion` ordered, at most $5 of them, and with a column `orden`; their parameters begin at $6. Null: nothing to do.
 * `more`: there may be work that this look did not take.
 *
 * The rows are read in a snapshot older than the claim. When somebody held or released a partition in between, its epoch
 * has moved by more than one: then they are stale and left out, and the caller, who releases, comes again.
 */
export const claimWithWork = (pending: string, batch: string) => {
  const text = `with ${ASYNC_COMMIT},
    vista as materialized (select particion, epoca from mensajeria.arriendos where nombre = $1),
    libre as (
      select a.particion from mensajeria.arriendos a
       where a.nombre = $1 and a.vence <= clock_timestamp() and exists (${pending})
       order by a.vence limit $4 for update of a skip locked),
    mio as (
      update mensajeria.arriendos a
         set dueno = $2, epoca = a.epoca + 1, vence = clock_timestamp() + $3::int * interval '1 ms'
        from libre where a.nombre = $1 and a.particion = libre.particion
      returning a.particion, a.epoca)
    select mio.particion, mio.epoca, mio.epoca = vista.epoca + 1 as al_dia, fila.*
      from mio join vista using (particion) cross join asincrono left join lateral (${batch}) fila on true
     order by fila.orden`;
  return async <R extends object>(
    db: Tx,
    nombre: string,
    { dueno, ms }: LeaseOptions,
    share: Share,
    values: readonly unknown[],
  ): Promise<{ lease: Lease; rows: R[]; more: boolean } | null> => {
    const until = performance.now() + ms;
    const rows = await db.query<Claimed & R & { orden: bigint | null }>(
      text,
      [nombre, dueno, ms, share.partitions, share.rows, ...values],
    );
    const epocas = new Map(
      rows.flatMap((r) => r.particion === null ? [] : [[r.particion, r.epoca] as const]),
    );
    if (epocas.size === 0) return null;
    const lease = { nombre, particiones: [...epocas.keys()], epocas: [...epocas.values()], dueno, until };
    const more = epocas.size >= share.partitions || rows.length >= share.rows || rows.some((r) => !r.al_dia);
    return { lease, rows: rows.filter((r) => r.al_dia && r.orden !== null), more };
  };
};

/** Claims one partition without asking for work; null when all are held. */
export async function claimLease(db: Tx, nombre: string, { dueno, ms }: LeaseOptions): Promise<Lease | null> {
  const until = performance.now() + ms;
  const [got] = await db.query<{ particion: number; epoca: bigint }>(
    `update mensajeria.arriendos a
        set dueno = $2, epoca = a.epoca + 1, vence = clock_timestamp() + $3::int * interval '1 ms'
       from (select particion from mensajeria.arriendos where nombre = $1 and vence <= clock_timestamp()
              order by vence limit 1 for update skip locked) libre
      where a.nombre = $1 and a.particion = libre.particion
     returning a.particion, a.epoca`,
    [nombre, dueno, ms],
  );
  if (got === undefined) return null;
  return { nombre, particiones: [got.particion], epocas: [got.epoca], dueno, until };
}

/** True when all of the lease is still ours; it now lasts `ms` from here. */
export async function renewLease(db: Tx, l: Lease, ms: number): Promise<boolean> {
  const renewed = await db.query(
    `with ${ASYNC_COMMIT}
     update mensajeria.arriendos a set vence = clock_timestamp() + $5::int * interval '1 ms'
       from asincrono, ${THESE} where ${OURS} returning 1`,
    [...leaseKey(l), ms],
  );
  return renewed.length === l.particiones.length;
}

/**
 * The CTE that gives a lease back and guards what a statement does beside it: `mio` has a row for each of its partitions
 * that is still ours. Its parameters are $1 … $4: `leaseKey`.
 */
export const RELEASE = `${ASYNC_COMMIT}, mio as (
  update mensajeria.arriendos a set vence = clock_timestamp(), dueno = null, epoca = a.epoca + 1
    from asincrono, ${THESE} where ${OURS} returning a.particion)`;

export async function releaseLease(db: Tx, l: Lease): Promise<void> {
  await db.query(`with ${RELEASE} select from mio`, leaseKey(l));
}

/**
 * Runs `work` and renews the lease meanwhile. `held()` turns false when it was lost, or may have been because the
 * database did not answer or this process stood still: begin nothing more then.
 */
export async function holding<T>(
  db: Tx,
  lease: Lease,
  ms: number,
  work: (held: () => boolean) => Promise<T>,
): Promise<T> {
  let until = lease.until;
  let lost = false;
  let renewing = Promise.resolve();
  const renew = async () => {
    const sent = performance.now();
    lost = sent > until || !(await renewLease(db, lease, ms));
    if (lost) clearInterval(timer);
    else until = sent + ms;
  };
  const timer = setInterval(() => {
    renewing = renewing.then(renew).catch(() => {});
  }, ms / 3);
  try {
    return await work(() => !lost && performance.now() < until);
  } finally {
    clearInterval(timer);
    await renewing;
  }
}

/** A part of the partitions, so that other processes have some too, and one that dies holds up few. */
export const partOfAll = (rows: number): Share => ({ partitions: PARTITIONS / 4, rows });
