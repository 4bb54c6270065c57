import { type Wire, wire, type WireAnswer } from "./wire.ts";

/** One request of a load. */
export interface Shot {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}
/** What came of it; `status` 0: the connection broke. `at`: ms since the load began, when it was sent. */
export interface Hit {
  readonly status: number;
  readonly ms: number;
  readonly at: number;
}

/** Keep-alive connections to one address, opened when none is idle. */
export function wires(base: string) {
  const idle: Wire[] = [];
  const all = new Set<Wire>();
  return {
    async fire(shot: Shot): Promise<WireAnswer> {
      const w = idle.pop() ?? await wire(base);
      all.add(w);
      try {
        return await w.send(shot.method, shot.path, shot.headers, shot.body);
      } finally {
        if (w.open) idle.push(w);
        else {
          all.delete(w);
          w[Symbol.dispose]();
        }
      }
    },
    [Symbol.dispose]() {
      for (const w of all) w[Symbol.dispose]();
    },
  };
}

/** `clients` that each send the next request as soon as the last one is answered, for `ms` or until `over`. */
export async function closedLoop(
  base: string,
  clients: number,
  ms: number,
  next: (i: number) => Shot,
  over: () => boolean = () => false,
): Promise<Hit[]> {
  using pool = wires(base);
  const hits: Hit[] = [];
  const start = performance.now();
  let i = 0;
  await Promise.all(Array.from({ length: clients }, async () => {
    while (performance.now() - start < ms && !over()) hits.push(await shoot(pool, next(i++), start));
  }));
  return hits;
}

/** `rate` requests a second for `ms`, however slowly they are answered: what the outside does to an overloaded system. */
export async function openLoop(
  base: string,
  rate: number,
  ms: number,
  next: (i: number) => Shot,
): Promise<Hit[]> {
  using pool = wires(base);
  const flying: Promise<Hit>[] = [];
  const start = performance.now();
  for (let now = 0; now < ms; now = performance.now() - start) {
    while (flying.length < now * rate / 1_000) flying.push(shoot(pool, next(flying.length), start));
    await new Promise((r) => setTimeout(r, 2));
  }
  return await Promise.all(flying);
}

async function shoot(pool: ReturnType<typeof wires>, shot: Shot, start: number): Promise<Hit> {
  const at = performance.now() - start;
  try {
    const { status } = await pool.fire(shot);
    return { status, ms: performance.now() - start - at, at };
  } catch {
    return { status: 0, ms: performance.now() - start - at, at };
  }
}

/** The `q` quantile (0..1) of some milliseconds; 0 of none. */
export function quantile(ms: readonly number[], q: number): number {
  const sorted = ms.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0;
}
