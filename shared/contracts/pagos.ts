import { z } from "@hono/zod-openapi";
import { orNull } from "@alpes/shared/http/fields.ts";
import { DineroSchema, MonedaSchema } from "./dinero.ts";

export const ESTADOS_PAYOUT = [
  "PENDIENTE",
  "CALCULADO",
  "CONFIRMADO",
  "EN_PROCESO",
  "EN_VERIFICACION",
  "EXITOSO",
  "FALLIDO",
  "RECHAZADO",
  "REVERTIDO",
] as const;
export type EstadoPayout = (typeof ESTADOS_PAYOUT)[number];
export const TIPOS_PAYOUT = ["CAMPANIA", "PARTNER"] as const;
export const METODOS_PAGO = ["TARJETA", "PSE", "TRANSFERENCIA", "EFECTIVO", "ACH"] as const;
export const ESTADOS_INTENTO = ["INICIADO", "DESCONOCIDO", "PAGADO", "NO_PAGADO"] as const;
export const ESTADOS_TRANSACCION = ["ACTIVE", "CANCELLED", "REFUNDED"] as const;
export const ESTADOS_CICLO = ["ABIERTO", "CERRADO"] as const;

/** First path segments of the module, which no payout may have as its id. */
export const PALABRAS_RESERVADAS_PAGOS: readonly string[] = [
  "avisos-psp",
  "cambios",
  "ciclos",
  "comandos",
  "condiciones",
  "conciliaciones",
  "estadisticas",
  "estados-de-cuenta",
  "libro",
  "liquidaciones",
  "operacion",
  "pagar",
  "tarifas",
  "transacciones",
];

const instante = z.iso.datetime();
const nada = instante.nullable();

/** A commission, or (comision < 0, `reembolso_de` set) the line that takes a paid one back. */
export const TransaccionSchema = z.object({
  id: z.string(),
  partner_id: z.string(),
  idCampania: z.string().nullable(),
  brand_id: z.string().nullable(),
  event_type: z.string(),
  event_timestamp: instante,
  monto_original: orNull(DineroSchema),
  comision: DineroSchema,
  /** The rate that gave the commission; null: it was given with the transaction. */
  tarifa_id: z.string().nullable(),
  payout_id: z.string().nullable(),
  estado: z.enum(ESTADOS_TRANSACCION),
  reembolso_de: z.string().nullable(),
  /** When its hold is over; whether it has become available. */
  libera: instante,
  liberada: z.boolean(),
  /** Why it was refunded. */
  motivo: z.string().nullable(),
  fecha_creacion: instante,
}).openapi("Transaccion");
export type TransaccionJson = z.infer<typeof TransaccionSchema>;

/** What recording several at once answers: all of them, also those that stood already. */
export const TransaccionesSchema = z.object({
  transacciones: z.array(TransaccionSchema),
  /** How many of them this request made. */
  creadas: z.int().nonnegative(),
}).openapi("Transacciones");

/** One conversation with the provider; `clave` is the idempotency key that it knows the attempt by. */
export const IntentoSchema = z.object({
  numero: z.int().positive(),
  clave: z.string(),
  estado: z.enum(ESTADOS_INTENTO),
  referencia: z.string().nullable(),
  error: z.string().nullable(),
  inicio: instante,
  fin: nada,
}).openapi("Intento");

/** One movement of money with the outside (wire contract, section 5). */
export const PayoutSchema = z.object({
  id: z.string(),
  tipo: z.enum(TIPOS_PAYOUT),
  /** The party that pays (CAMPANIA) or is paid (PARTNER); null while the campaign is not known yet. */
  partner_id: z.string().nullable(),
  cycle_id: z.string(),
  idCampania: z.string().nullable(),
  monto_total: DineroSchema,
  comision_bancaria: orNull(DineroSchema),
  neto: orNull(DineroSchema),
  estado: z.enum(ESTADOS_PAYOUT),
  motivo_espera: z.string().nullable(),
  referencia_proveedor: z.string().nullable(),
  metodo_pago: z.object({ tipo: z.enum(METODOS_PAGO), mascara: z.string().nullable() }),
  confirmation_id: z.string().nullable(),
  failure_reason: z.string().nullable(),
  /** A reversal that was asked for and is not done yet. */
  reversion_pedida: z.object({ motivo: z.string(), fecha: instante }).nullable(),
  fecha_creacion: instante,
  fecha_actualizacion: instante,
  fecha_procesamiento: nada,
  fecha_completado: nada,
  transacciones: z.array(TransaccionSchema),
  intentos: z.array(IntentoSchema),
  version: z.int().positive(),
}).openapi("Payout");
export type PayoutJson = z.infer<typeof PayoutSchema>;

/** A row of an approximate search (`aproximada=true`): how well it fits, 0..1, best first. */
export const PayoutHalladoSchema = PayoutSchema.extend({ relevancia: z.number().min(0).max(1).optional() })
  .openapi("PayoutHallado");

const total = z.string().openapi({ example: "150.25", description: "decimal string in `moneda`" });
const porEstado = z.partialRecord(z.enum(ESTADOS_PAYOUT), z.object({ cantidad: z.int(), total }));
/** Sums of one currency over the whole filtered set; only states that occur are listed. */
export const AgregacionSchema = z.object({
  moneda: MonedaSchema,
  cantidad: z.int(),
  total,
  por_estado: porEstado,
}).openapi("Agregacion");
export type AgregacionJson = z.infer<typeof AgregacionSchema>;

export const EstadisticasPagosSchema = z.object({
  total: z.int(),
  /** Every state, also those with 0. */
  por_estado: z.record(z.enum(ESTADOS_PAYOUT), z.int()),
  por_moneda: z.array(AgregacionSchema),
  /** First and last time at which one of these payouts became EXITOSO (and still is). */
  primer_pago: nada,
  ultimo_pago: nada,
}).openapi("EstadisticasPagos");
export type EstadisticasPagosJson = z.infer<typeof EstadisticasPagosSchema>;

export const HistorialPagoSchema = z.object({
  data: z.array(z.object({
    estado_anterior: z.enum(ESTADOS_PAYOUT).nullable(),
    estado_nuevo: z.enum(ESTADOS_PAYOUT),
    fecha: instante,
    motivo: z.string().nullable(),
    actor: z.string(),
  })),
}).openapi("HistorialPago");
export type HistorialPagoJson = z.infer<typeof HistorialPagoSchema>;

export const PagoAceptadoSchema = z.object({ id: z.string(), estado: z.enum(ESTADOS_PAYOUT) })
  .openapi("PagoAceptado");
export const ComandoPagoAceptadoSchema = z.object({ status: z.literal("accepted"), id: z.string() })
  .openapi("ComandoPagoAceptado");

/** A payout cycle: days, both included, in UTC. */
export const CicloSchema = z.object({
  id: z.string(),
  inicio: z.iso.date(),
  fin: z.iso.date(),
  estado: z.enum(ESTADOS_CICLO),
  fecha_creacion: instante,
}).openapi("Ciclo");
export type CicloJson = z.infer<typeof CicloSchema>;
