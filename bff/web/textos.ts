import { effect, signal } from "@preact/signals";

export type Idioma = "es" | "en";
const GUARDADO = "alpes.idioma";
const elegido = localStorage.getItem(GUARDADO);

/** The reader's language: chosen here before, else what the browser asks for (the server has read `Accept-Language`). */
export const idioma = signal<Idioma>(
  elegido === "es" || elegido === "en" ? elegido : document.documentElement.lang === "en" ? "en" : "es",
);
effect(() => {
  document.documentElement.lang = idioma.value;
});
export function elegirIdioma(i: Idioma): void {
  localStorage.setItem(GUARDADO, i);
  idioma.value = i;
}

/** The text in the reader's language; whoever shows it is shown anew when that changes. */
export const dos = (es: string, en: string): string => idioma.value === "en" ? en : es;

/** What a state, type or word of the wire is called on the screen. The wire's own word stays in filters and data. */
const PALABRAS: Readonly<Record<string, readonly [string, string]>> = {
  ACTIVO: ["Activo", "Active"],
  INACTIVO: ["Inactivo", "Inactive"],
  SUSPENDIDO: ["Suspendido", "Suspended"],
  NATURAL: ["Persona", "Person"],
  EMPRESA: ["Empresa", "Company"],
  PENDIENTE: ["Pendiente", "Pending"],
  CALCULADO: ["Calculado", "Calculated"],
  CONFIRMADO: ["Confirmado", "Confirmed"],
  EN_PROCESO: ["En proceso", "Processing"],
  EN_VERIFICACION: ["En verificación", "Being verified"],
  EXITOSO: ["Pagado", "Paid"],
  FALLIDO: ["Fallido", "Failed"],
  RECHAZADO: ["Rechazado", "Rejected"],
  REVERTIDO: ["Revertido", "Reversed"],
  APROBADA: ["Aprobada", "Approved"],
  PAUSADA: ["En pausa", "Paused"],
  FINALIZADA: ["Finalizada", "Finished"],
  CANCELADA: ["Cancelada", "Cancelled"],
  CAMPANIA: ["De campaña", "Campaign"],
  PARTNER: ["A socio", "Partner"],
  SIN_INICIAR: ["Sin iniciar", "Not started"],
  ESPERANDO_PAGO: ["Espera el pago", "Waiting for payment"],
  COMPLETADA: ["Completada", "Completed"],
  COMPENSANDO: ["Compensando", "Compensating"],
  COMPENSADA: ["Compensada", "Compensated"],
  REQUIERE_INTERVENCION: ["Requiere intervención", "Needs attention"],
  EN_CURSO: ["En curso", "Under way"],
  HECHO: ["Hecho", "Done"],
  APARCADO: ["Aparcado", "Parked"],
  APARTADO: ["Apartado", "Set aside"],
  AL_DIA: ["Al día", "Up to date"],
  RECONSTRUYENDO: ["Reconstruyendo", "Rebuilding"],
  INICIADO: ["Iniciado", "Started"],
  DESCONOCIDO: ["Sin respuesta", "No answer"],
  PAGADO: ["Pagado", "Paid"],
  NO_PAGADO: ["No pagado", "Not paid"],
  ACTIVE: ["Vigente", "Active"],
  CANCELLED: ["Anulada", "Cancelled"],
  REFUNDED: ["Reembolsada", "Refunded"],
  ABIERTO: ["Abierto", "Open"],
  CERRADO: ["Cerrado", "Closed"],
  OK: ["Hecho", "Done"],
  HECHA: ["Hecha", "Done"],
  DENEGADA: ["Denegada", "Refused"],
  PERMITIDO: ["Permitido", "Allowed"],
  DENEGADO: ["Denegado", "Denied"],
  CALCULADA: ["Calculada", "Calculated"],
  APLICANDO: ["Aplicándose", "Being applied"],
  APLICADA: ["Aplicada", "Applied"],
  DESCARTADA: ["Descartada", "Discarded"],
  PERCENTAGE: ["Porcentaje", "Percentage"],
  FIXED: ["Fija", "Fixed"],
  TIERED: ["Por tramos", "Tiered"],
  PSE: ["PSE", "PSE"],
  ACH: ["ACH", "ACH"],
  VENTA: ["Venta", "Sale"],
  CONVERSION: ["Conversión", "Conversion"],
  CLICK: ["Clic", "Click"],
  IMPRESION: ["Impresión", "Impression"],
  REEMBOLSO: ["Reembolso", "Refund"],
  GENERAL: ["General", "For all"],
  DEFECTO: ["De fábrica", "Default"],
  MARCA: ["Marca", "Brand"],
  comision: ["Comisión", "Commission"],
  comision_anulada: ["Comisión anulada", "Commission cancelled"],
  comision_liberada: ["Comisión liberada", "Commission released"],
  reembolso: ["Reembolso", "Refund"],
  payout_reservado: ["Apartado para un pago", "Set aside for a payout"],
  payout_pagado: ["Pagado", "Paid"],
  campania_fondeada: ["Presupuesto de campaña", "Campaign funded"],
  campania_pagada: ["Campaña pagada", "Campaign paid"],
  campania_cancelada: ["Campaña cancelada", "Campaign cancelled"],
  campania_devuelta: ["Campaña devuelta", "Campaign given back"],
  payout_devuelto: ["Pago devuelto", "Payout given back"],
  CampaniaCreada: ["Campaña creada", "Campaign created"],
  CampaniaActualizada: ["Campaña cambiada", "Campaign changed"],
  CampaniaAprobada: ["Campaña aprobada", "Campaign approved"],
  CampaniaPausada: ["Campaña en pausa", "Campaign paused"],
  CampaniaReanudada: ["Campaña reanudada", "Campaign resumed"],
  CampaniaFinalizada: ["Campaña finalizada", "Campaign finished"],
  CampaniaCancelada: ["Campaña cancelada", "Campaign cancelled"],
  PagoAsociado: ["Pago asociado", "Payment attached"],
  GastoRegistrado: ["Gasto registrado", "Money spent"],
  ProcesarPago: ["Procesar el pago", "Process the payment"],
  RevertirPago: ["Revertir el pago", "Reverse the payment"],
  AprobarCampania: ["Aprobar la campaña", "Approve the campaign"],
  ActualizarCliente: ["Anotar al cliente", "Note it on the client"],
  ClienteRegistrado: ["Registrado", "Registered"],
  ClienteActualizado: ["Cambiado", "Changed"],
  ClienteSuspendido: ["Suspendido", "Suspended"],
  ClienteReactivado: ["Reactivado", "Reactivated"],
  ClienteDesactivado: ["Inactivado", "Made inactive"],
  retenido: ["Retenido", "Held"],
  disponible: ["Disponible", "Available"],
  en_pago: ["En pago", "Being paid"],
};
export function palabra(p: string): string {
  const par = PALABRAS[p];
  return par === undefined
    ? p.charAt(0).toUpperCase() + p.slice(1).toLowerCase().replaceAll("_", " ")
    : dos(...par);
}
