import { cero, comparar, type Dinero, restar } from "@alpes/shared/seedwork/money.ts";
import type { Campania } from "../campania.ts";
import type { Asiento } from "./asiento.ts";
import { cancelacion, fondeo } from "./hechos.ts";

export interface Fondeada {
  readonly campania: Campania;
  readonly asientos: readonly Asiento[];
}

/**
 * Brings what a campaign may spend to what it should be: its whole budget from its approval on, or without one what was
 * paid for it, and never less than was spent. A cancelled one gives back what is left, and what is refunded later; a finished
 * one keeps it. `pagado`: its payment, while it stands. `version`: the one that this change makes.
 */
export function fondear(c: Campania, pagado: Dinero | null, version: number): Fondeada {
  switch (c.estado) {
    case "PENDIENTE":
    case "FINALIZADA":
      return { campania: c, asientos: [] };
    case "CANCELADA":
      return cerrar(c, version);
    case "APROBADA":
    case "PAUSADA": {
      const quiere = c.presupuesto ?? pagado;
      const tiene = c.fondeado;
      if (tiene === null) return quiere === null ? { campania: c, asientos: [] } : hasta(c, quiere, version);
      if (quiere !== null && quiere.moneda !== tiene.moneda) return enOtraMoneda(c, tiene, quiere, version);
      return hasta(c, noMenos(quiere ?? cero(tiene.moneda), c.gastado), version);
    }
  }
}

function hasta(c: Campania, monto: Dinero, version: number): Fondeada {
  const antes = c.fondeado ?? cero(monto.moneda);
  const asientos = fondeo(c, restar(monto, antes), c.fondeos === 0 ? null : version);
  if (asientos.length === 0 && c.fondeado !== null) return { campania: c, asientos };
  return { campania: { ...c, fondeado: monto, fondeos: c.fondeos + asientos.length }, asientos };
}

// Only a campaign that spent nothing can change its currency; of another, what is left goes back and nothing comes.
function enOtraMoneda(c: Campania, tiene: Dinero, quiere: Dinero, version: number): Fondeada {
  const gastado = noMenos(cero(tiene.moneda), c.gastado);
  const vacia = hasta(c, gastado, version);
  if (gastado.unidades > 0n) return vacia;
  const otra: Campania = { ...vacia.campania, fondeado: null, gastado: null };
  const llena = hasta(otra, quiere, version);
  // One entry of each currency under two keys: the version has one already.
  return {
    campania: llena.campania,
    asientos: [
      ...vacia.asientos,
      ...llena.asientos.map((a) => ({ ...a, clave: `${a.clave}:${quiere.moneda}` })),
    ],
  };
}

function cerrar(c: Campania, version: number): Fondeada {
  if (c.fondeado === null) return { campania: c, asientos: [] };
  const gastado = noMenos(cero(c.fondeado.moneda), c.gastado);
  const resto = restar(c.fondeado, gastado);
  const asientos = cancelacion(c, resto, c.fondeos === 1 && gastado.unidades === 0n ? null : version);
  return asientos.length === 0
    ? { campania: c, asientos }
    : { campania: { ...c, fondeado: gastado, fondeos: c.fondeos + 1 }, asientos };
}

const noMenos = (a: Dinero, b: Dinero | null): Dinero =>
  b !== null && b.moneda === a.moneda && comparar(a, b) < 0 ? b : a;
