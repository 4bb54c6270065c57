import { createRoute, z } from "@hono/zod-openapi";
import {
  AgregacionSchema,
  HistorialPagoSchema,
  PagoAceptadoSchema,
  PALABRAS_RESERVADAS_PAGOS,
  PayoutSchema,
  TransaccionSchema,
} from "@alpes/shared/contracts/pagos.ts";
import { PagarEntrada } from "@alpes/shared/contracts/pagos_entrada.ts";
import { FiltroPagos } from "@alpes/shared/contracts/pagos_filtros.ts";
import { idSchema } from "@alpes/shared/http/fields.ts";
import { json } from "@alpes/shared/http/media.ts";
import { guardedBy } from "@alpes/shared/http/operation.ts";
import { listSchema } from "@alpes/shared/http/pagination.ts";
import { createRouter, type Router } from "@alpes/shared/http/router.ts";
import type { Pagos } from "../ports.ts";
import { Advertencias } from "./documento.ts";
import { consultaLista } from "./lista.ts";
import { comoParte, envioDe, llamadaDe } from "./llamada.ts";
import { NEGADOS, negar } from "./negar.ts";
import { partes } from "./partes.ts";

const tags = ["pagos"];
const { aproximada: _, ...filtros } = FiltroPagos;

const listar = createRoute({
  method: "get",
  path: "/pagos",
  tags,
  operationId: "bffListarPagos",
  ...guardedBy("pagos.leer"),
  summary: "Payouts, filtered; `agregaciones` sums up the whole filtered set, one entry for each currency",
  request: { query: consultaLista(["fecha_creacion", "fecha_actualizacion", "monto_total"], filtros) },
  responses: {
    200: json(
      listSchema(PayoutSchema).extend({ agregaciones: z.array(AgregacionSchema) }),
      "A page of payouts",
    ),
    ...NEGADOS,
  },
});

const DetallePago = z.object({
  pago: PayoutSchema,
  transacciones: z.array(TransaccionSchema),
  auditoria: z.object({ eventos: HistorialPagoSchema.shape.data }).nullable(),
  advertencias: Advertencias,
}).openapi("DetallePago");

const obtener = createRoute({
  method: "get",
  path: "/pagos/{id}",
  tags,
  operationId: "bffObtenerPago",
  ...guardedBy("pagos.leer"),
  summary: "A payout with its commissions and what happened to it, oldest first",
  request: { params: z.object({ id: idSchema(PALABRAS_RESERVADAS_PAGOS) }) },
  responses: { 200: json(DetallePago, "The payout and what belongs to it"), ...NEGADOS },
});

const pagar = createRoute({
  method: "post",
  path: "/pagos",
  tags,
  operationId: "bffPagar",
  ...guardedBy("pagos.pagar"),
  summary: "Asks for a payout; the body is that of POST /pagos/pagar. It is settled afterwards",
  request: { body: { required: true, content: { "application/json": { schema: PagarEntrada } } } },
  responses: { 202: json(PagoAceptadoSchema, "Accepted"), ...NEGADOS },
});

export function pagosRoutes({ pagos, plazoMs }: { readonly pagos: Pagos; readonly plazoMs: number }): Router {
  const router = createRouter();

  router.openapi(listar, async (c) => {
    const r = await pagos.lista(c.req.valid("query"), llamadaDe(c, plazoMs));
    return r.ok ? c.json(r.value.valor, 200) : negar(c, r.error);
  });

  router.openapi(obtener, async (c) => {
    const { id } = c.req.valid("param");
    const l = llamadaDe(c, plazoMs);
    const juntas = partes(c.var.locale);
    const resto = pagos.historial(id, comoParte(l));
    const pago = await pagos.uno(id, l);
    if (!pago.ok) return negar(c, pago.error);
    const historial = juntas.tomar(await resto, ["auditoria"]);
    return c.json({
      pago: pago.value.valor,
      transacciones: pago.value.valor.transacciones,
      auditoria: historial && { eventos: historial.data },
      advertencias: juntas.advertencias(),
    }, 200);
  });

  router.openapi(pagar, async (c) => {
    const r = await pagos.pagar(envioDe(c, await c.req.text()), llamadaDe(c, plazoMs));
    if (!r.ok) return negar(c, r.error);
    const { valor, cabeceras } = r.value;
    return c.json(valor, 202, { ...cabeceras, Location: `/api/v1/pagos/${valor.id}` });
  });
  return router;
}
