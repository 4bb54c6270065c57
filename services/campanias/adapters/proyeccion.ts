import type { Tx } from "@alpes/shared/adapters/postgres/database.ts";
import { type Dinero, dinero, type Moneda } from "@alpes/shared/seedwork/money.ts";
import type { Vista } from "../application/ports.ts";

/** A row of `campanias.campanias`. */
export interface Fila {
  id: string;
  id_cliente: string;
  nombre: string | null;
  tipo_campania: Vista["tipo_campania"];
  itinerario: string;
  metas: string | null;
  presupuesto: bigint | null;
  presupuesto_moneda: Moneda | null;
  anticipo: bigint | null;
  anticipo_moneda: Moneda | null;
  gasto: bigint | null;
  gasto_moneda: Moneda | null;
  fecha_inicio: string | null;
  fecha_fin: string | null;
  estado: Vista["estado"];
  motivo: string | null;
  pago_asociado_id: string | null;
  fecha_creacion: Date;
  fecha_aprobacion: Date | null;
  fecha_cancelacion: Date | null;
  version: number;
}

/** JSON as text: the driver would read its numbers as doubles. */
export const COLUMNAS = `id, id_cliente, nombre, tipo_campania, itinerario::text, metas::text, presupuesto,
  presupuesto_moneda, anticipo, anticipo_moneda, gasto, gasto_moneda, fecha_inicio, fecha_fin, estado, motivo,
  pago_asociado_id, fecha_creacion, fecha_aprobacion, fecha_cancelacion, version`;

const monto = (unidades: bigint | null, moneda: Moneda | null): Dinero | null =>
  unidades === null || moneda === null ? null : dinero(unidades, moneda);

export const vistaDeFila = (f: Fila): Vista => ({
  id: f.id,
  idCliente: f.id_cliente,
  nombre: f.nombre,
  tipo_campania: f.tipo_campania,
  itinerario: f.itinerario,
  metas: f.metas,
  presupuesto: monto(f.presupuesto, f.presupuesto_moneda),
  anticipo: monto(f.anticipo, f.anticipo_moneda),
  gasto: monto(f.gasto, f.gasto_moneda),
  fecha_inicio: f.fecha_inicio,
  fecha_fin: f.fecha_fin,
  estado: f.estado,
  motivo: f.motivo,
  pago_asociado_id: f.pago_asociado_id,
  fecha_creacion: f.fecha_creacion,
  fecha_aprobacion: f.fecha_aprobacion,
  fecha_cancelacion: f.fecha_cancelacion,
  version: f.version,
});

/**
 * Writes the row; one that stands must be of version `anterior` (null: whatever it is). A row that is missing is made.
 * Answers whether it was written.
 */
export async function guardarVista(tx: Tx, v: Vista, anterior: number | null): Promise<boolean> {
  const filas = await tx.query(
    `insert into campanias.campanias as c (id, id_cliente, nombre, tipo_campania, itinerario, metas, presupuesto,
       presupuesto_moneda, anticipo, anticipo_moneda, gasto, gasto_moneda, fecha_inicio, fecha_fin, estado, motivo,
       pago_asociado_id, fecha_creacion, fecha_aprobacion, fecha_cancelacion, version)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
     on conflict (id) do update set (id_cliente, nombre, tipo_campania, itinerario, metas, presupuesto,
       presupuesto_moneda, anticipo, anticipo_moneda, gasto, gasto_moneda, fecha_inicio, fecha_fin, estado, motivo,
       pago_asociado_id, fecha_creacion, fecha_aprobacion, fecha_cancelacion, version)
       = (excluded.id_cliente, excluded.nombre, excluded.tipo_campania, excluded.itinerario, excluded.metas,
       excluded.presupuesto, excluded.presupuesto_moneda, excluded.anticipo, excluded.anticipo_moneda, excluded.gasto,
       excluded.gasto_moneda, excluded.fecha_inicio, excluded.fecha_fin, excluded.estado, excluded.motivo,
       excluded.pago_asociado_id, excluded.fecha_creacion, excluded.fecha_aprobacion, excluded.fecha_cancelacion,
       excluded.version)
     where $22::int is null or c.version = $22
     returning 1`,
    [
      v.id,
      v.idCliente,
      v.nombre,
      v.tipo_campania,
      v.itinerario,
      v.metas,
      v.presupuesto?.unidades ?? null,
      v.presupuesto?.moneda ?? null,
      v.anticipo?.unidades ?? null,
      v.anticipo?.moneda ?? null,
      v.gasto?.unidades ?? null,
      v.gasto?.moneda ?? null,
      v.fecha_inicio,
      v.fecha_fin,
      v.estado,
      v.motivo,
      v.pago_asociado_id,
      v.fecha_creacion,
      v.fecha_aprobacion,
      v.fecha_cancelacion,
      v.version,
      anterior,
    ],
  );
  return filas.length > 0;
}
