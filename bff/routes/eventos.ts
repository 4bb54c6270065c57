import { createRoute, z } from "@hono/zod-openapi";
import { guardedBy } from "@alpes/shared/http/operation.ts";
import { both } from "@alpes/shared/http/locale.ts";
import { Problem } from "@alpes/shared/http/problem.ts";
import { createRouter, type Router } from "@alpes/shared/http/router.ts";
import { permitido } from "@alpes/shared/seedwork/policy.ts";
import { leerPosicion, type Vivo } from "../vivo.ts";
import { NEGADOS } from "./negar.ts";

const ruta = createRoute({
  method: "get",
  path: "/eventos",
  tags: ["eventos"],
  operationId: "bffEventos",
  ...guardedBy("cambios.leer"),
  summary:
    "What changes in all services, as it happens (server-sent events: cambios, hueco, latido); goes on after Last-Event-ID",
  request: {
    query: z.object({
      desde: z.string().refine((id) => leerPosicion(id) !== null, {
        error: both("no es el id de un evento", "is not the id of an event"),
      }).optional().openapi({
        description: "as Last-Event-ID, for a first connection that goes on with another's",
      }),
      espera: z.string().regex(/^\d{1,5}$/, {
        error: both("debe ser un número de segundos", "must be a number of seconds"),
      }).transform(Number).optional().openapi({
        type: "integer",
        description: "seconds after which it ends",
      }),
    }),
  },
  responses: {
    200: { description: "The stream", content: { "text/event-stream": { schema: z.string() } } },
    ...NEGADOS,
  },
});

/** The live stream. It tells ids of whatever changes, so it is for those who see everything. */
export function eventosRoutes({ vivo }: { readonly vivo: Vivo }): Router {
  const router = createRouter();
  router.openapi(ruta, (c) => {
    if (permitido(c.var.actor, "cambios.leer", []) !== "si") throw new Problem("prohibido");
    const { desde, espera = Infinity } = c.req.valid("query");
    const tras = leerPosicion(c.req.header("last-event-id") ?? desde);
    return c.body(vivo.escuchar(tras, espera * 1_000), 200, {
      "Content-Type": "text/event-stream; charset=utf-8",
      "Cache-Control": "no-store, no-transform",
      "X-Accel-Buffering": "no",
    });
  });
  return router;
}
