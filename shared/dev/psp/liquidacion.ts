import { montoTexto } from "@alpes/shared/seedwork/money.ts";
import type { Asiento } from "./registro.ts";

const par = (m: Asiento["monto"]) => ({ valor: montoTexto(m), moneda: m.moneda });

/** A line of the record, as JSON. */
export const jsonDe = (a: Asiento) => ({
  clave: a.clave,
  payout_id: a.payout_id,
  monto: par(a.monto),
  estado: a.estado,
  referencia: a.referencia,
  comision: a.comision === null ? null : par(a.comision),
  razon: a.razon,
  decidido: new Date(a.decidido).toISOString(),
  devuelto: a.devuelto === null ? null : new Date(a.devuelto).toISOString(),
});

/** The header of a settlement file. */
export const LIQUIDACION = "clave,referencia,estado,moneda,monto,comision,fecha";

/** One payment in a settlement file; null: it is not decided, and the file says nothing of it. */
export function lineaDe(a: Asiento, ahora: number): string | null {
  if (a.estado === "EN_CURSO" || a.decidido > ahora) return null;
  const estado = a.devuelto !== null ? "DEVUELTO" : a.estado;
  const comision = a.comision === null ? "" : montoTexto(a.comision);
  const referencia = a.estado === "PAGADO" ? a.referencia : "";
  const fecha = new Date(a.devuelto ?? a.decidido).toISOString();
  return [a.clave, referencia, estado, a.monto.moneda, montoTexto(a.monto), comision, fecha].join(",");
}
