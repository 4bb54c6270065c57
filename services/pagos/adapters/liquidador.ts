import { type Loop, startLoop } from "@alpes/shared/adapters/postgres/loop.ts";
import type { AgendaLiquidaciones, Encargo } from "../application/liquidar.ts";

export interface OpcionesLiquidador {
  readonly agenda: AgendaLiquidaciones;
  /** Confirms payouts of a run, all or none of them. */
  readonly confirmar: (e: Encargo, payouts: readonly string[]) => Promise<void>;
  readonly terminar: (e: Encargo) => Promise<void>;
  readonly onError: (e: unknown) => void;
  /** How long a run stays with this worker, ms; longer than one batch can take. */
  readonly arriendo?: number;
  /** Payouts in one unit of work. */
  readonly tanda?: number;
}

/**
 * Carries runs that are under way to their end, batch by batch. What is done is seen from the payouts themselves: a
 * worker that dies leaves nothing behind but its lease.
 */
export function iniciarLiquidador(o: OpcionesLiquidador): Pick<Loop, "wake"> & AsyncDisposable {
  const { agenda, confirmar, terminar, onError, arriendo = 10_000, tanda = 200 } = o;
  return startLoop({
    idle: { min: 100, max: 3_000 },
    onError,
    async step(parando) {
      const e = await agenda.tomar(arriendo);
      if (e === null) return "idle";
      try {
        while (!parando()) {
          const payouts = await agenda.pendientes(e.id, tanda);
          if (payouts.length === 0) {
            await terminar(e);
            return "more";
          }
          await confirmar(e, payouts);
          await agenda.guardar(e.id, arriendo);
        }
      } catch (error) {
        // Its lease runs out, and the run is taken again.
        onError(error);
        return "idle";
      }
      await agenda.guardar(e.id, 0);
      return "idle";
    },
  });
}
