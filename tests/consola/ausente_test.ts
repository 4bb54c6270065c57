import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { construirConsola } from "@alpes/shared/dev/consola.ts";
import { startApart } from "../processes.ts";
import { PAGINAS, sembrarEjemplos } from "./ejemplos.ts";
import { mejorDe } from "./medida.ts";
import { prueba } from "./mundo.ts";
import { abrirNavegador } from "./navegador.ts";

/** The issue's own bounds: how long a page may take without pagos, and how long until all is there again. */
const PAGINA_MS = 1_000;
const SANA_MS = 5_000;
/** Longer than the BFF's cache calls an answer its own (BFF_CACHE_TTL). */
const FRESCO_MS = 6_000;

await construirConsola(new URL("../../", import.meta.url));
const p = await startApart();
const navegador = await abrirNavegador();
Deno.test.afterAll(async () => {
  await navegador[Symbol.asyncDispose]();
  await p[Symbol.asyncDispose]();
});
await sembrarEjemplos({
  async enviar(ruta, cuerpo) {
    const r = await fetch(p.bff.url + ruta, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(cuerpo),
    });
    const texto = await r.text();
    assert.ok(r.ok, `${ruta}: ${r.status} ${texto}`);
    return JSON.parse(texto);
  },
});

/** Pages that show nothing of pagos: with it away they are as ever. */
const SIN_PAGOS = new Set([
  "clientes",
  "clientes?nuevo=1",
  "campanias",
  "campanias?nuevo=1",
  "importaciones",
  "no-hay",
]);
const LISTA = `(() => {
  const m = document.querySelector("main");
  return m !== null && m.querySelector("h1, .falla") !== null && m.querySelector(".cargando, [aria-busy=true]") === null;
})()`;

/** From the request for the page until nothing in it is still waited for, ms. */
async function abrir(pagina: Page, ruta: string): Promise<number> {
  await pagina.goto("about:blank");
  const empezo = performance.now();
  await pagina.goto(`${p.bff.url}/#/${ruta}`, { waitUntil: "commit" });
  while (!await pagina.evaluate(LISTA)) await pagina.waitForTimeout(10);
  return performance.now() - empezo;
}

/** Opens every page while pagos is away; what was slower than its bound or does not say what is missing. */
async function recorrer(pagina: Page): Promise<string[]> {
  const malas: string[] = [];
  for (const ruta of PAGINAS) {
    const ms = await mejorDe(PAGINA_MS, () => abrir(pagina, ruta));
    if (Math.min(...ms) > PAGINA_MS) malas.push(`${ruta}: ${ms.join(", ")} ms`);
    if (SIN_PAGOS.has(ruta)) continue;
    const nombrado = pagina.locator("main").getByText("pagos_service", { exact: false }).first();
    // What was read a moment before it went is whole and fresh: nothing is missing until that has passed.
    const hasta = performance.now() + FRESCO_MS;
    let dicho = false;
    for (let vez = 0; !dicho && (vez === 0 || performance.now() < hasta); vez++) {
      if (vez > 0) await abrir(pagina, ruta);
      dicho = await nombrado.waitFor({ timeout: PAGINA_MS }).then(() => true, () => false);
    }
    if (!dicho) malas.push(`${ruta}: does not name pagos_service`);
  }
  // What the others know is there.
  for (
    const [ruta, se_ve] of [["", "Begoña Echeverría"], ["clientes/c-1", "1020304050"], [
      "campanias/k-1",
      "Feria de las Flores",
    ]]
  ) {
    await abrir(pagina, ruta ?? "");
    await pagina.locator("main").getByText(se_ve ?? "", { exact: false }).first().waitFor({
      timeout: PAGINA_MS,
    });
  }
  return malas;
}

/** From when pagos is back until the panel misses nothing any more. */
async function sanar(pagina: Page, volver: () => void | Promise<void>): Promise<void> {
  await abrir(pagina, "");
  await pagina.locator(".advertencia", { hasText: "pagos_service" }).waitFor();
  await volver();
  const empezo = performance.now();
  await pagina.locator(".advertencia").waitFor({ state: "detached" });
  await pagina.locator("[data-prueba=pulso].bien").waitFor();
  const ms = performance.now() - empezo;
  console.log(`healed after ${Math.round(ms)} ms`);
  assert.ok(ms <= SANA_MS, `healed after ${Math.round(ms)} ms`);
}

prueba(
  "with pagos stopped every page answers within a second (best of five), shows the rest, names what is missing, and heals within five",
  async () => {
    await using persona = await navegador.persona();
    const pagina = await persona.pagina(`${p.bff.url}/`);
    await pagina.getByText("vivo", { exact: true }).waitFor();
    await p.pagos.kill();
    await pagina.getByText("⚠ pagos_service", { exact: false }).first().waitFor();
    assert.deepEqual(await recorrer(pagina), []);
    await sanar(pagina, p.pagos.again);
  },
);

prueba(
  "with pagos hanging (its connections open, nothing answered) it is the same, from the first page on",
  async () => {
    await p.pagos.again();
    await using persona = await navegador.persona();
    const pagina = await persona.pagina(`${p.bff.url}/`);
    const viva = pagina.getByText("vivo", { exact: true });
    const primeras: string[] = [];
    for (const ruta of ["", "pagos", "libro", "clientes/c-1"]) {
      const ms = await mejorDe(PAGINA_MS, async () => {
        await abrir(pagina, "");
        await viva.waitFor();
        p.pagos.hang();
        try {
          return await abrir(pagina, ruta);
        } finally {
          p.pagos.resume();
        }
      });
      console.log(`the first page after it hangs, #/${ruta}: ${ms.join(", ")} ms`);
      if (Math.min(...ms) > PAGINA_MS) primeras.push(`${ruta}: ${ms.join(", ")} ms`);
    }
    assert.deepEqual(primeras, []);
    await viva.waitFor();
    p.pagos.hang();
    assert.deepEqual(await recorrer(pagina), []);
    await sanar(pagina, p.pagos.resume);
  },
);
