import { readConfig } from "@alpes/shared/http/config.ts";
import { bffSettings } from "@alpes/shared/http/settings_bff.ts";
import { componerBff } from "../componer.ts";
import type { Servicio } from "../ports.ts";
import type { Consola } from "../routes/consola.ts";
import { abrirServicio } from "./servicio.ts";

/** The BFF as `main.ts` makes it, in front of three real servers on loopback. `bases` puts another address in a place. */
export async function abrirBff(
  env: Record<string, string> = {},
  bases: Partial<Record<Servicio, string>> = {},
  consola: Consola | null = null,
) {
  await using resources = new AsyncDisposableStack();
  const cliente = resources.use(abrirServicio("cliente"));
  const pagos = resources.use(abrirServicio("pagos"));
  const campanias = resources.use(abrirServicio("campanias"));
  const config = readConfig(bffSettings, {
    AUTH_MODE: "ninguna",
    BFF_HTTP_TIMEOUT: "5",
    CLIENTE_SERVICE_URL: bases.cliente ?? cliente.base,
    PAGOS_SERVICE_URL: bases.pagos ?? pagos.base,
    CAMPANIAS_SERVICE_URL: bases.campanias ?? campanias.base,
    ...env,
  });
  const { app } = componerBff(config, "1.2.3", resources, consola);
  const abiertos = resources.move();

  /** One request through the whole app; the answer's body is read. */
  async function pedir(ruta: string, init: RequestInit = {}) {
    const res = await app.request(ruta, init);
    const texto = await res.text();
    const json = res.headers.get("content-type")?.includes("json") ? JSON.parse(texto) : null;
    return { status: res.status, headers: res.headers, texto, json };
  }
  const enviar = (ruta: string, cuerpo: unknown, headers: Record<string, string> = {}) =>
    pedir(ruta, {
      method: "POST",
      body: typeof cuerpo === "string" ? cuerpo : JSON.stringify(cuerpo),
      headers: { "content-type": "application/json", ...headers },
    });
  return {
    app,
    cliente: cliente.mundo,
    pagos: pagos.mundo,
    campanias: campanias.mundo,
    cambiarPagos: pagos.cambiar,
    pedir,
    enviar,
    [Symbol.asyncDispose]: () => abiertos.disposeAsync(),
  };
}
