import assert from "node:assert/strict";
import { plan } from "@alpes/shared/dev/seed_plan.ts";
import { fill } from "@alpes/shared/dev/seed.ts";
import { httpApi } from "@alpes/shared/dev/demo_api.ts";
import { mundo, prueba } from "./mundo.ts";

const m = await mundo();
Deno.test.afterAll(async () => {
  await m[Symbol.asyncDispose]();
});
await fill(httpApi(m.stack.bffUrl, ""), plan(1, 24));

interface Cifra {
  readonly que: string;
  readonly a: string;
  readonly dice: string;
}
/** Every link of the dashboard with the figure that it carries: boxes, states as bars, trends and each of their points. */
const CIFRAS = `(() => {
  const t = (e, s) => e.querySelector(s)?.textContent.trim() ?? "";
  const de = (caja, enlace, que, dice) => [...document.querySelectorAll(caja)].map((e) => ({
    que: que(e), a: e.matches("a") ? e.getAttribute("href") : e.querySelector(enlace)?.getAttribute("href"), dice: dice(e),
  }));
  return [
    ...de("a.cifra-caja", "", (e) => t(e, "span"), (e) => t(e, "strong")),
    ...de(".cifra-caja.dinero li", "a", (e) => t(e, ".moneda"), (e) => t(e, ".monto")),
    ...de("table.barras tbody tr", "a", (e) => t(e, "th"), (e) => t(e, ".cifra")),
    ...de(".tendencia > div", "a", (e) => t(e, ".tenue"), (e) => t(e, ".monto")),
    ...de(".tendencia tbody tr", "a", (e) => e.closest(".tendencia").querySelector(".tenue").textContent + " " + t(e, "th"), (e) => t(e, ".cifra")),
    ...de(".espera li", "a", (e) => t(e, "a"), (e) => t(e, "strong")),
  ];
})()`;

prueba("every figure of the dashboard opens to exactly what it counts or sums", async () => {
  await using a = await m.abrir("#/?dias=7");
  const { pagina } = a;
  await pagina.locator(".tendencia", { hasText: "Campañas nuevas" }).waitFor();
  await pagina.locator("table.barras .cifra", { hasText: "…" }).first().waitFor({ state: "detached" });
  const cifras = await pagina.evaluate(CIFRAS) as Cifra[];
  const clases = [
    /^Clientes$/,
    /^COP$/,
    /^Pagado$/,
    /^Clientes nuevos$/,
    /^Clientes nuevos \d/,
    /^Pagado COP \d/,
  ];
  for (const c of clases) assert.ok(cifras.some((f) => c.test(f.que)), `${c}: ${JSON.stringify(cifras)}`);
  // Of what is nothing, one of each kind is opened: they are many.
  const vistas = new Set<string>();
  const malas: string[] = [];
  for (const { que, a: donde, dice } of cifras) {
    const clase = `${que.replace(/ \d.*/, "")} ${dice}`;
    if (/^0([.,]0+)?$/.test(dice) && vistas.has(clase)) continue;
    vistas.add(clase);
    if (donde === "#/operacion") continue;
    await pagina.goto(`${m.stack.bffUrl}/${donde}`);
    const dinero = new URLSearchParams(donde.split("?")[1]).has("moneda");
    const lugar = dinero ? pagina.locator(".sumas .monto") : pagina.locator("[data-prueba=cuenta]");
    const nada = pagina.locator(".vacio");
    const igual = dinero && /^0[.,]00$/.test(dice)
      ? nada
      : lugar.filter({ hasText: new RegExp(`^${dice}( |$)`) });
    await igual.first().waitFor({ timeout: 5_000 }).catch(async () =>
      malas.push(`${que}: ${dice}, but ${donde} says ${(await lugar.allInnerTexts()).join(" ") || "nothing"}`)
    );
  }
  assert.deepEqual(malas, []);
  console.log(`${vistas.size} kinds among ${cifras.length} figures`);
});
