import { dineroJson } from "@alpes/shared/contracts/dinero.ts";
import type {
  AgregacionJson,
  CicloJson,
  EstadisticasPagosJson,
  EstadoPayout,
  PayoutJson,
  TransaccionJson,
} from "@alpes/shared/contracts/pagos.ts";
import { ESTADOS_PAYOUT } from "@alpes/shared/contracts/pagos.ts";
import { instantText } from "@alpes/shared/http/time.ts";
import { dinero, type Moneda, montoTexto, restar } from "@alpes/shared/seedwork/money.ts";
import type { PagoVisto, Suma } from "../application/ports.ts";
import type { Ciclo } from "../domain/ciclo.ts";
import type { Existente, Intento } from "../domain/payout.ts";
import type { Transaccion } from "../domain/transaccion.ts";

const texto = (d: Date | null | undefined): string | null =>
  d === null || d === undefined ? null : instantText(d);

/** A payout as it leaves. What the caller said about it is shown as he said it; nothing is made up. */
export function payoutJson(v: PagoVisto): PayoutJson & { relevancia?: number } {
  const { payout: p } = v;
  const { ficha: f } = p;
  const referencia = p.estado === "EXITOSO" || p.estado === "REVERTIDO" ? p.referencia : null;
  const comision = p.estado === "EXITOSO" || p.estado === "REVERTIDO" ? p.comision : null;
  const fracaso = p.estado === "FALLIDO" || p.estado === "RECHAZADO" ? p.motivo : null;
  return {
    id: f.id,
    tipo: f.tipo,
    partner_id: p.partner_id,
    cycle_id: f.cycle_id,
    idCampania: f.idCampania,
    monto_total: dineroJson(f.monto_total),
    comision_bancaria: comision === null ? null : dineroJson(comision),
    neto: comision === null ? null : dineroJson(restar(f.monto_total, comision)),
    estado: p.estado,
    motivo_espera: espera(p),
    referencia_proveedor: referencia,
    metodo_pago: f.metodo_pago,
    confirmation_id: f.dicho.confirmation_id ?? referencia,
    failure_reason: f.dicho.failure_reason ?? fracaso,
    reversion_pedida: p.reversion === null
      ? null
      : { motivo: p.reversion.motivo, fecha: instantText(p.reversion.en) },
    fecha_creacion: instantText(f.creado),
    fecha_actualizacion: instantText(v.actualizado),
    fecha_procesamiento: texto(f.dicho.processed_at ?? p.intentos[0]?.inicio),
    fecha_completado: texto(f.dicho.completed_at ?? completado(p)),
    transacciones: v.transacciones.map(transaccionJson),
    intentos: p.intentos.map(intentoJson),
    version: v.version,
    ...(v.relevancia === undefined ? {} : { relevancia: v.relevancia }),
  };
}

const espera = (p: Existente): string | null =>
  p.estado === "PENDIENTE" ? p.espera?.motivo ?? null : p.estado === "EN_VERIFICACION" ? p.motivo : null;
/** When it came to its end; a reversal does not change when it was paid. */
const completado = (p: Existente): Date | null =>
  p.estado === "REVERTIDO" ? p.intentos.at(-1)?.fin ?? p.en : "en" in p ? p.en : null;

const ESTADO_INTENTO = {
  abierto: "INICIADO",
  desconocido: "DESCONOCIDO",
  pagado: "PAGADO",
  no_pagado: "NO_PAGADO",
} as const;
const intentoJson = (i: Intento): PayoutJson["intentos"][number] => ({
  numero: i.numero,
  clave: i.clave,
  estado: ESTADO_INTENTO[i.resultado.tipo],
  referencia: i.resultado.tipo === "pagado" ? i.resultado.referencia : null,
  error: i.resultado.tipo === "desconocido"
    ? i.resultado.motivo
    : i.resultado.tipo === "no_pagado"
    ? i.resultado.razon
    : null,
  inicio: instantText(i.inicio),
  fin: texto(i.fin),
});

export const transaccionJson = (t: Transaccion): TransaccionJson => ({
  id: t.id,
  partner_id: t.partner_id,
  idCampania: t.idCampania,
  brand_id: t.brand_id,
  event_type: t.event_type,
  event_timestamp: instantText(t.event_timestamp),
  monto_original: t.monto_original === null ? null : dineroJson(t.monto_original),
  comision: dineroJson(t.comision),
  tarifa_id: t.tarifa_id,
  payout_id: t.payout_id,
  estado: t.estado,
  reembolso_de: t.reembolso_de,
  libera: instantText(t.libera),
  liberada: t.liberada,
  motivo: t.motivo,
  fecha_creacion: instantText(t.creada),
});

export const cicloJson = (c: Ciclo): CicloJson => ({
  id: c.id,
  inicio: c.inicio,
  fin: c.fin,
  estado: c.estado,
  fecha_creacion: instantText(c.creado),
});

/** The sums of each currency, with its states. */
export function agregaciones(sumas: readonly Suma[]): AgregacionJson[] {
  return [...Map.groupBy(sumas, (s) => s.moneda)].map(([moneda, suyas]) => ({
    moneda,
    cantidad: suyas.reduce((a, s) => a + s.cantidad, 0),
    total: total(suyas.reduce((a, s) => a + s.total, 0n), moneda),
    por_estado: Object.fromEntries(
      suyas.map((s) => [s.estado, { cantidad: s.cantidad, total: total(s.total, moneda) }]),
    ),
  }));
}
const total = (unidades: bigint, moneda: Moneda): string => montoTexto(dinero(unidades, moneda));

export function estadisticas(sumas: readonly Suma[]): EstadisticasPagosJson {
  const cantidad = (estado?: EstadoPayout) =>
    sumas.filter((s) => estado === undefined || s.estado === estado).reduce((a, s) => a + s.cantidad, 0);
  const fechas = (de: "primero" | "ultimo") => sumas.flatMap((s) => s[de]?.getTime() ?? []);
  const primeras = fechas("primero"), ultimas = fechas("ultimo");
  return {
    total: cantidad(),
    por_estado: Object.fromEntries(ESTADOS_PAYOUT.map((e) => [e, cantidad(e)])) as Record<
      EstadoPayout,
      number
    >,
    por_moneda: agregaciones(sumas),
    primer_pago: primeras.length === 0 ? null : instantText(new Date(Math.min(...primeras))),
    ultimo_pago: ultimas.length === 0 ? null : instantText(new Date(Math.max(...ultimas))),
  };
}
