import assert from "node:assert/strict";
import { httpApi } from "@alpes/shared/dev/demo_api.ts";
import { fill } from "@alpes/shared/dev/seed.ts";
import { plan } from "@alpes/shared/dev/seed_plan.ts";
import { mundo, prueba } from "./mundo.ts";

/** Where the README's pictures lie; `FOTOS=1` takes them anew, every run takes them to see that they can be taken. */
const CARPETA = new URL("../../docs/imagenes/", import.meta.url);
const GUARDAR = Deno.env.get("FOTOS") === "1";

const m = await mundo();
Deno.test.afterAll(async () => {
  await m[Symbol.asyncDispose]();
});

prueba("the README's pictures are of this console, over the data of a fixed seed", async () => {
  await fill(httpApi(m.stack.bffUrl, ""), plan(1, 24));
  await using a = await m.abrir("", { viewport: { width: 1280, height: 800 } });
  const { pagina } = a;
  await pagina.getByText("vivo", { exact: true }).waitFor();
  const FOTOS = [
    ["panel", "", ".recientes li"],
    ["pagos", "pagos", "tr [data-estado=EXITOSO]"],
    ["campania", "campanias/s1-k-0001", ".linea li"],
  ] as const;
  for (const [nombre, ruta, se_ve] of FOTOS) {
    await pagina.goto(`${m.stack.bffUrl}/#/${ruta}`);
    await pagina.locator(se_ve).first().waitFor();
    await pagina.locator(".cargando, [aria-busy=true]").first().waitFor({ state: "detached" });
    const png = await pagina.screenshot();
    assert.ok(png.length > 10_000);
    if (!GUARDAR) continue;
    await Deno.mkdir(CARPETA, { recursive: true });
    await Deno.writeFile(new URL(`${nombre}.png`, CARPETA), png);
  }
});
