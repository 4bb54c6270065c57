import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import type { Env } from "@alpes/shared/http/env.ts";
import { logger } from "@alpes/shared/http/log.ts";
import { Problem, problems } from "@alpes/shared/http/problem.ts";
import { createRouter, type Router } from "@alpes/shared/http/router.ts";
import { abrirSesion, type DepsSesion } from "../abrir_sesion.ts";
import { esSegura, galleta } from "../identidad.ts";
import type { Emisor } from "../ports.ts";
import type { Ida, Sello } from "../sello.ts";
import { NEGADOS } from "./negar.ts";

/** Where a browser goes to sign in at the issuer; the issuer sends it back to `…/vuelta`. */
export const ENTRAR = "/entrar/oidc";
export const VUELTA = `${ENTRAR}/vuelta`;

export interface DepsEntrar extends DepsSesion {
  readonly emisor: Emisor | null;
  readonly selloDeIda: Sello<Ida>;
}

/** For so long somebody may look for his password. */
const IDA_MS = 600_000;

const comun = { method: "get" as const, tags: ["sesión"], security: [] };
const MAS = { description: "Onward" };
const ida = createRoute({
  ...comun,
  path: ENTRAR,
  operationId: "bffIrAlEmisor",
  summary: "Leads a browser to the identity provider, to sign in there",
  request: {
    query: z.object({
      // Only a place within the console's page: whatever it says, it stays on this site.
      volver: z.string().max(500).regex(/^#\/[\w/.~:?=&%+-]*$/).default("#/")
        .openapi({ description: "the place in the console to come back to" }),
    }),
  },
  responses: { 303: MAS, ...NEGADOS, ...problems(404) },
});
const vuelta = createRoute({
  ...comun,
  path: VUELTA,
  operationId: "bffVolverDelEmisor",
  summary: "Where the identity provider sends the browser back: signs it in, once",
  request: {
    query: z.looseObject({
      code: z.string().max(4_000).optional(),
      state: z.string().max(500).optional(),
      iss: z.string().max(500).optional(),
      error: z.string().max(500).optional(),
    }),
  },
  responses: { 303: { description: "Signed in" }, ...NEGADOS, ...problems(403, 404) },
});
const salida = createRoute({
  ...comun,
  path: `${ENTRAR}/salida`,
  operationId: "bffSalirDelEmisor",
  summary: "Leads a browser that has signed out to the identity provider's own sign-out",
  responses: { 303: MAS, ...NEGADOS, ...problems(404) },
});

type Codigo = "entrada_caducada" | "entrada_rechazada" | "entrada_no_reconocida" | "emisor_no_responde";

/** Sign-in by redirect: authorization code, PKCE, state and nonce, kept by the browser in a sealed cookie meanwhile. */
export function entrarRoutes(d: DepsEntrar): Router {
  const router = createRouter();
  const log = logger("oidc");
  /** A console without an issuer has no such pages. */
  const hay = (): Emisor => {
    if (d.emisor === null) throw new Problem("no_encontrado");
    return d.emisor;
  };
  // The issuer's page leads here: `Strict` would keep the cookie back.
  const suyos = (c: Context<Env>) => ({
    // A name that is bound to the host is bound to all of it.
    path: galleta(c, "alpes_ida") === "alpes_ida" ? ENTRAR : "/",
    httpOnly: true,
    sameSite: "Lax" as const,
    secure: esSegura(c, d),
  });
  /** A person gets the page that explains it, a program the problem. */
  function negar(c: Context<Env>, codigo: Codigo): Response {
    if (!(c.req.header("accept") ?? "").includes("text/html")) throw new Problem(codigo);
    return c.redirect(`/errores/${codigo}`, 303);
  }
  const porque = { no_responde: "emisor_no_responde", rechazo: "entrada_rechazada" } as const;

  router.openapi(ida, async (c) => {
    c.header("Cache-Control", "no-store");
    const r = await hay().ida();
    if (!r.ok) return negar(c, porque[r.error]);
    const { url, ...secretos } = r.value;
    const hasta = d.clock().getTime() + IDA_MS;
    const sellada = await d.selloDeIda.sellar({ ...secretos, volver: c.req.valid("query").volver, hasta });
    setCookie(c, galleta(c, "alpes_ida"), sellada, { ...suyos(c), maxAge: IDA_MS / 1_000 });
    return c.redirect(url, 303);
  });

  router.openapi(vuelta, async (c) => {
    c.header("Cache-Control", "no-store");
    const emisor = hay();
    const cookie = getCookie(c, galleta(c, "alpes_ida"));
    const ida = cookie === undefined ? null : await d.selloDeIda.abrir(cookie);
    // Good for one way back, however it ends.
    deleteCookie(c, galleta(c, "alpes_ida"), suyos(c));
    if (ida === null || ida.hasta <= d.clock().getTime() || c.req.valid("query").state !== ida.state) {
      return negar(c, "entrada_caducada");
    }
    const r = await emisor.vuelta(new URL(c.req.url).search, ida);
    if (!r.ok) return negar(c, porque[r.error]);
    const { credencial, duraMs } = r.value;
    const abierta = await abrirSesion(c, d, credencial, duraMs ?? undefined);
    if (abierta.tipo !== "abierta") {
      log.warn("a sign-in failed", { tipo: "token", codigo: abierta.tipo });
      return negar(c, "entrada_no_reconocida");
    }
    return c.redirect(`/${ida.volver}`, 303);
  });

  router.openapi(salida, async (c) => {
    c.header("Cache-Control", "no-store");
    return c.redirect(await hay().salida() ?? "/", 303);
  });
  return router;
}
