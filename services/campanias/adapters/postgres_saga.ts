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
  sagaDeFilas(
    await tx.query<Fila & FilaPaso>(
      `select ${COLUMNAS_SAGA}, ${COLUMNAS_PASO}
         from campanias.sagas s left join campanias.saga_pasos p using (id_campania)
        where id_campania = $1 order by p.orden`,
      [id],
    ),
  );

/** One statement for the saga, one for all its steps. Callers hold the campaign's lock. */
export async function guardarSaga(
  tx: Tx,
  id: string,
  s: Saga,
  ahora: Date,
  solicitud: string,
): Promise<void> {
  await tx.query(
    `insert into campanias.sagas (id_campania, estado, pagos, plazo, intentos, detenida, solicitud, actualizada)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (id_campania) do update
       set (estado, pagos, plazo, intentos, detenida, actualizada)
         = (excluded.estado, excluded.pagos, excluded.plazo, excluded.intentos, excluded.detenida, excluded.actualizada)`,
    [
      id,
      s.estado,
      JSON.stringify(s.pagos),
      s.plazo,
      s.intentos,
      s.detenida,
      s.solicitud ?? solicitud,
      ahora,
    ],
  );
  if (s.pasos.length === 0) return;
  const columna = <K extends keyof Paso>(k: K) => s.pasos.map((p) => p[k]);
  await tx.query(
    `insert into campanias.saga_pasos
       (id_campania, orden, paso, id_pago, estado, intentos, inicio, fin, error, solicitud)
     select $1, i, paso, id_pago, estado, intentos, inicio, fin, error, solicitud
       from unnest($2::text[], $3::text[], $4::text[], $5::int[], $6::timestamptz[], $7::timestamptz[], $8::text[],
         $9::text[]) with ordinality as t(paso, id_pago, estado, intentos, inicio, fin, error, solicitud, i)
     on conflict (id_campania, orden) do update
       set (estado, intentos, fin, error) = (excluded.estado, excluded.intentos, excluded.fin, excluded.error)`,
    [
      id,
      columna("paso"),
      columna("pago"),
      columna("estado"),
      columna("intentos"),
      columna("inicio"),
      columna("fin"),
      columna("error"),
      columna("solicitud"),
    ],
  );
}

export const postgresVencimientos = (db: Tx): Vencimientos => ({
  vencidas: (limite) =>
    db.query(
      `select id_campania as id, plazo, solicitud from campanias.sagas
        where plazo <= clock_timestamp() order by plazo limit $1`,
      [limite],
    ),
});
