import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { ROLES } from "@alpes/shared/http/actor.ts";
import { type Catalogue, fault } from "@alpes/shared/http/catalogue.ts";
import type { Env } from "@alpes/shared/http/env.ts";
import { texto } from "@alpes/shared/http/fields.ts";
import { both } from "@alpes/shared/http/locale.ts";
import { listing, listSchema } from "@alpes/shared/http/pagination.ts";
import { guardedBy } from "@alpes/shared/http/operation.ts";
import { problems } from "@alpes/shared/http/problem.ts";
import { responder } from "@alpes/shared/http/respond.ts";
import { createRouter, type Router } from "@alpes/shared/http/router.ts";
import { InstantSchema, instantText } from "@alpes/shared/http/time.ts";
import { ID_PATTERN } from "@alpes/shared/seedwork/ids.ts";
import type { KeyDesk, KeyOrder, KeyRefusal, KeyView } from "./key_desk.ts";
import { json, jsonBody } from "../http/media.ts";

/** What an order over keys can be refused with; belongs into the catalogues of the app. */
export const KEY_FAULTS = {
  clave_no_vigente: fault(409, [
    "La clave ya no está vigente",
    "La clave expiró o ya se revocó; el detalle dice cuál de las dos.",
    "Consulte GET /cliente/operacion/claves, o cree otra.",
  ], [
    "The key is no longer good",
    "The key has expired or was revoked before; the detail says which.",
    "Read GET /cliente/operacion/claves, or make another.",
  ]),
} as const satisfies Catalogue;

const { refuse } = responder(KEY_FAULTS);
const tags = ["operación"];

const ClaveSchema = z.object({
  id: z.string(),
  nombre: z.string(),
  roles: z.array(z.enum(ROLES)),
  cliente: z.string().nullable(),
  estado: z.enum(["VIGENTE", "EXPIRADA", "REVOCADA"]),
  creada: InstantSchema,
  creada_por: z.string(),
  expira: InstantSchema,
  revocada: InstantSchema.nullable(),
  revocada_por: z.string().nullable(),
  ultima: InstantSchema.nullable().openapi({ description: "when it was last used, to the hour" }),
  sustituye: z.string().nullable().openapi({ description: "the key that it takes over from" }),
}).openapi("Clave");
const ClaveHechaSchema = ClaveSchema.extend({
  clave: z.string().openapi({ description: "the key itself; nobody can show it again", example: "alp_…" }),
}).openapi("ClaveHecha");

const dias = z.int().min(1).max(366).openapi({ description: "how many days it is good" });
const NuevaClaveSchema = z.strictObject({
  nombre: texto(1, 100),
  roles: z.array(z.enum(ROLES)).min(1).max(ROLES.length),
  cliente: z.string().regex(ID_PATTERN).nullish().openapi({
    description: "the cliente that a partner stands for",
  }),
  dias: dias.default(90),
}).openapi("NuevaClave", { example: { nombre: "conciliación nocturna", roles: ["auditor"], dias: 90 } });
const Id = z.object({ id: z.string().regex(/^[0-9a-z]{16}$/) });

const lista = listing({ creada: "time" }, {});
const ONCE =
  "The answer is not kept under an Idempotency-Key, since it holds a secret: a repeat makes another key.";

const listar = createRoute({
  method: "get",
  path: "/",
  tags,
  operationId: "listarClaves",
  ...guardedBy("claves.administrar"),
  summary: "API keys, newest first; never the keys themselves",
  request: { query: lista.query },
  responses: { 200: json(listSchema(ClaveSchema), "A page of keys"), ...problems(400, 403, 503) },
});
const crear = createRoute({
  method: "post",
  path: "/",
  tags,
  operationId: "crearClave",
  ...guardedBy("claves.administrar"),
  summary: "Makes a key and shows it, once",
  description: ONCE,
  request: { body: jsonBody(NuevaClaveSchema) },
  responses: { 201: json(ClaveHechaSchema, "The key"), ...problems(400, 403, 413, 415, 422, 503) },
});
const rotar = createRoute({
  method: "post",
  path: "/{id}/rotar",
  tags,
  operationId: "rotarClave",
  ...guardedBy("claves.administrar"),
  summary: "Makes a key that may do the same; the old one stays good until it is revoked",
  description: ONCE,
  request: { params: Id, body: jsonBody(z.strictObject({ dias: dias.nullish() }), false) },
  responses: {
    201: json(ClaveHechaSchema, "The new key"),
    ...problems(400, 403, 404, 409, 413, 415, 422, 503),
  },
});
const revocar = createRoute({
  method: "post",
  path: "/{id}/revocar",
  tags,
  operationId: "revocarClave",
  ...guardedBy("claves.administrar"),
  summary: "Ends a key within five seconds",
  request: { params: Id },
  responses: {
    200: json(ClaveSchema, "It is revoked"),
    ...problems(400, 403, 404, 409, 413, 415, 422, 503),
  },
});
const canjear = createRoute({
  method: "post",
  path: "/canjear",
  tags,
  security: [],
  operationId: "canjearEnlace",
  summary: "Exchanges the code of a sign-in link, once, for a key of a few hours",
  request: { body: jsonBody(z.strictObject({ codigo: texto(1, 100) }).openapi("Canje")) },
  responses: { 201: json(ClaveHechaSchema, "The key"), ...problems(400, 401, 413, 415, 422, 503) },
});

/** The address that needs no identity: its code is one. */
export const KEYS_OPEN = /^\/cliente\/operacion\/claves\/canjear$/;

/** What an admin does with keys, under `/cliente/operacion/claves`. */
export function keysRoutes(desk: KeyDesk): Router {
  const router = createRouter();
  router.openapi(listar, async (c) => {
    const request = c.req.valid("query");
    const r = await desk.listar(order(c), request);
    if (!r.ok) return refuse(c, "prohibido");
    return c.json(
      { data: r.value.rows.map(keyJson), pagination: lista.pagination(request, r.value) },
      200,
    );
  });
  router.openapi(crear, async (c) => {
    const { nombre, roles, cliente = null, dias } = c.req.valid("json");
    const r = await desk.crear(order(c), { nombre, roles: [...new Set(roles)], cliente }, dias);
    if (!r.ok) {
      return r.error.tipo === "prohibido" ? refuse(c, "prohibido") : refuse(c, "validacion", {
        errores: [{ campo: "cliente", mensaje: CLIENTE[r.error.tipo] }],
      });
    }
    return c.json({ ...keyJson(r.value), clave: r.value.clave }, 201, SECRET);
  });
  router.openapi(rotar, async (c) => {
    const { dias = null } = c.req.valid("json") ?? {};
    const r = await desk.rotar(order(c), c.req.valid("param").id, dias);
    if (!r.ok) return refusedKey(c, r.error);
    return c.json({ ...keyJson(r.value), clave: r.value.clave }, 201, SECRET);
  });
  router.openapi(revocar, async (c) => {
    const r = await desk.revocar(order(c), c.req.valid("param").id);
    return r.ok ? c.json(keyJson(r.value), 200) : refusedKey(c, r.error);
  });
  router.openapi(canjear, async (c) => {
    const r = await desk.canjear(c.req.valid("json").codigo, c.var.requestId);
    if (!r.ok) return refuse(c, "no_autenticado");
    return c.json({ ...keyJson(r.value), clave: r.value.clave }, 201, SECRET);
  });
  return router;
}

const SECRET = { "Cache-Control": "no-store" };
const CLIENTE = {
  sin_cliente: both("es obligatorio para el rol partner", "is required for the role partner"),
  cliente_de_mas: both("solo va con el rol partner", "goes with the role partner only"),
};

const order = (c: Context<Env>): KeyOrder => ({ actor: c.var.actor, correlation_id: c.var.requestId });

function refusedKey(
  c: Context<Env>,
  x: Extract<KeyRefusal, { tipo: "prohibido" | "no_existe" | "no_vigente" }>,
) {
  if (x.tipo === "prohibido") return refuse(c, "prohibido");
  if (x.tipo === "no_existe") return refuse(c, "no_encontrado");
  const detalle = both(`La clave está ${x.estado}.`, `The key is ${x.estado}.`);
  return refuse(c, "clave_no_vigente", { detalle });
}

const keyJson = (k: KeyView) => ({
  id: k.id,
  nombre: k.nombre,
  roles: [...k.roles],
  cliente: k.cliente,
  estado: k.estado,
  creada: instantText(k.creada),
  creada_por: k.creada_por,
  expira: instantText(k.expira),
  revocada: k.revocada === null ? null : instantText(k.revocada),
  revocada_por: k.revocada_por,
  ultima: k.ultima === null ? null : instantText(k.ultima),
  sustituye: k.sustituye,
});
