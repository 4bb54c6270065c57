import { deepEqual, equal, match, notEqual, ok } from "node:assert/strict";
import fc from "fast-check";
import {
  childTraceparent,
  currentTraceparent,
  formatTraceparent,
  parseTraceparent,
  span,
} from "./tracing.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT = `00-${TRACE}-00f067aa0ba902b7-01`;

Deno.test("a traceparent is read as the standard says, and anything else starts a new trace", () => {
  deepEqual(parseTraceparent(PARENT), { traceId: TRACE, spanId: "00f067aa0ba902b7", sampled: true });
  equal(parseTraceparent(PARENT.replace(/01$/, "00"))?.sampled, false);
  equal(parseTraceparent(PARENT.replace(/^00/, "cc") + "-what-comes-later")?.traceId, TRACE);
  for (
    const bad of [
      null,
      undefined,
      "",
      "x",
      PARENT + "-more",
      PARENT.toUpperCase(),
      PARENT.replace(/^00/, "ff"),
      PARENT.replace(TRACE, "0".repeat(32)),
      PARENT.replace("00f067aa0ba902b7", "0".repeat(16)),
    ]
  ) {
    equal(parseTraceparent(bad), null, String(bad));
    notEqual(parseTraceparent(childTraceparent(bad))?.traceId, TRACE);
  }
});

Deno.test("a child keeps trace and sampling, and has an id of its own", () => {
  fc.assert(fc.property(fc.boolean(), (sampled) => {
    const parent = { traceId: TRACE, spanId: "00f067aa0ba902b7", sampled };
    const child = parseTraceparent(childTraceparent(formatTraceparent(parent)));
    deepEqual({ ...child, spanId: parent.spanId }, parent);
    notEqual(child?.spanId, parent.spanId);
  }));
});

Deno.test("where nothing records, work still carries the trace on, and its fault comes through", async () => {
  const seen = await span("work", PARENT, (t) => Promise.resolve(t));
  equal(parseTraceparent(seen)?.traceId, TRACE);
  notEqual(seen, PARENT);
  equal(parseTraceparent(currentTraceparent(PARENT))?.traceId, TRACE);
  const fault = new Error("x");
  equal(await span("work", null, () => Promise.reject(fault)).catch((e) => e), fault);
});

interface Recorded {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly status: { readonly code: number; readonly message: string };
  readonly attributes: readonly { key: string; value: Record<string, unknown> }[];
}

/** Runs a program with OTEL_DENO=true against a collector of our own, and gives what it recorded. */
async function recorded(program: string): Promise<{ spans: Recorded[]; out: string }> {
  const spans: Recorded[] = [];
  const collector = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (r) => {
    const { resourceSpans = [] } = await r.json();
    for (const { scopeSpans } of resourceSpans) for (const s of scopeSpans) spans.push(...s.spans);
    return Response.json({});
  });
  try {
    const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
      args: ["eval", program],
      cwd: new URL("../..", import.meta.url),
      env: {
        OTEL_DENO: "true",
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collector.addr.port}`,
        OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
        OTEL_METRICS_EXPORTER: "none",
        OTEL_LOGS_EXPORTER: "none",
      },
    }).output();
    ok(success, new TextDecoder().decode(stderr));
    return { spans, out: new TextDecoder().decode(stdout) };
  } finally {
    await collector.shutdown();
  }
}

Deno.test("with OTEL_DENO, one trace joins the request, the message it published and the message's consumer", async () => {
  const here = (file: string) => JSON.stringify(new URL(file, import.meta.url).href);
  const { spans, out } = await recorded(`
    import { createApp } from ${here("./app.ts")};
    import { createMetrics } from ${here("./metrics.ts")};
    import { observed } from ${here("./observed.ts")};
    import { span } from ${here("./tracing.ts")};
    const app = createApp({
      catalogues: [], answers: null, actor: () => ({ tipo: "anonimo" }), newId: () => "r", logError() {},
      before: [observed(createMetrics())],
    });
    const outbox = [];
    app.get("/pagos/:id", (c) => (outbox.push({ traceparent: c.var.traceparent }), c.text("x")));
    const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, app.fetch);
    await (await fetch(\`http://127.0.0.1:\${server.addr.port}/pagos/ana%40correo.co?search=ana+correo&codigo=correo\`, {
      headers: { traceparent: ${JSON.stringify(PARENT)} },
    })).text();
    await server.shutdown();
    const [message] = outbox;
    const published = await span("publish eventos.pagos", message.traceparent, (t) => Promise.resolve(t), { role: "producer" });
    await span("consume eventos.pagos", published, async () => {
      await span("save", null, () => Promise.resolve());
      throw new TypeError("ana@correo.co");
    }, { role: "consumer", attributes: { "messaging.message.id": "e-1" } }).catch(() => {});
    console.log(message.traceparent);
  `);
  const named = (name: string) => spans.find((s) => s.name === name && s.kind !== 3);
  const http = named("GET /pagos/:id"), publish = named("publish eventos.pagos");
  const consume = named("consume eventos.pagos"), save = named("save");
  ok(http && publish && consume && save, spans.map((s) => s.name).join());
  for (const s of [http, publish, consume, save]) equal(s.traceId, TRACE);
  deepEqual(
    [http.parentSpanId, publish.parentSpanId, consume.parentSpanId, save.parentSpanId],
    ["00f067aa0ba902b7", http.spanId, publish.spanId, consume.spanId],
  );
  deepEqual([http.kind, publish.kind, consume.kind, save.kind], [2, 4, 5, 1]);
  equal(out.trim(), `00-${TRACE}-${http.spanId}-01`);

  const attributes = Object.fromEntries(http.attributes.map((a) => [a.key, a.value["stringValue"]]));
  equal(attributes["http.route"], "/pagos/:id");
  ok(!JSON.stringify(attributes).includes("correo"), JSON.stringify(attributes));
  equal(consume.status.code, 2);
  match(consume.status.message, /^TypeError$/);
});
