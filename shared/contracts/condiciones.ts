import { z } from "@hono/zod-openapi";
import { both } from "@alpes/shared/http/locale.ts";
import { DineroSchema, montoEntrada } from "./dinero.ts";
import { METODOS_PAGO } from "./pagos.ts";
import { mascaraEntrada, metodoEntrada } from "./pagos_campos.ts";

/** What was agreed with a partner, or (`general`) with all; null: nothing of its own. */
export const CondicionesSchema = z.object({
  partner_id: z.string(),
  /** Days for which a commission is held before it may be paid. */
  retencion_dias: z.int().nonnegative().nullable(),
  /** The least that is paid out in a currency; below it the balance rolls to the next cycle. */
  minimos: z.array(DineroSchema),
  /** Earns, but is not paid. */
  suspendido: z.boolean(),
  metodo_pago: z.object({ tipo: z.enum(METODOS_PAGO), mascara: z.string().nullable() }).nullable(),
  fecha_actualizacion: z.iso.datetime().nullable(),
  /** 0: nothing was ever agreed. */
  version: z.int().nonnegative(),
}).openapi("Condiciones");
export type CondicionesJson = z.infer<typeof CondicionesSchema>;

const monedaDe = (m: unknown): unknown =>
  typeof m === "object" && m !== null ? Reflect.get(m, "moneda") : undefined;

/** `PUT /pagos/condiciones/{partner_id|general}`: replaces them; what is absent is not agreed. */
export const CondicionesEntrada = z.strictObject({
  retencion_dias: z.int().min(0).max(36_500).nullish(),
  minimos: z.array(montoEntrada(0n)).max(50)
    .refine((ms) => ms.every((m) => typeof monedaDe(m) === "string"), {
      error: both("cada mínimo necesita su moneda", "each minimum needs its currency"),
    })
    .refine((ms) => new Set(ms.map(monedaDe)).size === ms.length, {
      error: both("hay dos mínimos de la misma moneda", "there are two minimums of one currency"),
    }).nullish(),
  suspendido: z.boolean().nullish(),
  metodo_pago: z.strictObject({ tipo: metodoEntrada, mascara: mascaraEntrada.nullish() }).nullish(),
}).openapi("CondicionesEntrada", {
  example: {
    retencion_dias: 7,
    minimos: [{ valor: "50.00", moneda: "USD" }],
    metodo_pago: { tipo: "ACH", mascara: "****1234" },
  },
});
export type CondicionesEntradaJson = z.output<typeof CondicionesEntrada>;
