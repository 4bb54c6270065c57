/** What one step of a loop found: go on at once, look again soon, or nothing to do. */
export type Found = "more" | "soon" | "idle";

export interface LoopOptions {
  /** One piece of work. `stopping` turns true while it runs when the loop is being disposed: end early, but cleanly. */
  readonly step: (stopping: () => boolean) => Promise<Found>;
  /** How many steps may run side by side; a helper starts when a step found work. */
  readonly workers?: number;
  /** Waits between looks in ms, doubling from `min` to `max` while nothing is found. `max` Infinity: only when woken. */
  readonly idle: { readonly min: number; readonly max: number };
  readonly onError?: (e: unknown) => void;
}

export interface Loop extends AsyncDisposable {
  /** There may be work: look at once. */
  wake(): void;
  /** Whether a step is running: it looks again by itself before it rests. */
  busy(): boolean;
}

/** Works while there is work, and looks ever more rarely when there is none. Disposing waits for running steps. */
export function startLoop({ step, workers = 1, idle, onError = () => {} }: LoopOptions): Loop {
  const running = new Set<Promise<void>>();
  let stopping = false;
  let woken = false; // since the last step began
  let wait = idle.min;
  let failed = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function chain(): Promise<void> {
    try {
      while (!stopping) {
        woken = false;
        const found = await step(() => stopping);
        if (found !== "idle") wait = idle.min;
        if (found === "more") start();
        else if (!woken) return;
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
    if (Number.isFinite(idle.max) || failed) timer = setTimeout(start, wait);
    failed = false;
    wait = Math.min(idle.max, wait * 2);
  }

  start();
  return {
    wake() {
      woken = true;
      start();
    },
    busy: () => running.size > 0,
    async [Symbol.asyncDispose]() {
      stopping = true;
      clearTimeout(timer);
      await Promise.all(running);
    },
  };
}
