import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { PAGINAS, sembrarEjemplos } from "./ejemplos.ts";
import { mejorDe } from "./medida.ts";
import { mundo, prueba } from "./mundo.ts";

/** The issue's own bounds, ms. */
const PRIMERA_MS = 500, MAYOR_MS = 1_000, INTERACCION_MS = 100;
const SALTO = 0.02;

const m = await mundo();
Deno.test.afterAll(async () => {
  await m[Symbol.asyncDispose]();
});
await sembrarEjemplos(m);

interface Vitales {
  readonly fcp: number;
  readonly lcp: number;
  readonly cls: number;
}
/** Watches from before the page's first line: paints, shifts, and how long each key and click waits for its frame. */
const VIGIA = `(() => {
  const v = globalThis.vitales = { fcp: 0, lcp: 0, cls: 0, eventos: [] };
  const ver = (type, oir, mas = {}) => new PerformanceObserver((l) => l.getEntries().forEach(oir)).observe({ type, buffered: true, ...mas });
  ver("paint", (e) => { if (e.name === "first-contentful-paint") v.fcp = e.startTime; });
  ver("largest-contentful-paint", (e) => v.lcp = e.startTime);
  ver("layout-shift", (e) => { if (!e.hadRecentInput) v.cls += e.value; });
  ver("event", (e) => { if (e.interactionId > 0) v.eventos.push([e.name, Math.round(e.duration)]); }, { durationThreshold: 16 });
})()`;
const LISTA =
  'document.querySelector("main h1") !== null && document.querySelector(".cargando, [aria-busy=true]") === null';

async function quieta(pagina: Page): Promise<void> {
  while (!await pagina.evaluate(LISTA)) await pagina.waitForTimeout(20);
  await pagina.waitForTimeout(250);
}

prueba("the console is at most 150 kB of JavaScript", async () => {
  const pagina = await (await fetch(m.stack.bffUrl)).text();
  const js = /consola-[0-9a-f]+\.js/.exec(pagina)?.[0] ?? assert.fail(pagina);
  const bytes = (await (await fetch(`${m.stack.bffUrl}/consola/${js}`)).bytes()).length;
  console.log(`${bytes} bytes of JavaScript`);
  assert.ok(bytes <= 150_000, `${bytes} bytes of JavaScript`);
});

prueba(
  `on every page the first paint comes within ${PRIMERA_MS} ms and the largest within ${MAYOR_MS} ms (best of five), and nothing shifts`,
  async () => {
    await using a = await m.abrir("");
    const { pagina } = a;
    await pagina.addInitScript(VIGIA);
    const malas: string[] = [];
    const peor = { fcp: 0, lcp: 0, cls: 0 };
    for (const donde of PAGINAS) {
      let v: Vitales = { fcp: 0, lcp: 0, cls: 0 };
      // Each as a share of its bound: one number decides which attempt was the best.
      const partes = await mejorDe(1, async () => {
        await pagina.goto("about:blank");
        await pagina.goto(`${m.stack.bffUrl}/#/${donde}`);
        await quieta(pagina);
        v = await pagina.evaluate("globalThis.vitales") as Vitales;
        assert.ok(v.fcp > 0 && v.lcp > 0, `${donde}: nothing was painted`);
        return Math.max(v.fcp / PRIMERA_MS, v.lcp / MAYOR_MS, v.cls / SALTO);
      });
      if (Math.min(...partes) > 1) malas.push(`${donde}: ${JSON.stringify(v)}`);
      for (const k of ["fcp", "lcp", "cls"] as const) peor[k] = Math.max(peor[k], v[k]);
    }
    console.log(`worst of ${PAGINAS.length} pages: ${JSON.stringify(peor)}`);
    assert.deepEqual(malas, []);
  },
);

prueba("every page that the menu leads to is among those that are tried", async () => {
  await using a = await m.abrir("");
  await quieta(a.pagina);
  const enlaces = await a.pagina.locator("nav a").evaluateAll((as) =>
    as.map((e) => e.getAttribute("href") ?? "")
  );
  assert.ok(enlaces.length >= 10, enlaces.join(" "));
  assert.deepEqual(enlaces.filter((h) => !PAGINAS.includes(h.replace(/^#\//, ""))), []);
});

/** What people do with a page, by key and by click. */
const ACTOS: readonly (readonly [string, (p: Page) => Promise<void>])[] = [
  ["the menu", async (p) => {
    for (const n of ["Clientes", "Campañas", "Pagos", "Libro", "Operación", "Panel"]) {
      await p.getByRole("navigation").getByRole("link", { name: n, exact: true }).click();
      await quieta(p);
    }
  }],
  ["searching", async (p) => {
    await p.locator("#buscar").click();
    await p.keyboard.type("begoña", { delay: 40 });
    await p.getByRole("option").first().waitFor();
    await p.keyboard.press("ArrowDown");
    await p.keyboard.press("Escape");
  }],
  ["a list: a filter, a column, a detail", async (p) => {
    await p.getByRole("navigation").getByRole("link", { name: "Clientes", exact: true }).click();
    await p.locator("tr[data-id]").first().waitFor();
    await p.getByLabel("Buscar por").first().click();
    await p.keyboard.type("beg", { delay: 40 });
    await p.locator("th button").first().click();
    await quieta(p);
    await p.locator("tr[data-id] a.fila").first().click();
    await quieta(p);
  }],
  ["a form", async (p) => {
    await p.goto(`${m.stack.bffUrl}/#/clientes`);
    await p.getByRole("button", { name: "Registrar cliente" }).click();
    await p.getByRole("dialog").getByLabel("Nombre").click();
    await p.keyboard.type("Persona de prueba", { delay: 20 });
    await p.keyboard.press("Escape");
  }],
  ["theme, language, help", async (p) => {
    await p.getByRole("button", { name: "Tema oscuro" }).click();
    await p.getByRole("button", { name: "English" }).click();
    await p.getByRole("button", { name: "Shortcuts and help" }).click();
    await p.keyboard.press("Escape");
    await p.getByRole("button", { name: "Español" }).click();
    await p.getByRole("button", { name: "Tema claro" }).click();
  }],
];

for (const [que, hacer] of ACTOS) {
  prueba(
    `each key and click is on the screen within ${INTERACCION_MS} ms (best of five): ${que}`,
    async () => {
      await using a = await m.abrir("");
      const { pagina } = a;
      await pagina.addInitScript(VIGIA);
      let lentos: readonly (readonly [string, number])[] = [];
      const peores = await mejorDe(INTERACCION_MS, async () => {
        await pagina.goto("about:blank");
        await pagina.goto(m.stack.bffUrl);
        await quieta(pagina);
        await pagina.evaluate("globalThis.vitales.eventos.length = 0");
        await hacer(pagina);
        await pagina.waitForTimeout(250);
        lentos = await pagina.evaluate("globalThis.vitales.eventos") as typeof lentos;
        return Math.max(0, ...lentos.map(([, ms]) => ms));
      });
      console.log(`${que}: slowest ${Math.min(...peores)} ms`);
      assert.ok(Math.min(...peores) <= INTERACCION_MS, `${peores.join(", ")} ms: ${JSON.stringify(lentos)}`);
    },
  );
}

prueba("a thousand listeners cost less than a hundred megabytes, and all hear", async () => {
  const memoria = async () => {
    const texto = await (await fetch(`${m.stack.bffUrl}/metrics`)).text();
    return Number(
      /^process_resident_memory_bytes (\S+)/m.exec(texto)?.[1] ?? assert.fail(texto.slice(0, 300)),
    );
  };
  const antes = await memoria();
  const corte = new AbortController();
  const flujos = await Promise.all(Array.from({ length: 1_000 }, async () => {
    const r = await fetch(`${m.stack.bffUrl}/api/v1/eventos`, { signal: corte.signal });
    assert.equal(r.status, 200);
    return r.body?.pipeThrough(new TextDecoderStream()).getReader() ?? assert.fail();
  }));
  await m.enviar("/api/v1/clientes", {
    id: "c-oida",
    tipo_cliente: "EMPRESA",
    nombre: "Oída",
    email: "o@x.example",
    rut: "oida",
  });
  await Promise.all(flujos.map(async (f) => {
    for (let dicho = ""; !dicho.includes("c-oida");) {
      const { value, done } = await f.read();
      assert.ok(!done);
      dicho += value;
    }
  }));
  const mb = (await memoria() - antes) / 1e6;
  corte.abort();
  console.log(`1,000 listeners: ${mb.toFixed(1)} MB`);
  assert.ok(mb <= 100, `${mb} MB`);
});
