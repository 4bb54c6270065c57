import { createRoute, z } from "@hono/zod-openapi";
import type { Locale } from "@alpes/shared/http/locale.ts";
import { localized } from "@alpes/shared/http/locale.ts";
import { Problem, problems } from "@alpes/shared/http/problem.ts";
import { createRouter, type Router } from "@alpes/shared/http/router.ts";

export interface Archivo {
  readonly tipo: string;
  readonly texto: string;
  /** The same, compressed once and not for every browser. */
  readonly gzip: Uint8Array<ArrayBuffer>;
}

/** The console's two files as they go out, each under a name that changes with what is in it. */
export interface Consola {
  readonly archivos: ReadonlyMap<string, Archivo>;
  readonly js: string;
  readonly css: string;
}

/** Nothing from elsewhere, nothing inline. */
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
  "manifest-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const abierta = { tags: ["consola"], security: [] };

const pagina = createRoute({
  ...abierta,
  method: "get",
  path: "/",
  operationId: "consola",
  summary: "The web console",
  responses: {
    200: { description: "The page", content: { "text/html": { schema: z.string() } } },
    ...problems(400),
  },
});
const archivo = createRoute({
  ...abierta,
  method: "get",
  path: "/consola/{archivo}",
  operationId: "consolaArchivo",
  summary: "A file of the console",
  request: { params: z.object({ archivo: z.string().max(80) }) },
  responses: {
    200: {
      description: "The file",
      content: { "text/css": { schema: z.string() }, "text/javascript": { schema: z.string() } },
    },
    ...problems(400, 404),
  },
});

/** `consola` is null where it was not built. */
export function consolaRoutes(consola: Consola | null): Router {
  const router = createRouter();
  router.openapi(pagina, (c) => {
    const { locale, notice } = c.var;
    const aviso = notice === null ? null : localized(notice, locale);
    c.header("Content-Security-Policy", CSP);
    c.header("Vary", "Accept-Language");
    return c.html(consola === null ? sinConstruir(locale) : documento(consola, locale, aviso), 200);
  });
  router.openapi(archivo, (c) => {
    const a = consola?.archivos.get(c.req.valid("param").archivo);
    if (a === undefined) throw new Problem("no_encontrado");
    c.header("Vary", "Accept-Encoding");
    const comprimido = /\bgzip\b/.test(c.req.header("accept-encoding") ?? "");
    if (comprimido) c.header("Content-Encoding", "gzip");
    return c.body(comprimido ? a.gzip : a.texto, 200, {
      "Content-Type": a.tipo,
      "Cache-Control": "public, max-age=31536000, immutable",
    });
  });
  return router;
}

const escapar = (t: string) => t.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

const documento = (k: Consola, locale: Locale, aviso: string | null) =>
  `<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Alpes Partners</title>
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='7' fill='%230b5d66'/%3E%3Cpath d='M4 24 12 10l5 8 4-6 7 12z' fill='%23fff'/%3E%3C/svg%3E">
<link rel="stylesheet" href="/consola/${k.css}">
<script type="module" src="/consola/${k.js}"></script>
</head>
<body>
<div id="consola"${aviso === null ? "" : ` data-aviso="${escapar(aviso)}"`}></div>
<noscript>${
    locale === "es"
      ? 'La consola necesita JavaScript; la API está en <a href="/docs">/docs</a>.'
      : 'The console needs JavaScript; the API is at <a href="/docs">/docs</a>.'
  }</noscript>
</body>
</html>
`;

const sinConstruir = (locale: Locale) =>
  `<!doctype html>
<html lang="${locale}"><head><meta charset="utf-8"><title>Alpes Partners</title></head>
<body><main><h1>Alpes Partners</h1><p>${
    locale === "es"
      ? "La consola no está construida. Ejecute <code>deno task consola</code> y arranque de nuevo el BFF."
      : "The console is not built. Run <code>deno task consola</code> and start the BFF again."
  }</p><p><a href="/docs">API</a></p></main></body></html>
`;
