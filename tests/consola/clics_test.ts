import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { mundo, prueba } from "./mundo.ts";

/** In how many clicks each question has to be answered, from the dashboard. */
const CLICS = 3;
const m = await mundo();
Deno.test.afterAll(async () => {
  await m[Symbol.asyncDispose]();
});
const COP = (valor: string) => ({ valor, moneda: "COP" });
await m.enviar("/api/v1/clientes", {
  id: "s-1",
  tipo_cliente: "EMPRESA",
  nombre: "Ventas del Páramo",
  email: "v@x.example",
  rut: "r-1",
});
await m.enviar("/pagos/ciclos", { id: "2026-01", inicio: "2026-01-01", fin: "2026-01-31" });
const comision = (id: string, partner_id: string, event_timestamp: string, valor: string) =>
  m.enviar("/pagos/transacciones", {
    id,
    partner_id,
    event_type: "VENTA",
    event_timestamp,
    comision: COP(valor),
  });
await comision("t-1", "s-2", "2026-01-15T12:00:00Z", "1150.25");
await m.enviar("/api/v1/pagos", { id: "p-1", partner_id: "s-2", cycle_id: "2026-01" });
await comision("t-2", "s-1", "2026-02-15T12:00:00Z", "30.00");

/** What the browser itself heard as clicks and keys: no helper of this file can forget one. */
const CONTAR = `(() => {
  const mas = (que) => (e) => {
    if (e.isTrusted) sessionStorage.setItem(que, String(Number(sessionStorage.getItem(que) ?? 0) + 1));
  };
  addEventListener("click", mas("clics"), true);
  addEventListener("keydown", mas("teclas"), true);
})()`;
const contados = async (p: Page, que: "clics" | "teclas"): Promise<number> =>
  Number(await p.evaluate(`sessionStorage.getItem("${que}") ?? 0`));
/** The dashboard, with the counting on. */
async function panel() {
  const a = await m.abrir("");
  await a.pagina.addInitScript(CONTAR);
  await a.pagina.reload();
  await a.pagina.getByRole("heading", { name: "Panel" }).waitFor();
  return a;
}
async function dentroDe(p: Page, clics: number): Promise<void> {
  const [hechos, teclas] = [await contados(p, "clics"), await contados(p, "teclas")];
  console.log(`${hechos} clicks`);
  assert.equal(teclas, 0, "by clicks alone");
  assert.ok(hechos > 0 && hechos <= clics, `${hechos} clicks`);
}

prueba(`why a partner was not paid is answered in ${CLICS} clicks from the dashboard`, async () => {
  await using a = await panel();
  const { pagina } = a;
  // It is among the latest clients; from the list of all it is one more.
  await pagina.getByRole("link", { name: "Clientes", exact: true }).click();
  await pagina.getByRole("link", { name: "Ventas del Páramo" }).click();
  const porque = pagina.locator("[data-prueba=porque-no]");
  await porque.getByText("No hay método de pago acordado").waitFor();
  await porque.getByText("COP 30,00 espera la próxima liquidación.").click();
  await pagina.locator('tr[data-id="t-2"]').waitFor();
  await dentroDe(pagina, CLICS);
});

prueba(
  `from a cent to its HTTP request in ${CLICS} clicks from the dashboard, the sum exact on the way`,
  async () => {
    await using a = await panel();
    const { pagina } = a;
    await pagina.locator(".recientes a", { hasText: "COP 1.150,25" }).click();
    await pagina.locator("[data-prueba=suma]").getByText("✓ suma exacta").waitFor();
    await pagina.locator(".linea a code").first().click();
    await pagina.getByRole("heading", { name: "Auditoría" }).waitFor();
    await pagina.locator("td", { hasText: "registrarTransacciones" }).first().waitFor();
    await dentroDe(pagina, CLICS);
  },
);

prueba(`from a trend's total to the payout and its request in ${CLICS} clicks`, async () => {
  await using a = await panel();
  const { pagina } = a;
  await pagina.locator(".tendencia", { hasText: "Pagado COP" }).getByRole("link").first().click();
  await pagina.getByRole("link", { name: "COP 1.150,25" }).click();
  await pagina.locator(".linea a code").first().click();
  await pagina.locator("td", { hasText: "registrarTransacciones" }).first().waitFor();
  await dentroDe(pagina, CLICS);
});
