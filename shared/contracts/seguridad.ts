import { z } from "@hono/zod-openapi";
import { RESULTADOS } from "@alpes/shared/seedwork/audit.ts";

/** Who a credential is recognised as (`GET /{modulo}/operacion/identidad`). */
export const IdentidadSchema = z.discriminatedUnion("tipo", [
  z.object({ tipo: z.literal("anonimo") }),
  z.object({ tipo: z.literal("servicio"), id: z.string() }),
  z.object({
    tipo: z.enum(["clave", "persona"]),
    id: z.string(),
    roles: z.array(z.enum(["partner", "operador", "aprobador", "auditor", "admin", "servicio"])),
    cliente: z.string().nullable(),
  }),
]).openapi("Identidad");
export type IdentidadJson = z.infer<typeof IdentidadSchema>;

/** A sign-in by a link's code: the key that it was exchanged for. */
export const ClaveCanjeadaSchema = z.object({ clave: z.string(), expira: z.iso.datetime() });

/** One line of the audit log (`GET /{modulo}/operacion/auditoria`). */
export const RastroSchema = z.object({
  id: z.string(),
  modulo: z.string(),
  en: z.iso.datetime(),
  actor: z.string().openapi({ example: "persona:ana" }),
  accion: z.string().openapi({ example: "revertirPago" }),
  recurso: z.object({ tipo: z.string(), id: z.string() }).nullable(),
  solicitud: z.string(),
  resultado: z.enum(RESULTADOS),
  detalle: z.unknown(),
}).openapi("Rastro");
export type RastroJson = z.infer<typeof RastroSchema>;

export const AuditoriaSchema = z.object({
  data: z.array(RastroSchema),
  pagination: z.object({
    limit: z.int(),
    next_cursor: z.string().nullable(),
    has_next: z.boolean(),
  }),
}).openapi("Auditoria");
