import { Writable } from "node:stream";
// @ts-types="@types/pg"
import pg from "pg";
import { Unavailable, UnknownOutcome } from "@alpes/shared/seedwork/unit_of_work.ts";
import { pinnedTls } from "./tls.ts";

/** Runs statements: `int8` comes back as bigint, `timestamptz` as Date, `date` as `YYYY-MM-DD`, `numeric` as text. */
export interface Tx {
  query<R extends object>(text: string, values?: readonly unknown[]): Promise<R[]>;
}

/**
 * A bounded pool. `transaction` commits when `work` resolves, rolls back when it rejects. What `work` asks before it
 * awaits an answer goes out in one trip, and is done in that order.
 */
export interface Database extends Tx, AsyncDisposable {
  transaction<T>(work: (tx: Tx) => Promise<T>, kind?: TransactionKind): Promise<T>;
  /** How many connections are open, idle, and how many callers wait for one. */
  usage(): { total: number; idle: number; waiting: number };
}

/**
 * `by_key`: it reaches every row by an index, and a plan is made once for each of its statements. `search`: each is
 * planned for the text that is looked for.
 */
export type TransactionKind = "any" | "by_key" | "search";

/**
 * Without these a batch's plan is made anew each time (354 against 222 µs of CPU for a command), or reads whole tables
 * that were small when it was made: `update … from json_to_recordset` took 12 ms at 10,000 rows.
 */
const BEGIN: Readonly<Record<TransactionKind, string>> = {
  any: "begin",
  by_key: "begin; set local plan_cache_mode = force_generic_plan; set local enable_seqscan = off",
  search: "begin; set local plan_cache_mode = force_custom_plan",
};

export interface DatabaseOptions {
  readonly url: string;
  /** Becomes this role after login; it must be a member of it. */
  readonly role?: string;
  readonly max?: number;
  /** Shown in `pg_stat_activity`. */
  readonly name?: string;
  readonly onIdleError?: (e: Error) => void;
}

const types = {
  getTypeParser(oid: number, format?: string): (v: string) => unknown {
    if (oid === 20) return BigInt;
    if (oid === 1082) return (v) => v;
    return pg.types.getTypeParser(oid, format as "text");
  },
};

/** Statements are prepared once a connection, by text; beyond this many texts they go unnamed (lists with filters). */
const MAX_PREPARED = 400;

/** Opens a pool; the first connection is made by the first query. */
export function openDatabase(options: DatabaseOptions): Database {
  const settings = [
    "-c timezone=UTC",
    "-c statement_timeout=15s",
    "-c lock_timeout=5s",
    "-c idle_in_transaction_session_timeout=10s",
    ...(options.role === undefined ? [] : [`-c role=${options.role}`]),
  ];
  const pool = new pg.Pool({
    connectionString: pinnedTls(options.url),
    max: options.max ?? 10,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    // Statements that are not awaited go out one behind the other, in one trip.
    pipeline: true,
    application_name: options.name ?? "alpespartners",
    options: settings.join(" "),
    types: types as pg.CustomTypesConfig,
  });
  pool.on("error", (e) => options.onIdleError?.(e));

  const names = new Map<string, string>();
  const prepared = (text: string, values: readonly unknown[]): pg.QueryConfig => {
    let name = names.get(text);
    if (name === undefined && names.size < MAX_PREPARED) names.set(text, name = `s${names.size}`);
    return { text, values: [...values], ...(name === undefined ? {} : { name }) };
  };
  const query = async <R extends object>(
    on: pg.Pool | pg.PoolClient,
    text: string,
    values: readonly unknown[],
  ): Promise<R[]> => (await on.query<R>(prepared(text, values))).rows;
  /** Callers see one error for all the ways in which a server can be away. */
  const away = (e: unknown): never => {
    throw isConnectionError(e) ? new Unavailable((e as Error).message, { cause: e }) : e;
  };

  /** What runs: closing waits for it, so that what nobody awaits (a last-used mark) is not cut off in the middle. */
  const running = new Set<Promise<unknown>>();
  function tracked<T>(work: Promise<T>): Promise<T> {
    running.add(work);
    const done = () => void running.delete(work);
    work.then(done, done);
    return work;
  }

  async function transaction<T>(work: (tx: Tx) => Promise<T>, kind: TransactionKind = "any"): Promise<T> {
    const client = await pool.connect().catch(away);
    // A client that saw any connection error, or whose ROLLBACK failed, never goes back to the pool.
    let broken: Error | undefined;
    const note = (e: Error) => broken = e;
    client.on("error", note);
    const together = corked(client);
    together();
    const begun = client.query(BEGIN[kind]);
    const open = new Set<Promise<unknown>>([begun]);
    let over = false;
    const run = <R extends object>(text: string, values: readonly unknown[] = []): Promise<R[]> => {
      if (over) return Promise.reject(new Error("a statement after the end of its transaction"));
      together();
      const one = query<R>(client, text, values);
      open.add(one);
      one.catch(() => {});
      return one;
    };
    try {
      // Its failure is that of what follows it in the same trip.
      begun.catch(() => {});
      const value = await work({ query: run });
      await Promise.all(open);
      over = true;
      try {
        const { command } = await client.query("commit");
        if (command !== "COMMIT") throw new Error(`COMMIT was answered with ${command}`);
      } catch (e) {
        // The server answered with an SQLSTATE: it did not commit. No answer: nobody knows.
        if (sqlState(e) !== null) throw e;
        broken = e as Error;
        throw new UnknownOutcome("the connection was lost during COMMIT", { cause: e });
      }
      return value;
    } catch (e) {
      over = true;
      // A statement still under way must not find itself outside of the transaction.
      await Promise.allSettled(open);
      if (sqlState(e) === null && isConnectionError(e)) broken = e as Error;
      if (broken === undefined) await client.query("rollback").catch((r: Error) => broken = r);
      return away(e);
    } finally {
      client.off("error", note);
      client.release(broken ?? false);
    }
  }

  return {
    query: (text, values = []) => tracked(query(pool, text, values).catch(away) as Promise<never>),
    transaction: (work, kind) => tracked(transaction(work, kind)),
    usage: () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    async [Symbol.asyncDispose]() {
      await Promise.allSettled(running);
      await pool.end();
    },
  };
}

/** Gives what marks the next statement as one of those that leave in one packet: a write each cost 8 % of our CPU. */
function corked(client: pg.PoolClient): () => void {
  const stream: unknown = Reflect.get(Reflect.get(client, "connection") ?? {}, "stream");
  if (!(stream instanceof Writable)) return () => {};
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    stream.cork();
    queueMicrotask(() => {
      waiting = false;
      stream.uncork();
    });
  };
}

/** The five-character SQLSTATE of a server's answer, or null when the error is not one. */
export const sqlState = (e: unknown): string | null =>
  e instanceof Error && "code" in e && typeof e.code === "string" && /^[0-9A-Z]{5}$/.test(e.code) &&
    "severity" in e
    ? e.code
    : null;

/** The constraint that a unique or check violation names. */
export const violatedConstraint = (e: unknown): string | null =>
  sqlState(e)?.startsWith("23") && e instanceof Error && "constraint" in e ? String(e.constraint) : null;

/** The server is not there, is going, has no room or timed out: worth another try, and no fault of the request. */
function isConnectionError(e: unknown): boolean {
  const state = sqlState(e);
  if (state !== null) return /^(08|57P0|53|57014|55P03)/.test(state);
  return e instanceof Error &&
    (("code" in e && /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EHOST|ENET)/.test(String(e.code))) ||
      /Connection terminated|connection timeout|timeout exceeded when trying to connect|Client has encountered a connection error/i
        .test(e.message));
}
