import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { mundo, prueba } from "./mundo.ts";

const m = await mundo();
Deno.test.afterAll(async () => {
  await m[Symbol.asyncDispose]();
});
const COP = (valor: string) => ({ valor, moneda: "COP" });
await m.enviar("/pagos/ciclos", { id: "2026-01", inicio: "2026-01-01", fin: "2026-01-31" });
await m.enviar("/pagos/transacciones", {
  transacciones: ["0.10", "1150.25", "333333.30"].map((valor, n) => ({
    id: `t-${n}`,
    partner_id: "p-1",
    event_type: "VENTA",
    event_timestamp: "2026-01-15T12:00:00Z",
    comision: COP(valor),
  })),
});
await m.enviar("/api/v1/pagos", { partner_id: "p-1", cycle_id: "2026-01" });

prueba(
  "a statement adds up in the browser, turns when a line is altered, is taken away as CSV, and leads to the request",
  async () => {
    await using a = await m.abrir("#/estado-de-cuenta");
    const { pagina } = a;
    await pagina.getByLabel("Socio (id)").fill("p-1");
    const suma = pagina.locator("[data-prueba=suma]");
    await suma.getByText("✓ suma exacta").waitFor();
    assert.match(pagina.url(), /socio=p-1/);
    const bajada = pagina.waitForEvent("download");
    await pagina.getByRole("button", { name: "CSV" }).click();
    const csv = await Deno.readTextFile(await (await bajada).path());
    assert.match(csv, /,comision,partner:p-1:disponible,comision:t-1,t-1,,1150\.25,COP\r\n/);

    const dias = `desde=2026-01-01&hasta=${new Date().toISOString().slice(0, 10)}`;
    const llano = JSON.stringify(await m.leer(`/pagos/estados-de-cuenta/p-1?${dias}`));
    const camino = (u: URL) => u.pathname === "/pagos/estados-de-cuenta/p-1";
    const body = llano.replace('"valor":"0.10"', '"valor":"0.11"');
    assert.notEqual(body, llano);
    await pagina.route(camino, (r) => r.fulfill({ status: 200, contentType: "application/json", body }));
    await pagina.reload();
    await suma.getByText("✗ las líneas no suman").waitFor();
    await pagina.unroute(camino);
    await pagina.reload();
    await suma.getByText("✓ suma exacta").waitFor();

    // From a line to the entries of its commission, and from there to the request.
    await pagina.getByRole("link", { name: "t-1" }).click();
    await pagina.getByRole("heading", { name: "Asientos" }).waitFor();
    await pagina.locator(".linea a code").first().click();
    await pagina.locator("td", { hasText: "registrarTransacciones" }).first().waitFor();
  },
);

prueba(
  "a trend's figure opens to the payouts that it is made of, and each point of it has its row",
  async () => {
    await using a = await m.abrir("");
    const { pagina } = a;
    const cop = pagina.locator(".tendencia", { hasText: "Pagado COP" });
    await cop.getByText("334.483,65").first().waitFor();
    await pagina.getByRole("button", { name: "7 días" }).click();
    assert.match(pagina.url(), /dias=7/);
    await cop.getByText("tabla").click();
    assert.equal(await cop.locator("tbody tr").count(), 7);
    assert.equal(await cop.locator("tbody td").first().innerText(), "334.483,65");
    assert.equal((await cop.locator("polyline").getAttribute("points"))?.split(" ").length, 7);
    await cop.locator("tbody a").first().click();
    await pagina.getByRole("heading", { name: "Pagos", exact: true }).waitFor();
    await pagina.locator(".sumas").getByText("334.483,65").waitFor();
    await pagina.locator("tr", { hasText: "p-1" }).first().waitFor();
  },
);

prueba(
  "a file is tried without effect, then imported with its progress; refused rows say why and are taken away to mend",
  async () => {
    await using a = await m.abrir("#/importaciones");
    const { pagina } = a;
    await pagina.getByText("Elija antes un archivo.").waitFor();
    const buenas = Array.from(
      { length: 300 },
      (_, i) => `imp-${i},"Ana\nde ${i}",ana${i}@correo.example,${20_000 + i},1990-02-28`,
    );
    const csv = ["id,nombre,email,cedula,fecha_nacimiento", ...buenas, "imp-x,X,no,1,1990-02-30"].join(
      "\r\n",
    );
    await pagina.getByLabel("Archivo CSV o NDJSON").setInputFiles({
      name: "clientes.csv",
      mimeType: "text/csv",
      buffer: Buffer.from(csv),
    });
    const informe = pagina.locator("[data-prueba=informe]");
    await pagina.getByRole("button", { name: "Ensayar" }).click();
    await informe.getByText("nada cambió").waitFor();
    assert.match(await informe.innerText(), /301\/301.*300 se crearían · 0 ya estaban · 1 rechazadas/s);
    assert.equal(
      Reflect.get(Object((await m.leer("/api/v1/clientes?search=Ana&page=1")).pagination), "total"),
      0,
    );
    await pagina.getByRole("button", { name: "Importar" }).click();
    await informe.getByText("300 creadas").waitFor();
    await pagina.getByText("debe ser un día del calendario").waitFor();
    const bajada = pagina.waitForEvent("download");
    await pagina.getByRole("button", { name: "Bajar esas filas" }).click();
    const malas = await Deno.readTextFile(await (await bajada).path());
    assert.equal(malas, "id,nombre,email,cedula,fecha_nacimiento\nimp-x,X,no,1,1990-02-30\n");
    // The same file again changes nothing.
    await pagina.getByRole("button", { name: "Importar" }).click();
    await informe.getByText("300 ya estaban").waitFor();
  },
);

prueba(
  "a rate gets a new version with a mistake first, told beside its field; then commissions follow it",
  async () => {
    await using a = await m.abrir("#/transacciones");
    const { pagina } = a;
    const tarifas = pagina.locator("section", { has: pagina.getByRole("heading", { name: "Tarifas" }) });
    await tarifas.locator("tr", { hasText: "Conversión" }).getByRole("button", { name: "Nueva versión" })
      .click();
    const d = pagina.getByRole("dialog");
    assert.equal(await d.getByLabel("Porcentaje").inputValue(), "3");
    await d.getByLabel("Porcentaje").fill("300");
    await d.getByRole("button", { name: "Guardar" }).click();
    await d.getByText("debe ser un porcentaje de 0 a 100").waitFor();
    assert.equal(await d.getByLabel("Porcentaje").getAttribute("aria-invalid"), "true");
    await d.getByLabel("Porcentaje").fill("7,5");
    await d.getByRole("button", { name: "Guardar" }).click();
    await tarifas.locator("tr", { hasText: "7,5 %" }).waitFor();
    await m.enviar("/pagos/transacciones", {
      id: "t-conv",
      partner_id: "p-2",
      event_type: "CONVERSION",
      monto_original: COP("1000.00"),
    });
    await pagina.reload();
    await pagina.locator('tr[data-id="t-conv"]').getByText("COP 75,00").waitFor();

    // Slices, and terms for all.
    await pagina.getByRole("button", { name: "Nueva tarifa" }).click();
    await d.getByLabel("Hecho").fill("REGISTRO");
    await d.getByLabel("Clase").selectOption("TIERED");
    await d.getByLabel("Moneda").selectOption("COP");
    await d.getByLabel("Tramos").fill("0 5\nmil 7,5");
    await d.getByRole("button", { name: "Guardar" }).click();
    await d.getByText("No es un monto en COP: mil").waitFor();
    await d.getByLabel("Tramos").fill("0 5\n1.000.000,00 7,5");
    await d.getByRole("button", { name: "Guardar" }).click();
    await tarifas.getByText("desde COP 1.000.000,00: 7,5 %").waitFor();
    await pagina.getByRole("button", { name: "Cambiar condiciones" }).click();
    await d.getByLabel("Mínimo COP").fill("50.000");
    await d.getByRole("button", { name: "Guardar" }).click();
    await pagina.getByText("COP 50.000,00").waitFor();
  },
);

prueba(
  "a payout shows where it is stuck, as it was at an instant, and gives a receipt once it is paid",
  async () => {
    const { id } = await m.enviar("/api/v1/pagos", {
      partner_id: "p-lento",
      cycle_id: "2026-01",
      total_amount: COP("5000.00"),
      payment_method_mask: "****0004",
    });
    await using a = await m.abrir(`#/pagos/${id}`);
    const { pagina } = a;
    await pagina.locator(".titulo [data-estado=EN_VERIFICACION]").waitFor();
    await pagina.locator(".camino .rancio", { hasText: "hace" }).waitFor();
    await pagina.getByText("no se paga dos veces").waitFor();
    await pagina.getByText("Hay recibo cuando está pagado.").waitFor();
    const { data } = await m.leer(`/pagos/${id}/historial`);
    const fecha = (data as { estado_nuevo: string; fecha: string }[]).find((h) =>
      h.estado_nuevo === "EN_PROCESO"
    )?.fecha;
    await pagina.goto(`${m.stack.bffUrl}/#/pagos/${id}?en=${fecha}`);
    await pagina.locator(".titulo [data-estado=EN_PROCESO]").waitFor();
    await pagina.getByText(/Como era el .* America\/Bogota/).waitFor();
    await pagina.goto(`${m.stack.bffUrl}/#/pagos/${id}?en=2020-01-01T00:00:00Z`);
    await pagina.getByText("Entonces no existía.").waitFor();
    await pagina.getByRole("button", { name: "volver a ahora" }).click();
    await pagina.locator(".titulo [data-estado=EN_VERIFICACION]").waitFor();

    await pagina.goto(`${m.stack.bffUrl}/#/pagos?partner_id=p-1`);
    await pagina.getByRole("link", { name: "COP 334.483,65" }).click();
    await pagina.evaluate("window.impreso = 0; window.print = () => { window.impreso++; }");
    await pagina.getByRole("button", { name: "Recibo" }).click();
    assert.equal(await pagina.evaluate("window.impreso"), 1);
    await pagina.emulateMedia({ media: "print" });
    await pagina.getByText("suma exacta").waitFor();
    assert.equal(await pagina.getByRole("heading", { name: "Historial" }).isVisible(), false);
  },
);

prueba("the search knows a request's id and an amount as people write it", async () => {
  const r = await fetch(`${m.stack.bffUrl}/api/v1/clientes`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      id: "e-1",
      tipo_cliente: "EMPRESA",
      nombre: "Acme",
      email: "a@x.example",
      rut: "r-1",
    }),
  });
  assert.equal(r.status, 201, await r.text());
  await using a = await m.abrir("");
  const { pagina } = a;
  await pagina.locator("#buscar").fill(r.headers.get("x-request-id") ?? "");
  await pagina.getByRole("option", { name: "Qué hizo esta solicitud" }).click();
  await pagina.locator("td", { hasText: "bffRegistrarCliente" }).or(
    pagina.locator("td", { hasText: "registrarCliente" }),
  )
    .first().waitFor();
  await pagina.locator("#buscar").fill("334.483,65");
  await pagina.getByRole("option", { name: "Pagos de 334.483,65" }).click();
  await pagina.getByRole("link", { name: "COP 334.483,65" }).waitFor();
  // What is filtered stands in the address: a copied one gives the same view.
  await using b = await m.abrir(new URL(pagina.url()).hash);
  await b.pagina.getByRole("link", { name: "COP 334.483,65" }).waitFor();
  assert.equal(await b.pagina.locator("tr[data-id]").count(), 1);
});

prueba("why a partner was not paid is answered two clicks from anywhere", async () => {
  await m.enviar("/api/v1/clientes", {
    id: "p-3",
    tipo_cliente: "EMPRESA",
    nombre: "Ventas del Páramo",
    email: "v@x.example",
    rut: "r-3",
  });
  await m.enviar("/pagos/transacciones", {
    id: "t-p3",
    partner_id: "p-3",
    event_type: "VENTA",
    event_timestamp: "2026-01-15T12:00:00Z",
    comision: COP("30.00"),
  });
  await using a = await m.abrir("");
  const { pagina } = a;
  await pagina.getByRole("link", { name: "Clientes", exact: true }).click();
  await pagina.getByRole("link", { name: "Ventas del Páramo" }).click();
  const porque = pagina.locator("[data-prueba=porque-no]");
  await porque.getByText("COP 30,00 no llega al mínimo de COP 50.000,00: pasa al siguiente ciclo.").waitFor();
  await porque.getByRole("link", { name: "COP 30,00", exact: true }).click();
  await pagina.locator("[data-prueba=suma]").getByText("✓ suma exacta").waitFor();
});

prueba("a projection is rebuilt from the screen, and the audit knows who did it", async () => {
  await using a = await m.abrir("#/operacion");
  const { pagina } = a;
  await pagina.getByRole("button", { name: "Reconstruir…" }).first().click();
  const d = pagina.getByRole("dialog");
  await d.getByRole("button", { name: "Reconstruir…" }).click();
  await d.waitFor({ state: "detached" });
  await pagina.locator("li", { hasText: "campanias" }).locator("[data-estado=AL_DIA]").first().waitFor();
  await pagina.getByRole("link", { name: /Sin iniciar/ }).click();
  assert.match(pagina.url(), /estado=SIN_INICIAR/);
  await pagina.goto(`${m.stack.bffUrl}/#/auditoria`);
  await pagina.getByText("reconstruirProyeccion").first().waitFor();
});
