import type { Tx } from "@alpes/shared/adapters/postgres/database.ts";
import type { Vencimientos } from "../application/ports.ts";
import { type EstadoPago, type Paso, type Saga, SAGA_INICIAL } from "../domain/saga.ts";

interface Fila {
  estado: Saga["estado"];
  pagos: Record<string, EstadoPago>;
  plazo: Date | null;
  intentos: number;
  detenida: boolean;
  solicitud: string;
}
interface FilaPaso {
  paso: Paso["paso"] | null;
  id_pago: string | null;
  paso_estado: Paso["estado"];
  paso_intentos: number;
  inicio: Date;
  fin: Date | null;
  error: string | null;
  paso_solicitud: string;
}

export const COLUMNAS_SAGA = "s.estado, s.pagos, s.plazo, s.intentos, s.detenida, s.solicitud";
export const COLUMNAS_PASO =
  `p.paso, p.id_pago, p.estado as paso_estado, p.intentos as paso_intentos, p.inicio, p.fin,
  p.error, p.solicitud as paso_solicitud`;

/** The rows of one saga, one for each of its steps (or one with no step at all). */
export function sagaDeFilas(filas: readonly (Fila & FilaPaso)[]): Saga {
  const [s] = filas;
  if (s === undefined) return SAGA_INICIAL;
  const pasos = filas.flatMap((f): Paso[] =>
    f.paso === null ? [] : [{
      paso: f.paso,
      pago: f.id_pago,
      estado: f.paso_estado,
      intentos: f.paso_intentos,
      inicio: f.inicio,
      fin: f.fin,
      error: f.error,
      solicitud: f.paso_solicitud,
    }]
  );
  const { estado, pagos, plazo, intentos, detenida, solicitud } = s;
  return { estado, pagos, plazo, intentos, detenida, solicitud, pasos };
}

/** The initial one when there is none. */
export const cargarSaga = async (tx: Tx, id: string): Promise<Saga> =>
  (await cargarSagas(tx, [id])).get(id) ?? SAGA_INICIAL;

/** By campaign; who has none is absent. */
export async function cargarSagas(tx: Tx, ids: readonly string[]): Promise<Map<string, Saga>> {
  const filas = await tx.query<Fila & FilaPaso & { id: string }>(
    `select s.id_campania as id, ${COLUMNAS_SAGA}, ${COLUMNAS_PASO}
       from campanias.sagas s left join campanias.saga_pasos p using (id_campania)
      where s.id_campania = any($1::text[]) order by s.id_campania, p.orden`,
    [ids],
  );
  return new Map([...Map.groupBy(filas, (f) => f.id)].map(([id, suyas]) => [id, sagaDeFilas(suyas)]));
}

/** One statement for the sagas, one for all their steps. Callers hold the campaigns' locks. */
export async function guardarSagas(
  tx: Tx,
  sagas: readonly { readonly id: string; readonly saga: Saga; readonly solicitud: string }[],
  ahora: Date,
): Promise<void> {
  if (sagas.length === 0) return;
  const filas = sagas.map(({ id, saga: { pasos: _, ...s }, solicitud }) => ({
    ...s,
    id,
    solicitud: s.solicitud ?? solicitud,
    actualizada: ahora,
  }));
  const pasos = sagas.flatMap(({ id, saga }) => saga.pasos.map((p, i) => ({ ...p, id, orden: i + 1 })));
  await Promise.all([
    tx.query(
      `insert into campanias.sagas (id_campania, estado, pagos, plazo, intentos, detenida, solicitud, actualizada)
       select id, estado, pagos, plazo, intentos, detenida, solicitud, actualizada
         from json_to_recordset($1::json) as t(id text, estado text, pagos json, plazo timestamptz, intentos int,
           detenida boolean, solicitud text, actualizada timestamptz)
       on conflict (id_campania) do update
         set (estado, pagos, plazo, intentos, detenida, actualizada)
           = (excluded.estado, excluded.pagos, excluded.plazo, excluded.intentos, excluded.detenida, excluded.actualizada)`,
      [JSON.stringify(filas)],
    ),
    pasos.length === 0 ? null : tx.query(
      `insert into campanias.saga_pasos
         (id_campania, orden, paso, id_pago, estado, intentos, inicio, fin, error, solicitud)
       select id, orden, paso, pago, estado, intentos, inicio, fin, error, solicitud
         from json_to_recordset($1::json) as t(id text, orden int, paso text, pago text, estado text, intentos int,
           inicio timestamptz, fin timestamptz, error text, solicitud text)
       on conflict (id_campania, orden) do update
         set (estado, intentos, fin, error) = (excluded.estado, excluded.intentos, excluded.fin, excluded.error)`,
      [JSON.stringify(pasos)],
    ),
  ]);
}

export const postgresVencimientos = (db: Tx): Vencimientos => ({
  vencidas: (limite) =>
    db.query(
      `select id_campania as id, plazo, solicitud from campanias.sagas
        where plazo <= statement_timestamp() order by plazo limit $1`,
      [limite],
    ),
});
