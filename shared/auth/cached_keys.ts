import { believed } from "@alpes/shared/http/believed.ts";
import type { Keys, StoredKey } from "./keys.ts";

/** With the BFF's own two seconds and the time of a request, a revocation bites within five. */
const BELIEVED_MS = 2_000;

/** Looks each key up once in a while. `now`: monotonic milliseconds. */
export function cachedKeys(keys: Keys, now?: () => number): Keys {
  const told = new WeakSet<StoredKey>();
  return {
    find: believed((id) => keys.find(id), BELIEVED_MS, now),
    used(key) {
      if (told.has(key)) return;
      told.add(key);
      keys.used(key);
    },
  };
}
