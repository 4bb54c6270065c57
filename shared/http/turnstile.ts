import { setImmediate } from "node:timers";
import { ID_PATTERN } from "@alpes/shared/seedwork/ids.ts";
import { BASE } from "./catalogue.ts";
import { localeOf } from "./locale.ts";
import type { ProblemJson } from "./problem.ts";

/** Takes a request, as `Deno.serve` does. */
type Handler<I> = (request: Request, info: I) => Response | Promise<Response>;

export interface TurnstileOptions {
  /** Requests begun in one turn of the event loop. */
  readonly perTurn: number;
  /** Milliseconds between repeats of keys, where they crowd. */
  readonly repeatMs: number;
  /** Requests being answered at once, most of which wait for their own bodies or for others' answers. */
  readonly running: number;
  /** Requests that wait to be begun: as many as come at once, */
  readonly waiting: number;
  /**
   * and where some have waited longer than `longMs` for `crowdMs`, so that it is no crowd but too much, only so many,
   * until none has for another `crowdMs`: else it would be a crowd again each time the line grew short.
   */
  readonly standing: number;
  readonly longMs: number;
  readonly crowdMs: number;
}

/**
 * Measured: 8 begun requests take 1–2 ms, by which every step of those under way is late. What waits takes some 15 MiB.
 * A crowd of repeats that is answered as fast as it can be leaves no processor to the database beside it: at one a
 * millisecond the others do not notice it.
 */
export const TURNS: TurnstileOptions = {
  perTurn: 8,
  repeatMs: 1,
  running: 4_096,
  waiting: 4_096,
  standing: 64,
  longMs: 50,
  crowdMs: 500,
};

/**
 * Lets requests in a few at a time, by turns between those who send them. `Deno.serve` begins all that has arrived before
 * it looks at anything else, so ten thousand cheap requests would stop every transaction under way for seconds. Where
 * some must wait, each caller and each of his `Idempotency-Key`s has a line of its own, and the lines are served in
 * rotation; of a key's line the first is a request, the others are repeats that have time. Where too many wait, the last
 * of the longest line is sent away.
 */
export function turnstile<I>(
  handler: Handler<I>,
  o: TurnstileOptions,
  /** Whether it would be turned away later on: then it is at once, for a twentieth of the work. */
  tooMany: (request: Request) => boolean = () => false,
  now: () => number = () => performance.now(),
): Handler<I> {
  interface Waiting {
    readonly since: number;
    readonly request: Request;
    readonly info: I;
    readonly resolve: (r: Response | Promise<Response>) => void;
  }
  interface Line {
    readonly keyed: boolean;
    readonly waiting: Waiting[];
  }
  /** By name, in the order in which they are served: one of each in turn, and of `repeats` one in each `repeatMs`. */
  const lines = new Map<string, Line>();
  const repeats = new Map<string, Line>();
  let waiting = 0, running = 0, begun = 0, turning = false, pacing = false;
  /** Since when those whose turn comes have waited long; repeats wait on purpose. */
  let longSince: number | null = null, lastLong = 0;
  const room = () => longSince !== null && now() - longSince > o.crowdMs ? o.standing : o.waiting;

  function noteWait(ms: number): void {
    if (ms > o.longMs) {
      lastLong = now();
      longSince ??= lastLong;
    } else if (longSince !== null && now() - lastLong > o.crowdMs) longSince = null;
  }
  async function begin(request: Request, info: I): Promise<Response> {
    begun++;
    running++;
    try {
      return await handler(request, info);
    } finally {
      running--;
      if (waiting > 0) goOn();
    }
  }
  /** Begins the first of the first line, which goes to the end of the rotation, or among the repeats. */
  function serveFirst(of: Map<string, Line>): void {
    const [entry] = of;
    if (entry === undefined) return;
    const [name, line] = entry;
    const next = line.waiting.shift();
    of.delete(name);
    if (line.waiting.length > 0) (line.keyed ? repeats : lines).set(name, line);
    if (next === undefined) return;
    waiting--;
    if (of === lines) noteWait(now() - next.since);
    next.resolve(begin(next.request, next.info));
  }
  /** The next turn: at once, with what waits, or else only to count anew. */
  function turnSoon(): void {
    if (turning) return;
    turning = true;
    setImmediate(() => {
      turning = false;
      begun = 0;
      while (lines.size > 0 && begun < o.perTurn && running < o.running) serveFirst(lines);
      goOn();
    });
  }
  function goOn(): void {
    if (running >= o.running) return;
    if (lines.size > 0) turnSoon();
    if (repeats.size === 0 || pacing) return;
    pacing = true;
    setTimeout(() => {
      pacing = false;
      if (running < o.running) serveFirst(repeats);
      goOn();
    }, o.repeatMs);
  }

  function makeRoom(mine: Line): boolean {
    let longest = mine;
    for (const some of [lines, repeats]) {
      for (const line of some.values()) if (line.waiting.length > longest.waiting.length) longest = line;
    }
    const last = longest === mine ? undefined : longest.waiting.pop();
    if (last === undefined) return false;
    waiting--;
    last.resolve(saturated(last.request));
    return true;
  }

  return (request, info) => {
    turnSoon();
    if (tooMany(request)) return saturated(request);
    if (waiting === 0) noteWait(0);
    if (waiting === 0 && begun < o.perTurn && running < o.running) return begin(request, info);
    if (PROBE.test(request.url)) return begin(request, info);
    const who = LINE.map((name) => request.headers.get(name));
    const name = JSON.stringify(who);
    let line = lines.get(name) ?? repeats.get(name);
    if (line === undefined) {
      line = { keyed: who[0] !== null, waiting: [] };
      if (waiting >= room() && !makeRoom(line)) return saturated(request);
      lines.set(name, line);
    } else if (waiting >= room() && !makeRoom(line)) return saturated(request);
    const { waiting: its } = line;
    waiting++;
    return new Promise((resolve) => its.push({ since: now(), request, info, resolve }));
  };
}

const LINE = ["idempotency-key", "authorization", "cookie", "x-actor"];

/** Answered also when nothing else is. */
const PROBE = /^\w+:\/\/[^/]+(?:\/api\/v1)?\/(?:health|ready|metrics)(?:\?|$)/;

/** The 503 of those who are too many, made without the app: it must cost next to nothing. */
function saturated({ headers, url }: Request): Response {
  const locale = localeOf(headers.get("accept-language") ?? undefined);
  const { titulo, explicacion } = BASE.saturado[locale];
  const given = headers.get("x-request-id") ?? "";
  const solicitud = ID_PATTERN.test(given) ? given : crypto.randomUUID();
  const problem: ProblemJson = {
    type: "/errores/saturado",
    title: titulo,
    status: 503,
    detail: explicacion,
    instance: new URL(url).pathname,
    codigo: "saturado",
    errores: [],
    solicitud,
  };
  return new Response(JSON.stringify(problem), {
    status: 503,
    headers: {
      "Content-Type": "application/problem+json",
      "Content-Language": locale,
      "Retry-After": String(BASE.saturado.reintentar_s),
      "X-Request-Id": solicitud,
      "Cache-Control": "no-store",
      "X-Content-Type-Options": "nosniff",
    },
  });
}
