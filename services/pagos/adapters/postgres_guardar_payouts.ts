import type { Tx } from "@alpes/shared/adapters/postgres/database.ts";
import type { Written } from "@alpes/shared/adapters/postgres/unit_of_work.ts";
import { ConcurrencyError } from "@alpes/shared/seedwork/unit_of_work.ts";
import type { Escrituras } from "../application/ports.ts";
import { COLUMNAS_PAYOUT, filaDeIntento, filaDePayout } from "./filas_payout.ts";

const CAMBIAN = COLUMNAS_PAYOUT.filter((c) => c !== "id");
const NUEVAS = [...COLUMNAS_PAYOUT, "proximo", "correlacion", "traceparent"].join(", ");
const INSERTAR = `insert into pagos.payouts (${NUEVAS})
  select ${NUEVAS} from json_populate_recordset(null::pagos.payouts, $1::json)`;
const CAMBIAR = `update pagos.payouts p
  set (${CAMBIAN.join(", ")}, proximo) = (${CAMBIAN.map((c) => `n.${c}`).join(", ")}, n.proximo)
  from json_populate_recordset(null::pagos.payouts, $1::json) n
  where p.id = n.id and p.id = any($2::text[]) and p.version = n.version - 1 returning 1`;
const INTENTO = "payout_id, numero, clave, estado, referencia, error, inicio, fin";

/** Minor units are bigints, which JSON writes as the text that the server reads. */
const json = (filas: readonly object[]) =>
  JSON.stringify(filas, (_, v: unknown) => typeof v === "bigint" ? String(v) : v);

/**
 * The payouts of many commands with their attempts and histories: a statement for each table, none of which waits for
 * another's answer. Those that change come first, so that one that dies makes room for the one that takes its place.
 */
export async function guardarPayouts(
  tx: Tx,
  escritas: readonly Written<Escrituras>[],
  ahora: Date,
): Promise<void> {
  const todos = escritas.flatMap(({ writes, context }) => writes.payouts.map((p) => ({ ...p, context })));
  if (todos.length === 0) return;
  const filas = todos.map(({ payout, anterior, proximo, context }) => ({
    ...filaDePayout(payout, anterior + 1, ahora),
    proximo,
    correlacion: context.correlation_id,
    traceparent: context.traceparent,
  }));
  const nuevas = filas.filter((_, i) => todos[i]?.anterior === 0);
  const cambiadas = filas.filter((_, i) => todos[i]?.anterior !== 0);
  // Only the last attempt can have changed.
  const intentos = todos.flatMap(({ payout }) => {
    const ultimo = payout.intentos.at(-1);
    return ultimo === undefined ? [] : [filaDeIntento(payout.ficha.id, ultimo)];
  });
  const historial = todos.flatMap(({ payout, historial, context }) =>
    historial.map((h) => ({ ...h, payout_id: payout.ficha.id, correlacion: context.correlation_id }))
  );
  const [hechas] = await Promise.all([
    cambiadas.length === 0 ? [] : tx.query(CAMBIAR, [json(cambiadas), cambiadas.map((f) => f.id)]),
    nuevas.length === 0 ? [] : tx.query(INSERTAR, [json(nuevas)]),
    intentos.length === 0 ? [] : tx.query(
      `insert into pagos.intentos (${INTENTO})
       select ${INTENTO} from json_populate_recordset(null::pagos.intentos, $1::json)
       on conflict (payout_id, numero) do update
          set estado = excluded.estado, referencia = excluded.referencia, error = excluded.error, fin = excluded.fin`,
      [json(intentos)],
    ),
    historial.length === 0 ? [] : tx.query(
      `insert into pagos.historial (payout_id, estado_anterior, estado_nuevo, motivo, actor, correlacion, fecha)
       select payout_id, estado_anterior, estado_nuevo, motivo, actor, correlacion, fecha
         from json_populate_recordset(null::pagos.historial, $1::json)`,
      [json(historial)],
    ),
  ]);
  if (hechas.length !== cambiadas.length) {
    throw new ConcurrencyError("a payout is no longer at the version that was decided on");
  }
}
