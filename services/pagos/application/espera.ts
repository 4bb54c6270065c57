import { err, type Result } from "@alpes/shared/seedwork/result.ts";

/** Resolves after so many milliseconds. A port, so that tests need not wait. */
export type Dormir = (ms: number) => Promise<void>;

const PASO = 50;
/** How long an answer may wait for news that is on its way from campanias. */
export const PACIENCIA = 2_000;

/**
 * Decides again for a short while when the refusal may come from a replica that lags: whoever approved a campaign a
 * moment ago expects its commission to be taken. `ultima` tells the last try, which must answer for good.
 */
export async function conPaciencia<T, X>(
  dormir: Dormir,
  puedeCambiar: (x: X) => boolean,
  intentar: (ultima: boolean) => Promise<Result<T, X>>,
): Promise<Result<T, X>> {
  for (let esperado = 0, pausa = PASO;; esperado += pausa, pausa *= 2) {
    const ultima = esperado + pausa > PACIENCIA;
    const r = await intentar(ultima);
    if (r.ok || ultima || !puedeCambiar(r.error)) return r.ok ? r : err(r.error);
    await dormir(pausa);
  }
}
