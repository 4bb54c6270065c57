import type { Pulso } from "../ports.ts";

/** Slower than this is not well, even with the right answer. */
const LENTO_MS = 1_000;
const PLAZO_MS = 2_000;

/** Asks `/health` (is it there?) and `/ready` (can it work?) at once; the time is that of `/health`. */
export const pulso = (o: { readonly base: string; readonly plazoMs: number }) => async (): Promise<Pulso> => {
  const preguntar = async (ruta: string) => {
    const corte = new AbortController();
    const reloj = setTimeout(() => corte.abort(), Math.min(PLAZO_MS, o.plazoMs));
    const empezo = performance.now();
    try {
      const res = await fetch(o.base + ruta, { signal: corte.signal, redirect: "manual" });
      await res.body?.cancel();
      return { bien: res.ok, ms: Math.round((performance.now() - empezo) * 10) / 10 };
    } catch {
      return null;
    } finally {
      clearTimeout(reloj);
    }
  };
  const [vivo, listo] = await Promise.all([preguntar("/health"), preguntar("/ready")]);
  if (vivo === null) return { status: "down", response_time_ms: null };
  const bien = vivo.bien && listo?.bien === true && vivo.ms < LENTO_MS;
  return { status: bien ? "up" : "degraded", response_time_ms: vivo.ms };
};
