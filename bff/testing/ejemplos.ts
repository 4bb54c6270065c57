import type { CampaniaJson } from "@alpes/shared/contracts/campanias.ts";
import type { ClienteJson } from "@alpes/shared/contracts/cliente.ts";
import type { PayoutJson } from "@alpes/shared/contracts/pagos.ts";

export const unCliente = (id: string, nombre = `Cliente ${id}`): ClienteJson => ({
  id,
  tipo_cliente: "NATURAL",
  nombre,
  email: `${id}@correo.example`,
  cedula: "1020304050",
  rut: null,
  fecha_nacimiento: "1990-02-28",
  telefono: null,
  ciudad: "Bogotá",
  pais: null,
  referencia_externa: null,
  estado: "ACTIVO",
  fecha_registro: "2026-01-01T00:00:00.000Z",
  total_pagos: 0,
  ultimo_pago: null,
  version: 1,
});

export const unPago = (id: string, partner_id = "c-1"): PayoutJson => ({
  id,
  tipo: "PARTNER",
  partner_id,
  cycle_id: "2026-01",
  idCampania: null,
  monto_total: { valor: "150.25", moneda: "USD" },
  comision_bancaria: null,
  neto: null,
  estado: "EXITOSO",
  motivo_espera: null,
  referencia_proveedor: null,
  metodo_pago: { tipo: "TARJETA", mascara: "**** 1111" },
  confirmation_id: null,
  failure_reason: null,
  reversion_pedida: null,
  fecha_creacion: "2026-01-02T00:00:00.000Z",
  fecha_actualizacion: "2026-01-02T00:00:00.000Z",
  fecha_procesamiento: null,
  fecha_completado: "2026-01-02T00:00:01.000Z",
  transacciones: [],
  intentos: [],
  version: 3,
});

export const unaCampania = (id: string, idCliente = "c-1"): CampaniaJson => ({
  id,
  idCampania: id,
  idCliente,
  nombre: null,
  tipo_campania: "PERFORMANCE",
  itinerario: [],
  presupuesto: null,
  anticipo: null,
  gasto: null,
  fecha_inicio: null,
  fecha_fin: null,
  metas: null,
  estado: "APROBADA",
  motivo: null,
  pago_asociado_id: null,
  fecha_creacion: "2026-01-03T00:00:00.000Z",
  fecha_aprobacion: "2026-01-03T00:00:01.000Z",
  fecha_cancelacion: null,
  version: 2,
});

/** One day with three of them, two before it. */
export const serie = {
  desde: "2026-01-01T00:00:00.000Z",
  paso: "dia",
  cantidad: 3,
  anterior: 2,
  puntos: [{ desde: "2026-01-01T00:00:00.000Z", cantidad: 3 }],
};
