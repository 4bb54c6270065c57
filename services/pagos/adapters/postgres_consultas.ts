import {
  type Condition,
  condition,
  listPage,
  type SortColumn,
  where,
} from "@alpes/shared/adapters/postgres/lists.ts";
import { batched } from "@alpes/shared/adapters/postgres/batched.ts";
import type { Database, Tx } from "@alpes/shared/adapters/postgres/database.ts";
import { bestMatches, holds } from "@alpes/shared/adapters/postgres/search.ts";
import type { Page } from "@alpes/shared/seedwork/pages.ts";
import { leerSeries } from "@alpes/shared/adapters/postgres/series.ts";
import type { Ciclo } from "../domain/ciclo.ts";
import type { Tarifa } from "../domain/tarifas.ts";
import type { Transaccion } from "../domain/transaccion.ts";
import type { Anotacion, FiltroPagos, OrdenPagos, Pagos, PagoVisto, Suma } from "../application/ports.ts";
import { COLUMNAS_PAYOUT, type FilaPayout, payoutDeFila } from "./filas_payout.ts";
import { COLUMNAS_TRANSACCION, type FilaTransaccion, transaccionDeFila } from "./filas_transaccion.ts";
import { intentosDe } from "./postgres_cargar_payouts.ts";
import { COLUMNAS_TARIFA, type FilaTarifa, tarifaDeFila } from "./postgres_tarifas.ts";
import { cargarCondiciones } from "./postgres_condiciones.ts";

const ORDEN: Record<OrdenPagos, SortColumn> = {
  fecha_creacion: { sql: "creado", type: "timestamptz" },
  fecha_actualizacion: { sql: "actualizado", type: "timestamptz" },
  monto_total: { sql: "milesimas", type: "bigint" },
};
const COLUMNAS = COLUMNAS_PAYOUT.join(", ");

const cuando = (valor: unknown, sql: string): Condition[] => valor === null ? [] : [condition(sql, valor)];

const condicionesSinTexto = (f: FiltroPagos, visible: string | null): Condition[] => [
  ...cuando(visible, "partner_id = ?"),
  ...cuando(f.partner_id, "partner_id = ?"),
  ...cuando(f.cycle_id, "cycle_id = ?"),
  ...cuando(f.idCampania, "id_campania = ?"),
  ...cuando(f.estado, "estado = ?"),
  ...cuando(f.tipo, "tipo = ?"),
  ...cuando(f.moneda, "moneda = ?"),
  ...cuando(f.desde, "creado >= ?::date"),
  ...cuando(f.hasta, "creado < ?::date + 1"),
  ...cuando(f.monto_min, "milesimas >= (?::numeric * 1000)::bigint"),
  ...cuando(f.monto_max, "milesimas <= (?::numeric * 1000)::bigint"),
];

const condiciones = (f: FiltroPagos, visible: string | null): Condition[] => [
  ...condicionesSinTexto(f, visible),
  ...(f.search === null ? [] : [holds(f.search)]),
];

/** The read side of pagos. */
export function postgresConsultasPagos(db: Database): Pagos {
  async function conDetalle(filas: readonly (FilaPayout & { relevancia?: number })[]): Promise<PagoVisto[]> {
    const ids = filas.map((f) => f.id);
    const [intentos, lineas] = await Promise.all([intentosDe(db, ids), lineasDe(db, ids)]);
    return filas.map((f) => ({
      payout: payoutDeFila(f, intentos.get(f.id) ?? []),
      version: f.version,
      actualizado: f.actualizado,
      transacciones: lineas.get(f.id) ?? [],
      ...(f.relevancia === undefined ? {} : { relevancia: f.relevancia }),
    }));
  }
  /** Those asked for at the same time are read together. */
  const uno = batched(async (ids: readonly string[]) => {
    const filas = await db.query<FilaPayout>(
      `select ${COLUMNAS} from pagos.payouts where id = any($1::text[])`,
      [ids],
    );
    const porId = new Map((await conDetalle(filas)).map((p) => [p.payout.ficha.id, p]));
    return ids.map((id) => porId.get(id) ?? null);
  }, (id) => id);

  return {
    async obtener(id, visible) {
      const pago = await uno(id);
      return pago !== null && visible !== null && pago.payout.partner_id !== visible ? null : pago;
    },

    async listar({ filters: f, page, sort }, visible): Promise<Page<PagoVisto>> {
      const hallada: Page<FilaPayout & { relevancia?: number }> = f.search !== null && f.aproximada
        ? await bestMatches<FilaPayout, FilaPayout>(db, {
          from: "pagos.payouts",
          columns: COLUMNAS,
          where: condicionesSinTexto(f, visible),
          text: f.search,
          page,
          view: (fila) => fila,
        })
        : await listPage<FilaPayout, FilaPayout>(db, {
          from: "pagos.payouts",
          columns: COLUMNAS,
          id: "id",
          where: condiciones(f, visible),
          sort: ORDEN[sort.by],
          order: sort.order,
          page,
          view: (fila) => fila,
        });
      return { ...hallada, rows: await conDetalle(hallada.rows) };
    },

    async sumas(filtro, visible): Promise<readonly Suma[]> {
      const conds = condiciones(filtro, visible);
      if (conds.length === 0) return await totales(db);
      const { sql, values } = where(conds);
      const filas = await db.query<Omit<Suma, "total"> & { total: string }>(
        `select moneda, estado, count(*)::int as cantidad, sum(monto)::text as total,
                case when estado = 'EXITOSO' then min(terminado) end as primero,
                case when estado = 'EXITOSO' then max(terminado) end as ultimo
           from pagos.payouts ${sql} group by moneda, estado order by moneda, estado`,
        values,
      );
      return filas.map((f) => ({ ...f, total: BigInt(f.total) }));
    },

    serie: (dias, visible) =>
      leerSeries(db, dias, {
        from: "pagos.payouts",
        fecha: "creado",
        where: [condition("estado = 'EXITOSO'"), ...cuando(visible, "partner_id = ?")],
        clave: "moneda",
        monto: "monto",
        // Of one partner the index by partner is read; of all of them their hours.
        ...(visible === null ? { horas: "pagos.horas" } : {}),
      }),

    async historial(id, visible) {
      const filas = await db.query<Anotacion>(
        `select h.estado_anterior, h.estado_nuevo, h.fecha, h.motivo, h.actor
           from pagos.payouts p join pagos.historial h on h.payout_id = p.id
          where p.id = $1 and ($2::text is null or p.partner_id = $2) order by h.n`,
        [id, visible],
      );
      return filas.length === 0 ? null : filas;
    },

    async intento(clave) {
      const [fila] = await db.query<{ payout_id: string; numero: number }>(
        "select payout_id, numero from pagos.intentos where clave = $1",
        [clave],
      );
      return fila ?? null;
    },

    async transaccion(id) {
      const [fila] = await db.query<FilaTransaccion>(
        `select ${COLUMNAS_TRANSACCION} from pagos.transacciones where id = $1`,
        [id],
      );
      return fila === undefined ? null : transaccionDeFila(fila);
    },

    transacciones: ({ filters: f, page, sort }, visible) =>
      listPage<FilaTransaccion, Transaccion>(db, {
        from: "pagos.transacciones",
        columns: COLUMNAS_TRANSACCION,
        id: "id",
        where: [
          ...cuando(visible, "partner_id = ?"),
          ...cuando(f.partner_id, "partner_id = ?"),
          ...cuando(f.idCampania, "id_campania = ?"),
          ...cuando(f.brand_id, "brand_id = ?"),
          ...cuando(f.event_type, "event_type = ?"),
          ...cuando(f.estado, "estado = ?"),
          ...cuando(f.payout_id, "payout_id = ?"),
          ...cuando(f.desde, "event_timestamp >= ?::date"),
          ...cuando(f.hasta, "event_timestamp < ?::date + 1"),
        ],
        sort: { sql: "event_timestamp", type: "timestamptz" },
        order: sort.order,
        page,
        view: transaccionDeFila,
      }),

    tarifas: ({ filters: f, page, sort }, visible) =>
      listPage<FilaTarifa, Tarifa>(db, {
        from: "pagos.tarifas",
        columns: COLUMNAS_TARIFA,
        id: "id",
        where: [
          ...cuando(visible, "ambito_id is null or ambito_id = ?"),
          ...cuando(f.ambito, "ambito = ?"),
          ...cuando(f.partner_id, "ambito = 'PARTNER' and ambito_id = ?"),
          ...cuando(f.brand_id, "ambito = 'MARCA' and ambito_id = ?"),
          ...cuando(f.event_type, "event_type = ?"),
          ...cuando(f.tipo, "tipo = ?"),
          ...cuando(f.moneda, "moneda = ?"),
          ...cuando(f.vigente, "daterange(vigente_desde, vigente_hasta, '[]') @> ?::date"),
        ],
        sort: sort.by === "event_type"
          ? { sql: "event_type", type: "text" }
          : { sql: "creada", type: "timestamptz" },
        order: sort.order,
        page,
        view: tarifaDeFila,
      }),
    async tarifa(id, visible) {
      const [fila] = await db.query<FilaTarifa>(
        `select ${COLUMNAS_TARIFA} from pagos.tarifas
          where id = $1 and ($2::text is null or ambito_id is null or ambito_id = $2)`,
        [id, visible],
      );
      return fila === undefined ? null : tarifaDeFila(fila);
    },

    condiciones: async (partner_id) => (await cargarCondiciones(db, [partner_id])).get(partner_id) ?? null,

    ciclos: ({ page, sort }) =>
      listPage<Ciclo, Ciclo>(db, {
        from: "pagos.ciclos",
        columns: "id, inicio, fin, estado, creado",
        id: "id",
        where: [],
        // A day compares with a time, so that a cursor carries it and the index serves it.
        sort: { sql: "inicio", type: "timestamptz" },
        order: sort.order,
        page,
        view: ({ id, inicio, fin, estado, creado }) => ({ id, inicio, fin, estado, creado }),
      }),
  };
}

/** The sums of everything, which are kept with each write; what it counts is never read. */
async function totales(db: Tx): Promise<readonly Suma[]> {
  const filas = await db.query<Omit<Suma, "total"> & { total: string }>(
    `select t.moneda, t.estado, t.cantidad::int, t.total::text, x.primero, x.ultimo
       from (select moneda, estado, sum(cantidad) as cantidad, sum(monto) as total from pagos.totales
              group by moneda, estado having sum(cantidad) <> 0) t
       left join lateral (select min(p.terminado) as primero, max(p.terminado) as ultimo from pagos.payouts p
          where t.estado = 'EXITOSO' and p.estado = 'EXITOSO' and p.moneda = t.moneda) x on true
      order by t.moneda, t.estado`,
  );
  return filas.map((f) => ({ ...f, total: BigInt(f.total) }));
}

async function lineasDe(db: Tx, ids: readonly string[]): Promise<Map<string, Transaccion[]>> {
  if (ids.length === 0) return new Map();
  const filas = await db.query<FilaTransaccion & { de: string }>(
    `select l.payout_id as de, t.* from pagos.lineas l join pagos.transacciones t on t.id = l.transaccion_id
      where l.payout_id = any($1::text[]) order by l.payout_id, t.event_timestamp, t.id`,
    [ids],
  );
  return Map.groupBy(filas, (f) => f.de).entries()
    .reduce((m, [id, fs]) => m.set(id, fs.map(transaccionDeFila)), new Map<string, Transaccion[]>());
}
