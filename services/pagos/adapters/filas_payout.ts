import { type Dinero, dinero, EXPONENTES, type Moneda } from "@alpes/shared/seedwork/money.ts";
import type { Comun, Estado, Existente, Ficha, Intento, Resultado } from "../domain/payout.ts";

/** A row of `pagos.payouts`. */
export interface FilaPayout {
  id: string;
  tipo: Ficha["tipo"];
  partner_id: string | null;
  cycle_id: string;
  id_campania: string | null;
  moneda: Moneda;
  monto: bigint;
  milesimas: bigint;
  pedido_monto: bigint | null;
  pedido_moneda: Moneda | null;
  automatico: boolean;
  metodo: Ficha["metodo_pago"]["tipo"];
  mascara: string | null;
  confirmation_id: string | null;
  failure_reason: string | null;
  processed_at: Date | null;
  completed_at: Date | null;
  estado: Estado;
  motivo: string | null;
  plazo: Date | null;
  consultas: number;
  referencia: string | null;
  comision_bancaria: bigint | null;
  reemplazado_por: string | null;
  terminado: Date | null;
  reversion_motivo: string | null;
  reversion_actor: string | null;
  reversion_en: Date | null;
  creado: Date;
  actualizado: Date;
  version: number;
}
export type ColumnaPayout = keyof FilaPayout;

/** Every column that the domain knows, in the one order that statements use. */
export const COLUMNAS_PAYOUT: readonly ColumnaPayout[] = [
  "id",
  "tipo",
  "partner_id",
  "cycle_id",
  "id_campania",
  "moneda",
  "monto",
  "milesimas",
  "pedido_monto",
  "pedido_moneda",
  "automatico",
  "metodo",
  "mascara",
  "confirmation_id",
  "failure_reason",
  "processed_at",
  "completed_at",
  "estado",
  "motivo",
  "plazo",
  "consultas",
  "referencia",
  "comision_bancaria",
  "reemplazado_por",
  "terminado",
  "reversion_motivo",
  "reversion_actor",
  "reversion_en",
  "creado",
  "actualizado",
  "version",
];

/** An amount in thousandths, comparable across the digits of currencies. */
export const milesimas = (d: Dinero): bigint => d.unidades * 10n ** BigInt(3 - EXPONENTES[d.moneda]);

/** What is true of the payout now, as a row. */
export function filaDePayout(p: Existente, version: number, actualizado: Date): FilaPayout {
  const { ficha: f, reversion: r } = p;
  return {
    id: f.id,
    tipo: f.tipo,
    partner_id: p.partner_id,
    cycle_id: f.cycle_id,
    id_campania: f.idCampania,
    moneda: f.monto_total.moneda,
    monto: f.monto_total.unidades,
    milesimas: milesimas(f.monto_total),
    pedido_monto: f.pedido.monto?.unidades ?? null,
    pedido_moneda: f.pedido.moneda,
    automatico: f.automatico,
    metodo: f.metodo_pago.tipo,
    mascara: f.metodo_pago.mascara,
    ...f.dicho,
    estado: p.estado,
    motivo: p.estado === "PENDIENTE" ? p.espera?.motivo ?? null : "motivo" in p ? p.motivo : null,
    plazo: p.estado === "PENDIENTE" ? p.espera?.vence ?? null : p.estado === "CALCULADO" ? p.desde : null,
    consultas: p.estado === "EN_VERIFICACION" ? p.consultas : 0,
    referencia: "referencia" in p ? p.referencia : null,
    comision_bancaria: "comision" in p ? p.comision?.unidades ?? null : null,
    reemplazado_por: p.estado === "RECHAZADO" ? p.reemplazado_por : null,
    terminado: "en" in p ? p.en : null,
    reversion_motivo: r?.motivo ?? null,
    reversion_actor: r?.actor ?? null,
    reversion_en: r?.en ?? null,
    creado: f.creado,
    actualizado,
    version,
  };
}

function hay<T>(x: T | null, columna: string): T {
  if (x === null) throw new Error(`pagos.payouts.${columna} is empty where its estado needs it`);
  return x;
}

export function payoutDeFila(f: FilaPayout, intentos: readonly Intento[]): Existente {
  const comun: Comun = {
    ficha: {
      id: f.id,
      tipo: f.tipo,
      cycle_id: f.cycle_id,
      idCampania: f.id_campania,
      monto_total: dinero(f.monto, f.moneda),
      pedido: {
        monto: f.pedido_monto === null ? null : dinero(f.pedido_monto, f.moneda),
        moneda: f.pedido_moneda,
      },
      automatico: f.automatico,
      metodo_pago: { tipo: f.metodo, mascara: f.mascara },
      dicho: {
        confirmation_id: f.confirmation_id,
        failure_reason: f.failure_reason,
        processed_at: f.processed_at,
        completed_at: f.completed_at,
      },
      creado: f.creado,
    },
    partner_id: f.partner_id,
    intentos,
    reversion: f.reversion_motivo === null ? null : {
      motivo: f.reversion_motivo,
      actor: hay(f.reversion_actor, "reversion_actor"),
      en: hay(f.reversion_en, "reversion_en"),
    },
  };
  const motivo = () => hay(f.motivo, "motivo");
  const en = () => hay(f.terminado, "terminado");
  const referencia = () => hay(f.referencia, "referencia");
  const comision = f.comision_bancaria === null ? null : dinero(f.comision_bancaria, f.moneda);
  switch (f.estado) {
    case "PENDIENTE":
      return {
        ...comun,
        estado: f.estado,
        espera: f.plazo === null ? null : { motivo: motivo(), vence: f.plazo },
      };
    case "CALCULADO":
      return { ...comun, estado: f.estado, desde: hay(f.plazo, "plazo") };
    case "CONFIRMADO":
    case "EN_PROCESO":
      return { ...comun, estado: f.estado };
    case "EN_VERIFICACION":
      return { ...comun, estado: f.estado, motivo: motivo(), consultas: f.consultas };
    case "EXITOSO":
      return { ...comun, estado: f.estado, referencia: referencia(), comision, en: en() };
    case "REVERTIDO":
      return { ...comun, estado: f.estado, referencia: referencia(), comision, motivo: motivo(), en: en() };
    case "FALLIDO":
      return { ...comun, estado: f.estado, motivo: motivo(), en: en() };
    case "RECHAZADO":
      return { ...comun, estado: f.estado, motivo: motivo(), reemplazado_por: f.reemplazado_por, en: en() };
  }
}

export interface FilaIntento {
  payout_id: string;
  numero: number;
  clave: string;
  estado: "INICIADO" | "DESCONOCIDO" | "PAGADO" | "NO_PAGADO";
  referencia: string | null;
  error: string | null;
  inicio: Date;
  fin: Date | null;
}

export function filaDeIntento(payout_id: string, i: Intento): FilaIntento {
  const { resultado: r } = i;
  const base = {
    payout_id,
    numero: i.numero,
    clave: i.clave,
    inicio: i.inicio,
    fin: i.fin,
    referencia: null,
    error: null,
  };
  switch (r.tipo) {
    case "abierto":
      return { ...base, estado: "INICIADO" };
    case "desconocido":
      return { ...base, estado: "DESCONOCIDO", error: r.motivo };
    case "pagado":
      return { ...base, estado: "PAGADO", referencia: r.referencia };
    case "no_pagado":
      return { ...base, estado: "NO_PAGADO", error: r.razon };
  }
}

const RESULTADO: Record<FilaIntento["estado"], (f: FilaIntento) => Resultado> = {
  INICIADO: () => ({ tipo: "abierto" }),
  DESCONOCIDO: (f) => ({ tipo: "desconocido", motivo: f.error ?? "" }),
  PAGADO: (f) => ({ tipo: "pagado", referencia: f.referencia ?? "" }),
  NO_PAGADO: (f) => ({ tipo: "no_pagado", razon: f.error ?? "" }),
};
export const intentoDeFila = (f: FilaIntento): Intento => ({
  numero: f.numero,
  clave: f.clave,
  inicio: f.inicio,
  fin: f.fin,
  resultado: RESULTADO[f.estado](f),
});
