import { z } from "@hono/zod-openapi";
import type { Topic } from "@alpes/shared/seedwork/messages.ts";
import { DineroSchema, MonedaSchema } from "./dinero.ts";

/**
 * The published language: the `data` of every message, by type. Readers are tolerant (unknown fields are ignored,
 * absent and null are one); writers give every field they have.
 */
const id = z.string().min(1).max(255);
/** A decimal string in `moneda`, negative for the refund of a commission. An exact number is understood. */
const monto = z.union([z.string(), z.number()]);
/** Epoch milliseconds or RFC 3339. */
const momento = z.union([z.number(), z.string()]);
/** A day, `YYYY-MM-DD`. */
const dia = z.string();

const CampaniaCreada = z.object({
  idCampania: id,
  idCliente: id,
  itinerario: z.array(z.unknown()),
  presupuesto: DineroSchema.nullish(),
  anticipo: DineroSchema.nullish(),
  nombre: z.string().nullish(),
  tipo_campania: z.string().nullish(),
  fecha_inicio: dia.nullish(),
  fecha_fin: dia.nullish(),
  metas: z.unknown().optional(),
  /** Epoch milliseconds. */
  fechaCreacion: momento,
  estado: z.string(),
});

/** Only what changed; `null` says that a field was emptied. */
const CampaniaActualizada = CampaniaCreada.pick({
  nombre: true,
  tipo_campania: true,
  itinerario: true,
  presupuesto: true,
  anticipo: true,
  fecha_inicio: true,
  fecha_fin: true,
  metas: true,
}).partial().extend({ idCampania: id, fecha: momento });

const CampaniaAprobada = z.object({
  idCampania: id,
  fechaAprobacion: momento,
  origen: z.enum(["PAGOS", "OPERADOR"]),
  motivo: z.string().nullish(),
});
const CampaniaCancelada = z.object({ idCampania: id, motivo: z.string(), fechaCancelacion: momento });
const CampaniaDetenida = z.object({ idCampania: id, motivo: z.string().nullish(), fecha: momento });
/** The answer to `PagoEnEspera`: when it was asked there was no such campaign. Of one that exists its own events tell. */
const CampaniaInexistente = z.object({ idCampania: id, fecha: momento });
const PagoAsociado = z.object({
  idCampania: id,
  idPago: id,
  monto: DineroSchema.nullish(),
  fecha: momento,
});

/** Asks pagos for the campaign's payment. The saga makes `idPago` once, so that a repeat is the same payment. */
const ProcesarPago = z.object({ idPago: id, idCampania: id, idCliente: id, monto: DineroSchema });
/**
 * Asks that a payment be given back; of one not settled yet, that it never stands. Repeating it is harmless. The saga
 * waits for `PagoRevertido` or `PagoFallido`, whichever says what became of it.
 */
const RevertirPago = z.object({ idPago: id, idCampania: id.nullish(), motivo: z.string() });

const pago = z.object({
  idPago: id,
  tipo: z.enum(["CAMPANIA", "PARTNER"]).nullish(),
  idCampania: id.nullish(),
  /** Who paid or was paid: the payout's `partner_id`. */
  idCliente: id.nullish(),
  monto: monto.nullish(),
  moneda: MonedaSchema.nullish(),
  fecha: momento.nullish(),
});
/** Waits for a campaign of which pagos has not heard; campanias answers where there is none. Said again until one is known. */
const PagoEnEspera = pago;
/** On its way to the provider: from now on an outcome is waited for. */
const PagoSolicitado = pago;
const PagoConfirmado = pago.extend({ confirmation_id: z.string().nullish() });
/**
 * Never paid: FALLIDO or RECHAZADO. An automatic payment that gave way to an explicit one says so in `reemplazado_por`:
 * without it this message cancels the campaign.
 */
const PagoFallido = pago.extend({ motivo: z.string().nullish(), reemplazado_por: id.nullish() });
/** Paid and given back. */
const PagoRevertido = pago.extend({ motivo: z.string().nullish() });

/** A commission on a campaign; a refund of one comes as the same message with a negative `monto`. */
const ComisionRegistrada = z.object({
  idCampania: id.nullish(),
  partner_id: id.nullish(),
  transaccion_id: id.nullish(),
  monto,
  moneda: MonedaSchema,
});
const PresupuestoAgotado = z.object({ idCampania: id });

const ActualizarCliente = z.object({
  idCliente: id,
  accion: z.enum(["APROBAR_CAMPANIA", "CANCELAR_CAMPANIA"]),
  idCampania: id.nullish(),
});

const ClientePublicado = z.object({
  id,
  tipo_cliente: z.enum(["NATURAL", "EMPRESA"]),
  nombre: z.string(),
  email: z.string(),
  estado: z.enum(["ACTIVO", "INACTIVO", "SUSPENDIDO"]),
  fecha_registro: momento.nullish(),
  version: z.number().int().nullish(),
});

/** Every message: the topic it goes over and the shape of its `data`. */
export const MENSAJES = {
  "CampaniaCreada.v1": { topic: "eventos.campanias", data: CampaniaCreada },
  "CampaniaActualizada.v1": { topic: "eventos.campanias", data: CampaniaActualizada },
  "CampaniaAprobada.v1": { topic: "eventos.campanias", data: CampaniaAprobada },
  "CampaniaPausada.v1": { topic: "eventos.campanias", data: CampaniaDetenida },
  "CampaniaReanudada.v1": { topic: "eventos.campanias", data: CampaniaDetenida },
  "CampaniaFinalizada.v1": { topic: "eventos.campanias", data: CampaniaDetenida },
  "CampaniaCancelada.v1": { topic: "eventos.campanias", data: CampaniaCancelada },
  "PagoAsociado.v1": { topic: "eventos.campanias", data: PagoAsociado },
  ProcesarPago: { topic: "comandos.pagos", data: ProcesarPago },
  RevertirPago: { topic: "comandos.pagos", data: RevertirPago },
  "CampaniaInexistente.v1": { topic: "eventos.campanias", data: CampaniaInexistente },
  "PagoEnEspera.v1": { topic: "eventos.pagos", data: PagoEnEspera },
  "PagoSolicitado.v1": { topic: "eventos.pagos", data: PagoSolicitado },
  "PagoConfirmado.v1": { topic: "eventos.pagos", data: PagoConfirmado },
  "PagoFallido.v1": { topic: "eventos.pagos", data: PagoFallido },
  "PagoRevertido.v1": { topic: "eventos.pagos", data: PagoRevertido },
  "ComisionRegistrada.v1": { topic: "eventos.pagos", data: ComisionRegistrada },
  "PresupuestoAgotado.v1": { topic: "eventos.pagos", data: PresupuestoAgotado },
  ActualizarCliente: { topic: "comandos.cliente", data: ActualizarCliente },
  "ClienteRegistrado.v1": { topic: "eventos.cliente", data: ClientePublicado },
  "ClienteActualizado.v1": { topic: "eventos.cliente", data: ClientePublicado },
} as const satisfies Record<string, { topic: Topic; data: z.ZodType }>;

export type TipoMensaje = keyof typeof MENSAJES;
/** `data` as a consumer reads it. */
export type Datos<T extends TipoMensaje> = z.output<(typeof MENSAJES)[T]["data"]>;
/** `data` as a producer must give it. */
export type DatosPublicados<T extends TipoMensaje> = z.input<(typeof MENSAJES)[T]["data"]>;

/** A type as it is in the table: an event's name without its `.v1` is completed. `null`: not one of ours. */
export function tipoMensaje(type: string): TipoMensaje | null {
  const t = Object.hasOwn(MENSAJES, type) ? type : `${type}.v1`;
  return Object.hasOwn(MENSAJES, t) ? t as TipoMensaje : null;
}

/** Reads `data` of a message of that type; throws with every bad field when it is not one. */
export function leerDatos<T extends TipoMensaje>(type: T, data: unknown): Datos<T> {
  const leido = MENSAJES[type].data.safeParse(data);
  if (leido.success) return leido.data as Datos<T>;
  const campos = leido.error.issues.map((i) => `${i.path.join(".") || "data"}: ${i.message}`);
  throw new Error(`${type} cannot be read: ${campos.join("; ")}`);
}
