import type { Tx } from "@alpes/shared/adapters/postgres/database.ts";
import type { Agenda, Tarea } from "../application/ports.ts";

/** The agenda on `payouts.proximo`: taking a payout moves it out of everybody's sight until the lease is over. */
export const postgresAgenda = (db: Tx): Agenda => ({
  tomar: (max, arriendo) =>
    db.query<Tarea>(
      `update pagos.payouts set proximo = clock_timestamp() + $2::int * interval '1 ms'
        where id = any(array(select id from pagos.payouts where proximo <= clock_timestamp()
                              order by proximo limit $1 for update skip locked))
      returning id, correlacion, traceparent`,
      [max, arriendo],
    ),
});
