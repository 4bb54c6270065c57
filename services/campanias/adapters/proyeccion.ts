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

export interface VistaEscrita {
  readonly vista: Vista;
  /** The version that a row which stands must have; null: whatever it is. */
  readonly anterior: number | null;
}

const CAMBIAN =
  `id_cliente, nombre, tipo_campania, itinerario, metas, presupuesto, presupuesto_moneda, anticipo,
  anticipo_moneda, gasto, gasto_moneda, fecha_inicio, fecha_fin, estado, motivo, pago_asociado_id, fecha_creacion,
  fecha_aprobacion, fecha_cancelacion, version`;
const GUARDAR = `with n as materialized (
    select * from json_to_recordset($1::json) as n(id text, id_cliente text, nombre text, tipo_campania text,
      itinerario text, metas text, presupuesto bigint, presupuesto_moneda text, anticipo bigint, anticipo_moneda text,
      gasto bigint, gasto_moneda text, fecha_inicio date, fecha_fin date, estado text, motivo text,
      pago_asociado_id text, fecha_creacion timestamptz, fecha_aprobacion timestamptz, fecha_cancelacion timestamptz,
      version int, anterior int))
  insert into campanias.campanias as c (id, ${CAMBIAN})
  select id, ${CAMBIAN.replace("itinerario, metas", "itinerario::json, metas::json")} from n
  on conflict (id) do update set (${CAMBIAN}) = (${CAMBIAN.replace(/(\w+)/g, "excluded.$1")})
    where c.version = (select coalesce(n.anterior, c.version) from n where n.id = excluded.id)
  returning 1`;

/** Writes the rows, and makes those that are missing; says how many were written. */
export async function guardarVistas(tx: Tx, todas: readonly VistaEscrita[]): Promise<number> {
  if (todas.length === 0) return 0;
  const unidades = (d: Dinero | null) => d === null ? null : String(d.unidades);
  const filas = todas.map(({ vista: { idCliente, presupuesto, anticipo, gasto, ...v }, anterior }) => ({
    ...v,
    id_cliente: idCliente,
    presupuesto: unidades(presupuesto),
    presupuesto_moneda: presupuesto?.moneda ?? null,
    anticipo: unidades(anticipo),
    anticipo_moneda: anticipo?.moneda ?? null,
    gasto: unidades(gasto),
    gasto_moneda: gasto?.moneda ?? null,
    anterior,
  }));
  return (await tx.query(GUARDAR, [JSON.stringify(filas)])).length;
}
