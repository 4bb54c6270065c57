/** The file that keeps every line of every process of one `dev`, and what of it is shown. */
export interface LogView extends Disposable {
  readonly path: string;
  line(from: string, text: string): void;
  /** The newest lines of one process that are no JSON, held back so far: what it says when it cannot start. */
  said(from: string): string[];
  /** From now on lines that are no JSON are shown as they come. */
  started(): void;
}

export interface LogViewOptions {
  readonly path: string;
  readonly everything: boolean;
  readonly colour: boolean;
  readonly show: (line: string) => void;
}

/** Past this the file starts again: a development log must not fill a disk. */
const MOST = 100e6;
const LOUD = new Set(["warn", "error", "fatal"]);

/** Opens an empty log. */
export function openLog(o: LogViewOptions): LogView {
  const file = Deno.openSync(o.path, { create: true, write: true, truncate: true });
  const text = new TextEncoder();
  const said = new Map<string, string[]>();
  let size = 0;
  let shown = false;
  return {
    path: o.path,
    line(from, line) {
      const bytes = text.encode(`${line}\n`);
      try {
        if ((size += bytes.length) > MOST) {
          file.truncateSync(0);
          file.seekSync(0, Deno.SeekMode.Start);
          size = bytes.length;
        }
        for (let n = 0; n < bytes.length;) n += file.writeSync(bytes.subarray(n));
      } catch { /* a disk that is full must not end what runs; the line is shown below if it matters */ }
      const record = parse(line);
      if (record === null) {
        said.set(from, [...(said.get(from) ?? []), line].slice(-40));
        if (shown) o.show(prefix(from, o.colour) + line);
      } else if (o.everything || LOUD.has(String(record.level))) {
        o.show(prefix(from, o.colour) + pretty(record, o.colour));
      }
    },
    started: () => shown = true,
    said: (from) => said.get(from) ?? [],
    [Symbol.dispose]: () => file.close(),
  };
}

function parse(line: string): Record<string, unknown> | null {
  if (!line.startsWith("{")) return null;
  try {
    const v: unknown = JSON.parse(line);
    return typeof v === "object" && v !== null ? { ...v } : null;
  } catch {
    return null;
  }
}

const prefix = (from: string, colour: boolean) =>
  colour ? `\x1b[${from === "bff" ? 35 : 34}m${from.padEnd(8)}\x1b[0m ` : `${from.padEnd(8)} `;

const COLOURS: Readonly<Record<string, number>> = { warn: 33, error: 31, fatal: 31, info: 32 };

function pretty(record: Readonly<Record<string, unknown>>, colour: boolean): string {
  const { time, level, servicio: _, modulo, msg, ...fields } = record;
  const rest = Object.entries(fields).map(([k, v]) => `${k}=${typeof v === "string" ? v : JSON.stringify(v)}`)
    .join(" ");
  const l = String(level).padEnd(5);
  const shown = colour ? `\x1b[${COLOURS[String(level)] ?? 2}m${l}\x1b[0m` : l;
  return `${String(time).slice(11, 23)} ${shown} ${modulo} ${msg}${rest && " "}${rest}`;
}
