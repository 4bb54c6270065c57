import type { Dinero } from "@alpes/shared/seedwork/money.ts";
import type { EstadoCampania } from "./estado.ts";
import type { Cambios, CampoInvalido, Datos } from "./datos.ts";
import type { Origen } from "./eventos.ts";

/** What may be asked of a campaign; `en` is the present instant. */
export type Comando =
  | {
    readonly tipo: "crear";
    readonly idCampania: string;
    readonly idCliente: string;
    readonly datos: Datos;
    readonly en: Date;
  }
  /** `pagoPedido`: its payment is under way, so that the anticipo is fixed. */
  | { readonly tipo: "editar"; readonly cambios: Cambios; readonly pagoPedido: boolean; readonly en: Date }
  | {
    readonly tipo: "aprobar";
    readonly sin_anticipo: boolean;
    readonly motivo: string | null;
    readonly en: Date;
  }
  | {
    readonly tipo: "confirmarPago";
    readonly idPago: string;
    readonly monto: Dinero | null;
    readonly en: Date;
  }
  | {
    readonly tipo: "pausar" | "reanudar" | "finalizar";
    readonly motivo: string | null;
    readonly en: Date;
  }
  | { readonly tipo: "cancelar"; readonly origen: Origen; readonly motivo: string; readonly en: Date }
  | {
    readonly tipo: "registrarGasto";
    readonly monto: Dinero;
    readonly partner_id: string | null;
    readonly en: Date;
  }
  | { readonly tipo: "agotarPresupuesto"; readonly en: Date };
export type TipoComando = Comando["tipo"];

/** Why a campaign refuses. */
export type Rechazo =
  | { readonly tipo: "no_existe" }
  | { readonly tipo: "id_ocupado"; readonly idCampania: string }
  | { readonly tipo: "datos_invalidos"; readonly campos: readonly CampoInvalido[] }
  | { readonly tipo: "transicion_invalida"; readonly desde: EstadoCampania; readonly hacia: EstadoCampania }
  /** The decision holds already. */
  | { readonly tipo: "ya_decidida"; readonly estado: EstadoCampania }
  /** FINALIZADA and CANCELADA are not edited. */
  | { readonly tipo: "cerrada"; readonly estado: EstadoCampania }
  | { readonly tipo: "anticipo_sin_pagar"; readonly anticipo: Dinero }
  | { readonly tipo: "anticipo_comprometido" }
  | { readonly tipo: "moneda_fija" }
  | { readonly tipo: "con_comisiones" }
  | { readonly tipo: "presupuesto_agotado"; readonly presupuesto: Dinero }
  /** It has another payment already. */
  | { readonly tipo: "pago_sobrante"; readonly idPago: string };
