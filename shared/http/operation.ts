import type { RouteConfig } from "@hono/zod-openapi";
import type { Context, MiddlewareHandler } from "hono";
import { matchedRoutes } from "hono/route";
import type { Accion } from "@alpes/shared/seedwork/policy.ts";
import type { Env } from "./env.ts";

/** Does nothing but tell, as one of a route's handlers, which operation the route is: see `operationOf`. */
export const operation = ({ operationId }: RouteConfig): MiddlewareHandler<Env> => {
  const mark: MiddlewareHandler<Env> = (_c, next) => next();
  return Object.assign(mark, { operationId });
};

/** The operation that this request asks for, also before it is reached: its `operationId`, else method and pattern. */
export function operationOf(c: Context<Env>): string {
  const routes = matchedRoutes(c);
  for (const { handler } of routes) {
    const id: unknown = Reflect.get(handler, "operationId");
    if (typeof id === "string") return id;
  }
  const route = routes.find((r) => r.method !== "ALL");
  return route === undefined ? "desconocida" : `${c.req.method} ${route.path}`;
}

/**
 * Says in a route, and so in the OpenAPI document, which line of the policy its use case asks: `...guardedBy("pagos.leer")`.
 * It guards nothing: the use case does, and a test holds the two together.
 */
export const guardedBy = (accion: Accion) => ({ "x-accion": accion });
