import { cero, comparar, type Dinero, negar, restar, sumar } from "@alpes/shared/seedwork/money.ts";
import type { Campania } from "../campania.ts";
import type { Existente } from "../payout.ts";
import { sinRetencion, type Transaccion } from "../transaccion.ts";
import { type Asiento, asiento, type Linea, mover, negadas } from "./asiento.ts";
import {
  AJUSTES,
  BANCO,
  COMISIONES_BANCARIAS,
  disponible,
  enPago,
  PLATAFORMA,
  porCobrar,
  presupuesto,
  retenido,
} from "./cuentas.ts";

/** Each fact about money, as entries; none where nothing moves. docs/libro.md has the same as a table. */
type Asientos = readonly Asiento[];

const SIN_REFERENCIAS = {
  partner_id: null,
  idCampania: null,
  payout_id: null,
  transaccion_id: null,
  revierte: null,
};
type Datos = Pick<Asiento, "clave" | "hecho"> & Partial<Asiento>;

function postear(datos: Datos, lineas: readonly Linea[]): Asientos {
  if (lineas.length === 0) return [];
  const r = asiento({ ...SIN_REFERENCIAS, ...datos, lineas });
  // The functions below only move: an entry of theirs that does not sum to zero is a bug.
  if (!r.ok) throw new Error(`${datos.clave}: ${r.error.tipo}`);
  return [r.value];
}

/** Takes entries back, each by one of its own that names it. */
const revertir = (originales: Asientos, hecho: Asiento["hecho"], clave?: string): Asientos =>
  originales.flatMap((a) =>
    postear(
      { ...a, clave: clave ?? `reverso:${a.clave}`, hecho, revierte: a.clave },
      negadas(a.lineas),
    )
  );

// ---- campaigns ------------------------------------------------------------------------------------------------

/** The first funding has a key of its own; a later one says at which version of the campaign it came. */
const claveFondeo = (idCampania: string, n: number | null) =>
  n === null ? `fondeo:${idCampania}` : `fondeo:${idCampania}:${n}`;

/** `monto` more for the campaign to spend; less when it is negative. */
export const fondeo = (c: Campania, monto: Dinero, n: number | null): Asientos =>
  postear(
    {
      clave: claveFondeo(c.idCampania, n),
      hecho: "campania_fondeada",
      partner_id: c.idCliente,
      idCampania: c.idCampania,
    },
    monto.unidades >= 0n
      ? mover(porCobrar(c.idCliente), presupuesto(c.idCampania), monto)
      : mover(presupuesto(c.idCampania), porCobrar(c.idCliente), negar(monto)),
  );

/** What is left of a cancelled campaign goes back, `n`: at which version; untouched, its only funding is reversed. */
export const cancelacion = (c: Campania, resto: Dinero, n: number | null): Asientos =>
  n === null ? revertir(fondeo(c, resto, null), "campania_cancelada") : postear(
    {
      clave: `cancelacion:${c.idCampania}:${n}`,
      hecho: "campania_cancelada",
      partner_id: c.idCliente,
      idCampania: c.idCampania,
    },
    mover(presupuesto(c.idCampania), porCobrar(c.idCliente), resto),
  );

// ---- commissions ----------------------------------------------------------------------------------------------

const origen = (t: Transaccion) => t.idCampania === null ? PLATAFORMA : presupuesto(t.idCampania);
const deTransaccion = (t: Transaccion) => ({
  partner_id: t.partner_id,
  idCampania: t.idCampania,
  transaccion_id: t.id,
});

/** Earned: held, or available at once where nothing is held. */
export const comision = (t: Transaccion): Asientos =>
  postear(
    { clave: `comision:${t.id}`, hecho: "comision", ...deTransaccion(t) },
    mover(origen(t), sinRetencion(t) ? disponible(t.partner_id) : retenido(t.partner_id), t.comision),
  );

/** The hold is over. */
export const liberacion = (t: Transaccion): Asientos =>
  postear(
    { clave: `liberacion:${t.id}`, hecho: "comision_liberada", ...deTransaccion(t) },
    mover(retenido(t.partner_id), disponible(t.partner_id), t.comision),
  );

/** Taken back before any payout held it: what was posted of it is reversed, the last first. */
export const reembolsoSinPagar = (t: Transaccion): Asientos => [
  ...(t.liberada && !sinRetencion(t) ? revertir(liberacion(t), "reembolso") : []),
  ...revertir(comision(t), "reembolso", `reembolso:${t.id}`),
];

/** Taken back when a payout holds it: the platform advances what the partner's next payout absorbs. */
export const reembolsoPagado = (t: Transaccion): Asientos =>
  postear(
    { clave: `reembolso:${t.id}`, hecho: "reembolso", ...deTransaccion(t) },
    mover(AJUSTES, origen(t), t.comision),
  );

/** A refunded commission meets its negative line before either is paid: the advance comes back, and both are void. */
export const anulacion = (t: Transaccion): Asientos =>
  postear(
    { clave: `anulacion:${t.id}`, hecho: "comision_anulada", ...deTransaccion(t) },
    mover(disponible(t.partner_id), AJUSTES, t.comision),
  );

// ---- payouts --------------------------------------------------------------------------------------------------

const quien = (p: Existente): string => {
  if (p.partner_id === null) throw new Error(`${p.ficha.id} moves money of nobody`);
  return p.partner_id;
};
const dePayout = (p: Existente) => ({
  partner_id: p.partner_id,
  idCampania: p.ficha.idCampania,
  payout_id: p.ficha.id,
});

/**
 * Confirmed: the amount is set aside. What no commission explains was asked for and is an adjustment; what the partner
 * owes is absorbed. All in one entry, so that one reversal undoes it.
 */
export function reserva(p: Existente, lineas: readonly Transaccion[]): Asientos {
  const monto = p.ficha.monto_total;
  const suma = (ts: readonly Transaccion[]) => ts.reduce((a, t) => sumar(a, t.comision), cero(monto.moneda));
  const ganado = suma(lineas.filter((t) => t.reembolso_de === null));
  const debido = negar(suma(lineas.filter((t) => t.reembolso_de !== null)));
  const ajuste = restar(sumar(monto, debido), ganado);
  if (comparar(ajuste, cero(monto.moneda)) < 0) {
    throw new Error(`${p.ficha.id} pays less than its lines`);
  }
  const suyo = disponible(quien(p));
  return postear({ clave: `reserva:${p.ficha.id}`, hecho: "payout_reservado", ...dePayout(p) }, [
    ...mover(AJUSTES, suyo, ajuste),
    ...mover(suyo, AJUSTES, debido),
    ...mover(suyo, enPago(quien(p)), monto),
  ]);
}
export const reservaDevuelta = (p: Existente, lineas: readonly Transaccion[]): Asientos =>
  revertir(reserva(p, lineas), "payout_devuelto");

/** The bank says that it paid; what it keeps of the amount is its fee. */
export function pago(p: Existente, fee: Dinero | null): Asientos {
  const monto = p.ficha.monto_total;
  const suya = fee ?? cero(monto.moneda);
  return postear({ clave: `pago:${p.ficha.id}`, hecho: "payout_pagado", ...dePayout(p) }, [
    ...mover(enPago(quien(p)), BANCO, restar(monto, suya)),
    ...mover(enPago(quien(p)), COMISIONES_BANCARIAS, suya),
  ]);
}
export const pagoDevuelto = (p: Existente, fee: Dinero | null): Asientos =>
  revertir(pago(p, fee), "payout_devuelto");

/** A cliente paid for its campaign. */
export function cobro(p: Existente, fee: Dinero | null): Asientos {
  const monto = p.ficha.monto_total;
  const suya = fee ?? cero(monto.moneda);
  const debe = porCobrar(quien(p));
  return postear({ clave: `cobro:${p.ficha.id}`, hecho: "campania_pagada", ...dePayout(p) }, [
    ...mover(BANCO, debe, restar(monto, suya)),
    ...mover(COMISIONES_BANCARIAS, debe, suya),
  ]);
}
export const cobroDevuelto = (p: Existente, fee: Dinero | null): Asientos =>
  revertir(cobro(p, fee), "campania_devuelta");
