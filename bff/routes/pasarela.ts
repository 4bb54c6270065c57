import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context, MiddlewareHandler } from "hono";
import type { Env } from "@alpes/shared/http/env.ts";
import { inTurn, refuseEarly } from "@alpes/shared/http/limits.ts";
import { Problem } from "@alpes/shared/http/problem.ts";
import { isJson } from "@alpes/shared/http/request.ts";
import { MIB, readBody } from "@alpes/shared/http/strict_json.ts";
import type { Cache } from "../cache.ts";
import { type Pasarela, type Servicio, SERVICIOS } from "../ports.ts";
import { llamadaDe } from "./llamada.ts";
import { negar } from "./negar.ts";

export interface DepsPasarela {
  readonly pasarela: Pasarela;
  readonly cache: Pick<Cache, "escribio">;
  readonly plazoMs: number;
}

const LEE = new Set(["GET", "HEAD", "OPTIONS"]);

/** Imports that may come at once: each costs a tenth of a megabyte while it comes. */
const CORRIENTES = 20;

/**
 * A JSON body is read first, at most 1 MiB as everywhere: neither a connection to the service nor a place in turn is
 * held by one that comes slowly.
 */
async function entera<T>(
  c: Context<Env>,
  enviar: (cuerpo?: Uint8Array<ArrayBuffer>) => Promise<T>,
): Promise<T> {
  if (c.req.raw.body === null) return await inTurn(c, "write", enviar);
  refuseEarly(c, "write");
  const { bytes, end } = await readBody(c.req.raw, MIB, c.get("bodyTimeoutMs"), c.get("limits").small);
  try {
    return await inTurn(c, "write", () => enviar(bytes));
  } finally {
    end();
  }
}

/** `/cliente/**`, `/pagos/**` and `/campanias/**` at the root, passed through as they come. */
export function addPasarela(app: OpenAPIHono<Env>, { pasarela, cache, plazoMs }: DepsPasarela): void {
  let corrientes = 0;
  async function corriente<T>(enviar: () => Promise<T>): Promise<T> {
    if (corrientes >= CORRIENTES) throw new Problem("saturado", { headers: { "Connection": "close" } });
    corrientes++;
    try {
      return await enviar();
    } finally {
      corrientes--;
    }
  }
  const pasar = (servicio: Servicio) => async (c: Context<Env>): Promise<Response> => {
    const l = llamadaDe(c, plazoMs);
    const escribe = !LEE.has(c.req.method);
    const escribio = () => cache.escribio(l.llamador);
    const enviar = (cuerpo?: Uint8Array<ArrayBuffer>) =>
      pasarela(servicio, c.req.raw, l, cuerpo).finally(() => escribe && escribio());
    const r = !escribe
      ? await inTurn(c, c.req.path.split("/").length > 2 ? "one" : "list", enviar)
      : isJson(c.req.header("content-type"))
      ? await entera(c, enviar)
      : await corriente(enviar);
    if (r === null) throw new Problem("no_encontrado");
    if (!r.ok) return negar(c, r.error);
    const { body, status, headers } = r.value;
    if (!escribe || body === null) return r.value;
    // A long import goes on writing while its report streams.
    return new Response(body.pipeThrough(new TransformStream({ flush: escribio })), { status, headers });
  };
  for (const servicio of SERVICIOS) {
    app.all(`/${servicio}`, pasar(servicio));
    app.all(`/${servicio}/*`, pasar(servicio));
  }
}

/** A problem passed on keeps its `codigo`, so its page must be here too: asked of the services, which explain their own. */
export const paginasAjenas =
  ({ pasarela, plazoMs }: DepsPasarela): MiddlewareHandler<Env> => async (c, next) => {
    await next();
    if (c.res.status !== 404 || c.req.method !== "GET" || !c.req.path.startsWith("/errores/")) return;
    for (const servicio of SERVICIOS) {
      const r = await pasarela(servicio, c.req.raw, llamadaDe(c, plazoMs));
      if (r?.ok && r.value.status === 200) {
        await c.res.body?.cancel();
        c.res = undefined;
        c.res = r.value;
        return;
      }
      if (r?.ok) await r.value.body?.cancel();
    }
  };
