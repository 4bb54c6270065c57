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
