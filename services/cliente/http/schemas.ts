import { z } from "@hono/zod-openapi";
import { type ClienteJson, ESTADOS_CLIENTE, TIPOS_CLIENTE } from "@alpes/shared/contracts/cliente.ts";
import {
  CAMPOS_CLIENTE,
  type EdicionClienteSchema,
  PALABRAS_RESERVADAS_CLIENTE,
} from "@alpes/shared/contracts/cliente_registro.ts";
import { idSchema, texto } from "@alpes/shared/http/fields.ts";
import { listing } from "@alpes/shared/http/pagination.ts";
import { day, instantText } from "@alpes/shared/http/time.ts";
import { ID_PATTERN } from "@alpes/shared/seedwork/ids.ts";
import type { Vista } from "../application/ports.ts";
import type { Ficha } from "../domain/cliente.ts";

export const Id = z.object({ id: idSchema(PALABRAS_RESERVADAS_CLIENTE) });

export const ParcheSchema = z.strictObject({
  ...CAMPOS_CLIENTE,
  tipo_cliente: CAMPOS_CLIENTE.tipo_cliente.unwrap(),
})
  .partial()
  .openapi("ParcheCliente", { example: { ciudad: "Cali" } });

export const MotivoObligatorio = z.strictObject({ motivo: texto(1, 500) }).openapi("MotivoObligatorio");
export const MotivoOpcional = z.strictObject({ motivo: texto(1, 500).nullish() }).openapi("MotivoOpcional");
export const MotivoEnDireccion = z.object({ motivo: texto(1, 500).optional() });

type Registro = z.output<typeof EdicionClienteSchema>;
export const ficha = (r: Registro): Ficha => ({
  tipo_cliente: r.tipo_cliente,
  nombre: r.nombre,
  email: r.email,
  cedula: r.cedula ?? null,
  rut: r.rut ?? null,
  fecha_nacimiento: r.fecha_nacimiento ?? null,
  telefono: r.telefono ?? null,
  ciudad: r.ciudad ?? null,
  pais: r.pais ?? null,
  referencia_externa: r.referencia_externa ?? null,
});

/** Absent fields stay as they are; `null` empties one. */
export const parchada = (antes: Ficha, p: z.output<typeof ParcheSchema>): Ficha => ({
  ...antes,
  ...Object.fromEntries(Object.entries(p).filter(([, v]) => v !== undefined)),
});

const listaDeIds = z.string().transform((s) => s.split(",")).pipe(
  z.array(z.string().regex(ID_PATTERN)).max(100),
).openapi({ type: "string", description: "Up to 100 ids, separated by commas", example: "c-1,c-2" });

export const lista = listing({ fecha_registro: "time", nombre: "text" }, {
  search: texto(1, 100).optional(),
  estado: z.enum(ESTADOS_CLIENTE).optional(),
  tipo_cliente: z.enum(TIPOS_CLIENTE).optional(),
  desde: day.optional(),
  hasta: day.optional(),
  ids: listaDeIds.optional(),
  aproximada: z.stringbool({ truthy: ["true"], falsy: ["false"] }).default(false)
    .openapi({ type: "boolean", description: "Forgive one wrong letter, best first, with `relevancia`" }),
});

/** The resource, its fields in the contract's order. */
export const clienteJson = (v: Vista): ClienteJson & { relevancia?: number } => ({
  id: v.id,
  tipo_cliente: v.tipo_cliente,
  nombre: v.nombre,
  email: v.email,
  cedula: v.cedula,
  rut: v.rut,
  fecha_nacimiento: v.fecha_nacimiento,
  telefono: v.telefono,
  ciudad: v.ciudad,
  pais: v.pais,
  referencia_externa: v.referencia_externa,
  estado: v.estado,
  fecha_registro: instantText(v.fecha_registro),
  total_pagos: v.total_pagos,
  ultimo_pago: v.ultimo_pago === null ? null : instantText(v.ultimo_pago),
  version: v.version,
  ...(v.relevancia === undefined ? {} : { relevancia: v.relevancia }),
});
