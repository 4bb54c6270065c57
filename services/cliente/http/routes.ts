import { createRoute } from "@hono/zod-openapi";
import {
  ClienteHalladoSchema,
  ClienteSchema,
  EstadisticasClientesSchema,
  HistorialClienteSchema,
} from "@alpes/shared/contracts/cliente.ts";
import { EdicionClienteSchema, RegistroClienteSchema } from "@alpes/shared/contracts/cliente_registro.ts";
import { etag, ifMatch } from "@alpes/shared/http/etag.ts";
import { bodyFingerprint } from "@alpes/shared/http/idempotency.ts";
import { json, jsonBody } from "@alpes/shared/http/media.ts";
import { listSchema } from "@alpes/shared/http/pagination.ts";
import { guardedBy } from "@alpes/shared/http/operation.ts";
import { problems } from "@alpes/shared/http/problem.ts";
import { responder } from "@alpes/shared/http/respond.ts";
import { createRouter, type Router } from "@alpes/shared/http/router.ts";
import { instantText } from "@alpes/shared/http/time.ts";
import { actorName } from "@alpes/shared/seedwork/actor.ts";
import type { NewId } from "@alpes/shared/seedwork/ids.ts";
import { serieJson, SerieQuery, SerieSchema } from "@alpes/shared/contracts/series.ts";
import { type ComandosCliente, unicos } from "../application/comandos.ts";
import type { ConsultasCliente } from "../application/consultas.ts";
import type { Vista } from "../application/ports.ts";
import { FALLAS_CLIENTE, rechazo } from "./fallas.ts";
import type { importarClientes } from "../application/importar.ts";
import { rutasDeImportaciones } from "./importaciones.ts";
import {
  clienteJson,
  ficha,
  Id,
  lista,
  MotivoEnDireccion,
  MotivoObligatorio,
  MotivoOpcional,
  parchada,
  ParcheSchema,
} from "./schemas.ts";

const { deny, write } = responder(FALLAS_CLIENTE);
const tags = ["cliente"];
const UNO = json(ClienteSchema, "The cliente");

const registrar = createRoute({
  method: "post",
  path: "/registrar",
  tags,
  operationId: "registrarCliente",
  ...guardedBy("cliente.registrar"),
  summary: "Registers a person or a company",
  request: { body: jsonBody(RegistroClienteSchema) },
  responses: {
    201: json(ClienteSchema, "Registered"),
    200: json(ClienteSchema, "The same registration stood already"),
    ...problems(400, 403, 409, 413, 415, 422, 503),
  },
});
const obtener = createRoute({
  method: "get",
  path: "/{id}",
  tags,
  operationId: "obtenerCliente",
  ...guardedBy("cliente.leer"),
  summary: "One cliente",
  request: { params: Id },
  responses: { 200: UNO, ...problems(400, 403, 404) },
});
const listar = createRoute({
  method: "get",
  path: "/",
  tags,
  operationId: "listarClientes",
  ...guardedBy("cliente.leer"),
  summary: "Clientes, filtered and searched; newest first",
  request: { query: lista.query },
  responses: { 200: json(listSchema(ClienteHalladoSchema), "A page of clientes"), ...problems(400, 403) },
});
const estadisticas = createRoute({
  method: "get",
  path: "/estadisticas",
  tags,
  operationId: "estadisticasClientes",
  ...guardedBy("cliente.leer"),
  summary: "How many there are, by estado and by kind",
  responses: { 200: json(EstadisticasClientesSchema, "The counts"), ...problems(400, 403) },
});
const serie = createRoute({
  method: "get",
  path: "/estadisticas/series",
  tags,
  operationId: "serieClientes",
  ...guardedBy("cliente.leer"),
  summary: "How many registered, day by day, and in as many days before",
  request: { query: SerieQuery },
  responses: { 200: json(SerieSchema, "The trend"), ...problems(400, 403) },
});
const historial = createRoute({
  method: "get",
  path: "/{id}/historial",
  tags,
  operationId: "historialCliente",
  ...guardedBy("cliente.leer"),
  summary: "Who decided what about it, and why; oldest first",
  request: { params: Id },
  responses: { 200: json(HistorialClienteSchema, "The decisions"), ...problems(400, 403, 404) },
});
const editar = createRoute({
  method: "put",
  path: "/{id}",
  tags,
  operationId: "editarCliente",
  ...guardedBy("cliente.editar"),
  summary: "Replaces its data; what is absent becomes null",
  request: { params: Id, body: jsonBody(EdicionClienteSchema) },
  responses: { 200: UNO, ...problems(400, 403, 404, 409, 412, 413, 415, 422, 503) },
});
const parchar = createRoute({
  method: "patch",
  path: "/{id}",
  tags,
  operationId: "parcharCliente",
  ...guardedBy("cliente.editar"),
  summary: "Changes some of its data; null empties a field",
  request: { params: Id, body: jsonBody(ParcheSchema) },
  responses: { 200: UNO, ...problems(400, 403, 404, 409, 412, 413, 415, 422, 503) },
});
const eliminar = createRoute({
  method: "delete",
  path: "/{id}",
  tags,
  operationId: "desactivarCliente",
  ...guardedBy("cliente.decidir"),
  summary: "Makes it INACTIVO; nothing is erased",
  request: { params: Id, query: MotivoEnDireccion },
  responses: { 204: { description: "It is INACTIVO" }, ...problems(400, 403, 404, 409, 412, 422, 503) },
});
const suspender = createRoute({
  method: "post",
  path: "/{id}/suspender",
  tags,
  operationId: "suspenderCliente",
  ...guardedBy("cliente.decidir"),
  summary: "Suspends it, for a reason",
  request: { params: Id, body: jsonBody(MotivoObligatorio) },
  responses: { 200: UNO, ...problems(400, 403, 404, 409, 412, 413, 415, 422, 503) },
});
const reactivar = createRoute({
  method: "post",
  path: "/{id}/reactivar",
  tags,
  operationId: "reactivarCliente",
  ...guardedBy("cliente.decidir"),
  summary: "Makes it ACTIVO again",
  request: { params: Id, body: { ...jsonBody(MotivoOpcional), required: false } },
  responses: { 200: UNO, ...problems(400, 403, 404, 409, 412, 413, 415, 422, 503) },
});

export interface DepsCliente {
  readonly comandos: ComandosCliente;
  readonly importar: ReturnType<typeof importarClientes>;
  readonly consultas: ConsultasCliente;
  readonly newId: NewId;
}

/** Everything under `/cliente`. */
export function clienteRoutes({ comandos, importar, consultas, newId }: DepsCliente): Router {
  const router = createRouter();
  rutasDeImportaciones(router, importar);
  const unCliente = (v: Vista) => ({ status: 200 as const, body: clienteJson(v), etag: etag(v.version) });

  router.openapi(registrar, async (c) => {
    const { id = newId(), ...registro } = c.req.valid("json");
    const huella = await bodyFingerprint(c);
    return write(c, {
      run: (context) => comandos.registrar(context, id, ficha(registro), huella),
      ok: ({ cliente, creado }) => ({
        status: creado ? 201 as const : 200 as const,
        body: clienteJson(cliente),
        etag: etag(cliente.version),
        location: `/cliente/${encodeURIComponent(cliente.id)}`,
      }),
      refused: rechazo,
    });
  });

  router.openapi(listar, async (c) => {
    const pedido = c.req.valid("query");
    const { search = null, estado = null, tipo_cliente = null, ids = null, desde = null, hasta = null } =
      pedido.filters;
    const r = await consultas.listar(c.var.actor, {
      ...pedido,
      filters: { search, estado, tipo_cliente, ids, desde, hasta, aproximada: pedido.filters.aproximada },
    });
    if (!r.ok) return deny(c, r.error);
    const data = r.value.rows.map(clienteJson);
    return c.json({ data, pagination: lista.pagination(pedido, r.value) }, 200);
  });
  router.openapi(estadisticas, async (c) => {
    const r = await consultas.estadisticas(c.var.actor);
    return r.ok ? c.json(r.value, 200) : deny(c, r.error);
  });

  router.openapi(serie, async (c) => {
    const r = await consultas.serie(c.var.actor, c.req.valid("query").dias);
    return r.ok ? c.json(serieJson(r.value), 200) : deny(c, r.error);
  });

  router.openapi(obtener, async (c) => {
    const r = await consultas.obtener(c.var.actor, c.req.valid("param").id);
    if (!r.ok) return deny(c, r.error);
    return c.json(clienteJson(r.value), 200, { ETag: etag(r.value.version) });
  });
  router.openapi(historial, async (c) => {
    const r = await consultas.historial(c.var.actor, c.req.valid("param").id);
    if (!r.ok) return deny(c, r.error);
    const data = r.value.map(({ correlacion, fecha, ...f }) => ({
      ...f,
      solicitud: correlacion,
      fecha: instantText(fecha),
    }));
    return c.json({ data }, 200);
  });

  router.openapi(editar, (c) => {
    const nueva = ficha(c.req.valid("json"));
    const { id } = c.req.valid("param");
    const version = ifMatch(c);
    return write(c, {
      run: (context) => comandos.actualizar(context, id, () => nueva, unicos(nueva), version),
      ok: unCliente,
      refused: rechazo,
    });
  });
  router.openapi(parchar, (c) => {
    const parche = c.req.valid("json");
    const { id } = c.req.valid("param");
    const version = ifMatch(c);
    return write(c, {
      run: (context) =>
        comandos.actualizar(context, id, (antes) => parchada(antes, parche), unicos(parche), version),
      ok: unCliente,
      refused: rechazo,
    });
  });
  router.openapi(eliminar, (c) => {
    const { id } = c.req.valid("param");
    const { motivo = `eliminado por ${actorName(c.var.actor)}` } = c.req.valid("query");
    const version = ifMatch(c);
    return write(c, {
      run: (context) => comandos.desactivar(context, id, motivo, version),
      ok: () => ({ status: 204 as const, body: null }),
      refused: rechazo,
    });
  });
  router.openapi(suspender, (c) => {
    const { id } = c.req.valid("param");
    const { motivo } = c.req.valid("json");
    const version = ifMatch(c);
    return write(c, {
      run: (context) => comandos.suspender(context, id, motivo, version),
      ok: unCliente,
      refused: rechazo,
    });
  });
  router.openapi(reactivar, (c) => {
    const { id } = c.req.valid("param");
    const motivo = c.req.valid("json")?.motivo ?? null;
    const version = ifMatch(c);
    return write(c, {
      run: (context) => comandos.reactivar(context, id, motivo, version),
      ok: unCliente,
      refused: rechazo,
    });
  });
  return router;
}
