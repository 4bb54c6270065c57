import { deepEqual, equal, match, ok } from "node:assert/strict";
import { createApp } from "./app.ts";
import { createMetrics } from "./metrics.ts";
import { logFault, observed } from "./observed.ts";
import { addOperational } from "./operational.ts";
import { type Check, readiness } from "./readiness.ts";

function processWith(checks: readonly Check[] = [], health = true) {
  const metrics = createMetrics();
  const ready = readiness(checks, 50);
  const app = createApp({
    catalogues: [],
    answers: null,
    actor: () => ({ tipo: "anonimo" }),
    newId: () => "r",
    logError: logFault,
    before: [observed(metrics)],
  });
  addOperational(app, {
    servicio: "cliente",
    version: "0.1.0",
    readiness: ready,
    metrics,
    documento: { titulo: "Alpes <Partners>", descripcion: "x", tags: [] },
    health,
  });
  return { app, ready };
}

Deno.test("liveness tells name, version and age, and asks nobody, also while stopping", async () => {
  const { app, ready } = processWith([{ nombre: "base", check: () => Promise.reject(new Error("down")) }]);
  ready.drain();
  const answer = await app.request("/health");
  equal(answer.status, 200);
  const { uptime_s, ...rest } = await answer.json();
  deepEqual(rest, { status: "up", service: "cliente", version: "0.1.0" });
  ok(typeof uptime_s === "number" && uptime_s >= 0);
});

Deno.test("a process may answer /health in a shape of its own", async () => {
  const { app } = processWith([], false);
  equal((await app.request("/health")).status, 404);
  equal((await (await app.request("/spec")).json()).paths["/health"], undefined);
});

Deno.test("readiness names each check that fails and why, in the caller's language", async () => {
  const { app } = processWith([
    { nombre: "bus", check: () => Promise.resolve() },
    { nombre: "migraciones", check: () => Promise.reject(new Error("falta 0100")) },
    { nombre: "base_de_datos", check: () => new Promise(() => {}) },
  ]);
  const answer = await app.request("/ready", { headers: { "Accept-Language": "en" } });
  equal(answer.status, 503);
  equal(answer.headers.get("content-type"), "application/problem+json");
  equal(answer.headers.get("cache-control"), "no-store");
  ok(Number(answer.headers.get("retry-after")) > 0);
  const problem = await answer.json();
  equal(problem.codigo, "no_disponible");
  deepEqual(problem.errores, [
    { campo: "migraciones", mensaje: "falta 0100" },
    { campo: "base_de_datos", mensaje: "did not answer in 0.05 s" },
  ]);
});

Deno.test("a process is ready with every check, and no longer once it stops", async () => {
  const { app, ready } = processWith([{ nombre: "bus", check: () => Promise.resolve() }]);
  const answer = await app.request("/ready");
  equal(answer.status, 200);
  deepEqual(await answer.json(), { status: "ready", checks: ["bus"] });
  ready.drain();
  equal((await app.request("/ready")).status, 503);
});

Deno.test("figures are Prometheus text, and a JSON summary for who asks for JSON", async () => {
  const { app } = processWith();
  await app.request("/health");
  for (const accept of [undefined, "*/*", "text/plain;version=0.0.4, */*;q=0.1", "text/html,*/*"]) {
    const answer = await app.request("/metrics", accept === undefined ? {} : { headers: { accept } });
    match(answer.headers.get("content-type") ?? "", /^text\/plain; version=0\.0\.4/);
    match(
      await answer.text(),
      /http_request_duration_seconds_bucket\{le="0\.001",method="GET",route="\/health"/,
    );
  }
  const answer = await app.request("/metrics", { headers: { accept: "application/json" } });
  equal(answer.headers.get("content-type"), "application/json");
  const summary = await answer.json();
  deepEqual(Object.keys(summary), ["count", "errors", "p50", "p95", "p99"]);
  equal(summary.count, 1);
  ok(summary.p50 > 0 && summary.p50 <= summary.p95 && summary.p95 <= summary.p99);
});

Deno.test("the document describes every route there is, each with what a reader needs", async () => {
  const { app } = processWith();
  const answer = await app.request("/spec");
  equal(answer.headers.get("content-type"), "application/json");
  const spec = await answer.json();
  match(spec.openapi, /^3\.1\./);
  const routes = app.routes.filter((r) =>
    r.method === "GET" && r.path !== "/*" && !r.path.startsWith("/errores")
  )
    .map((r) => r.path.replaceAll(/:(\w+)(\{[^}]*\})?/g, "{$1}"));
  for (const path of ["/health", "/ready", "/metrics", "/spec", "/docs", "/docs/{archivo}"]) {
    ok(routes.includes(path), path);
    const operation = spec.paths[path]?.get;
    ok(
      operation?.summary && operation.operationId && operation.tags.length > 0 && operation.responses["400"],
      path,
    );
  }
});

Deno.test("an unknown query parameter is named, here as everywhere", async () => {
  const { app } = processWith();
  const answer = await app.request("/health?formato=xml");
  equal(answer.status, 400);
  equal((await answer.json()).errores[0].campo, "formato");
});

Deno.test("the API page and all it loads come from this process", async () => {
  const { app } = processWith();
  const page = await app.request("/docs");
  match(page.headers.get("content-type") ?? "", /^text\/html/);
  match(page.headers.get("content-security-policy") ?? "", /script-src 'self';/);
  const html = await page.text();
  match(html, /<title>Alpes &lt;Partners><\/title>/);
  const loaded = [...html.matchAll(/(?:href|src|data-spec)="([^"]+)"/g)].map((m) => m[1] ?? "");
  ok(loaded.length >= 5);
  for (const url of loaded.filter((u) => u !== "data:,")) {
    ok(url.startsWith("/"), url);
    const file = await app.request(url);
    equal(file.status, 200, url);
    ok((await file.text()).length > 0);
  }
  const bundle = await app.request("/docs/swagger-ui-bundle.js");
  match(await bundle.text(), /SwaggerUIBundle/);
  equal((await app.request("/docs/..%2Fproblem.ts")).status, 404);
});
