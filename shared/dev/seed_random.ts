/** Numbers that look random and are the same for the same seed, on every machine. */
export interface Random {
  /** An integer from 0 to `n` − 1. */
  below(n: number): number;
  /** One of them; throws where there is none. */
  of<T>(items: readonly T[]): T;
}

/** mulberry32: one 32-bit state, enough for names and amounts, and nothing else. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (n: number) => Math.floor(next() * n);
  return {
    below,
    of<T>(items: readonly T[]): T {
      const item = items[below(items.length)];
      if (item === undefined) throw new Error("there is nothing to choose from");
      return item;
    },
  };
}
