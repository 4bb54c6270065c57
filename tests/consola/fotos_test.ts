import assert from "node:assert/strict";
import type { Page, Route } from "playwright-core";
import { httpApi } from "@alpes/shared/dev/demo_api.ts";
import { fill } from "@alpes/shared/dev/seed.ts";
import { plan } from "@alpes/shared/dev/seed_plan.ts";
import { type Mundo, mundo, prueba } from "./mundo.ts";

/**
 * Where the README's pictures lie, each with the text that stood on its page. `deno task fotos` takes both anew; every
 * other run reads the pages again, over the same seed and clock, and fails where a picture no longer shows what they say.
 */
const CARPETA = new URL("../../docs/imagenes/", import.meta.url);
const GUARDAR = Deno.env.get("FOTOS") === "1";
const MAX_BYTES = 150_000;

/** The reader's clock stands here; what happened while the data was made, happened in the minutes before. */
const AHORA = Date.parse("2026-03-03T15:00:00Z");
const HECHO = Date.parse("2026-03-02T14:30:00Z");
const EMPEZO = Date.now();

const m = await mundo();
Deno.test.afterAll(async () => {
  await m[Symbol.asyncDispose]();
});
await fill(httpApi(m.stack.bffUrl, ""), plan(1, 24));
await despues(m);

/** After what the seed makes many at a time, a few things in an order: what is latest is then always the same. */
async function despues({ enviar, leer }: Mundo): Promise<void> {
  for (
    const [i, nombre] of ["Quesos del Páramo", "Cacao de Tumaco", "Textiles Ñáñez", "Café de Huila"].entries()
  ) {
    const id = `socio-${i + 1}`;
    await enviar("/api/v1/clientes", {
      id,
      tipo_cliente: "EMPRESA",
      nombre,
      email: `${id}@empresa.example`,
      rut: `90000000${i}-1`,
    });
    await enviar("/pagos/transacciones", {
      transacciones: [1, 2, 3].map((n) => ({
        id: `${id}-venta-${n}`,
        partner_id: id,
        event_type: "VENTA",
        event_timestamp: `2025-03-0${n}T15:00:00Z`,
        monto_original: { valor: `${(i + 1) * n}40500.50`, moneda: "COP" },
      })),
    });
    await enviar("/api/v1/pagos", { id: `pago-${i + 1}`, partner_id: id, cycle_id: "s1-2025-03" });
    while ((await leer(`/pagos/pago-${i + 1}`)).estado !== "EXITOSO") {
      await new Promise((r) => setTimeout(r, 50));
    }
  }
  await enviar("/campanias/crear", {
    idCampania: "feria",
    idCliente: "socio-3",
    nombre: "Feria de las Flores",
    itinerario: [{ semana: 1, accion: "publicar" }],
    presupuesto: { valor: "5000000.00", moneda: "COP" },
    anticipo: { valor: "1500000.00", moneda: "COP" },
  });
  while ((await leer("/campanias/feria")).estado !== "APROBADA") await new Promise((r) => setTimeout(r, 50));
  await enviar("/pagos/transacciones", {
    id: "feria-1",
    partner_id: "socio-1",
    idCampania: "feria",
    event_type: "VENTA",
    event_timestamp: "2025-03-20T15:00:00Z",
    monto_original: { valor: "180000.00", moneda: "COP" },
  });
  const gastado = async () => (await leer("/campanias/feria")).gasto !== null;
  while (!await gastado()) await new Promise((r) => setTimeout(r, 50));
  await enviar("/pagos/transacciones", {
    id: "espera-1",
    partner_id: "socio-2",
    event_type: "CONVERSION",
    event_timestamp: "2025-03-20T15:00:00Z",
    monto_original: { valor: "90000.00", moneda: "COP" },
  });
}

/** A thousandth of the time that passed: all of it within one minute, in the same order. */
const fijar = (json: string): string =>
  json.replaceAll(/"(\d{4}-\d\d-\d\dT[\d:.]+Z)"/g, (todo, t) => {
    const paso = Date.parse(t) - EMPEZO;
    return paso < -60_000 ? todo : `"${new Date(HECHO + paso / 1_000).toISOString()}"`;
  });
async function conReloj(r: Route): Promise<void> {
  if (r.request().url().includes("/api/v1/eventos")) return r.continue();
  const res = await r.fetch();
  const tipo = res.headers()["content-type"] ?? "";
  if (!tipo.includes("json")) return r.fulfill({ response: res });
  return r.fulfill({ response: res, body: fijar(await res.text()) });
}

interface Foto {
  readonly nombre: string;
  readonly ruta: string;
  readonly se_ve: string;
  /** From where on the page it is taken, px; from its top unless told. */
  readonly desde?: number;
  readonly antes?: (p: Page) => Promise<unknown>;
}
/** The tour: each picture's page, what has to be on it, and what somebody did before it was taken. */
const FOTOS: readonly Foto[] = [
  { nombre: "panel", ruta: "", se_ve: ".recientes li" },
  {
    nombre: "busqueda",
    ruta: "importaciones",
    se_ve: "#archivo",
    async antes(p) {
      await p.keyboard.press("/");
      await p.keyboard.type("cafe de hiula");
      await p.getByRole("option", { name: /Café de Huila/ }).waitFor();
    },
  },
  { nombre: "campania", ruta: "campanias/feria", se_ve: ".linea li:nth-child(4)" },
  { nombre: "pago", ruta: "pagos/pago-4", desde: 560, se_ve: "[data-prueba=suma].bien" },
  { nombre: "por-que-no", ruta: "clientes/socio-2", desde: 420, se_ve: "[data-prueba=porque-no] .linea" },
];
/** What a page says, a line each, without what every run makes anew. */
const texto = async (p: Page): Promise<string> =>
  (await p.locator("body").innerText()).replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}/g, "«uuid»")
    .replaceAll(/\b[0-9a-f]{8}…[0-9a-f]{6}\b/g, "«uuid»").replaceAll(/asiento \d+/g, "asiento «n»")
    .split("\n").map((l) => l.trim()).filter((l) => l !== "").join("\n") + "\n";

for (const { nombre, ruta, se_ve, desde = 0, antes } of FOTOS) {
  prueba(
    `the README's picture "${nombre}" shows what its page says, over a fixed seed and clock`,
    async () => {
      await using a = await m.abrir("", { viewport: { width: 1280, height: 800 } });
      const { pagina } = a;
      await pagina.clock.setFixedTime(AHORA);
      await pagina.route(/\/(api|pagos|campanias|cliente)\b/, conReloj);
      await pagina.goto("about:blank");
      await pagina.goto(`${m.stack.bffUrl}/#/${ruta}`);
      await pagina.getByText("vivo", { exact: true }).waitFor();
      await pagina.locator(se_ve).first().waitFor();
      await pagina.locator(".cargando, [aria-busy=true]").first().waitFor({ state: "detached" });
      await antes?.(pagina);
      await pagina.waitForTimeout(500);
      const dice = await texto(pagina);
      const [foto, manifiesto] = [new URL(`${nombre}.png`, CARPETA), new URL(`${nombre}.txt`, CARPETA)];
      if (GUARDAR) {
        await Deno.mkdir(CARPETA, { recursive: true });
        await Deno.writeTextFile(manifiesto, dice);
        await pagina.evaluate(`scrollTo(0, ${desde})`);
        await pagina.waitForTimeout(200);
        await Deno.writeFile(
          foto,
          await pagina.screenshot({ clip: { x: 0, y: 0, width: 1280, height: 640 } }),
        );
      }
      const { size } = await Deno.stat(foto);
      assert.ok(size > 10_000 && size < MAX_BYTES, `${nombre}.png has ${size} bytes`);
      assert.equal(
        dice,
        await Deno.readTextFile(manifiesto),
        "the page changed: deno task fotos takes the picture anew",
      );
    },
  );
}

prueba("both READMEs show these pictures and no others", async () => {
  const hay = FOTOS.map((f) => `docs/imagenes/${f.nombre}.png`).sort();
  for (const archivo of ["README.md", "README.es.md"]) {
    const leeme = await Deno.readTextFile(new URL(`../../${archivo}`, import.meta.url)).catch((e) => {
      if (e instanceof Deno.errors.NotFound && archivo !== "README.md") return null;
      throw e;
    });
    if (leeme === null) continue;
    const muestra = [...leeme.matchAll(/!\[[^\]]+\]\((docs\/imagenes\/[^)]+)\)/g)].map(([, f]) => f).sort();
    assert.deepEqual(muestra, hay, archivo);
  }
});
