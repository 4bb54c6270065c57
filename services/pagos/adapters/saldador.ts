import { type Loop, startLoop } from "@alpes/shared/adapters/postgres/loop.ts";
import type { Agenda, Entrega, Orden, Tarea } from "../application/ports.ts";

export interface OpcionesSaldador {
  readonly agenda: Agenda;
  readonly paso: (tarea: Tarea) => Promise<void>;
  /** What is to be done with a payout that is handed over. */
  readonly ordenar?: (tarea: Tarea, orden: Orden, numero: number) => Promise<void>;
  /** How long a payout stays with this worker, ms; longer than a step can take. */
  readonly arriendo: number;
  readonly onError: (e: unknown) => void;
  /**
   * How many payouts are in hand at once: a provider that keeps silent must not hold up the others, and commands that
   * come together are committed together. Beside a load of 30 on two cores 32 settled 94 a second, 96 settled 167.
   */
  readonly concurrencia?: number;
}

/**
 * The longest rest between two looks, ms: what another process made due and did not do is seen no later. This one's
 * own commits wake it, and what will be due within a rest is waited for to the moment.
 */
const MIRADA = 2_000;

/** Takes what is due from the agenda and works on it, until it is disposed; then it waits for what is in hand. */
export function iniciarSaldador(o: OpcionesSaldador): Pick<Loop, "wake"> & Entrega & AsyncDisposable {
  const { agenda, paso, ordenar, arriendo, onError, concurrencia = 128 } = o;
  const enMano = new Set<Promise<void>>();
  let despertador: ReturnType<typeof setTimeout> | undefined;
  let cerrado = false;
  function tener(trabajo: Promise<void>, alFinal = () => {}): void {
    const uno: Promise<void> = trabajo.catch(onError).finally(() => {
      enMano.delete(uno);
      alFinal();
    });
    enMano.add(uno);
  }
  const loop = startLoop({
    idle: { min: 50, max: MIRADA },
    onError,
    async step(parando) {
      const libres = concurrencia - enMano.size;
      if (libres <= 0) {
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
        tener(paso(tarea), () => {
          // The next step of the same payout may be due at once.
          if (!parando()) loop.wake();
        });
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
    libre: () => !cerrado && ordenar !== undefined && enMano.size < concurrencia,
    pagar(tarea, orden, numero) {
      if (ordenar !== undefined) tener(ordenar(tarea, orden, numero));
    },
    async [Symbol.asyncDispose]() {
      cerrado = true;
      await loop[Symbol.asyncDispose]();
      clearTimeout(despertador);
      await Promise.all(enMano);
    },
  };
}
