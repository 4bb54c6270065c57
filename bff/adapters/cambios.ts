import { z } from "@hono/zod-openapi";
import { logger } from "@alpes/shared/http/log.ts";
import type { NewId } from "@alpes/shared/seedwork/ids.ts";
import type { Consulta } from "../ports.ts";
import type { Cambio } from "../vivo.ts";
import type { Servidor } from "./http.ts";

/** How long a question hangs while nothing changes, and how long its answer may take on top, in seconds. */
const ESPERA_S = 20;
const MARGEN_S = 10;
/** Lines from before, so that a browser which was away while this process started again finds what it missed. */
const ATRAS = 500;

/** What becomes of a feed, told one after the other. */
export interface Seguimiento {
  /** Lines in order; `nuevos: false` where they stood before the first question. */
  cambios(cambios: readonly Cambio[], nuevos: boolean): void;
  /** Lines were lost: anything may have changed. */
  hueco(ultimo: number): void;
  seguido(si: boolean): void;
}

const Cambios = z.object({
  data: z.array(z.object({
    n: z.int().nonnegative(),
    tipo: z.string(),
    id: z.string(),
    version: z.int(),
    correlacion: z.string(),
    en: z.string(),
  })),
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
 * Follows the change feed of one service by long polling, and tells what changed. A service that is away is asked again, ever more slowly; nothing else suffers. Disposing ends it.
 */
export function seguirCambios(
  servidor: Servidor,
  alguien: Seguimiento,
  o: OpcionesSeguidor,
): AsyncDisposable {
  const { pausaMs = 200, maxEsperaMs = 1_000 } = o;
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
    let viejos = 0;
    let fallas = 0;
    while (!fin.signal.aborted) {
      const llamada = {
        llamador: "",
        cabeceras: { "x-request-id": o.newId(), ...o.identidad },
        plazo: performance.now() + (ESPERA_S + MARGEN_S) * 1_000,
      };
      // After a failure it does not hang: that the service is back is news by itself.
      const consulta: Consulta = despues === null
        ? { despues: 0, espera: 0, limit: 1 }
        : { despues, espera: despues < viejos || fallas > 0 ? 0 : ESPERA_S, limit: 1_000 };
      const r = await servidor.escuchar(
        { ruta: `/${servidor.servicio}/cambios`, consulta },
        Cambios,
        llamada,
        fin.signal,
      );
      if (fin.signal.aborted) return;
      if (!r.ok) {
        fallas++;
        alguien.seguido(false);
        log.debug("no change feed", { servicio: servidor.servicio, falla: r.error.tipo, fallas });
        await dormir(Math.min(maxEsperaMs, 100 * 2 ** Math.min(fallas, 10)));
        continue;
      }
      fallas = 0;
      alguien.seguido(true);
      const { data, primero, ultimo } = r.value.valor;
      if (despues === null) {
        // The first answer only says where the feed stands.
        viejos = ultimo;
        despues = Math.max(0, primero - 1, ultimo - ATRAS);
        continue;
      }
      if (ultimo < despues || (despues < primero - 1 && despues >= viejos)) {
        // It began anew, or lines that were not seen yet are gone from it.
        despues = ultimo;
        viejos = 0;
        alguien.hueco(ultimo);
      } else if (data.length > 0) {
        alguien.cambios(data.filter((c) => c.n <= viejos), false);
        const nuevos = data.filter((c) => c.n > viejos);
        if (nuevos.length > 0) alguien.cambios(nuevos, true);
        despues = data.at(-1)?.n ?? despues;
        if (nuevos.length === 0) continue;
      } else if (despues < viejos) {
        despues = viejos;
        continue;
      }
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
