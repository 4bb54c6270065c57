import { OpenAPIHono, type RouteConfig, z } from "@hono/zod-openapi";
import type { Handler } from "hono";
import type { Env } from "./env.ts";
import { operation } from "./operation.ts";
import { admitted, workOf } from "./limits.ts";
import { problems } from "./problem.ts";
import { received, validated } from "./request.ts";

/** Routes of a module, to be mounted in `createApp`'s. A route's `x-max-body` (bytes) lifts the limit of 1 MiB. */
export type Router = OpenAPIHono<Env>;

/**
 * A router whose `openapi()` puts our own validation in front of the handler instead of zod-openapi's: strict JSON,
 * every invalid field of query, headers and body in one 400, unknown and repeated query parameters named, a malformed
 * path parameter a 404. `c.req.valid(…)` and the types stay zod-openapi's. Use it under `createApp` only.
 */
export function createRouter(): Router {
  const router = new OpenAPIHono<Env>();
  const register = router.openapi;
  const openapi = (route: RouteConfig, handler: Handler<Env>): Router => {
    const { middleware = [], hide, request, ...rest } = route;
    if (request?.cookies !== undefined) throw new Error("cookies are not validated by a route");
    const writes = !["get", "head"].includes(route.method);
    const documented = [...[request?.headers ?? []].flat(), ...(writes ? writeHeaders(route.method) : [])];
    // Anything but what declares `security: []` may be refused for who asks, and for how much is asked at once.
    const refusals = {
      ...(route.security?.length === 0 ? {} : problems(401, 403, 429, 503)),
      ...(writes ? problems(408) : {}),
    };
    const responses = { ...refusals, ...rest.responses };
    if (!hide) {
      router.openAPIRegistry.registerPath({
        ...rest,
        responses,
        request: { ...request, headers: documented },
      });
    }
    const ours = [
      operation(route),
      ...(writes ? [received(route)] : []),
      admitted(workOf(route)),
      validated(route),
    ];
    return register({ ...rest, hide: true, middleware: [...[middleware].flat(), ...ours] }, handler);
  };
  // The signature is zod-openapi's own; behind it the route is a plain `RouteConfig`.
  router.openapi = openapi as unknown as typeof router.openapi;
  return router;
}

const KEY = z.object({
  "Idempotency-Key": z.string().optional().openapi({
    description: "Same key and body: the first answer again, byte for byte. Kept 90 days.",
    pattern: "^[!-~]+$",
    minLength: 1,
    maxLength: 255,
  }),
});
const IF_MATCH = z.object({
  "If-Match": z.string().optional().openapi({
    description: "The ETag that was read; another version answers 412.",
  }),
});

/** What every write takes besides its own fields, for the document. */
const writeHeaders = (method: string): z.ZodType[] =>
  ["put", "patch", "delete"].includes(method) ? [KEY, IF_MATCH] : [KEY];
