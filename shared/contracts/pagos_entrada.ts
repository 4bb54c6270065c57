import { z } from "@hono/zod-openapi";
import { idSchema, texto } from "@alpes/shared/http/fields.ts";
import { both } from "@alpes/shared/http/locale.ts";
import { day, instantOrNull } from "@alpes/shared/http/time.ts";
import { montoEntrada, montoOpcional } from "./dinero.ts";
import { ESTADOS_CICLO, PALABRAS_RESERVADAS_PAGOS } from "./pagos.ts";
import { conReglas, mascaraEntrada, metodoEntrada, monedaEntrada, type Regla } from "./pagos_campos.ts";

const idPago = idSchema(PALABRAS_RESERVADAS_PAGOS);
const idAjeno = idSchema();

const medio = {
  payment_method_type: metodoEntrada.nullish(),
  payment_method_mask: mascaraEntrada.nullish(),
};

const dado = (v: unknown): boolean => v !== undefined && v !== null;

const monedaDeMonto = (b: Parameters<Regla["cumple"]>[0]): unknown => {
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
