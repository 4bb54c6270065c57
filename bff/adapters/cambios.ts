import { z } from "@hono/zod-openapi";
import { logger } from "@alpes/shared/http/log.ts";
import type { NewId } from "@alpes/shared/seedwork/ids.ts";
import type { Consulta } from "../ports.ts";
import type { Servidor } from "./http.ts";

/** How long a question hangs while nothing changes, and how long its answer may take on top, in seconds. */
const ESPERA_S = 20;
const MARGEN_S = 10;

const Cambios = z.object({
  data: z.array(z.object({ n: z.int().nonnegative() })),
  /** The oldest that is still kept, and the newest. */
  primero: z.int().nonnegative(),
  ultimo: z.int().nonnegative(),
});

export interface OpcionesSeguidor {
  /** As whom it asks. */
  readonly identidad: Readonly<Record<string, string>>;
  readonly newId: NewId;
  /** Least time between two questions: many changes are one call of `alCambiar`. */
  readonly pausaMs?: number;
  /** After a failure, at most this long until the next question. */
  readonly maxEsperaMs?: number;
}

/**
 * Follows the change feed of one service by long polling, and calls `alCambiar` when something changed. A service that is away is asked again, ever more slowly; nothing else suffers. Disposing ends it.
 */
export function seguirCambios(
  servidor: Servidor,
  alCambiar: () => void,
  o: OpcionesSeguidor,
): AsyncDisposable {
  const { pausaMs = 200, maxEsperaMs = 2_000 } = o;
  const fin = new AbortController();
  const log = logger("bff.cambios");

  const dormir = (ms: number) =>
    new Promise<void>((resolve) => {
      const reloj = setTimeout(listo, ms);
      function listo() {
        clearTimeout(reloj);
        fin.signal.removeEventListener("abort", listo);
        resolve();
      }
      if (fin.signal.aborted) listo();
      else fin.signal.addEventListener("abort", listo);
    });

  async function seguir(): Promise<void> {
    let despues: number | null = null;
    let fallas = 0;
    while (!fin.signal.aborted) {
      const llamada = {
        llamador: "",
        cabeceras: { "x-request-id": o.newId(), ...o.identidad },
        plazo: performance.now() + (ESPERA_S + MARGEN_S) * 1_000,
      };
      const consulta: Consulta = despues === null
        ? { despues: 0, espera: 0, limit: 1 }
        : { despues, espera: ESPERA_S, limit: 1_000 };
      const r = await servidor.escuchar(
        { ruta: `/${servidor.servicio}/cambios`, consulta },
        Cambios,
        llamada,
        fin.signal,
      );
      if (fin.signal.aborted) return;
      if (!r.ok) {
        fallas++;
        log.debug("no change feed", { servicio: servidor.servicio, falla: r.error.tipo, fallas });
        await dormir(Math.min(maxEsperaMs, 100 * 2 ** Math.min(fallas, 10)));
        continue;
      }
      const paso = siguiente(despues, r.value.valor);
      despues = paso.despues;
      fallas = 0;
      if (paso.hubo) alCambiar();
      await dormir(pausaMs);
    }
  }

  const corriendo = seguir().catch((error) => log.error("the follower of a change feed ended", { error }));
  return {
    async [Symbol.asyncDispose]() {
      fin.abort();
      await corriendo;
    },
  };
}

/** Where to go on, and whether anything changed since. */
function siguiente(despues: number | null, { data, primero, ultimo }: z.infer<typeof Cambios>) {
  // The first answer only says where the feed stands.
  if (despues === null) return { despues: ultimo, hubo: false };
  // It began anew, or lines that were not seen yet are gone from it: anything may have changed.
  if (ultimo < despues || despues < primero - 1) return { despues: ultimo, hubo: true };
  return { despues: data.at(-1)?.n ?? despues, hubo: data.length > 0 };
}
