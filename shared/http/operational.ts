import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { DOCS_CSP, DOCS_FILES, docsFile, docsPage } from "./docs_page.ts";
import type { Env } from "./env.ts";
import { localized } from "./locale.ts";
import type { Metrics } from "./metrics.ts";
import { guardedBy } from "./operation.ts";
import { type DocumentInfo, documentOf } from "./openapi.ts";
import { Problem, problems } from "./problem.ts";
import type { Readiness } from "./readiness.ts";

export interface OperationalOptions {
  /** The process's name, e.g. `alpespartners`. */
  readonly servicio: string;
  readonly version: string;
  readonly readiness: Readiness;
  readonly metrics: Metrics;
  readonly documento: DocumentInfo;
  /** false where the process answers `/health` in a shape of its own (the BFF). */
  readonly health?: boolean;
}

const common = { tags: ["operación"], security: [] };

const healthRoute = createRoute({
  ...common,
  method: "get",
  path: "/health",
  operationId: "health",
  summary: "Whether the process lives; asks nobody else",
  responses: {
    200: {
      description: "It lives",
      content: {
        "application/json": {
          schema: z.object({
            status: z.literal("up"),
            service: z.string().openapi({ example: "alpespartners" }),
            version: z.string().openapi({ example: "0.1.0" }),
            uptime_s: z.number().openapi({ example: 12.5 }),
          }).openapi("Health"),
        },
      },
    },
    ...problems(400),
  },
});

const readyRoute = createRoute({
  ...common,
  method: "get",
  path: "/ready",
  operationId: "ready",
  summary: "Whether it can do its work; 503 names in `errores` what is missing, and why",
  responses: {
    200: {
      description: "Everything it needs is there",
      content: {
        "application/json": {
          schema: z.object({
            status: z.literal("ready"),
            checks: z.array(z.string()).openapi({ example: ["base_de_datos", "migraciones", "bus"] }),
          }).openapi("Ready"),
        },
      },
    },
    ...problems(400, 503),
  },
});

const metricsRoute = createRoute({
  tags: common.tags,
  method: "get",
  path: "/metrics",
  operationId: "metrics",
  ...guardedBy("figuras.leer"),
  summary: "Figures of this process since its start, for Prometheus or as a JSON summary",
  responses: {
    200: {
      description: "Prometheus text, or the summary when the caller accepts JSON",
      content: {
        "text/plain": { schema: z.string() },
        "application/json": {
          schema: z.object({
            count: z.int().openapi({ description: "requests" }),
            errors: z.int().openapi({ description: "answers of 500 and above" }),
            p50: z.number().openapi({ description: "milliseconds" }),
            p95: z.number().openapi({ description: "milliseconds" }),
            p99: z.number().openapi({ description: "milliseconds" }),
          }).openapi("MetricsSummary"),
        },
      },
    },
    ...problems(400),
  },
});

const specRoute = createRoute({
  ...common,
  method: "get",
  path: "/spec",
  operationId: "spec",
  summary: "The OpenAPI 3.1 document of exactly this process",
  responses: {
    200: {
      description: "The document",
      content: {
        "application/json": { schema: z.looseObject({ openapi: z.string() }).openapi("OpenApiDocument") },
      },
    },
    ...problems(400),
  },
});

const html = { description: "The page", content: { "text/html": { schema: z.string() } } };
const docsRoute = createRoute({
  ...common,
  method: "get",
  path: "/docs",
  operationId: "docs",
  summary: "That document as a page",
  responses: { 200: html, ...problems(400) },
});
const docsFileRoute = createRoute({
  ...common,
  method: "get",
  path: "/docs/{archivo}",
  operationId: "docsFile",
  summary: "A file of that page",
  request: { params: z.object({ archivo: z.enum(DOCS_FILES) }) },
  responses: {
    200: {
      description: "The file",
      content: { "text/css": { schema: z.string() }, "text/javascript": { schema: z.string() } },
    },
    ...problems(400, 404),
  },
});

/** Adds what every process answers (wire contract, section 1). Call it after the process's own routes. */
export function addOperational(app: OpenAPIHono<Env>, o: OperationalOptions): void {
  const started = performance.now();
  if (o.health !== false) {
    app.openapi(healthRoute, (c) =>
      c.json({
        status: "up" as const,
        service: o.servicio,
        version: o.version,
        uptime_s: Math.round(performance.now() - started) / 1_000,
      }, 200));
  }
  app.openapi(readyRoute, async (c) => {
    c.header("Cache-Control", "no-store");
    const results = await o.readiness.results();
    const bad = results.filter((r) => !r.ok);
    if (bad.length > 0) {
      throw new Problem("no_disponible", {
        errores: bad.map((r) => ({ campo: r.nombre, mensaje: r.razon ?? "" })),
        headers: { "Retry-After": "1", "Cache-Control": "no-store" },
      });
    }
    return c.json({ status: "ready" as const, checks: results.map((r) => r.nombre) }, 200);
  });
  app.openapi(metricsRoute, async (c) => {
    c.header("Vary", "Accept");
    return wantsJson(c.req.header("accept"))
      ? c.json(o.metrics.summary(), 200)
      : c.text(await o.metrics.text(), 200, { "Content-Type": o.metrics.contentType });
  });

  let spec: { openapi: string } | null = null;
  app.openapi(specRoute, (c) => c.json(spec ??= documentOf(app, o.documento, o.version), 200));
  app.openapi(docsRoute, (c) => {
    c.header("Content-Security-Policy", DOCS_CSP);
    const { notice, locale } = c.var;
    return c.html(docsPage(o.documento.titulo, notice === null ? null : localized(notice, locale)), 200);
  });
  app.openapi(docsFileRoute, async (c) => {
    const { text, type } = await docsFile(c.req.valid("param").archivo);
    return c.body(text, 200, { "Content-Type": type, "Cache-Control": "public, max-age=3600" });
  });
}

/** JSON only where the caller names it ahead of text: a browser's `*` and Prometheus get the text. */
function wantsJson(accept = ""): boolean {
  const types = accept.split(",").map((t) => t.trim().toLowerCase());
  const json = types.findIndex((t) => t.startsWith("application/json"));
  const text = types.findIndex((t) =>
    t.startsWith("text/plain") || t.startsWith("application/openmetrics-text")
  );
  return json >= 0 && (text < 0 || json < text);
}
