import type { Falla, Servicio } from "../ports.ts";

export interface OpcionesServidor {
  readonly servicio: Servicio;
  /** Address without a trailing slash. */
  readonly base: string;
  readonly plazoMs: number;
  /** How often a read is asked again. */
  readonly reintentos: number;
  /** Failures in a row that open the circuit, and for how long. */
  readonly circuito?: { readonly fallas: number; readonly pausaMs: number };
}

/** A failure on its way through retry and breaker, which know exceptions only. */
export class FallaHttp extends Error {
  /** `suya`: it says that the service is unwell, not only that this request had too little time. */
  constructor(readonly negativa: Falla, readonly suya = true) {
    super(negativa.tipo);
  }
}

/** Deno names the phase in the cause's message only: a refused connection took nothing of the request. */
export const sinConexion = (e: unknown): boolean =>
  e instanceof Error && e.cause instanceof Error && e.cause.message.includes("client error (Connect)");
