import type { Versioned } from "@alpes/shared/seedwork/decider.ts";
import type { Dinero, Moneda } from "@alpes/shared/seedwork/money.ts";
import type { ListRequest, Page } from "@alpes/shared/seedwork/pages.ts";
import type { UnitOfWork } from "@alpes/shared/seedwork/unit_of_work.ts";
import type { Dias, Series } from "@alpes/shared/seedwork/series.ts";
import type { Campania } from "../domain/campania.ts";
import type { Ciclo } from "../domain/ciclo.ts";
import type { ClienteConocido, Condiciones } from "../domain/condiciones.ts";
import type { Asiento } from "../domain/libro/asiento.ts";
import type { Estado, Existente, Respuesta } from "../domain/payout.ts";
import type { Ambito, Tarifa } from "../domain/tarifas.ts";
import type { Transaccion } from "../domain/transaccion.ts";

/** What a decision needs to see. What is named is loaded; what is not, is absent from `Estados`. */
export interface Ids {
  /** A campaign's payment brings its campaign. */
  readonly payouts: readonly string[];
  /** With those payouts, the transactions they hold and the negative lines of these. */
  readonly lineas: boolean;
  /** A partner's cycle: its live payouts, the cycle if registered, the partner's unpaid transactions. */
  readonly clave: { readonly partner_id: string; readonly cycle_id: string } | null;
  /** Campaigns, each with its live payout. */
  readonly campanias: readonly string[];
  readonly transacciones: readonly string[];
  readonly ciclo: string | null;
  /** The rates that may serve such events. Not locked: recording commissions must not queue up. */
  readonly tarifas: {
    readonly eventos: readonly string[];
    readonly partners: readonly string[];
    readonly marcas: readonly string[];
  } | null;
  /** One rate, to be written. */
  readonly tarifa: string | null;
  /** Whose terms. */
  readonly condiciones: readonly string[];
  readonly clientes: readonly string[];
}
export const NADA: Ids = {
  payouts: [],
  lineas: false,
  clave: null,
  campanias: [],
  transacciones: [],
  ciclo: null,
  tarifas: null,
  tarifa: null,
  condiciones: [],
  clientes: [],
};

export interface Estados {
  /** Every payout that any of the ids led to. */
  readonly payouts: ReadonlyMap<string, Versioned<Existente>>;
  readonly campanias: ReadonlyMap<string, Versioned<Campania>>;
  /** Every transaction that any of the ids led to. */
  readonly transacciones: ReadonlyMap<string, Versioned<Transaccion>>;
  readonly ciclo: Ciclo | null;
  readonly tarifas: ReadonlyMap<string, Tarifa>;
  readonly condiciones: ReadonlyMap<string, Versioned<Condiciones>>;
  readonly clientes: ReadonlyMap<string, ClienteConocido>;
}

export interface Anotacion {
  readonly estado_anterior: Estado | null;
  readonly estado_nuevo: Estado;
  readonly fecha: Date;
  readonly motivo: string | null;
  readonly actor: string;
}

export interface PayoutEscrito {
  readonly payout: Existente;
  readonly anterior: number;
  readonly historial: readonly Anotacion[];
  /** When the next step of it is due; null: none. */
  readonly proximo: Date | null;
}

export interface Escrituras {
  /** In order: one that dies comes before the one that takes its place. */
  readonly payouts: readonly PayoutEscrito[];
  /** `anterior` 0: new. */
  readonly transacciones: readonly { readonly transaccion: Transaccion; readonly anterior: number }[];
  readonly campanias: readonly { readonly campania: Campania; readonly anterior: number }[];
  readonly ciclo: Ciclo | null;
  /** A settlement file that was read, and becomes visible. */
  readonly conciliacion?: string;
  /** New ones and ended ones; in order: what ends before what takes its place. */
  readonly tarifas: readonly Tarifa[];
  /** In the order in which they are posted; no fact twice. */
  readonly asientos: readonly Asiento[];
  readonly condiciones: readonly { readonly condiciones: Condiciones; readonly anterior: number }[];
  readonly clientes: readonly ClienteConocido[];
}

export type UnidadPagos = UnitOfWork<Ids, Estados, Escrituras>;

/** A payout of which a step is due, and the request that it goes back to. */
export interface Tarea {
  readonly id: string;
  readonly correlacion: string;
  readonly traceparent: string | null;
  /** The step of the campaign's saga that asked for it. */
  readonly saga_paso: string | null;
}

/** The durable agenda, on the database's clock. */
export interface Agenda {
  /** Takes up to `max` due payouts for `arriendo` ms: until then no other worker is given them. */
  tomar(max: number, arriendo: number): Promise<readonly Tarea[]>;
  /** Milliseconds until the next one is due, at most 0 where one is; `null` where none ever will be. */
  falta(): Promise<number | null>;
}

/** What is held, on the database's clock. */
export interface Retenidas {
  /** Up to `max` commissions whose hold is over, the longest due first. */
  debidas(max: number): Promise<readonly string[]>;
}

/** One payment as the provider is told it. Telling it again under the same key never pays again. */
export interface Orden {
  readonly clave: string;
  readonly payout_id: string;
  readonly monto: Dinero;
  readonly mascara: string | null;
}
export type RespuestaPsp = Respuesta;

/**
 * The payment provider. Every call ends within the adapter's own deadline; no answer, a broken connection, an answer
 * about something else and an exception all mean the same: nobody knows, ask by key. `pagado` and `no_pagado` are for
 * good: the provider never says otherwise of the same key.
 */
export interface Psp {
  pagar(orden: Orden): Promise<RespuestaPsp>;
  /** `no_existe`: this key never reached it. */
  consultar(orden: Orden): Promise<RespuestaPsp | { readonly tipo: "no_existe" }>;
  /** Gives a paid attempt's money back; harmless to repeat. False: not done yet, ask again. */
  devolver(clave: string): Promise<boolean>;
}

// ---- the read side: sees what has been committed, at once --------------------------------------------------------

/** An entry as it stands, with its cause. */
export interface AsientoVisto extends Asiento {
  readonly id: number;
  /** The `clave` of the entry that takes this one back. */
  readonly revertido_por: string | null;
  readonly en: Date;
  readonly actor: string;
  /** The request that it goes back to. */
  readonly correlacion: string;
  /** The request or the message that caused it. */
  readonly causa: string;
  /** The step of the campaign's saga that asked for it. */
  readonly saga_paso: string | null;
}

export interface PagoVisto {
  readonly payout: Existente;
  readonly version: number;
  readonly actualizado: Date;
  /** The lines that make its total, also once it is dead. */
  readonly transacciones: readonly Transaccion[];
  /** 0..1, only in an approximate search. */
  readonly relevancia?: number;
}

export interface FiltroPagos {
  readonly partner_id: string | null;
  readonly cycle_id: string | null;
  readonly idCampania: string | null;
  readonly estado: Estado | null;
  readonly tipo: "CAMPANIA" | "PARTNER" | null;
  readonly moneda: Moneda | null;
  /** Days of `fecha_creacion`, both included. */
  readonly desde: string | null;
  readonly hasta: string | null;
  /** Decimal strings. */
  readonly monto_min: string | null;
  readonly monto_max: string | null;
  readonly search: string | null;
  /** Forgive a wrong, missing or transposed letter, and order by how well a row fits. */
  readonly aproximada: boolean;
}
export type OrdenPagos = "fecha_creacion" | "fecha_actualizacion" | "monto_total";

/** One line of the sums: payouts of one currency in one state. */
export interface Suma {
  readonly moneda: Moneda;
  readonly estado: Estado;
  readonly cantidad: number;
  readonly total: bigint;
  /** Of EXITOSO: when the first and the last of them were settled. */
  readonly primero: Date | null;
  readonly ultimo: Date | null;
}

export interface FiltroTransacciones {
  readonly partner_id: string | null;
  readonly idCampania: string | null;
  readonly brand_id: string | null;
  readonly event_type: string | null;
  readonly estado: Transaccion["estado"] | null;
  readonly payout_id: string | null;
  readonly desde: string | null;
  readonly hasta: string | null;
}

/** `visible`: only what belongs to this cliente (`null`: all of it). */
export interface Pagos {
  obtener(id: string, visible: string | null): Promise<PagoVisto | null>;
  listar(pedido: ListRequest<OrdenPagos, FiltroPagos>, visible: string | null): Promise<Page<PagoVisto>>;
  /** Over the whole filtered set, by currency and state, in that order. */
  sumas(filtro: FiltroPagos, visible: string | null): Promise<readonly Suma[]>;
  /** Those that are EXITOSO, by when they were asked for; `clave`: the currency. */
  serie(dias: Dias, visible: string | null): Promise<Series>;
  /** Oldest first; null when there is no such payout. */
  historial(id: string, visible: string | null): Promise<readonly Anotacion[] | null>;
  /** The attempt that the provider knows by this key. */
  intento(clave: string): Promise<{ readonly payout_id: string; readonly numero: number } | null>;
  transaccion(id: string): Promise<Transaccion | null>;
  transacciones(
    pedido: ListRequest<"fecha", FiltroTransacciones>,
    visible: string | null,
  ): Promise<Page<Transaccion>>;
  ciclos(pedido: ListRequest<"inicio", Record<never, never>>): Promise<Page<Ciclo>>;
  /** `visible`: besides the rates that are for all, only those for this cliente. */
  tarifas(pedido: ListRequest<OrdenTarifas, FiltroTarifas>, visible: string | null): Promise<Page<Tarifa>>;
  tarifa(id: string, visible: string | null): Promise<Tarifa | null>;
  condiciones(partner_id: string): Promise<Versioned<Condiciones> | null>;
}

export interface FiltroTarifas {
  readonly ambito: Ambito | null;
  readonly partner_id: string | null;
  readonly brand_id: string | null;
  readonly event_type: string | null;
  readonly tipo: Tarifa["formula"]["tipo"] | null;
  readonly moneda: Moneda | null;
  /** A day in their validity. */
  readonly vigente: string | null;
}
export type OrdenTarifas = "fecha_creacion" | "event_type";
