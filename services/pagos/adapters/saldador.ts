import { type Loop, startLoop } from "@alpes/shared/adapters/postgres/loop.ts";
import type { Agenda, Tarea } from "../application/ports.ts";

export interface OpcionesSaldador {
  readonly agenda: Agenda;
  readonly paso: (tarea: Tarea) => Promise<void>;
  /** How long a payout stays with this worker, ms; longer than a step can take. */
  readonly arriendo: number;
  readonly onError: (e: unknown) => void;
  /**
   * How many payouts are in hand at once: a provider that keeps silent must not hold up the others, and commands that
   * come together are committed together. Beside a load of 30 on two cores 32 settled 94 a second, 96 settled 167.
   */
  readonly concurrencia?: number;
}

/** The longest rest between two looks, ms: what other processes make due is seen no later. */
const MIRADA = 250;

/** Takes what is due from the agenda and works on it, until it is disposed; then it waits for what is in hand. */
export function iniciarSaldador(o: OpcionesSaldador): Pick<Loop, "wake"> & AsyncDisposable {
  const { agenda, paso, arriendo, onError, concurrencia = 128 } = o;
  const enMano = new Set<Promise<void>>();
  let despertador: ReturnType<typeof setTimeout> | undefined;
  const loop = startLoop({
    idle: { min: 50, max: MIRADA },
    onError,
    async step(parando) {
      const libres = concurrencia - enMano.size;
      if (libres === 0) {
        await Promise.race(enMano);
        return "more";
      }
      const tareas = await agenda.tomar(libres, arriendo).catch(async (e) => {
        // A database that is away is asked, and complained about, once a second.
        onError(e);
        await new Promise((r) => setTimeout(r, 1_000));
        return [];
      });
      for (const tarea of tareas) {
        const uno: Promise<void> = paso(tarea).catch(onError).finally(() => {
          enMano.delete(uno);
          // The next step of the same payout may be due at once.
          if (!parando()) loop.wake();
        });
        enMano.add(uno);
      }
      if (tareas.length === libres) return "more";
      const ms = await agenda.falta().catch(() => null);
      clearTimeout(despertador);
      // To the moment: a rest that is a guess is what a payment would wait for.
      if (ms !== null && ms < MIRADA) despertador = setTimeout(loop.wake, Math.max(1, ms));
      return "idle";
    },
  });
  return {
    wake: loop.wake,
    async [Symbol.asyncDispose]() {
      await loop[Symbol.asyncDispose]();
      clearTimeout(despertador);
      await Promise.all(enMano);
    },
  };
}
