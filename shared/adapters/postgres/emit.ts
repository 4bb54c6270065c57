import { actorName } from "@alpes/shared/seedwork/actor.ts";
import { changed } from "@alpes/shared/seedwork/audit.ts";
import type { NewId } from "@alpes/shared/seedwork/ids.ts";
import { encodeOutgoing } from "@alpes/shared/seedwork/message_json.ts";
import { partitionOf } from "@alpes/shared/seedwork/partition.ts";
import { type Changes, envelope, type RequestContext } from "@alpes/shared/seedwork/unit_of_work.ts";
import type { Tx } from "./database.ts";

/** What one command has to tell. */
export interface Told {
  readonly context: RequestContext;
  readonly changes: Changes<unknown>;
}

/**
 * Where messages go: to the outbox, for a relay to bring to a broker; or at once to the bus, where that is this very
 * database: its deliveries are the outbox then, and what a relay would move is there already.
 */
export type Outlet = "outbox" | "bus";

const SALIDA: Readonly<Record<Outlet, string>> = {
  outbox: `salida as (
       insert into mensajeria.outbox (modulo, topic, particion, event_id, mensaje)
       select $1, topic, particion, event_id, mensaje::json from json_to_recordset($2::json)
         as t(i int, topic text, particion int, event_id text, mensaje text)
        where cardinality($5::text[]) > 0 order by i)`,
  // The row lock is what makes this see a group that is just being added: it waits for us, or we for it.
  bus: `temas as materialized (
       select topic, grupos from mensajeria.bus_topicos where topic = any($5::text[]) order by topic for share
     ), publicados as (
       insert into mensajeria.bus_mensajes (topic, clave, particion, mensaje)
       select topic, clave, particion, mensaje::json from json_to_recordset($2::json)
         as t(i int, topic text, clave text, particion int, mensaje text) order by i
       returning pos, topic, clave, particion
     ), salida as (
       insert into mensajeria.bus_entregas (topic, grupo, particion, pos, clave)
       select topic, grupo, particion, pos, clave from publicados join temas using (topic), unnest(grupos) as grupo
     )`,
};

/** Messages, audit log and change feed of many commands, in their order: one statement for all. */
export async function emit(
  tx: Tx,
  modulo: string,
  told: readonly Told[],
  newId: NewId,
  ahora: Date,
  outlet: Outlet,
): Promise<void> {
  const topics = new Set<string>();
  const salida: object[] = [], rastro: object[] = [], cambios: object[] = [];
  for (const { context, changes } of told) {
    const { correlation_id: correlacion, accion } = context;
    for (const m of changes.messages) {
      const whole = envelope(m, context, m.event_id ?? newId(), ahora);
      const { event_id, aggregate_id } = whole;
      const mensaje = encodeOutgoing(whole);
      topics.add(m.topic);
      const particion = partitionOf(aggregate_id);
      salida.push({ i: salida.length, topic: m.topic, clave: aggregate_id, particion, event_id, mensaje });
    }
    for (const { tipo, id, version } of changes.feed) cambios.push({ tipo, id, version, correlacion });
    if (accion === undefined) continue;
    const actor = actorName(context.actor);
    const recursos = changed(changes);
    // A change that tells of nothing is a line all the same.
    for (const r of recursos.length === 0 ? [{ tipo: null, id: null }] : recursos) {
      rastro.push({ actor, accion, tipo: r.tipo, id: r.id, correlacion });
    }
  }
  if (salida.length + rastro.length + cambios.length === 0) return;
  await tx.query(
    `with ${SALIDA[outlet]}, rastro as (
       insert into mensajeria.auditoria (modulo, actor, accion, recurso_tipo, recurso_id, correlacion, resultado)
       select $1, actor, accion, tipo, id, correlacion, 'HECHO' from json_to_recordset($3::json)
         as t(actor text, accion text, tipo text, id text, correlacion text)
     )
     insert into mensajeria.cambios (modulo, tipo, id, version, correlacion)
     select $1, tipo, id, version, correlacion from json_to_recordset($4::json)
       as t(tipo text, id text, version bigint, correlacion text)`,
    [
      modulo,
      JSON.stringify(salida),
      JSON.stringify(rastro),
      JSON.stringify(cambios),
      [...topics],
    ],
  );
}
