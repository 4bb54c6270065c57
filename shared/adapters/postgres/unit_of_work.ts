import type { NewId } from "@alpes/shared/seedwork/ids.ts";
import { err, ok, type Result } from "@alpes/shared/seedwork/result.ts";
import {
  type Changes,
  ConcurrencyError,
  type Decision,
  type Dedup,
  type RequestContext,
  StillRunning,
  Unavailable,
  type UnitOfWork,
  UnknownOutcome,
} from "@alpes/shared/seedwork/unit_of_work.ts";
import { dedupName, hold, keep } from "./claims.ts";
import { commandQueue, type QueueOptions } from "./command_queue.ts";
import { type Database, sqlState, type Tx } from "./database.ts";
import { emit, type Outlet } from "./emit.ts";

/** What one command of a batch has written. */
export interface Written<W> {
  readonly writes: W;
  readonly context: RequestContext;
}

/**
 * What a module says about its own tables; everything else of a unit of work is the same for all. Commands that come
 * together are loaded, decided and written together; no two of them name the same lock.
 */
export interface ModuleStore<Ids, Estados, W> {
  readonly modulo: string;
  /** Names of what must stand still until commit; locked in sorted order. */
  locks(ids: Ids): readonly string[];
  /**
   * The states of many, in the order of `ids`. Statements that do not need each other's answers are sent without awaiting
   * in between: they go out in one trip.
   */
  load(tx: Tx, ids: readonly Ids[]): Promise<readonly Estados[]>;
  /**
   * Writes what many decided, in their order. Throws `ConcurrencyError` when a version moved; a unique violation is
   * treated the same. Then the batch is taken apart, and each decides again.
   */
  save(tx: Tx, written: readonly Written<W>[], ahora: Date): Promise<void>;
}

const MAX_TRIES = 5;
/** Serialization failure, deadlock, unique violation: load and decide again. */
const RETRIABLE = new Set(["40001", "40P01", "23505"]);
const LOCK_TIMEOUT = "55P03";
/** What every later statement of a failed transaction says: it hides the reason. */
const ABORTED = "25P02";

interface Command<Ids, Estados, W> {
  readonly context: RequestContext;
  readonly ids: Ids;
  readonly names: readonly string[];
  readonly locks: readonly string[];
  readonly decide: (estados: Estados, ahora: Date) => Decision<unknown, W, unknown>;
  readonly settle: (r: Result<unknown, unknown>) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * The unit of work over one PostgreSQL: lock, load, decide, write, commit; many commands at a time, each with its own
 * answer. Two trips and a commit, however many they are.
 */
export function postgresUnitOfWork<Ids, Estados, W>(
  db: Database,
  store: ModuleStore<Ids, Estados, W>,
  ports: {
    readonly newId: NewId;
    /** After a commit that left messages, to these topics, or changes. */
    readonly onCommit?: (topics: ReadonlySet<string>) => void;
    readonly queue?: QueueOptions;
    /** `outbox` unless told. */
    readonly outlet?: Outlet;
  },
): UnitOfWork<Ids, Estados, W> {
  type C = Command<Ids, Estados, W>;
  const queue = commandQueue<C>(run, ports.queue);
  /** Keys of requests under way here; those of other processes are seen by their locks. */
  const keys = new Set<string>();

  /** One transaction for all of them. Rejects when it did not commit; then none has its answer. */
  async function once(batch: readonly C[]): Promise<void> {
    const answers: (() => void)[] = [];
    const topics = await db.transaction(async (tx) => {
      answers.length = 0;
      const holding = hold(
        tx,
        batch.flatMap((c) => c.locks),
        batch.map((c) => c.context.dedup),
      );
      const loading = store.load(tx, batch.map((c) => c.ids));
      const [{ ahora, refused }, estados] = await all(holding, loading);
      const changed: { readonly context: RequestContext; readonly changes: Changes<W> }[] = [];
      const keyed: (readonly [Dedup & { kind: "key" }, unknown])[] = [];
      batch.forEach((c, i) => {
        const no = refused[i] ?? null;
        if (no !== null) return answers.push(() => c.fail(no));
        const { dedup } = c.context;
        let decision: Decision<unknown, W, unknown>;
        try {
          decision = c.decide(estados[i] as Estados, ahora);
        } catch (e) {
          // A message whose handling failed must not stand as handled: its claim goes with the transaction.
          if (dedup?.kind === "message") throw e;
          return answers.push(() => c.fail(e));
        }
        // A refused message is handled all the same: its inbox row commits. A refused request leaves nothing.
        if (!decision.ok) {
          const { error } = decision;
          return answers.push(() => c.settle(err(error)));
        }
        const { value, changes } = decision.value;
        if (changes !== null) changed.push({ context: c.context, changes });
        if (dedup?.kind === "key") keyed.push([dedup, value]);
        answers.push(() => c.settle(ok(value)));
      });
      const written = changed.map(({ context, changes }) => ({ context, writes: changes.writes }));
      await all(
        written.length === 0 ? Promise.resolve() : store.save(tx, written, ahora),
        emit(tx, store.modulo, changed, ports.newId, ahora, ports.outlet ?? "outbox"),
        keep(tx, keyed),
      );
      if (!changed.some(({ changes }) => changes.messages.length > 0 || changes.feed.length > 0)) return null;
      return new Set(changed.flatMap(({ changes }) => changes.messages.map((m) => m.topic)));
    }, "by_key");
    if (topics !== null) ports.onCommit?.(topics);
    for (const answer of answers) answer();
  }

  /** Whatever happens, each of them gets its answer; a batch that failed for the fault of one is taken apart. */
  async function run(batch: readonly C[]): Promise<void> {
    try {
      return await once(batch);
    } catch (e) {
      const [only] = batch;
      if (batch.length === 1 && only !== undefined) {
        // Beside the queue: its waits are nobody else's.
        void again(only, e);
        return;
      }
      if (ofAll(e)) {
        for (const c of batch) c.fail(e);
        return;
      }
      const half = batch.length >> 1;
      await run(batch.slice(0, half));
      await run(batch.slice(half));
    }
  }

  async function again(c: C, failure: unknown): Promise<void> {
    let cause = failure;
    for (let tries = 1; cause instanceof ConcurrencyError || RETRIABLE.has(sqlState(cause) ?? ""); tries++) {
      if (tries >= MAX_TRIES) {
        return c.fail(new ConcurrencyError(`gave up after ${MAX_TRIES} conflicting writes`, { cause }));
      }
      await new Promise((r) => setTimeout(r, 5 * 2 ** tries * Math.random()));
      try {
        return await once([c]);
      } catch (e) {
        cause = e;
      }
    }
    c.fail(cause);
  }

  return {
    ejecutar<T, X>(
      context: RequestContext,
      ids: Ids,
      decidir: (estados: Estados, ahora: Date) => Decision<T, W, X>,
    ): Promise<Result<T, X>> {
      const { dedup } = context;
      const name = dedup === null ? null : dedupName(dedup);
      if (dedup?.kind === "key" && name !== null) {
        if (keys.has(name)) {
          return Promise.reject(new StillRunning("a request with this key is still running"));
        }
        keys.add(name);
      }
      return new Promise((resolve, reject) => {
        const over = () => {
          if (name !== null) keys.delete(name);
          queue.done(command);
        };
        const locks = store.locks(ids).map((n) => `${store.modulo}:${n}`);
        const command: C = {
          context,
          ids,
          locks,
          names: dedup?.kind === "message" && name !== null ? [...locks, name] : locks,
          decide: decidir,
          settle(r) {
            over();
            if (dedup?.kind === "message") dedup.onHandled?.();
            resolve(r as Result<T, X>);
          },
          fail(e) {
            over();
            reject(e);
          },
        };
        try {
          queue.push(command);
        } catch (e) {
          command.fail(e);
        }
      });
    },
  };
}

/** No single command's fault: another try of some of them would meet the same. */
const ofAll = (e: unknown): boolean =>
  e instanceof UnknownOutcome || e instanceof Unavailable && sqlState(e.cause) !== LOCK_TIMEOUT;

/** Waits for all, so that none goes on behind the transaction's back; fails with the reason, not with its echo. */
async function all<A, B, D = void>(
  a: Promise<A>,
  b: Promise<B>,
  d: Promise<D> = Promise.resolve() as Promise<D>,
): Promise<[A, B, D]> {
  const settled = await Promise.allSettled([a, b, d]);
  const failed = settled.flatMap((s) => s.status === "rejected" ? [s.reason as unknown] : []);
  if (failed.length > 0) throw failed.find((e) => sqlState(e) !== ABORTED) ?? failed[0];
  return await Promise.all([a, b, d]);
}
