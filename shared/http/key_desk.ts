import { LRUCache } from "lru-cache";
import {
  AlreadyAnswered,
  KeyReused,
  StillRunning,
  type StoredAnswer,
} from "@alpes/shared/seedwork/unit_of_work.ts";
import type { IdempotencyKey } from "./env.ts";

/**
 * Keeps a crowd of repeats of one `Idempotency-Key` away from the database, so that it cannot starve other keys: while
 * the first runs in this process the others are told so, and for a few seconds after it they get its answer from here.
 * What is true beyond this process, and for longer, the database says.
 */
export interface KeyDesk {
  /** Throws `StillRunning`, `AlreadyAnswered` or `KeyReused`; else the request goes on, and `end` must be called. */
  begin(key: IdempotencyKey): KeyVisit;
}
export interface KeyVisit {
  /** What was stored in the database under this key, now that it stands there. */
  answered(answer: StoredAnswer): void;
  end(): void;
}

/** Short, because whoever lost a right meanwhile must not get old answers for long. */
const REMEMBERED_MS = 5_000;
const LARGEST = 64 * 1024;

export function keyDesk(): KeyDesk {
  const running = new Set<string>();
  const recent = new LRUCache<string, { readonly fingerprint: string; readonly answer: StoredAnswer }>({
    max: 2_000,
    ttl: REMEMBERED_MS,
    maxSize: 8 * 1024 * 1024,
    sizeCalculation: ({ answer }, k) => answer.body.length + k.length + 200,
  });
  return {
    begin({ caller, route, key, fingerprint }) {
      const name = JSON.stringify([caller, route, key]);
      const known = recent.get(name);
      if (known !== undefined) {
        if (known.fingerprint !== fingerprint) throw new KeyReused();
        throw new AlreadyAnswered(known.answer);
      }
      if (running.has(name)) throw new StillRunning();
      running.add(name);
      return {
        answered(answer) {
          if (answer.body.length <= LARGEST) recent.set(name, { fingerprint, answer });
        },
        end: () => void running.delete(name),
      };
    },
  };
}
