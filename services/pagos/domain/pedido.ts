import {
  cero,
  type Dinero,
  iguales,
  leerMonto,
  LIMITE,
  type Moneda,
  sumar,
} from "@alpes/shared/seedwork/money.ts";
import { err, ok, type Result } from "@alpes/shared/seedwork/result.ts";
import { type Campania, monedaDe } from "./campania.ts";
import type { Existente, Pedido } from "./payout.ts";
import type { Transaccion } from "./transaccion.ts";

/** An amount as it was asked for: a bare one takes the currency that is decided later. */
export interface MontoPedido {
  readonly valor: string | number;
  readonly moneda: Moneda | null;
}

/** The part of a request that decides the figure. */
export interface Solicitud {
  readonly monto: MontoPedido | null;
  readonly moneda: Moneda | null;
}

export type RechazoMonto =
  | { readonly tipo: "monto_inexacto"; readonly moneda: Moneda }
  | { readonly tipo: "moneda_distinta"; readonly esperada: Moneda };

export type RechazoPedido =
  | RechazoMonto
  | { readonly tipo: "sin_monto" }
  | { readonly tipo: "moneda_requerida"; readonly monedas: readonly Moneda[] }
  | { readonly tipo: "saldo_no_positivo"; readonly saldo: Dinero }
  | { readonly tipo: "fuera_de_rango" }
  | { readonly tipo: "otro_monto"; readonly id: string; readonly monto: Dinero };

/** The currency that the request itself names. */
export const monedaPedida = (s: Solicitud): Moneda | null => s.moneda ?? s.monto?.moneda ?? null;

/** Reads an asked amount in the currency that was decided. */
export function enMoneda(m: MontoPedido, moneda: Moneda): Result<Dinero, RechazoMonto> {
  if (m.moneda !== null && m.moneda !== moneda) return err({ tipo: "moneda_distinta", esperada: moneda });
  const r = leerMonto(m.valor, moneda);
  return r.ok ? r : err({ tipo: "monto_inexacto", moneda });
}

export interface Calculo {
  readonly monto_total: Dinero;
  readonly pedido: Pedido;
  readonly lineas: readonly Transaccion[];
}

/**
 * What a partner is owed. `comisiones` are the unpaid ones of the cycle: they define the total, and where there are
 * none in the currency, the asked amount does. `arrastre` are negative lines of any time, which this payout absorbs.
 */
export function calcularPartner(
  comisiones: readonly Transaccion[],
  arrastre: readonly Transaccion[],
  s: Solicitud,
): Result<Calculo, RechazoPedido> {
  const monedas = [...new Set(comisiones.map((t) => t.comision.moneda))].sort();
  const pedida = monedaPedida(s);
  if (pedida === null && monedas.length > 1) return err({ tipo: "moneda_requerida", monedas });
  const moneda = pedida ?? monedas[0] ?? "USD";
  const asked = s.monto === null ? null : enMoneda(s.monto, moneda);
  if (asked !== null && !asked.ok) return asked;

  const propias = comisiones.filter((t) => t.comision.moneda === moneda);
  const deudas = arrastre.filter((t) => t.comision.moneda === moneda);
  const base = propias.length > 0 ? suma(propias, moneda) : asked?.value;
  if (base === undefined) return err({ tipo: "sin_monto" });
  const monto_total = sumar(base, suma(deudas, moneda));
  if (monto_total.unidades <= 0n) return err({ tipo: "saldo_no_positivo", saldo: monto_total });
  if (monto_total.unidades > LIMITE) return err({ tipo: "fuera_de_rango" });
  return ok({
    monto_total,
    pedido: { monto: asked?.value ?? null, moneda: pedida },
    lineas: [...propias, ...deudas],
  });
}

/** What a campaign costs: the amount asked for, else its anticipo, else its whole budget. */
export function calcularCampania(c: Campania, s: Solicitud): Result<Calculo, RechazoPedido> {
  const propia = monedaDe(c);
  const pedida = monedaPedida(s);
  if (propia !== null && pedida !== null && propia !== pedida) {
    return err({ tipo: "moneda_distinta", esperada: propia });
  }
  const moneda = pedida ?? propia ?? "USD";
  const asked = s.monto === null ? null : enMoneda(s.monto, moneda);
  if (asked !== null && !asked.ok) return asked;
  const monto_total = asked?.value ?? positivo(c.anticipo) ?? positivo(c.presupuesto);
  if (monto_total === null) return err({ tipo: "sin_monto" });
  return ok({ monto_total, pedido: { monto: asked?.value ?? null, moneda: pedida }, lineas: [] });
}

/** A repeat is harmless unless it asks for another amount than the one that was asked for. */
export function repite(p: Existente, s: Solicitud): Result<null, RechazoPedido> {
  const { id, monto_total, pedido } = p.ficha;
  if (s.monto === null) return ok(null);
  const asked = enMoneda(s.monto, s.moneda ?? monto_total.moneda);
  if (!asked.ok) return asked;
  const antes = pedido.monto ?? monto_total;
  return iguales(asked.value, antes) ? ok(null) : err({ tipo: "otro_monto", id, monto: antes });
}

const positivo = (d: Dinero | null): Dinero | null => d !== null && d.unidades > 0n ? d : null;
const suma = (ts: readonly Transaccion[], moneda: Moneda): Dinero =>
  ts.reduce((a, t) => sumar(a, t.comision), cero(moneda));
