import { type Condition, condition, where } from "@alpes/shared/adapters/postgres/lists.ts";
import type { Tx } from "@alpes/shared/adapters/postgres/database.ts";
import type { Page, PageRequest } from "@alpes/shared/seedwork/pages.ts";

/** `%` and `_` of what was typed are letters like any other. */
const contiene = (texto: string) => `%${texto.replace(/[\\%_]/g, "\\$&")}%`;

/** Patterns of each longer word with two neighbouring letters swapped: a swap is the least alike of single mistakes. */
function trocadas(texto: string): string[] {
  const palabras = texto.toLowerCase().split(/\s+/).filter((p) => p.length >= 6 && p.length <= 40).slice(
    0,
    5,
  );
  return palabras.flatMap((palabra) => {
    const letras = [...palabra];
    return letras.slice(1).map((letra, i) =>
      contiene([...letras.slice(0, i), letra, letras[i], ...letras.slice(i + 2)].join(""))
    );
  });
}

/** Rows that hold the text as it is; accents and case are ignored. */
export const literal = (texto: string): Condition =>
  condition("busqueda like public.normaliza(?)", contiene(texto));

/**
 * Rows that a search box finds. It forgives only where nothing holds the text as it is: ids look alike, and among
 * 300,000 of them half would be "similar" (2.6 s against 20 ms).
 */
export async function parecida(db: Tx, otras: readonly Condition[], texto: string): Promise<Condition> {
  const exacta = literal(texto);
  const { sql, values } = where([...otras, exacta]);
  const hay = await db.query(`select 1 from pagos.payouts ${sql} limit 1`, values);
  return hay.length > 0 ? exacta : condition(
    "busqueda like any (?::text[]) or public.normaliza(?) operator(public.<%) busqueda",
    trocadas(texto),
    texto,
  );
}

/** One page of what was found, best first, each row with its `relevancia` (0..1). */
export async function mejores<Fila extends object>(
  db: Tx,
  columnas: string,
  condiciones: readonly Condition[],
  texto: string,
  page: PageRequest,
): Promise<Page<Fila & { relevancia: number }>> {
  const limite = page.mode === "page" ? page.perPage : page.limit;
  const salto = page.mode === "page" ? (page.page - 1) * page.perPage : 0;
  const donde = where(condiciones, 6);
  const filas = await db.query<Fila & { relevancia: number }>(
    `select ${columnas}, least(1, case
            when busqueda like public.normaliza($2)
              then 0.6 + 0.4 * public.word_similarity(public.normaliza($1), busqueda)
            when busqueda like any ($3::text[])
              then greatest(0.6, public.word_similarity(public.normaliza($1), busqueda))
            else 0.99 * public.word_similarity(public.normaliza($1), busqueda) end)::real as relevancia
       from pagos.payouts ${donde.sql} order by relevancia desc, id limit $4 offset $5`,
    [texto, contiene(texto), trocadas(texto), limite + 1, salto, ...donde.values],
  );
  const rows = filas.slice(0, limite);
  const hasNext = filas.length > limite;
  return page.mode === "cursor"
    ? { mode: "cursor", rows, next: null }
    : { mode: "page", rows, hasNext, total: { rows: salto + filas.length, estimated: hasNext } };
}
