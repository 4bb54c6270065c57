import { type Cuenta, type Dias, type Series, series, ventana } from "@alpes/shared/seedwork/series.ts";
import type { Tx } from "./database.ts";
import { type Condition, condition, where } from "./lists.ts";

/** What is counted: rows of a table by an indexed instant of theirs. */
export interface Contado {
  readonly from: string;
  readonly fecha: string;
  readonly where: readonly Condition[];
  /** What tells lines apart, and the minor units to add up; both SQL. */
  readonly clave?: string;
  readonly monto?: string;
}

/** A trend over the days of UTC until now, by the database's clock. */
export async function leerSeries(db: Tx, dias: Dias, c: Contado): Promise<Series> {
  const [reloj] = await db.query<{ ahora: Date }>("select clock_timestamp() as ahora", []);
  const v = ventana(dias, reloj?.ahora ?? new Date());
  const { sql, values } = where([
    ...c.where,
    condition(
      `${c.fecha} >= ? and ${c.fecha} <= ? and not (${c.fecha} >= ? and ${c.fecha} < ?)`,
      v.antes.desde,
      v.hasta,
      v.antes.hasta,
      v.desde,
    ),
  ], 2);
  const filas = await db.query<Omit<Cuenta, "total"> & { total: string }>(
    `select date_trunc($1, ${c.fecha}, 'UTC') as en, ${c.clave ?? "''"} as clave, count(*)::int as cantidad,
            coalesce(sum(${c.monto ?? "0"}), 0)::text as total
       from ${c.from} ${sql} group by 1, 2`,
    [v.paso === "hora" ? "hour" : "day", ...values],
  );
  return series(v, filas.map((f) => ({ ...f, total: BigInt(f.total) })));
}
