import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { PAGINAS, sembrarEjemplos } from "./ejemplos.ts";
import { mundo, prueba } from "./mundo.ts";

const m = await mundo();
Deno.test.afterAll(async () => {
  await m[Symbol.asyncDispose]();
});
await sembrarEjemplos(m);
await m.enviar("/pagos/transacciones/t-3/reembolsar", { motivo: "se devolvió" });

async function abrir(pagina: Page, donde: string): Promise<void> {
  await pagina.goto(`${m.stack.bffUrl}/#/${donde}`);
  await pagina.locator("main h1, .vacio").first().waitFor();
  await pagina.locator(".cargando, [aria-busy=true]").first().waitFor({ state: "detached" });
  await pagina.waitForTimeout(300);
}
const decode = (b: Uint8Array) => new TextDecoder().decode(b);

prueba(
  "every table is taken away as CSV of its rows and as the curl that, run in bash, gives the screen's data",
  async () => {
    await using a = await m.abrir("", { permissions: ["clipboard-read", "clipboard-write"] });
    const { pagina } = a;
    const malas: string[] = [];
    let tablas = 0;
    for (const donde of PAGINAS.filter((p) => !p.includes("nuevo=1"))) {
      await abrir(pagina, donde);
      const cuantas = await pagina.locator("main table.tabla").count();
      if (cuantas === 0) continue;
      tablas += cuantas;
      const filas = Number(await pagina.locator("main table.tabla tbody tr:not(.hueco)").count());
      const csvs = pagina.locator("main").getByRole("button", { name: "CSV", exact: true });
      if (await csvs.count() === 0) malas.push(`${donde}: no CSV`);
      let deCsv = 0;
      for (let i = 0; i < await csvs.count(); i++) {
        const bajada = pagina.waitForEvent("download");
        await csvs.nth(i).click();
        const texto = await Deno.readTextFile(await (await bajada).path());
        deCsv += texto.trimEnd().split("\r\n").length - 1;
      }
      // A statement's one file has the lines of all its tables, and a balance before and after.
      if (deCsv < filas) malas.push(`${donde}: ${filas} rows, ${deCsv} in the CSV`);
      const curls = pagina.locator("main").getByRole("button", { name: "curl" });
      if (await curls.count() === 0) malas.push(`${donde}: no curl`);
      for (let i = 0; i < await curls.count(); i++) {
        await curls.nth(i).click();
        const linea = String(await pagina.evaluate("navigator.clipboard.readText()"));
        // The copied line itself, as a shell has it.
        const { stdout } = await new Deno.Command("bash", { args: ["-c", linea] }).output();
        const dado = (() => {
          try {
            return JSON.parse(decode(stdout));
          } catch {
            return null;
          }
        })();
        if (dado === null) {
          malas.push(`${donde}: ${linea} gave ${decode(stdout).slice(0, 100)}`);
          continue;
        }
        const ids = (dado.data ?? []).map((f: { id: unknown }) => f.id);
        const vistas = await pagina.locator("main .lista tr[data-id]").evaluateAll((trs) =>
          trs.map((t) => t.getAttribute("data-id"))
        );
        // Where rows have an id of their own, those on the screen are those of the line.
        if (
          await curls.count() === 1 && vistas.every((v) => typeof v === "string" && /^[a-z]-\w+$/.test(v))
        ) {
          assert.deepEqual(ids.slice(0, vistas.length), vistas, donde);
        }
      }
    }
    assert.deepEqual(malas, []);
    assert.ok(tablas >= 12, `${tablas} tables`);
  },
);

prueba(
  "in a CSV a negative amount stays a number, and what only looks like a formula does not run",
  async () => {
    await using a = await m.abrir("#/transacciones");
    const { pagina } = a;
    await pagina.locator("tr", { hasText: "−150,00" }).first().waitFor();
    const bajada = pagina.waitForEvent("download");
    await pagina.getByRole("button", { name: "CSV", exact: true }).first().click();
    const texto = await Deno.readTextFile(await (await bajada).path());
    assert.match(texto, /^-150\.00,COP,/m);
    assert.doesNotMatch(texto, /(^|,)"?[=+@]/m);
  },
);
