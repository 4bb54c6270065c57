import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { faltas } from "./axe.ts";
import { PAGINAS, sembrarEjemplos } from "./ejemplos.ts";
import { mundo, prueba } from "./mundo.ts";

const m = await mundo();
Deno.test.afterAll(async () => {
  await m[Symbol.asyncDispose]();
});

await sembrarEjemplos(m);
/** A settlement file's page has an id of the service's choosing. */
const conciliada = await (async () => {
  const r = await fetch(`${m.stack.bffUrl}/pagos/conciliaciones`, {
    method: "POST",
    headers: { "content-type": "text/csv" },
    body:
      "clave,referencia,estado,moneda,monto,comision,fecha\nk-1,b-1,PAGADO,USD,10.00,,2026-01-15T12:00:00Z\n",
  });
  const { id } = await r.json();
  assert.equal(r.status, 201);
  return `conciliacion/${id}`;
})();
const TODAS = [...PAGINAS, conciliada];

prueba(
  "no page of the console escapes these tests: each that an address leads to is among them",
  async () => {
    const main = await Deno.readTextFile(new URL("../../bff/web/main.ts", import.meta.url));
    const rutas = [...main.matchAll(/case "([\w-]+)":([^]*?)(?=\n {4}(?:case|default))/g)];
    assert.ok(rutas.length >= 11);
    const faltan = rutas.flatMap(([, seccion = "", codigo = ""]) => [
      ...(TODAS.includes(seccion) ? [] : [seccion]),
      ...(!/\bid\b/.test(codigo) || TODAS.some((p) => p.startsWith(`${seccion}/`)) ? [] : [`${seccion}/…`]),
      ...[...codigo.matchAll(/id === "([\w-]+)"/g)].map(([, id]) => `${seccion}/${id}`).filter((p) =>
        !TODAS.includes(p)
      ),
    ]);
    assert.deepEqual(faltan, []);
    // Whoever stands for a partner has another first page: that one is examined where somebody signs in as one.
    const paginas = [...main.matchAll(/import \{ ([^}]+) \} from "\.\/paginas/g)].flatMap(([, n = ""]) =>
      n.split(", ")
    );
    const usadas = rutas.map(([todo]) => todo).join(" ") + " Panel";
    assert.deepEqual(paginas.filter((n) => !usadas.includes(`\${${n}}`) && n !== "Panel"), ["MiCuenta"]);
    const suyo = await Deno.readTextFile(new URL("liquidacion_test.ts", import.meta.url));
    assert.match(suyo, /como\(claves\.partner, ""\)[^]*faltas\(pagina\)/);
  },
);

for (const colorScheme of ["light", "dark"] as const) {
  for (const locale of ["es-CO", "en-GB"]) {
    prueba(`axe finds nothing on any page, ${colorScheme}, ${locale}, wide and at 320 px`, async () => {
      await using a = await m.abrir("", { colorScheme, locale });
      const { pagina } = a;
      const malas: string[] = [];
      for (const donde of TODAS) {
        await pagina.setViewportSize({ width: 1440, height: 900 });
        await pagina.goto(`${m.stack.bffUrl}/#/${donde}`);
        await asentada(pagina);
        malas.push(...(await faltas(pagina)).map((f) => `${donde}: ${f}`));
        await pagina.setViewportSize({ width: 320, height: 640 });
        malas.push(...(await faltas(pagina)).map((f) => `${donde} at 320: ${f}`));
        const sobra = await ancha(pagina);
        if (sobra > 0) malas.push(`${donde} at 320: ${sobra} px too wide`);
      }
      assert.deepEqual(malas, []);
      assert.equal(await pagina.evaluate("document.documentElement.lang"), locale.slice(0, 2));
    });
  }
}

prueba(
  "on a wall of 3840 × 2160 no text runs wider than the eye follows, and nothing is stretched or cut",
  async () => {
    await using a = await m.abrir("", { viewport: { width: 3840, height: 2160 } });
    const { pagina } = a;
    const malas: string[] = [];
    for (const donde of TODAS) {
      await pagina.goto(`${m.stack.bffUrl}/#/${donde}`);
      await asentada(pagina);
      malas.push(...(await pagina.evaluate(ANCHURAS) as string[]).map((f) => `${donde}: ${f}`));
    }
    assert.deepEqual(malas, []);
  },
);
prueba(
  "no page is wider than its window, from a tablet to a desk, when all that it shows is of another year",
  async () => {
    await using a = await m.abrir("", { viewport: { width: 1280, height: 800 } });
    const { pagina } = a;
    // Dates are at their longest then.
    await pagina.clock.setFixedTime(Date.now() + 370 * 86_400_000);
    const malas: string[] = [];
    for (const donde of TODAS) {
      await pagina.goto(`${m.stack.bffUrl}/#/${donde}`);
      await asentada(pagina);
      for (const width of [1280, 1024, 768]) {
        await pagina.setViewportSize({ width, height: 800 });
        const sobra = await ancha(pagina);
        if (sobra > 0) malas.push(`${donde} at ${width}: ${sobra} px too wide`);
      }
    }
    assert.deepEqual(malas, []);
  },
);
prueba("at 320 px no amount and no state is cut short, and no two texts lie over each other", async () => {
  await using a = await m.abrir("", { viewport: { width: 320, height: 640 } });
  const { pagina } = a;
  const malas: string[] = [];
  for (const donde of TODAS) {
    await pagina.goto(`${m.stack.bffUrl}/#/${donde}`);
    await asentada(pagina);
    malas.push(...(await pagina.evaluate(CORTADOS) as string[]).map((f) => `${donde}: ${f}`));
  }
  assert.deepEqual(malas, []);
});

/** What it shows is there. */
async function asentada(pagina: Page): Promise<void> {
  await pagina.locator("h1, .vacio").first().waitFor();
  await pagina.locator(".cargando, [aria-busy=true]").first().waitFor({ state: "detached" });
}

/** By so many pixels it is wider than its window. */
const ancha = async (pagina: Page): Promise<number> =>
  Number(
    await pagina.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"),
  );

/** Prose wider than some 100 letters, the page off the middle, a bar or field that grows with the wall. */
const ANCHURAS = `(() => {
  const em = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const malas = [];
  for (const p of document.querySelectorAll("main p")) {
    const r = document.createRange();
    r.selectNodeContents(p);
    const ancho = Math.max(0, ...[...r.getClientRects()].map((c) => c.width)) / em;
    if (ancho > 60) malas.push("a line of " + Math.round(ancho) + " em: " + p.textContent.slice(0, 40));
  }
  const m = document.querySelector("main").getBoundingClientRect();
  if (m.width > 122 * em) malas.push("the page is " + Math.round(m.width / em) + " em wide");
  const [izquierda, derecha] = [document.querySelector(".lados ul")?.getBoundingClientRect().left ?? 0, innerWidth - m.right];
  if (Math.abs(izquierda - derecha) > 6 * em) malas.push("off the middle: " + Math.round(izquierda) + " and " + Math.round(derecha));
  for (const c of document.querySelectorAll("main input, main select")) {
    if (c.getBoundingClientRect().width > 62 * em) malas.push("a field of " + Math.round(c.getBoundingClientRect().width / em) + " em");
  }
  return malas;
})()`;
/** Figures and states that an ellipsis or the edge of their own box shortens; labels that reach into their value. */
const CORTADOS = `(() => {
  const malas = [];
  for (const e of document.querySelectorAll("main .monto, main .estado, main .cifra")) {
    if (!e.checkVisibility()) continue;
    const celda = e.closest("td, dd") ?? e;
    if (e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0 || celda.scrollWidth > celda.clientWidth + 1 && celda.clientWidth > 0) {
      malas.push("cut: " + e.textContent.trim().slice(0, 40));
    }
  }
  for (const dt of document.querySelectorAll("main dt")) {
    if (dt.checkVisibility() && dt.scrollWidth > dt.clientWidth + 1) malas.push("over its value: " + dt.textContent.trim());
  }
  return malas;
})()`;
