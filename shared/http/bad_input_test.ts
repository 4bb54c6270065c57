import assert from "node:assert/strict";
import { createRoute, z } from "@hono/zod-openapi";
import { appAround, fieldsIn, problemIn } from "@alpes/shared/testing/http_app.ts";
import { montoEntrada } from "@alpes/shared/contracts/dinero.ts";
import { idSchema, texto } from "./fields.ts";
import { problems } from "./problem.ts";
import { createRouter } from "./router.ts";
import { JsonObject, JsonValue, MIB } from "./strict_json.ts";
import { day, instant } from "./time.ts";

const Entrada = z.strictObject({
  id: idSchema(["crear", "estadisticas"]).optional(),
  nombre: texto(2, 20),
  edad: z.number().int().min(0).nullish(),
  nacido: day.optional(),
  desde: instant.optional(),
  monto: montoEntrada(1n).optional(),
  dentro: z.strictObject({ lista: z.array(z.strictObject({ x: z.boolean() })) }).optional(),
  itinerario: z.array(JsonValue).default([]),
  metas: JsonObject.optional(),
});
const json = (schema: z.ZodType) => ({ content: { "application/json": { schema } } });
const crear = createRoute({
  method: "post",
  path: "/crear",
  request: {
    query: z.object({ simulacro: z.enum(["true", "false"]).optional() }),
    body: { required: true, ...json(Entrada) },
  },
  responses: { 201: { description: "As read", ...json(z.unknown()) }, ...problems(400) },
});
const aprobar = createRoute({
  method: "post",
  path: "/{id}/aprobar",
  request: {
    params: z.object({ id: idSchema() }),
    body: json(z.strictObject({ motivo: texto(1, 20).optional() })),
  },
  responses: { 200: { description: "As read", ...json(z.unknown()) }, ...problems(400) },
});
const borrar = createRoute({
  method: "delete",
  path: "/{id}",
  request: {
    params: z.object({ id: idSchema(["crear"]) }),
    query: z.object({ motivo: texto(1, 20).optional() }),
  },
  responses: { 204: { description: "Gone" }, ...problems(400) },
});
const listar = createRoute({
  method: "get",
  path: "/",
  request: { query: z.object({ estado: z.enum(["A", "B"]).optional(), search: texto(1, 20).optional() }) },
  responses: { 200: { description: "As read", ...json(z.unknown()) }, ...problems(400) },
});
const importar = createRoute({
  method: "post",
  path: "/importaciones",
  "x-max-body": 3 * MIB,
  request: { body: { required: true, content: { "text/csv": { schema: z.string() } } } },
  responses: { 200: { description: "Its length", ...json(z.unknown()) }, ...problems(400) },
});

const cosas = () => {
  const r = createRouter();
  r.openapi(crear, (c) => c.json(c.req.valid("json"), 201));
  r.openapi(aprobar, (c) => c.json(c.req.valid("json"), 200));
  r.openapi(borrar, (c) => c.body(null, 204));
  r.openapi(listar, (c) => c.json(c.req.valid("query"), 200));
  r.openapi(importar, async (c) => c.json((await c.req.text()).length, 200));
  return appAround("/cosas", r, { bodyTimeoutMs: 50 });
};
const bien = { nombre: "Ana Maria" };

Deno.test("a good body is handed over with its defaults", async () => {
  const res = await cosas().send("POST", "/cosas/crear", bien, {
    "content-type": "application/json; charset=utf-8",
  });
  assert.deepEqual([res.status, await res.json()], [201, { ...bien, itinerario: [] }]);
});

for (
  const [what, body, campos] of [
    ["no JSON at all", "hola", ["cuerpo"]],
    ["half an object", '{"nombre":', ["nombre"]],
    ["text after the object", '{"nombre":"Ana"} {}', ["cuerpo"]],
    ["an empty body", "", ["cuerpo"]],
    ["only space", " \n", ["cuerpo"]],
    ["a key given twice", '{"nombre":"Ana","nombre":"Eva"}', ["nombre"]],
    ["a NUL", '{"nombre":"A\\u0000a"}', ["nombre"]],
    ["a NUL deep within what is returned as sent", '{"nombre":"Ana","itinerario":[{"a":["\\u0000"]}]}', [
      "itinerario[0].a[0]",
    ]],
    ["a lone surrogate", '{"nombre":"A\\ud83d"}', ["nombre"]],
    ["bytes that are no UTF-8", new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), ["cuerpo"]],
    ["100,000 levels", `{"itinerario":${"[".repeat(100_000)}`, null],
    ["100,000 levels that end", `{"itinerario":${"[".repeat(100_000)}${"]".repeat(100_000)}}`, null],
  ] as const
) {
  Deno.test(`a body with ${what} is a 400 that names where`, async () => {
    const { send, errors } = cosas();
    const p = await problemIn(await send("POST", "/cosas/crear", body));
    assert.deepEqual([p.status, p.codigo], [400, "json_malformado"]);
    if (campos !== null) assert.deepEqual(fieldsIn(p), campos);
    assert.deepEqual(errors, []);
  });
}

for (
  const [what, body, campos] of [
    ["no object", "[]", ["cuerpo"]],
    ["null", "null", ["cuerpo"]],
    ["a number that is too large", "1e400", ["cuerpo"]],
    ["a field missing", "{}", ["nombre"]],
    ["unknown fields", '{"nombre":"Ana","otro":1,"__proto__":{},"dentro":{"lista":[],"más":2}}', [
      "__proto__",
      "dentro.más",
      "otro",
    ]],
    ["1e400 for a number", '{"nombre":"Ana","edad":1e400}', ["edad"]],
    ["an integer beyond 2^53 for a number", '{"nombre":"Ana","edad":9007199254740993}', ["edad"]],
    ["an integer beyond 2^53 for a text", '{"nombre":9007199254740993}', ["nombre"]],
    ["a big number for an object", '{"nombre":"Ana","dentro":1e400}', ["dentro"]],
    ["a big number for an object as sent", '{"nombre":"Ana","metas":1e400}', ["metas"]],
    ["a big number within", '{"nombre":"Ana","dentro":{"lista":[{"x":true},{"x":1e400}]}}', [
      "dentro.lista[1].x",
    ]],
    ["a fraction for an integer", '{"nombre":"Ana","edad":1.5}', ["edad"]],
    ["an id with a space", '{"nombre":"Ana","id":"a b"}', ["id"]],
    ["an id that is a word of the route", '{"nombre":"Ana","id":"estadisticas"}', ["id"]],
    ["an id that no path can reach", '{"nombre":"Ana","id":".."}', ["id"]],
    ["a day that no calendar has", '{"nombre":"Ana","nacido":"2026-02-30"}', ["nacido"]],
    ["a time that no clock has", '{"nombre":"Ana","desde":"2026-02-03T25:00:00Z"}', ["desde"]],
    ["an amount of the wrong scale", '{"nombre":"Ana","monto":{"valor":"1.5","moneda":"USD"}}', [
      "monto.valor",
    ]],
    ["an amount with no exact value", '{"nombre":"Ana","monto":{"valor":1e400,"moneda":"USD"}}', [
      "monto.valor",
    ]],
    ["an amount without its value", '{"nombre":"Ana","monto":{"moneda":"USD"}}', ["monto.valor"]],
    ["an amount that is no amount", '{"nombre":"Ana","monto":true}', ["monto"]],
    ["everything wrong", '{"nombre":"  ","edad":-1,"nacido":"ayer","x":1}', [
      "edad",
      "nacido",
      "nombre",
      "x",
    ]],
  ] as const
) {
  Deno.test(`a body with ${what} is a 400 that names every field`, async () => {
    const { send, errors } = cosas();
    const p = await problemIn(await send("POST", "/cosas/crear", body));
    assert.deepEqual([p.status, p.codigo, fieldsIn(p)], [400, "validacion", [...campos]]);
    assert.ok(p.errores.every((e) => e.mensaje.length > 0 && !e.mensaje.includes("¦")));
    assert.deepEqual(errors, []);
  });
}

Deno.test("query and body are complained about together", async () => {
  const { send } = cosas();
  const p = await problemIn(await send("POST", "/cosas/crear?simulacro=quizás&x=1", '{"edad":"diez"}'));
  assert.deepEqual(fieldsIn(p), ["edad", "nombre", "simulacro", "x"]);
  const q = await problemIn(await send("POST", "/cosas/crear?x=1", "{"));
  assert.deepEqual([q.codigo, fieldsIn(q)], ["json_malformado", ["cuerpo", "x"]]);
});

Deno.test("a number that no field reads comes back as it was sent", async () => {
  const itinerario = '[1e400,12345678901234567890,{"a":-0.12345678901234567890}]';
  const res = await cosas().send(
    "POST",
    "/cosas/crear",
    `{"nombre":"Ana","itinerario":${itinerario},"metas":{"n":1e999}}`,
  );
  assert.equal(await res.text(), `{"nombre":"Ana","itinerario":${itinerario},"metas":{"n":1e999}}`);
});

for (
  const [query, campos] of [
    ["?otro=1", ["otro"]],
    ["?estado=A&estado=B", ["estado"]],
    ["?estado=C&x&y=2", ["estado", "x", "y"]],
    ["?estado=", ["estado"]],
    ["?search=%00", ["search"]],
    ["?search=%ff", ["search"]],
    ["?search=%E0%A4", ["search"]],
    ["?%00=1", ["%00"]],
    ["?__proto__=1", ["__proto__"]],
    ["?search=%20", ["search"]],
  ] as const
) {
  Deno.test(`GET ${query} is a 400 that names ${campos.join(", ")}`, async () => {
    const p = await problemIn(await cosas().send("GET", `/cosas${query}`));
    assert.deepEqual([p.status, p.codigo, fieldsIn(p)], [400, "validacion", [...campos]]);
  });
}

Deno.test("a query is read as a form writes it", async () => {
  const res = await cosas().send("GET", "/cosas?search=Mar%C3%ADa+P%2B&estado=A&");
  assert.deepEqual(await res.json(), { search: "María P+", estado: "A" });
});

Deno.test("a malformed id in a path is a 404, and so is a reserved one", async () => {
  const { send } = cosas();
  for (const id of ["a%20b", "%ff", "%00", "a".repeat(256), "crear", "ñ"]) {
    const p = await problemIn(await send("DELETE", `/cosas/${id}?otro=1`));
    assert.deepEqual([p.status, p.codigo], [404, "no_encontrado"], id);
  }
});

for (
  const [type, status] of [
    ["text/plain", 415],
    ["application/x-www-form-urlencoded", 415],
    ["multipart/form-data; boundary=x", 415],
    ["application/xml", 415],
    ["application/json; charset=latin1", 415],
    ["json", 415],
    ["application/json;charset=UTF-8", 201],
    ["Application/JSON", 201],
    ["application/merge-patch+json", 201],
  ] as const
) {
  Deno.test(`a JSON body sent as ${type} answers ${status}`, async () => {
    const res = await cosas().send("POST", "/cosas/crear", bien, { "content-type": type });
    assert.equal(res.status, status);
    if (status === 415) assert.equal((await problemIn(res)).codigo, "tipo_no_soportado");
    else await res.body?.cancel();
  });
}

Deno.test("a compressed body is a 415", async () => {
  const res = await cosas().send("POST", "/cosas/crear", bien, { "content-encoding": "gzip" });
  assert.equal((await problemIn(res)).codigo, "tipo_no_soportado");
});

Deno.test("10 MB are a 413, with a length and without", async () => {
  const { send } = cosas();
  const ten = new Uint8Array(10_000_000).fill(0x20);
  assert.equal((await problemIn(await send("POST", "/cosas/crear", ten))).status, 413);
  const declared = await send("POST", "/cosas/crear", "{}", { "content-length": "10000000" });
  assert.equal((await problemIn(declared)).status, 413);
  let sent = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull: (c) => (sent += 65_536, c.enqueue(new Uint8Array(65_536))),
  });
  assert.equal((await problemIn(await send("POST", "/cosas/crear", endless))).codigo, "cuerpo_muy_grande");
  assert.ok(sent < 2 * MIB, `read ${sent} bytes`);
});

Deno.test("exactly 1 MiB is taken, and an import as much as its route says", async () => {
  const { send } = cosas();
  const text = JSON.stringify(bien);
  assert.equal((await send("POST", "/cosas/crear", text.padEnd(MIB))).status, 201);
  assert.equal((await send("POST", "/cosas/crear", text.padEnd(MIB + 1))).status, 413);
  const csv = { "content-type": "text/csv" };
  const res = await send("POST", "/cosas/importaciones", "x".repeat(3 * MIB), csv);
  assert.deepEqual([res.status, await res.json()], [200, 3 * MIB]);
  assert.equal((await send("POST", "/cosas/importaciones", "x".repeat(3 * MIB + 1), csv)).status, 413);
  assert.equal((await send("POST", "/cosas/importaciones", "{}")).status, 415);
});

Deno.test("a body that does not end in time is a 408", async () => {
  const never = new ReadableStream<Uint8Array>({ start: (c) => c.enqueue(new TextEncoder().encode("{")) });
  assert.equal(
    (await problemIn(await cosas().send("POST", "/cosas/crear", never))).codigo,
    "tiempo_de_cuerpo",
  );
});

Deno.test("a body whose connection breaks is a 400, and no fault of ours", async () => {
  const { send, errors } = cosas();
  const broken = new ReadableStream<Uint8Array>({ pull: (c) => c.error(new Error("connection reset")) });
  assert.equal((await problemIn(await send("POST", "/cosas/crear", broken))).codigo, "cuerpo_incompleto");
  assert.deepEqual(errors, []);
});

Deno.test("an optional body may be left out, but not be wrong", async () => {
  const { send } = cosas();
  for (const body of [undefined, "{}"]) {
    const res = await send("POST", "/cosas/a/aprobar", body);
    assert.deepEqual([res.status, await res.json()], [200, {}]);
  }
  assert.deepEqual(fieldsIn(await problemIn(await send("POST", "/cosas/a/aprobar", '{"x":1}'))), ["x"]);
  assert.equal((await problemIn(await send("POST", "/cosas/a/aprobar", "{"))).codigo, "json_malformado");
});

Deno.test("a write that takes no body refuses the fields of one", async () => {
  const { send } = cosas();
  assert.equal((await send("DELETE", "/cosas/a", "{}")).status, 204);
  assert.deepEqual(fieldsIn(await problemIn(await send("DELETE", "/cosas/a?x=1", '{"motivo":"m"}'))), [
    "motivo",
    "x",
  ]);
});

Deno.test("a body of a million unknown fields answers at most 500 of them, each with a short name", async () => {
  const { send } = cosas();
  const many = `{${Array.from({ length: 60_000 }, (_, i) => `"k${i}":0`).join(",")}}`;
  assert.equal((await problemIn(await send("POST", "/cosas/crear", many))).errores.length, 500);
  const long = await problemIn(
    await send("POST", "/cosas/crear", `{"nombre":"Ana","${"ñ😀".repeat(100_000)}":0}`),
  );
  assert.ok(long.errores.every((e) => e.campo.length <= 201 && e.campo.isWellFormed()));
});

Deno.test("messages come in the language asked for", async () => {
  const { send } = cosas();
  const ask = async (language: string) =>
    (await problemIn(
      await send("POST", "/cosas/crear", '{"edad":"x","nombre":" ","a":1}', { "accept-language": language }),
    ))
      .errores.map((e) => e.mensaje);
  assert.deepEqual(await ask("es-CO"), [
    "debe tener entre 2 y 20 caracteres",
    "debe ser un número",
    "campo desconocido",
  ]);
  assert.deepEqual(await ask("fr, en;q=0.8, es;q=0.1"), [
    "must have between 2 and 20 characters",
    "must be a number",
    "unknown field",
  ]);
});

Deno.test("an empty body of another type than JSON can be read as what it is", async () => {
  const { send, errors } = cosas();
  const res = await send("POST", "/cosas/importaciones", "", { "content-type": "text/csv" });
  assert.ok(res.status < 500, `${res.status}`);
  assert.deepEqual(errors, []);
});
