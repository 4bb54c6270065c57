/** What one run of one measure gave. */
export interface Sample {
  /** Per second. */
  readonly rate: number;
  readonly p50: number | null;
  readonly p99: number | null;
  /** CPU of our process and of PostgreSQL for each of them, µs. */
  readonly cpu: { readonly process: number; readonly postgres: number } | null;
  /** Answers that were none of a success. */
  readonly errors: number;
}

/** One line of the table. */
export interface Measure {
  readonly name: string;
  readonly connections: number;
  /** The measure whose rate in the same round is the limit. */
  readonly limit: string | null;
  /** The ratio that the issue asks for. */
  readonly goal: number | null;
  readonly run: (seconds: number) => Promise<Sample>;
}

/** A measure over its rounds; ratios are of the same round, since the machine is never alone. */
export interface Line {
  readonly name: string;
  readonly connections: number;
  readonly rate: number;
  readonly rates: readonly number[];
  readonly p50: number | null;
  readonly p99: number | null;
  readonly cpu: Sample["cpu"];
  readonly errors: number;
  readonly limit: string | null;
  readonly ratio: number | null;
  readonly ratios: readonly number[];
  readonly goal: number | null;
}

export const idOf = (m: { readonly name: string; readonly connections: number }): string =>
  `${m.name} @${m.connections}`;

export function median(xs: readonly number[]): number {
  const s = xs.toSorted((a, b) => a - b);
  const mid = s.length >> 1;
  return s.length === 0 ? 0 : s.length % 2 === 1 ? s[mid] ?? 0 : ((s[mid - 1] ?? 0) + (s[mid] ?? 0)) / 2;
}

/** The lines of all measures, from their samples round by round. */
export function lines(measures: readonly Measure[], rounds: readonly ReadonlyMap<string, Sample>[]): Line[] {
  return measures.map((m) => {
    const samples = rounds.flatMap((r) => r.get(idOf(m)) ?? []);
    const of = (pick: (s: Sample) => number | null) => {
      const found = samples.flatMap((s) => pick(s) ?? []);
      return found.length === 0 ? null : median(found);
    };
    const ratios = m.limit === null ? [] : rounds.flatMap((r) => {
      const [mine, limit] = [r.get(idOf(m)), r.get(m.limit ?? "")];
      return mine === undefined || limit === undefined || limit.rate === 0 ? [] : [mine.rate / limit.rate];
    });
    return {
      name: m.name,
      connections: m.connections,
      rate: median(samples.map((s) => s.rate)),
      rates: samples.map((s) => s.rate),
      p50: of((s) => s.p50),
      p99: of((s) => s.p99),
      cpu: samples.some((s) => s.cpu !== null)
        ? {
          process: of((s) => s.cpu?.process ?? null) ?? 0,
          postgres: of((s) => s.cpu?.postgres ?? null) ?? 0,
        }
        : null,
      errors: samples.reduce((a, s) => a + s.errors, 0),
      limit: m.limit,
      ratio: ratios.length === 0 ? null : median(ratios),
      ratios,
      goal: m.goal,
    };
  });
}
