import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { mundo, prueba } from "./mundo.ts";

/** A platform that nobody used yet. */
const m = await mundo();
Deno.test.afterAll(async () => {
  await m[Symbol.asyncDispose]();
});
async function abrir(pagina: Page, donde: string): Promise<void> {
  await pagina.goto(`${m.stack.bffUrl}/#/${donde}`);
  await pagina.locator("main h1, main .falla, main .vacio").first().waitFor();
  await pagina.locator(".cargando, [aria-busy=true]").first().waitFor({ state: "detached" });
  await pagina.waitForTimeout(300);
}
/** Each emptiness on the page, with what it tells to do. */
const vacios = async (p: Page) =>
  await p.locator("main .vacio").evaluateAll((es) =>
    es.map((
      e,
    ) => [e.querySelector("strong")?.textContent ?? "", e.querySelector("p")?.textContent?.trim() ?? ""])
  );

for (const locale of ["es-CO", "en-GB"]) {
  prueba(
    `on a platform that nobody used yet each page says what is not there and what to do, ${locale}`,
    async () => {
      await using a = await m.abrir("", { locale });
      const { pagina } = a;
      await pagina.locator("main h1").waitFor();
      const secciones = await pagina.locator("nav a").evaluateAll((as) =>
        as.map((e) => (e.getAttribute("href") ?? "").replace(/^#\//, ""))
      );
      assert.ok(secciones.length >= 12);
      const malas: string[] = [];
      let vistos = 0;
      for (const donde of [...secciones, "libro/asientos", "clientes?search=zzzz", "pagos?estado=FALLIDO"]) {
        await abrir(pagina, donde);
        for (const [que, hacer] of await vacios(pagina)) {
          vistos++;
          if ((hacer ?? "").length < 12) malas.push(`${donde}: "${que}" does not say what to do`);
        }
        for (const t of await pagina.locator("main .falla").allInnerTexts()) malas.push(`${donde}: ${t}`);
      }
      assert.deepEqual(malas, []);
      assert.ok(vistos >= 10, `${vistos}`);
    },
  );
}

prueba("what does not exist is said to be so, with what it means and what to do about it", async () => {
  await using a = await m.abrir("");
  const { pagina } = a;
  for (
    const donde of [
      "clientes/nadie",
      "campanias/nadie",
      "pagos/nadie",
      "liquidaciones/nadie",
      "conciliacion/nadie",
      "no-hay",
    ]
  ) {
    await abrir(pagina, donde);
    const falla = pagina.locator("main .falla").first();
    if (donde === "no-hay") {
      await pagina.getByRole("link", { name: "Volver al panel" }).waitFor();
      continue;
    }
    await falla.waitFor({ timeout: 5_000 }).catch(() =>
      assert.fail(`${donde}: nothing says that it is not there`)
    );
    const [pestana] = await Promise.all([
      a.persona.contexto.waitForEvent("page"),
      falla.getByRole("link", { name: "Qué significa" }).click(),
    ]);
    await pestana.waitForLoadState();
    assert.match(await pestana.locator("body").innerText(), /Qué hacer|qué hacer/, donde);
    await pestana.close();
  }
  // Of somebody of whom nothing is known there is a statement all the same: nothing came, nothing went.
  await abrir(pagina, "estado-de-cuenta/nadie");
  assert.notEqual((await pagina.locator("main").innerText()).replaceAll(/\s/g, ""), "");
});
