import { createHash } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import { cors } from "hono/cors";

/** Browsers of exactly these origins; without any, of none, and nothing is said of it. */
export const origenes = (permitidos: readonly string[]): MiddlewareHandler[] =>
  permitidos.length === 0 ? [] : [cors({
    origin: [...permitidos],
    allowMethods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
    allowHeaders: [
      "Accept-Language",
      "Authorization",
      "Content-Type",
      "Idempotency-Key",
      "If-Match",
      "If-None-Match",
      "X-Actor",
      "X-Request-Id",
      "traceparent",
    ],
    exposeHeaders: [
      "ETag",
      "Idempotency-Replayed",
      "Location",
      "RateLimit",
      "RateLimit-Policy",
      "Retry-After",
      "X-Request-Id",
    ],
    maxAge: 600,
  })];

/** A weak tag of what was read, before it is compressed. Whether the caller has it already is asked at the outside. */
export const conEtiqueta: MiddlewareHandler = async (c, next) => {
  await next();
  if (!["GET", "HEAD"].includes(c.req.method) || c.res.status !== 200 || c.res.headers.has("etag")) return;
  const cuerpo = new Uint8Array(await c.res.arrayBuffer());
  const headers = new Headers(c.res.headers);
  headers.set("etag", `W/"${createHash("sha1").update(cuerpo).digest("hex")}"`);
  c.res = undefined;
  c.res = new Response(cuerpo, { headers });
};
