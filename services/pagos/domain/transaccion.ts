import { type Dinero, negar } from "@alpes/shared/seedwork/money.ts";
import { err, ok, type Result } from "@alpes/shared/seedwork/result.ts";

/** A commission of a partner, or the negative line (`reembolso_de`) that takes a paid one back. */
export interface Transaccion {
  readonly id: string;
  readonly partner_id: string;
  readonly idCampania: string | null;
  readonly brand_id: string | null;
  readonly event_type: string;
  readonly event_timestamp: Date;
  readonly monto_original: Dinero | null;
  readonly comision: Dinero;
  /** The rate that gave it; null: it was given with the transaction. */
  readonly tarifa_id: string | null;
  readonly estado: "ACTIVE" | "CANCELLED" | "REFUNDED";
  /** The live payout that holds it. */
  readonly payout_id: string | null;
  /** Counts for the partner's next payout as soon as no payout holds it. */
  readonly por_pagar: boolean;
  readonly reembolso_de: string | null;
  /** When its hold is over. */
  readonly libera: Date;
  /** Moved from held to available; only then can it be paid. */
  readonly liberada: boolean;
  /** Why it was refunded. */
  readonly motivo: string | null;
  /** The request that recorded it: tells a repeat from a clash of ids. */
  readonly huella: string;
  readonly creada: Date;
}

export type RechazoReembolso =
  | { readonly tipo: "ya_reembolsada" }
  | { readonly tipo: "no_reembolsable" };

export interface Reembolso {
  readonly transaccion: Transaccion;
  /** Where a payout holds the commission already: what the partner's next payout absorbs. */
  readonly contrapartida: Transaccion | null;
}

/** Nothing was held of it: it was available as soon as it was earned. */
export const sinRetencion = (t: Transaccion): boolean => t.libera <= t.creada;
/** Still held, and its time has come. */
export const porLiberar = (t: Transaccion, ahora: Date): boolean =>
  !t.liberada && t.por_pagar && t.libera <= ahora;

/** Takes a commission back: unpaid, it just stops counting; paid or on its way, a negative line answers it. */
export function reembolsar(
  t: Transaccion,
  nuevoId: string,
  motivo: string | null,
  en: Date,
): Result<Reembolso, RechazoReembolso> {
  if (t.reembolso_de !== null || t.estado === "CANCELLED") return err({ tipo: "no_reembolsable" });
  if (t.estado === "REFUNDED") return err({ tipo: "ya_reembolsada" });
  if (t.payout_id === null) {
    return ok({ transaccion: { ...t, estado: "REFUNDED", por_pagar: false, motivo }, contrapartida: null });
  }
  const contrapartida: Transaccion = {
    ...t,
    id: nuevoId,
    event_type: "REEMBOLSO",
    event_timestamp: en,
    monto_original: t.monto_original === null ? null : negar(t.monto_original),
    comision: negar(t.comision),
    estado: "ACTIVE",
    payout_id: null,
    por_pagar: true,
    reembolso_de: t.id,
    libera: en,
    liberada: true,
    motivo,
    huella: "",
    creada: en,
  };
  return ok({ transaccion: { ...t, estado: "REFUNDED", motivo }, contrapartida });
}

/** What becomes of the lines of a dead payout. */
export interface Liberadas {
  readonly transacciones: readonly Transaccion[];
  /** The refunded commissions that met their negative line: both are void. */
  readonly anuladas: readonly Transaccion[];
}

/**
 * The lines that a payout held, once it is dead. A refunded commission that comes back meets its negative line: while
 * that one is unpaid both are void; when another payout absorbed it already, the commission counts again.
 */
export function liberar(
  lineas: readonly Transaccion[],
  contrapartidas: readonly Transaccion[],
): Liberadas {
  const cambiadas = new Map<string, Transaccion>();
  const anuladas: Transaccion[] = [];
  for (const t of lineas) cambiadas.set(t.id, { ...t, payout_id: null });
  for (const t of lineas) {
    if (t.estado !== "REFUNDED") continue;
    const contra = cambiadas.get(contrapartidaDe(t, contrapartidas)?.id ?? "") ??
      contrapartidaDe(t, contrapartidas);
    if (contra === undefined || contra.payout_id !== null) continue;
    const anulada: Transaccion = { ...t, payout_id: null, por_pagar: false };
    anuladas.push(anulada);
    cambiadas.set(t.id, anulada);
    cambiadas.set(contra.id, { ...contra, estado: "CANCELLED", por_pagar: false });
  }
  return { transacciones: [...cambiadas.values()], anuladas };
}

const contrapartidaDe = (t: Transaccion, contras: readonly Transaccion[]): Transaccion | undefined =>
  contras.find((c) => c.reembolso_de === t.id && c.estado === "ACTIVE");
