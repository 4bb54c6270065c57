import { LRUCache } from "lru-cache";

/**
 * What `ask` told is believed for `ms` after it was asked, and is asked for once at a time. Only what exists is kept, so
 * that a new thing is known at once and invented names push nothing out. `now`: monotonic milliseconds.
 */
export function believed<V extends object>(
  ask: (name: string) => Promise<V | null>,
  ms: number,
  now: () => number = () => performance.now(),
): (name: string) => Promise<V | null> {
  const kept = new LRUCache<string, { readonly value: V; readonly asked: number }>({ max: 10_000 });
  const waiting = new Map<string, Promise<V | null>>();

  async function again(name: string): Promise<V | null> {
    const asked = now();
    try {
      const value = await ask(name);
      if (value === null) kept.delete(name);
      else kept.set(name, { value, asked });
      return value;
    } finally {
      waiting.delete(name);
    }
  }
  return (name) => {
    const known = kept.get(name);
    if (known !== undefined && now() - known.asked < ms) return Promise.resolve(known.value);
    let answer = waiting.get(name);
    if (answer === undefined) waiting.set(name, answer = again(name));
    return answer;
  };
}
