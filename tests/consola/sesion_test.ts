import assert from "node:assert/strict";
import { devKeys } from "@alpes/shared/dev/dev_keys.ts";
import { startApart } from "../processes.ts";
import { construirConsola } from "@alpes/shared/dev/consola.ts";
import { mundo, prueba } from "./mundo.ts";
import { abrirNavegador } from "./navegador.ts";

const SECRETO = "un secreto de prueba de más de treinta y dos letras";
const m = await mundo({ env: { AUTH_MODE: "claves", BFF_SECRET: SECRETO } });
Deno.test.afterAll(async () => {
  await m[Symbol.asyncDispose]();
});
const { claves } = await devKeys(m.stack.appUrl);

/** A machine that runs other tests beside this one is that much slower. */
const LENTA = Number(Deno.env.get("CONSOLA_LENTA") ?? 3);

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

prueba("two people with different rights never get each other's bytes, interleaved", async () => {
  const pedir = async (clave: string, ruta: string) => {
    const r = await fetch(m.stack.bffUrl + ruta, { headers: { authorization: `Bearer ${clave}` } });
    return { status: r.status, texto: await r.text() };
  };
  const registrar = async (id: string) => {
    const r = await fetch(`${m.stack.bffUrl}/api/v1/clientes`, {
      method: "POST",
      headers: { authorization: `Bearer ${claves.admin}`, "content-type": "application/json" },
      body: JSON.stringify({
        id,
        tipo_cliente: "EMPRESA",
        nombre: `Secreto ${id}`,
        email: `${id}@x.example`,
        rut: id,
      }),
    });
    assert.equal(r.status, 201, await r.text());
  };
  await registrar("demo-partner");
  await registrar("otro-secreto");
  const rutas = [
    "/api/v1/clientes?search=secreto",
    "/api/v1/dashboard",
    "/api/v1/search?q=secreto",
    "/api/v1/pagos",
  ];
  const N = Number(Deno.env.get("CONSOLA_INTERCALADAS") ?? 2_000);
  let ajenas = 0, propias = 0, ocupadas = 0;
  const uno = async (i: number) => {
    const socio = i % 2 === 0;
    const r = await pedir(socio ? claves.partner : claves.operador, rutas[(i >> 1) % rutas.length] ?? "");
    if (r.status === 429 || r.status === 503) ocupadas++;
    else if (socio && r.texto.includes("otro-secreto")) ajenas++;
    else if (!socio && r.texto.includes("otro-secreto")) propias++;
  };
  let i = 0;
  await Promise.all(Array.from({ length: 16 }, async () => {
    while (i < N) await uno(i++);
  }));
  assert.equal(ajenas, 0);
  assert.ok(propias > 0, `${ocupadas} of ${N} were turned away`);
});

prueba(
  "with pagos stopped every page answers within a second, names what is missing, and heals within five",
  async () => {
    await construirConsola(new URL("../../", import.meta.url));
    await using p = await startApart();
    await using n = await abrirNavegador();
    await using persona = await n.persona();
    const pagina = await persona.pagina(`${p.bff.url}/`);
    await pagina.getByText("vivo", { exact: true }).waitFor();
    const registro = await fetch(`${p.bff.url}/api/v1/clientes`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        id: "c-1",
        tipo_cliente: "EMPRESA",
        nombre: "Acme",
        email: "a@x.example",
        rut: "r-1",
      }),
    });
    assert.equal(registro.status, 201, await registro.text());
    await p.pagos.kill();
    await pagina.getByText("⚠ pagos_service", { exact: false }).first().waitFor();
    for (
      const [ruta, se_ve] of [["", "Acme"], ["clientes", "Acme"], ["clientes/c-1", "Acme"], [
        "campanias",
        "campañas",
      ]] as const
    ) {
      const empezo = performance.now();
      await pagina.goto(`${p.bff.url}/#/${ruta}`);
      await pagina.reload();
      await pagina.getByText(se_ve).first().waitFor();
      const ms = performance.now() - empezo;
      assert.ok(ms < 1_000 * LENTA, `${ruta}: ${Math.round(ms)} ms`);
      await pagina.getByText("pagos_service", { exact: false }).first().waitFor();
    }
    await pagina.goto(`${p.bff.url}/#/`);
    await pagina.locator(".advertencia", { hasText: "pagos_service" }).waitFor();
    await p.pagos.again();
    const empezo = performance.now();
    await pagina.locator(".advertencia").waitFor({ state: "detached" });
    const ms = performance.now() - empezo;
    assert.ok(ms < 5_000 * LENTA, `healed after ${Math.round(ms)} ms`);
  },
);
