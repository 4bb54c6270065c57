import { LRUCache } from "lru-cache";
import {
  AlreadyAnswered,
  KeyReused,
  StillRunning,
  type StoredAnswer,
} from "@alpes/shared/seedwork/unit_of_work.ts";

/**
 * Keeps a crowd of repeats of one `Idempotency-Key` away from the database, so that it cannot starve other keys: one
 * request of a key at a time, and for a few seconds after an answer its repeats get it from here. What is true beyond
 * this process, and for longer, the database says.
 */
export interface KeyDesk {
  /** Throws `StillRunning` while another request of this key is here. Needs no body. `end` must be called. */
  begin(caller: string, route: string, key: string): KeyVisit;
}
export interface KeyVisit {
  /** Throws `AlreadyAnswered`, or `KeyReused` when another request was answered. */
  recall(fingerprint: string): void;
  /** What the database keeps under this key for the request that was recalled, now that it stands there. */
  answered(answer: StoredAnswer): void;
  /** Callable twice. */
  end(): void;
}

/** Short, because whoever lost a right meanwhile must not get old answers for long. */
const REMEMBERED_MS = 5_000;
const LARGEST = 64 * 1024;

export function keyDesk(): KeyDesk {
  const here = new Set<string>();
  const recent = new LRUCache<string, { readonly fingerprint: string; readonly answer: StoredAnswer }>({
    max: 2_000,
    ttl: REMEMBERED_MS,
    ttlResolution: 0,
    // From when it was first heard, however often it is asked for.
    noUpdateTTL: true,
    maxSize: 8 * 1024 * 1024,
    sizeCalculation: ({ answer }, k) => answer.body.length + k.length + 200,
  });
  return {
    begin(caller, route, key) {
      const name = JSON.stringify([caller, route, key]);
      if (here.has(name)) throw new StillRunning();
      here.add(name);
      let fingerprint: string | null = null;
      let ended = false;
      return {
        recall(asked) {
          fingerprint = asked;
          const known = recent.get(name);
          if (known === undefined) return;
          if (known.fingerprint !== asked) throw new KeyReused();
          throw new AlreadyAnswered(known.answer);
        },
        answered(answer) {
          if (fingerprint !== null && answer.body.length <= LARGEST) {
            recent.set(name, { fingerprint, answer });
          }
        },
        end() {
          if (!ended) here.delete(name);
          ended = true;
        },
      };
    },
  };
}
