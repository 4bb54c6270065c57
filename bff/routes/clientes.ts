import { createRoute, z } from "@hono/zod-openapi";
import { CampaniaSchema } from "@alpes/shared/contracts/campanias.ts";
import { ClienteSchema, ESTADOS_CLIENTE, TIPOS_CLIENTE } from "@alpes/shared/contracts/cliente.ts";
import {
  PALABRAS_RESERVADAS_CLIENTE,
  RegistroClienteSchema,
} from "@alpes/shared/contracts/cliente_registro.ts";
import { DineroSchema } from "@alpes/shared/contracts/dinero.ts";
import { PayoutSchema } from "@alpes/shared/contracts/pagos.ts";
import { idSchema, texto } from "@alpes/shared/http/fields.ts";
import { json } from "@alpes/shared/http/media.ts";
import { guardedBy } from "@alpes/shared/http/operation.ts";
import { listSchema } from "@alpes/shared/http/pagination.ts";
import { createRouter, type Router } from "@alpes/shared/http/router.ts";
import { day, InstantSchema } from "@alpes/shared/http/time.ts";
import type { Campanias, Clientes, Pagos } from "../ports.ts";
import { procesado } from "./dinero.ts";
import { Advertencias } from "./documento.ts";
import { consultaLista } from "./lista.ts";
import { comoParte, envioDe, llamadaDe } from "./llamada.ts";
import { NEGADOS, negar } from "./negar.ts";
import { partes } from "./partes.ts";

const tags = ["clientes"];
const RECIENTES = 5;
const ACTIVAS = "PENDIENTE,APROBADA,PAUSADA";

const listar = createRoute({
  method: "get",
  path: "/clientes",
  tags,
  operationId: "bffListarClientes",
  ...guardedBy("cliente.leer"),
  summary: "Clientes, filtered and searched; newest first",
  request: {
    query: consultaLista(["fecha_registro", "nombre"], {
      search: texto(1, 100).optional(),
      estado: z.enum(ESTADOS_CLIENTE).optional(),
      tipo_cliente: z.enum(TIPOS_CLIENTE).optional(),
      desde: day.optional(),
      hasta: day.optional(),
    }),
  },
  responses: { 200: json(listSchema(ClienteSchema), "A page of clientes"), ...NEGADOS },
});

const registrar = createRoute({
  method: "post",
  path: "/clientes",
  tags,
  operationId: "bffRegistrarCliente",
  ...guardedBy("cliente.registrar"),
  summary: "Registers a person or a company; the body is that of POST /cliente/registrar",
  request: { body: { required: true, content: { "application/json": { schema: RegistroClienteSchema } } } },
  responses: {
    201: json(ClienteSchema, "Registered"),
    200: json(ClienteSchema, "The same registration stood already"),
    ...NEGADOS,
  },
});

const DetalleCliente = z.object({
  cliente: ClienteSchema,
  estadisticas: z.object({
    total_pagos: z.int().openapi({ description: "payments made or received that stand (EXITOSO)" }),
    monto_total: z.array(DineroSchema).openapi({ description: "their sum, one entry for each currency" }),
    primer_pago: InstantSchema.nullable(),
    ultimo_pago: InstantSchema.nullable(),
  }).nullable(),
  pagos_recientes: z.array(PayoutSchema).max(RECIENTES).nullable(),
  campanias_activas: z.array(CampaniaSchema).max(RECIENTES).nullable(),
  advertencias: Advertencias,
}).openapi("DetalleCliente");

const obtener = createRoute({
  method: "get",
  path: "/clientes/{id}",
  tags,
  operationId: "bffObtenerCliente",
  ...guardedBy("cliente.leer"),
  summary:
    "A cliente with its payments and running campaigns; what cannot be read is null and named in `advertencias`",
  request: { params: z.object({ id: idSchema(PALABRAS_RESERVADAS_CLIENTE) }) },
  responses: { 200: json(DetalleCliente, "The cliente and what belongs to it"), ...NEGADOS },
});

export interface DepsClientes {
  readonly clientes: Clientes;
  readonly pagos: Pagos;
  readonly campanias: Campanias;
  readonly plazoMs: number;
}

export function clientesRoutes({ clientes, pagos, campanias, plazoMs }: DepsClientes): Router {
  const router = createRouter();

  router.openapi(listar, async (c) => {
    const r = await clientes.lista(c.req.valid("query"), llamadaDe(c, plazoMs));
    return r.ok ? c.json(r.value.valor, 200) : negar(c, r.error);
  });

  router.openapi(registrar, async (c) => {
    const r = await clientes.registrar(envioDe(c, await c.req.text()), llamadaDe(c, plazoMs));
    if (!r.ok) return negar(c, r.error);
    const { valor, status, cabeceras } = r.value;
    return c.json(valor, status === 200 ? 200 : 201, {
      ...cabeceras,
      Location: `/api/v1/clientes/${valor.id}`,
    });
  });

  router.openapi(obtener, async (c) => {
    const { id } = c.req.valid("param");
    const l = llamadaDe(c, plazoMs);
    const parte = comoParte(l);
    const juntas = partes(c.var.locale);
    const resto = Promise.all([
      pagos.estadisticas({ partner_id: id }, parte),
      pagos.lista({ partner_id: id, per_page: RECIENTES }, parte),
      campanias.lista({ idCliente: id, estado: ACTIVAS, per_page: RECIENTES }, parte),
    ]);
    const cliente = await clientes.uno(id, l);
    if (!cliente.ok) return negar(c, cliente.error);
    const [cifras, recientes, activas] = await resto;
    const estadisticas = juntas.tomar(cifras, ["estadisticas"]);
    return c.json({
      cliente: cliente.value.valor,
      estadisticas: estadisticas && {
        total_pagos: estadisticas.por_estado.EXITOSO,
        monto_total: procesado(estadisticas),
        primer_pago: estadisticas.primer_pago,
        ultimo_pago: estadisticas.ultimo_pago,
      },
      pagos_recientes: juntas.tomar(recientes, ["pagos_recientes"])?.data ?? null,
      campanias_activas: juntas.tomar(activas, ["campanias_activas"])?.data ?? null,
      advertencias: juntas.advertencias(),
    }, 200);
  });
  return router;
}
