import type { Transaccion } from "./transaccion.ts";

/** A payout cycle: days in UTC (`YYYY-MM-DD`), both included. */
export interface Ciclo {
  readonly id: string;
  readonly inicio: string;
  readonly fin: string;
  readonly estado: "ABIERTO" | "CERRADO";
  readonly creado: Date;
}

export const enCiclo = (c: Ciclo, t: Transaccion): boolean => {
  const dia = t.event_timestamp.toISOString().slice(0, 10);
  return c.inicio <= dia && dia <= c.fin;
};

/** Splits a partner's unpaid lines: the cycle's commissions, and the negative lines that any payout takes along. */
export function repartirLineas(c: Ciclo | null, pendientes: readonly Transaccion[]) {
  return {
    comisiones: pendientes.filter((t) => t.reembolso_de === null && c !== null && enCiclo(c, t)),
    arrastre: pendientes.filter((t) => t.reembolso_de !== null),
  };
}
