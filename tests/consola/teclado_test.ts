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

const FOCO = `(() => {
  const e = document.activeElement;
  const r = e.getBoundingClientRect();
  const nombre = e.getAttribute("aria-label") ?? (e.labels?.[0]?.textContent || e.textContent || "");
  const visto = r.width > 0 && r.bottom > 0 && r.top < innerHeight;
  const encima = document.elementFromPoint(r.left + r.width / 2, Math.min(innerHeight - 1, Math.max(0, r.top + r.height / 2)));
  return { rol: e.tagName, nombre: nombre.trim(), visto, tapado: encima !== null && !e.contains(encima) && !encima.contains(e) };
})()`;
interface Foco {
  readonly rol: string;
  readonly nombre: string;
  readonly visto: boolean;
  readonly tapado: boolean;
}
const foco = async (p: Page) => await p.evaluate(FOCO) as Foco;

/** Tabs on until something of that name has the focus, as somebody without a mouse would. */
async function hasta(p: Page, nombre: RegExp): Promise<void> {
  for (let i = 0; i < 60; i++) {
    const f = await foco(p);
    if (nombre.test(f.nombre)) return assert.ok(f.visto && !f.tapado, `${f.nombre} cannot be seen`);
    await p.keyboard.press("Tab");
  }
  assert.fail(`${nombre} was not reached; at ${JSON.stringify(await foco(p))}`);
}

prueba("by keyboard alone: register a client, suspend it, find it, and sort the list", async () => {
  await using a = await m.abrir("");
  const { pagina } = a;
  const { keyboard } = pagina;
  await pagina.getByRole("heading", { name: "Panel" }).waitFor();
  await keyboard.press("Tab");
  await hasta(pagina, /^Ir al contenido$/);
  await keyboard.press("g");
  await keyboard.press("c");
  await pagina.getByRole("heading", { name: "Clientes" }).waitFor();
  await hasta(pagina, /^Registrar cliente$/);
  await keyboard.press("Enter");
  await pagina.getByRole("dialog").waitFor();
  for (
    const [campo, texto] of [
      [/^Nombre/, "Zoe Íñiguez"],
      [/^Correo/, "zoe@correo.example"],
      [/^Cédula/, "77788899"],
      [/^Fecha de nacimiento/, "02281990"],
    ] as const
  ) {
    await hasta(pagina, campo);
    await keyboard.type(texto);
  }
  await keyboard.press("Enter");
  await pagina.getByRole("heading", { name: "Zoe Íñiguez" }).waitFor();
  await hasta(pagina, /^Suspender…$/);
  await keyboard.press("Enter");
  await hasta(pagina, /^Motivo/);
  await keyboard.type("papeles");
  await keyboard.press("Enter");
  await pagina.locator(".titulo [data-estado=SUSPENDIDO]").waitFor();
  // The dialog gave the focus back to what opened it, or to the page.
  assert.notEqual((await foco(pagina)).rol, "DIALOG");
  await pagina.locator("#contenido").focus();
  await keyboard.press("/");
  await keyboard.type("inigez");
  await pagina.getByRole("option", { name: /Zoe Íñiguez/ }).waitFor();
  await keyboard.press("ArrowDown");
  await keyboard.press("Enter");
  await pagina.getByRole("heading", { name: "Zoe Íñiguez" }).waitFor();
  await pagina.locator("#contenido").focus();
  await keyboard.press("g");
  await keyboard.press("c");
  await hasta(pagina, /^Nombre/);
  await keyboard.press("Enter");
  await pagina.locator("th[aria-sort=ascending]").waitFor();
  assert.match(pagina.url(), /sort_by=nombre/);
});

prueba("the single-letter shortcuts are listed, and can be switched off", async () => {
  await using a = await m.abrir("");
  const { pagina } = a;
  await pagina.getByRole("heading", { name: "Panel" }).waitFor();
  await pagina.keyboard.press("?");
  const dialogo = pagina.getByRole("dialog");
  await dialogo.getByText("g c").waitFor();
  await dialogo.getByRole("checkbox").uncheck();
  await pagina.keyboard.press("Escape");
  await dialogo.waitFor({ state: "detached" });
  await pagina.keyboard.press("/");
  assert.notEqual(await pagina.evaluate("document.activeElement.id"), "buscar");
});

/** Numbers whatever on the page can be used, in the order of the document; what a dialog covers is not on it. */
const NUMERAR = `(() => {
  const raiz = document.querySelector("dialog[open]") ?? document;
  const usa = [...raiz.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
    .filter((e) => !e.disabled && e.checkVisibility() && !e.closest(".salto"));
  usa.forEach((e, i) => e.dataset.tecla = String(i));
  document.activeElement.blur();
  return usa.map((e) => e.tagName + " " + (e.getAttribute("aria-label") ?? e.labels?.[0]?.textContent ?? e.textContent).trim().slice(0, 40));
})()`;
/** Where the focus is: the number of what has it, whether its ring is seen, and whether anything lies over it. */
const DONDE = `(() => {
  const e = document.activeElement;
  if (e === null || e === document.body) return null;
  const r = e.getBoundingClientRect(), s = getComputedStyle(e);
  const [x, y] = [r.left + Math.min(r.width / 2, 20), Math.min(innerHeight - 1, Math.max(0, r.top + r.height / 2))];
  const encima = document.elementFromPoint(Math.min(x, innerWidth - 1), y);
  return {
    n: e.dataset.tecla === undefined ? -1 : Number(e.dataset.tecla),
    anillo: s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2,
    visto: r.width > 0 && r.bottom > 0 && r.top < innerHeight && (encima === null || e.contains(encima) || encima.contains(e)),
  };
})()`;
interface Donde {
  readonly n: number;
  readonly anillo: boolean;
  readonly visto: boolean;
}

/** Goes through all of the page by Tab, as somebody without a mouse: what was not reached, not seen, or held the focus. */
async function recorrer(p: Page): Promise<string[]> {
  const todo = await p.evaluate(NUMERAR) as string[];
  const llegadas = new Set<number>();
  const malas: string[] = [];
  let antes = -2, veces = 0;
  // A field for a date has several stops of its own.
  for (let i = 0; i < 6 * todo.length + 20 && llegadas.size < todo.length; i++) {
    await p.keyboard.press("Tab");
    const d = await p.evaluate(DONDE) as Donde | null;
    if (d === null || d.n < 0) continue;
    veces = d.n === antes ? veces + 1 : 0;
    if (veces > 8) return [...malas, `${todo[d.n]} holds the focus`];
    if (d.n === antes) continue;
    antes = d.n;
    llegadas.add(d.n);
    if (!d.anillo) malas.push(`${todo[d.n]} has the focus and does not show it`);
    if (!d.visto) malas.push(`${todo[d.n]} has the focus out of sight`);
  }
  return [...malas, ...todo.filter((_, i) => !llegadas.has(i)).map((t) => `${t} is not reached by Tab`)];
}
async function abrirPagina(p: Page, donde: string): Promise<void> {
  await p.goto(`${m.stack.bffUrl}/#/${donde}`);
  await p.locator("main h1, .vacio").first().waitFor();
  await p.locator(".cargando, [aria-busy=true]").first().waitFor({ state: "detached" });
  await p.waitForTimeout(300);
}

prueba("on every page whatever can be used is reached by Tab, shows the focus, and lets it go", async () => {
  await using a = await m.abrir("", { viewport: { width: 1280, height: 800 } });
  const malas: string[] = [];
  for (const donde of PAGINAS) {
    await abrirPagina(a.pagina, donde);
    malas.push(...(await recorrer(a.pagina)).map((f) => `${donde}: ${f}`));
  }
  assert.deepEqual(malas, []);
});

prueba(
  "every dialog opens by keyboard, takes the focus, passes axe, and gives the focus back to what opened it",
  async () => {
    await using a = await m.abrir("", { viewport: { width: 1280, height: 800 } });
    const { pagina } = a;
    const malas: string[] = [];
    const abiertos = new Set<string>();
    for (const donde of PAGINAS.filter((d) => !d.includes("nuevo=1"))) {
      await abrirPagina(pagina, donde);
      const botones = pagina.locator("main button:not([aria-disabled=true]):visible");
      for (let i = 0; i < await botones.count(); i++) {
        const boton = botones.nth(i);
        const nombre = (await boton.innerText()).trim();
        // One of each name on a page: the rows of a table have the same.
        if (!/…$|^(Editar|Cambiar|Nuev|Registrar|Crear|Calcular|Pagar a|Terminar)/.test(nombre)) continue;
        if (abiertos.has(`${donde.split("/")[0]} ${nombre}`)) continue;
        abiertos.add(`${donde.split("/")[0]} ${nombre}`);
        await boton.focus();
        await pagina.keyboard.press("Enter");
        const dialogo = pagina.getByRole("dialog");
        await dialogo.waitFor();
        const dentro = await pagina.evaluate("document.activeElement.closest('dialog') !== null");
        if (!dentro) malas.push(`${donde}, ${nombre}: the focus is not in the dialog`);
        malas.push(...(await faltas(pagina)).map((f) => `${donde}, ${nombre}: ${f}`));
        malas.push(...(await recorrer(pagina)).map((f) => `${donde}, ${nombre}: ${f}`));
        await pagina.keyboard.press("Escape");
        await dialogo.waitFor({ state: "detached" });
        const vuelve = await pagina.evaluate("document.activeElement.textContent.trim()");
        if (vuelve !== nombre) malas.push(`${donde}, ${nombre}: the focus went to "${vuelve}"`);
      }
    }
    assert.deepEqual(malas, []);
    assert.ok(abiertos.size >= 12, [...abiertos].join("; "));
  },
);
