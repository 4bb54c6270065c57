import type { MiddlewareHandler } from "hono";
import type { Env } from "./env.ts";

const STRICT = {
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
  "Content-Security-Policy":
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  // What one caller may see must not be kept where another could find it.
  "Cache-Control": "private, no-cache",
};

/**
 * Where an answer says nothing of its own, the strict value; and whoever caches is told that answers differ by who asks.
 * `Strict-Transport-Security` is the proxy's, which alone knows whether it speaks TLS.
 */
export const securityHeaders: MiddlewareHandler<Env> = async (c, next) => {
  await next();
  // Also makes headers that came with an answer from elsewhere ones that can be changed.
  c.header("Vary", "Authorization, Cookie, X-Actor", { append: true });
  const { headers } = c.res;
  for (const [name, value] of Object.entries(STRICT)) {
    if (!headers.has(name)) headers.set(name, value);
  }
};
