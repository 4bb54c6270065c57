import type { Dinero } from "@alpes/shared/seedwork/money.ts";
import type { Campania } from "./estado.ts";

/** Where the campaign's payment stands, as far as the saga knows. */
export type EstadoPago =
  | "PEDIDO"
  | "CONFIRMADO"
  /** It was asked that it never stand, before anybody knew whether it would. */
  | "ANULANDO"
  /** Paid, and asked back. */
  | "REVIRTIENDO"
  | "REVERTIDO"
  | "FALLIDO"
  /** Gave way to another payment: nothing is waited for, and a confirmation is surplus. */
  | "REEMPLAZADO"
  /** No outcome in time, of a campaign that an operator approved meanwhile. */
  | "SIN_RESPUESTA";

export type EstadoSaga =
  | "SIN_INICIAR"
  | "ESPERANDO_PAGO"
  | "COMPLETADA"
  | "COMPENSANDO"
  | "COMPENSADA"
  | "REQUIERE_INTERVENCION";
export type NombrePaso =
  | "ProcesarPago"
  | "AprobarCampania"
  | "ActualizarCliente"
  | "CancelarCampania"
  | "RevertirPago";

/** One step; `intentos` counts how often the saga asked (0: it happened unasked). */
export interface Paso {
  readonly paso: NombrePaso;
  readonly pago: string | null;
  readonly estado: "EN_CURSO" | "HECHO" | "FALLIDO";
  readonly intentos: number;
  readonly inicio: Date;
  readonly fin: Date | null;
  readonly error: string | null;
  readonly solicitud: string;
}

/** A campaign's process of payment, approval and compensation. Its deadline is on the database's clock. */
export interface Saga {
  readonly estado: EstadoSaga;
  readonly pagos: Readonly<Record<string, EstadoPago>>;
  readonly plazo: Date | null;
  /** Rounds of asking that money be given back. */
  readonly intentos: number;
  /** The rounds are used up: a person must look. */
  readonly detenida: boolean;
  readonly pasos: readonly Paso[];
  /** The request that started it. */
  readonly solicitud: string | null;
}
export const SAGA_INICIAL: Saga = {
  estado: "SIN_INICIAR",
  pagos: {},
  plazo: null,
  intentos: 0,
  detenida: false,
  pasos: [],
  solicitud: null,
};

/** Commands for the other modules. */
export type Mensaje =
  | { readonly tipo: "ProcesarPago"; readonly idPago: string; readonly monto: Dinero }
  | { readonly tipo: "RevertirPago"; readonly idPago: string; readonly motivo: string }
  | { readonly tipo: "ActualizarCliente"; readonly accion: "APROBAR_CAMPANIA" | "CANCELAR_CAMPANIA" };

/** What a decision may know of the world around it. */
export interface Entorno {
  readonly en: Date;
  /** `SAGA_PLAZO`, in milliseconds. */
  readonly plazo: number;
  readonly solicitud: string;
  /** The id that a payment gets if one is asked for now; kept by the saga, so that asking again is harmless. */
  readonly idPago: string;
}

/** How often the saga asks for money back before it asks for a person. */
export const MAX_REVERSIONES = 3;
/** Payments that the saga waits to see undone. */
export const DE_VUELTA: readonly EstadoPago[] = ["ANULANDO", "REVIRTIENDO"];

export const conPago = (s: Saga, idPago: string, estado: EstadoPago): Saga => ({
  ...s,
  pagos: { ...s.pagos, [idPago]: estado },
});
export const pagosEn = (s: Saga, ...estados: readonly EstadoPago[]): string[] =>
  Object.keys(s.pagos).filter((p) => estados.includes(s.pagos[p] ?? "FALLIDO"));

/** Records what became of a step. A payment has one step of a name; the others are a new one each time. */
export function conPaso(
  s: Saga,
  e: Entorno,
  paso: NombrePaso,
  pago: string | null,
  estado: Paso["estado"],
  { pedido = false, error = null }: { pedido?: boolean; error?: string | null } = {},
): Saga {
  const i = pago === null ? -1 : s.pasos.findIndex((p) => p.paso === paso && p.pago === pago);
  const antes = s.pasos[i] ?? { paso, pago, intentos: 0, inicio: e.en, solicitud: e.solicitud };
  const ahora: Paso = {
    ...antes,
    estado,
    intentos: antes.intentos + (pedido ? 1 : 0),
    fin: estado === "EN_CURSO" ? null : e.en,
    error,
  };
  return { ...s, pasos: i < 0 ? [...s.pasos, ahora] : s.pasos.with(i, ahora) };
}

/** Closes the step of a payment if it is still open. */
export const cerrarPaso = (s: Saga, e: Entorno, paso: NombrePaso, pago: string, error: string): Saga =>
  s.pasos.some((p) => p.paso === paso && p.pago === pago && p.estado === "EN_CURSO")
    ? conPaso(s, e, paso, pago, "FALLIDO", { error })
    : s;

/** The saga's own state follows from its payments and the campaign; a new wait gets a new deadline. */
export function asentar(s: Saga, c: Campania, e: Entorno): Saga {
  const revirtiendo = pagosEn(s, ...DE_VUELTA).length > 0;
  const estado = estadoDe(s, c, revirtiendo);
  const espera = estado === "ESPERANDO_PAGO" || estado === "COMPENSANDO";
  const sigue = s.estado === estado && s.plazo !== null;
  return {
    ...s,
    estado,
    plazo: !espera ? null : sigue ? s.plazo : new Date(e.en.getTime() + e.plazo),
    ...(revirtiendo ? {} : { intentos: 0, detenida: false }),
    solicitud: s.solicitud ?? e.solicitud,
  };
}

function estadoDe(s: Saga, c: Campania, revirtiendo: boolean): EstadoSaga {
  if (revirtiendo) return s.detenida ? "REQUIERE_INTERVENCION" : "COMPENSANDO";
  if (pagosEn(s, "PEDIDO").length > 0) return "ESPERANDO_PAGO";
  if (c.estado === "CANCELADA") return "COMPENSADA";
  if (c.estado !== "PENDIENTE") return "COMPLETADA";
  // Paid, but less than the anticipo: an operator approves it as it is, or cancels it.
  return c.pago !== null ? "REQUIERE_INTERVENCION" : "SIN_INICIAR";
}
