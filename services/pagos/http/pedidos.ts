import type {
  CrearPagoEntradaJson,
  PagarEntradaJson,
  TransaccionEntradaJson,
} from "@alpes/shared/contracts/pagos_entrada.ts";
import type { PedidoCampania } from "../application/pedir_campania.ts";
import type { PedidoPartner } from "../application/pedir_partner.ts";
import type { EntradaTransaccion } from "../application/transacciones.ts";
import type { Dicho, Ficha } from "../domain/payout.ts";

type Medio = Pick<PagarEntradaJson, "payment_method_type" | "payment_method_mask">;

/** Who shows a mask pays by card; who says nothing, by transfer. */
const metodo = (b: Medio): Ficha["metodo_pago"] => ({
  tipo: b.payment_method_type ?? (b.payment_method_mask == null ? "TRANSFERENCIA" : "TARJETA"),
  mascara: b.payment_method_mask ?? null,
});
const dicho = (b: Partial<PagarEntradaJson>): Dicho => ({
  confirmation_id: b.confirmation_id ?? null,
  failure_reason: b.failure_reason ?? null,
  processed_at: b.processed_at ?? null,
  completed_at: b.completed_at ?? null,
});

/** The two things that `POST /pagos/pagar` may ask for. */
export type Pedido =
  | { readonly para: "campania"; readonly pedido: PedidoCampania }
  | { readonly para: "partner"; readonly pedido: PedidoPartner };

export function pedidoDePagar(b: PagarEntradaJson): Pedido {
  const comun = {
    id: b.id ?? b.idPago ?? null,
    moneda: b.currency ?? null,
    metodo_pago: metodo(b),
    dicho: dicho(b),
  };
  if (b.idCampania != null) {
    const pedido = {
      ...comun,
      idCampania: b.idCampania,
      idCliente: null,
      monto: b.monto ?? null,
      automatico: false,
    };
    return { para: "campania", pedido };
  }
  if (b.partner_id == null || b.cycle_id == null) throw new Error("the schema lets no such body through");
  const { partner_id, cycle_id } = b;
  return { para: "partner", pedido: { ...comun, partner_id, cycle_id, monto: b.total_amount ?? null } };
}

export const pedidoDeCrear = (b: CrearPagoEntradaJson): PedidoCampania => ({
  id: b.idPago,
  idCampania: b.idCampania,
  idCliente: b.idCliente,
  monto: b.monto,
  moneda: b.currency ?? null,
  automatico: false,
  metodo_pago: metodo(b),
  dicho: dicho({}),
});

export const entradaDeTransaccion = (b: TransaccionEntradaJson): EntradaTransaccion => ({
  id: b.id ?? null,
  partner_id: b.partner_id,
  idCampania: b.idCampania ?? null,
  brand_id: b.brand_id ?? null,
  event_type: b.event_type.toUpperCase(),
  event_timestamp: b.event_timestamp ?? null,
  monto_original: b.monto_original ?? null,
  comision: b.comision ?? null,
  moneda: b.currency ?? null,
});
