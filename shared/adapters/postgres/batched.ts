import { setImmediate } from "node:timers";

/**
 * Joins calls that come while a statement is under way into one statement: at most `flights` at a time, up to `max`
 * items each, and never two with one `key` in the same. A failure of many is tried again one by one, so that an item
 * fails only for its own fault.
 */
export function batched<T, R>(
  run: (items: readonly T[]) => Promise<readonly R[]>,
  key: (item: T) => string,
  { max = 64, flights = 2 }: { readonly max?: number; readonly flights?: number } = {},
): (item: T) => Promise<R> {
  interface Waiting {
    readonly item: T;
    readonly resolve: (r: R) => void;
    readonly reject: (e: unknown) => void;
  }
  let queue: Waiting[] = [];
  let flying = 0;

  async function fly(batch: readonly Waiting[]): Promise<void> {
    try {
      const results = await run(batch.map((w) => w.item));
      if (results.length !== batch.length) throw new Error("a batch without an answer for each");
      batch.forEach((w, i) => w.resolve(results[i] as R));
    } catch (e) {
      if (batch.length === 1) batch[0]?.reject(e);
      else for (const w of batch) await fly([w]);
    }
  }

  async function next(): Promise<void> {
    flying++;
    while (queue.length > 0) {
      const keys = new Set<string>();
      const batch: Waiting[] = [];
      queue = queue.filter((w) => {
        if (batch.length >= max || keys.has(key(w.item))) return true;
        keys.add(key(w.item));
        batch.push(w);
        return false;
      });
      await fly(batch);
    }
    flying--;
  }

  return (item) => {
    const { promise, resolve, reject } = Promise.withResolvers<R>();
    queue.push({ item, resolve, reject });
    // Those of the same turn of the event loop go together.
    if (flying < flights) setImmediate(() => flying < flights && queue.length > 0 && void next());
    return promise;
  };
}
