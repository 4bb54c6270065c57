import { z } from "@hono/zod-openapi";

export const TIPOS_CLIENTE = ["NATURAL", "EMPRESA"] as const;
export const ESTADOS_CLIENTE = ["ACTIVO", "INACTIVO", "SUSPENDIDO"] as const;

/** Any party: who pays for a campaign, and who earns from one (wire contract, section 3). */
export const ClienteSchema = z.object({
  id: z.string(),
  tipo_cliente: z.enum(TIPOS_CLIENTE),
  nombre: z.string(),
  email: z.string(),
  cedula: z.string().nullable(),
  rut: z.string().nullable(),
  fecha_nacimiento: z.iso.date().nullable(),
  telefono: z.string().nullable(),
  ciudad: z.string().nullable(),
  pais: z.string().nullable(),
  referencia_externa: z.string().nullable(),
  estado: z.enum(ESTADOS_CLIENTE),
  fecha_registro: z.iso.datetime(),
  total_pagos: z.int().nonnegative(),
  ultimo_pago: z.iso.datetime().nullable(),
  version: z.int().positive(),
}).openapi("Cliente");
export type ClienteJson = z.infer<typeof ClienteSchema>;

/** A row of an approximate search (`aproximada=true`): how well it fits, 0..1, best first. */
export const ClienteHalladoSchema = ClienteSchema.extend({ relevancia: z.number().min(0).max(1).optional() })
  .openapi("ClienteHallado");

export const EstadisticasClientesSchema = z.object({
  total: z.int(),
  por_estado: z.record(z.enum(ESTADOS_CLIENTE), z.int()),
  por_tipo: z.record(z.enum(TIPOS_CLIENTE), z.int()),
  nuevos_30_dias: z.int(),
}).openapi("EstadisticasClientes");

export const HistorialClienteSchema = z.object({
  data: z.array(z.object({
    version: z.int(),
    accion: z.string(),
    motivo: z.string().nullable(),
    actor: z.string(),
    solicitud: z.string(),
    fecha: z.iso.datetime(),
  })),
}).openapi("HistorialCliente");
