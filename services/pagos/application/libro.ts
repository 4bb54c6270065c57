import type { Actor } from "@alpes/shared/seedwork/actor.ts";
import { cero, type Dinero, type Moneda, restar, sumar } from "@alpes/shared/seedwork/money.ts";
import type { ListRequest, Page } from "@alpes/shared/seedwork/pages.ts";
import {
  alcance,
  type Denegado,
  denegado,
  type NoVisible,
  PROHIBIDO,
  visto,
} from "@alpes/shared/seedwork/policy.ts";
import { err, ok, type Result } from "@alpes/shared/seedwork/result.ts";
import { type Cuenta, duenoDe, enPago, porCobrar, type TipoCuenta } from "../domain/libro/cuentas.ts";
import type { AsientoVisto, Pagos, PagoVisto } from "./ports.ts";

export interface FiltroCuentas {
  readonly cuenta: Cuenta | null;
  readonly tipo: TipoCuenta | null;
  /** The party or the campaign. */
  readonly titular: string | null;
  readonly moneda: Moneda | null;
}
export interface FiltroAsientos {
  readonly cuenta: Cuenta | null;
  readonly payout_id: string | null;
  readonly transaccion_id: string | null;
  readonly idCampania: string | null;
  /** The request that they go back to. */
  readonly solicitud: string | null;
  /** Days, both included. */
  readonly desde: string | null;
  readonly hasta: string | null;
}
export interface FiltroMovimientos {
  readonly cuenta: Cuenta;
  readonly moneda: Moneda | null;
  /** Up to this instant, included; null: all. */
  readonly en: Date | null;
}

export interface Saldo {
  readonly cuenta: Cuenta;
  readonly saldo: Dinero;
  /** How many lines make it. */
  readonly movimientos: number;
  /** When the last of them was posted. */
  readonly actualizado: Date;
}
/** One line of an account, with its entry. */
export interface Movimiento {
  readonly importe: Dinero;
  readonly asiento: AsientoVisto;
}

/** The ledger's read side. `visible`: only the accounts of this cliente (`null`: all of them). */
export interface Libro {
  cuentas(pedido: ListRequest<"cuenta", FiltroCuentas>, visible: string | null): Promise<Page<Saldo>>;
  /** In the order in which they were posted; of each, the lines that are visible. */
  asientos(pedido: ListRequest<"fecha", FiltroAsientos>, visible: string | null): Promise<Page<AsientoVisto>>;
  /** One for each currency, as the lines up to `en` make it; null: as kept now. */
  saldos(cuenta: Cuenta, en: Date | null, visible: string | null): Promise<readonly Saldo[]>;
  movimientos(
    pedido: ListRequest<"fecha", FiltroMovimientos>,
    visible: string | null,
  ): Promise<Page<Movimiento>>;
  /** All that a payout and these transactions moved, as posted. */
  deUnPayout(
    id: string,
    transacciones: readonly string[],
    visible: string | null,
  ): Promise<readonly AsientoVisto[]>;
}

/** Why a payout is what it is. */
export interface ExplicacionPayout {
  readonly pago: PagoVisto;
  readonly asientos: readonly AsientoVisto[];
  /** Of its commissions, of what it absorbs (negative), and what was asked for beyond both. */
  readonly comisiones: Dinero;
  readonly absorbido: Dinero;
  readonly ajuste: Dinero;
  /** What the ledger's lines say that it set aside, or that its cliente paid; zero before that, and once taken back. */
  readonly en_libro: Dinero;
}

type Prohibido = typeof PROHIBIDO;
export type ConsultasLibro = ReturnType<typeof consultasLibro>;

/** What can be asked of the ledger; a partner asks of its own accounts. */
export function consultasLibro(libro: Libro, pagos: Pick<Pagos, "obtener">) {
  async function entre<T>(
    actor: Actor,
    leer: (visible: string | null) => Promise<T>,
  ): Promise<Result<T, Prohibido>> {
    const ve = alcance(actor, "libro.leer");
    return ve === null ? err(PROHIBIDO) : ok(await leer(ve.cliente));
  }
  /** An account that is not the partner's own looks like none. */
  async function una<T>(
    actor: Actor,
    cuenta: Cuenta,
    leer: (visible: string | null) => Promise<T>,
  ): Promise<Result<T, Denegado>> {
    const no = denegado(actor, "libro.leer", duenoDe(cuenta));
    return no === null ? await entre(actor, leer) : err(no);
  }
  return {
    cuentas: (actor: Actor, pedido: ListRequest<"cuenta", FiltroCuentas>) =>
      entre(actor, (ve) => libro.cuentas(pedido, ve)),
    asientos: (actor: Actor, pedido: ListRequest<"fecha", FiltroAsientos>) =>
      entre(actor, (ve) => libro.asientos(pedido, ve)),
    saldos: (actor: Actor, cuenta: Cuenta, en: Date | null) =>
      entre(actor, (ve) => libro.saldos(cuenta, en, ve)),
    /** A balance, and a page of the lines that make it. */
    explicacion: (actor: Actor, pedido: ListRequest<"fecha", FiltroMovimientos>) =>
      una(actor, pedido.filters.cuenta, async (ve) => {
        const { cuenta, moneda, en } = pedido.filters;
        const saldos = await libro.saldos(cuenta, en, ve);
        return {
          saldos: saldos.filter((s) => moneda === null || s.saldo.moneda === moneda),
          pagina: await libro.movimientos(pedido, ve),
        };
      }),
    async explicacionDePayout(actor: Actor, id: string): Promise<Result<ExplicacionPayout, NoVisible>> {
      const ve = alcance(actor, "pagos.leer");
      if (ve === null) return err(PROHIBIDO);
      const r = visto(actor, "pagos.leer", await pagos.obtener(id, ve.cliente));
      if (!r.ok) return r;
      const asientos = await libro.deUnPayout(id, r.value.transacciones.map((t) => t.id), ve.cliente);
      return ok(explicar(r.value, asientos));
    },
  };
}

function explicar(pago: PagoVisto, asientos: readonly AsientoVisto[]): ExplicacionPayout {
  const { ficha, partner_id } = pago.payout;
  const { moneda } = ficha.monto_total;
  const suma = (ds: readonly Dinero[]) => ds.reduce(sumar, cero(moneda));
  const de = (absorbe: boolean) =>
    suma(pago.transacciones.filter((t) => (t.reembolso_de !== null) === absorbe).map((t) => t.comision));
  const [comisiones, absorbido] = [de(false), de(true)];
  const cuenta = partner_id === null
    ? null
    : ficha.tipo === "PARTNER"
    ? enPago(partner_id)
    : porCobrar(partner_id);
  // What was set aside stays said when it goes on to the bank; only a reversal takes it back.
  const vigentes = asientos.filter((a) =>
    a.payout_id === ficha.id && (a.hecho === "payout_reservado" || a.hecho === "campania_pagada") &&
    a.revertido_por === null
  );
  return {
    pago,
    asientos,
    comisiones,
    absorbido,
    ajuste: restar(ficha.monto_total, sumar(comisiones, absorbido)),
    en_libro: suma(
      vigentes.flatMap((a) => a.lineas.filter((l) => l.cuenta === cuenta)).map((l) => l.importe),
    ),
  };
}
