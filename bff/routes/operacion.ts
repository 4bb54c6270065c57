import { createRoute, z } from "@hono/zod-openapi";
import { ESTADOS_SAGA } from "@alpes/shared/contracts/campanias.ts";
import { idSchema, texto } from "@alpes/shared/http/fields.ts";
import { both } from "@alpes/shared/http/locale.ts";
import { json } from "@alpes/shared/http/media.ts";
import { guardedBy } from "@alpes/shared/http/operation.ts";
import { Problem } from "@alpes/shared/http/problem.ts";
import { createRouter, type Router } from "@alpes/shared/http/router.ts";
import {
  type Consulta,
  type Operacion,
  type Orden,
  type Servicio,
  SERVICIOS,
  type Vista,
  VISTAS,
} from "../ports.ts";
import { Advertencias } from "./documento.ts";
import { comoParte, envioDe, llamadaDe } from "./llamada.ts";
import { NEGADOS, negar } from "./negar.ts";
import { partes } from "./partes.ts";

const tags = ["operación de los servicios"];

const Filas = z.object({
  data: z.array(z.looseObject({
    id: z.string().openapi({
      description: "`{modulo}:` and the id that the service gives it",
      example: "pagos:…",
    }),
    modulo: z.enum(SERVICIOS),
  })),
  paginas: z.array(z.object({ modulo: z.enum(SERVICIOS), next_cursor: z.string() })).openapi({
    description: "services with more rows: ask on with their `modulo` and `cursor`",
  }),
  advertencias: Advertencias,
}).openapi("VistaOperacion");

const Modulo = z.enum(SERVICIOS).optional();
const limit = z.string().refine((n) => /^[1-9]\d{0,2}$/.test(n) && Number(n) <= 100, {
  error: both("debe ser un entero de 1 a 100", "must be an integer from 1 to 100"),
}).optional().openapi({
  type: "integer",
  minimum: 1,
  maximum: 100,
  description: "rows of each service; 20 by default",
});
const cursor = z.string().min(1).max(2000).optional().openapi({
  description: "only together with its `modulo`",
});
/** Rows of each service, page by page. One service's cursor means nothing to the others. */
export const paginada = <S extends z.ZodRawShape>(filtros: S) =>
  z.object({ modulo: Modulo, limit, cursor, ...filtros }).refine(
    (q: { cursor?: unknown; modulo?: unknown }) => q.cursor === undefined || q.modulo !== undefined,
    { path: ["modulo"], error: both("es obligatorio junto con cursor", "is required together with cursor") },
  );
const CONSULTA = {
  mensajes: paginada({}),
  sagas: paginada({
    estado: z.enum(ESTADOS_SAGA).optional(),
    sort_order: z.enum(["asc", "desc"]).optional().openapi({
      description: "by when they were last touched; desc by default",
    }),
  }),
  proyecciones: z.object({ modulo: Modulo }),
} as const satisfies Record<Vista, z.ZodType>;

const Respuesta = z.record(z.string(), z.unknown()).openapi("RespuestaOperacion");

const ORDENES = {
  mensajes: ["reintentar", "liberar", "descartar"],
  sagas: ["reintentar"],
  proyecciones: ["reconstruir"],
} as const satisfies Record<Vista, readonly Orden[]>;

const ACCION = {
  mensajes: "mensajes.ordenar",
  sagas: "sagas.reintentar",
  proyecciones: "proyecciones.reconstruir",
} as const satisfies Record<Vista, string>;

const RESUMEN = {
  mensajes: "Parked messages of all services, each with its error and what waits behind it",
  sagas: "The campaigns' sagas, by state and age",
  proyecciones: "Projections of all services, and how far a rebuild is",
  reintentar: "Tries again what stopped: a parked message and those behind it, or a saga's compensation",
  liberar: "Sets a parked message aside: those behind it go on",
  descartar: "Never handles a parked message; `motivo` is required",
  reconstruir: "Builds a projection anew while it serves",
} as const satisfies Record<Vista | Orden, string>;

/** Rows carry their service in the id, so that an order finds its way back. */
const externo = (modulo: Servicio, id: string) => `${modulo}:${id}`;
function interno(id: string): { modulo: Servicio; id: string } | null {
  const corte = id.indexOf(":");
  const modulo = SERVICIOS.find((s) => s === id.slice(0, Math.max(0, corte)));
  return modulo === undefined || corte === id.length - 1 ? null : { modulo, id: id.slice(corte + 1) };
}

export interface DepsOperacion {
  readonly operacion: Operacion;
  readonly plazoMs: number;
}

/** The operator's view over all services. */
export function operacionRoutes({ operacion, plazoMs }: DepsOperacion): Router {
  const router = createRouter();

  for (const vista of VISTAS) {
    const ver = createRoute({
      method: "get",
      path: `/operacion/${vista}`,
      tags,
      operationId: `bffOperacion_${vista}`,
      ...guardedBy(`${vista}.leer`),
      summary: RESUMEN[vista],
      request: {
        query: CONSULTA[vista],
      },
      responses: { 200: json(Filas, "The rows, service by service"), ...NEGADOS },
    });
    router.openapi(ver, async (c) => {
      const { modulo, ...consulta } = c.req.valid("query") as Consulta & { modulo?: Servicio };
      const pedida = vista === "proyecciones" ? {} : { limit: "20", ...consulta };
      const l = comoParte(llamadaDe(c, plazoMs));
      const juntas = partes(c.var.locale);
      const deQuien = modulo === undefined ? SERVICIOS : [modulo];
      const leidas = await Promise.all(deQuien.map((s) => operacion.vista(s, vista, pedida, l)));
      const paginas = deQuien.map((s, i) => {
        const r = leidas[i];
        return { modulo: s, pagina: r === undefined ? null : juntas.tomar(r, [`data de ${s}`]) };
      });
      const falla = juntas.fracaso();
      if (falla !== null) return negar(c, falla);
      return c.json({
        data: paginas.flatMap(({ modulo, pagina }) =>
          (pagina?.filas ?? []).map((f) => ({ ...f, id: externo(modulo, f.id), modulo }))
        ),
        paginas: paginas.flatMap(({ modulo, pagina }) =>
          pagina?.siguiente ? [{ modulo, next_cursor: pagina.siguiente }] : []
        ),
        advertencias: juntas.advertencias(),
      }, 200);
    });
  }

  for (const [vista, ordenes] of Object.entries(ORDENES) as [Vista, readonly Orden[]][]) {
    for (const orden of ordenes) {
      const motivo = orden === "descartar" ? texto(1, 500) : texto(1, 500).nullish();
      const mandar = createRoute({
        method: "post",
        path: `/operacion/${vista}/{id}/${orden}`,
        tags,
        operationId: `bffOperacion_${vista}_${orden}`,
        ...guardedBy(ACCION[vista]),
        summary: RESUMEN[orden],
        request: {
          params: z.object({ id: idSchema() }),
          body: {
            required: orden === "descartar",
            content: {
              "application/json": {
                schema: vista === "mensajes"
                  ? z.strictObject({ motivo }).openapi(orden === "descartar" ? "OrdenDescartar" : "Orden")
                  : z.strictObject({}).openapi("OrdenSinMotivo"),
              },
            },
          },
        },
        responses: {
          200: json(Respuesta, "What the service answered"),
          202: json(Respuesta, "What the service answered: it goes on"),
          ...NEGADOS,
        },
      });
      router.openapi(mandar, async (c) => {
        const fila = interno(c.req.valid("param").id);
        if (fila === null) throw new Problem("no_encontrado");
        const cuerpo = JSON.stringify(c.req.valid("json") ?? {});
        const r = await operacion.ordenar(
          fila.modulo,
          vista,
          fila.id,
          orden,
          envioDe(c, cuerpo),
          llamadaDe(c, plazoMs),
        );
        if (!r.ok) return negar(c, r.error);
        return c.json(r.value.valor, r.value.status === 202 ? 202 : 200, { ...r.value.cabeceras });
      });
    }
  }
  return router;
}
