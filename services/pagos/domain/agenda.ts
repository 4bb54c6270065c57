import type { Existente, Payout } from "./payout.ts";

/** How long each wait of a payout lasts, in milliseconds. */
export interface Tiempos {
  /** A payment for a campaign that nobody has announced: after this campanias is asked, and ever more rarely again. */
  readonly campaniaDesconocida: number;
  readonly ultimaPregunta: number;
  /** An automatic payment waits this long for an explicit one to take its place. */
  readonly automatico: number;
  /** After this an attempt without a recorded answer is looked into: its worker is gone. Longer than any provider call. */
  readonly rescate: number;
  /** Status queries: the first wait doubles up to the last. */
  readonly primeraConsulta: number;
  readonly ultimaConsulta: number;
}

export const TIEMPOS: Tiempos = {
  campaniaDesconocida: 30_000,
  ultimaPregunta: 600_000,
  automatico: 500,
  rescate: 10_000,
  primeraConsulta: 500,
  ultimaConsulta: 60_000,
};

/** After each question as long again as it has waited already: there is one question more each time that doubles. */
export const siguientePregunta = ({ ficha }: Existente, en: Date, t: Tiempos): Date => {
  const esperado = en.getTime() - ficha.creado.getTime();
  return despues(en, Math.min(Math.max(esperado, t.campaniaDesconocida), t.ultimaPregunta));
};

export const despues = (d: Date, ms: number): Date => new Date(d.getTime() + ms);

/** When somebody has to look at this payout again; null: never, unless it is asked for. */
export function proximo(p: Payout, ahora: Date, t: Tiempos): Date | null {
  switch (p.estado) {
    case "inexistente":
    case "FALLIDO":
    case "RECHAZADO":
    case "REVERTIDO":
      return null;
    case "PENDIENTE":
      return p.espera?.vence ?? null;
    case "CALCULADO":
      return p.desde;
    case "CONFIRMADO":
      return ahora;
    case "EN_PROCESO":
      return despues(ahora, t.rescate);
    case "EN_VERIFICACION":
      return despues(ahora, Math.min(t.primeraConsulta * 2 ** Math.min(p.consultas, 20), t.ultimaConsulta));
    case "EXITOSO":
      return p.reversion === null ? null : ahora;
  }
}
