/** How often a figure of the wall clock may be taken: a machine that does other things beside this is slow for a moment, not always. */
const VECES = 5;

/**
 * Takes a measurement until it is within its bound, at most a few times, and gives all that were taken. The bound itself
 * never moves: what no attempt keeps is not kept.
 */
export async function mejorDe(
  limite: number,
  medir: () => Promise<number>,
  veces = VECES,
): Promise<number[]> {
  const medidas: number[] = [];
  while (medidas.length < veces) {
    const m = await medir();
    medidas.push(Math.round(m * 10) / 10);
    if (m <= limite) break;
    await new Promise((r) => setTimeout(r, 300));
  }
  return medidas;
}
