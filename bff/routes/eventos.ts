import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { bearer } from "@alpes/shared/http/actor.ts";
import type { Env } from "@alpes/shared/http/env.ts";
import { guardedBy } from "@alpes/shared/http/operation.ts";
import { both } from "@alpes/shared/http/locale.ts";
import { Problem } from "@alpes/shared/http/problem.ts";
import { createRouter, type Router } from "@alpes/shared/http/router.ts";
import { permitido } from "@alpes/shared/seedwork/policy.ts";
import type { DepsIdentidad } from "../identidad.ts";
import { leerPosicion, type Vivo } from "../vivo.ts";
import { llamadaDe } from "./llamada.ts";
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

interface Deps extends Pick<DepsIdentidad, "identidades" | "plazoMs"> {
  readonly vivo: Vivo;
}

/** The live stream. It tells ids of whatever changes, so it is for those who see everything. */
export function eventosRoutes({ vivo, identidades, plazoMs }: Deps): Router {
  /** Whether his credential is still good, whose rights never change; where it cannot be told now, no news come either. */
  function vigencia(c: Context<Env>): (() => Promise<boolean>) | undefined {
    const { authorization } = c.var, llamada = llamadaDe(c, plazoMs);
    const credencial = authorization === null ? null : bearer(authorization);
    if (credencial === null) return undefined;
    return async () => {
      const r = await identidades.de(credencial, llamada);
      return !r.ok || r.value !== null;
    };
  }
  const router = createRouter();
  router.openapi(ruta, (c) => {
    if (permitido(c.var.actor, "cambios.leer", []) !== "si") throw new Problem("prohibido");
    const { desde, espera = Infinity } = c.req.valid("query");
    const tras = leerPosicion(c.req.header("last-event-id") ?? desde);
    return c.body(vivo.escuchar(tras, espera * 1_000, vigencia(c)), 200, {
      "Content-Type": "text/event-stream; charset=utf-8",
      "Cache-Control": "no-store, no-transform",
      "X-Accel-Buffering": "no",
    });
  });
  return router;
}
