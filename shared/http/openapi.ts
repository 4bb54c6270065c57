import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Env } from "./env.ts";

/** What the OpenAPI document of a process says of itself. */
export interface DocumentInfo {
  /** E.g. `Alpes Partners: cliente`. */
  readonly titulo: string;
  readonly descripcion: string;
  /** Name and one sentence of each tag that the routes use; `operación` is added. */
  readonly tags: readonly { readonly name: string; readonly description: string }[];
}

/** The OpenAPI 3.1 document of exactly the routes that the app has. */
export function documentOf(app: OpenAPIHono<Env>, info: DocumentInfo, version: string) {
  app.openAPIRegistry.registerComponent("securitySchemes", "credencial", {
    type: "http",
    scheme: "bearer",
    description: "An API key (`alp_…`) or, with AUTH_MODE=oidc, a JWT. AUTH_MODE=ninguna asks for none.",
  });
  return app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: info.titulo,
      description: info.descripcion,
      version,
      license: { name: "All rights reserved" },
    },
    servers: [{ url: "/", description: "this process" }],
    tags: [
      ...info.tags,
      { name: "operación", description: "Liveness, readiness, figures and this document." },
    ],
    // Routes that are open to all say so themselves.
    security: [{ credencial: [] }],
  });
}
