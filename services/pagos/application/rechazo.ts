import type { Denegado } from "@alpes/shared/seedwork/policy.ts";
import type { EstadoCampania, RechazoGasto } from "../domain/campania.ts";
import type { RechazoPayout } from "../domain/payout.ts";
import type { RechazoPedido } from "../domain/pedido.ts";
import type { RechazoAlta, RechazoTarifa, RechazoTermino } from "../domain/tarifas.ts";
import type { RechazoReembolso } from "../domain/transaccion.ts";

/** Everything that this module refuses; http gives each its status and text. */
export type Rechazo =
  | RechazoPayout
  | RechazoPedido
  | RechazoGasto
  | RechazoTarifa
  | RechazoAlta
  | RechazoTermino
  | { readonly tipo: "vigencia_al_reves" }
  | RechazoReembolso
  | Denegado
  | { readonly tipo: "campania_desconocida"; readonly idCampania: string }
  | { readonly tipo: "campania_cerrada"; readonly idCampania: string; readonly estado: EstadoCampania }
  | { readonly tipo: "cliente_distinto"; readonly idCampania: string }
  /** `hasta`: when the first of them is available. */
  | { readonly tipo: "comisiones_retenidas"; readonly hasta: Date }
  /** What the provider says is about another amount, or against what it said before. */
  | { readonly tipo: "prueba_de_otro_monto" }
  | { readonly tipo: "prueba_contraria" }
  | { readonly tipo: "otro_pago_vivo"; readonly id: string }
  | { readonly tipo: "otra_transaccion"; readonly id: string }
  | { readonly tipo: "otro_ciclo"; readonly id: string };

/** Of a batch: each refused entry by its place. */
export interface LoteRechazado {
  readonly tipo: "lote_rechazado";
  readonly rechazos: readonly { readonly indice: number; readonly rechazo: Rechazo }[];
}
