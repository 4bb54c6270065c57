import { trace } from "@opentelemetry/api";
import type { Context, MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import type { Env } from "./env.ts";
import { logger, withLogContext } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import { Problem } from "./problem.ts";
import { HIDDEN, maskText } from "./redact.ts";
import { currentTraceparent } from "./tracing.ts";

/** Asked every few seconds by machines: only at debug level. */
const QUIET = new Set(["/health", "/ready", "/metrics", "/api/v1/health"]);
/** Methods outside this list share one label, since a caller may invent them. */
const METHODS = new Set(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]);

/** The pattern of the route that answered, e.g. `/pagos/:id`; `otra` where none did, so that labels stay few. */
export function routeOf(c: Context): string {
  const path = routePath(c);
  return path === "*" || path === "/*" || path === "" ? "otra" : path;
}

/**
 * Watches every request, as the first of `createApp`'s `before`: one log line (pattern, never the address), the
 * histogram, the name of the trace's span; and what is logged on the way carries the request's id.
 */
export function observed(metrics: Metrics): MiddlewareHandler<Env> {
  const log = logger("http");
  return async (c, next) => {
    const start = performance.now();
    if (trace.getActiveSpan()) c.set("traceparent", currentTraceparent());
    const solicitud = c.get("requestId");
    await withLogContext({ solicitud, correlation_id: solicitud }, async () => {
      await next();
      const ruta = routeOf(c);
      const metodo = METHODS.has(c.req.method) ? c.req.method : "otro";
      const ms = performance.now() - start;
      // What asks for the figures is not one of them.
      if (ruta !== "/metrics") metrics.observe(metodo, ruta, c.res.status, ms);
      const line = { metodo, ruta, status: c.res.status, ms: Math.round(ms * 100) / 100 };
      if (QUIET.has(ruta)) log.debug("request", line);
      else log.info("request", line);
      nameSpan(c.req.url, metodo, ruta);
    });
  };
}

/** `logError` of `createApp`: what was behind an answer of 500 or more. */
export function logFault(error: Error, c: Context<Env>): void {
  const log = logger("http");
  const where = { metodo: c.req.method, ruta: routeOf(c) };
  if (!(error instanceof Problem)) log.error("fault", { ...where, error });
  // A crowd that is turned away must not write a line each; the figures count them.
  else if (QUIET.has(where.ruta) || error.codigo === "saturado") {
    log.debug("refused", { ...where, codigo: error.codigo });
  } else log.warn("refused", { ...where, codigo: error.codigo });
}

/** Names the running span, if any, by its route, and without what a person typed into the address. */
export function nameSpan(address: string, metodo: string, ruta: string): void {
  const span = trace.getActiveSpan();
  if (!span?.isRecording()) return;
  span.updateName(`${metodo} ${ruta}`);
  span.setAttribute("http.route", ruta);
  // A query holds what a person looks for, or the code that he signs in with.
  const query = address.indexOf("?");
  const full = maskText(query < 0 ? address : address.slice(0, query));
  span.setAttribute("url.full", full);
  span.setAttribute("url.path", full.slice(full.indexOf("/", full.indexOf("://") + 3)));
  if (query >= 0) span.setAttribute("url.query", HIDDEN);
}
