import type { Actor } from "@alpes/shared/seedwork/actor.ts";
import { type Dinero, type Moneda, restar } from "@alpes/shared/seedwork/money.ts";
import { type Denegado, denegado } from "@alpes/shared/seedwork/policy.ts";
import { err, ok, type Result } from "@alpes/shared/seedwork/result.ts";
import { type Cuenta, disponible, enPago, retenido } from "../domain/libro/cuentas.ts";

/** Days in UTC, both included. */
export interface Periodo {
  readonly desde: string;
  readonly hasta: string;
}
export interface LineaExtracto {
  readonly fecha: Date;
  /** The entry's `clave`. */
  readonly asiento: string;
  readonly hecho: string;
  readonly cuenta: Cuenta;
  readonly transaccion_id: string | null;
  readonly payout_id: string | null;
  readonly importe: Dinero;
}
/** An account at the beginning and at the end of the period, as its lines make it. */
export interface CuentaExtracto {
  readonly cuenta: Cuenta;
  readonly apertura: Dinero;
  readonly cierre: Dinero;
}
export interface ExtractoMoneda {
  readonly moneda: Moneda;
  readonly apertura: Dinero;
  readonly cierre: Dinero;
  readonly cuentas: readonly CuentaExtracto[];
  readonly lineas: readonly LineaExtracto[];
}
export interface Extracto extends Periodo {
  readonly partner_id: string;
  readonly monedas: readonly ExtractoMoneda[];
}

/** The most lines of one statement. */
export const MAX_LINEAS = 20_000;

export interface Extractos {
  ciclo(id: string): Promise<Periodo | null>;
  /** What these accounts held and what moved on them, in one view of the data; null: more than `MAX_LINEAS` lines. */
  leer(cuentas: readonly Cuenta[], periodo: Periodo): Promise<readonly ExtractoMoneda[] | null>;
}
export type RechazoExtracto = Denegado | { readonly tipo: "ciclo_desconocido" } | {
  readonly tipo: "demasiadas_lineas";
};

/** What a partner earned, what is held, and what went to it: opening, lines, closing, in each currency. */
export const extracto = (extractos: Extractos) =>
async (
  actor: Actor,
  partner_id: string,
  cuando: { readonly ciclo: string } | Periodo,
): Promise<Result<Extracto, RechazoExtracto>> => {
  const no = denegado(actor, "libro.leer", partner_id);
  if (no !== null) return err(no);
  const periodo = "ciclo" in cuando ? await extractos.ciclo(cuando.ciclo) : cuando;
  if (periodo === null) return err({ tipo: "ciclo_desconocido" });
  const cuentas = [retenido(partner_id), disponible(partner_id), enPago(partner_id)];
  const monedas = await extractos.leer(cuentas, periodo);
  if (monedas === null) return err({ tipo: "demasiadas_lineas" });
  for (const m of monedas) {
    const movido = m.lineas.reduce((s, l) => s + l.importe.unidades, 0n);
    if (restar(m.cierre, m.apertura).unidades !== movido) throw new Error("a statement does not add up");
  }
  return ok({ partner_id, desde: periodo.desde, hasta: periodo.hasta, monedas });
};
export type ConsultaExtracto = ReturnType<typeof extracto>;
