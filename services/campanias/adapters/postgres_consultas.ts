import {
  type Condition,
  condition,
  listPage,
  type SortColumn,
} from "@alpes/shared/adapters/postgres/lists.ts";
import type { Tx } from "@alpes/shared/adapters/postgres/database.ts";
import type { Page, PageRequest } from "@alpes/shared/seedwork/pages.ts";
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

/** `%` and `_` of what was typed are letters like any other. */
const contiene = (texto: string) => `%${texto.replace(/[\\%_]/g, "\\$&")}%`;

function condiciones(f: Filtro): Condition[] {
  return [
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

export function postgresCampanias(db: Tx): Campanias {
  return {
    async obtener(id) {
      const [fila] = await db.query<Fila>(`select ${COLUMNAS} from campanias.campanias where id = $1`, [id]);
      return fila === undefined ? null : vistaDeFila(fila);
    },

    listar({ filters: f, page, sort }) {
      if (f.search !== null && f.aproximada) return parecidas(db, f, f.search, page);
      const busca = f.search === null
        ? []
        : [condition("busqueda like public.normaliza(?)", contiene(f.search))];
      return listPage<Fila, Vista>(db, {
        from: "campanias.campanias",
        columns: COLUMNAS,
        id: "id",
        where: [...condiciones(f), ...busca],
        sort: ORDEN[sort.by],
        order: sort.order,
        page,
        view: vistaDeFila,
      });
    },

    async estadisticas(idCliente): Promise<Estadisticas> {
      const filas = await db.query<
        { estado: EstadoCampania; tipo: TipoCampania; n: number; aprobadas: number }
      >(
        `select estado, tipo_campania as tipo, count(*)::int as n, count(fecha_aprobacion)::int as aprobadas
           from campanias.campanias where $1::text is null or id_cliente = $1 group by estado, tipo_campania`,
        [idCliente],
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

    async eventos(id, hasta) {
      const filas = await db.query<
        { version: number; tipo: TipoEvento; data: string; en: Date; event_id: string }
      >(
        `select version, tipo, data::text, en, event_id from campanias.eventos
          where id_campania = $1 and ($2::timestamptz is null or en <= $2) order by version`,
        [id, hasta],
      );
      return filas.map((f) => ({
        version: f.version,
        evento: eventoDeFila(f.tipo, f.data, f.en),
        event_id: f.event_id,
      }));
    },

    async saga(id) {
      const [existe] = await db.query("select 1 from campanias.campanias where id = $1", [id]);
      return existe === undefined ? null : await cargarSaga(db, id);
    },

    async sagas({ filters: { estado }, page, sort }): Promise<Page<SagaVista>> {
      const pagina = await listPage<{ id: string; actualizada: Date }, { id: string; actualizada: Date }>(
        db,
        {
          from: "campanias.sagas",
          columns: "id_campania as id, actualizada",
          id: "id_campania",
          where: estado === null ? [] : [condition("estado = ?", estado)],
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

/**
 * What a search box shows, best first: a row that holds what was typed (0.6 and up), else one whose most similar words
 * are alike (`word_similarity` of one wrong, missing or transposed letter in a word of six is 0.33 and more).
 */
async function parecidas(db: Tx, f: Filtro, texto: string, page: PageRequest): Promise<Page<Vista>> {
  const limite = page.mode === "page" ? page.perPage : page.limit;
  const salto = page.mode === "page" ? (page.page - 1) * page.perPage : 0;
  const filas = await db.query<Fila & { relevancia: number }>(
    `with q as (select public.normaliza($1) as texto, public.normaliza($2) as patron)
     select ${COLUMNAS}, least(1, case when c.busqueda like q.patron
         then 0.6 + 0.4 * public.word_similarity(q.texto, c.busqueda)
         else 0.99 * public.word_similarity(q.texto, c.busqueda) end)::real as relevancia
       from campanias.campanias c, q
      where (c.busqueda like q.patron or q.texto operator(public.<%) c.busqueda)
        and ($3::text[] is null or c.id = any($3)) and ($4::text[] is null or c.estado = any($4))
        and ($5::text is null or c.id_cliente = $5) and ($6::text is null or c.tipo_campania = $6)
        and ($7::date is null or c.fecha_creacion >= $7::date::timestamptz)
        and ($8::date is null or c.fecha_creacion < ($8::date + 1)::timestamptz)
      order by relevancia desc, c.id limit $9 offset $10`,
    [
      texto,
      contiene(texto),
      f.ids,
      f.estados,
      f.idCliente,
      f.tipo_campania,
      f.desde,
      f.hasta,
      limite + 1,
      salto,
    ],
  );
  const rows = filas.slice(0, limite).map((x) => ({ ...vistaDeFila(x), relevancia: x.relevancia }));
  const hasNext = filas.length > limite;
  if (page.mode === "cursor") return { mode: "cursor", rows, next: null };
  return { mode: "page", rows, hasNext, total: { rows: salto + filas.length, estimated: hasNext } };
}
