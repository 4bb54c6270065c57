import { LRUCache } from "lru-cache";
import type { Denial, Denials } from "@alpes/shared/seedwork/audit.ts";
import type { Tx } from "./database.ts";

export interface PostgresDenials extends Denials, AsyncDisposable {}

export interface DenialOptions {
  readonly windowMs?: number;
  readonly summaryMs?: number;
  readonly onError?: (e: unknown) => void;
  /** Monotonic milliseconds. */
  readonly now?: () => number;
}

/** Lines of its own that one actor, or all together, get at once after a rest, and in every minute. */
const OF_ONE = { burst: 200, perMinute: 10 };
const OF_ALL = { burst: 2_000, perMinute: 1_200 };
/** Different lines that one window holds, and actors that are remembered; what comes beyond is counted, not kept. */
const MOST = 500;

/** The action of a line that stands for many of one actor. */
export const VARIAS = "varias";

type Budget = typeof OF_ONE;
interface Bucket {
  left: number;
  at: number;
}

/**
 * Denials in `mensajeria.auditoria`, written together a moment later. Whoever is denied without end gets a line a minute
 * with a count in place of one each: else anybody could fill the disk with them. Disposing writes what waits.
 */
export function postgresDenials(db: Tx, o: DenialOptions = {}): PostgresDenials {
  const { windowMs = 250, summaryMs = 60_000, onError = () => {}, now = () => performance.now() } = o;
  const single = lines(db, windowMs, onError), summed = lines(db, summaryMs, onError);
  const buckets = new LRUCache<string, Bucket>({ max: MOST });
  const all: Bucket = { left: OF_ALL.burst, at: now() };

  /** Whether there is a line left, which is then taken. */
  function take(bucket: Bucket, { burst, perMinute }: Budget): boolean {
    const at = now();
    bucket.left = Math.min(burst, bucket.left + (at - bucket.at) / 60_000 * perMinute);
    bucket.at = at;
    if (bucket.left < 1) return false;
    bucket.left--;
    return true;
  }

  return {
    note(denial) {
      if (single.again(denial)) return;
      let bucket = buckets.get(denial.actor);
      if (bucket === undefined) buckets.set(denial.actor, bucket = { left: OF_ONE.burst, at: now() });
      if (take(bucket, OF_ONE) && take(all, OF_ALL)) single.add(denial);
      else summed.add({ ...denial, accion: VARIAS, recurso: null });
    },
    async [Symbol.asyncDispose]() {
      await single[Symbol.asyncDispose]();
      await summed[Symbol.asyncDispose]();
    },
  };
}

const nameOf = ({ modulo, actor, accion, recurso, status }: Denial): string =>
  JSON.stringify([modulo, actor, accion, recurso, status]);

/** Lines that gather for `ms`, equal ones as one with a count. */
function lines(db: Tx, ms: number, onError: (e: unknown) => void) {
  let waiting = new Map<string, { readonly denial: Denial; times: number }>();
  let beyond = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let writing: Promise<void> = Promise.resolve();

  async function write(): Promise<void> {
    const rows = [...waiting.values()];
    const lost = beyond;
    waiting = new Map();
    beyond = 0;
    timer = undefined;
    if (rows.length === 0) return;
    const of = <T>(value: (d: Denial) => T) => rows.map((r) => value(r.denial));
    try {
      await db.query(
        `insert into mensajeria.auditoria
           (modulo, actor, accion, recurso_tipo, recurso_id, correlacion, resultado, detalle)
         select modulo, actor, accion, tipo, id, correlacion, 'DENEGADO', json_build_object('status', status, 'veces', veces)
           from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int[], $8::int[])
             as t(modulo, actor, accion, tipo, id, correlacion, status, veces)`,
        [
          of((d) => d.modulo),
          of((d) => d.actor),
          of((d) => d.accion),
          of((d) => d.recurso?.tipo ?? null),
          of((d) => d.recurso?.id ?? null),
          of((d) => d.correlacion),
          of((d) => d.status),
          rows.map((r) => r.times),
        ],
      );
      if (lost > 0) onError(new Error(`${lost} denials were too many for the audit log`));
    } catch (e) {
      onError(e);
    }
  }

  /** Counts one that waits already. */
  function again(denial: Denial): boolean {
    const known = waiting.get(nameOf(denial));
    if (known !== undefined) known.times++;
    return known !== undefined;
  }
  return {
    again,
    add(denial: Denial): void {
      if (again(denial)) return;
      if (waiting.size < MOST) waiting.set(nameOf(denial), { denial, times: 1 });
      else beyond++;
      timer ??= setTimeout(() => writing = writing.then(write), ms);
    },
    async [Symbol.asyncDispose]() {
      clearTimeout(timer);
      await writing;
      await write();
    },
  };
}
