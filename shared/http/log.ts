import { AsyncLocalStorage } from "node:async_hooks";
import {
  configureSync,
  getLogger,
  type Logger,
  type LogLevel,
  type LogRecord,
  type Sink,
  withContext,
} from "@logtape/logtape";
import { HIDDEN, isSecretField, maskText, redact } from "./redact.ts";

export interface LogOptions {
  readonly level: "debug" | "info" | "warn" | "error";
  /** Unset: pretty in a terminal, else json. */
  readonly format?: "pretty" | "json" | undefined;
  /** The process, e.g. `alpespartners`, `bff`. */
  readonly servicio: string;
  /** Where the lines go, each with its line feed; the standard output unless told. */
  readonly write?: (lines: string) => void;
}

/** Sets up the logs of the process, once, in its composition root. Modules then call `logger("pagos")`. */
export function setupLogs({ level, format, servicio, write }: LogOptions): void {
  const pretty = (format ?? (Deno.stdout.isTerminal() ? "pretty" : "json")) === "pretty";
  const lines = pretty ? prettyLine(!Deno.noColor && Deno.stdout.isTerminal()) : jsonLine(servicio);
  configureSync({
    reset: true,
    contextLocalStorage: new AsyncLocalStorage(),
    sinks: { out: write ? (r) => write(lines(r)) : buffered(lines) },
    loggers: [
      { category: ["alpes"], sinks: ["out"], lowestLevel: level === "warn" ? "warning" : level },
      { category: ["logtape", "meta"], sinks: ["out"], lowestLevel: "warning" },
    ],
  });
}

/** The logger of one module, e.g. `logger("pagos").info("payout settled", { payout })`. Fields are redacted. */
export const logger = (modulo: string): Logger => getLogger(["alpes", modulo]);

/** Every line written inside `fn`, also after an await, carries these fields. */
export const withLogContext = <T>(
  fields: { readonly solicitud?: string; readonly correlation_id?: string },
  fn: () => T,
): T => withContext(fields, fn);

const LEVELS: Record<LogLevel, string> = {
  trace: "trace",
  debug: "debug",
  info: "info",
  warning: "warn",
  error: "error",
  fatal: "fatal",
};
const module = (r: LogRecord) => r.category.slice(1).join(".");
const text = (r: LogRecord) =>
  maskText(
    r.message.map((part, i) =>
      i % 2 === 0 || typeof part === "string" ? String(part) : JSON.stringify(redact(part))
    )
      .join(""),
  );

/** One JSON object a line: time, level, servicio, modulo, msg, then the fields. */
export const jsonLine = (servicio: string) => (r: LogRecord): string => {
  const line: Record<string, unknown> = {
    time: new Date(r.timestamp).toISOString(),
    level: LEVELS[r.level],
    servicio,
    modulo: module(r),
    msg: text(r),
  };
  for (const name in r.properties) {
    const field = name in line ? `_${name}` : name;
    line[field] = isSecretField(name) ? HIDDEN : redact(r.properties[name], 1);
  }
  return JSON.stringify(line) + "\n";
};

const COLOURS: Record<LogLevel, string> = {
  trace: "\x1b[2m",
  debug: "\x1b[2m",
  info: "\x1b[32m",
  warning: "\x1b[33m",
  error: "\x1b[31m",
  fatal: "\x1b[31m",
};

/** One line for a person: time, level, module, text, fields. A stack follows on lines of its own. */
export const prettyLine = (colour: boolean) => (r: LogRecord): string => {
  const stacks: string[] = [];
  const fields = Object.entries(r.properties).map(([name, value]) => {
    if (isSecretField(name)) return `${name}=${HIDDEN}`;
    if (value instanceof Error) stacks.push(maskText(value.stack ?? ""));
    const shown = value instanceof Error ? `${value.name}: ${maskText(value.message)}` : redact(value, 1);
    return `${name}=${typeof shown === "string" ? shown : JSON.stringify(shown)}`;
  }).join(" ");
  const time = new Date(r.timestamp).toISOString().slice(11, 23);
  const level = LEVELS[r.level].padEnd(5);
  // A line feed in a value must not be able to write a line of its own.
  const rest = `${module(r)} ${text(r)}${fields && " "}${fields}`.replaceAll(/\p{Cc}/gu, " ");
  const head = colour ? `\x1b[2m${time}\x1b[0m ${COLOURS[r.level]}${level}\x1b[0m` : `${time} ${level}`;
  return `${head} ${rest}\n${stacks.map((s) => s + "\n").join("")}`;
};

/** Collects lines for 20 ms, since a write a request costs more than the request's log; warnings go out at once. */
function buffered(lines: (r: LogRecord) => string): Sink {
  let waiting = "";
  let timer: ReturnType<typeof setTimeout> | null = null;
  const flush = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const bytes = new TextEncoder().encode(waiting);
    waiting = "";
    try {
      for (let sent = 0; sent < bytes.length;) sent += Deno.stdout.writeSync(bytes.subarray(sent));
    } catch { /* a closed pipe must not end the process */ }
  };
  addEventListener("unload", flush);
  return (r) => {
    waiting += lines(r);
    if (r.level === "warning" || r.level === "error" || r.level === "fatal" || waiting.length > 65_536) {
      return flush();
    }
    if (timer === null) (timer = setTimeout(flush, 20)).unref();
  };
}
