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

/** Outbox, audit log and change feed of many commands, in their order: one statement for all. */
export async function emit(
  tx: Tx,
  modulo: string,
  told: readonly Told[],
  newId: NewId,
  ahora: Date,
): Promise<void> {
  const salida: object[] = [], rastro: object[] = [], cambios: object[] = [];
  for (const { context, changes } of told) {
    const { correlation_id: correlacion, accion } = context;
    for (const m of changes.messages) {
      const whole = envelope(m, context, m.event_id ?? newId(), ahora);
      const { event_id, aggregate_id } = whole;
      const mensaje = encodeOutgoing(whole);
      salida.push({ topic: m.topic, particion: partitionOf(aggregate_id), event_id, mensaje });
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
    `with salida as (
       insert into mensajeria.outbox (modulo, topic, particion, event_id, mensaje)
       select $1, topic, particion, event_id, mensaje::json from json_to_recordset($2::json)
         as t(topic text, particion int, event_id text, mensaje text)
     ), rastro as (
       insert into mensajeria.auditoria (modulo, actor, accion, recurso_tipo, recurso_id, correlacion, resultado)
       select $1, actor, accion, tipo, id, correlacion, 'HECHO' from json_to_recordset($3::json)
         as t(actor text, accion text, tipo text, id text, correlacion text)
     )
     insert into mensajeria.cambios (modulo, tipo, id, version, correlacion)
     select $1, tipo, id, version, correlacion from json_to_recordset($4::json)
       as t(tipo text, id text, version bigint, correlacion text)`,
    [modulo, JSON.stringify(salida), JSON.stringify(rastro), JSON.stringify(cambios)],
  );
}
