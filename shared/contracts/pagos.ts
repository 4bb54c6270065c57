import { z } from "@hono/zod-openapi";
import { idSchema, orNull, texto } from "@alpes/shared/http/fields.ts";
import { both } from "@alpes/shared/http/locale.ts";
import { day, instantOrNull } from "@alpes/shared/http/time.ts";
import { esMoneda, type Moneda } from "@alpes/shared/seedwork/money.ts";
import { DineroSchema, MonedaSchema, montoEntrada, montoOpcional } from "./dinero.ts";

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

/** States as others call them; understood in filters. */
export const SINONIMOS_ESTADO: Readonly<Record<string, EstadoPayout>> = {
  PENDING: "PENDIENTE",
  COMPLETED: "EXITOSO",
  FAILED: "FALLIDO",
  COMPLETADO: "EXITOSO",
  PROCESANDO: "EN_PROCESO",
};
const SINONIMOS_METODO: Readonly<Record<string, (typeof METODOS_PAGO)[number]>> = {
  CREDIT_CARD: "TARJETA",
  BANK_TRANSFER: "TRANSFERENCIA",
  CASH: "EFECTIVO",
};

// ---- what leaves -------------------------------------------------------------------------------------------------

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

// ---- what comes in -----------------------------------------------------------------------------------------------

const idPago = idSchema(PALABRAS_RESERVADAS_PAGOS);
const idAjeno = idSchema();

const convertido = <T>(leer: (s: string) => T | undefined, es: string, en: string) =>
  z.string().transform((s, ctx): T => {
    const valor = leer(s);
    if (valor !== undefined) return valor;
    ctx.addIssue({ code: "custom", message: both(es, en), input: s });
    return z.NEVER;
  });

export const monedaEntrada = convertido(
  (s): Moneda | undefined => esMoneda(s) ? s : undefined,
  "moneda desconocida",
  "unknown currency",
)
  .openapi({ type: "string", example: "USD" });

export const metodoEntrada = convertido(
  (s) => SINONIMOS_METODO[s] ?? METODOS_PAGO.find((m) => m === s),
  `debe ser uno de ${METODOS_PAGO.join(", ")}`,
  `must be one of ${METODOS_PAGO.join(", ")}`,
).openapi({ type: "string", enum: [...METODOS_PAGO, ...Object.keys(SINONIMOS_METODO)] });

// Twelve digits are the shortest card number; a mask (first six, last four) has at most ten.
export const mascaraEntrada = texto(1, 64).refine((s) => s.replace(/\D/g, "").length < 12, {
  error: both(
    "no puede ser un número de tarjeta completo: envíe solo los últimos cuatro dígitos",
    "cannot be a full card number: send its last four digits only",
  ),
}).openapi({ example: "****1234" });

const medio = {
  payment_method_type: metodoEntrada.nullish(),
  payment_method_mask: mascaraEntrada.nullish(),
};

type Cuerpo = Readonly<Record<string, unknown>>;
export interface Regla {
  readonly campo: string;
  readonly cumple: (b: Cuerpo) => boolean;
  readonly error: string;
}
const dado = (v: unknown): boolean => v !== undefined && v !== null;
/** Rules between fields, held also when other fields are bad, so that one answer names them all. */
export const conReglas = <S extends z.ZodType>(schema: S, reglas: readonly Regla[]): S =>
  reglas.reduce<S>((s, { campo, cumple, error }) =>
    s.refine((b) => cumple(b as Cuerpo), {
      path: [campo],
      error,
      when: ({ value }) => typeof value === "object" && value !== null,
    }) as S, schema);

const monedaDeMonto = (b: Cuerpo): unknown => {
  const monto = b.total_amount ?? b.monto ?? b.monto_original ?? b.comision;
  return typeof monto === "object" && monto !== null ? Reflect.get(monto, "moneda") : null;
};
const UNA_MONEDA: Regla = {
  campo: "currency",
  cumple: (b) => !dado(b.currency) || !dado(monedaDeMonto(b)) || b.currency === monedaDeMonto(b),
  error: both("contradice la moneda del monto", "contradicts the currency of the amount"),
};
const sinCampania = (campo: string): Regla => ({
  campo,
  cumple: (b) => !dado(b.idCampania) || !dado(b[campo]),
  error: both("no se admite junto con idCampania", "does not go together with idCampania"),
});
const delPartner = (campo: string): Regla => ({
  campo,
  cumple: (b) => dado(b.idCampania) || dado(b[campo]),
  error: both("es obligatorio, o idCampania", "is required, or idCampania"),
});

/** `POST /pagos/pagar`: for a partner's cycle or for a campaign, told apart by `idCampania`. */
export const PagarEntrada = conReglas(
  z.strictObject({
    id: idPago.nullish(),
    idPago: idPago.nullish(),
    partner_id: idAjeno.nullish(),
    cycle_id: idAjeno.nullish(),
    total_amount: montoOpcional(1n),
    idCampania: idAjeno.nullish(),
    monto: montoOpcional(1n),
    currency: monedaEntrada.nullish(),
    ...medio,
    confirmation_id: texto(1, 255).nullish(),
    failure_reason: texto(1, 1000).nullish(),
    processed_at: instantOrNull,
    completed_at: instantOrNull,
  }),
  [
    sinCampania("partner_id"),
    sinCampania("cycle_id"),
    sinCampania("total_amount"),
    delPartner("partner_id"),
    delPartner("cycle_id"),
    {
      campo: "monto",
      cumple: (b) => dado(b.idCampania) || !dado(b.monto),
      error: both(
        "solo se admite con idCampania; use total_amount",
        "goes with idCampania only; use total_amount",
      ),
    },
    {
      campo: "idPago",
      cumple: (b) => !dado(b.id) || !dado(b.idPago) || b.id === b.idPago,
      error: both("contradice a id", "contradicts id"),
    },
    UNA_MONEDA,
  ],
).openapi("PagarEntrada", {
  example: { partner_id: "partner-1", cycle_id: "2026-01", total_amount: { valor: "150.25", moneda: "USD" } },
});
export type PagarEntradaJson = z.output<typeof PagarEntrada>;

/** `POST /pagos/comandos/crear`: the campaign's payment, with an id that the caller chose. */
export const CrearPagoEntrada = conReglas(
  z.strictObject({
    idPago: idPago,
    idCampania: idAjeno,
    idCliente: idAjeno,
    monto: montoEntrada(1n),
    currency: monedaEntrada.nullish(),
    ...medio,
  }),
  [UNA_MONEDA],
).openapi("CrearPagoEntrada");
export type CrearPagoEntradaJson = z.output<typeof CrearPagoEntrada>;

export const RevertirEntrada = z.strictObject({ motivo: texto(1, 1000) }).openapi("RevertirEntrada");
export const ReembolsarEntrada = z.strictObject({ motivo: texto(1, 1000).nullish() }).openapi(
  "ReembolsarEntrada",
);

/** One commission. `comision` is computed from the rates unless it is given; `event_timestamp` is now by default. */
export const TransaccionEntrada = conReglas(
  z.strictObject({
    id: idAjeno.nullish(),
    partner_id: idAjeno,
    idCampania: idAjeno.nullish(),
    brand_id: idAjeno.nullish(),
    event_type: texto(1, 64),
    event_timestamp: instantOrNull,
    monto_original: montoOpcional(0n),
    comision: montoOpcional(0n),
    currency: monedaEntrada.nullish(),
  }),
  [UNA_MONEDA],
).openapi("TransaccionEntrada");
export type TransaccionEntradaJson = z.output<typeof TransaccionEntrada>;

/** The most commissions that one request may carry. */
export const MAX_TRANSACCIONES = 1_000;
export const TransaccionesEntrada = z.strictObject({
  transacciones: z.array(TransaccionEntrada).min(1).max(MAX_TRANSACCIONES),
}).openapi("TransaccionesEntrada");

export const CicloEntrada = conReglas(
  z.strictObject({
    id: idAjeno.nullish(),
    inicio: day,
    fin: day,
    estado: z.enum(ESTADOS_CICLO).nullish(),
  }),
  [{
    campo: "fin",
    cumple: (b) => typeof b.inicio !== "string" || typeof b.fin !== "string" || b.inicio <= b.fin,
    error: both("no puede ser anterior a inicio", "cannot be before inicio"),
  }],
).openapi("CicloEntrada");

// ---- filters -----------------------------------------------------------------------------------------------------

const estadoFiltro = convertido(
  (s): EstadoPayout | undefined => SINONIMOS_ESTADO[s] ?? ESTADOS_PAYOUT.find((e) => e === s),
  `debe ser uno de ${ESTADOS_PAYOUT.join(", ")}`,
  `must be one of ${ESTADOS_PAYOUT.join(", ")}`,
).openapi({ type: "string", enum: [...ESTADOS_PAYOUT, ...Object.keys(SINONIMOS_ESTADO)] });

const montoFiltro = z.string().regex(/^-?\d{1,15}(\.\d{1,3})?$/, {
  error: both("debe ser un monto decimal", "must be a decimal amount"),
});
export const idFiltro = z.string().min(1).max(255);

export const FiltroPagos = {
  partner_id: idFiltro.optional(),
  cycle_id: idFiltro.optional(),
  idCampania: idFiltro.optional(),
  estado: estadoFiltro.optional(),
  tipo: z.enum(TIPOS_PAYOUT).optional(),
  moneda: monedaEntrada.optional(),
  /** Of `fecha_creacion`. */
  fecha_desde: day.optional(),
  fecha_hasta: day.optional(),
  /** Compared as numbers, each payout in its own currency. */
  monto_min: montoFiltro.optional(),
  monto_max: montoFiltro.optional(),
  /** Part of id, partner, cycle, campaign, confirmation or provider's reference; accents and case ignored. */
  search: texto(1, 100).optional(),
  aproximada: z.stringbool({ truthy: ["true"], falsy: ["false"] }).default(false)
    .openapi({ type: "boolean", description: "Forgive one wrong letter, best first, with `relevancia`" }),
} as const;

export type FiltrosPagosJson = z.output<z.ZodObject<typeof FiltroPagos>>;

export const FiltroTransacciones = {
  partner_id: idFiltro.optional(),
  idCampania: idFiltro.optional(),
  brand_id: idFiltro.optional(),
  event_type: texto(1, 64).optional(),
  estado: z.enum(ESTADOS_TRANSACCION).optional(),
  payout_id: idFiltro.optional(),
  /** Of `event_timestamp`. */
  fecha_desde: day.optional(),
  fecha_hasta: day.optional(),
} as const;
