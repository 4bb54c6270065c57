import assert from "node:assert/strict";
import { startOidc } from "../oidc.ts";
import { prueba } from "./mundo.ts";
import { abrirNavegador } from "./navegador.ts";

/** Seconds that a token lasts: as short as a person at a form would never have it. */
const DURA = 25;
const [w, navegador] = await Promise.all([startOidc({ seconds: DURA }), abrirNavegador()]);
Deno.test.afterAll(async () => {
  await navegador[Symbol.asyncDispose]();
  await w[Symbol.asyncDispose]();
});

prueba(
  "somebody signs in at the provider's page, goes on where he was when the session ends, and out again",
  async () => {
    await using persona = await navegador.persona();
    await persona.contexto.route("https://fonts.googleapis.com/**", (r) => r.abort());
    const pagina = await persona.pagina(`${w.stack.bffUrl}/#/clientes`);
    pagina.setDefaultTimeout(20_000);
    await pagina.getByRole("button", { name: "Entrar con su cuenta" }).click();
    await pagina.waitForURL(`${w.issuer}/**`);
    await pagina.locator("input[name=login]").fill("operador");
    await pagina.locator("input[name=password]").fill("x");
    await pagina.locator("button[type=submit]").click();
    await pagina.getByText("Authorize").waitFor();
    await pagina.locator("button[type=submit]").click();
    await pagina.getByRole("heading", { name: "Clientes" }).waitFor();
    const entro = Date.now();
    assert.equal(new URL(pagina.url()).hash, "#/clientes");
    assert.ok((await persona.contexto.cookies()).some((c) => c.name === "alpes_sesion" && c.httpOnly));

    await pagina.getByRole("button", { name: "Registrar cliente" }).click();
    const d = pagina.getByRole("dialog");
    await d.getByLabel("Nombre").fill("Paciente Rojas");
    // The cookie ends with the token.
    await pagina.waitForTimeout(Math.max(0, DURA * 1_000 + 500 - (Date.now() - entro)));
    await d.getByLabel("Correo").fill("paciente@correo.example");
    await d.getByLabel("Cédula").fill("44455566");
    await d.getByLabel("Fecha de nacimiento").fill("1970-01-01");
    await d.getByRole("button", { name: "Registrar", exact: true }).click();
    await d.getByText("Entre otra vez", { exact: false }).waitFor();
    await pagina.keyboard.press("Escape");
    // The provider still knows him: the other tab comes back without a question.
    const [otra] = await Promise.all([
      persona.contexto.waitForEvent("page"),
      pagina.getByRole("button", { name: "Entrar con su cuenta" }).click(),
    ]);
    await otra.getByRole("heading", { name: "Clientes" }).waitFor();
    await otra.close();
    await pagina.bringToFront();
    await pagina.evaluate("dispatchEvent(new Event('focus'))");
    await pagina.getByText("La sesión terminó").waitFor({ state: "detached" });
    await pagina.getByRole("button", { name: "Registrar cliente" }).click();
    assert.equal(await d.getByLabel("Nombre").inputValue(), "Paciente Rojas");
    await d.getByRole("button", { name: "Registrar", exact: true }).click();
    await pagina.getByRole("heading", { name: "Paciente Rojas" }).waitFor();

    await pagina.getByRole("button", { name: "Salir" }).click();
    await pagina.waitForURL(`${w.issuer}/session/end**`);
    // The provider's pages fetch a font, which is theirs to want; this machine gives them nothing from elsewhere.
    const suyas = [`request to ${w.issuer}/`, "request to https://fonts.googleapis.com/"];
    const ajenas = persona.quejas().filter((q) => !suyas.some((s) => q.startsWith(s)));
    assert.deepEqual(ajenas, []);
  },
);
