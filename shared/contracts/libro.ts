import { z } from "@hono/zod-openapi";
import { DineroSchema } from "./dinero.ts";
import { ESTADOS_PAYOUT, TransaccionSchema } from "./pagos.ts";

const instante = z.iso.datetime();

/** An account in one currency: the sum of its lines. */
export const CuentaSchema = z.object({
  cuenta: z.string().openapi({ example: "partner:p-1:disponible" }),
  saldo: DineroSchema,
  /** How many lines make it. */
  movimientos: z.int().nonnegative(),
  fecha_actualizacion: instante,
}).openapi("CuentaLibro");
export type CuentaJson = z.infer<typeof CuentaSchema>;

/** What enters the account is positive, what leaves it negative. */
export const LineaSchema = z.object({ cuenta: z.string(), importe: DineroSchema }).openapi("LineaLibro");

/** One fact about money, with its cause. */
export const AsientoSchema = z.object({
  id: z.int().positive(),
  /** The fact and what it is about; no fact is posted twice. */
  clave: z.string(),
  hecho: z.string(),
  partner_id: z.string().nullable(),
  idCampania: z.string().nullable(),
  payout_id: z.string().nullable(),
  transaccion_id: z.string().nullable(),
  /** The `clave` of the entry that it takes back, and of the one that takes it back. */
  revierte: z.string().nullable(),
  revertido_por: z.string().nullable(),
  fecha: instante,
  /** Who, in which request (`X-Request-Id`), by which request or message, as which step of the campaign's saga. */
  actor: z.string(),
  solicitud: z.string(),
  causa: z.string(),
  saga_paso: z.string().nullable(),
  /** Those on accounts that the caller sees. */
  lineas: z.array(LineaSchema),
}).openapi("Asiento");
export type AsientoJson = z.infer<typeof AsientoSchema>;

export const SaldosSchema = z.object({
  cuenta: z.string(),
  /** The instant; null: now. */
  en: instante.nullable(),
  data: z.array(CuentaSchema),
}).openapi("Saldos");
export type SaldosJson = z.infer<typeof SaldosSchema>;

/** One line of an account, with the entry that it belongs to. */
export const MovimientoSchema = z.object({
  importe: DineroSchema,
  asiento: AsientoSchema.omit({ lineas: true }),
}).openapi("MovimientoLibro");
export type MovimientoJson = z.infer<typeof MovimientoSchema>;

/** A payout's figure, and all that makes it: the sums are exact. */
export const ExplicacionPayoutSchema = z.object({
  id: z.string(),
  estado: z.enum(ESTADOS_PAYOUT),
  monto_total: DineroSchema,
  comision_bancaria: z.union([DineroSchema, z.null()]),
  neto: z.union([DineroSchema, z.null()]),
  sumas: z.object({
    comisiones: DineroSchema,
    absorbido: DineroSchema,
    /** What was asked for beyond its transactions. */
    ajuste: DineroSchema,
    /** The three together: monto_total. */
    total: DineroSchema,
    /** What the ledger set aside for it, or took as its campaign's payment; zero once taken back. */
    en_libro: DineroSchema,
  }),
  transacciones: z.array(TransaccionSchema),
  asientos: z.array(AsientoSchema),
}).openapi("ExplicacionPago");
export type ExplicacionPayoutJson = z.infer<typeof ExplicacionPayoutSchema>;
