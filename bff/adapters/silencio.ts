import { sinConexion } from "./falla.ts";

/** So long a reader waits without a word of the service before its pulse is felt, and so long that may take, ms. */
const CALLADO_MS = 400;
const SONDA_MS = 300;
/** Between two looks whether a mute service speaks again. */
const OTRA_MS = 200;
/** Longer ago than this, a verdict is worth nothing: somebody tries. */
const VALE_MS = 2_000;

export interface Silencio {
  /** The service said something, to whomever. */
  oido(): void;
  /** Whether it was found mute and has not spoken since; feels its pulse behind the answer. */
  mudo(): boolean;
  /**
   * Runs a question whose `signal` aborts when the service turns out mute: it takes connections and answers nothing,
   * not even its liveness. One that is slow and alive is waited for. `pacienciaMs`: how long without a word is usual.
   */
  vigilar<T>(hacer: (signal: AbortSignal) => Promise<T>, pacienciaMs?: number): Promise<T>;
}

/** Tells a service that hangs from one that is slow, so that a page need not wait a deadline for the former. */
export function silencio(base: string): Silencio {
  let ultimo = -Infinity;
  let sondeado = -Infinity;
  let enmudecido = false;
  let sonda: Promise<void> | null = null;
  const esperan = new Set<() => void>();

  const oido = () => {
    ultimo = performance.now();
    enmudecido = false;
  };

  async function preguntar(): Promise<void> {
    const empezo = performance.now();
    const corte = new AbortController();
    const reloj = setTimeout(() => corte.abort(), SONDA_MS);
    try {
      const res = await fetch(`${base}/health`, { signal: corte.signal, redirect: "manual" });
      oido();
      await res.body?.cancel();
    } catch (e) {
      // Whoever refuses is not mute: the next request is told so by the network, at once.
      if (!corte.signal.aborted || sinConexion(e)) return oido();
      // What came while this process itself was busy is heard first.
      await new Promise((r) => setTimeout(r, 0));
      if (ultimo >= empezo) return;
      enmudecido = true;
      for (const soltar of [...esperan]) soltar();
    } finally {
      clearTimeout(reloj);
      sondeado = performance.now();
    }
  }
  const sondear = () => sonda ??= preguntar().finally(() => sonda = null);

  return {
    oido,
    mudo() {
      const hace = performance.now() - sondeado;
      if (enmudecido && hace >= OTRA_MS) void sondear();
      return enmudecido && hace < VALE_MS;
    },
    async vigilar(hacer, pacienciaMs = CALLADO_MS) {
      const corte = new AbortController();
      const desde = performance.now();
      let reloj: ReturnType<typeof setTimeout> | undefined;
      const soltar = () => corte.abort();
      const dormir = (ms: number) => void (reloj = setTimeout(mirar, Math.max(1, ms)));
      function mirar(): void {
        const callado = performance.now() - Math.max(desde, ultimo);
        if (callado < pacienciaMs) return dormir(pacienciaMs - callado);
        void sondear().then(() => esperan.has(soltar) && !corte.signal.aborted && dormir(pacienciaMs));
      }
      esperan.add(soltar);
      dormir(pacienciaMs);
      try {
        return await hacer(corte.signal);
      } finally {
        esperan.delete(soltar);
        clearTimeout(reloj);
      }
    },
  };
}
