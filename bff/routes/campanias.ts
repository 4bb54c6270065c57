import { createRoute, z } from "@hono/zod-openapi";
import {
  CampaniaSchema,
  CrearCampaniaSchema,
  EstadoCampaniaSchema,
  PALABRAS_RESERVADAS_CAMPANIAS,
  TipoCampaniaSchema,
} from "@alpes/shared/contracts/campanias.ts";
import { etag } from "@alpes/shared/http/etag.ts";
import { idSchema, texto } from "@alpes/shared/http/fields.ts";
import { both, localized } from "@alpes/shared/http/locale.ts";
import { json } from "@alpes/shared/http/media.ts";
import { guardedBy } from "@alpes/shared/http/operation.ts";
import { listSchema } from "@alpes/shared/http/pagination.ts";
import { createRouter, type Router } from "@alpes/shared/http/router.ts";
import { day } from "@alpes/shared/http/time.ts";
import type { Campanias, Clientes } from "../ports.ts";
import { Advertencias } from "./documento.ts";
import { consultaLista } from "./lista.ts";
import { comoParte, envioDe, llamadaDe } from "./llamada.ts";
import { NEGADOS, negar } from "./negar.ts";
import { partes } from "./partes.ts";

const tags = ["campanias"];
/** What the service calls a field → what it is called here. */
const CAMPOS = { idCliente: "cliente_id" };

const listar = createRoute({
  method: "get",
  path: "/campanias",
  tags,
  operationId: "bffListarCampanias",
  ...guardedBy("campanias.leer"),
  summary:
    "Campaigns, filtered; each with the name of its cliente, null where it is not registered or cannot be read",
  request: {
    query: consultaLista(["fecha_creacion", "nombre"], {
      estado: EstadoCampaniaSchema.optional(),
      cliente_id: idSchema().optional(),
      tipo_campania: TipoCampaniaSchema.optional(),
      desde: day.optional(),
      hasta: day.optional(),
      search: texto(1, 100).optional(),
    }),
  },
  responses: {
    200: json(
      listSchema(
        CampaniaSchema.extend({ cliente_nombre: z.string().nullable() }).openapi("CampaniaConCliente"),
      )
        .extend({ advertencias: Advertencias }),
      "A page of campaigns",
    ),
    ...NEGADOS,
  },
});

const obtener = createRoute({
  method: "get",
  path: "/campanias/{id}",
  tags,
  operationId: "bffObtenerCampania",
  ...guardedBy("campanias.leer"),
  summary: "A campaign, with its estado in words",
  request: { params: z.object({ id: idSchema(PALABRAS_RESERVADAS_CAMPANIAS) }) },
  responses: {
    200: json(
      z.object({
        idCampania: z.string(),
        estado: EstadoCampaniaSchema,
        mensaje: z.string().openapi({ example: "La campaña está aprobada." }),
        detalle: CampaniaSchema,
      }).openapi("DetalleCampania"),
      "The campaign",
    ),
    ...NEGADOS,
  },
});

const { idCliente, ...campos } = CrearCampaniaSchema.shape;
const crear = createRoute({
  method: "post",
  path: "/campanias",
  tags,
  operationId: "bffCrearCampania",
  ...guardedBy("campanias.crear"),
  summary: "Creates a campaign; the body is that of POST /campanias/crear with `cliente_id` for `idCliente`",
  request: {
    body: {
      required: true,
      content: {
        "application/json": {
          schema: z.strictObject({ cliente_id: idCliente, ...campos }).openapi("CrearCampaniaBff"),
        },
      },
    },
  },
  responses: {
    202: json(z.object({ idCampania: z.string(), status: z.literal("PENDIENTE") }), "Accepted"),
    ...NEGADOS,
  },
});

const MENSAJES = {
  PENDIENTE: both(
    "La campaña espera su pago o su aprobación.",
    "The campaign waits for its payment or approval.",
  ),
  APROBADA: both("La campaña está aprobada.", "The campaign is approved."),
  PAUSADA: both("La campaña está en pausa.", "The campaign is paused."),
  FINALIZADA: both("La campaña terminó.", "The campaign is finished."),
  CANCELADA: both("La campaña se canceló.", "The campaign was cancelled."),
} as const satisfies Record<z.infer<typeof EstadoCampaniaSchema>, string>;

export interface DepsCampanias {
  readonly campanias: Campanias;
  readonly clientes: Clientes;
  readonly plazoMs: number;
}

export function campaniasRoutes({ campanias, clientes, plazoMs }: DepsCampanias): Router {
  const router = createRouter();

  router.openapi(listar, async (c) => {
    const { cliente_id, ...consulta } = c.req.valid("query");
    const l = llamadaDe(c, plazoMs);
    const pagina = await campanias.lista({ ...consulta, idCliente: cliente_id }, l);
    if (!pagina.ok) return negar(c, pagina.error, CAMPOS);
    const { data, pagination } = pagina.value.valor;
    const juntas = partes(c.var.locale);
    const nombres = data.length === 0
      ? null
      : juntas.tomar(await clientes.nombres(data.map((k) => k.idCliente), comoParte(l)), ["cliente_nombre"]);
    return c.json({
      data: data.map((k) => ({ ...k, cliente_nombre: nombres?.get(k.idCliente) ?? null })),
      pagination,
      advertencias: juntas.advertencias(),
    }, 200);
  });

  router.openapi(obtener, async (c) => {
    const r = await campanias.uno(c.req.valid("param").id, llamadaDe(c, plazoMs));
    if (!r.ok) return negar(c, r.error);
    const detalle = r.value.valor;
    const { idCampania, estado } = detalle;
    const mensaje = localized(MENSAJES[estado], c.var.locale);
    return c.json({ idCampania, estado, mensaje, detalle }, 200, { ETag: etag(detalle.version) });
  });

  router.openapi(crear, async (c) => {
    const r = await campanias.crear(envioDe(c, traducido(c.var.json)), llamadaDe(c, plazoMs));
    if (!r.ok) return negar(c, r.error, CAMPOS);
    const { valor: { idCampania }, cabeceras } = r.value;
    return c.json({ idCampania, status: "PENDIENTE" as const }, 202, {
      ...cabeceras,
      Location: `/api/v1/campanias/${idCampania}`,
    });
  });
  return router;
}

/** The body as it came, big numbers included, with the service's name for the cliente. */
function traducido(cuerpo: { value: unknown } | { fault: unknown } | null): string {
  const valor: unknown = cuerpo !== null && "value" in cuerpo ? cuerpo.value : {};
  const { cliente_id, ...resto } = valor as Record<string, unknown>;
  return JSON.stringify({ idCliente: cliente_id, ...resto });
}
