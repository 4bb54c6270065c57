/**
 * The bodies that a process holds at once. Whoever sends slowly is never among the newest, so where there are too many,
 * or too many bytes of them, the one that has been arriving longest is cut off: a crowd of slow senders cannot push out
 * those who send at a normal pace, nor fill the memory.
 */
export interface Bodies {
  /** `cut`: called at most once, when this body has to go, or has not arrived within `ms`; not after `arrived`. */
  begin(cut: () => void, ms?: number): Holding;
  /** How many are not complete. */
  arriving(): number;
}
export interface Holding {
  /** So many more bytes are kept. */
  grew(bytes: number): void;
  /** All of it is there: it is no longer cut, and its bytes count until `end`. */
  arrived(): void;
  /** Its bytes are let go of. Callable twice. */
  end(): void;
}

/** At most `arriving` bodies that are not complete, and `bytes` of all that are held. */
export function bodies({ arriving, bytes }: { readonly arriving: number; readonly bytes: number }): Bodies {
  interface Held {
    size: number;
    readonly cut: () => void;
    readonly until: number;
  }
  const incomplete = new Set<Held>();
  let held = 0;
  /** One for all that arrive, since a timer each costs more than the rest of this. */
  let timer: ReturnType<typeof setTimeout> | undefined;
  let due = Infinity;
  const watch = (until: number) => {
    if (until >= due) return;
    clearTimeout(timer);
    due = until;
    timer = setTimeout(cutLate, Math.max(0, until - performance.now()));
  };
  const cutLate = () => {
    timer = undefined;
    due = Infinity;
    const now = performance.now();
    for (const h of incomplete) if (h.until <= now) (drop(h), h.cut());
    watch(Math.min(...[...incomplete].map((h) => h.until)));
  };
  const forget = (h: Held) => {
    if (!incomplete.delete(h) || incomplete.size > 0) return;
    clearTimeout(timer);
    due = Infinity;
  };
  const drop = (h: Held) => {
    forget(h);
    held -= h.size;
    h.size = 0;
  };
  const makeRoom = () => {
    for (const oldest of incomplete) {
      if (incomplete.size <= arriving && held <= bytes) return;
      drop(oldest);
      oldest.cut();
    }
  };
  return {
    arriving: () => incomplete.size,
    begin(cut, ms = Infinity) {
      const h: Held = { size: 0, cut, until: performance.now() + ms };
      incomplete.add(h);
      watch(h.until);
      makeRoom();
      return {
        grew(n) {
          if (!incomplete.has(h)) return;
          h.size += n;
          held += n;
          makeRoom();
        },
        arrived: () => forget(h),
        end: () => drop(h),
      };
    },
  };
}
