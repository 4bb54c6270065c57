import { z } from "zod";
import { type Dinero, esMoneda, leerMonto } from "@alpes/shared/seedwork/money.ts";

/**
 * The protocol of the payment provider, JSON over HTTP. `POST /pagos` under an `Idempotency-Key` orders a payment,
 * `GET /pagos/{clave}` asks what became of it, `POST /pagos/{clave}/devolucion` gives it back; the provider calls
 * `POST /pagos/avisos-psp` of ours with what it decided. All of them are signed (`psp_firma.ts`).
 */

const MontoJson = z.strictObject({ valor: z.string(), moneda: z.string() });
/** Read strictly, for whatever is not exact is not understood; null: not an amount of a currency of ours. */
function leido(m: z.infer<typeof MontoJson>): Dinero | null {
  const r = esMoneda(m.moneda) ? leerMonto(m.valor, m.moneda) : null;
  return r?.ok && r.value.unidades >= 0n ? r.value : null;
}
const INEXACTO = "not an exact amount of a known currency";
/** Currency and amount as a provider says them. */
const Monto = z.object(MontoJson.shape).transform((m, ctx): Dinero => {
  const monto = leido(m);
  if (monto !== null) return monto;
  ctx.addIssue({ code: "custom", message: INEXACTO });
  return z.NEVER;
});
const MontoDicho = MontoJson.refine((m) => leido(m) !== null, INEXACTO);
const clave = z.string().regex(/^[\x21-\x7e]{1,600}$/);

export const OrdenPspSchema = z.object({
  clave,
  payout_id: z.string().min(1).max(255),
  monto: Monto,
  mascara: z.string().max(64).nullable(),
});

/** What became of one key. EN_CURSO: the provider has it and does not know yet. */
export const PagoPspSchema = z.discriminatedUnion("estado", [
  z.object({
    clave,
    monto: Monto,
    estado: z.literal("PAGADO"),
    referencia: z.string().min(1).max(255),
    comision: Monto.nullable(),
  }),
  z.object({ clave, monto: Monto, estado: z.literal("NO_PAGADO"), razon: z.string().min(1).max(500) }),
  z.object({ clave, monto: Monto, estado: z.literal("EN_CURSO") }),
]);
export type PagoPsp = z.infer<typeof PagoPspSchema>;

/** `GET /pagos/{clave}` of a key that never reached the provider: 404 with exactly this. */
export const NoExistePspSchema = z.object({ codigo: z.literal("clave_desconocida"), clave });
/** Where the provider calls us; open to nobody in particular, for the signature says who it is. */
export const AVISOS_PSP = /^\/pagos\/avisos-psp$/;
/** What it says there, as it is documented; `PagoPspSchema` then reads it. `id` is the call's own. */
export const AvisoPspSchema = z.strictObject({
  id: z.string().regex(/^[\x21-\x7e]{1,255}$/),
  clave,
  monto: MontoDicho,
  estado: z.enum(["PAGADO", "NO_PAGADO", "EN_CURSO"]),
  referencia: z.string().nullish(),
  comision: MontoDicho.nullish(),
  razon: z.string().nullish(),
});

/** `POST /pagos/{clave}/devolucion`. */
export const DevolucionPspSchema = z.object({ clave, estado: z.literal("DEVUELTO") });
