import { type Dinero, montoTexto } from "@alpes/shared/seedwork/money.ts";
import type { Outgoing } from "@alpes/shared/seedwork/unit_of_work.ts";
import type { Transaccion } from "../domain/transaccion.ts";

/** What the campaign hears of a commission; of a refund, with a negative amount. */
export const comisionRegistrada = (t: Transaccion, monto: Dinero, version: number): Outgoing => ({
  topic: "eventos.pagos",
  type: "ComisionRegistrada.v1",
  aggregate_type: "PresupuestoCampania",
  aggregate_id: t.idCampania ?? t.id,
  aggregate_version: version,
  data: {
    idCampania: t.idCampania,
    partner_id: t.partner_id,
    transaccion_id: t.id,
    monto: montoTexto(monto),
    moneda: monto.moneda,
  },
});

/** The budget has been spent to its end. */
export const presupuestoAgotado = (idCampania: string, version: number): Outgoing => ({
  topic: "eventos.pagos",
  type: "PresupuestoAgotado.v1",
  aggregate_type: "PresupuestoCampania",
  aggregate_id: idCampania,
  aggregate_version: version,
  data: { idCampania },
});
