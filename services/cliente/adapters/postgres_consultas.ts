import {
  type Condition,
  condition,
  listPage,
  type SortColumn,
} from "@alpes/shared/adapters/postgres/lists.ts";
import { batched } from "@alpes/shared/adapters/postgres/batched.ts";
import type { Database } from "@alpes/shared/adapters/postgres/database.ts";
import { bestMatches, holds } from "@alpes/shared/adapters/postgres/search.ts";
import { leerSeries } from "@alpes/shared/adapters/postgres/series.ts";
import type { Anotacion, Clientes, Estadisticas, Filtro, Orden, Vista } from "../application/ports.ts";
import { COLUMNAS } from "./columnas.ts";
import { type Fila, vistaDeFila } from "./postgres.ts";

const ORDEN: Record<Orden, SortColumn> = {
  nombre: { sql: "public.normaliza(nombre)", type: "text" },
  fecha_registro: { sql: "fecha_registro", type: "timestamptz" },
};

function condiciones(f: Filtro, visible: string | null): Condition[] {
  return [
    ...(visible === null ? [] : [condition("id = ?", visible)]),
    ...(f.ids === null ? [] : [condition("id = any(?::text[])", f.ids)]),
    ...(f.estado === null ? [] : [condition("estado = ?", f.estado)]),
    ...(f.tipo_cliente === null ? [] : [condition("tipo_cliente = ?", f.tipo_cliente)]),
    ...(f.desde === null ? [] : [condition("fecha_registro >= ?::date::timestamptz", f.desde)]),
    ...(f.hasta === null ? [] : [condition("fecha_registro < (?::date + 1)::timestamptz", f.hasta)]),
  ];
}

/** The new ones: whole hours from their totals, and the clientes of the hour in which the 30 days began. */
const CUENTAS = `with d as materialized (select clock_timestamp() - interval '30 days' as desde),
  h as materialized (select desde, date_trunc('hour', desde, 'UTC') + interval '1 hour' as entera from d)
  select estado, tipo_cliente as tipo, sum(cantidad)::int as n,
         ((select coalesce(sum(cantidad), 0) from cliente.totales where hora >= (select entera from h))
        + (select count(*) from cliente.clientes
            where fecha_registro > (select desde from h) and fecha_registro < (select entera from h)))::int as nuevos
    from cliente.totales group by estado, tipo_cliente having sum(cantidad) <> 0`;
const SUYA = `select estado, tipo_cliente as tipo, 1 as n,
         (fecha_registro > clock_timestamp() - interval '30 days')::int as nuevos from cliente.clientes where id = $1`;

export function postgresClientes(db: Database): Clientes {
  return {
    /** Those asked for at the same time are read together: under load a statement for some dozens. */
    obtener: batched(async (ids: readonly string[]) => {
      const filas = await db.query<Fila>(
        `select ${COLUMNAS} from cliente.clientes where id = any($1::text[])`,
        [ids],
      );
      const porId = new Map(filas.map((f) => [f.id, f]));
      return ids.map((id) => {
        const fila = porId.get(id);
        return fila === undefined ? null : vistaDeFila(fila);
      });
    }, (id) => id),

    listar({ filters: f, page, sort }, visible) {
      if (f.search !== null && f.aproximada) {
        return bestMatches<Fila, Vista>(db, {
          from: "cliente.clientes",
          columns: COLUMNAS,
          where: condiciones(f, visible),
          text: f.search,
          page,
          view: vistaDeFila,
        });
      }
      const busca = f.search === null ? [] : [holds(f.search)];
      return listPage<Fila, Vista>(db, {
        from: "cliente.clientes",
        columns: COLUMNAS,
        id: "id",
        where: [...condiciones(f, visible), ...busca],
        sort: ORDEN[sort.by],
        order: sort.order,
        page,
        view: vistaDeFila,
      });
    },

    async estadisticas(visible): Promise<Estadisticas> {
      // `nuevos` is of all of them, in each row.
      const filas = await db.query<
        { estado: Fila["estado"]; tipo: Fila["tipo_cliente"]; n: number; nuevos: number }
      >(visible === null ? CUENTAS : SUYA, visible === null ? [] : [visible]);
      const suma = (de: (f: (typeof filas)[number]) => boolean) =>
        filas.filter(de).reduce((a, f) => a + f.n, 0);
      return {
        total: suma(() => true),
        por_estado: {
          ACTIVO: suma((f) => f.estado === "ACTIVO"),
          INACTIVO: suma((f) => f.estado === "INACTIVO"),
          SUSPENDIDO: suma((f) => f.estado === "SUSPENDIDO"),
        },
        por_tipo: { NATURAL: suma((f) => f.tipo === "NATURAL"), EMPRESA: suma((f) => f.tipo === "EMPRESA") },
        nuevos_30_dias: filas[0]?.nuevos ?? 0,
      };
    },

    serie: (dias, visible) =>
      leerSeries(db, dias, {
        from: "cliente.clientes",
        fecha: "fecha_registro",
        where: visible === null ? [] : [condition("id = ?", visible)],
      }),

    async historial(id) {
      const filas = await db.query<Anotacion>(
        `select h.version, h.accion, h.motivo, h.actor, h.correlacion, h.fecha
           from cliente.clientes c join cliente.historial h on h.id_cliente = c.id
          where c.id = $1 order by h.version`,
        [id],
      );
      return filas.length === 0 ? null : filas;
    },

    pagos: (id) =>
      db.query<{ id_pago: string; fecha: Date }>(
        "select id_pago, fecha from cliente.pagos where id_cliente = $1 order by fecha, id_pago",
        [id],
      ),
  };
}
