/** How text leaves: in colour only on a terminal that did not ask for none. */
export interface Paint {
  readonly good: (s: string) => string;
  readonly bad: (s: string) => string;
  readonly dim: (s: string) => string;
  readonly bold: (s: string) => string;
}

/** `NO_COLOR` (any value) or an output that is no terminal: no escape codes at all. */
export function paint(colour = Deno.stdout.isTerminal() && !Deno.noColor): Paint {
  const code = (n: number) => (s: string) => colour ? `\x1b[${n}m${s}\x1b[0m` : s;
  return { good: code(32), bad: code(31), dim: code(2), bold: code(1) };
}

const GRAPHEMES = new Intl.Segmenter("es", { granularity: "grapheme" });
const width = (s: string): number => [...GRAPHEMES.segment(s)].length;

/** Columns aligned under their heads, one line a row; a column named in `right` is aligned to the right. */
export function table(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  { right = [] as readonly string[] } = {},
): string[] {
  const widths = heads.map((h, i) => Math.max(width(h), ...rows.map((r) => width(r[i] ?? ""))));
  const line = (cells: readonly string[]) =>
    heads.map((h, i) => {
      const cell = cells[i] ?? "";
      const gap = " ".repeat((widths[i] ?? 0) - width(cell));
      return right.includes(h) ? gap + cell : cell + gap;
    }).join("  ").trimEnd();
  return [line(heads), ...rows.map(line)];
}

/** `150000.00`, `COP` → `COP 150,000.00`: grouped, never through a float. */
export function amount(valor: string, moneda: string): string {
  const [whole = "", cents] = valor.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return `${moneda} ${grouped}${cents === undefined ? "" : `.${cents}`}`;
}

/** The amount of the contract's money object; a dash where there is none. */
export function money(value: unknown): string {
  if (typeof value !== "object" || value === null) return "–";
  const [valor, moneda] = [Reflect.get(value, "valor"), Reflect.get(value, "moneda")];
  return typeof valor === "string" && typeof moneda === "string" ? amount(valor, moneda) : "–";
}
