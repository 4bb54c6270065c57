import { deepEqual, equal, match, ok } from "node:assert/strict";
import { createApp } from "./app.ts";
import { createMetrics } from "./metrics.ts";
import { observed } from "./observed.ts";

const series = (text: string, name: string) =>
  text.split("\n").filter((l) => l.startsWith(name)).map((l) => l.replace(/ [^ ]+$/, "")).sort();

function appWith(metrics = createMetrics()) {
  const app = createApp({
    catalogues: [],
    answers: null,
    actor: () => ({ tipo: "anonimo" }),
    newId: () => "r",
    logError: () => {},
    before: [observed(metrics)],
  });
  app.get("/pagos/estadisticas", (c) => c.text("x"));
  app.get("/pagos/:id", (c) => c.text("x"));
  app.post("/pagos/pagar", (c) => c.text("x", 202));
  app.get("/roto", () => {
    throw new Error("x");
  });
  return { app, metrics };
}

Deno.test("requests are counted by method, pattern of the route and status", async () => {
  const { app, metrics } = appWith();
  for (const path of ["/pagos/a", "/pagos/b", "/pagos/estadisticas", "/x/1", "/x/2", "/roto"]) {
    await app.request(path);
  }
  await app.request("/pagos/pagar", { method: "POST" });
  await app.request("/pagos/a", { method: "INVENTADO" });
  const text = await metrics.text();
  const count = (method: string, route: string, status: number) =>
    `http_request_duration_seconds_count{method="${method}",route="${route}",status="${status}"}`;
  deepEqual(series(text, "http_request_duration_seconds_count"), [
    count("GET", "/pagos/:id", 200),
    count("GET", "/pagos/estadisticas", 200),
    count("GET", "/roto", 500),
    count("GET", "otra", 404),
    count("POST", "/pagos/pagar", 202),
    count("otro", "otra", 405),
  ]);
  match(text, /_count\{method="GET",route="\/pagos\/:id",status="200"\} 2\n/);
  match(text, /_count\{method="GET",route="otra",status="404"\} 2\n/);
});

Deno.test("the summary counts requests and answers of 500 and above, and tells real quantiles", async () => {
  const { app, metrics } = appWith();
  deepEqual(metrics.summary(), { count: 0, errors: 0, p50: 0, p95: 0, p99: 0 });
  await app.request("/roto");
  await app.request("/nada");
  deepEqual([metrics.summary().count, metrics.summary().errors], [2, 1]);

  const known = createMetrics();
  for (let ms = 1; ms <= 100; ms++) known.observe("GET", "/x", 200, ms);
  const { p50, p95, p99 } = known.summary();
  for (const [is, should] of [[p50, 50], [p95, 95], [p99, 99]] as const) {
    ok(Math.abs(is - should) / should < 0.02, `${is} instead of ${should}`);
  }
});

Deno.test("a gauge is asked at each scrape; one that fails gives no figure, and the others stand", async () => {
  const metrics = createMetrics();
  let lag = 3;
  metrics.gauge(
    "outbox_lag_seconds",
    "Age of the oldest message.",
    ["modulo"],
    () => [[{ modulo: "pagos" }, lag]],
  );
  metrics.gauge("inbox_lag_seconds", "The same.", [], () => Promise.reject(new Error("no database")));
  match(await metrics.text(), /outbox_lag_seconds\{modulo="pagos"\} 3\n/);
  lag = 4;
  const text = await metrics.text();
  match(text, /outbox_lag_seconds\{modulo="pagos"\} 4\n/);
  ok(!/^inbox_lag_seconds/m.test(text));
});

Deno.test("two processes' figures do not mix, and each tells memory, CPU and start", async () => {
  const a = createMetrics(), b = createMetrics();
  a.observe("GET", "/x", 200, 1);
  equal(b.summary().count, 0);
  const text = await b.text();
  ok(!text.includes('route="/x"'));
  for (
    const name of ["process_resident_memory_bytes", "process_cpu_seconds_total", "process_start_time_seconds"]
  ) {
    ok(Number(new RegExp(`^${name} (.+)$`, "m").exec(text)?.[1]) > 0, name);
  }
});
