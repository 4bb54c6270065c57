import type { DineroJson } from "./formato.ts";

/*
 * What the console reads of the API's answers. Written here, not imported: the schemas of shared/contracts would bring
 * zod into the browser.
 */
export interface ClienteJson {
  readonly id: string;
  readonly tipo_cliente: string;
  readonly nombre: string;
  readonly email: string;
  readonly cedula: string | null;
  readonly rut: string | null;
  readonly fecha_nacimiento: string | null;
  readonly telefono: string | null;
  readonly ciudad: string | null;
  readonly pais: string | null;
  readonly referencia_externa: string | null;
  readonly estado: string;
  readonly fecha_registro: string;
  readonly total_pagos: number;
  readonly ultimo_pago: string | null;
  readonly version: number;
}
export interface CampaniaJson {
  readonly id: string;
  readonly idCliente: string;
  readonly cliente_nombre?: string | null;
  readonly nombre: string | null;
  readonly tipo_campania: string;
  readonly itinerario: readonly unknown[];
  readonly presupuesto: DineroJson | null;
  readonly anticipo: DineroJson | null;
  readonly gasto: DineroJson | null;
  readonly fecha_inicio: string | null;
  readonly fecha_fin: string | null;
  readonly estado: string;
  readonly motivo: string | null;
  readonly pago_asociado_id: string | null;
  readonly fecha_creacion: string;
  readonly fecha_aprobacion: string | null;
  readonly fecha_cancelacion: string | null;
  readonly version: number;
}
export interface TransaccionJson {
  readonly id: string;
  readonly partner_id: string;
  readonly idCampania: string | null;
  readonly event_type: string;
  readonly event_timestamp: string;
  readonly monto_original: DineroJson | null;
  readonly comision: DineroJson;
  readonly payout_id: string | null;
  readonly estado: string;
  readonly motivo: string | null;
}
export interface IntentoJson {
  readonly numero: number;
  readonly clave: string;
  readonly estado: string;
  readonly referencia: string | null;
  readonly error: string | null;
  readonly inicio: string;
  readonly fin: string | null;
}
export interface PayoutJson {
  readonly id: string;
  readonly tipo: string;
  readonly partner_id: string | null;
  readonly cycle_id: string;
  readonly idCampania: string | null;
  readonly monto_total: DineroJson;
  readonly comision_bancaria: DineroJson | null;
  readonly neto: DineroJson | null;
  readonly estado: string;
  readonly motivo_espera: string | null;
  readonly referencia_proveedor: string | null;
  readonly metodo_pago: { readonly tipo: string; readonly mascara: string | null };
  readonly confirmation_id: string | null;
  readonly failure_reason: string | null;
  readonly reversion_pedida: { readonly motivo: string; readonly fecha: string } | null;
  readonly fecha_creacion: string;
  readonly fecha_actualizacion: string;
  readonly fecha_completado: string | null;
  readonly transacciones: readonly TransaccionJson[];
  readonly intentos: readonly IntentoJson[];
  readonly version: number;
}
export interface HistorialJson {
  readonly estado_anterior: string | null;
  readonly estado_nuevo: string;
  readonly fecha: string;
  readonly motivo: string | null;
  readonly actor: string;
}
export interface EventoJson {
  readonly version: number;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly occurred_on: string;
  readonly event_id: string;
}
export interface PasoJson {
  readonly paso: string;
  readonly estado: string;
  readonly intentos: number;
  readonly inicio: string;
  readonly fin: string | null;
  readonly error: string | null;
  readonly solicitud: string;
}
export interface SagaJson {
  readonly estado: string;
  readonly pasos: readonly PasoJson[];
  readonly plazo: string | null;
}
type PorEstado = Readonly<Record<string, number>>;
export interface EstadisticasClientesJson {
  readonly total: number;
  readonly por_estado: PorEstado;
}
export interface EstadisticasCampaniasJson {
  readonly total: number;
  readonly por_estado: PorEstado;
}
export interface AgregacionJson {
  readonly moneda: string;
  readonly cantidad: number;
  readonly total: string;
  readonly por_estado: Readonly<Record<string, { readonly cantidad: number; readonly total: string }>>;
}
export interface EstadisticasPagosJson {
  readonly total: number;
  readonly por_estado: PorEstado;
  readonly por_moneda: readonly AgregacionJson[];
}
export const ESTADOS_CLIENTE = ["ACTIVO", "INACTIVO", "SUSPENDIDO"];
export const TIPOS_CLIENTE = ["NATURAL", "EMPRESA"];
export const ESTADOS_CAMPANIA = ["PENDIENTE", "APROBADA", "PAUSADA", "FINALIZADA", "CANCELADA"];
export const TIPOS_CAMPANIA = ["PERFORMANCE", "BRANDING", "AWARENESS", "CONVERSION", "RETENTION"];
export const ESTADOS_PAGO = [
  "PENDIENTE",
  "CALCULADO",
  "CONFIRMADO",
  "EN_PROCESO",
  "EN_VERIFICACION",
  "EXITOSO",
  "FALLIDO",
  "RECHAZADO",
  "REVERTIDO",
];
export const METODOS = ["TARJETA", "PSE", "TRANSFERENCIA", "EFECTIVO", "ACH"];
export const MONEDAS = ["COP", "USD", "EUR", "MXN"];
