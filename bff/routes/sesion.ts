import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { ifMatch } from "@alpes/shared/http/etag.ts";
import { deleteCookie } from "hono/cookie";
import { type IdentidadJson, IdentidadSchema } from "@alpes/shared/contracts/seguridad.ts";
import { actorFromHeader, bearer, unauthenticated } from "@alpes/shared/http/actor.ts";
import type { Env } from "@alpes/shared/http/env.ts";
import { texto } from "@alpes/shared/http/fields.ts";
import { both } from "@alpes/shared/http/locale.ts";
import { json } from "@alpes/shared/http/media.ts";
import { invalidField, Problem, problems } from "@alpes/shared/http/problem.ts";
import { createRouter, type Router } from "@alpes/shared/http/router.ts";
import { InstantSchema } from "@alpes/shared/http/time.ts";
import { abrirSesion, atributos, type DepsSesion, quien } from "../abrir_sesion.ts";
import { exigirMismoSitio, exigirPrueba, galleta, sesionDe } from "../identidad.ts";
import type { Emisor } from "../ports.ts";
import type { Sesion } from "../sello.ts";
import { ENTRAR } from "./entrar.ts";
import { llamadaDe } from "./llamada.ts";
import { NEGADOS, problemaDe } from "./negar.ts";

const tags = ["sesión"];
/** Where a sign-in link leads. */
const CONSOLA = "/";

/**
 * Throws where a browser says that nobody goes there: a picture or a frame of some page, which would make it somebody
 * without a word, or one that looks ahead, which would use the code up.
 */
function exigirVisita(c: Context<Env>): void {
  const va = (c.req.header("sec-fetch-dest") ?? "document") === "document";
  const mira = c.req.header("sec-purpose") !== undefined || c.req.raw.method === "HEAD";
  if (!va || mira) throw new Problem("sesion_ajena");
}

const SesionSchema = z.object({
  modo: z.enum(["ninguna", "claves", "oidc"]),
  identidad: IdentidadSchema.nullable().openapi({ description: "who the caller is; null: nobody yet" }),
  csrf: z.string().nullable().openapi({
    description: "to be sent in X-CSRF-Token with everything that changes something",
  }),
  hasta: InstantSchema.nullable(),
  entrada: z.string().nullable().openapi({
    description: "where a browser goes to sign in with the identity provider; null: there is none",
  }),
}).openapi("Sesion");
type SesionJson = z.infer<typeof SesionSchema>;

const ver = createRoute({
  method: "get",
  path: "/sesion",
  tags,
  security: [],
  operationId: "bffVerSesion",
  summary: "Who the caller is",
  responses: { 200: json(SesionSchema, "The caller, or nobody"), ...NEGADOS },
});
const entrar = createRoute({
  method: "post",
  path: "/sesion",
  tags,
  security: [],
  operationId: "bffEntrar",
  summary: "Signs a browser in with a credential (a key or a JWT), or with the code of a link",
  request: {
    body: {
      required: true,
      content: {
        "application/json": {
          schema: z.strictObject({
            credencial: texto(1, 8_192).optional(),
            codigo: texto(1, 100).optional(),
          }).refine((b) => (b.credencial === undefined) !== (b.codigo === undefined), {
            path: ["credencial"],
            error: both(
              "hace falta credencial o codigo, uno de los dos",
              "either credencial or codigo is needed",
            ),
          }).openapi("Entrada", { example: { credencial: "alp_…" } }),
        },
      },
    },
  },
  responses: { 201: json(SesionSchema, "The session, in a cookie"), ...NEGADOS },
});
const enlace = createRoute({
  method: "get",
  path: "/sesion/enlace",
  tags,
  security: [],
  operationId: "bffEntrarPorEnlace",
  summary: "Signs in with the code of a link, once, and leads to the console",
  request: { query: z.object({ codigo: texto(1, 100) }) },
  responses: { 303: { description: "Signed in" }, ...NEGADOS },
});
const salir = createRoute({
  method: "delete",
  path: "/sesion",
  tags,
  security: [],
  operationId: "bffSalir",
  summary: "Ends the browser's session",
  responses: { 204: { description: "It is over" }, ...NEGADOS, ...problems(403) },
});

export interface DepsRutasSesion extends DepsSesion {
  /** Whether people sign in at another system's page. */
  readonly emisor: Emisor | null;
}

/** The console's session: a credential, sealed in a cookie that no script can read. */
export function sesionRoutes(d: DepsRutasSesion): Router {
  const router = createRouter();
  const entrada = d.emisor === null ? null : ENTRAR;
  const nadie: SesionJson = { modo: d.modo, identidad: null, csrf: null, hasta: null, entrada };
  const sesionJson = (s: Sesion, identidad: IdentidadJson): SesionJson => ({
    modo: d.modo,
    identidad,
    csrf: s.csrf,
    hasta: new Date(s.hasta).toISOString(),
    entrada,
  });
  async function abrir(c: Context<Env>, credencial: string): Promise<SesionJson> {
    const r = await abrirSesion(c, d, credencial);
    if (r.tipo === "abierta") return sesionJson(r.sesion, r.identidad);
    if (r.tipo === "desconocida") throw unauthenticated();
    throw invalidField("credencial", both("es demasiado larga para una sesión", "is too long for a session"));
  }
  async function canjear(c: Context<Env>, codigo: string): Promise<string> {
    const r = await d.identidades.canjear(codigo, llamadaDe(c, d.plazoMs));
    if (r.ok) return r.value.valor.clave;
    throw r.error.tipo === "rechazo" && r.error.status < 429 ? unauthenticated() : problemaDe(r.error);
  }
  router.openapi(ver, async (c) => {
    c.header("Cache-Control", "no-store");
    if (d.modo === "ninguna") {
      const actor = await actorFromHeader(c);
      const identidad = "roles" in actor ? { ...actor, roles: [...actor.roles] } : actor;
      return c.json({ ...nadie, identidad }, 200);
    }
    const header = c.req.header("authorization");
    if (header !== undefined) {
      const credencial = bearer(header);
      return c.json({ ...nadie, identidad: credencial === null ? null : await quien(c, d, credencial) }, 200);
    }
    const sesion = await sesionDe(c, d);
    const identidad = sesion === null ? null : await quien(c, d, sesion.credencial);
    return c.json(sesion === null || identidad === null ? nadie : sesionJson(sesion, identidad), 200);
  });

  router.openapi(entrar, async (c) => {
    if (d.modo === "ninguna") throw new Problem("sesion_innecesaria");
    exigirMismoSitio(c);
    c.header("Cache-Control", "no-store");
    const { credencial, codigo } = c.req.valid("json");
    const dada = credencial ?? await canjear(c, codigo ?? "");
    if (bearer(`Bearer ${dada}`) === null) throw unauthenticated();
    return c.json(await abrir(c, dada), 201);
  });

  router.openapi(enlace, async (c) => {
    if (d.modo === "ninguna") throw new Problem("sesion_innecesaria");
    exigirVisita(c);
    c.header("Cache-Control", "no-store");
    await abrir(c, await canjear(c, c.req.valid("query").codigo));
    return c.redirect(CONSOLA, 303);
  });

  router.openapi(salir, async (c) => {
    ifMatch(c); // a session has no versions, but what is malformed is told
    const sesion = await sesionDe(c, d);
    if (sesion !== null) exigirPrueba(c, sesion);
    deleteCookie(c, galleta(c, "alpes_sesion"), atributos(c, d));
    return c.body(null, 204);
  });
  return router;
}
