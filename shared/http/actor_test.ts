import assert from "node:assert/strict";
import { createRoute, z } from "@hono/zod-openapi";
import { appAround, fieldsIn, problemIn } from "@alpes/shared/testing/http_app.ts";
import { createRouter } from "./router.ts";

const yo = createRoute({
  method: "get",
  path: "/",
  responses: { 200: { description: "Who asks", content: { "application/json": { schema: z.unknown() } } } },
});
const quien = async (header?: string) => {
  const r = createRouter();
  r.openapi(yo, (c) => c.json(c.var.actor, 200));
  return await appAround("/yo", r).send(
    "GET",
    "/yo",
    undefined,
    header === undefined ? {} : { "x-actor": header },
  );
};

for (
  const [header, actor] of [
    [undefined, {
      tipo: "persona",
      id: "local",
      roles: ["operador", "aprobador", "auditor", "admin"],
      cliente: null,
    }],
    ["anonimo", { tipo: "anonimo" }],
    ["servicio:bff", { tipo: "servicio", id: "bff" }],
    ["persona:ana", { tipo: "persona", id: "ana", roles: [], cliente: null }],
    ["clave:k:1; cliente=c-1 ;roles=partner", {
      tipo: "clave",
      id: "k:1",
      roles: ["partner"],
      cliente: "c-1",
    }],
    ["persona:ana;roles=operador,aprobador", {
      tipo: "persona",
      id: "ana",
      roles: ["operador", "aprobador"],
      cliente: null,
    }],
  ] as const
) {
  Deno.test(`X-Actor ${header} is ${actor.tipo}`, async () =>
    assert.deepEqual(await (await quien(header)).json(), actor));
}

for (
  const header of [
    "",
    "ana",
    "persona:",
    "persona:a b",
    "robot:x",
    "persona:ana;roles=rey",
    "persona:ana;x=1",
    "persona:ana;cliente=a b",
    "servicio:bff;roles=admin",
    "anonimo;roles=admin",
    "persona:ana;roles=admin;roles=admin",
  ]
) {
  Deno.test(`X-Actor ${JSON.stringify(header)} is a 400 that names the header`, async () => {
    const p = await problemIn(await quien(header));
    assert.deepEqual([p.status, fieldsIn(p)], [400, ["X-Actor"]]);
  });
}

const escribe = createRoute({
  method: "post",
  path: "/",
  request: { body: { content: { "application/json": { schema: z.unknown() } } } },
  responses: { 200: { description: "Who asks", content: { "application/json": { schema: z.unknown() } } } },
});
const pide = async (method: string, headers: Record<string, string>) => {
  const r = createRouter();
  r.openapi(yo, (c) => c.json(c.var.actor, 200));
  r.openapi(escribe, (c) => c.json(c.var.actor, 200));
  return (await appAround("/yo", r).app.request("/yo", { method, headers })).status;
};
const json = { "content-type": "application/json" };

Deno.test("a page of another site cannot make a browser act as the local operator", async () => {
  const ajena = { "sec-fetch-site": "cross-site", origin: "https://evil.example" };
  for (
    const tipo of ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
  ) {
    assert.equal(
      await pide("POST", { ...ajena, ...(tipo === "" ? {} : { "content-type": tipo }) }),
      403,
      tipo,
    );
  }
  // For these browsers ask first, and only listed origins get a yes.
  assert.equal(await pide("POST", { ...ajena, ...json }), 200);
  assert.equal(await pide("POST", { "sec-fetch-site": "same-origin" }), 200);
  assert.equal(await pide("POST", {}), 200);
});

Deno.test("a name of somebody else's that leads to this machine is not believed", async () => {
  for (
    const host of [
      "evil.example",
      "evil.example:5001",
      "127.0.0.1.evil.example",
      "10.0.0.7",
      "[::2]:80",
      "a b",
    ]
  ) {
    assert.equal(await pide("GET", { host }), 403, host);
  }
  for (const host of ["localhost:5001", "127.0.0.1:5000", "[::1]:5000", "LOCALHOST"]) {
    assert.equal(await pide("GET", { host }), 200, host);
  }
});
