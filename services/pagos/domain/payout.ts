import type { Dinero, Moneda } from "@alpes/shared/seedwork/money.ts";

export type Metodo = "TARJETA" | "PSE" | "TRANSFERENCIA" | "EFECTIVO" | "ACH";

/** What was asked, so that a repeat is told from another wish: the amount *asked for*, not the one that resulted. */
export interface Pedido {
  readonly monto: Dinero | null;
  /** The currency when the request named one. */
  readonly moneda: Moneda | null;
}

/** Said by the caller: kept and shown, never taken as state. */
export interface Dicho {
  readonly confirmation_id: string | null;
  readonly failure_reason: string | null;
  readonly processed_at: Date | null;
  readonly completed_at: Date | null;
}

/** What never changes about a payout. */
export interface Ficha {
  readonly id: string;
  readonly tipo: "CAMPANIA" | "PARTNER";
  readonly cycle_id: string;
  readonly idCampania: string | null;
  readonly monto_total: Dinero;
  readonly pedido: Pedido;
  /** Asked for by the campaign saga, not by a person: gives way to an explicit payment until it starts. */
  readonly automatico: boolean;
  readonly metodo_pago: { readonly tipo: Metodo; readonly mascara: string | null };
  readonly dicho: Dicho;
  readonly creado: Date;
}

/** What is known about one conversation with the provider. */
export type Resultado =
  | { readonly tipo: "abierto" }
  | { readonly tipo: "desconocido"; readonly motivo: string }
  | { readonly tipo: "pagado"; readonly referencia: string }
  | { readonly tipo: "no_pagado"; readonly razon: string };

/** What the provider says of an attempt. */
export type Respuesta =
  /** `comision`: what the bank keeps of it; null where it says nothing. */
  | { readonly tipo: "pagado"; readonly referencia: string; readonly comision: Dinero | null }
  | { readonly tipo: "no_pagado"; readonly razon: string }
  | { readonly tipo: "desconocido"; readonly motivo: string };

/** One attempt: its key is made before the provider hears of it and stays the same however often it is told. */
export interface Intento {
  readonly numero: number;
  readonly clave: string;
  readonly inicio: Date;
  readonly fin: Date | null;
  readonly resultado: Resultado;
}

export interface Reversion {
  readonly motivo: string;
  readonly actor: string;
  readonly en: Date;
}
export interface Espera {
  readonly motivo: string;
  readonly vence: Date;
}

export interface Comun {
  readonly ficha: Ficha;
  /** Who pays or is paid; null while its campaign is not known. */
  readonly partner_id: string | null;
  readonly intentos: readonly Intento[];
  /** Asked for, and due as soon as the payout is settled. */
  readonly reversion: Reversion | null;
}

export type Existente =
  & Comun
  & (
    | { readonly estado: "PENDIENTE"; readonly espera: Espera | null }
    | { readonly estado: "CALCULADO"; readonly desde: Date }
    | { readonly estado: "CONFIRMADO" }
    | { readonly estado: "EN_PROCESO" }
    | { readonly estado: "EN_VERIFICACION"; readonly motivo: string; readonly consultas: number }
    | {
      readonly estado: "EXITOSO";
      readonly referencia: string;
      readonly comision: Dinero | null;
      readonly en: Date;
    }
    | {
      readonly estado: "REVERTIDO";
      readonly referencia: string;
      readonly comision: Dinero | null;
      readonly motivo: string;
      readonly en: Date;
    }
    | { readonly estado: "FALLIDO"; readonly motivo: string; readonly en: Date }
    | {
      readonly estado: "RECHAZADO";
      readonly motivo: string;
      /** The explicit payment that took its place. */
      readonly reemplazado_por: string | null;
      readonly en: Date;
    }
  );
export type Payout = { readonly estado: "inexistente" } | Existente;
export type Estado = Existente["estado"];

export type Comando =
  | {
    readonly tipo: "pedir";
    readonly ficha: Ficha;
    readonly partner_id: string | null;
    readonly espera: Espera | null;
    /** Not to start before this: an automatic payment leaves room for an explicit one. */
    readonly desde: Date;
  }
  | {
    readonly tipo: "campania_conocida";
    readonly idCliente: string;
    readonly moneda: Moneda | null;
    /** Its state, when it takes no payments any more. */
    readonly cerrada: string | null;
    readonly desde: Date;
    readonly en: Date;
  }
  /** The wait for the campaign's announcement has lasted; `siguiente` is when it is looked at again. */
  | { readonly tipo: "preguntar"; readonly siguiente: Date; readonly en: Date }
  /** Who keeps the campaigns says that there is none. */
  | { readonly tipo: "campania_inexistente"; readonly en: Date }
  | { readonly tipo: "confirmar" }
  | { readonly tipo: "iniciar"; readonly clave: string; readonly en: Date }
  | {
    readonly tipo: "resolver";
    readonly numero: number;
    readonly resultado: Respuesta;
    readonly en: Date;
  }
  | {
    readonly tipo: "rechazar";
    readonly motivo: string;
    readonly reemplazado_por: string | null;
    readonly en: Date;
  }
  | { readonly tipo: "revertir"; readonly motivo: string; readonly actor: string; readonly en: Date }
  | { readonly tipo: "reversion_hecha"; readonly en: Date };

export type Evento =
  | {
    readonly tipo: "PayoutPedido";
    readonly ficha: Ficha;
    readonly partner_id: string | null;
    readonly espera: Espera | null;
  }
  | { readonly tipo: "PayoutCalculado"; readonly partner_id: string | null; readonly desde: Date }
  | { readonly tipo: "CampaniaPreguntada"; readonly espera: Espera }
  | { readonly tipo: "PayoutConfirmado" }
  | { readonly tipo: "IntentoIniciado"; readonly numero: number; readonly clave: string; readonly en: Date }
  | { readonly tipo: "IntentoSinRespuesta"; readonly motivo: string }
  | { readonly tipo: "VerificacionAplazada"; readonly motivo: string }
  | {
    readonly tipo: "PayoutExitoso";
    readonly referencia: string;
    readonly comision: Dinero | null;
    readonly en: Date;
  }
  | { readonly tipo: "PayoutFallido"; readonly motivo: string; readonly en: Date }
  | {
    readonly tipo: "PayoutRechazado";
    readonly motivo: string;
    readonly reemplazado_por: string | null;
    readonly en: Date;
  }
  | { readonly tipo: "ReversionPedida"; readonly reversion: Reversion }
  | { readonly tipo: "PayoutRevertido"; readonly motivo: string; readonly actor: string; readonly en: Date };

export type RechazoPayout =
  | { readonly tipo: "no_existe" }
  | { readonly tipo: "otro_pedido"; readonly id: string }
  | { readonly tipo: "ya_esta"; readonly estado: Estado }
  | { readonly tipo: "reversion_ya_pedida" }
  | { readonly tipo: "intento_ya_resuelto" }
  | { readonly tipo: "transicion_invalida"; readonly desde: Estado; readonly hacia: Estado };

const MUERTOS: ReadonlySet<Payout["estado"]> = new Set(["inexistente", "FALLIDO", "RECHAZADO", "REVERTIDO"]);
/** A live payout holds its natural key and its transactions; a dead one has freed both. */
export const vivo = (p: Payout): boolean => !MUERTOS.has(p.estado);
/** Nothing has been sent to the provider, and it may still be refused. */
export const sinEmpezar = (p: Payout): boolean => p.estado === "PENDIENTE" || p.estado === "CALCULADO";
