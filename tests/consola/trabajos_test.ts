import assert from "node:assert/strict";
import { mejorDe } from "./medida.ts";
import { mundo, prueba } from "./mundo.ts";

const m = await mundo();
Deno.test.afterAll(async () => {
  await m[Symbol.asyncDispose]();
});
const persona = (id: string, nombre: string, cedula: string) => ({
  id,
  nombre,
  cedula,
  email: `${id}@correo.example`,
  fecha_nacimiento: "1990-02-28",
});

prueba("a client is found by a misspelt name from any page, and by a dotted cédula", async () => {
  await m.enviar("/api/v1/clientes", persona("c-begona", "Begoña Echeverría", "1020304050"));
  await using a = await m.abrir("#/pagos");
  const { pagina } = a;
  await pagina.getByRole("heading", { name: "Pagos", exact: true }).waitFor();
  await pagina.keyboard.press("/");
  await pagina.keyboard.type("echeveria");
  await pagina.getByRole("option", { name: /Begoña Echeverría/ }).waitFor();
  await pagina.keyboard.press("Enter");
  await pagina.getByRole("heading", { name: "Begoña Echeverría" }).waitFor();
  await pagina.locator("#buscar").fill("1.020.304.050");
  await pagina.getByRole("option", { name: /Begoña Echeverría/ }).waitFor();
});

prueba("a client is registered with a mistake first, which is told beside its field", async () => {
  await using a = await m.abrir("#/clientes");
  const { pagina } = a;
  await pagina.getByRole("button", { name: "Registrar cliente" }).click();
  const dialogo = pagina.getByRole("dialog");
  await dialogo.getByLabel("Nombre").fill("Íñigo Ñáñez");
  await dialogo.getByLabel("Correo").fill("no-es-un-correo");
  await dialogo.getByLabel("Cédula").fill("98.765.432");
  await dialogo.getByRole("button", { name: "Registrar", exact: true }).click();
  const correo = dialogo.getByLabel("Correo");
  await pagina.locator("#cliente-email-error").waitFor();
  assert.equal(await correo.getAttribute("aria-invalid"), "true");
  await pagina.locator("#cliente-fecha_nacimiento-error").waitFor();
  await correo.fill("inigo@correo.example");
  await dialogo.getByLabel("Fecha de nacimiento").fill("1985-12-31");
  await dialogo.getByRole("button", { name: "Registrar", exact: true }).click();
  await pagina.getByRole("heading", { name: "Íñigo Ñáñez" }).waitFor();
  // A day is shown as it was written, whatever the zone of the reader.
  await pagina.getByText("31 dic 1985").waitFor();
});

prueba("what others write waits behind a button, and what changes in a row changes in place", async () => {
  await using a = await m.abrir("#/clientes");
  const { pagina } = a;
  const fila = pagina.locator('tr[data-id="c-begona"]');
  await fila.waitFor();
  await pagina.getByText("vivo", { exact: true }).waitFor();
  await m.enviar("/api/v1/clientes", persona("c-nueva", "Nueva Persona", "5556667770"));
  await pagina.getByRole("button", { name: "▲ 1 nuevo" }).waitFor();
  assert.equal(await pagina.locator('tr[data-id="c-nueva"]').count(), 0);
  await m.enviar("/cliente/c-begona/suspender", { motivo: "prueba" });
  await fila.getByText("Suspendido").waitFor();
  await pagina.getByRole("button", { name: "▲ 1 nuevo" }).click();
  await pagina.locator('tr[data-id="c-nueva"]').waitFor();
});

prueba(
  "the live stream goes on after a restart of the BFF, with what happened meanwhile, in every tab",
  async () => {
    await using a = await m.abrir("#/clientes");
    const otra = await a.persona.pagina(`${m.stack.bffUrl}/#/clientes/c-begona`);
    for (const p of [a.pagina, otra]) await p.getByText("vivo", { exact: true }).waitFor();
    const antes = await a.pagina.evaluate(
      "performance.getEntriesByType('resource').filter((r) => r.name.includes('/eventos')).length",
    );
    const despues = await otra.evaluate(
      "performance.getEntriesByType('resource').filter((r) => r.name.includes('/eventos')).length",
    );
    assert.ok(Number(antes) + Number(despues) <= 1, "two streams for one browser");
    await m.stack.kill("bff");
    const r = await fetch(`${m.stack.servicesUrl}/cliente/c-begona/reactivar`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ motivo: "volvió" }),
    });
    assert.equal(r.status, 200, await r.text());
    await m.stack.restart("bff");
    await a.pagina.locator('tr[data-id="c-begona"]').getByText("Activo").waitFor();
    await otra.locator(".titulo [data-estado=ACTIVO]").waitFor();
    for (const p of [a.pagina, otra]) await p.getByText("vivo", { exact: true }).waitFor();
  },
);

prueba("eight tabs share one stream: each answers within a second, and each hears what happens", async () => {
  await using a = await m.abrir("#/clientes/c-begona");
  const pestanas = [a.pagina];
  while (pestanas.length < 8) {
    pestanas.push(await a.persona.pagina(`${m.stack.bffUrl}/#/clientes/c-begona`));
  }
  for (const p of pestanas) await p.getByText("vivo", { exact: true }).waitFor();
  const flujos = await Promise.all(
    pestanas.map((p) =>
      p.evaluate("performance.getEntriesByType('resource').filter((r) => r.name.includes('/eventos')).length")
    ),
  );
  assert.ok(
    flujos.reduce((suma: number, n) => suma + Number(n), 0) <= 1,
    `${flujos.join(" ")} streams for one browser`,
  );
  // Six streams of its own would leave a tab without a connection: the answer would never come.
  const PREGUNTA = `(async () => {
    const empezo = performance.now();
    await (await fetch("/api/v1/clientes/c-begona", { cache: "no-store" })).text();
    return performance.now() - empezo;
  })()`;
  const medidas = await mejorDe(
    1_000,
    async () => Math.max(...(await Promise.all(pestanas.map((p) => p.evaluate(PREGUNTA)))).map(Number)),
  );
  assert.ok(Math.min(...medidas) <= 1_000, `${medidas.join(", ")} ms`);
  await m.enviar("/cliente/c-begona/suspender", { motivo: "ocho pestañas" });
  await Promise.all(pestanas.map((p) => p.locator(".titulo [data-estado=SUSPENDIDO]").waitFor()));
});

prueba("a row under the pointer stays where it is while others register", async () => {
  await using a = await m.abrir("#/clientes");
  const { pagina } = a;
  const fila = pagina.locator('tr[data-id="c-begona"]');
  await fila.waitFor();
  await pagina.getByText("vivo", { exact: true }).waitFor();
  await fila.hover();
  const antes = await fila.boundingBox();
  for (const n of [1, 2, 3, 4]) {
    await m.enviar("/api/v1/clientes", persona(`c-otra-${n}`, `Otra ${n}`, `777888999${n}`));
  }
  await pagina.getByRole("button", { name: "▲ 4 nuevos" }).waitFor();
  assert.deepEqual(await fila.boundingBox(), antes);
});
