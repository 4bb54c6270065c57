import {
  type Cuenta,
  type Dias,
  type Series,
  series,
  type Ventana,
  ventana,
} from "@alpes/shared/seedwork/series.ts";
import type { Tx } from "./database.ts";
import { type Condition, condition, where } from "./lists.ts";

const HORA_MS = 3_600_000;
/** The hour or day ($1) of UTC that an instant is in: half of what `date_trunc` in a time zone costs. */
const EN = (fecha: string) => `date_bin($1::interval, ${fecha}, timestamptz '2000-01-01 00:00Z')`;

/** What is counted: rows of a table by an indexed instant of theirs. */
export interface Contado {
  readonly from: string;
  readonly fecha: string;
  readonly where: readonly Condition[];
  /** What tells lines apart, and the minor units to add up; both SQL. */
  readonly clave?: string;
  readonly monto?: string;
  /**
   * A table with the counts of just these rows by `hora`, `clave`, `cantidad` and `monto`, kept with each write: then
   * rows are read of one hour only, in which the stretch before ends.
   */
  readonly horas?: string;
}

/** A trend over the days of UTC until now, by the database's clock. */
export async function leerSeries(db: Tx, dias: Dias, c: Contado): Promise<Series> {
  const [reloj] = await db.query<{ ahora: Date }>("select clock_timestamp() as ahora", []);
  const v = ventana(dias, reloj?.ahora ?? new Date());
  const paso = v.paso === "hora" ? "1 hour" : "1 day";
  const filas = c.horas === undefined
    ? await deFilas(db, c, paso, v)
    : await deHoras(db, c, c.horas, paso, v);
  return series(v, filas.map((f) => ({ ...f, total: BigInt(f.total) })));
}

type Fila = Omit<Cuenta, "total"> & { readonly total: string };

/** What is counted row by row: all of `v`, or of the hour in which the stretch before it ends. */
async function deFilas(db: Tx, c: Contado, paso: string, v: Ventana, desde?: Date): Promise<Fila[]> {
  const entonces = desde === undefined
    ? condition(
      `${c.fecha} >= ? and ${c.fecha} <= ? and not (${c.fecha} >= ? and ${c.fecha} < ?)`,
      v.antes.desde,
      v.hasta,
      v.antes.hasta,
      v.desde,
    )
    : condition(`${c.fecha} >= ? and ${c.fecha} < ?`, desde, v.antes.hasta);
  const { sql, values } = where([...c.where, entonces], 2);
  return await db.query<Fila>(
    `select ${EN(c.fecha)} as en, ${c.clave ?? "''"} as clave, count(*)::int as cantidad,
            coalesce(sum(${c.monto ?? "0"}), 0)::text as total
       from ${c.from} ${sql} group by 1, 2`,
    [paso, ...values],
  );
}

async function deHoras(db: Tx, c: Contado, horas: string, paso: string, v: Ventana): Promise<Fila[]> {
  const partida = new Date(v.antes.hasta.getTime() - v.antes.hasta.getTime() % HORA_MS);
  const enteras = db.query<Fila>(
    `select ${EN("hora")} as en, ${c.clave ?? "''"} as clave, sum(cantidad)::int as cantidad,
            ${c.monto === undefined ? "0" : "sum(monto)"}::text as total
       from ${horas}
      where hora >= $2 and hora <= $3 and not (hora >= $4 and hora < $5)
      group by 1, 2 having sum(cantidad) <> 0`,
    [paso, v.antes.desde, v.hasta, partida, v.desde],
  );
  return (await Promise.all([enteras, deFilas(db, c, paso, v, partida)])).flat();
}
