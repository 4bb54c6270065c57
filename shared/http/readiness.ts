import { both } from "./locale.ts";
import { logger } from "./log.ts";
import { maskText } from "./redact.ts";

/** Something that must be there before requests make sense. `check` rejects with the reason, in one sentence. */
export interface Check {
  readonly nombre: string;
  check(): Promise<void>;
}

/** What became of one check; `razon` is null where it passed. */
export interface CheckResult {
  readonly nombre: string;
  readonly ok: boolean;
  /** May be `both(es, en)`. */
  readonly razon: string | null;
}

export interface Readiness {
  /** Runs every check at once, each for `deadlineMs` at most; callers that ask meanwhile share the answer. */
  results(): Promise<readonly CheckResult[]>;
  /** From now on not ready: the process finishes what it has and takes no more. */
  drain(): void;
  /** Aborts with the drain: what would otherwise run on (a long poll, a stream) ends on it. */
  readonly draining: AbortSignal;
}

/** `deadlineMs`: milliseconds, 2000 unless told. */
export function readiness(checks: readonly Check[], deadlineMs = 2_000): Readiness {
  const draining = new AbortController();
  let running: Promise<readonly CheckResult[]> | null = null;
  return {
    async results() {
      if (draining.signal.aborted) {
        return [{ nombre: "proceso", ok: false, razon: both("se está deteniendo", "is stopping") }];
      }
      running ??= Promise.all(checks.map((c) => run(c, deadlineMs))).finally(() => running = null);
      return await running;
    },
    drain: () => draining.abort(),
    draining: draining.signal,
  };
}

async function run({ nombre, check }: Check, deadlineMs: number): Promise<CheckResult> {
  const s = deadlineMs / 1_000;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(both(`no contestó en ${s} s`, `did not answer in ${s} s`))),
      deadlineMs,
    );
  });
  try {
    await Promise.race([check(), late]);
    return { nombre, ok: true, razon: null };
  } catch (e) {
    logger("ready").debug("check failed", { check: nombre, error: e });
    return { nombre, ok: false, razon: reason(e) };
  } finally {
    clearTimeout(timer);
  }
}

const FAILED = both("falló", "failed");

/** A driver's own text names hosts and SQL, so of a fault with a code only the code is told. */
function reason(e: unknown): string {
  if (!(e instanceof Error)) return FAILED;
  const code = Reflect.get(e, "code");
  if (typeof code === "string" && /^[A-Z0-9_]{3,40}$/.test(code)) {
    return both(`no contesta (${code})`, `does not answer (${code})`);
  }
  const line = maskText(e.message.split("\n", 1)[0] ?? "").slice(0, 200);
  return line.replaceAll(/\b\d{1,3}(\.\d{1,3}){3}(:\d+)?\b|\[[0-9a-f:]+\](:\d+)?/gi, "[…]") || FAILED;
}
