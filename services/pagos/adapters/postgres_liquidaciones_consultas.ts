import type { Tx } from "@alpes/shared/adapters/postgres/database.ts";
import { type Condition, condition, listPage } from "@alpes/shared/adapters/postgres/lists.ts";
import type {
  LineaVista,
  Liquidaciones,
  LiquidacionVista,
  Saliente,
} from "../application/liquidaciones_consultas.ts";
import type { Estado } from "../domain/payout.ts";
import type { Exclusion } from "../domain/plan.ts";
import {
  COLUMNAS_EXCLUSION,
  COLUMNAS_LINEA,
  COLUMNAS_LIQUIDACION,
  exclusionDeFila,
  type FilaExclusion,
  type FilaLinea,
  type FilaLiquidacion,
  lineaDeFila,
  liquidacionDeFila,
} from "./postgres_liquidaciones.ts";

/** Lines whose payout left CALCULADO; only a run under way is counted. */
const VISTA = `${COLUMNAS_LIQUIDACION}, clock_timestamp() as ahora,
  case estado when 'APLICADA' then lineas when 'APLICANDO' then (select count(*)::int from pagos.liquidacion_lineas x
    join pagos.payouts p on p.id = x.payout_id where x.liquidacion = liquidaciones.id and p.estado <> 'CALCULADO')
  else 0 end as hechos`;
type FilaVista = FilaLiquidacion & { hechos: number; ahora: Date };
const vista = (f: FilaVista): LiquidacionVista => ({
  liquidacion: liquidacionDeFila(f),
  version: f.version,
  avance: { hechos: f.hechos, ahora: f.ahora },
});
const cuando = (valor: unknown, sql: string): Condition[] => valor === null ? [] : [condition(sql, valor)];
const ORDEN = {
  monto: { sql: "monto", type: "numeric" },
  partner_id: { sql: "partner_id", type: "text" },
} as const;

/** The read side of payout runs. */
export const postgresConsultasLiquidaciones = (db: Tx): Liquidaciones => ({
  async obtener(id) {
    const [fila] = await db.query<FilaVista>(`select ${VISTA} from pagos.liquidaciones where id = $1`, [id]);
    return fila === undefined ? null : vista(fila);
  },
  salientes: (id, max) =>
    db.query<Saliente>(
      `select a.partner_id, a.moneda, a.monto from pagos.liquidaciones q
         join pagos.liquidacion_lineas a on a.liquidacion = q.anterior and (q.moneda is null or a.moneda = q.moneda)
        where q.id = $1 and not exists (select from pagos.liquidacion_lineas l
          where l.liquidacion = q.id and l.partner_id = a.partner_id and l.moneda = a.moneda)
        order by a.n limit $2`,
      [id, max],
    ),
  listar: ({ filters: f, page, sort }) =>
    listPage<FilaVista, LiquidacionVista>(db, {
      from: "pagos.liquidaciones",
      columns: VISTA,
      id: "id",
      where: [...cuando(f.ciclo, "ciclo = ?"), ...cuando(f.estado, "estado = ?")],
      sort: { sql: "calculada", type: "timestamptz" },
      order: sort.order,
      page,
      view: vista,
    }),
  lineas: (id, { filters: f, page, sort }) =>
    listPage<FilaLinea & { pago_estado: Estado | null }, LineaVista>(db, {
      from: "pagos.liquidacion_lineas l",
      columns:
        `${COLUMNAS_LINEA}, (select estado from pagos.payouts p where p.id = l.payout_id) as pago_estado`,
      id: "payout_id",
      where: [
        condition("liquidacion = ?", id),
        ...cuando(f.partner_id, "partner_id = ?"),
        ...cuando(f.moneda, "moneda = ?"),
      ],
      sort: ORDEN[sort.by],
      order: sort.order,
      page,
      view: ({ pago_estado, ...l }) => ({ linea: lineaDeFila(l), estado: pago_estado }),
    }),
  exclusiones: (id, { filters: f, page, sort }) =>
    listPage<FilaExclusion, Exclusion>(db, {
      from: "pagos.liquidacion_exclusiones",
      columns: COLUMNAS_EXCLUSION,
      id: "lpad(n::text, 9, '0')",
      where: [
        condition("liquidacion = ?", id),
        ...cuando(f.partner_id, "partner_id = ?"),
        ...cuando(f.moneda, "moneda = ?"),
        ...cuando(f.motivo, "motivo = ?"),
      ],
      sort: ORDEN[sort.by],
      order: sort.order,
      page,
      view: exclusionDeFila,
    }),
});
