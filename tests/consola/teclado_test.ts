import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { mundo, prueba } from "./mundo.ts";

const m = await mundo();
Deno.test.afterAll(async () => {
  await m[Symbol.asyncDispose]();
});

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
