import type { ComandosCampanias } from "./comandos.ts";
import type { Vencimientos } from "./ports.ts";

export interface Ronda {
  readonly vencidas: number;
  readonly fallidas: number;
}

/**
 * One round over the sagas whose deadline has passed. Each is decided again under its campaign's lock, so that several
 * processes may do rounds at once; one that fails is told and holds back no other.
 */
export const vencerPlazos = (
  vencimientos: Vencimientos,
  comandos: Pick<ComandosCampanias, "vencer">,
  alFallar: (id: string, error: unknown) => void,
) =>
async (limite = 50): Promise<Ronda> => {
  const vencidas = await vencimientos.vencidas(limite);
  let fallidas = 0;
  for (const v of vencidas) {
    try {
      await comandos.vencer(v);
    } catch (error) {
      fallidas += 1;
      alFallar(v.id, error);
    }
  }
  return { vencidas: vencidas.length, fallidas };
};
