import type { Database, Tx } from "@alpes/shared/adapters/postgres/database.ts";
import type { Proyeccion, Reconstructor } from "../application/ports.ts";
import { vista } from "../application/vista.ts";
import { cargarCampania } from "./postgres.ts";
import { guardarVistas } from "./proyeccion.ts";

const COLUMNAS = "nombre, estado, total, hechas, inicio, fin, actor";
/** Makes `campanias.campanias` again from the events, in place and while it is read and written. */
export const postgresReconstructor = (db: Database): Reconstructor => ({
  proyecciones: () => db.query<Proyeccion>(`select ${COLUMNAS} from campanias.proyecciones order by nombre`),

  async empezar(nombre, { actor, accion, correlacion }) {
    await db.query(
      `with empieza as (
         update campanias.proyecciones set estado = 'RECONSTRUYENDO', cursor = '', hechas = 0, actor = $2,
           total = (select count(*) from campanias.eventos where version = 1), inicio = clock_timestamp(), fin = null
          where nombre = $1 and estado = 'AL_DIA' returning nombre)
       insert into mensajeria.auditoria (modulo, actor, accion, recurso_tipo, recurso_id, correlacion, resultado)
       select 'campanias', $2, $3, 'proyeccion', nombre, $4, 'HECHO' from empieza`,
      [nombre, actor, accion, correlacion],
    );
    const [p] = await db.query<Proyeccion>(
      `select ${COLUMNAS} from campanias.proyecciones where nombre = $1`,
      [nombre],
    );
    return p ?? null;
  },

  tramo: (limite) =>
    db.transaction(async (tx) => {
      const [p] = await tx.query<{ cursor: string }>(
        "select cursor from campanias.proyecciones where nombre = 'campanias' and estado = 'RECONSTRUYENDO' for update",
      );
      if (p === undefined) return false;
      const ids = await siguientes(tx, p.cursor, limite);
      // The locks of the unit of work, in its order; a statement of their own, so that what follows sees what they waited for.
      await tx.query(
        `select pg_advisory_xact_lock(hashtextextended(n, 0))
           from (select 'campanias:' || id as n from unnest($1::text[]) as t(id) order by 1) as o`,
        [ids],
      );
      for (const id of ids) {
        const { estado, version } = await cargarCampania(tx, id, true);
        if (estado.estado !== "INEXISTENTE") {
          await guardarVistas(tx, [{ vista: vista(estado, version), anterior: null }]);
        }
      }
      const sigue = ids.length === limite;
      if (!sigue) {
        await terminar(tx);
        await tx.query("select campanias.recontar()");
      }
      await tx.query(
        `update campanias.proyecciones set cursor = $1, hechas = hechas + $2,
           estado = case when $3 then 'RECONSTRUYENDO' else 'AL_DIA' end,
           fin = case when $3 then null else clock_timestamp() end
         where nombre = 'campanias'`,
        [ids.at(-1) ?? p.cursor, ids.length, sigue],
      );
      return sigue;
    }),
});

async function siguientes(tx: Tx, despues: string, limite: number): Promise<string[]> {
  const filas = await tx.query<{ id: string }>(
    `select id_campania as id from campanias.eventos
      where version = 1 and id_campania > $1 order by id_campania limit $2`,
    [despues, limite],
  );
  return filas.map((f) => f.id);
}

/** Rows that no event speaks of. A campaign being created right now has its events in the same transaction as its row. */
const terminar = (tx: Tx) =>
  tx.query(
    `delete from campanias.campanias c
      where not exists (select 1 from campanias.eventos e where e.id_campania = c.id and e.version = 1)`,
  );
