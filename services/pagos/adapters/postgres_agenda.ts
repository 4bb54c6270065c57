import type { Tx } from "@alpes/shared/adapters/postgres/database.ts";
import type { Agenda, Retenidas, Tarea } from "../application/ports.ts";

/**
 * The agenda on `payouts.proximo`: taking a payout moves it out of everybody's sight until the lease is over. By the
 * statement's time, which the index can be asked for: by `clock_timestamp()` each look read all that waits (2,631: 61 ms).
 */
export const postgresAgenda = (db: Tx): Agenda => ({
  tomar: (max, arriendo) =>
    db.query<Tarea>(
      `update pagos.payouts set proximo = clock_timestamp() + $2::int * interval '1 ms'
        where id = any(array(select id from pagos.payouts where proximo <= statement_timestamp()
                              order by proximo limit $1 for update skip locked))
      returning id, correlacion, traceparent,
                case when reversion_actor like 'servicio:%' then 'RevertirPago'
                     when reversion_actor is null and automatico then 'ProcesarPago' end as saga_paso`,
      [max, arriendo],
    ),
  async falta() {
    const [fila] = await db.query<{ ms: number | null }>(
      "select extract(epoch from min(proximo) - clock_timestamp())::float8 * 1000 as ms from pagos.payouts",
    );
    return fila?.ms ?? null;
  },
});

/** The held commissions whose time has come; the index holds only what is held. */
export const postgresRetenidas = (db: Tx): Retenidas => ({
  async debidas(max) {
    const filas = await db.query<{ id: string }>(
      `select id from pagos.transacciones where not liberada and por_pagar and libera <= statement_timestamp()
        order by libera, id limit $1`,
      [max],
    );
    return filas.map((f) => f.id);
  },
});
