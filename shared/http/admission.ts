import type { Metrics } from "./metrics.ts";
import { Problem } from "./problem.ts";

/** Kinds of work, the most important first: money, then other writes, then one thing's state, then lists and search. */
export const CLASES = ["dinero", "escritura", "lectura", "busqueda"] as const;
export type Clase = (typeof CLASES)[number];

/** Where a request waits: its module's requests of one class, in the order in which they came. */
export interface Lane {
  readonly modulo: string;
  readonly clase: Clase;
}

export interface AdmissionLimits {
  /** Requests of a class that run at once, over all modules. */
  readonly running: Readonly<Record<Clase, number>>;
  /** Requests of a module that run at once: so that a module that hangs leaves the others their share. */
  readonly perModule: number;
  /** A lane is long with so many in it, the first of whom has waited for `longMs`. */
  readonly standing: Readonly<Record<Clase, number>>;
  readonly longMs: number;
  /** For so long after it grew long it still takes more, up to `burst`: a crowd that comes at once is worked off. */
  readonly burstMs: number;
  readonly burst: number;
  /** What comes after so long without a full lane is a crowd again. */
  readonly calmMs: number;
  /** Nobody waits longer, ms: whatever it waits for is stuck. */
  readonly patienceMs: number;
}

/**
 * Writes that run together share a transaction, so there are more of them than connections; lists have one each. A fixed
 * number needs no signal that a stalled database or another tenant of the machine can fool.
 */
export const LIMITS: AdmissionLimits = {
  running: { dinero: 64, escritura: 64, lectura: 64, busqueda: 4 },
  perModule: 80,
  standing: { dinero: 32, escritura: 32, lectura: 32, busqueda: 28 },
  longMs: 25,
  burstMs: 200,
  burst: 500,
  calmMs: 1_000,
  patienceMs: 5_000,
};

/** Lets in what can be done now, makes some of the rest wait, money first, and turns away the rest at once. */
export interface Admission {
  /** Throws what `enter` would reject with by now; costs nothing, so it can stand before a body is read. */
  check(lane: Lane): void;
  /** The same without the throw: whether it would; who asks turns the request away then, and it is counted. */
  turnsAway(lane: Lane): boolean;
  /** Waits for its turn; the caller calls `leave` when it is done. Rejects with a 503 `saturado`. */
  enter(lane: Lane): Promise<Admitted>;
  usage(): readonly LaneUsage[];
}
export interface Admitted {
  /** Callable twice. */
  readonly leave: () => void;
  readonly waited: boolean;
}
export interface LaneUsage extends Lane {
  readonly running: number;
  readonly waiting: number;
  /** Turned away since the start. */
  readonly shed: number;
}

interface Waiter {
  readonly go: () => void;
  readonly fail: (e: Problem) => void;
  readonly timer: ReturnType<typeof setTimeout>;
  readonly since: number;
}
interface State extends Lane {
  running: number;
  shed: number;
  /** In the order of arrival. */
  readonly waiting: Set<Waiter>;
  /** When the lane grew long, and when it last was; `null` once it has been short for a while. */
  longSince: number | null;
  lastLong: number;
}

const full = () => new Problem("saturado");

/** `now`: monotonic milliseconds. */
export function admission(
  limits: AdmissionLimits = LIMITS,
  now: () => number = () => performance.now(),
): Admission {
  const lanes = new Map<string, State>();
  const byClass: Record<Clase, State[]> = { dinero: [], escritura: [], lectura: [], busqueda: [] };
  const ofClass: Record<Clase, number> = { dinero: 0, escritura: 0, lectura: 0, busqueda: 0 };
  const ofModule = new Map<string, number>();

  function state({ modulo, clase }: Lane): State {
    const key = `${clase} ${modulo}`;
    let s = lanes.get(key);
    if (s === undefined) {
      s = { modulo, clase, running: 0, shed: 0, waiting: new Set(), longSince: null, lastLong: 0 };
      lanes.set(key, s);
      byClass[clase].push(s);
    }
    return s;
  }
  const free = (s: State) =>
    ofClass[s.clase] < limits.running[s.clase] && (ofModule.get(s.modulo) ?? 0) < limits.perModule;
  const count = (s: State, by: 1 | -1) => {
    s.running += by;
    ofClass[s.clase] += by;
    ofModule.set(s.modulo, (ofModule.get(s.modulo) ?? 0) + by);
  };

  /** Writes end by the batch, which empties a lane in which too many stand as well: a moment's gap is not calm. */
  function note(s: State): void {
    const at = now(), [first] = s.waiting;
    if (
      first !== undefined && s.waiting.size >= limits.standing[s.clase] &&
      (s.longSince !== null || at - first.since >= limits.longMs)
    ) {
      s.lastLong = at;
      s.longSince ??= at;
    } else if (at - s.lastLong > limits.calmMs) s.longSince = null;
  }
  function isFull(s: State): boolean {
    note(s);
    if (s.waiting.size >= limits.burst) return true;
    const tooLong = s.longSince !== null && now() - s.longSince > limits.burstMs;
    return tooLong && s.waiting.size >= limits.standing[s.clase];
  }
  function turnsAway(lane: Lane): boolean {
    const s = state(lane);
    if (!isFull(s)) return false;
    s.shed++;
    return true;
  }
  function check(lane: Lane): void {
    if (turnsAway(lane)) throw full();
  }

  function leave(s: State): void {
    count(s, -1);
    note(s);
    for (const clase of CLASES) {
      // The lane that was served goes behind its sisters of the same class.
      for (const next of [...byClass[clase]]) {
        const [first] = next.waiting;
        if (first === undefined || !free(next)) continue;
        next.waiting.delete(first);
        clearTimeout(first.timer);
        byClass[clase].push(...byClass[clase].splice(byClass[clase].indexOf(next), 1));
        count(next, 1);
        first.go();
      }
    }
  }
  function pass(s: State, waited: boolean): Admitted {
    let left = false;
    return {
      waited,
      leave() {
        if (left) return;
        left = true;
        leave(s);
      },
    };
  }

  return {
    check,
    turnsAway,
    enter(lane) {
      const s = state(lane);
      if (s.waiting.size === 0 && free(s)) {
        count(s, 1);
        return Promise.resolve(pass(s, false));
      }
      try {
        check(lane);
      } catch (e) {
        return Promise.reject(e);
      }
      return new Promise((resolve, fail) => {
        const timer = setTimeout(() => {
          s.waiting.delete(waiter);
          s.shed++;
          fail(full());
        }, limits.patienceMs);
        const waiter: Waiter = { go: () => resolve(pass(s, true)), fail, timer, since: now() };
        s.waiting.add(waiter);
      });
    },
    usage: () =>
      [...lanes.values()].map(({ modulo, clase, running, waiting, shed }) => ({
        modulo,
        clase,
        running,
        waiting: waiting.size,
        shed,
      })),
  };
}

/** How many requests of each class run, wait, and were turned away. */
export function admissionGauges(metrics: Metrics, gate: Admission): void {
  const one = (name: string, help: string, of: "running" | "waiting" | "shed") =>
    metrics.gauge(
      name,
      help,
      ["modulo", "clase"],
      () => gate.usage().map(({ modulo, clase, ...u }) => [{ modulo, clase }, u[of]]),
    );
  one("admission_running", "Requests that are being worked on.", "running");
  one("admission_waiting", "Requests that wait for their turn.", "waiting");
  one("admission_shed_total", "Requests turned away with 503 because too many came.", "shed");
}
