import { createRoute, z } from "@hono/zod-openapi";
import {
  AplicarLiquidacionEntrada,
  DescartarLiquidacionEntrada,
  ExclusionLiquidacionSchema,
  FiltroExclusiones,
  FiltroLineas,
  FiltroLiquidaciones,
  LineaLiquidacionSchema,
  LiquidacionAceptadaSchema,
  LiquidacionDetalleSchema,
  LiquidacionEntrada,
  LiquidacionSchema,
} from "@alpes/shared/contracts/liquidaciones.ts";
import { idSchema } from "@alpes/shared/http/fields.ts";
import { json, jsonBody } from "@alpes/shared/http/media.ts";
import { guardedBy } from "@alpes/shared/http/operation.ts";
import { listing, listSchema } from "@alpes/shared/http/pagination.ts";
import { problems } from "@alpes/shared/http/problem.ts";

const tags = ["pagos"];
/** A page as JSON, or all of it as CSV: whichever is accepted. */
const tabla = <S extends z.ZodType>(schema: S, description: string) => ({
  description,
  content: { "application/json": { schema: listSchema(schema) }, "text/csv": { schema: z.string() } },
});
const params = z.object({ id: idSchema() });
const ESCRITURA = [400, 403, 409, 413, 415, 422, 503] as const;

export const lista = listing({ fecha: "time" }, FiltroLiquidaciones);
export const listaLineas = listing({ partner_id: "text", monto: "decimal" }, FiltroLineas);
export const listaExclusiones = listing({ partner_id: "text", monto: "decimal" }, FiltroExclusiones);

export const calcular = createRoute({
  method: "post",
  path: "/liquidaciones",
  tags,
  operationId: "calcularLiquidacion",
  ...guardedBy("liquidaciones.calcular"),
  summary: "Plans a payout run; nothing else changes",
  request: { body: jsonBody(LiquidacionEntrada) },
  responses: {
    201: json(LiquidacionSchema, "The plan"),
    200: json(LiquidacionSchema, "The same run stood already"),
    ...problems(...ESCRITURA),
  },
});
export const listar = createRoute({
  method: "get",
  path: "/liquidaciones",
  tags,
  operationId: "listarLiquidaciones",
  ...guardedBy("liquidaciones.leer"),
  summary: "Payout runs, newest first",
  request: { query: lista.query },
  responses: { 200: json(listSchema(LiquidacionSchema), "A page of runs"), ...problems(400, 403) },
});
export const obtener = createRoute({
  method: "get",
  path: "/liquidaciones/{id}",
  tags,
  operationId: "obtenerLiquidacion",
  ...guardedBy("liquidaciones.leer"),
  summary: "One run: its totals, how it differs from the one before, and how far it is applied",
  request: { params },
  responses: { 200: json(LiquidacionDetalleSchema, "The run"), ...problems(400, 403, 404) },
});
export const lineas = createRoute({
  method: "get",
  path: "/liquidaciones/{id}/lineas",
  tags,
  operationId: "lineasDeLiquidacion",
  ...guardedBy("liquidaciones.leer"),
  summary: "Who is paid what; all of it as CSV when that is accepted",
  request: { params, query: listaLineas.query },
  responses: { 200: tabla(LineaLiquidacionSchema, "A page of lines"), ...problems(400, 403, 404) },
});
export const exclusiones = createRoute({
  method: "get",
  path: "/liquidaciones/{id}/exclusiones",
  tags,
  operationId: "exclusionesDeLiquidacion",
  ...guardedBy("liquidaciones.leer"),
  summary: "Who is not paid, and why; all of it as CSV when that is accepted",
  request: { params, query: listaExclusiones.query },
  responses: { 200: tabla(ExclusionLiquidacionSchema, "A page of exclusions"), ...problems(400, 403, 404) },
});
export const aprobar = createRoute({
  method: "post",
  path: "/liquidaciones/{id}/aprobar",
  tags,
  operationId: "aprobarLiquidacion",
  ...guardedBy("liquidaciones.aprobar"),
  summary: "Approves a plan: somebody else than its author, and nobody whom it pays",
  request: { params },
  responses: { 200: json(LiquidacionSchema, "Approved"), ...problems(404, ...ESCRITURA) },
});
export const descartar = createRoute({
  method: "post",
  path: "/liquidaciones/{id}/descartar",
  tags,
  operationId: "descartarLiquidacion",
  ...guardedBy("liquidaciones.descartar"),
  summary: "Gives up a plan that is not applied",
  request: { params, body: jsonBody(DescartarLiquidacionEntrada) },
  responses: { 200: json(LiquidacionSchema, "Discarded"), ...problems(404, ...ESCRITURA) },
});
export const aplicar = createRoute({
  method: "post",
  path: "/liquidaciones/{id}/aplicar",
  tags,
  operationId: "aplicarLiquidacion",
  ...guardedBy("liquidaciones.aplicar"),
  summary: "Pays exactly what the plan says; 412 with the rows that changed when it is no longer true",
  request: { params, body: { ...jsonBody(AplicarLiquidacionEntrada), required: false } },
  responses: {
    202: json(LiquidacionAceptadaSchema, "Its payouts are made, and will be confirmed; again: nothing more"),
    ...problems(404, 412, ...ESCRITURA),
  },
});
