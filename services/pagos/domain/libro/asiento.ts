import { type Dinero, LIMITE, negar } from "@alpes/shared/seedwork/money.ts";
import { err, ok, type Result } from "@alpes/shared/seedwork/result.ts";
import type { Cuenta } from "./cuentas.ts";

/** What happened, as the ledger names it; docs/libro.md says what each one moves. */
export type Hecho =
  | "campania_fondeada"
  | "campania_pagada"
  | "campania_devuelta"
  | "campania_cancelada"
  | "comision"
  | "comision_liberada"
  | "comision_anulada"
  | "reembolso"
  | "payout_reservado"
  | "payout_pagado"
  | "payout_devuelto";

/** What enters the account is positive, what leaves it negative. */
export interface Linea {
  readonly cuenta: Cuenta;
  readonly importe: Dinero;
}

/** One fact about money. Its lines sum to zero in each currency: only `asiento` makes one. */
export interface Asiento {
  /** The fact and what it is about: no fact is posted twice. */
  readonly clave: string;
  readonly hecho: Hecho;
  readonly partner_id: string | null;
  readonly idCampania: string | null;
  readonly payout_id: string | null;
  readonly transaccion_id: string | null;
  /** The `clave` of the entry that this one takes back. */
  readonly revierte: string | null;
  readonly lineas: readonly Linea[];
}

export type RechazoAsiento =
  | { readonly tipo: "sin_lineas" }
  | { readonly tipo: "linea_en_cero"; readonly cuenta: Cuenta }
  | { readonly tipo: "fuera_de_rango"; readonly cuenta: Cuenta }
  | { readonly tipo: "no_cuadra"; readonly diferencia: Dinero };

/** An entry, or why these lines are none. */
export function asiento(a: Asiento): Result<Asiento, RechazoAsiento> {
  if (a.lineas.length < 2) return err({ tipo: "sin_lineas" });
  const sumas = new Map<Dinero["moneda"], bigint>();
  for (const { cuenta, importe: { unidades, moneda } } of a.lineas) {
    if (unidades === 0n) return err({ tipo: "linea_en_cero", cuenta });
    if (unidades > LIMITE || unidades < -LIMITE) return err({ tipo: "fuera_de_rango", cuenta });
    sumas.set(moneda, (sumas.get(moneda) ?? 0n) + unidades);
  }
  for (const [moneda, unidades] of sumas) {
    if (unidades !== 0n) return err({ tipo: "no_cuadra", diferencia: { unidades, moneda } });
  }
  return ok(a);
}

/** `monto` goes from one account to the other; nothing moves nothing. */
export const mover = (de: Cuenta, a: Cuenta, monto: Dinero): readonly Linea[] =>
  monto.unidades === 0n ? [] : [{ cuenta: de, importe: negar(monto) }, { cuenta: a, importe: monto }];

export const negadas = (lineas: readonly Linea[]): readonly Linea[] =>
  lineas.map(({ cuenta, importe }) => ({ cuenta, importe: negar(importe) }));
