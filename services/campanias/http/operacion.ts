import { createRoute, z } from "@hono/zod-openapi";
import {
  CampaniaIdParams,
  ESTADOS_SAGA,
  ProyeccionesSchema,
  ProyeccionSchema,
  SagaOperacionSchema,
} from "@alpes/shared/contracts/campanias.ts";
import { idSchema } from "@alpes/shared/http/fields.ts";
import { json } from "@alpes/shared/http/media.ts";
import { guardedBy, operationOf } from "@alpes/shared/http/operation.ts";
import { listing, listSchema } from "@alpes/shared/http/pagination.ts";
import { problems } from "@alpes/shared/http/problem.ts";
import { responder } from "@alpes/shared/http/respond.ts";
import { createRouter, type Router } from "@alpes/shared/http/router.ts";
import type { ComandosCampanias } from "../application/comandos.ts";
import type { ConsultasCampanias } from "../application/consultas.ts";
import type { Proyecciones } from "../application/proyecciones.ts";
import { FALLAS_CAMPANIAS, rechazo } from "./fallas.ts";
import { proyeccionJson, sagaOperacionJson } from "./presentar.ts";

const { deny, write } = responder(FALLAS_CAMPANIAS);
const tags = ["operación"];

const sagasLista = listing({ actualizada: "time" }, { estado: z.enum(ESTADOS_SAGA).optional() });
const sagas = createRoute({
  method: "get",
  path: "/sagas",
  tags,
  operationId: "sagasCampanias",
  ...guardedBy("sagas.leer"),
  summary: "Sagas, the last touched first; `estado=REQUIERE_INTERVENCION` are those that wait for a person",
  request: { query: sagasLista.query },
  responses: { 200: json(listSchema(SagaOperacionSchema), "A page of sagas"), ...problems(400, 403) },
});
const reintentar = createRoute({
  method: "post",
  path: "/sagas/{id}/reintentar",
  tags,
  operationId: "reintentarSagaCampania",
  ...guardedBy("sagas.reintentar"),
  summary: "Asks once more for the money that a stopped compensation waits for",
  request: { params: CampaniaIdParams },
  responses: {
    202: json(z.object({ status: z.literal("accepted"), idCampania: z.string() }), "It was asked for again"),
    ...problems(400, 403, 404, 409, 412, 415, 422, 503),
  },
});
const verProyecciones = createRoute({
  method: "get",
  path: "/proyecciones",
  tags,
  operationId: "proyeccionesCampanias",
  ...guardedBy("proyecciones.leer"),
  summary: "The projections, and how far a rebuild is",
  responses: { 200: json(ProyeccionesSchema, "The projections"), ...problems(400, 403) },
});
const reconstruir = createRoute({
  method: "post",
  path: "/proyecciones/{nombre}/reconstruir",
  tags,
  operationId: "reconstruirProyeccionCampanias",
  ...guardedBy("proyecciones.reconstruir"),
  summary: "Makes a projection again from the events, while it serves; under way already, it goes on",
  request: { params: z.object({ nombre: idSchema() }) },
  responses: {
    202: json(ProyeccionSchema, "It is under way"),
    ...problems(400, 403, 404, 409, 415, 422, 503),
  },
});

export interface DepsOperacion {
  readonly comandos: Pick<ComandosCampanias, "reintentar">;
  readonly consultas: Pick<ConsultasCampanias, "sagas">;
  readonly proyecciones: Proyecciones;
  /** There is a rebuild to be done. */
  readonly despertar: () => void;
}

/** Everything of this module's own under `/campanias/operacion`. */
export function operacionRoutes({ comandos, consultas, proyecciones, despertar }: DepsOperacion): Router {
  const router = createRouter();

  router.openapi(sagas, async (c) => {
    const pedido = c.req.valid("query");
    const filters = { estado: pedido.filters.estado ?? null };
    const r = await consultas.sagas(c.var.actor, { ...pedido, filters });
    if (!r.ok) return deny(c, r.error);
    const data = r.value.rows.map(sagaOperacionJson);
    return c.json({ data, pagination: sagasLista.pagination(pedido, r.value) }, 200);
  });
  router.openapi(reintentar, (c) => {
    const { id } = c.req.valid("param");
    return write(c, {
      run: (x) => comandos.reintentar(x, id),
      ok: () => ({ status: 202 as const, body: { status: "accepted" as const, idCampania: id } }),
      refused: rechazo,
    });
  });

  router.openapi(verProyecciones, async (c) => {
    const r = await proyecciones.todas(c.var.actor);
    return r.ok ? c.json({ data: r.value.map(proyeccionJson) }, 200) : deny(c, r.error);
  });
  router.openapi(reconstruir, async (c) => {
    const r = await proyecciones.reconstruir(c.var.actor, c.req.valid("param").nombre, {
      accion: operationOf(c),
      correlacion: c.var.requestId,
    });
    if (!r.ok) return deny(c, r.error);
    despertar();
    return c.json(proyeccionJson(r.value), 202);
  });
  return router;
}
