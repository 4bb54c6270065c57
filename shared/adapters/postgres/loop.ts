/** What one step of a loop found: go on at once, all there was for now, or nothing to do. */
export type Found = "more" | "soon" | "idle";

/** How often a loop may look when it is woken again and again: `burst` times at once, then once in `everyMs`. */
export interface Pace {
  readonly everyMs: number;
  readonly burst: number;
}

export interface LoopOptions {
  /** One piece of work. `stopping` turns true while it runs when the loop is being disposed: end early, but cleanly. */
  readonly step: (stopping: () => boolean) => Promise<Found>;
  /** How many steps may run side by side; a helper starts when a step found work. */
  readonly workers?: number;
  /** Waits between looks in ms, doubling from `min` to `max` while nothing is found. `max` Infinity: only when woken. */
  readonly idle: { readonly min: number; readonly max: number };
  /** Unless told, each wake is a look. Work that is known to be there waits for nothing. */
  readonly pace?: Pace;
  readonly onError?: (e: unknown) => void;
}

export interface Loop extends AsyncDisposable {
  /** There may be work: look at once. */
  wake(): void;
  /** Whether a step is running: it looks again by itself before it rests. */
  busy(): boolean;
}

/** Works while there is work, and looks ever more rarely when there is none. Disposing waits for running steps. */
export function startLoop({ step, workers = 1, idle, pace, onError = () => {} }: LoopOptions): Loop {
  const running = new Set<Promise<void>>();
  let stopping = false;
  let woken = false; // since the last step began
  let wait = idle.min;
  let failed = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** When a loop that looked exactly once in `everyMs` would look next; the clock runs ahead of it by the burst. */
  let due = 0;

  /** How long a look must wait, ms, so that what comes one by one is found together. */
  const early = (): number =>
    pace === undefined ? 0 : Math.max(0, due - (pace.burst - 1) * pace.everyMs - performance.now());

  async function chain(): Promise<void> {
    try {
      while (!stopping) {
        woken = false;
        if (pace !== undefined) due = Math.max(due, performance.now()) + pace.everyMs;
        const found = await step(() => stopping);
        if (found !== "idle") wait = idle.min;
        if (found === "more") start();
        else if (!woken || early() > 0) return;
      }
    } catch (e) {
      wait = Math.min(idle.max, 1_000);
      woken = false;
      failed = true;
      onError(e);
    }
  }

  function start(): void {
    if (stopping || running.size >= workers) return;
    clearTimeout(timer);
    timer = undefined;
    const one: Promise<void> = chain().finally(() => {
      running.delete(one);
      if (running.size === 0 && !stopping) rest();
    });
    running.add(one);
  }

  function rest(): void {
    if (woken) timer = setTimeout(start, early());
    else if (Number.isFinite(idle.max) || failed) timer = setTimeout(start, wait);
    failed = false;
    wait = Math.min(idle.max, wait * 2);
  }

  start();
  return {
    wake() {
      woken = true;
      if (early() === 0) start();
      else if (running.size === 0 && !stopping) {
        clearTimeout(timer);
        timer = setTimeout(start, early());
      }
    },
    busy: () => running.size > 0,
    async [Symbol.asyncDispose]() {
      stopping = true;
      clearTimeout(timer);
      await Promise.all(running);
    },
  };
}
