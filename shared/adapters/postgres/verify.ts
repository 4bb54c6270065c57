import type { Tx } from "./database.ts";

/** One thing that is not as it must be. */
export interface Offence {
  /** What it is about: an id, or several. */
  readonly id: string;
  /** What is there, and what should be. */
  readonly detail: string;
}

/** One invariant of the stored data, in a module's own words. */
export interface Control {
  readonly name: string;
  /** The role whose tables it reads. */
  readonly role: string;
  /** Every offence, one after the other: a million lines are never held at once. */
  readonly find: (tx: Tx) => AsyncIterable<Offence>;
}

export interface Finding {
  readonly name: string;
  readonly count: number;
  /** The first ones. */
  readonly offences: readonly Offence[];
  readonly ms: number;
}

/** How many offences of one kind are told one by one. */
const TOLD = 20;
/** Rows of a cursor that are held at once. */
const CHUNK = 1_000;

let cursors = 0;

/** Rows of a query, some at a time. Inside a transaction only. */
export async function* stream<R extends object>(
  tx: Tx,
  sql: string,
  values: readonly unknown[] = [],
): AsyncGenerator<R> {
  const name = `verify_${++cursors}`;
  await tx.query(`declare ${name} no scroll cursor for ${sql}`, values);
  for (;;) {
    const rows = await tx.query<R>(`fetch ${CHUNK} from ${name}`);
    yield* rows;
    if (rows.length < CHUNK) break;
  }
  await tx.query(`close ${name}`);
}

/** A control that is one statement: each row of it, `id` and `detail`, is an offence. */
export const bySql = (role: string, name: string, sql: string): Control => ({
  name,
  role,
  find: (tx) => stream<Offence>(tx, sql),
});

/**
 * Runs controls over one snapshot of the database, so that what is written meanwhile is no offence. The login must be a
 * member of the controls' roles.
 */
export async function verify(
  db: { transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> },
  controls: readonly Control[],
  onProgress: (done: number, name: string) => void = () => {},
): Promise<readonly Finding[]> {
  return await db.transaction(async (tx) => {
    await tx.query("set transaction isolation level repeatable read read only");
    await tx.query("set local statement_timeout = 0");
    await tx.query("set local idle_in_transaction_session_timeout = 0");
    return await runControls(tx, controls, onProgress);
  });
}

/** The same inside a transaction that is there. */
export async function runControls(
  tx: Tx,
  controls: readonly Control[],
  onProgress: (done: number, name: string) => void = () => {},
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const [i, { name, role, find }] of controls.entries()) {
    onProgress(i, name);
    const started = performance.now();
    await tx.query(`set local role ${role}`);
    const offences: Offence[] = [];
    let count = 0;
    for await (const o of find(tx)) if (++count <= TOLD) offences.push(o);
    await tx.query("reset role");
    findings.push({ name, count, offences, ms: performance.now() - started });
  }
  onProgress(controls.length, "");
  return findings;
}
