import assert from "node:assert/strict";
import pg from "pg";
import { mundo, prueba } from "./mundo.ts";

const m = await mundo();
Deno.test.afterAll(async () => {
  await m[Symbol.asyncDispose]();
});
await m.enviar("/api/v1/clientes", {
  id: "c-1",
  nombre: "Begoña Echeverría",
  cedula: "1020304050",
  email: "b@correo.example",
  fecha_nacimiento: "1990-02-28",
});

prueba("a campaign is created and becomes APROBADA on the screen without a reload", async () => {
  await using a = await m.abrir("#/campanias");
  const { pagina } = a;
  await pagina.getByText("vivo", { exact: true }).waitFor();
  await pagina.getByRole("button", { name: "Crear campaña" }).click();
  const d = pagina.getByRole("dialog");
  await d.getByLabel("Cliente (id)").fill("c-1");
  await d.getByLabel("Nombre").fill("Feria de las Flores");
  await d.getByLabel("Presupuesto").fill("cinco millones");
  await d.getByRole("button", { name: "Crear", exact: true }).click();
  await d.getByText("No es un monto en COP.").waitFor();
  await d.getByLabel("Presupuesto").fill("5.000.000,00");
  await d.getByLabel("Anticipo").fill("150.000");
  await d.getByRole("button", { name: "Crear", exact: true }).click();
  await pagina.getByRole("heading", { name: "Feria de las Flores" }).waitFor();
  await pagina.locator(".titulo [data-estado=APROBADA]").waitFor();
  await pagina.getByText("COP 150.000,00").first().waitFor();
  await pagina.getByText("Campaña aprobada").waitFor();
  await pagina.locator(".pasos").getByText("Aprobar la campaña").waitFor();

  // As it was when it was created, and back.
  await pagina.getByRole("button", { name: "ver entonces" }).last().click();
  await pagina.getByText(/Como era el .* America\/Bogota/).waitFor();
  await pagina.locator(".titulo [data-estado=PENDIENTE]").waitFor();
  await pagina.getByRole("button", { name: "volver a ahora" }).click();
  await pagina.locator(".titulo [data-estado=APROBADA]").waitFor();
});

prueba(
  "its payment is reverted, and payment and campaign become what they are without a reload",
  async () => {
    await using a = await m.abrir("#/campanias");
    await using b = await m.abrir("#/pagos");
    await a.pagina.getByRole("link", { name: "Feria de las Flores" }).click();
    await a.pagina.locator(".titulo [data-estado=APROBADA]").waitFor();
    const { pagina } = b;
    await pagina.getByRole("link", { name: "COP 150.000,00" }).click();
    await pagina.getByRole("button", { name: "Revertir…" }).click();
    const d = pagina.getByRole("dialog");
    await d.getByText("COP 150.000,00").waitFor();
    await d.getByRole("button", { name: "Revertir…" }).click();
    await d.getByText("Diga por qué.").waitFor();
    await d.getByLabel("Motivo").fill("cambio de planes");
    await d.getByRole("button", { name: "Revertir…" }).click();
    await pagina.locator(".titulo [data-estado=REVERTIDO]").waitFor();
    await a.pagina.locator(".titulo [data-estado=CANCELADA]").waitFor();
    // A disabled action says why.
    await pagina.getByText("Ya está revertido.").waitFor();
  },
);

prueba(
  "the sum of a payout's lines is computed in the browser, and turns when one line is altered on the way",
  async () => {
    await m.enviar("/pagos/ciclos", { id: "2026-01", inicio: "2026-01-01", fin: "2026-01-31" });
    await m.enviar("/pagos/transacciones", {
      transacciones: ["0.10", "1150.25", "333333.30"].map((valor, n) => ({
        id: `t-${n}`,
        partner_id: "c-1",
        event_type: "VENTA",
        event_timestamp: "2026-01-15T12:00:00Z",
        comision: { valor, moneda: "COP" },
      })),
    });
    const { id } = await m.enviar("/api/v1/pagos", { partner_id: "c-1", cycle_id: "2026-01" });
    await using a = await m.abrir(`#/pagos/${id}`);
    const suma = a.pagina.locator("[data-prueba=suma]");
    await suma.waitFor();
    assert.match(await suma.innerText(), /✓ suma exacta.*COP 334\.483,65/s);
    const llano = JSON.stringify(await m.leer(`/api/v1/pagos/${id}`));
    const body = llano.replaceAll('"valor":"0.10"', '"valor":"0.11"');
    assert.notEqual(body, llano);
    await a.pagina.route(
      (u) => u.pathname === `/api/v1/pagos/${id}`,
      (r) => r.fulfill({ status: 200, contentType: "application/json", body }),
    );
    await a.pagina.reload();
    await suma.getByText("✗ las líneas no suman").waitFor();
  },
);

prueba("parked messages are retried, set aside and discarded for a reason from the screen", async () => {
  const db = new pg.Client(m.stack.databaseUrl);
  await db.connect();
  let fuera = false;
  try {
    await db.query("alter table cliente.pagos rename to pagos_fuera");
    fuera = true;
    for (const [id, partner_id] of [["p-aparcado", "c-1"], ["p-descartado", "c-2"]]) {
      await m.enviar("/api/v1/pagos", {
        id,
        partner_id,
        cycle_id: "2026-02",
        total_amount: { valor: "10.00", moneda: "USD" },
      });
    }
    await using a = await m.abrir("#/operacion");
    const { pagina } = a;
    const de = (id: string) => pagina.locator("[data-mensaje]").filter({ hasText: id });
    const [mensaje, otro] = [de("p-aparcado"), de("p-descartado")];
    await mensaje.waitFor({ timeout: 60_000 });
    await otro.waitFor({ timeout: 60_000 });
    const dialogo = pagina.getByRole("dialog");
    await otro.getByRole("button", { name: "Liberar…" }).click();
    await dialogo.getByRole("button", { name: "Liberar…" }).click();
    await otro.getByText("Ya está aparte.").waitFor();
    await otro.getByRole("button", { name: "Descartar…" }).click();
    await dialogo.getByRole("button", { name: "Descartar…" }).click();
    await dialogo.getByText("Diga por qué.").waitFor();
    await dialogo.getByLabel("Motivo").fill("era de prueba");
    await dialogo.getByRole("button", { name: "Descartar…" }).click();
    await otro.waitFor({ state: "detached" });
    await db.query("alter table cliente.pagos_fuera rename to pagos");
    fuera = false;
    await mensaje.getByRole("button", { name: "Reintentar…" }).click();
    await pagina.getByRole("dialog").getByRole("button", { name: "Reintentar…" }).click();
    await mensaje.waitFor({ state: "detached" });
    await pagina.goto(`${m.stack.bffUrl}/#/auditoria?resultado=HECHO`);
    for (const hecho of ["reintentarMensaje", "liberarMensaje", "descartarMensaje"]) {
      await pagina.getByText(hecho).first().waitFor();
    }
  } finally {
    if (fuera) await db.query("alter table cliente.pagos_fuera rename to pagos");
    await db.end();
  }
});

prueba(
  "a list's CSV has exactly what is filtered, formulas are only text, and the copied curl gives the screen's data",
  async () => {
    await m.enviar("/api/v1/clientes", {
      id: "c-formula",
      nombre: '=HYPERLINK("x")',
      cedula: "9998887776",
      email: "f@correo.example",
      fecha_nacimiento: "1990-02-28",
    });
    await using a = await m.abrir("#/clientes?search=HYPER", {
      permissions: ["clipboard-read", "clipboard-write"],
    });
    const { pagina } = a;
    await pagina.locator('tr[data-id="c-formula"]').waitFor();
    const bajada = pagina.waitForEvent("download");
    await pagina.getByRole("button", { name: "CSV" }).click();
    const texto = await Deno.readTextFile(await (await bajada).path());
    const lineas = texto.trim().split("\r\n");
    assert.equal(lineas.length, 2);
    assert.ok(lineas[1]?.startsWith(`"'=HYPERLINK(""x"")"`), texto);
    await pagina.getByRole("button", { name: "curl" }).click();
    await pagina.getByRole("button", { name: "Copiado" }).waitFor();
    const linea = String(await pagina.evaluate("navigator.clipboard.readText()"));
    const { stdout } = await new Deno.Command("bash", { args: ["-c", linea] }).output();
    const dado = JSON.parse(new TextDecoder().decode(stdout));
    assert.deepEqual(dado.data.map((c: { id: string }) => c.id), ["c-formula"]);
  },
);

prueba(
  "from a cent in the ledger to its HTTP request in three clicks, with an exact sum on the way",
  async () => {
    await using a = await m.abrir("");
    const { pagina } = a;
    await pagina.getByRole("link", { name: "Libro" }).click();
    await pagina.locator("a.fila", { hasText: "c-1" }).first().click();
    await pagina.locator("[data-prueba=suma]").first().getByText("✓ suma exacta").waitFor();
    await pagina.locator("td a code").first().click();
    await pagina.getByRole("heading", { name: "Auditoría" }).waitFor();
    await pagina.locator("td", {
      hasText: /^(registrarTransacciones|pagar|bffPagar|crearCampania|bffCrearCampania|revertirPago)$/,
    }).first().waitFor();
  },
);
