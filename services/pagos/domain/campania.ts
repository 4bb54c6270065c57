import { cero, comparar, type Dinero, type Moneda, restar, sumar } from "@alpes/shared/seedwork/money.ts";
import { err, ok, type Result } from "@alpes/shared/seedwork/result.ts";

export type EstadoCampania = "PENDIENTE" | "APROBADA" | "PAUSADA" | "FINALIZADA" | "CANCELADA";

/** What this module knows of a campaign from its messages, and what was spent on it, which is known here first. */
export interface Campania {
  readonly idCampania: string;
  readonly idCliente: string;
  readonly estado: EstadoCampania;
  readonly presupuesto: Dinero | null;
  readonly anticipo: Dinero | null;
  /** Commissions less refunds; null while there were none. */
  readonly gastado: Dinero | null;
  /** What the ledger gave it to spend; null before its approval, or while nobody paid for one without a budget. */
  readonly fondeado: Dinero | null;
  /** How many entries made that. */
  readonly fondeos: number;
}

export type HechoCampania =
  | {
    readonly tipo: "creada";
    readonly idCampania: string;
    readonly idCliente: string;
    readonly presupuesto: Dinero | null;
    readonly anticipo: Dinero | null;
  }
  /** `undefined` leaves a figure as it is. */
  | {
    readonly tipo: "actualizada";
    readonly presupuesto: Dinero | null | undefined;
    readonly anticipo: Dinero | null | undefined;
  }
  | { readonly tipo: "estado"; readonly estado: Exclude<EstadoCampania, "PENDIENTE"> };

/** The replica after a message; null: a campaign that was never announced stays unknown. */
export function aplicar(c: Campania | null, h: HechoCampania): Campania | null {
  if (h.tipo === "creada") {
    const { idCampania, idCliente, presupuesto, anticipo } = h;
    return c ??
      {
        idCampania,
        idCliente,
        estado: "PENDIENTE",
        presupuesto,
        anticipo,
        gastado: null,
        fondeado: null,
        fondeos: 0,
      };
  }
  if (c === null || cerrada(c)) return c;
  if (h.tipo === "estado") return { ...c, estado: h.estado };
  return {
    ...c,
    presupuesto: h.presupuesto === undefined ? c.presupuesto : h.presupuesto,
    anticipo: h.anticipo === undefined ? c.anticipo : h.anticipo,
  };
}

/** Nothing leaves these states, and nobody pays for them. */
export const cerrada = (c: Campania): boolean => c.estado === "FINALIZADA" || c.estado === "CANCELADA";

/** The campaign's currency, once any figure of it has one: what was spent cannot change its currency any more. */
export const monedaDe = (c: Campania | null): Moneda | null =>
  c?.gastado?.moneda ?? c?.presupuesto?.moneda ?? c?.anticipo?.moneda ?? null;

export type RechazoGasto =
  | {
    readonly tipo: "campania_no_aprobada";
    readonly idCampania: string;
    readonly estado: EstadoCampania | null;
  }
  | { readonly tipo: "moneda_distinta"; readonly esperada: Moneda }
  | { readonly tipo: "presupuesto_excedido"; readonly idCampania: string; readonly disponible: Dinero };

export interface Gasto {
  readonly campania: Campania;
  /** This commission took the last of the budget. */
  readonly agotado: boolean;
}

/** Spends a commission of the budget, or of what was paid where there is none; never beyond it. */
export function gastar(
  idCampania: string,
  c: Campania | null,
  comision: Dinero,
): Result<Gasto, RechazoGasto> {
  if (c === null || c.estado !== "APROBADA") {
    return err({ tipo: "campania_no_aprobada", idCampania, estado: c?.estado ?? null });
  }
  for (const moneda of [monedaDe(c), c.presupuesto?.moneda, c.fondeado?.moneda]) {
    if (moneda && moneda !== comision.moneda) return err({ tipo: "moneda_distinta", esperada: moneda });
  }
  const antes = c.gastado ?? cero(comision.moneda);
  const gastado = sumar(antes, comision);
  const tope = c.presupuesto ?? c.fondeado ?? cero(comision.moneda);
  if (comparar(gastado, tope) > 0) {
    return err({ tipo: "presupuesto_excedido", idCampania, disponible: restar(tope, antes) });
  }
  const agotado = comision.unidades > 0n && comparar(gastado, tope) === 0;
  return ok({ campania: { ...c, gastado }, agotado });
}

/** Gives a refunded commission back to the budget, whatever became of the campaign. */
export const devolver = (c: Campania, comision: Dinero): Campania =>
  comision.unidades === 0n ? c : { ...c, gastado: restar(c.gastado ?? cero(comision.moneda), comision) };
