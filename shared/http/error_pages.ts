import { createRoute, z } from "@hono/zod-openapi";
import { html } from "hono/html";
import type { Catalogue } from "./catalogue.ts";
import { localized } from "./locale.ts";
import { problems } from "./problem.ts";
import { responder } from "./respond.ts";
import { createRouter, type Router } from "./router.ts";

const TextsSchema = z.object({ titulo: z.string(), explicacion: z.string(), que_hacer: z.string() });
const FaultSchema = z.object({
  codigo: z.string(),
  status: z.number().int(),
  es: TextsSchema,
  en: TextsSchema,
})
  .openapi("Falla");

const page = createRoute({
  method: "get",
  path: "/errores/{codigo}",
  tags: ["errores"],
  security: [],
  operationId: "explicarError",
  summary: "What a problem's code means and what to do about it",
  request: { params: z.object({ codigo: z.string() }) },
  responses: {
    200: {
      description: "The meaning, in both languages",
      content: { "application/json": { schema: FaultSchema }, "text/html": { schema: z.string() } },
    },
    ...problems(404),
  },
});

const list = createRoute({
  method: "get",
  path: "/errores",
  tags: ["errores"],
  security: [],
  operationId: "listarErrores",
  summary: "Every code that this process answers",
  responses: {
    200: {
      description: "The catalogue",
      content: { "application/json": { schema: z.object({ data: z.array(FaultSchema) }) } },
    },
  },
});

const { refuse } = responder({});

/** The pages that a problem's `type` points at: HTML when the caller prefers it, else JSON. */
export function errorPages(catalogue: Catalogue): Router {
  const router = createRouter();
  const entry = (codigo: string) => {
    const f = Object.hasOwn(catalogue, codigo) ? catalogue[codigo] : undefined;
    return f === undefined ? null : { codigo, status: f.status as number, es: f.es, en: f.en };
  };
  router.openapi(page, (c) => {
    const f = entry(c.req.valid("param").codigo);
    if (f === null) return refuse(c, "no_encontrado");
    if (!c.req.header("accept")?.includes("text/html")) return c.json(f, 200);
    const { locale } = c.var;
    const other = locale === "es" ? "en" : "es";
    const notice = c.var.notice === null ? "" : html`<p role="note">⚠ ${localized(c.var.notice, locale)}</p>`;
    const section = (l: "es" | "en") =>
      html`
        <section lang="${l}">
          <h1>${f[l].titulo}</h1>
          <p>${f[l].explicacion}</p>
          <p><strong>${l === "es" ? "Qué hacer" : "What to do"}:</strong> ${f[l].que_hacer}</p>
        </section>
      `;
    return c.html(
      html`
        <!doctype html>
        <html
          lang="${locale}"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${f[
            locale
          ].titulo}</title><style>body{font:1rem/1.5 system-ui;max-width:40rem;margin:2rem auto;padding:0 1rem}section+section{color:#555;font-size:.9rem}</style>${notice}<p><code>${f
            .codigo}</code> · ${f.status}</p>${section(locale)}<hr>${section(other)}</html>
      `,
      200,
      { "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'" },
    );
  });
  router.openapi(list, (c) => c.json({ data: Object.keys(catalogue).flatMap((k) => entry(k) ?? []) }, 200));
  return router;
}
