import type { Page } from "playwright-core";

/** Begins to watch how long each frame of the page takes. */
export const mirarCuadros = (pagina: Page) =>
  pagina.evaluate(`(() => {
    globalThis.cuadros = [];
    globalThis.cuadros.sigue = true;
    let antes = 0;
    const mirar = (t) => {
      if (antes > 0) globalThis.cuadros.push(t - antes);
      antes = t;
      if (globalThis.cuadros.sigue) requestAnimationFrame(mirar);
    };
    requestAnimationFrame(mirar);
  })()`);

/** Ends the watching: the frames' times in ms. */
export const cuadros = async (pagina: Page): Promise<number[]> =>
  await pagina.evaluate("(globalThis.cuadros.sigue = false, [...globalThis.cuadros])") as number[];
