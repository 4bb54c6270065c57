import { deepEqual, equal, match, ok } from "node:assert/strict";
import { resetSync } from "@logtape/logtape";
import { createApp } from "./app.ts";
import { logger, type LogOptions, setupLogs, withLogContext } from "./log.ts";
import { createMetrics } from "./metrics.ts";
import { logFault, observed } from "./observed.ts";

async function written(o: Partial<LogOptions>, run: () => unknown): Promise<string> {
  let out = "";
  setupLogs({ level: "info", format: "json", servicio: "pagos", write: (lines) => out += lines, ...o });
  try {
    await run();
  } finally {
    resetSync();
  }
  return out;
}
const lines = (out: string): Record<string, unknown>[] => out.trimEnd().split("\n").map((l) => JSON.parse(l));

Deno.test("a line is one JSON object with time, level, process, module, text and fields", async () => {
  const out = await written(
    {},
    () => logger("relevo").warn("published {n}", { n: 3, topic: "eventos.pagos" }),
  );
  const [line] = lines(out);
  match(String(line?.["time"]), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  deepEqual({ ...line, time: null }, {
    time: null,
    level: "warn",
    servicio: "pagos",
    modulo: "relevo",
    msg: "published 3",
    n: 3,
    topic: "eventos.pagos",
  });
});

Deno.test("what is written inside a request carries its ids, also after an await", async () => {
  const out = await written({}, async () => {
    await Promise.all(
      ["a", "b"].map((solicitud) =>
        withLogContext({ solicitud, correlation_id: `c-${solicitud}` }, async () => {
          await new Promise((r) => setTimeout(r, 1));
          logger("pagos").info("settled", { de: solicitud });
        })
      ),
    );
    logger("pagos").info("outside");
  });
  const [a, b, outside] = lines(out);
  for (const line of [a, b]) {
    equal(line?.["solicitud"], line?.["de"]);
    equal(line?.["correlation_id"], `c-${line?.["de"]}`);
  }
  ok(outside !== undefined && !("solicitud" in outside));
});

Deno.test("neither text nor fields carry bodies, e-mails, cards or passwords, in both formats", async () => {
  for (const format of ["json", "pretty"] as const) {
    const out = await written({ format }, () => {
      logger("x").info("hola {quien} ana@correo.co", {
        quien: "luz@correo.co",
        email: "z@z.co",
        body: { a: 1 },
      });
      logger("x").error("failed", {
        error: new Error("card 4111 1111 1111 1111"),
        url: "postgres://alpes:hunter2@db/x",
        datos: { cuerpo: "texto", n: ["5555555555554444"] },
      });
    });
    ok(!/@correo|z@z|4111 1111|5555555555554444|hunter2|texto|"a":1/.test(out), out);
    match(out, /\[email\]/);
  }
});

Deno.test("a line for a person is one line, whatever a value holds", async () => {
  const out = await written(
    { format: "pretty" },
    () => logger("x").info("uno\ndos", { v: "a\r\nFAKE \x1b[31m" }),
  );
  equal(out.trimEnd().split("\n").length, 1);
  ok(!/\p{Cc}/u.test(out.trimEnd()));
});

Deno.test("lines below the level are not written", async () => {
  equal(await written({ level: "warn" }, () => logger("x").info("no")), "");
  match(await written({ level: "debug" }, () => logger("x").debug("sí")), /"level":"debug"/);
});

Deno.test("a request is one line with the route's pattern, never its address", async () => {
  const app = createApp({
    catalogues: [],
    answers: null,
    actor: () => ({ tipo: "anonimo" }),
    newId: () => "made",
    logError: logFault,
    before: [observed(createMetrics())],
  });
  app.get("/cliente/:id", (c) => c.text("x"));
  app.get("/health", (c) => c.text("up"));
  app.get("/roto", () => {
    throw new Error("disk of luz@correo.co");
  });
  const out = await written({}, async () => {
    await app.request("/cliente/ana-secreta?search=luz", { headers: { "X-Request-Id": "r-1" } });
    await app.request("/health");
    await app.request("/no/such/place");
    await app.request("/roto");
  });
  const [found, missing, fault, broken, ...more] = lines(out);
  deepEqual({ ...found, time: 0, ms: 0 }, {
    time: 0,
    level: "info",
    servicio: "pagos",
    modulo: "http",
    msg: "request",
    metodo: "GET",
    ruta: "/cliente/:id",
    status: 200,
    ms: 0,
    solicitud: "r-1",
    correlation_id: "r-1",
  });
  equal(typeof found?.["ms"], "number");
  deepEqual([missing?.["ruta"], missing?.["status"], missing?.["solicitud"]], ["otra", 404, "made"]);
  deepEqual([fault?.["level"], fault?.["ruta"], fault?.["solicitud"]], ["error", "/roto", "made"]);
  match(JSON.stringify(fault?.["error"]), /disk of \[email\]/);
  deepEqual([broken?.["status"], more], [500, []]);
  ok(!/secreta|luz|such/.test(out));
});

Deno.test("the lines of a process that ends reach its output", async () => {
  const log = new URL("./log.ts", import.meta.url).href;
  const run = (code: string) =>
    new Deno.Command(Deno.execPath(), {
      args: [
        "eval",
        `import { logger, setupLogs } from ${JSON.stringify(log)};
        setupLogs({ level: "info", servicio: "x" }); ${code}`,
      ],
      stdout: "piped",
    }).output();
  const ended = await run(`for (let i = 0; i < 3000; i++) logger("x").info("n", { i });`);
  equal(lines(new TextDecoder().decode(ended.stdout)).length, 3_000);
  const exited = await run(`logger("x").info("last"); Deno.exit(3);`);
  equal(exited.code, 3);
  match(new TextDecoder().decode(exited.stdout), /"msg":"last"/);
});
