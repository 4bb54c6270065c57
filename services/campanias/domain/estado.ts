import { comparar, type Dinero, type Moneda, sumar } from "@alpes/shared/seedwork/money.ts";
import type { Datos } from "./datos.ts";
import type { Evento } from "./eventos.ts";

/** A payment of this campaign that came through. `monto` null: the message did not say. */
export interface Pago {
  readonly idPago: string;
  readonly monto: Dinero | null;
}

interface Comun {
  readonly id: string;
  readonly idCliente: string;
  /** As it was created: a repeat of the creation is compared with this, whatever was edited since. */
  readonly creacion: Datos;
  readonly datos: Datos;
  readonly pago: Pago | null;
  /** Commissions less refunds, minor units by currency: currencies are never added together. */
  readonly gastos: Readonly<Partial<Record<Moneda, bigint>>>;
  readonly motivo: string | null;
  readonly fecha_creacion: Date;
}
export type Pendiente = Comun & { readonly estado: "PENDIENTE" };
export type Aprobada = Comun & { readonly estado: "APROBADA" | "PAUSADA"; readonly fecha_aprobacion: Date };
export type Finalizada = Comun & { readonly estado: "FINALIZADA"; readonly fecha_aprobacion: Date };
export type Cancelada = Comun & {
  readonly estado: "CANCELADA";
  readonly fecha_aprobacion: Date | null;
  readonly fecha_cancelacion: Date;
};
export type Existente = Pendiente | Aprobada | Finalizada | Cancelada;
export type Campania = { readonly estado: "INEXISTENTE" } | Existente;
export type EstadoCampania = Existente["estado"];

/** The one currency that `gasto` is told in: the budget's, else the anticipo's, else that of the first commission. */
export function moneda(c: Existente): Moneda | null {
  const primera = Object.keys(c.gastos)[0] as Moneda | undefined;
  return c.datos.presupuesto?.moneda ?? c.datos.anticipo?.moneda ?? primera ?? null;
}

/** Commissions less refunds in the campaign's currency; null while there are none. */
export function gasto(c: Existente): Dinero | null {
  const m = moneda(c);
  const unidades = m === null ? undefined : c.gastos[m];
  return m === null || unidades === undefined ? null : { unidades, moneda: m };
}

/** Whether any commission stands, in any currency. */
export const conComisiones = (c: Existente): boolean => Object.values(c.gastos).some((u) => u > 0n);

/** Whether what was spent (something) reaches the budget; `gasto` is told in the budget's currency. */
export function agotado(c: Existente): boolean {
  const { presupuesto } = c.datos;
  const g = gasto(c);
  return presupuesto !== null && g !== null && g.unidades > 0n && comparar(g, presupuesto) >= 0;
}

/** Whether a payment is at least the anticipo. One whose amount nobody told is taken to be. */
export function cubre(anticipo: Dinero | null, pago: Pago | null): boolean {
  if (anticipo === null || anticipo.unidades === 0n) return true;
  if (pago === null) return false;
  return pago.monto === null ||
    (pago.monto.moneda === anticipo.moneda && comparar(pago.monto, anticipo) >= 0);
}

/** Folds one event into the state. */
export function evolve(c: Campania, e: Evento): Campania {
  if (e.tipo === "CampaniaCreada") {
    const { idCampania: id, idCliente, datos, en } = e;
    const comun = { id, idCliente, creacion: datos, datos, pago: null, gastos: {}, motivo: null };
    return { ...comun, estado: "PENDIENTE", fecha_creacion: en };
  }
  if (c.estado === "INEXISTENTE") return c;
  switch (e.tipo) {
    case "CampaniaActualizada":
      return { ...c, datos: { ...c.datos, ...e.cambios } };
    case "CampaniaAprobada":
      return { ...c, estado: "APROBADA", motivo: e.motivo, fecha_aprobacion: e.en };
    case "CampaniaPausada":
      return { ...c, estado: "PAUSADA", motivo: e.motivo, fecha_aprobacion: aprobacion(c) ?? e.en };
    case "CampaniaReanudada":
      return { ...c, estado: "APROBADA", motivo: e.motivo, fecha_aprobacion: aprobacion(c) ?? e.en };
    case "CampaniaFinalizada":
      return { ...c, estado: "FINALIZADA", motivo: e.motivo, fecha_aprobacion: aprobacion(c) ?? e.en };
    case "CampaniaCancelada":
      return {
        ...c,
        estado: "CANCELADA",
        motivo: e.motivo,
        fecha_aprobacion: aprobacion(c),
        fecha_cancelacion: e.en,
      };
    case "PagoAsociado":
      return { ...c, pago: { idPago: e.idPago, monto: e.monto } };
    case "GastoRegistrado": {
      const antes = { unidades: c.gastos[e.monto.moneda] ?? 0n, moneda: e.monto.moneda };
      return { ...c, gastos: { ...c.gastos, [e.monto.moneda]: sumar(antes, e.monto).unidades } };
    }
  }
}

const aprobacion = (c: Existente): Date | null => c.estado === "PENDIENTE" ? null : c.fecha_aprobacion;
