import { setImmediate } from "node:timers";
import { Unavailable } from "@alpes/shared/seedwork/unit_of_work.ts";

/** Something that waits to be done. */
export interface Waiting {
  /** What no two may use at once: who shares a name with one under way, or before it in the queue, comes after it. */
  readonly names: readonly string[];
  fail(error: unknown): void;
}

export interface QueueOptions {
  /** Batches under way at once. 2 unless told: one decides while the other's commit is on its way to the disk. */
  readonly flights?: number;
  /** The most in one batch. 128 unless told. */
  readonly max?: number;
  /** The most that wait. 4,000 unless told. */
  readonly waiting?: number;
  /** How long one may wait before it is told that nothing was done, ms. 10,000 unless told. */
  readonly patienceMs?: number;
}

export interface CommandQueue<C> {
  /** Throws `Unavailable` when too many wait. */
  push(command: C): void;
  /** This one has its answer: who waited for its names may go. */
  done(command: C): void;
}

/**
 * Lets go together what waits together: a command that comes alone goes at once, those that come while batches are under
 * way form the next one. Of each name they keep the order in which they came.
 */
export function commandQueue<C extends Waiting>(
  run: (batch: readonly C[]) => Promise<void>,
  { flights = 2, max = 128, waiting: room = 4_000, patienceMs = 10_000 }: QueueOptions = {},
): CommandQueue<C> {
  let waiting: { readonly command: C; readonly since: number }[] = [];
  const busy = new Set<string>();
  const running = new Set<C>();
  let flying = 0;
  let scheduled = false;
  let sweeper: ReturnType<typeof setTimeout> | undefined;

  function take(): C[] {
    const batch: C[] = [];
    const passed = new Set<string>();
    waiting = waiting.filter((w) => {
      const { names } = w.command;
      const free = batch.length < max && names.every((n) => !busy.has(n) && !passed.has(n));
      for (const n of names) (free ? busy : passed).add(n);
      if (free) batch.push(w.command), running.add(w.command);
      return !free;
    });
    if (waiting.length === 0) sweeper = void clearTimeout(sweeper);
    return batch;
  }

  async function fly(): Promise<void> {
    flying++;
    for (let batch = take(); batch.length > 0; batch = take()) await run(batch);
    flying--;
  }

  /** Not at once: those of the same turn of the event loop go together. */
  function schedule(): void {
    if (scheduled || flying >= flights || waiting.length === 0) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      if (flying < flights && waiting.length > 0) void fly();
    });
  }

  function sweep(): void {
    const long = performance.now() - patienceMs;
    const late = waiting.filter((w) => w.since < long);
    waiting = waiting.filter((w) => w.since >= long);
    sweeper = waiting.length === 0 ? undefined : setTimeout(sweep, patienceMs / 10);
    for (const { command } of late) command.fail(new Unavailable("the command waited too long for its turn"));
  }

  return {
    push(command) {
      if (waiting.length >= room) throw new Unavailable("too many commands wait");
      waiting.push({ command, since: performance.now() });
      schedule();
      // Only where somebody is left behind: the ordinary command costs no timer.
      if (flying >= flights) sweeper ??= setTimeout(sweep, patienceMs / 10);
    },
    done(command) {
      // One that never ran holds no names.
      if (!running.delete(command)) return;
      for (const n of command.names) busy.delete(n);
      schedule();
    },
  };
}
