import assert from "node:assert/strict";
import { createRoute, z } from "@hono/zod-openapi";
import { HTTPException } from "hono/http-exception";
import {
  ConcurrencyError,
  MessageTooBig,
  Unavailable,
  UnknownOutcome,
} from "@alpes/shared/seedwork/unit_of_work.ts";
import { appAround, problemIn } from "@alpes/shared/testing/http_app.ts";
import type { AppOptions } from "./app.ts";
import { etag, ifMatch } from "./etag.ts";
import { idSchema } from "./fields.ts";
import { Problem, problems } from "./problem.ts";
import { createRouter } from "./router.ts";

const one = {
  200: { description: "One", content: { "application/json": { schema: z.object({ id: z.string() }) } } },
};
const params = z.object({ id: idSchema() });
const ver = createRoute({
  method: "get",
  path: "/{id}",
  request: { params },
  responses: { ...one, ...problems(404) },
});
const cambiar = createRoute({
  method: "put",
  path: "/{id}",
  request: { params },
  responses: {
    200: { description: "If-Match", content: { "application/json": { schema: z.number().nullable() } } },
  },
});
const crear = createRoute({ method: "post", path: "/crear", responses: { ...one } });
const fallar = createRoute({
  method: "get",
  path: "/fallar/{como}",
  request: { params: z.object({ como: z.string() }) },
  responses: one,
});

const FAULTS: Record<string, () => Error> = {
  bug: () => new TypeError("select * from secretos at db.internal:5432"),
  lejos: () => new Unavailable("connect ECONNREFUSED 10.0.0.1:5432"),
  choque: () => new ConcurrencyError("gave up"),
  duda: () => new UnknownOutcome("COMMIT"),
  hono: () => new HTTPException(413),
  largo: () => new MessageTooBig("CampaniaCreada.v1 of k-1 has 600001 bytes"),
  rara: () => new HTTPException(418),
  ajena: () => new Problem("codigo_que_nadie_declara"),
};

const cosas = (options: Partial<AppOptions> = {}) => {
  const r = createRouter();
  r.openapi(fallar, (c) => {
    throw FAULTS[c.req.valid("param").como]?.() ?? new Error("which?");
  });
  r.openapi(ver, (c) => c.json({ id: c.req.valid("param").id }, 200, { ETag: etag(7) }));
  r.openapi(cambiar, (c) => c.json(ifMatch(c), 200));
  r.openapi(crear, (c) => c.json({ id: c.var.requestId }, 200));
  return appAround("/cosas", r, options);
};

Deno.test("what no route has is a 404 problem", async () => {
  const res = await cosas().send("GET", "/nada/ñ?x=1", undefined, { "x-request-id": "r-1" });
  assert.equal(res.headers.get("vary"), "Accept-Language");
  assert.deepEqual(await problemIn(res), {
    type: "/errores/no_encontrado",
    title: "No existe",
    status: 404,
    detail: "No hay nada con esa dirección o ese identificador.",
    instance: "/nada/%C3%B1",
    codigo: "no_encontrado",
    errores: [],
    solicitud: "r-1",
  });
});

for (
  const [method, path, allow] of [
    ["DELETE", "/cosas/a", "GET, HEAD, PUT"],
    ["PATCH", "/cosas/crear", "POST"],
    ["POST", "/cosas/a", "GET, HEAD, PUT"],
    ["POST", "/errores", "GET, HEAD"],
  ] as const
) {
  Deno.test(`${method} ${path} is a 405 that allows ${allow}`, async () => {
    const res = await cosas().send(method, path);
    assert.equal(res.headers.get("allow"), allow);
    assert.equal((await problemIn(res)).codigo, "metodo_no_permitido");
  });
}

Deno.test("OPTIONS says what is allowed", async () => {
  const res = await cosas().send("OPTIONS", "/cosas/a");
  assert.deepEqual([res.status, res.headers.get("allow")], [204, "GET, HEAD, PUT"]);
});

Deno.test("HEAD answers as GET does, without the body", async () => {
  const res = await cosas().send("HEAD", "/cosas/a");
  assert.deepEqual([res.status, res.headers.get("etag"), await res.text()], [200, '"v7"', ""]);
  assert.equal((await cosas().send("HEAD", "/nada")).status, 404);
});

Deno.test("a request id is taken when it is an id, made otherwise, and always returned", async () => {
  const { send } = cosas({ newId: () => "made" });
  for (
    const [given, used] of [["r-1", "r-1"], ["no es", "made"], ["x".repeat(256), "made"], [
      undefined,
      "made",
    ]] as const
  ) {
    const headers = given === undefined ? undefined : { "x-request-id": given };
    const res = await send("POST", "/cosas/crear", undefined, headers);
    assert.deepEqual([res.headers.get("x-request-id"), await res.json()], [used, { id: used }]);
    assert.equal((await send("GET", "/nada", undefined, headers)).headers.get("x-request-id"), used);
    assert.equal(
      (await send("GET", "/cosas/fallar/bug", undefined, headers)).headers.get("x-request-id"),
      used,
    );
  }
});

for (
  const [como, status, codigo, retry] of [
    ["bug", 500, "interno", null],
    ["ajena", 500, "interno", null],
    ["rara", 500, "interno", null],
    ["lejos", 503, "no_disponible", "2"],
    ["choque", 503, "no_disponible", "2"],
    ["duda", 503, "resultado_desconocido", "1"],
    ["hono", 413, "cuerpo_muy_grande", null],
    ["largo", 413, "cuerpo_muy_grande", null],
  ] as const
) {
  Deno.test(`a fault (${como}) answers ${status} ${codigo}, tells nothing of its inside, and is told to us`, async () => {
    const { send, errors } = cosas();
    const res = await send("GET", `/cosas/fallar/${como}`);
    assert.equal(res.headers.get("retry-after"), retry);
    const text = await res.clone().text();
    const p = await problemIn(res);
    assert.deepEqual([p.status, p.codigo], [status, codigo]);
    assert.doesNotMatch(text, /secretos|5432|\.ts|TypeError|codigo_que/);
    assert.equal(errors.length, status >= 500 ? 1 : 0);
  });
}

Deno.test("a GET whose tag the caller has is a 304", async () => {
  const { send } = cosas();
  for (
    const [tag, status] of [['"v7"', 304], ['W/"v7"', 304], ['"v6", "v7"', 304], ["*", 304], [
      '"v6"',
      200,
    ]] as const
  ) {
    const res = await send("GET", "/cosas/a", undefined, { "if-none-match": tag });
    assert.deepEqual([res.status, res.headers.get("etag")], [status, '"v7"'], tag);
    assert.equal((await res.text()).length > 0, status === 200);
    assert.ok(res.headers.has("x-request-id"));
  }
});

Deno.test("If-Match gives the version it asks for", async () => {
  const { send } = cosas();
  const asked = async (tag?: string) =>
    await (await send("PUT", "/cosas/a", undefined, tag === undefined ? {} : { "if-match": tag })).json();
  assert.deepEqual([await asked(), await asked("*"), await asked('"v3"')], [null, null, 3]);
  assert.deepEqual([await asked('W/"v3"'), await asked('"abc"'), await asked('"v03"')], [-1, -1, -1]);
  for (const tag of ["v3", '"v3', '"v3", "v4"', ""]) {
    const p = await problemIn(await send("PUT", "/cosas/a", undefined, { "if-match": tag }));
    assert.deepEqual([p.status, p.errores[0]?.campo], [400, "If-Match"], tag);
  }
});

Deno.test("what runs around everything sees the request's id, the actor and every status", async () => {
  const seen: unknown[] = [];
  const { send } = cosas({
    before: [async (c, next) => {
      const { requestId } = c.var;
      await next();
      seen.push([requestId, c.var.actor.tipo, c.res.status]);
    }],
  });
  await send("GET", "/cosas/a", undefined, { "x-request-id": "r1" });
  await send("GET", "/cosas/a", undefined, { "x-request-id": "r2", "x-actor": "quién" });
  await send("GET", "/cosas/fallar/bug", undefined, { "x-request-id": "r3", "x-actor": "servicio:bff" });
  assert.deepEqual(seen, [["r1", "persona", 200], ["r2", "anonimo", 400], ["r3", "servicio", 500]]);
});

Deno.test("one code with two meanings does not start", () => {
  const meaning = (titulo: string) =>
    ({
      status: 409,
      es: { titulo, explicacion: "", que_hacer: "" },
      en: { titulo, explicacion: "", que_hacer: "" },
    }) as const;
  assert.throws(() => cosas({ catalogues: [{ raro: meaning("uno") }, { raro: meaning("otro") }] }), /raro/);
});

Deno.test("the document has every route with the headers that writes take", () => {
  const { app } = cosas();
  const doc = app.getOpenAPI31Document({ openapi: "3.1.0", info: { title: "t", version: "1" } });
  assert.deepEqual(Object.keys(doc.paths ?? {}).sort(), [
    "/cosas/crear",
    "/cosas/fallar/{como}",
    "/cosas/{id}",
    "/errores",
    "/errores/{codigo}",
  ]);
  const names = (doc.paths?.["/cosas/{id}"]?.put?.parameters ?? []).map((p) => "name" in p ? p.name : "");
  assert.deepEqual(names, ["id", "Idempotency-Key", "If-Match"]);
  assert.deepEqual(doc.paths?.["/cosas/crear"]?.post?.parameters?.length, 1);
});
