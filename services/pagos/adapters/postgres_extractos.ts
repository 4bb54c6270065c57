import type { Database } from "@alpes/shared/adapters/postgres/database.ts";
import { dinero, type Moneda } from "@alpes/shared/seedwork/money.ts";
import { type ExtractoMoneda, type Extractos, MAX_LINEAS, type Periodo } from "../application/extracto.ts";
import type { Cuenta } from "../domain/libro/cuentas.ts";

interface FilaSuma {
  cuenta: Cuenta;
  moneda: Moneda;
  apertura: bigint;
  cierre: bigint;
}
interface FilaLinea {
  fecha: Date;
  asiento: string;
  hecho: string;
  cuenta: Cuenta;
  transaccion_id: string | null;
  payout_id: string | null;
  moneda: Moneda;
  importe: bigint;
}

export const postgresExtractos = (db: Database): Extractos => ({
  async ciclo(id) {
    const [f] = await db.query<Periodo>(
      "select inicio as desde, fin as hasta from pagos.ciclos where id = $1",
      [id],
    );
    return f ?? null;
  },
  leer: (cuentas, { desde, hasta }) =>
    db.transaction(async (tx) => {
      // Sums and lines of one moment: what is posted meanwhile is in both or in neither.
      await tx.query("set transaction isolation level repeatable read read only");
      const sumas = await tx.query<FilaSuma>(
        `select cuenta, moneda, coalesce(sum(importe) filter (where en < $2::date), 0)::bigint as apertura,
                sum(importe)::bigint as cierre
           from pagos.movimientos where cuenta = any($1::text[]) and en < $3::date + 1
          group by cuenta, moneda order by moneda, cuenta`,
        [cuentas, desde, hasta],
      );
      const lineas = await tx.query<FilaLinea>(
        `select m.en as fecha, a.clave as asiento, a.hecho, m.cuenta, a.transaccion_id, a.payout_id, m.moneda, m.importe
           from pagos.movimientos m join pagos.asientos a on a.id = m.asiento
          where m.cuenta = any($1::text[]) and m.en >= $2::date and m.en < $3::date + 1
          order by m.en, m.asiento, m.n limit $4`,
        [cuentas, desde, hasta, MAX_LINEAS + 1],
      );
      return lineas.length > MAX_LINEAS ? null : porMoneda(sumas, lineas);
    }),
});

function porMoneda(sumas: readonly FilaSuma[], lineas: readonly FilaLinea[]): ExtractoMoneda[] {
  const suyas = Map.groupBy(lineas, (l) => l.moneda);
  return [...Map.groupBy(sumas, (s) => s.moneda)].map(([moneda, cuentas]) => {
    const total = (de: "apertura" | "cierre") => dinero(cuentas.reduce((s, c) => s + c[de], 0n), moneda);
    return {
      moneda,
      apertura: total("apertura"),
      cierre: total("cierre"),
      cuentas: cuentas.map((c) => ({
        cuenta: c.cuenta,
        apertura: dinero(c.apertura, moneda),
        cierre: dinero(c.cierre, moneda),
      })),
      lineas: (suyas.get(moneda) ?? []).map(({ moneda: _, importe, ...l }) => ({
        ...l,
        importe: dinero(importe, moneda),
      })),
    };
  });
}
