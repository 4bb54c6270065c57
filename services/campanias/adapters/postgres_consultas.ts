import {
  type Condition,
  condition,
  listPage,
  type SortColumn,
} from "@alpes/shared/adapters/postgres/lists.ts";
import { batched } from "@alpes/shared/adapters/postgres/batched.ts";
import type { Database } from "@alpes/shared/adapters/postgres/database.ts";
import { bestMatches, holds } from "@alpes/shared/adapters/postgres/search.ts";
import type { Page } from "@alpes/shared/seedwork/pages.ts";
import { leerSeries } from "@alpes/shared/adapters/postgres/series.ts";
import type { Campanias, Estadisticas, Filtro, Orden, SagaVista, Vista } from "../application/ports.ts";
import type { EstadoCampania } from "../domain/estado.ts";
import type { TipoCampania } from "../domain/datos.ts";
import type { TipoEvento } from "../domain/eventos.ts";
import { eventoDeFila } from "./postgres.ts";
import { cargarSaga, COLUMNAS_PASO, COLUMNAS_SAGA, sagaDeFilas } from "./postgres_saga.ts";
import { COLUMNAS, type Fila, vistaDeFila } from "./proyeccion.ts";

const ORDEN: Record<Orden, SortColumn> = {
  fecha_creacion: { sql: "fecha_creacion", type: "timestamptz" },
  nombre: { sql: "public.normaliza(coalesce(nombre, ''))", type: "text" },
};

const deCliente = (visible: string | null): Condition[] =>
  visible === null ? [] : [condition("id_cliente = ?", visible)];

function condiciones(f: Filtro, visible: string | null): Condition[] {
  return [
    ...deCliente(visible),
    ...(f.ids === null ? [] : [condition("id = any(?::text[])", f.ids)]),
    ...(f.estados === null
      ? []
      : f.estados.length === 1
      ? [condition("estado = ?", f.estados[0])]
      : [condition("estado = any(?::text[])", f.estados)]),
    ...(f.idCliente === null ? [] : [condition("id_cliente = ?", f.idCliente)]),
    ...(f.tipo_campania === null ? [] : [condition("tipo_campania = ?", f.tipo_campania)]),
    ...(f.desde === null ? [] : [condition("fecha_creacion >= ?::date::timestamptz", f.desde)]),
    ...(f.hasta === null ? [] : [condition("fecha_creacion < (?::date + 1)::timestamptz", f.hasta)]),
  ];
}

export function postgresCampanias(db: Database): Campanias {
  /** Those asked for at the same time are read together. */
  const una = batched(async (ids: readonly string[]) => {
    const filas = await db.query<Fila>(
      `select ${COLUMNAS} from campanias.campanias where id = any($1::text[])`,
      [ids],
    );
    const porId = new Map(filas.map((f) => [f.id, f]));
    return ids.map((id) => {
      const fila = porId.get(id);
      return fila === undefined ? null : vistaDeFila(fila);
    });
  }, (id) => id);
  return {
    async obtener(id, visible) {
      const vista = await una(id);
      return vista !== null && visible !== null && vista.idCliente !== visible ? null : vista;
    },

    listar({ filters: f, page, sort }, visible) {
      if (f.search !== null && f.aproximada) {
        return bestMatches<Fila, Vista>(db, {
          from: "campanias.campanias",
          columns: COLUMNAS,
          where: condiciones(f, visible),
          text: f.search,
          page,
          view: vistaDeFila,
        });
      }
      const busca = f.search === null ? [] : [holds(f.search)];
      return listPage<Fila, Vista>(db, {
        from: "campanias.campanias",
        columns: COLUMNAS,
        id: "id",
        where: [...condiciones(f, visible), ...busca],
        sort: ORDEN[sort.by],
        order: sort.order,
        page,
        view: vistaDeFila,
      });
    },

    async estadisticas(idCliente, visible): Promise<Estadisticas> {
      const filas = await db.query<
        { estado: EstadoCampania; tipo: TipoCampania; n: number; aprobadas: number }
      >(
        idCliente === null && visible === null
          ? `select estado, tipo_campania as tipo, sum(cantidad)::int as n, sum(aprobadas)::int as aprobadas
               from campanias.totales group by estado, tipo_campania`
          : `select estado, tipo_campania as tipo, count(*)::int as n, count(fecha_aprobacion)::int as aprobadas
               from campanias.campanias
              where ($1::text is null or id_cliente = $1) and ($2::text is null or id_cliente = $2)
              group by estado, tipo_campania`,
        idCliente === null && visible === null ? [] : [idCliente, visible],
      );
      const suma = (de: (f: (typeof filas)[number]) => boolean) =>
        filas.filter(de).reduce((a, f) => a + f.n, 0);
      const estado = (e: EstadoCampania) => suma((f) => f.estado === e);
      const tipo = (t: TipoCampania) => suma((f) => f.tipo === t);
      return {
        total: suma(() => true),
        por_estado: {
          PENDIENTE: estado("PENDIENTE"),
          APROBADA: estado("APROBADA"),
          PAUSADA: estado("PAUSADA"),
          FINALIZADA: estado("FINALIZADA"),
          CANCELADA: estado("CANCELADA"),
        },
        por_tipo: {
          PERFORMANCE: tipo("PERFORMANCE"),
          BRANDING: tipo("BRANDING"),
          AWARENESS: tipo("AWARENESS"),
          CONVERSION: tipo("CONVERSION"),
          RETENTION: tipo("RETENTION"),
        },
        aprobadas: filas.reduce((a, f) => a + f.aprobadas, 0),
      };
    },

    serie: (dias, visible) =>
      leerSeries(db, dias, {
        from: "campanias.campanias",
        fecha: "fecha_creacion",
        where: visible === null ? [] : [condition("id_cliente = ?", visible)],
      }),

    async eventos(id, hasta, visible) {
      const filas = await db.query<
        { version: number; tipo: TipoEvento; data: string; en: Date; event_id: string }
      >(
        `select version, tipo, data::text, en, event_id from campanias.eventos
          where id_campania = $1 and ($2::timestamptz is null or en <= $2)
            and ($3::text is null or exists (select from campanias.campanias c
              where c.id = $1 and c.id_cliente = $3))
          order by version`,
        [id, hasta, visible],
      );
      return filas.map((f) => ({
        version: f.version,
        evento: eventoDeFila(f.tipo, f.data, f.en),
        event_id: f.event_id,
      }));
    },

    async saga(id, visible) {
      const [existe] = await db.query(
        "select 1 from campanias.campanias where id = $1 and ($2::text is null or id_cliente = $2)",
        [id, visible],
      );
      return existe === undefined ? null : await cargarSaga(db, id);
    },

    async sagas({ filters: { estado }, page, sort }, visible): Promise<Page<SagaVista>> {
      const pagina = await listPage<{ id: string; actualizada: Date }, { id: string; actualizada: Date }>(
        db,
        {
          from: "campanias.sagas",
          columns: "id_campania as id, actualizada",
          id: "id_campania",
          where: [
            ...(estado === null ? [] : [condition("estado = ?", estado)]),
            ...(visible === null ? [] : [
              condition("id_campania in (select id from campanias.campanias where id_cliente = ?)", visible),
            ]),
          ],
          sort: { sql: "actualizada", type: "timestamptz" },
          order: sort.order,
          page,
          view: (f) => f,
        },
      );
      type FilaSaga = Parameters<typeof sagaDeFilas>[0][number] & { id: string };
      const filas = await db.query<FilaSaga>(
        `select s.id_campania as id, ${COLUMNAS_SAGA}, ${COLUMNAS_PASO}
           from campanias.sagas s left join campanias.saga_pasos p using (id_campania)
          where id_campania = any($1::text[]) order by p.orden`,
        [pagina.rows.map((r) => r.id)],
      );
      const rows = pagina.rows.map((r) => ({ ...r, saga: sagaDeFilas(filas.filter((f) => f.id === r.id)) }));
      return { ...pagina, rows };
    },
  };
}
