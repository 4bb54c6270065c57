import type { Dinero } from "@alpes/shared/seedwork/money.ts";
import { dinero } from "@alpes/shared/seedwork/money.ts";
import type { Comando } from "./comandos.ts";
import type { Datos } from "./datos.ts";
import type { Evento } from "./eventos.ts";

/** Past events and commands that the tests of this module start from. */
export const en = new Date("2026-03-01T12:00:00.000Z");
export const usd = (centavos: number): Dinero => dinero(BigInt(centavos), "USD");

export const datos: Datos = {
  nombre: "Lanzamiento Andino",
  tipo_campania: "PERFORMANCE",
  itinerario: '[{"dia":1}]',
  presupuesto: usd(1000_00),
  anticipo: null,
  fecha_inicio: "2026-04-01",
  fecha_fin: "2026-04-30",
  metas: null,
};
export const conAnticipo: Datos = { ...datos, anticipo: usd(100_00) };

export const crear = (d: Datos = datos): Comando => ({
  tipo: "crear",
  idCampania: "camp-1",
  idCliente: "c-1",
  datos: d,
  en,
});
export const creada = (d: Datos = datos): Evento => ({
  tipo: "CampaniaCreada",
  idCampania: "camp-1",
  idCliente: "c-1",
  datos: d,
  en,
});
export const aprobada: Evento = { tipo: "CampaniaAprobada", origen: "OPERADOR", motivo: null, en };
export const aprobadaPorPago: Evento = { tipo: "CampaniaAprobada", origen: "PAGOS", motivo: null, en };
export const pausada: Evento = { tipo: "CampaniaPausada", motivo: null, en };
export const finalizada: Evento = { tipo: "CampaniaFinalizada", motivo: null, en };
export const cancelada: Evento = { tipo: "CampaniaCancelada", motivo: "sin interés", en };
export const asociado = (monto: Dinero | null = usd(100_00), idPago = "p-1"): Evento => ({
  tipo: "PagoAsociado",
  idPago,
  monto,
  en,
});
export const gastado = (monto: Dinero): Evento => ({
  tipo: "GastoRegistrado",
  monto,
  partner_id: "socio-1",
  en,
});
