import type { Tx } from "@alpes/shared/adapters/postgres/database.ts";
import type { AgendaLiquidaciones, Encargo } from "../application/liquidar.ts";

/** The runs under way, on `liquidaciones.proximo`: taking one moves it out of everybody's sight until the lease is over. */
export const postgresAgendaLiquidaciones = (db: Tx): AgendaLiquidaciones => ({
  async tomar(arriendo) {
    const [encargo] = await db.query<Encargo>(
      `update pagos.liquidaciones set proximo = clock_timestamp() + $1::int * interval '1 ms'
        where id = (select id from pagos.liquidaciones where proximo <= statement_timestamp()
                     order by proximo limit 1 for update skip locked)
      returning id, aplicador as actor, correlacion, traceparent`,
      [arriendo],
    );
    return encargo ?? null;
  },
  async pendientes(id, max) {
    const filas = await db.query<{ id: string }>(
      `select p.id from pagos.liquidacion_lineas l join pagos.payouts p on p.id = l.payout_id
        where l.liquidacion = $1 and p.estado = 'CALCULADO' order by l.n limit $2`,
      [id, max],
    );
    return filas.map((f) => f.id);
  },
  async guardar(id, arriendo) {
    await db.query(
      `update pagos.liquidaciones set proximo = clock_timestamp() + $2::int * interval '1 ms'
        where id = $1 and estado = 'APLICANDO'`,
      [id, arriendo],
    );
  },
});
