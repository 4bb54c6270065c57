import type { Dinero } from "@alpes/shared/seedwork/money.ts";
import type { Cambios, Datos } from "./datos.ts";

/** Who approved: a payment that came through, or a person. */
export type Origen = "PAGOS" | "OPERADOR";

/** What has happened to a campaign; `en` is when, by the clock of where the data lives. */
export type Evento =
  | {
    readonly tipo: "CampaniaCreada";
    readonly idCampania: string;
    readonly idCliente: string;
    readonly datos: Datos;
    readonly en: Date;
  }
  | { readonly tipo: "CampaniaActualizada"; readonly cambios: Cambios; readonly en: Date }
  | {
    readonly tipo: "CampaniaAprobada";
    readonly origen: Origen;
    readonly motivo: string | null;
    readonly en: Date;
  }
  | { readonly tipo: "CampaniaPausada"; readonly motivo: string | null; readonly en: Date }
  | { readonly tipo: "CampaniaReanudada"; readonly motivo: string | null; readonly en: Date }
  | { readonly tipo: "CampaniaFinalizada"; readonly motivo: string | null; readonly en: Date }
  | { readonly tipo: "CampaniaCancelada"; readonly motivo: string; readonly en: Date }
  | {
    readonly tipo: "PagoAsociado";
    readonly idPago: string;
    readonly monto: Dinero | null;
    readonly en: Date;
  }
  /** A commission, or (negative) the refund of one. Not published: it came from pagos. */
  | {
    readonly tipo: "GastoRegistrado";
    readonly monto: Dinero;
    readonly partner_id: string | null;
    readonly en: Date;
  };
export type TipoEvento = Evento["tipo"];
