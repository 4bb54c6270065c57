import assert from "node:assert/strict";
import { devKeys } from "@alpes/shared/dev/dev_keys.ts";
import { faltas } from "./axe.ts";
import { mundo, prueba } from "./mundo.ts";

const SECRETO = "un secreto de prueba de más de treinta y dos letras";
const m = await mundo({ env: { AUTH_MODE: "claves", BFF_SECRET: SECRETO } });
Deno.test.afterAll(async () => {
  await m[Symbol.asyncDispose]();
});
const { claves } = await devKeys(m.stack.appUrl);

async function hacer(metodo: string, ruta: string, cuerpo: unknown): Promise<void> {
  const r = await fetch(m.stack.bffUrl + ruta, {
    method: metodo,
    headers: { authorization: `Bearer ${claves.operador}`, "content-type": "application/json" },
    body: JSON.stringify(cuerpo),
  });
  assert.ok(r.ok, `${ruta}: ${r.status} ${await r.text()}`);
}
const comision = (id: string, partner_id: string, valor: string) =>
  hacer("POST", "/pagos/transacciones", {
    id,
    partner_id,
    event_type: "VENTA",
    event_timestamp: "2026-01-15T12:00:00Z",
    comision: { valor, moneda: "COP" },
  });
/** Opens the console as who has the key. */
async function como(clave: string, ruta: string) {
  const a = await m.abrir(ruta);
  await a.pagina.getByLabel("Clave").fill(clave);
  await a.pagina.getByRole("button", { name: "Entrar" }).click();
  return a;
}

prueba(
  "a payout run goes to its end: planned, changed under way, planned anew, approved, applied",
  async () => {
    await hacer("POST", "/pagos/ciclos", { id: "2026-01", inicio: "2026-01-01", fin: "2026-01-31" });
    await hacer("PUT", "/pagos/condiciones/general", {
      minimos: [{ valor: "1000.00", moneda: "COP" }],
      metodo_pago: { tipo: "ACH", mascara: "****1234" },
    });
    await comision("t-1", "p-a", "150000.00");
    await comision("t-2", "p-b", "90000.50");
    await comision("t-3", "p-poco", "10.00");

    await using a = await como(claves.admin, "#/liquidaciones");
    const { pagina: autor } = a;
    await autor.getByRole("button", { name: "Calcular un plan" }).click();
    await autor.getByRole("dialog").getByLabel("Ciclo").fill("2026-01");
    await autor.getByRole("dialog").getByRole("button", { name: "Calcular", exact: true }).click();
    await autor.getByRole("heading", { name: "Liquidación 2026-01" }).waitFor();
    await autor.getByText("COP 240.000,50").first().waitFor();
    // A disabled action says why; who is not paid is counted by reason, and the count opens to the rows.
    await autor.getByText("Eres quien la calculó.").waitFor();
    await autor.getByText("Hace falta que esté aprobada.").waitFor();
    await autor.getByRole("link", { name: "1 bajo el mínimo" }).click();
    await autor.getByRole("link", { name: "p-poco" }).waitFor();

    await using b = await como(claves.aprobador, new URL(autor.url()).hash);
    const { pagina: otro } = b;
    const aprobar = async (total: string) => {
      await otro.getByRole("button", { name: "Aprobar…" }).click();
      const d = otro.getByRole("dialog");
      await d.getByLabel("Escriba el total en COP").fill("240.000");
      await d.getByRole("button", { name: "Aprobar…" }).click();
      await d.getByText(`Debe ser COP ${total}.`).waitFor();
      await d.getByLabel("Escriba el total en COP").fill(total);
      await d.getByRole("button", { name: "Aprobar…" }).click();
      await autor.locator(".titulo [data-estado=APROBADA]").waitFor();
    };
    await aprobar("240.000,50");

    // Something that the plan rests on changes before it is applied: nothing is paid, and it says what.
    await comision("t-4", "p-b", "9.50");
    const aplicar = async (total: string) => {
      await autor.getByRole("button", { name: /^Aplicar 2 pagos/ }).click();
      const d = autor.getByRole("dialog");
      await d.getByLabel("Escriba el total en COP").fill(total);
      await d.getByRole("button", { name: /^Aplicar 2 pagos/ }).click();
    };
    await aplicar("240.000,50");
    const cambio = autor.locator("[data-prueba=cambio]");
    await cambio.getByText("antes 90000.50 COP, ahora 90010.00 COP").waitFor();
    await cambio.getByRole("button", { name: "Recalcular" }).click();
    await autor.locator(".titulo [data-estado=CALCULADA]").waitFor();
    await autor.getByText("COP 240.010,00").first().waitFor();

    await otro.goto(autor.url());
    await aprobar("240.010,00");
    await aplicar("240.010,00");
    await autor.locator(".titulo [data-estado=APLICADA]").waitFor();
    await autor.getByText("2/2").waitFor();
    await autor.locator("tr [data-estado=EXITOSO]").nth(1).waitFor();
    await autor.goto(`${m.stack.bffUrl}/#/liquidaciones`);
    await autor.locator("tr [data-estado=DESCARTADA]").waitFor();
  },
);

prueba(
  "a partner sees its balance, why it was not paid, its payouts and its statement, and nothing of others",
  async () => {
    await comision("t-socio", "demo-partner", "500.00");
    await comision("t-ajena", "p-a", "700.00");
    await using a = await como(claves.partner, "");
    const { pagina } = a;
    const porque = pagina.locator("[data-prueba=porque-no]");
    await porque.getByText("COP 500,00 no llega al mínimo de COP 1.000,00").waitFor();
    for (const colorScheme of ["light", "dark"] as const) {
      await pagina.emulateMedia({ colorScheme });
      assert.deepEqual(await faltas(pagina), []);
    }
    await porque.getByRole("link", { name: "Estado de cuenta" }).click();
    await pagina.locator("[data-prueba=suma]").getByText("✓ suma exacta").waitFor();
    await pagina.getByRole("link", { name: "Transacciones" }).click();
    await pagina.locator('tr[data-id="t-socio"]').waitFor();
    assert.equal(await pagina.locator("tr[data-id]").count(), 1);
    // What only those of the house may do or see is not there.
    for (const nombre of ["Liquidaciones", "Operación", "Importaciones", "Auditoría"]) {
      assert.equal(await pagina.getByRole("link", { name: nombre }).count(), 0, nombre);
    }
    assert.equal(await pagina.getByRole("button", { name: "Nueva tarifa" }).count(), 0);
  },
);
