import { createRoute, z } from "@hono/zod-openapi";
import { json } from "@alpes/shared/http/media.ts";
import { problems } from "@alpes/shared/http/problem.ts";
import { createRouter, type Router } from "@alpes/shared/http/router.ts";
import { InstantSchema, instantText } from "@alpes/shared/http/time.ts";
import type { Clock } from "@alpes/shared/seedwork/clock.ts";
import type { Cache } from "../cache.ts";
import { type Pulsos, type Servicio, SERVICIOS } from "../ports.ts";
import { nombreDe } from "./negar.ts";

const UnServicio = z.object({
  status: z.enum(["up", "degraded", "down"]).openapi({
    description: "degraded: it lives but is not ready, or took over a second; down: it does not answer",
  }),
  response_time_ms: z.number().nullable().openapi({
    description: "measured now; null when nothing came back",
  }),
});
const Salud = z.object({
  status: z.enum(["healthy", "degraded", "unhealthy"]).openapi({
    description: "healthy: every service is up; unhealthy: all are down; degraded: anything between",
  }),
  version: z.string(),
  timestamp: InstantSchema,
  services: z.object({
    cliente_service: UnServicio,
    pagos_service: UnServicio,
    campanias_service: UnServicio,
  }),
  cache: z.object({
    hits: z.int(),
    misses: z.int(),
    hit_rate: z.number().min(0).max(1).openapi({ description: "0 before the first read" }),
  }),
}).openapi("Salud");

const ruta = (operationId: string) =>
  createRoute({
    method: "get",
    path: "/health",
    tags: ["operación"],
    security: [],
    operationId,
    summary: "Whether the services behind answer, measured now; always 200",
    responses: { 200: json(Salud, "How they are"), ...problems(400) },
  });

export interface DepsHealth {
  readonly pulsos: Pulsos;
  readonly cache: Pick<Cache, "contadores">;
  readonly version: string;
  readonly clock: Clock;
}

/** `operationId` tells the two addresses of it apart in the document. */
export function healthRoutes({ pulsos, cache, version, clock }: DepsHealth, operationId: string): Router {
  const router = createRouter();
  router.openapi(ruta(operationId), async (c) => {
    const medidos = await Promise.all(SERVICIOS.map(async (s) => [nombreDe(s), await pulsos(s)] as const));
    const services = Object.fromEntries(medidos) as Record<
      `${Servicio}_service`,
      Awaited<ReturnType<Pulsos>>
    >;
    const todos = (status: string) => medidos.every(([, p]) => p.status === status);
    const { hits, misses } = cache.contadores();
    return c.json(
      {
        status: todos("up") ? "healthy" as const : todos("down") ? "unhealthy" as const : "degraded" as const,
        version,
        timestamp: instantText(clock()),
        services,
        cache: { hits, misses, hit_rate: hits + misses === 0 ? 0 : hits / (hits + misses) },
      },
      200,
      { "Cache-Control": "no-store" },
    );
  });
  return router;
}
