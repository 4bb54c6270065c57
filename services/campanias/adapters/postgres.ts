import type { Tx } from "@alpes/shared/adapters/postgres/database.ts";
import type { ModuleStore, Written } from "@alpes/shared/adapters/postgres/unit_of_work.ts";
import { actorName } from "@alpes/shared/seedwork/actor.ts";
import type { Versioned } from "@alpes/shared/seedwork/decider.ts";
import { parseJson, stringifyJson } from "@alpes/shared/seedwork/json.ts";
import { ConcurrencyError } from "@alpes/shared/seedwork/unit_of_work.ts";
import { datosDe, type DatosEvento, eventoDe } from "../application/eventos_json.ts";
import type { Escritura, Escrituras, Estados, Ids } from "../application/ports.ts";
import { vista } from "../application/vista.ts";
import { Campania } from "../domain/campania.ts";
import type { Campania as Estado } from "../domain/estado.ts";
import type { Evento, TipoEvento } from "../domain/eventos.ts";
import { SAGA_INICIAL } from "../domain/saga.ts";
import { CADA, estadoDe, FORMATO, textoDe } from "./instantanea.ts";
import { cargarSagas, guardarSagas } from "./postgres_saga.ts";
import { guardarVistas } from "./proyeccion.ts";

/** Where campaigns are kept: their events, and beside them what is read (projection, saga, snapshot). */
export const postgresCampania: ModuleStore<Ids, Estados, Escrituras> = {
  modulo: "campanias",

  locks: (ids) => [ids.campania],

  async load(tx, ids) {
    const nombradas = ids.map((i) => i.campania);
    const [campanias, sagas] = await Promise.all([
      cargarCampanias(tx, nombradas),
      cargarSagas(tx, nombradas),
    ]);
    return nombradas.map((id) => ({
      campania: campanias.get(id) ?? { estado: Campania.inicial, version: 0 },
      saga: sagas.get(id) ?? SAGA_INICIAL,
    }));
  },

  async save(tx, todas, ahora) {
    const escritas = todas.flatMap(({ writes, context }) => writes === null ? [] : [{ writes, context }]);
    const conEventos = escritas.filter(({ writes: w }) => w.eventos.length > 0);
    const fotos = escritas.filter(({ writes: w }) =>
      Math.floor(versionDe(w) / CADA) > Math.floor(w.anterior / CADA)
    );
    const sagas = escritas.flatMap(({ writes: { id, saga }, context }) =>
      saga === null ? [] : [{ id, saga, solicitud: context.correlation_id }]
    );
    // Sent together, done in this order.
    const [, guardadas] = await Promise.all([
      agregarEventos(tx, conEventos),
      guardarVistas(
        tx,
        conEventos.map(({ writes: w }) => ({ vista: vista(w.campania, versionDe(w)), anterior: w.anterior })),
      ),
      guardarInstantaneas(tx, fotos.map(({ writes }) => writes)),
      guardarSagas(tx, sagas, ahora),
    ]);
    if (guardadas !== conEventos.length) {
      throw new ConcurrencyError("a campania is no longer at the version that was decided on");
    }
  },
};

const versionDe = (w: Escritura) => w.anterior + w.eventos.length;

async function guardarInstantaneas(tx: Tx, todas: readonly Escritura[]): Promise<void> {
  if (todas.length === 0) return;
  await tx.query(
    `insert into campanias.instantaneas (id_campania, version, formato, estado)
     select * from unnest($1::text[], $2::int[], $3::int[], $4::json[])
     on conflict (id_campania) do update
       set (version, formato, estado) = (excluded.version, excluded.formato, excluded.estado)`,
    [
      todas.map((w) => w.id),
      todas.map(versionDe),
      todas.map(() => FORMATO),
      todas.map((w) => textoDe(w.campania)),
    ],
  );
}

/** One of them. */
export const cargarCampania = async (
  tx: Tx,
  id: string,
  desdeElPrincipio = false,
): Promise<Versioned<Estado>> =>
  (await cargarCampanias(tx, [id], desdeElPrincipio)).get(id) ?? { estado: Campania.inicial, version: 0 };

/** From the snapshot on, if there is one; without it (`desdeElPrincipio`) every event counts. Who has none is absent. */
export async function cargarCampanias(
  tx: Tx,
  ids: readonly string[],
  desdeElPrincipio = false,
): Promise<Map<string, Versioned<Estado>>> {
  const filas = await tx.query<
    { id: string; version: number; tipo: TipoEvento | null; data: string; en: Date | null }
  >(
    `with i as (
       select id_campania, version, estado from campanias.instantaneas
        where id_campania = any($1::text[]) and formato = $2 and not $3
     )
     select id_campania as id, version, null as tipo, estado::text as data, null::timestamptz as en from i
     union all
     select e.id_campania, e.version, e.tipo, e.data::text, e.en
       from unnest($1::text[]) as n(id)
       cross join lateral (select coalesce(max(version), 0) as desde from i where i.id_campania = n.id) d
       join campanias.eventos e on e.id_campania = n.id and e.version > d.desde
      order by id, version`,
    [ids, FORMATO, desdeElPrincipio],
  );
  const estados = new Map<string, Versioned<Estado>>();
  for (const { id, version, tipo, data, en } of filas) {
    const antes = estados.get(id)?.estado ?? Campania.inicial;
    const estado = tipo === null || en === null
      ? estadoDe(data)
      : Campania.evolve(antes, eventoDeFila(tipo, data, en));
    estados.set(id, { estado, version });
  }
  return estados;
}

export const eventoDeFila = (tipo: TipoEvento, data: string, en: Date): Evento =>
  eventoDe(tipo, parseJson(data) as DatosEvento, en);

/** One statement for all; a version that exists already is a unique violation, which the unit of work takes as a conflict. */
async function agregarEventos(tx: Tx, escritas: readonly Written<Escritura>[]): Promise<void> {
  if (escritas.length === 0) return;
  const filas = escritas.flatMap(({ writes: w, context }) =>
    w.eventos.map(({ event_id, evento }, i) => ({
      id: w.id,
      version: w.anterior + 1 + i,
      tipo: evento.tipo,
      // As text: to JSON.stringify its big numbers would be objects.
      data: stringifyJson(datosDe(w.id, evento)),
      en: evento.en,
      event_id,
      actor: actorName(context.actor),
      correlacion: context.correlation_id,
    }))
  );
  await tx.query(
    `insert into campanias.eventos (id_campania, version, tipo, data, en, event_id, actor, correlacion)
     select id, version, tipo, data::json, en, event_id, actor, correlacion
       from json_to_recordset($1::json) as t(id text, version int, tipo text, data text, en timestamptz,
         event_id text, actor text, correlacion text)`,
    [JSON.stringify(filas)],
  );
}
