import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context, MiddlewareHandler } from "hono";
import type { IdempotentAnswers } from "@alpes/shared/seedwork/answers.ts";
import { ID_PATTERN, type NewId } from "@alpes/shared/seedwork/ids.ts";
import { AlreadyAnswered } from "@alpes/shared/seedwork/unit_of_work.ts";
import type { Authenticator } from "./actor.ts";
import { BASE, type Catalogue, joinCatalogues } from "./catalogue.ts";
import type { Env } from "./env.ts";
import { errorPages } from "./error_pages.ts";
import { notModified } from "./etag.ts";
import { problemOf } from "./faults.ts";
import { answerResponse } from "./idempotency.ts";
import { type AdmissionOptions, createLimits } from "./limits.ts";
import { localeOf } from "./locale.ts";
import { Problem, problemResponse } from "./problem.ts";
import { createRouter } from "./router.ts";
import { answerHeaders } from "./security_headers.ts";
import { childTrace, randomHex } from "./trace.ts";

export interface AppOptions {
  /** The modules' own codes; the same code with two meanings throws at start. */
  readonly catalogues: readonly Catalogue[];
  /** Where refusals of keyed writes are kept; `null` where another process keeps them (the BFF). */
  readonly answers: IdempotentAnswers | null;
  readonly actor: Authenticator;
  readonly newId: NewId;
  /** Told of every answer ≥ 500 with its cause; the caller is told nothing of it. */
  readonly logError: (error: Error, c: Context<Env>) => void;
  /** Run around everything, after the request's id is known (log, metrics); the actor is set within. */
  readonly before?: readonly MiddlewareHandler<Env>[];
  /** Run once the actor is known, before any route. */
  readonly after?: readonly MiddlewareHandler<Env>[];
  /** How requests wait for their turn; without it none does. */
  readonly admission?: AdmissionOptions;
  /** How long a body of up to 8 MiB may take to arrive; 30,000 by default. */
  readonly bodyTimeoutMs?: number;
  /** Shown on every page; may be `both(es, en)`. */
  readonly notice?: string;
}

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/** What may be done at a path: `/x/estadisticas` is a route of its own, not an `/x/{id}` that could be deleted. */
function methodsAt(app: OpenAPIHono<Env>, path: string): string[] {
  const fits = METHODS.flatMap((method) =>
    app.router.match(method, path)[0].flatMap(([[, r]]) =>
      r.method === "ALL" ? [] : [{ method, parameters: r.path.split(":").length }]
    )
  );
  const fewest = Math.min(...fits.map((f) => f.parameters));
  return [...new Set(fits.filter((f) => f.parameters === fewest).map((f) => f.method))];
}

/**
 * The outside of a process: request id, trace, language, actor, problems for everything that goes wrong, 404 and 405,
 * conditional GETs, and the pages that explain each problem. Mount routers made by `createRouter` with `route()`.
 */
export function createApp(options: AppOptions): OpenAPIHono<Env> {
  const catalogue = joinCatalogues(BASE, ...options.catalogues);
  const app = createRouter();
  const limits = createLimits(options.admission ?? null, options.answers !== null);

  app.use(async (c, next) => {
    const given = c.req.header("x-request-id");
    c.set("requestId", given !== undefined && ID_PATTERN.test(given) ? given : options.newId());
    c.set("traceparent", childTrace(c.req.header("traceparent"), randomHex));
    c.set("locale", localeOf(c.req.header("accept-language")));
    c.set("actor", { tipo: "anonimo" });
    c.set("authorization", null);
    c.set("hidden", false);
    c.set("notice", options.notice ?? null);
    c.set("json", null);
    c.set("bodySize", 0);
    c.set("key", null);
    c.set("visit", null);
    c.set("answers", options.answers);
    c.set("limits", limits);
    c.set("bodyTimeoutMs", options.bodyTimeoutMs ?? 30_000);
    await next();
    notModified(c);
    answerHeaders(c).set("X-Request-Id", c.get("requestId"));
  });
  if (options.before !== undefined && options.before.length > 0) app.use(...options.before);
  app.use(async (c, next) => {
    c.set("actorNow", () => options.actor(c));
    c.set("actor", await options.actor(c));
    await next();
  });
  if (options.after !== undefined && options.after.length > 0) app.use(...options.after);

  app.onError((error, c) => {
    if (error instanceof AlreadyAnswered) {
      c.get("visit")?.answered(error.answer);
      return answerResponse(error.answer, true);
    }
    const response = problemResponse(c, catalogue, problemOf(error));
    if (response.status >= 500) options.logError(error, c);
    return response;
  });
  app.notFound((c) => {
    const allowed = methodsAt(app, c.req.path);
    if (allowed.includes("GET")) allowed.splice(1, 0, "HEAD");
    const Allow = allowed.join(", ");
    if (Allow === "") return problemResponse(c, catalogue, new Problem("no_encontrado"));
    if (c.req.method === "OPTIONS") return new Response(null, { status: 204, headers: { Allow } });
    return problemResponse(c, catalogue, new Problem("metodo_no_permitido", { headers: { Allow } }));
  });

  app.route("/", errorPages(catalogue));
  return app;
}
