import type { Tx } from "@alpes/shared/adapters/postgres/database.ts";
import { type Condition, condition, listPage } from "@alpes/shared/adapters/postgres/lists.ts";
import { dinero, type Moneda } from "@alpes/shared/seedwork/money.ts";
import type { Libro, Movimiento, Saldo } from "../application/libro.ts";
import type { AsientoVisto } from "../application/ports.ts";
import type { Hecho, Linea } from "../domain/libro/asiento.ts";
import { type Cuenta, cuentasDe, cuentasPropias } from "../domain/libro/cuentas.ts";

interface FilaAsiento {
  id: bigint;
  clave: string;
  hecho: Hecho;
  partner_id: string | null;
  id_campania: string | null;
  payout_id: string | null;
  transaccion_id: string | null;
  reversa_de: string | null;
  revertido_por: string | null;
  en: Date;
  actor: string;
  correlacion: string;
  causa: string;
  saga_paso: string | null;
}
const COLUMNAS =
  `a.id, a.clave, a.hecho, a.partner_id, a.id_campania, a.payout_id, a.transaccion_id, r.clave as reversa_de,
   v.clave as revertido_por, a.en, a.actor, a.correlacion, a.causa, a.saga_paso`;
const CON_REVERSAS =
  "left join pagos.asientos r on r.id = a.revierte left join pagos.asientos v on v.revierte = a.id";

const asientoDeFila = (f: FilaAsiento, lineas: readonly Linea[]): AsientoVisto => ({
  id: Number(f.id),
  clave: f.clave,
  hecho: f.hecho,
  partner_id: f.partner_id,
  idCampania: f.id_campania,
  payout_id: f.payout_id,
  transaccion_id: f.transaccion_id,
  revierte: f.reversa_de,
  revertido_por: f.revertido_por,
  lineas,
  en: f.en,
  actor: f.actor,
  correlacion: f.correlacion,
  causa: f.causa,
  saga_paso: f.saga_paso,
});

interface FilaSaldo {
  cuenta: Cuenta;
  moneda: Moneda;
  saldo: bigint;
  movimientos: bigint;
  actualizado: Date;
}
const saldoDeFila = (f: FilaSaldo): Saldo => ({
  cuenta: f.cuenta,
  saldo: dinero(f.saldo, f.moneda),
  movimientos: Number(f.movimientos),
  actualizado: f.actualizado,
});

const cuando = (valor: unknown, sql: string): Condition[] => valor === null ? [] : [condition(sql, valor)];
const suyas = (visible: string | null): readonly Cuenta[] | null =>
  visible === null ? null : cuentasPropias(visible);

/** The ledger's read side; what it shows is committed. */
export function postgresLibro(db: Tx): Libro {
  /** The lines of entries, in their order; of a cliente only its own. */
  async function conLineas(filas: readonly FilaAsiento[], visible: string | null): Promise<AsientoVisto[]> {
    const lineas = filas.length === 0
      ? []
      : await db.query<{ asiento: bigint; cuenta: Cuenta; moneda: Moneda; importe: bigint }>(
        `select asiento, cuenta, moneda, importe from pagos.movimientos
          where asiento = any($1::bigint[]) and ($2::text[] is null or cuenta = any($2)) order by asiento, n`,
        [filas.map((f) => f.id), suyas(visible)],
      );
    const por = Map.groupBy(lineas, (l) => l.asiento);
    return filas.map((f) =>
      asientoDeFila(
        f,
        (por.get(f.id) ?? []).map((l) => ({ cuenta: l.cuenta, importe: dinero(l.importe, l.moneda) })),
      )
    );
  }
  const tocan = (cuentas: readonly string[] | null) =>
    cuando(
      cuentas,
      "exists (select from pagos.movimientos m where m.asiento = a.id and m.cuenta = any(?::text[]))",
    );

  return {
    cuentas: ({ filters: f, page, sort }, visible) =>
      listPage<FilaSaldo, Saldo>(db, {
        from: "pagos.saldos",
        columns: "cuenta, moneda, saldo, movimientos, actualizado",
        id: "moneda",
        where: [
          ...cuando(suyas(visible), "cuenta = any(?::text[])"),
          ...cuando(f.cuenta, "cuenta = ?"),
          ...cuando(f.titular && cuentasDe(f.titular), "cuenta = any(?::text[])"),
          ...cuando(f.tipo, "split_part(cuenta, ':', 1) = ?"),
          ...cuando(f.moneda, "moneda = ?"),
        ],
        sort: { sql: "cuenta", type: "text" },
        order: sort.order,
        page,
        view: saldoDeFila,
      }),

    async asientos({ filters: f, page, sort }, visible) {
      const hallada = await listPage<FilaAsiento, FilaAsiento>(db, {
        from: `pagos.asientos a ${CON_REVERSAS}`,
        columns: COLUMNAS,
        // `id` alone is unique: the order of posting.
        id: "a.hecho",
        where: [
          ...tocan(suyas(visible)),
          ...tocan(f.cuenta && [f.cuenta]),
          ...cuando(f.payout_id, "a.payout_id = ?"),
          ...cuando(f.transaccion_id, "a.transaccion_id = ?"),
          ...cuando(f.idCampania, "a.id_campania = ?"),
          ...cuando(f.solicitud, "a.correlacion = ?"),
          ...cuando(f.desde, "a.en >= ?::date"),
          ...cuando(f.hasta, "a.en < ?::date + 1"),
        ],
        sort: { sql: "a.id", type: "bigint" },
        order: sort.order,
        page,
        view: (fila) => fila,
      });
      return { ...hallada, rows: await conLineas(hallada.rows, visible) };
    },

    async saldos(cuenta, en, visible) {
      if (suyas(visible)?.includes(cuenta) === false) return [];
      const filas = await db.query<FilaSaldo>(
        en === null
          ? "select cuenta, moneda, saldo, movimientos, actualizado from pagos.saldos where cuenta = $1 order by moneda"
          : `select cuenta, moneda, sum(importe)::bigint as saldo, count(*) as movimientos, max(en) as actualizado
               from pagos.movimientos where cuenta = $1 and en <= $2 group by cuenta, moneda order by moneda`,
        en === null ? [cuenta] : [cuenta, en],
      );
      return filas.map(saldoDeFila);
    },

    async movimientos({ filters: f, page, sort }, visible) {
      type Fila = FilaAsiento & { moneda: Moneda; importe: bigint };
      const hallada = await listPage<Fila, Fila>(db, {
        from: `pagos.movimientos m join pagos.asientos a on a.id = m.asiento ${CON_REVERSAS}`,
        columns: `${COLUMNAS}, m.moneda, m.importe`,
        id: "(lpad(m.asiento::text, 19, '0') || ':' || lpad(m.n::text, 9, '0'))",
        where: [
          condition("m.cuenta = ?", f.cuenta),
          ...cuando(suyas(visible), "m.cuenta = any(?::text[])"),
          ...cuando(f.moneda, "m.moneda = ?"),
          ...cuando(f.en, "m.en <= ?"),
        ],
        sort: { sql: "m.en", type: "timestamptz" },
        order: sort.order,
        page,
        view: (fila) => fila,
      });
      const rows = hallada.rows.map((fila): Movimiento => {
        const importe = dinero(fila.importe, fila.moneda);
        return { importe, asiento: asientoDeFila(fila, [{ cuenta: f.cuenta, importe }]) };
      });
      return { ...hallada, rows };
    },

    async deUnPayout(id, transacciones, visible) {
      const filas = await db.query<FilaAsiento>(
        `select ${COLUMNAS} from pagos.asientos a ${CON_REVERSAS} where a.payout_id = $1
         union all
         select ${COLUMNAS} from pagos.asientos a ${CON_REVERSAS}
          where a.transaccion_id = any($2::text[]) and a.payout_id is distinct from $1
          order by 1`,
        [id, transacciones],
      );
      return await conLineas(filas, visible);
    },
  };
}
