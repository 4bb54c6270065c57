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
    motivo,
    huella: "",
    creada: en,
  };
  return ok({ transaccion: { ...t, estado: "REFUNDED", motivo }, contrapartida });
}

/**
 * The lines that a payout held, once it is dead. A refunded commission that comes back meets its negative line: while
 * that one is unpaid both are void; when another payout absorbed it already, the commission counts again.
 */
export function liberar(
  lineas: readonly Transaccion[],
  contrapartidas: readonly Transaccion[],
): readonly Transaccion[] {
  const cambiadas = new Map<string, Transaccion>();
  for (const t of lineas) cambiadas.set(t.id, { ...t, payout_id: null });
  for (const t of lineas) {
    if (t.estado !== "REFUNDED") continue;
    const contra = cambiadas.get(contrapartidaDe(t, contrapartidas)?.id ?? "") ??
      contrapartidaDe(t, contrapartidas);
    if (contra === undefined || contra.payout_id !== null) continue;
    cambiadas.set(t.id, { ...t, payout_id: null, por_pagar: false });
    cambiadas.set(contra.id, { ...contra, estado: "CANCELLED", por_pagar: false });
  }
  return [...cambiadas.values()];
}

const contrapartidaDe = (t: Transaccion, contras: readonly Transaccion[]): Transaccion | undefined =>
  contras.find((c) => c.reembolso_de === t.id && c.estado === "ACTIVE");
