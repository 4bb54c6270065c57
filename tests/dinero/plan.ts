import { seeded } from "@alpes/shared/dev/seed_random.ts";
import { EXPONENTES, type Moneda, montoTexto } from "@alpes/shared/seedwork/money.ts";

/** A write that whoever wants a payout has to make; all of them may be repeated. */
export interface Escritura {
  readonly path: string;
  readonly body: object;
  /** How many payouts it makes, by natural key: repeating it makes none. */
  readonly pagos: number;
}

const MONEDAS = ["USD", "COP", "EUR", "CLP"] as const satisfies readonly Moneda[];
const PARTNERS = 200;
const LOTE = 1_000;
export const CICLO = { id: "2026-01", inicio: "2026-01-01", fin: "2026-01-31" };

/**
 * `n` payouts: three of four of an explicit amount, to 200 partners in a cycle each; the fourth of two commissions that are
 * recorded before. One in a hundred is paid to a card that the bank never answers about.
 */
export function plan(
  n: number,
  semilla: number,
): { readonly antes: Escritura[]; readonly pagos: Escritura[] } {
  const azar = seeded(semilla);
  const monto = (moneda: Moneda) => montoTexto({ unidades: BigInt(100 + azar.below(9_999_900)), moneda });
  const transacciones: object[] = [];
  const pagos = Array.from({ length: n }, (_, i): Escritura => {
    const moneda = azar.of(MONEDAS);
    const medio = {
      payment_method_type: "TARJETA",
      payment_method_mask: azar.below(100) === 0 ? "0004" : "1111",
    };
    if (i % 4 !== 3) {
      const body = {
        partner_id: `p-${i % PARTNERS}`,
        cycle_id: `c-${Math.floor(i / PARTNERS)}`,
        total_amount: monto(moneda),
        currency: moneda,
        ...medio,
      };
      return { path: "/pagos/pagar", body, pagos: 1 };
    }
    for (const parte of ["a", "b"]) {
      transacciones.push({
        id: `t-${i}-${parte}`,
        partner_id: `p-de-comision-${i}`,
        event_type: "VENTA",
        event_timestamp: "2026-01-15T12:00:00Z",
        monto_original: { valor: EXPONENTES[moneda] === 0 ? "1000" : "1000.00", moneda },
        comision: { valor: monto(moneda), moneda },
      });
    }
    return {
      path: "/pagos/pagar",
      body: { partner_id: `p-de-comision-${i}`, cycle_id: CICLO.id, ...medio },
      pagos: 1,
    };
  });
  const lotes = Array.from({ length: Math.ceil(transacciones.length / LOTE) }, (_, i): Escritura => ({
    path: "/pagos/transacciones",
    body: { transacciones: transacciones.slice(i * LOTE, (i + 1) * LOTE) },
    pagos: 0,
  }));
  return {
    antes: [{ path: "/pagos/ciclos", body: { ...CICLO, estado: "ABIERTO" }, pagos: 0 }, ...lotes],
    pagos,
  };
}
