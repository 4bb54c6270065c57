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

for (const colorScheme of ["light", "dark"] as const) {
  for (const locale of ["es-CO", "en-GB"]) {
    prueba(`axe finds nothing on the way in, ${colorScheme}, ${locale}, also after a bad key`, async () => {
      await using a = await m.abrir("", { colorScheme, locale });
      const { pagina } = a;
      await pagina.locator("#clave").waitFor();
      assert.deepEqual(await faltas(pagina), []);
      await pagina.locator("#clave").fill("alp_no-es-una-clave");
      await pagina.keyboard.press("Enter");
      await pagina.getByRole("alert").waitFor();
      assert.deepEqual(await faltas(pagina), []);
      await pagina.setViewportSize({ width: 320, height: 640 });
      assert.deepEqual(await faltas(pagina), []);
    });
  }
}

prueba("somebody signs in with a key, sees who he is, and out again", async () => {
  await using a = await m.abrir("#/clientes");
  const { pagina } = a;
  await pagina.getByLabel("Clave").fill("alp_no-es-una-clave");
  await pagina.getByRole("button", { name: "Entrar" }).click();
  await pagina.getByRole("alert").waitFor();
  await pagina.getByLabel("Clave").fill(claves.operador);
  await pagina.getByRole("button", { name: "Entrar" }).click();
  await pagina.getByRole("heading", { name: "Clientes" }).waitFor();
  // An operator has no audit log to look into, and is not shown the way.
  assert.equal(await pagina.getByRole("link", { name: "Auditoría" }).count(), 0);
  await pagina.getByRole("button", { name: "Salir" }).click();
  await pagina.getByLabel("Clave").waitFor();
});

prueba("a form survives an expired session and a restart of the BFF: one client results", async () => {
  await using a = await m.abrir("#/clientes");
  const { pagina, persona } = a;
  await pagina.getByLabel("Clave").fill(claves.operador);
  await pagina.getByRole("button", { name: "Entrar" }).click();
  await pagina.getByRole("button", { name: "Registrar cliente" }).click();
  const d = pagina.getByRole("dialog");
  await d.getByLabel("Nombre").fill("Paciente Rojas");
  await d.getByLabel("Correo").fill("paciente@correo.example");
  await d.getByLabel("Cédula").fill("44455566");
  await d.getByLabel("Fecha de nacimiento").fill("1970-01-01");

  await persona.contexto.clearCookies();
  await d.getByRole("button", { name: "Registrar", exact: true }).click();
  await d.getByText("Entre otra vez", { exact: false }).waitFor();
  await pagina.keyboard.press("Escape");
  await pagina.getByLabel("Clave").fill(claves.operador);
  await pagina.getByRole("button", { name: "Entrar", exact: true }).click();
  await pagina.getByRole("button", { name: "Registrar cliente" }).click();
  assert.equal(await d.getByLabel("Nombre").inputValue(), "Paciente Rojas");

  await m.stack.kill("bff");
  await d.getByRole("button", { name: "Registrar", exact: true }).click();
  await d.getByText("se repite solo con la misma clave", { exact: false }).waitFor();
  await m.stack.restart("bff");
  await pagina.getByRole("heading", { name: "Paciente Rojas" }).waitFor();
  const r = await fetch(`${m.stack.bffUrl}/api/v1/clientes?search=paciente`, {
    headers: { authorization: `Bearer ${claves.operador}` },
  });
  assert.equal((await r.json()).pagination.total, 1);
});
