import { LIMITE, type Moneda } from "@alpes/shared/seedwork/money.ts";
import { type ClienteConocido, type Condiciones, efectivas } from "./condiciones.ts";
import type { Ficha } from "./payout.ts";

/** What a plan rests on, for one partner and currency: what is unpaid up to the last day, and what was agreed. */
export interface Base {
  readonly partner_id: string;
  readonly moneda: Moneda;
  /** Available commissions less what the partner owes. */
  readonly monto: bigint;
  readonly transacciones: number;
  /** Of it: refunds of paid commissions, ≤ 0. */
  readonly deudas: bigint;
  /** Of it: commissions from before the cycle, which no payout took. */
  readonly arrastrado: bigint;
  /** Commissions that are still held. */
  readonly retenido: bigint;
  readonly retenidas: number;
  /** The live payout of the same cycle and currency. */
  readonly pago: string | null;
  readonly propias: Condiciones | undefined;
  readonly cliente: ClienteConocido["estado"] | undefined;
  readonly huella_transacciones: string;
  readonly huella: string;
}

export interface Linea {
  readonly partner_id: string;
  readonly moneda: Moneda;
  readonly monto: bigint;
  readonly transacciones: number;
  readonly deudas: bigint;
  readonly arrastrado: bigint;
  readonly metodo_pago: Ficha["metodo_pago"];
  /** What the run before paid to the same partner; null: nothing. */
  readonly anterior: bigint | null;
  readonly payout_id: string;
  readonly huella_transacciones: string;
  readonly huella: string;
}

export const MOTIVOS = [
  "retenido",
  "bajo_minimo",
  "suspendido",
  "sin_metodo",
  "negativo",
  "pago_vigente",
  "fuera_de_rango",
] as const;
export type Motivo = (typeof MOTIVOS)[number];

export interface Exclusion {
  readonly partner_id: string;
  readonly moneda: Moneda;
  readonly motivo: Motivo;
  readonly monto: bigint;
  readonly transacciones: number;
  /** The minimum that it does not reach. */
  readonly minimo: bigint | null;
  /** The payout that is there already. */
  readonly pago: string | null;
  readonly huella: string;
}

export interface Plan {
  readonly lineas: readonly Linea[];
  readonly exclusiones: readonly Exclusion[];
}
/** What the run before paid, by `llave`. */
export type Anteriores = ReadonlyMap<string, bigint>;
export const llave = (x: { readonly partner_id: string; readonly moneda: Moneda }): string =>
  `${x.moneda} ${x.partner_id}`;

/** Who is paid what, and who is not and why. What is not paid stays unpaid, and the next run finds it. */
export function planificar(
  bases: readonly Base[],
  generales: Condiciones | undefined,
  anteriores: Anteriores,
  idDePago: (n: number) => string,
): Plan {
  const lineas: Linea[] = [];
  const exclusiones: Exclusion[] = [];
  for (const b of bases) {
    const { partner_id, moneda, monto, transacciones, huella } = b;
    const excluir = (motivo: Motivo, mas: Partial<Exclusion> = {}) =>
      void exclusiones.push({
        partner_id,
        moneda,
        motivo,
        monto,
        transacciones,
        minimo: null,
        pago: null,
        huella,
        ...mas,
      });
    if (b.retenidas > 0) excluir("retenido", { monto: b.retenido, transacciones: b.retenidas });
    if (transacciones === 0) continue;
    const e = efectivas(b.propias, generales, b.cliente, 0);
    const minimo = e.minimo(moneda).unidades;
    if (e.suspendido) excluir("suspendido");
    else if (monto <= 0n) excluir("negativo");
    else if (b.pago !== null) excluir("pago_vigente", { pago: b.pago });
    else if (monto < minimo) excluir("bajo_minimo", { minimo });
    else if (e.metodo_pago === null) excluir("sin_metodo");
    else if (monto > LIMITE) excluir("fuera_de_rango");
    else {
      lineas.push({
        partner_id,
        moneda,
        monto,
        transacciones,
        deudas: b.deudas,
        arrastrado: b.arrastrado,
        metodo_pago: e.metodo_pago,
        anterior: anteriores.get(llave(b)) ?? null,
        payout_id: idDePago(lineas.length + 1),
        huella_transacciones: b.huella_transacciones,
        huella,
      });
    }
  }
  return { lineas, exclusiones };
}

/** One currency of a plan, in minor units. */
export interface Total {
  readonly moneda: Moneda;
  readonly partners: number;
  readonly transacciones: number;
  readonly monto: bigint;
  readonly deudas: bigint;
  readonly excluidos: number;
  readonly excluido: bigint;
  /** What the run before paid. */
  readonly anterior: bigint;
  /** Paid now and not by the run before; and the other way round. */
  readonly nuevos: number;
  readonly salen: number;
}

export function totalizar({ lineas, exclusiones }: Plan, anteriores: Anteriores): readonly Total[] {
  const totales = new Map<Moneda, { -readonly [K in keyof Total]: Total[K] }>();
  const de = (moneda: Moneda) => {
    const hay = totales.get(moneda);
    if (hay !== undefined) return hay;
    const cero = { partners: 0, transacciones: 0, monto: 0n, deudas: 0n, excluidos: 0, excluido: 0n };
    const nuevo = { moneda, ...cero, anterior: 0n, nuevos: 0, salen: 0 };
    totales.set(moneda, nuevo);
    return nuevo;
  };
  const pagados = new Set<string>();
  for (const l of lineas) {
    const t = de(l.moneda);
    t.partners++;
    t.transacciones += l.transacciones;
    t.monto += l.monto;
    t.deudas += l.deudas;
    if (l.anterior === null) t.nuevos++;
    pagados.add(llave(l));
  }
  for (const x of exclusiones) {
    const t = de(x.moneda);
    t.excluidos++;
    t.excluido += x.monto;
  }
  for (const [k, monto] of anteriores) {
    const t = de(k.split(" ", 1)[0] as Moneda);
    t.anterior += monto;
    if (!pagados.has(k)) t.salen++;
  }
  return [...totales.values()].sort((a, b) => a.moneda < b.moneda ? -1 : 1);
}

/** One thing that is no longer as the plan has it; `antes`/`ahora`: what is paid, in minor units, or why nothing is. */
export interface Cambio {
  readonly partner_id: string;
  readonly moneda: Moneda;
  readonly antes: bigint | Motivo | null;
  readonly ahora: bigint | Motivo | null;
}

/** What differs between a plan and the same plan made now. Empty: all that it rests on is as it was. */
export function cambios(plan: Plan, actual: Plan): readonly Cambio[] {
  const [antes, ahora] = [porLlave(plan), porLlave(actual)];
  const todas = new Set([...antes.keys(), ...ahora.keys()]);
  return [...todas].sort().flatMap((k): Cambio[] => {
    const [a, b] = [antes.get(k), ahora.get(k)];
    if (a?.huella === b?.huella) return [];
    const de = a ?? b;
    if (de === undefined) return [];
    const { partner_id, moneda } = de;
    return [{ partner_id, moneda, antes: a?.que ?? null, ahora: b?.que ?? null }];
  });
}

interface Hecho {
  readonly partner_id: string;
  readonly moneda: Moneda;
  readonly huella: string;
  readonly que: bigint | Motivo;
}
function porLlave({ lineas, exclusiones }: Plan): Map<string, Hecho> {
  const m = new Map<string, Hecho>();
  for (const { motivo: que, ...x } of exclusiones) m.set(llave(x), { ...x, que });
  // The line says more than what is held besides it.
  for (const { monto: que, ...l } of lineas) m.set(llave(l), { ...l, que });
  return m;
}
