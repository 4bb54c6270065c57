import assert from "node:assert/strict";
import { campanias } from "@alpes/services/campanias/main.ts";
import { cliente } from "@alpes/services/cliente/main.ts";
import { pagos } from "@alpes/services/pagos/main.ts";
import { readConfig } from "@alpes/shared/http/config.ts";
import { setupLogs } from "@alpes/shared/http/log.ts";
import { serviceSettings } from "@alpes/shared/http/settings.ts";
import { bffSettings } from "@alpes/shared/http/settings_bff.ts";
import { openKeyDesk } from "@alpes/shared/process/identity.ts";
import { composeService } from "@alpes/shared/process/service.ts";
import type { Rol } from "@alpes/shared/seedwork/actor.ts";
import { freshDatabase } from "@alpes/shared/testing/database.ts";
import { componerBff } from "../componer.ts";

/** As whom keys are made. */
export const ORDEN = {
  actor: { tipo: "persona", id: "jefa", roles: ["admin"], cliente: null },
  correlation_id: "sol-1",
} as const;
const SECRETO = "x".repeat(32);
setupLogs({ level: "error", format: "json", servicio: "prueba" });

/** The services as one process on loopback, asking for keys unless told otherwise, and BFFs in front of it. */
export async function abrirConClaves(modo: "claves" | "ninguna" = "claves") {
  await using parts = new AsyncDisposableStack();
  const db = parts.use(await freshDatabase());
  const config = readConfig(serviceSettings(5000), { DATABASE_URL: db.url, AUTH_MODE: modo });
  const { app, ready } = await composeService("alpespartners", { cliente, campanias, pagos }, config, parts);
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, app.fetch);
  parts.defer(async () => {
    ready.drain();
    await server.shutdown();
  });
  const claves = openKeyDesk(db.url, "prueba", parts, () => {});
  const clave = async (...roles: Rol[]) => {
    const suyo = roles.includes("partner") ? "c-1" : null;
    const r = await claves.crear(ORDEN, { nombre: "prueba", roles, cliente: suyo }, 1);
    assert.ok(r.ok);
    return r.value;
  };
  const bffs = parts.use(new AsyncDisposableStack());
  const bff = (env: Record<string, string> = {}) =>
    componerBff(
      readConfig(bffSettings, {
        AUTH_MODE: "claves",
        BFF_SECRET: SECRETO,
        ALPESPARTNERS_SERVICE_URL: `http://127.0.0.1:${server.addr.port}`,
        ...env,
      }),
      "1.2.3",
      bffs,
    ).app;
  const all = parts.move();
  return { claves, clave, bff, uno: bff(), [Symbol.asyncDispose]: () => all.disposeAsync() };
}
export type ConClaves = Awaited<ReturnType<typeof abrirConClaves>>;

/** A browser: keeps the cookie, and sends it with every request. */
export function navegador(app: ConClaves["uno"]) {
  let cookie = "";
  const pedir = async (
    method: string,
    ruta: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ) => {
    const res = await app.request(ruta, {
      method,
      body: body === undefined ? null : JSON.stringify(body),
      headers: {
        host: "localhost",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(cookie === "" ? {} : { cookie }),
        ...headers,
      },
    });
    const puesta = res.headers.get("set-cookie");
    if (puesta !== null) cookie = puesta.includes("Max-Age=0") ? "" : puesta.split(";")[0] ?? "";
    const texto = await res.text();
    return {
      status: res.status,
      headers: res.headers,
      texto,
      json: /json/.test(res.headers.get("content-type") ?? "") ? JSON.parse(texto) : null,
    };
  };
  return { pedir, cookie: () => cookie, poner: (c: string) => cookie = c };
}
