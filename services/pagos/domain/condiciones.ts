import { type Dinero, dinero, type Moneda } from "@alpes/shared/seedwork/money.ts";
import type { Ficha } from "./payout.ts";

/** The name under which the terms of everybody are kept; no partner's. */
export const GENERAL = "general";

/** What was agreed with a partner, or with all of them; null: nothing of its own. */
export interface Condiciones {
  readonly partner_id: string;
  /** Days for which a commission is held before it may be paid. */
  readonly retencion_dias: number | null;
  /** The least that is paid out, one for each currency that has one, in their order. */
  readonly minimos: readonly Dinero[];
  /** Earns, but is not paid. */
  readonly suspendido: boolean;
  readonly metodo_pago: Ficha["metodo_pago"] | null;
  readonly actualizado: Date;
}

/** What this module knows of a cliente from its messages. */
export interface ClienteConocido {
  readonly id: string;
  readonly estado: "ACTIVO" | "INACTIVO" | "SUSPENDIDO";
  readonly version: number;
}

/** What holds for a partner, all taken together. */
export interface Efectivas {
  readonly retencion_dias: number;
  readonly minimo: (moneda: Moneda) => Dinero;
  readonly suspendido: boolean;
  readonly metodo_pago: Ficha["metodo_pago"] | null;
}

/** The partner's own terms come before the general ones, field by field; a suspension anywhere suspends. */
export function efectivas(
  propias: Condiciones | undefined,
  generales: Condiciones | undefined,
  cliente: ClienteConocido["estado"] | undefined,
  retencionPorDefecto: number,
): Efectivas {
  return {
    retencion_dias: propias?.retencion_dias ?? generales?.retencion_dias ?? retencionPorDefecto,
    minimo: (moneda) =>
      [propias, generales].flatMap((c) => c?.minimos.find((m) => m.moneda === moneda) ?? [])[0] ??
        dinero(0n, moneda),
    suspendido: propias?.suspendido === true || generales?.suspendido === true ||
      cliente !== undefined && cliente !== "ACTIVO",
    metodo_pago: propias?.metodo_pago ?? generales?.metodo_pago ?? null,
  };
}
