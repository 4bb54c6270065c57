import type { MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import type { Env } from "@alpes/shared/http/env.ts";

const SEGURIDAD = {
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Content-Security-Policy":
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  // What one caller may see must not be kept where another could find it.
  "Cache-Control": "private, no-cache",
};

/** Where an answer says nothing of its own, the strict value. */
export const seguridad: MiddlewareHandler<Env> = async (c, next) => {
  await next();
  for (const [nombre, valor] of Object.entries(SEGURIDAD)) {
    if (!c.res.headers.has(nombre)) c.header(nombre, valor);
  }
  c.header("Vary", "Authorization, X-Actor", { append: true });
};

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
    exposeHeaders: ["ETag", "Idempotency-Replayed", "Location", "Retry-After", "X-Request-Id"],
    maxAge: 600,
  })];
