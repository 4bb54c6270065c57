import { LRUCache } from "lru-cache";
import type { Keys, StoredKey } from "./keys.ts";

/** A key is believed for so long after it was read: with the BFF's own two seconds a revocation bites within five. */
const BELIEVED_MS = 2_000;

/**
 * Looks each key up once in a while, once at a time. Only what exists is kept, so that a new key is good at once and
 * invented ones push nothing out. `now`: monotonic milliseconds.
 */
export function cachedKeys(keys: Keys, now: () => number = () => performance.now()): Keys {
  const kept = new LRUCache<string, { readonly key: StoredKey; readonly read: number; told: boolean }>({
    max: 10_000,
  });
  const asked = new Map<string, Promise<StoredKey | null>>();

  async function ask(id: string): Promise<StoredKey | null> {
    const read = now();
    try {
      const key = await keys.find(id);
      if (key === null) kept.delete(id);
      else kept.set(id, { key, read, told: false });
      return key;
    } finally {
      asked.delete(id);
    }
  }
  return {
    find(id) {
      const known = kept.get(id);
      if (known !== undefined && now() - known.read < BELIEVED_MS) return Promise.resolve(known.key);
      let answer = asked.get(id);
      if (answer === undefined) asked.set(id, answer = ask(id));
      return answer;
    },
    used(id) {
      const known = kept.get(id);
      if (known?.told) return;
      if (known !== undefined) known.told = true;
      keys.used(id);
    },
  };
}
