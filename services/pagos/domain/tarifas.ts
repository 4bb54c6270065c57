import { type Dinero, dinero, fraccion, type Moneda, repartir } from "@alpes/shared/seedwork/money.ts";
import { err, ok, type Result } from "@alpes/shared/seedwork/result.ts";

/** A share in millionths: 50_000 is 5 %. */
export const UNIDAD_TASA = 1_000_000n;

/** From `desde` minor units (included) up to the next one's `desde`, which only the part in between pays for. */
export interface Tramo {
  readonly desde: bigint;
  readonly tasa: bigint;
}

/** A share of the original amount, an amount for each event whatever the original, or a share for each slice of it. */
export type Formula =
  | { readonly tipo: "PERCENTAGE"; readonly tasa: bigint }
  | { readonly tipo: "FIXED"; readonly monto: Dinero }
  | { readonly tipo: "TIERED"; readonly tramos: readonly Tramo[] };

/** For whom a rate is; the nearest one wins, and DEFECTO is what holds where nobody stored any. */
export const AMBITOS = ["PARTNER", "MARCA", "GENERAL", "DEFECTO"] as const;
export type Ambito = (typeof AMBITOS)[number];

export interface Tarifa {
  readonly id: string;
  readonly ambito: Ambito;
  /** The partner, or the brand. */
  readonly ambito_id: string | null;
  readonly event_type: string;
  /** null: events of any currency, which only a share without limits can serve. */
  readonly moneda: Moneda | null;
  readonly formula: Formula;
  readonly minimo: Dinero | null;
  readonly maximo: Dinero | null;
  /** Days in UTC, both included; null: without that end. */
  readonly vigente_desde: string | null;
  readonly vigente_hasta: string | null;
  /** The request that made it: tells a repeat from a clash of ids. */
  readonly huella: string;
  readonly creada: Date;
}

const defecto = (event_type: string, formula: Formula): Tarifa => ({
  id: `defecto:${event_type}`,
  ambito: "DEFECTO",
  ambito_id: null,
  event_type,
  moneda: formula.tipo === "FIXED" ? formula.monto.moneda : null,
  formula,
  minimo: null,
  maximo: null,
  vigente_desde: null,
  vigente_hasta: null,
  huella: "",
  creada: new Date(0),
});
/** The rates of the contract. */
export const TARIFAS_POR_DEFECTO: readonly Tarifa[] = [
  defecto("VENTA", { tipo: "PERCENTAGE", tasa: 50_000n }),
  defecto("CONVERSION", { tipo: "PERCENTAGE", tasa: 30_000n }),
  defecto("CLICK", { tipo: "FIXED", monto: dinero(10n, "USD") }),
  defecto("IMPRESION", { tipo: "FIXED", monto: dinero(1n, "USD") }),
];

/** What a commission is asked for. */
export interface EventoComisionable {
  readonly partner_id: string;
  readonly brand_id: string | null;
  readonly event_type: string;
  readonly moneda: Moneda;
  readonly en: Date;
}

const vigente = (t: Tarifa, dia: string): boolean =>
  (t.vigente_desde === null || t.vigente_desde <= dia) &&
  (t.vigente_hasta === null || dia <= t.vigente_hasta);
const alcanza = (t: Tarifa, e: EventoComisionable): boolean =>
  t.ambito === "PARTNER" ? t.ambito_id === e.partner_id : t.ambito !== "MARCA" || t.ambito_id === e.brand_id;
/** Nearest first; of one scope, the rate of the currency itself before the one of any. */
const lejania = (t: Tarifa): number => AMBITOS.indexOf(t.ambito) * 2 + (t.moneda === null ? 1 : 0);

/** The rate of an event at its own time: partner → brand → general → default. */
export function tarifaPara(tarifas: Iterable<Tarifa>, e: EventoComisionable): Tarifa | undefined {
  const dia = e.en.toISOString().slice(0, 10);
  let mejor: Tarifa | undefined;
  for (const t of tarifas) {
    const sirve = t.event_type === e.event_type && (t.moneda === null || t.moneda === e.moneda) &&
      alcanza(t, e) && vigente(t, dia);
    if (sirve && (mejor === undefined || lejania(t) < lejania(mejor))) mejor = t;
  }
  return mejor;
}

export type RechazoTarifa =
  | { readonly tipo: "sin_tarifa"; readonly event_type: string; readonly moneda: Moneda }
  | { readonly tipo: "monto_original_requerido"; readonly event_type: string };

export interface Comision {
  readonly monto: Dinero;
  readonly tarifa: Tarifa;
}

/** The commission on one event, half-even where it does not come out even, within the limits of its rate. */
export function comisionDe(
  e: EventoComisionable,
  original: Dinero | null,
  tarifas: Iterable<Tarifa> = TARIFAS_POR_DEFECTO,
): Result<Comision, RechazoTarifa> {
  const { event_type, moneda } = e;
  const tarifa = tarifaPara(tarifas, e);
  if (tarifa === undefined) return err({ tipo: "sin_tarifa", event_type, moneda });
  if (tarifa.formula.tipo !== "FIXED" && original === null) {
    return err({ tipo: "monto_original_requerido", event_type });
  }
  return ok({ monto: acotar(calcular(tarifa.formula, original ?? dinero(0n, moneda)), tarifa), tarifa });
}

function calcular(f: Formula, original: Dinero): Dinero {
  switch (f.tipo) {
    case "FIXED":
      return f.monto;
    case "PERCENTAGE":
      return fraccion(original, f.tasa, UNIDAD_TASA);
    case "TIERED":
      // One rounding for all slices: rounding each would pay more or less than the whole is worth.
      return fraccion(dinero(1n, original.moneda), suma(pesos(f.tramos, original)), UNIDAD_TASA);
  }
}

/** What each slice adds to a tiered commission: largest remainder, so that they sum to it exactly. */
export function porTramos(tramos: readonly Tramo[], original: Dinero): readonly Dinero[] {
  const ps = pesos(tramos, original);
  const total = fraccion(dinero(1n, original.moneda), suma(ps), UNIDAD_TASA);
  return total.unidades === 0n ? tramos.map(() => total) : repartir(total, ps);
}

/** What each slice pays, in millionths of a minor unit. */
const pesos = (tramos: readonly Tramo[], { unidades }: Dinero): readonly bigint[] =>
  tramos.map(({ desde, tasa }, i) => {
    const hasta = tramos[i + 1]?.desde ?? unidades;
    const parte = (unidades < hasta ? unidades : hasta) - desde;
    return parte > 0n ? parte * tasa : 0n;
  });
const suma = (xs: readonly bigint[]): bigint => xs.reduce((a, b) => a + b, 0n);

function acotar(monto: Dinero, { minimo, maximo }: Tarifa): Dinero {
  if (minimo !== null && monto.unidades < minimo.unidades) return minimo;
  return maximo !== null && monto.unidades > maximo.unidades ? maximo : monto;
}

// ---- the life of a rate -------------------------------------------------------------------------------------------

export type RechazoAlta =
  | { readonly tipo: "tarifa_solapada"; readonly id: string }
  | { readonly tipo: "otra_tarifa"; readonly id: string };

const misma = (a: Tarifa, b: Tarifa): boolean =>
  a.ambito === b.ambito && a.ambito_id === b.ambito_id && a.event_type === b.event_type &&
  a.moneda === b.moneda;
const coinciden = (a: Tarifa, b: Tarifa): boolean =>
  (a.vigente_hasta === null || b.vigente_desde === null || b.vigente_desde <= a.vigente_hasta) &&
  (b.vigente_hasta === null || a.vigente_desde === null || a.vigente_desde <= b.vigente_hasta);
const vispera = (dia: string): string =>
  new Date(new Date(`${dia}T00:00:00Z`).getTime() - 86_400_000).toISOString().slice(0, 10);

/**
 * Adds a rate to what there is: what is to be written, the ended one first. A rate without an end is ended by a later
 * one without an end; any other overlap is refused, since one of the two would have to be cut in pieces.
 */
export function agregar(nueva: Tarifa, tarifas: readonly Tarifa[]): Result<readonly Tarifa[], RechazoAlta> {
  const cerradas: Tarifa[] = [];
  for (const t of tarifas) {
    if (t.id === nueva.id) {
      return t.huella === nueva.huella ? ok([]) : err({ tipo: "otra_tarifa", id: t.id });
    }
  }
  for (const t of tarifas) {
    if (!misma(t, nueva) || !coinciden(t, nueva)) continue;
    const { vigente_desde: desde } = nueva;
    const releva = t.vigente_hasta === null && nueva.vigente_hasta === null && desde !== null &&
      (t.vigente_desde === null || t.vigente_desde < desde);
    if (!releva) return err({ tipo: "tarifa_solapada", id: t.id });
    cerradas.push({ ...t, vigente_hasta: vispera(desde) });
  }
  return ok([...cerradas, nueva]);
}

export type RechazoTermino =
  | { readonly tipo: "termino_antes_de_inicio"; readonly desde: string }
  | { readonly tipo: "tarifa_no_terminable"; readonly hasta: string | null };

/** Ends a rate on a day, which it still serves; an ended one may only be ended earlier. */
export function terminar(t: Tarifa, hasta: string): Result<Tarifa, RechazoTermino> {
  if (t.ambito === "DEFECTO" || t.vigente_hasta !== null && t.vigente_hasta <= hasta) {
    return err({ tipo: "tarifa_no_terminable", hasta: t.vigente_hasta });
  }
  if (t.vigente_desde !== null && hasta < t.vigente_desde) {
    return err({ tipo: "termino_antes_de_inicio", desde: t.vigente_desde });
  }
  return ok({ ...t, vigente_hasta: hasta });
}
