import {
  AlreadyAnswered,
  AlreadyHandled,
  type Dedup,
  KeyReused,
  StillRunning,
} from "@alpes/shared/seedwork/unit_of_work.ts";
import type { Tx } from "./database.ts";

type Key = Dedup & { readonly kind: "key" };
type Message = Dedup & { readonly kind: "message" };

/** Names one deduplicated effect, on this server and in this process. */
export const dedupName = (d: Dedup): string =>
  JSON.stringify(d.kind === "key" ? [d.caller, d.route, d.key] : [d.consumer, d.event_id]);

export interface Held {
  /** After all locks are held. */
  readonly ahora: Date;
  /** For each of `dedups`: null when the effect is its to have, else what became of the first one. */
  readonly refused: readonly (Error | null)[];
}

/** How long a batch waits for a lock before it is taken apart, so that one hot name does not hold up the others. */
const BATCH_LOCK_MS = 500;
const ONE_LOCK_MS = 5_000;

interface Kept {
  readonly i: bigint;
  readonly huella: string;
  readonly status: number;
  readonly cuerpo: string;
  readonly tipo: string;
  readonly etag: string | null;
  readonly location: string | null;
}

/**
 * Takes the locks (waiting, in sorted order, so that no two batches wait for each other) and the right to each effect.
 * All statements are sent before this awaits: the caller's next ones go in the same trip, and see what the locks guard,
 * since every statement has a snapshot of its own.
 */
export async function hold(
  tx: Tx,
  locks: Iterable<string>,
  dedups: readonly (Dedup | null)[],
): Promise<Held> {
  const keys = dedups.filter((d): d is Key => d?.kind === "key");
  const messages = dedups.filter((d): d is Message => d?.kind === "message");
  const names = keys.map(dedupName);
  const [locked, kept, mine] = await Promise.all([
    // Keys by a try-lock, not a wait: waiting on the row starved every other key (p50 3.9 s against 40 ms).
    tx.query<{ ahora: Date; claves: boolean[] | null }>(
      `with espera as materialized (select set_config('lock_timeout', $3, true))
       select count(pg_advisory_xact_lock(hashtextextended(n, 0))) as tomados, clock_timestamp() as ahora,
              (select array_agg(pg_try_advisory_xact_lock(hashtextextended(k, 1)) order by i)
                 from unnest($2::text[]) with ordinality as c(k, i)) as claves
         from espera cross join unnest($1::text[]) as t(n)`,
      [[...new Set(locks)].sort(), names, String(dedups.length > 1 ? BATCH_LOCK_MS : ONE_LOCK_MS)],
    ),
    keys.length === 0 ? [] : tx.query<Kept>(
      `select p.i, k.huella, k.status, k.cuerpo, k.tipo, k.etag, k.location
         from unnest($1::text[], $2::text[], $3::text[]) with ordinality as p(llamador, ruta, clave, i)
         join mensajeria.idempotencia k using (llamador, ruta, clave)`,
      [keys.map((k) => k.caller), keys.map((k) => k.route), keys.map((k) => k.key)],
    ),
    messages.length === 0 ? [] : tx.query<{ consumidor: string; event_id: string }>(
      `update mensajeria.inbox i set estado = 'HECHO', error = null, mensaje = null, actualizado = clock_timestamp()
         from unnest($1::text[], $2::text[]) as m(consumidor, event_id)
        where i.consumidor = m.consumidor and i.event_id = m.event_id and i.estado <> 'HECHO'
       returning i.consumidor, i.event_id`,
      [messages.map((m) => m.consumer), messages.map((m) => m.event_id)],
    ),
  ]);
  const [row] = locked;
  if (row === undefined) throw new Error("an aggregate without a row");
  const first = new Map(kept.map((k) => [Number(k.i) - 1, k]));
  const handled = new Set(mine.map((m) => JSON.stringify([m.consumidor, m.event_id])));
  let nth = 0;
  const refused = dedups.map((d): Error | null => {
    if (d === null) return null;
    if (d.kind === "message") {
      return handled.has(dedupName(d)) ? null : new AlreadyHandled(`${d.consumer} ${d.event_id}`);
    }
    const i = nth++;
    if (row.claves?.[i] !== true) return new StillRunning("a request with this key is still running");
    return answered(d, first.get(i));
  });
  return { ahora: row.ahora, refused };
}

function answered(d: Key, kept: Kept | undefined): Error | null {
  if (kept === undefined) return null;
  if (kept.huella !== d.fingerprint) return new KeyReused("this key came before with another request");
  return new AlreadyAnswered({
    status: kept.status,
    body: kept.cuerpo,
    contentType: kept.tipo,
    etag: kept.etag,
    location: kept.location,
  });
}

/** Keeps the answers of keyed requests beside their effects. */
export async function keep(tx: Tx, answers: readonly (readonly [Key, unknown])[]): Promise<void> {
  if (answers.length === 0) return;
  const rows = answers.map(([d, value]) => {
    const a = d.answer(value);
    return {
      llamador: d.caller,
      ruta: d.route,
      clave: d.key,
      huella: d.fingerprint,
      status: a.status,
      cuerpo: a.body,
      tipo: a.contentType,
      etag: a.etag,
      location: a.location,
    };
  });
  await tx.query(
    `insert into mensajeria.idempotencia (llamador, ruta, clave, huella, status, cuerpo, tipo, etag, location)
     select llamador, ruta, clave, huella, status, cuerpo, tipo, etag, location
       from json_to_recordset($1::json) as t(llamador text, ruta text, clave text, huella text, status smallint,
         cuerpo text, tipo text, etag text, location text)
      order by llamador, ruta, clave`,
    [JSON.stringify(rows)],
  );
}
