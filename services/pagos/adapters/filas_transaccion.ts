import { type Dinero, dinero, type Moneda } from "@alpes/shared/seedwork/money.ts";
import type { Campania } from "../domain/campania.ts";
import type { Transaccion } from "../domain/transaccion.ts";

/** A row of `pagos.transacciones`. */
export interface FilaTransaccion {
  id: string;
  partner_id: string;
  id_campania: string | null;
  brand_id: string | null;
  event_type: string;
  event_timestamp: Date;
  original: bigint | null;
  moneda: Moneda;
  comision: bigint;
  tarifa_id: string | null;
  estado: Transaccion["estado"];
  payout_id: string | null;
  por_pagar: boolean;
  reembolso_de: string | null;
  libera: Date;
  liberada: boolean;
  motivo: string | null;
  huella: string;
  creada: Date;
  version: number;
}
export const COLUMNAS_TRANSACCION =
  `id, partner_id, id_campania, brand_id, event_type, event_timestamp, original, moneda, comision, tarifa_id, estado,
   payout_id, por_pagar, reembolso_de, libera, liberada, motivo, huella, creada, version`;

export const transaccionDeFila = (f: FilaTransaccion): Transaccion => ({
  id: f.id,
  partner_id: f.partner_id,
  idCampania: f.id_campania,
  brand_id: f.brand_id,
  event_type: f.event_type,
  event_timestamp: f.event_timestamp,
  monto_original: f.original === null ? null : dinero(f.original, f.moneda),
  comision: dinero(f.comision, f.moneda),
  tarifa_id: f.tarifa_id,
  estado: f.estado,
  payout_id: f.payout_id,
  por_pagar: f.por_pagar,
  reembolso_de: f.reembolso_de,
  libera: f.libera,
  liberada: f.liberada,
  motivo: f.motivo,
  huella: f.huella,
  creada: f.creada,
});

/** A row of `pagos.campanias`. */
export interface FilaCampania {
  id: string;
  id_cliente: string;
  estado: Campania["estado"];
  presupuesto: bigint | null;
  presupuesto_moneda: Moneda | null;
  anticipo: bigint | null;
  anticipo_moneda: Moneda | null;
  gastado: bigint | null;
  gastado_moneda: Moneda | null;
  fondeado: bigint | null;
  fondeado_moneda: Moneda | null;
  fondeos: number;
  version: number;
}
const par = (unidades: bigint | null, moneda: Moneda | null): Dinero | null =>
  unidades === null || moneda === null ? null : dinero(unidades, moneda);

export const campaniaDeFila = (f: FilaCampania): Campania => ({
  idCampania: f.id,
  idCliente: f.id_cliente,
  estado: f.estado,
  presupuesto: par(f.presupuesto, f.presupuesto_moneda),
  anticipo: par(f.anticipo, f.anticipo_moneda),
  gastado: par(f.gastado, f.gastado_moneda),
  fondeado: par(f.fondeado, f.fondeado_moneda),
  fondeos: f.fondeos,
});
