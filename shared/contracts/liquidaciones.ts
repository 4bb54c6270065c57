import { z } from "@hono/zod-openapi";
import { idSchema, orNull, texto } from "@alpes/shared/http/fields.ts";
import { day } from "@alpes/shared/http/time.ts";
import { DineroSchema, MonedaSchema } from "./dinero.ts";
import { ESTADOS_PAYOUT, METODOS_PAGO } from "./pagos.ts";
import { idFiltro, monedaEntrada } from "./pagos_campos.ts";

export const ESTADOS_LIQUIDACION = ["CALCULADA", "APROBADA", "APLICANDO", "APLICADA", "DESCARTADA"] as const;
export const MOTIVOS_EXCLUSION = [
  "retenido",
  "bajo_minimo",
  "suspendido",
  "sin_metodo",
  "negativo",
  "pago_vigente",
  "fuera_de_rango",
] as const;

const instante = z.iso.datetime();
const paso = z.object({ actor: z.string(), fecha: instante });

/** One currency of a run, compared with the run applied before it. */
const TotalLiquidacionSchema = z.object({
  moneda: MonedaSchema,
  partners: z.int(),
  transacciones: z.int(),
  monto: DineroSchema,
  /** Refunds of paid commissions that these payouts absorb, ≤ 0; part of `monto`. */
  deudas: DineroSchema,
  excluidos: z.int(),
  excluido: DineroSchema,
  diferencia: z.object({
    anterior: DineroSchema,
    variacion: DineroSchema,
    partners_nuevos: z.int(),
    partners_que_salen: z.int(),
  }),
}).openapi("TotalLiquidacion");

/** A payout run: a plan, which changes nothing until it is approved and applied. */
export const LiquidacionSchema = z.object({
  id: z.string(),
  ciclo: z.string(),
  /** The last day, in UTC, whose commissions it pays. */
  corte: z.iso.date(),
  /** null: every currency. */
  moneda: orNull(MonedaSchema),
  estado: z.enum(ESTADOS_LIQUIDACION),
  /** Fingerprint of all that the plan rests on. */
  huella: z.string(),
  /** The run that it is compared with. */
  anterior: z.string().nullable(),
  lineas: z.int(),
  exclusiones: z.int(),
  totales: z.array(TotalLiquidacionSchema),
  calculada: paso,
  aprobada: paso.nullable(),
  aplicando: paso.nullable(),
  aplicada: instante.nullable(),
  descartada: z.object({ fecha: instante, motivo: z.string() }).nullable(),
  /** Payouts confirmed of those planned. */
  avance: z.object({
    hechos: z.int(),
    total: z.int(),
    por_segundo: z.number().nullable(),
    restante_s: z.number().nullable(),
  }),
  version: z.int().positive(),
}).openapi("Liquidacion");
export type LiquidacionJson = z.infer<typeof LiquidacionSchema>;

/** With the first hundred of those whom the run before paid and this one does not. */
export const LiquidacionDetalleSchema = LiquidacionSchema.extend({
  salen: z.array(z.object({ partner_id: z.string(), monto: DineroSchema })),
}).openapi("LiquidacionDetalle");

/** What one partner is paid. */
export const LineaLiquidacionSchema = z.object({
  partner_id: z.string(),
  monto: DineroSchema,
  transacciones: z.int(),
  deudas: DineroSchema,
  /** Of `monto`: commissions from before the cycle that no payout took. */
  arrastrado: DineroSchema,
  metodo_pago: z.object({ tipo: z.enum(METODOS_PAGO), mascara: z.string().nullable() }),
  /** What the run before paid; null: nothing. */
  anterior: orNull(DineroSchema),
  variacion: orNull(DineroSchema),
  payout_id: z.string(),
  /** null before the run is applied. */
  payout_estado: z.enum(ESTADOS_PAYOUT).nullable(),
}).openapi("LineaLiquidacion");
export type LineaLiquidacionJson = z.infer<typeof LineaLiquidacionSchema>;

/** What is not paid, and why; it stays unpaid, and the next run finds it. */
export const ExclusionLiquidacionSchema = z.object({
  partner_id: z.string(),
  motivo: z.enum(MOTIVOS_EXCLUSION),
  explicacion: z.string(),
  monto: DineroSchema,
  transacciones: z.int(),
  minimo: orNull(DineroSchema),
  payout_id: z.string().nullable(),
}).openapi("ExclusionLiquidacion");
export type ExclusionLiquidacionJson = z.infer<typeof ExclusionLiquidacionSchema>;

/** `POST /pagos/liquidaciones`: of a cycle, up to and with the day `corte` (its last one unless told). */
export const LiquidacionEntrada = z.strictObject({
  id: idSchema().nullish(),
  ciclo: idSchema(),
  corte: day.nullish(),
  moneda: monedaEntrada.nullish(),
}).openapi("LiquidacionEntrada", { example: { ciclo: "2026-01", corte: "2026-01-31", moneda: "USD" } });
export const DescartarLiquidacionEntrada = z.strictObject({ motivo: texto(1, 1000) })
  .openapi("DescartarLiquidacionEntrada");
/** `huella`: only if the plan is the one that was seen. */
export const AplicarLiquidacionEntrada = z.strictObject({ huella: texto(1, 128).nullish() })
  .openapi("AplicarLiquidacionEntrada");
export const LiquidacionAceptadaSchema = z.object({
  id: z.string(),
  estado: z.enum(ESTADOS_LIQUIDACION),
  huella: z.string(),
}).openapi("LiquidacionAceptada");

export const FiltroLiquidaciones = {
  ciclo: idFiltro.optional(),
  estado: z.enum(ESTADOS_LIQUIDACION).optional(),
} as const;
export const FiltroLineas = { partner_id: idFiltro.optional(), moneda: monedaEntrada.optional() } as const;
export const FiltroExclusiones = { ...FiltroLineas, motivo: z.enum(MOTIVOS_EXCLUSION).optional() } as const;
