import type { Tx } from "@alpes/shared/adapters/postgres/database.ts";
import type { ModuleStore } from "@alpes/shared/adapters/postgres/unit_of_work.ts";
import { actorName } from "@alpes/shared/seedwork/actor.ts";
import type { Versioned } from "@alpes/shared/seedwork/decider.ts";
import { parseJson, stringifyJson } from "@alpes/shared/seedwork/json.ts";
import { ConcurrencyError, type RequestContext } from "@alpes/shared/seedwork/unit_of_work.ts";
import { datosDe, type DatosEvento, eventoDe } from "../application/eventos_json.ts";
import type { Escrituras, Estados, Ids } from "../application/ports.ts";
import { vista } from "../application/vista.ts";
import { Campania } from "../domain/campania.ts";
import type { Campania as Estado } from "../domain/estado.ts";
import type { Evento, TipoEvento } from "../domain/eventos.ts";
import { CADA, estadoDe, FORMATO, textoDe } from "./instantanea.ts";
import { cargarSaga, guardarSaga } from "./postgres_saga.ts";
import { guardarVista } from "./proyeccion.ts";

/** Where campaigns are kept: their events, and beside them what is read (projection, saga, snapshot). */
export const postgresCampania: ModuleStore<Ids, Estados, Escrituras> = {
  modulo: "campanias",

  locks: (ids) => [ids.campania],

  load: async (tx, ids) => ({
    campania: await cargarCampania(tx, ids.campania),
    saga: await cargarSaga(tx, ids.campania),
  }),

  async save(tx, w, { ahora, context }) {
    const version = w.anterior + w.eventos.length;
    if (w.eventos.length > 0) {
      await agregarEventos(tx, w, context);
      if (!await guardarVista(tx, vista(w.campania, version), w.anterior)) {
        throw new ConcurrencyError(`campania ${w.id} is no longer at version ${w.anterior}`);
      }
    }
    if (Math.floor(version / CADA) > Math.floor(w.anterior / CADA)) {
      await tx.query(
        `insert into campanias.instantaneas (id_campania, version, formato, estado) values ($1, $2, $3, $4)
         on conflict (id_campania) do update
           set (version, formato, estado) = (excluded.version, excluded.formato, excluded.estado)`,
        [w.id, version, FORMATO, textoDe(w.campania)],
      );
    }
    if (w.saga !== null) await guardarSaga(tx, w.id, w.saga, ahora, context.correlation_id);
  },
};

/** From the snapshot on, if there is one; without it (`desdeElPrincipio`) every event counts. */
export async function cargarCampania(
  tx: Tx,
  id: string,
  desdeElPrincipio = false,
): Promise<Versioned<Estado>> {
  const filas = await tx.query<{ version: number; tipo: TipoEvento | null; data: string; en: Date | null }>(
    `with i as (
       select version, estado from campanias.instantaneas where id_campania = $1 and formato = $2 and not $3
     )
     select version, null as tipo, estado::text as data, null::timestamptz as en from i
     union all
     select version, tipo, data::text, en from campanias.eventos
      where id_campania = $1 and version > coalesce((select version from i), 0)
      order by version`,
    [id, FORMATO, desdeElPrincipio],
  );
  const inicial: Versioned<Estado> = { estado: Campania.inicial, version: 0 };
  return filas.reduce<Versioned<Estado>>(({ estado }, { tipo, data, en, version }) => ({
    estado: tipo === null || en === null
      ? estadoDe(data)
      : Campania.evolve(estado, eventoDeFila(tipo, data, en)),
    version,
  }), inicial);
}

export const eventoDeFila = (tipo: TipoEvento, data: string, en: Date): Evento =>
  eventoDe(tipo, parseJson(data) as DatosEvento, en);

/** One statement for all; a version that exists already is a unique violation, which the unit of work takes as a conflict. */
async function agregarEventos(tx: Tx, w: Escrituras, context: RequestContext): Promise<void> {
  await tx.query(
    `insert into campanias.eventos (id_campania, version, tipo, data, en, event_id, actor, correlacion)
     select $1, $2 + i, tipo, data, en, event_id, $7, $8
       from unnest($3::text[], $4::json[], $5::timestamptz[], $6::text[]) with ordinality
         as t(tipo, data, en, event_id, i)`,
    [
      w.id,
      w.anterior,
      w.eventos.map(({ evento }) => evento.tipo),
      w.eventos.map(({ evento }) => stringifyJson(datosDe(w.id, evento))),
      w.eventos.map(({ evento }) => evento.en),
      w.eventos.map(({ event_id }) => event_id),
      actorName(context.actor),
      context.correlation_id,
    ],
  );
}
