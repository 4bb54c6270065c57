import {
  type Condition,
  condition,
  listPage,
  type SortColumn,
} from "@alpes/shared/adapters/postgres/lists.ts";
import type { Tx } from "@alpes/shared/adapters/postgres/database.ts";
import type { Anotacion, Clientes, Estadisticas, Filtro, Orden } from "../application/ports.ts";
import { COLUMNAS, type Fila, vistaDeFila } from "./postgres.ts";

const ORDEN: Record<Orden, SortColumn> = {
  nombre: { sql: "public.normaliza(nombre)", type: "text" },
  fecha_registro: { sql: "fecha_registro", type: "timestamptz" },
};

/**
 * How well a row fits: text that holds what was asked (or a word of it with two letters swapped) is best, else how
 * alike its most similar words are. A wrong or missing letter in a word of six leaves a `word_similarity` of 0.4 and
 * more; a swap only 0.28, which half the table reaches, so swaps are looked up as patterns.
 */
const RELEVANCIA = `case when c.busqueda like q.patron then 0.6 + 0.4 * word_similarity(q.texto, c.busqueda)
    when c.busqueda like any (q.trocadas) then greatest(0.6, word_similarity(q.texto, c.busqueda))
    else 0.99 * word_similarity(q.texto, c.busqueda) end`;

/** Patterns of each longer word with two neighbouring letters swapped. */
export function trocadas(texto: string): string[] {
  return texto.split(/\s+/).filter((p) => p.length >= 6 && p.length <= 40).slice(0, 5).flatMap((palabra) => {
    const letras = [...palabra];
    return letras.slice(1).map((l, i) =>
      contiene([...letras.slice(0, i), l, letras[i], ...letras.slice(i + 2)].join(""))
    );
  });
}

function condiciones(f: Filtro): Condition[] {
  return [
    ...(f.ids === null ? [] : [condition("id = any(?::text[])", f.ids)]),
    ...(f.estado === null ? [] : [condition("estado = ?", f.estado)]),
    ...(f.tipo_cliente === null ? [] : [condition("tipo_cliente = ?", f.tipo_cliente)]),
  ];
}

/** `%` and `_` of what was typed are letters like any other. */
const contiene = (texto: string) => `%${texto.replace(/[\\%_]/g, "\\$&")}%`;

export function postgresClientes(db: Tx): Clientes {
  return {
    async obtener(id) {
      const [fila] = await db.query<Fila>(`select ${COLUMNAS} from cliente.clientes where id = $1`, [id]);
      return fila === undefined ? null : vistaDeFila(fila);
    },

    listar({ filters: f, page, sort }) {
      if (f.search !== null && f.aproximada) return parecidos(f, f.search);
      const busca = f.search === null
        ? []
        : [condition("busqueda like public.normaliza(?)", contiene(f.search))];
      return listPage<Fila, ReturnType<typeof vistaDeFila>>(db, {
        from: "cliente.clientes",
        columns: COLUMNAS,
        id: "id",
        where: [...condiciones(f), ...busca],
        sort: ORDEN[sort.by],
        order: sort.order,
        page,
        view: vistaDeFila,
      });

      /** Best first, one page: what a search box shows. */
      async function parecidos(filtro: Filtro, texto: string) {
        const limite = page.mode === "page" ? page.perPage : page.limit;
        const salto = page.mode === "page" ? (page.page - 1) * page.perPage : 0;
        const filas = await db.query<Fila & { relevancia: number }>(
          `with q as (select public.normaliza($1) as texto, public.normaliza($2) as patron,
             array(select public.normaliza(t) from unnest($8::text[]) as t) as trocadas)
           select c.*, least(1, ${RELEVANCIA})::real as relevancia from cliente.clientes c, q
            where (c.busqueda like q.patron or c.busqueda like any (q.trocadas)
                   or q.texto operator(public.<%) c.busqueda)
              and ($3::text[] is null or c.id = any($3)) and ($4::text is null or c.estado = $4)
              and ($5::text is null or c.tipo_cliente = $5)
            order by relevancia desc, c.id limit $6 offset $7`,
          [
            texto,
            contiene(texto),
            filtro.ids,
            filtro.estado,
            filtro.tipo_cliente,
            limite + 1,
            salto,
            trocadas(texto),
          ],
        );
        const rows = filas.slice(0, limite).map((f) => ({ ...vistaDeFila(f), relevancia: f.relevancia }));
        const hasNext = filas.length > limite;
        if (page.mode === "cursor") return { mode: "cursor" as const, rows, next: null };
        return {
          mode: "page" as const,
          rows,
          hasNext,
          total: { rows: salto + filas.length, estimated: hasNext },
        };
      }
    },

    async estadisticas(): Promise<Estadisticas> {
      const filas = await db.query<
        { estado: Fila["estado"]; tipo: Fila["tipo_cliente"]; n: number; nuevos: number }
      >(
        `select estado, tipo_cliente as tipo, count(*)::int as n,
                (count(*) filter (where fecha_registro > clock_timestamp() - interval '30 days'))::int as nuevos
           from cliente.clientes group by estado, tipo_cliente`,
      );
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
        nuevos_30_dias: filas.reduce((a, f) => a + f.nuevos, 0),
      };
    },

    async historial(id) {
      const filas = await db.query<Anotacion>(
        `select h.version, h.accion, h.motivo, h.actor, h.correlacion, h.fecha
           from cliente.clientes c join cliente.historial h on h.id_cliente = c.id
          where c.id = $1 order by h.version`,
        [id],
      );
      return filas.length === 0 ? null : filas;
    },
  };
}
