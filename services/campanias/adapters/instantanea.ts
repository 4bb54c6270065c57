import {
  cambiosDeJson,
  cambiosJson,
  type DatosEvento,
  deDinero,
  dinero,
} from "../application/eventos_json.ts";
import { type Json, parseJson, stringifyJson } from "@alpes/shared/seedwork/json.ts";
import type { Datos } from "../domain/datos.ts";
import type { Existente } from "../domain/estado.ts";

/** A state is kept every so many events, so that a campaign with many commissions loads as fast as a new one. */
export const CADA = 100;
/** Raised whenever the shape of the state changes: older snapshots are then passed over. */
export const FORMATO = 1;

const fecha = (d: Date | null): Json => d === null ? null : d.toISOString();

export function textoDe(c: Existente): string {
  return stringifyJson({
    id: c.id,
    idCliente: c.idCliente,
    estado: c.estado,
    creacion: cambiosJson(c.creacion),
    datos: cambiosJson(c.datos),
    pago: c.pago === null ? null : { idPago: c.pago.idPago, monto: dinero(c.pago.monto) },
    gastos: Object.fromEntries(Object.entries(c.gastos).map(([m, u]) => [m, String(u)])),
    motivo: c.motivo,
    fecha_creacion: fecha(c.fecha_creacion),
    fecha_aprobacion: c.estado === "PENDIENTE" ? null : fecha(c.fecha_aprobacion),
    fecha_cancelacion: c.estado === "CANCELADA" ? fecha(c.fecha_cancelacion) : null,
  });
}

/** Reads what `textoDe` wrote. */
export function estadoDe(texto: string): Existente {
  const j = parseJson(texto) as DatosEvento & { creacion: DatosEvento; datos: DatosEvento };
  const cuando = (v: Json | undefined) => typeof v === "string" ? new Date(v) : null;
  const pago = j.pago as DatosEvento | null;
  const comun = {
    id: j.id,
    idCliente: j.idCliente,
    estado: j.estado,
    creacion: cambiosDeJson(j.creacion) as Datos,
    datos: cambiosDeJson(j.datos) as Datos,
    pago: pago === null ? null : { idPago: pago.idPago, monto: deDinero(pago.monto) },
    gastos: Object.fromEntries(Object.entries(j.gastos as object).map(([m, u]) => [m, BigInt(u)])),
    motivo: j.motivo,
    fecha_creacion: cuando(j.fecha_creacion),
  };
  const aprobada = j.estado === "PENDIENTE" ? {} : { fecha_aprobacion: cuando(j.fecha_aprobacion) };
  const cancelada = j.estado === "CANCELADA" ? { fecha_cancelacion: cuando(j.fecha_cancelacion) } : {};
  return { ...comun, ...aprobada, ...cancelada } as Existente;
}
