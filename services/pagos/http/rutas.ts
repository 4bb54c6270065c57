import { SeriePagosSchema, SerieQuery } from "@alpes/shared/contracts/series.ts";
import { createRoute, z } from "@hono/zod-openapi";
import {
  AgregacionSchema,
  CicloSchema,
  ComandoPagoAceptadoSchema,
  EstadisticasPagosSchema,
  HistorialPagoSchema,
  PagoAceptadoSchema,
  PALABRAS_RESERVADAS_PAGOS,
  PayoutHalladoSchema,
  PayoutSchema,
  TransaccionesSchema,
  TransaccionSchema,
} from "@alpes/shared/contracts/pagos.ts";
import {
  CicloEntrada,
  CrearPagoEntrada,
  PagarEntrada,
  ReembolsarEntrada,
  RevertirEntrada,
  TransaccionEntrada,
  TransaccionesEntrada,
} from "@alpes/shared/contracts/pagos_entrada.ts";
import { FiltroPagos, FiltroTransacciones } from "@alpes/shared/contracts/pagos_filtros.ts";
import { idSchema } from "@alpes/shared/http/fields.ts";
import { json, jsonBody } from "@alpes/shared/http/media.ts";
import { guardedBy } from "@alpes/shared/http/operation.ts";
import { listing, listSchema } from "@alpes/shared/http/pagination.ts";
import { problems } from "@alpes/shared/http/problem.ts";

const tags = ["pagos"];
const Id = z.object({ id: idSchema(PALABRAS_RESERVADAS_PAGOS) });
const IdTransaccion = z.object({ id: idSchema() });
const ESCRITURA = [400, 403, 409, 413, 415, 422, 503] as const;

export const lista = listing(
  { fecha_creacion: "time", fecha_actualizacion: "time", monto_total: "integer" },
  FiltroPagos,
);
export const listaTransacciones = listing({ fecha: "time" }, FiltroTransacciones);
export const listaCiclos = listing({ inicio: "time" }, {});

export const pagar = createRoute({
  method: "post",
  path: "/pagar",
  tags,
  operationId: "pagar",
  ...guardedBy("pagos.pagar"),
  summary: "Pays a partner for a cycle, or a campaign; settled asynchronously",
  request: { body: jsonBody(PagarEntrada) },
  responses: { 202: json(PagoAceptadoSchema, "It will be settled"), ...problems(404, ...ESCRITURA) },
});
export const crear = createRoute({
  method: "post",
  path: "/comandos/crear",
  tags,
  operationId: "crearPago",
  ...guardedBy("pagos.pagar"),
  summary: "Pays for a campaign, under an id of the caller's",
  request: { body: jsonBody(CrearPagoEntrada) },
  responses: { 202: json(ComandoPagoAceptadoSchema, "It will be settled"), ...problems(404, ...ESCRITURA) },
});
export const obtener = createRoute({
  method: "get",
  path: "/{id}",
  tags,
  operationId: "obtenerPago",
  ...guardedBy("pagos.leer"),
  summary: "One payment, with its transactions and attempts",
  request: { params: Id },
  responses: { 200: json(PayoutSchema, "The payment"), ...problems(400, 403, 404) },
});
export const listar = createRoute({
  method: "get",
  path: "/",
  tags,
  operationId: "listarPagos",
  ...guardedBy("pagos.leer"),
  summary: "Payments, filtered; newest first, with the sums over the whole filtered set",
  request: { query: lista.query },
  responses: {
    200: json(
      listSchema(PayoutHalladoSchema).extend({ agregaciones: z.array(AgregacionSchema) }),
      "A page of payments",
    ),
    ...problems(400, 403),
  },
});
export const estadisticas = createRoute({
  method: "get",
  path: "/estadisticas",
  tags,
  operationId: "estadisticasPagos",
  ...guardedBy("pagos.leer"),
  summary: "Counts and sums by estado and currency, of all payments or of those that a filter leaves",
  request: { query: z.object(FiltroPagos) },
  responses: { 200: json(EstadisticasPagosSchema, "The figures"), ...problems(400, 403) },
});
export const serie = createRoute({
  method: "get",
  path: "/estadisticas/series",
  tags,
  operationId: "seriePagos",
  ...guardedBy("pagos.leer"),
  summary: "What was paid, day by day and currency by currency, and in as many days before",
  request: { query: SerieQuery },
  responses: { 200: json(SeriePagosSchema, "The trend"), ...problems(400, 403) },
});
export const historial = createRoute({
  method: "get",
  path: "/{id}/historial",
  tags,
  operationId: "historialPago",
  ...guardedBy("pagos.leer"),
  summary: "Its steps, oldest first: when, why and by whom",
  request: { params: Id },
  responses: { 200: json(HistorialPagoSchema, "The steps"), ...problems(400, 403, 404) },
});
export const revertir = createRoute({
  method: "post",
  path: "/{id}/revertir",
  tags,
  operationId: "revertirPago",
  ...guardedBy("pagos.revertir"),
  summary: "Gives it back; of one that is not settled yet it is remembered",
  request: { params: Id, body: jsonBody(RevertirEntrada) },
  responses: { 202: json(PagoAceptadoSchema, "It will be given back"), ...problems(404, ...ESCRITURA) },
});

const tieneLote = (v: unknown): boolean => typeof v === "object" && v !== null && "transacciones" in v;
/** One, or many: whichever the body looks like is the one whose faults are told. */
const UnaOVarias = z.union([
  z.preprocess((v) => tieneLote(v) ? undefined : v, TransaccionEntrada),
  z.preprocess((v) => tieneLote(v) ? v : undefined, TransaccionesEntrada),
]);
const registradas = z.union([TransaccionSchema, TransaccionesSchema]);
export const registrarTransacciones = createRoute({
  method: "post",
  path: "/transacciones",
  tags,
  operationId: "registrarTransacciones",
  ...guardedBy("transacciones.registrar"),
  summary: "Records one commission or up to 1,000, all or none",
  request: { body: jsonBody(UnaOVarias) },
  responses: {
    201: json(registradas, "Recorded"),
    200: json(registradas, "All of them stood already"),
    ...problems(404, ...ESCRITURA),
  },
});
export const listarTransacciones = createRoute({
  method: "get",
  path: "/transacciones",
  tags,
  operationId: "listarTransacciones",
  ...guardedBy("transacciones.leer"),
  summary: "Commissions and their refunds, filtered; newest first",
  request: { query: listaTransacciones.query },
  responses: { 200: json(listSchema(TransaccionSchema), "A page of them"), ...problems(400, 403) },
});
export const reembolsar = createRoute({
  method: "post",
  path: "/transacciones/{id}/reembolsar",
  tags,
  operationId: "reembolsarTransaccion",
  ...guardedBy("transacciones.reembolsar"),
  summary: "Takes a commission back; of a paid one, the partner's next payout absorbs it",
  request: { params: IdTransaccion, body: { ...jsonBody(ReembolsarEntrada), required: false } },
  responses: { 200: json(TransaccionSchema, "Refunded"), ...problems(404, ...ESCRITURA) },
});
export const registrarCiclo = createRoute({
  method: "post",
  path: "/ciclos",
  tags,
  operationId: "registrarCiclo",
  ...guardedBy("ciclos.registrar"),
  summary: "Registers a payout cycle: its first and last day",
  request: { body: jsonBody(CicloEntrada) },
  responses: {
    201: json(CicloSchema, "Registered"),
    200: json(CicloSchema, "The same cycle stood already"),
    ...problems(404, ...ESCRITURA),
  },
});
export const listarCiclos = createRoute({
  method: "get",
  path: "/ciclos",
  tags,
  operationId: "listarCiclos",
  ...guardedBy("ciclos.leer"),
  summary: "Payout cycles, the latest first",
  request: { query: listaCiclos.query },
  responses: { 200: json(listSchema(CicloSchema), "A page of cycles"), ...problems(400, 403) },
});
