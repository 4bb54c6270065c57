import type { Tx } from "@alpes/shared/adapters/postgres/database.ts";
import { actorName } from "@alpes/shared/seedwork/actor.ts";
import type { RequestContext } from "@alpes/shared/seedwork/unit_of_work.ts";
import type { Asiento } from "../domain/libro/asiento.ts";

/**
 * Posts entries with their lines, one statement however many they are and whoever asked: 1,000 commissions take one
 * round trip. It comes last in its transaction, because from here to the commit the balances stand locked, in the order of their names.
 */
export async function guardarAsientos(
  tx: Tx,
  posteos: readonly { readonly asiento: Asiento; readonly context: RequestContext }[],
  ahora: Date,
): Promise<void> {
  if (posteos.length === 0) return;
  const asientos = posteos.map((p) => p.asiento);
  const lineas = asientos.flatMap((a) => a.lineas.map((l, n) => ({ ...l, n, clave: a.clave })));
  const huerfanos = await tx.query<{ clave: string }>(
    `with dados as (
       select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
              $9::text[], $10::text[], $11::text[], $12::text[]) with ordinality
         as t(clave, hecho, partner_id, id_campania, payout_id, transaccion_id, revierte, actor, correlacion, causa,
              saga_paso, i)
     ), nuevos as (
       insert into pagos.asientos (clave, hecho, partner_id, id_campania, payout_id, transaccion_id, revierte, en,
         actor, correlacion, causa, saga_paso)
       select d.clave, d.hecho, d.partner_id, d.id_campania, d.payout_id, d.transaccion_id,
              (select r.id from pagos.asientos r where r.clave = d.revierte), $8, d.actor, d.correlacion, d.causa, d.saga_paso
         from dados d order by d.i
       returning id, clave, revierte
     ), lineas as (
       insert into pagos.movimientos (asiento, n, cuenta, moneda, importe, en)
       select nuevos.id, l.n, l.cuenta, l.moneda, l.importe, $8
         from unnest($13::text[], $14::int[], $15::text[], $16::text[], $17::bigint[]) as l(clave, n, cuenta, moneda, importe)
         join nuevos on nuevos.clave = l.clave
     )
     select d.clave from dados d join nuevos n on n.clave = d.clave where d.revierte is not null and n.revierte is null`,
    [
      asientos.map((a) => a.clave),
      asientos.map((a) => a.hecho),
      asientos.map((a) => a.partner_id),
      asientos.map((a) => a.idCampania),
      asientos.map((a) => a.payout_id),
      asientos.map((a) => a.transaccion_id),
      asientos.map((a) => a.revierte),
      ahora,
      posteos.map((p) => actorName(p.context.actor)),
      posteos.map((p) => p.context.correlation_id),
      posteos.map((p) => p.context.causation_id),
      posteos.map((p) => p.context.saga_paso ?? null),
      lineas.map((l) => l.clave),
      lineas.map((l) => l.n),
      lineas.map((l) => l.cuenta),
      lineas.map((l) => l.importe.moneda),
      lineas.map((l) => l.importe.unidades),
    ],
  );
  const [huerfano] = huerfanos;
  if (huerfano !== undefined) throw new Error(`${huerfano.clave} takes back an entry that is not there`);
}
