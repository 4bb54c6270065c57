/**
 * The bodies that a process holds at once. Whoever sends slowly is never among the newest, so where there are too many,
 * or too many bytes of them, the one that has been arriving longest is cut off: a crowd of slow senders cannot push out
 * those who send at a normal pace, nor fill the memory.
 */
export interface Bodies {
  /** `cut`: called at most once, when this body has to go; not after `arrived`. */
  begin(cut: () => void): Holding;
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
  }
  const incomplete = new Set<Held>();
  let held = 0;
  const drop = (h: Held) => {
    incomplete.delete(h);
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
    begin(cut) {
      const h: Held = { size: 0, cut };
      incomplete.add(h);
      makeRoom();
      return {
        grew(n) {
          if (!incomplete.has(h)) return;
          h.size += n;
          held += n;
          makeRoom();
        },
        arrived: () => void incomplete.delete(h),
        end: () => drop(h),
      };
    },
  };
}
