import type { Tx } from "@alpes/shared/adapters/postgres/database.ts";
import type { Copias, Rastros } from "../application/ports.ts";

/** Everything outside its row that tells who a cliente was, in the transaction that erases the row's own data. */
export async function borrarRastros(tx: Tx, r: Rastros): Promise<void> {
  await tx.query("update cliente.historial set motivo = null where id_cliente = $1", [r.id]);
  // A repeat of such a request meets a cliente that changes no more, so forgetting the answer has no second effect.
  await tx.query(
    `delete from mensajeria.idempotencia
      where location = any($2::text[])
         or (split_part(ruta, '/', 2) = 'cliente' and split_part(ruta, '/', 3) = any($1::text[]))`,
    [[r.id, encodeURIComponent(r.id)], [`/cliente/${r.id}`, `/cliente/${encodeURIComponent(r.id)}`]],
  );
  await limpiarCopias(tx, r);
}

/** Where a message about a cliente lies: waiting for the relay, for a consumer or an operator, or handled. */
const COPIAS = [
  ["mensajeria.outbox", "topic like 'eventos.cliente%' and mensaje ->> 'aggregate_id' = $1"],
  ["mensajeria.bus_mensajes", "topic like 'eventos.cliente%' and clave = $1"],
  ["mensajeria.inbox", "topic like 'eventos.cliente%' and clave = $1 and mensaje is not null"],
] as const;

async function limpiarCopias(tx: Tx, { id, publico }: Rastros): Promise<number> {
  let dichas = 0;
  for (const [tabla, suyas] of COPIAS) {
    const filas = await tx.query(
      `update ${tabla} set mensaje = jsonb_set(mensaje::jsonb, '{data}', (mensaje::jsonb -> 'data') || $2::jsonb)::json
        where ${suyas} and not (mensaje::jsonb -> 'data') @> $2::jsonb returning 1`,
      [id, JSON.stringify(publico)],
    );
    dichas += filas.length;
  }
  return dichas;
}

/** The copies in this database's own bus. A broker of its own keeps messages as long as its retention says. */
export const postgresCopias = (db: Tx): Copias => ({ limpiar: (r) => limpiarCopias(db, r) });
