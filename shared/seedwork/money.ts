import { err, ok, type Result } from "./result.ts";

/**
 * Digits after the point of each currency, from ISO 4217 (`CcyMnrUnts`). Ours, because `Intl` gives other digits for
 * 26 currencies (COP among them: cents would vanish).
 */
export const EXPONENTES = {
  USD: 2,
  COP: 2,
  EUR: 2,
  MXN: 2,
  ARS: 2,
  BOB: 2,
  BRL: 2,
  CAD: 2,
  CHF: 2,
  CLP: 0,
  CRC: 2,
  DOP: 2,
  GBP: 2,
  GTQ: 2,
  HNL: 2,
  JPY: 0,
  KWD: 3,
  NIO: 2,
  PAB: 2,
  PEN: 2,
  PYG: 0,
  TND: 3,
  UYU: 2,
  VES: 2,
} as const satisfies Record<string, number>; // deno-fmt-ignore
export type Moneda = keyof typeof EXPONENTES;

/** An amount in minor units (cents) of one currency. Currencies never mix. */
export interface Dinero {
  readonly unidades: bigint;
  readonly moneda: Moneda;
}

/** No amount goes beyond 10^15 minor units in either direction. */
export const LIMITE = 10n ** 15n;

export const esMoneda = (m: string): m is Moneda => Object.hasOwn(EXPONENTES, m);
export const dinero = (unidades: bigint, moneda: Moneda): Dinero => ({ unidades, moneda });
export const cero = (moneda: Moneda): Dinero => ({ unidades: 0n, moneda });

export type RechazoDinero = "no_es_un_monto" | "escala" | "fuera_de_rango";

/**
 * Reads an amount. A string needs exactly the currency's minor digits (`"150.25"`, `"-3.00"`, CLP `"150"`); a number
 * is taken when its shortest decimal form has no more digits than the currency.
 */
export function leerMonto(valor: string | number, moneda: Moneda): Result<Dinero, RechazoDinero> {
  const digitos = EXPONENTES[moneda];
  const m = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?$/.exec(String(valor));
  if (!m) return err("no_es_un_monto");
  const fraccion = m[3] ?? "";
  const exacto = typeof valor === "number" ? fraccion.length <= digitos : fraccion.length === digitos;
  if (!exacto) return err("escala");
  const unidades = BigInt(m[2] + fraccion.padEnd(digitos, "0")) * (m[1] ? -1n : 1n);
  if (unidades > LIMITE || unidades < -LIMITE) return err("fuera_de_rango");
  return ok({ unidades, moneda });
}

/** The wire's decimal string, with exactly the currency's minor digits. */
export function montoTexto({ unidades, moneda }: Dinero): string {
  const digitos = EXPONENTES[moneda];
  const s = (unidades < 0n ? -unidades : unidades).toString().padStart(digitos + 1, "0");
  const signo = unidades < 0n ? "-" : "";
  return digitos === 0 ? signo + s : `${signo}${s.slice(0, -digitos)}.${s.slice(-digitos)}`;
}

function misma(a: Dinero, b: Dinero): void {
  if (a.moneda !== b.moneda) throw new Error(`currencies never mix: ${a.moneda} and ${b.moneda}`);
}

/** Sum of two amounts of one currency; two currencies are a bug and throw. */
export function sumar(a: Dinero, b: Dinero): Dinero {
  misma(a, b);
  return { unidades: a.unidades + b.unidades, moneda: a.moneda };
}
export const negar = (a: Dinero): Dinero => ({ unidades: -a.unidades, moneda: a.moneda });
export const restar = (a: Dinero, b: Dinero): Dinero => sumar(a, negar(b));
/** Negative, zero or positive as `a` is less than, equal to or greater than `b`. */
export function comparar(a: Dinero, b: Dinero): number {
  misma(a, b);
  return a.unidades < b.unidades ? -1 : a.unidades > b.unidades ? 1 : 0;
}
export const iguales = (a: Dinero, b: Dinero): boolean => a.moneda === b.moneda && a.unidades === b.unidades;

/** `a × num / den`, rounded half to even: the one place where a product of money is rounded. `den` > 0. */
export function fraccion(a: Dinero, num: bigint, den: bigint): Dinero {
  const producto = a.unidades * num;
  let cociente = producto / den;
  const resto = producto % den;
  const doble = (resto < 0n ? -resto : resto) * 2n;
  if (doble > den || (doble === den && cociente % 2n !== 0n)) cociente += producto < 0n ? -1n : 1n;
  return { unidades: cociente, moneda: a.moneda };
}

/** Splits a total ≥ 0 by weights (not all zero) so that the parts sum to it exactly: largest remainder, ties to the first. */
export function repartir(total: Dinero, pesos: readonly bigint[]): Dinero[] {
  const suma = pesos.reduce((a, b) => a + b, 0n);
  const partes = pesos.map((p, i) => ({
    i,
    base: total.unidades * p / suma,
    resto: total.unidades * p % suma,
  }));
  let falta = total.unidades - partes.reduce((a, p) => a + p.base, 0n);
  const unidades = partes.map((p) => p.base);
  for (const p of [...partes].sort((a, b) => a.resto === b.resto ? a.i - b.i : a.resto > b.resto ? -1 : 1)) {
    if (falta === 0n) break;
    unidades[p.i] = (unidades[p.i] ?? 0n) + 1n;
    falta -= 1n;
  }
  return unidades.map((u) => ({ unidades: u, moneda: total.moneda }));
}
