import type { Figure } from "./flows.ts";
import { idOf, type Line } from "./sample.ts";

/** A whole run, as it is written to a file. */
export interface Report {
  readonly at: string;
  readonly revision: string;
  readonly cores: number;
  /** One-minute load average before the run: others' work. */
  readonly load: number;
  readonly seconds: number;
  readonly rounds: number;
  readonly lines: readonly Line[];
  readonly figures: readonly Figure[];
}

const n = (x: number | null, digits = 0): string =>
  x === null
    ? "–"
    : x.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
const range = (xs: readonly number[]) =>
  xs.length < 2 ? "" : ` (${n(Math.min(...xs), 2)}–${n(Math.max(...xs), 2)})`;

function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((r) => (r[i] ?? "").length)));
  const line = (r: readonly string[]) =>
    "| " + r.map((c, i) => i === 0 ? c.padEnd(widths[i] ?? 0) : c.padStart(widths[i] ?? 0)).join(" | ") +
    " |";
  const rule = "|" + widths.map((w, i) => i === 0 ? "-".repeat(w + 2) : "-".repeat(w + 1) + ":").join("|") +
    "|";
  return [line(rows[0] ?? []), rule, ...rows.slice(1).map(line)].join("\n");
}

/** The one table, as Markdown. */
export function table(r: Report): string {
  const head = [
    "measure",
    "conn.",
    "per s",
    "p50 ms",
    "p99 ms",
    "CPU µs ours",
    "CPU µs PG",
    "ratio",
    "goal",
    "",
  ];
  const rows = r.lines.map((l) => [
    l.name,
    String(l.connections),
    n(l.rate),
    n(l.p50, 2),
    n(l.p99, 2),
    n(l.cpu?.process ?? null),
    n(l.cpu?.postgres ?? null),
    l.ratio === null ? "" : n(l.ratio, 2) + range(l.ratios),
    l.goal === null ? "" : `≥ ${l.goal}`,
    [
      l.goal === null || l.ratio === null ? "" : l.ratio >= l.goal ? "holds" : "short",
      l.errors === 0 ? "" : `${l.errors} errors`,
    ].filter((x) => x !== "").join(", "),
  ]);
  const figures = r.figures.map((
    f,
  ) => [f.name, n(f.value, 2), f.unit, f.goal, f.goal === "" ? "" : f.holds ? "holds" : "short"]);
  const of =
    `${r.cores} cores, load average before ${r.load}, ${r.rounds} × ${r.seconds} s, revision ${r.revision}`;
  return [
    `Everything on one machine, the load too: ${of}. Durable: fsync and synchronous_commit on.`,
    "",
    columns([head, ...rows]),
    "",
    columns([["figure", "value", "unit", "goal", ""], ...figures]),
  ].join("\n");
}

/** What changed since an earlier run: by the ratio where there is one (the machine differs), else by the rate. */
export function comparison(before: Report, now: Report): string {
  const old = new Map(before.lines.map((l) => [idOf(l), l]));
  const rows = now.lines.flatMap((l) => {
    const o = old.get(idOf(l));
    if (o === undefined) return [];
    const [was, is, a, b] = l.ratio !== null && o.ratio !== null
      ? [o.ratio, l.ratio, o.ratios, l.ratios]
      : [o.rate, l.rate, o.rates, l.rates];
    const spread = (xs: readonly number[], mid: number) =>
      xs.length < 2 || mid === 0 ? 0 : (Math.max(...xs) - Math.min(...xs)) / 2 / mid;
    const noise = Math.hypot(spread(a, was), spread(b, is));
    const change = was === 0 ? 0 : is / was - 1;
    const verdict = a.length < 2 || b.length < 2
      ? "one round: noise unknown"
      : Math.abs(change) <= noise
      ? "within noise"
      : change > 0
      ? "faster"
      : "slower";
    const digits = l.ratio === null ? 0 : 2;
    return [[
      l.name,
      String(l.connections),
      n(was, digits),
      n(is, digits),
      `${change >= 0 ? "+" : ""}${n(change * 100)} %`,
      `± ${n(noise * 100)} %`,
      verdict,
    ]];
  });
  return columns([["measure", "conn.", "before", "now", "change", "noise", ""], ...rows]);
}
