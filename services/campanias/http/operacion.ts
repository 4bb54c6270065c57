import { createRoute, z } from "@hono/zod-openapi";
import {
  CampaniaIdParams,
  ESTADOS_SAGA,
  ProyeccionesSchema,
  ProyeccionSchema,
  SagaOperacionSchema,
} from "@alpes/shared/contracts/campanias.ts";
import { idSchema } from "@alpes/shared/http/fields.ts";
import { listing, listSchema } from "@alpes/shared/http/pagination.ts";
import { problems } from "@alpes/shared/http/problem.ts";
import { responder } from "@alpes/shared/http/respond.ts";
import { createRouter, type Router } from "@alpes/shared/http/router.ts";
import { actorName } from "@alpes/shared/seedwork/actor.ts";
import type { ComandosCampanias } from "../application/comandos.ts";
import type { ConsultasCampanias } from "../application/consultas.ts";
import type { Reconstructor } from "../application/ports.ts";
import { FALLAS_CAMPANIAS, rechazo } from "./fallas.ts";
import { proyeccionJson, sagaOperacionJson } from "./presentar.ts";

const { refuse, write } = responder(FALLAS_CAMPANIAS);
const tags = ["operación"];
const json = <S extends z.ZodType>(schema: S, description: string) => ({
  description,
  content: { "application/json": { schema } },
});

const sagasLista = listing({ actualizada: "time" }, { estado: z.enum(ESTADOS_SAGA).optional() });
const sagas = createRoute({
  method: "get",
  path: "/sagas",
  tags,
  operationId: "sagasCampanias",
  summary: "Sagas, the last touched first; `estado=REQUIERE_INTERVENCION` are those that wait for a person",
  request: { query: sagasLista.query },
  responses: { 200: json(listSchema(SagaOperacionSchema), "A page of sagas"), ...problems(400) },
});
const reintentar = createRoute({
  method: "post",
  path: "/sagas/{id}/reintentar",
  tags,
  operationId: "reintentarSagaCampania",
  summary: "Asks once more for the money that a stopped compensation waits for",
  request: { params: CampaniaIdParams },
  responses: {
    202: json(z.object({ status: z.literal("accepted"), idCampania: z.string() }), "It was asked for again"),
    ...problems(400, 404, 409, 412, 415, 422, 503),
  },
});
const proyecciones = createRoute({
  method: "get",
  path: "/proyecciones",
  tags,
  operationId: "proyeccionesCampanias",
  summary: "The projections, and how far a rebuild is",
  responses: { 200: json(ProyeccionesSchema, "The projections"), ...problems(400) },
});
const reconstruir = createRoute({
  method: "post",
  path: "/proyecciones/{nombre}/reconstruir",
  tags,
  operationId: "reconstruirProyeccionCampanias",
  summary: "Makes a projection again from the events, while it serves; under way already, it goes on",
  request: { params: z.object({ nombre: idSchema() }) },
  responses: { 202: json(ProyeccionSchema, "It is under way"), ...problems(400, 404, 409, 415, 422, 503) },
});

export interface DepsOperacion {
  readonly comandos: Pick<ComandosCampanias, "reintentar">;
  readonly consultas: Pick<ConsultasCampanias, "sagas">;
  readonly reconstructor: Pick<Reconstructor, "proyecciones" | "empezar">;
  /** There is a rebuild to be done. */
  readonly despertar: () => void;
}

/** Everything of this module's own under `/campanias/operacion`. */
export function operacionRoutes({ comandos, consultas, reconstructor, despertar }: DepsOperacion): Router {
  const router = createRouter();

  router.openapi(sagas, async (c) => {
    const pedido = c.req.valid("query");
    const page = await consultas.sagas({ ...pedido, filters: { estado: pedido.filters.estado ?? null } });
    return c.json(
      { data: page.rows.map(sagaOperacionJson), pagination: sagasLista.pagination(pedido, page) },
      200,
    );
  });
  router.openapi(reintentar, (c) => {
    const { id } = c.req.valid("param");
    return write(c, {
      run: (x) => comandos.reintentar(x, id),
      ok: () => ({ status: 202 as const, body: { status: "accepted" as const, idCampania: id } }),
      refused: rechazo,
    });
  });

  router.openapi(proyecciones, async (c) => {
    const todas = await reconstructor.proyecciones();
    return c.json({ data: todas.map(proyeccionJson) }, 200);
  });
  router.openapi(reconstruir, async (c) => {
    const p = await reconstructor.empezar(c.req.valid("param").nombre, actorName(c.var.actor));
    if (p === null) return refuse(c, "no_encontrado");
    despertar();
    return c.json(proyeccionJson(p), 202);
  });
  return router;
}
