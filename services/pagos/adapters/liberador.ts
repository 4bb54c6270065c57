import { type Loop, startLoop } from "@alpes/shared/adapters/postgres/loop.ts";
import type { Retenidas } from "../application/ports.ts";

export interface OpcionesLiberador {
  readonly retenidas: Retenidas;
  readonly liberar: (transacciones: readonly string[]) => Promise<unknown>;
  readonly onError: (e: unknown) => void;
  /** How many are released in one commit. */
  readonly lote?: number;
  /** How long it rests when nothing is due, ms. */
  readonly pausa?: { readonly min: number; readonly max: number };
}

/** Releases held commissions when their time has come; whoever pays one before that releases it himself. */
export const iniciarLiberador = (
  { retenidas, liberar, onError, lote = 500, pausa = { min: 1_000, max: 5_000 } }: OpcionesLiberador,
): Loop =>
  startLoop({
    idle: pausa,
    onError,
    async step() {
      const debidas = await retenidas.debidas(lote);
      if (debidas.length === 0) return "idle";
      await liberar(debidas);
      return debidas.length === lote ? "more" : "idle";
    },
  });
