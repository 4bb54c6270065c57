import { SerieQuery, SerieSchema } from "@alpes/shared/contracts/series.ts";
import { createRoute, z } from "@hono/zod-openapi";
import {
  AprobarCampaniaSchema,
  CampaniaAceptadaSchema,
  CampaniaHalladaSchema,
  CampaniaIdParams,
  CampaniaSchema,
  CancelarCampaniaSchema,
  CrearCampaniaSchema,
  DecisionCampaniaSchema,
  EditarCampaniaSchema,
  EstadisticasCampaniasSchema,
  ESTADOS_CAMPANIA,
  EventosCampaniaSchema,
  MotivoCampaniaQuery,
  ReemplazarCampaniaSchema,
  SagaSchema,
  TipoCampaniaSchema,
} from "@alpes/shared/contracts/campanias.ts";
import { idSchema, texto } from "@alpes/shared/http/fields.ts";
import { json, jsonBody } from "@alpes/shared/http/media.ts";
import { guardedBy } from "@alpes/shared/http/operation.ts";
import { listing, listSchema } from "@alpes/shared/http/pagination.ts";
import { problems } from "@alpes/shared/http/problem.ts";
import { day, instant } from "@alpes/shared/http/time.ts";
import { ID_PATTERN } from "@alpes/shared/seedwork/ids.ts";

const tags = ["campanias"];
const params = CampaniaIdParams;
const UNA = json(CampaniaSchema, "The campaign");
const AL_ESCRIBIR = problems(400, 403, 404, 409, 412, 413, 415, 422, 503);

const listaDe = <T>(elemento: z.ZodType<T, string>, max: number) =>
  z.string().transform((s) => s.split(",")).pipe(z.array(elemento).max(max));

export const lista = listing({ fecha_creacion: "time", nombre: "text" }, {
  estado: listaDe(z.enum(ESTADOS_CAMPANIA), 5).optional()
    .openapi({
      type: "string",
      description: "One, or several separated by commas",
      example: "PENDIENTE,APROBADA",
    }),
  idCliente: idSchema().optional(),
  tipo_campania: TipoCampaniaSchema.optional(),
  desde: day.optional(),
  hasta: day.optional(),
  search: texto(1, 100).optional(),
  ids: listaDe(z.string().regex(ID_PATTERN), 100).optional()
    .openapi({ type: "string", description: "Up to 100 ids, separated by commas", example: "camp-1,camp-2" }),
  aproximada: z.stringbool({ truthy: ["true"], falsy: ["false"] }).default(false)
    .openapi({ type: "boolean", description: "Forgive one wrong letter, best first, with `relevancia`" }),
});

const crearEn = <const P extends string>(path: P, operationId: string) =>
  createRoute({
    method: "post",
    path,
    tags,
    operationId,
    ...guardedBy("campanias.crear"),
    summary: "Creates a campaign; its payment, if it has an anticipo, starts by itself",
    request: { body: jsonBody(CrearCampaniaSchema, true) },
    responses: {
      202: json(CampaniaAceptadaSchema, "Created, or it stood already with the same body"),
      ...problems(400, 403, 409, 413, 415, 422, 503),
    },
  });
export const crear = crearEn("/crear", "crearCampania");
export const crearPorComando = crearEn("/comandos/crear", "crearCampaniaPorComando");

export const listar = createRoute({
  method: "get",
  path: "/",
  tags,
  operationId: "listarCampanias",
  ...guardedBy("campanias.leer"),
  summary: "Campaigns, filtered and searched; newest first",
  request: { query: lista.query },
  responses: { 200: json(listSchema(CampaniaHalladaSchema), "A page of campaigns"), ...problems(400, 403) },
});
export const estadisticas = createRoute({
  method: "get",
  path: "/estadisticas",
  tags,
  operationId: "estadisticasCampanias",
  ...guardedBy("campanias.leer"),
  summary: "How many there are, by estado and type, and the share that was ever approved",
  request: { query: z.object({ idCliente: idSchema().optional() }) },
  responses: { 200: json(EstadisticasCampaniasSchema, "The counts"), ...problems(400, 403) },
});
export const serie = createRoute({
  method: "get",
  path: "/estadisticas/series",
  tags,
  operationId: "serieCampanias",
  ...guardedBy("campanias.leer"),
  summary: "How many were created, day by day, and in as many days before",
  request: { query: SerieQuery },
  responses: { 200: json(SerieSchema, "The trend"), ...problems(400, 403) },
});
export const obtener = createRoute({
  method: "get",
  path: "/{id}",
  tags,
  operationId: "obtenerCampania",
  ...guardedBy("campanias.leer"),
  summary: "One campaign, as it is or as it was at an instant",
  request: { params, query: z.object({ en: instant.optional() }) },
  responses: { 200: UNA, ...problems(400, 403, 404) },
});
export const eventos = createRoute({
  method: "get",
  path: "/{id}/eventos",
  tags,
  operationId: "eventosCampania",
  ...guardedBy("campanias.leer"),
  summary: "All that happened to it, versions 1..n",
  request: { params },
  responses: { 200: json(EventosCampaniaSchema, "Its events"), ...problems(400, 403, 404) },
});
export const saga = createRoute({
  method: "get",
  path: "/{id}/saga",
  tags,
  operationId: "sagaCampania",
  ...guardedBy("campanias.leer"),
  summary: "Where its payment, approval or compensation stands",
  request: { params },
  responses: { 200: json(SagaSchema, "Its saga"), ...problems(400, 403, 404) },
});
export const reemplazar = createRoute({
  method: "put",
  path: "/{id}",
  tags,
  operationId: "reemplazarCampania",
  ...guardedBy("campanias.editar"),
  summary:
    "Replaces what describes it; what is absent becomes null. `estado` makes the operator's step besides",
  request: { params, body: jsonBody(ReemplazarCampaniaSchema, true) },
  responses: { 200: UNA, ...AL_ESCRIBIR },
});
export const editar = createRoute({
  method: "patch",
  path: "/{id}",
  tags,
  operationId: "editarCampania",
  ...guardedBy("campanias.editar"),
  summary: "Changes some of what describes it; null empties a field. `estado` makes the operator's step",
  request: { params, body: jsonBody(EditarCampaniaSchema, true) },
  responses: { 200: UNA, ...AL_ESCRIBIR },
});
export const eliminar = createRoute({
  method: "delete",
  path: "/{id}",
  tags,
  operationId: "eliminarCampania",
  ...guardedBy("campanias.decidir"),
  summary: "Cancels it; it stays readable as CANCELADA",
  request: { params, query: MotivoCampaniaQuery },
  responses: { 204: { description: "It is CANCELADA" }, ...problems(400, 403, 404, 409, 412, 422, 503) },
});
export const aprobar = createRoute({
  method: "post",
  path: "/{id}/aprobar",
  tags,
  operationId: "aprobarCampania",
  ...guardedBy("campanias.decidir"),
  summary: "The operator's approval",
  request: { params, body: jsonBody(AprobarCampaniaSchema, false) },
  responses: { 200: UNA, ...AL_ESCRIBIR },
});
const decision = <const P extends string>(path: P, operationId: string, summary: string) =>
  createRoute({
    method: "post",
    path,
    tags,
    operationId,
    ...guardedBy("campanias.decidir"),
    summary,
    request: { params, body: jsonBody(DecisionCampaniaSchema, false) },
    responses: { 200: UNA, ...AL_ESCRIBIR },
  });
export const pausar = decision("/{id}/pausar", "pausarCampania", "Pauses an approved campaign");
export const reanudar = decision("/{id}/reanudar", "reanudarCampania", "Resumes a paused campaign");
export const finalizar = decision("/{id}/finalizar", "finalizarCampania", "Ends it for good");
export const cancelar = createRoute({
  method: "post",
  path: "/{id}/cancelar",
  tags,
  operationId: "cancelarCampania",
  ...guardedBy("campanias.decidir"),
  summary: "Cancels it, for a reason, and gives its payment back",
  request: { params, body: jsonBody(CancelarCampaniaSchema, true) },
  responses: { 200: UNA, ...AL_ESCRIBIR },
});
