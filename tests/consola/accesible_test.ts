import assert from "node:assert/strict";
import { faltas } from "./axe.ts";
import { PAGINAS, sembrarEjemplos } from "./ejemplos.ts";
import { mundo, prueba } from "./mundo.ts";

const m = await mundo();
Deno.test.afterAll(async () => {
  await m[Symbol.asyncDispose]();
});

await sembrarEjemplos(m);

for (const colorScheme of ["light", "dark"] as const) {
  for (const locale of ["es-CO", "en-GB"]) {
    prueba(`axe finds nothing on any page, ${colorScheme}, ${locale}, wide and at 320 px`, async () => {
      await using a = await m.abrir("", { colorScheme, locale });
      const { pagina } = a;
      const malas: string[] = [];
      for (const donde of PAGINAS) {
        await pagina.setViewportSize({ width: 1440, height: 900 });
        await pagina.goto(`${m.stack.bffUrl}/#/${donde}`);
        await pagina.locator("h1, .vacio").first().waitFor();
        await pagina.locator(".cargando, [aria-busy=true]").first().waitFor({ state: "detached" });
        malas.push(...(await faltas(pagina)).map((f) => `${donde}: ${f}`));
        await pagina.setViewportSize({ width: 320, height: 640 });
        malas.push(...(await faltas(pagina)).map((f) => `${donde} at 320: ${f}`));
        const sobra = Number(
          await pagina.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth",
          ),
        );
        if (sobra > 0) malas.push(`${donde} at 320: ${sobra} px too wide`);
      }
      assert.deepEqual(malas, []);
      assert.equal(await pagina.evaluate("document.documentElement.lang"), locale.slice(0, 2));
    });
  }
}
