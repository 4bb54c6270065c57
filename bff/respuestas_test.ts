import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { abrirBff } from "./testing/bff.ts";
import { unCliente } from "./testing/ejemplos.ts";

const ana = { "x-actor": "persona:ana;roles=operador" };
const luis = { "x-actor": "persona:luis;roles=operador" };
const entero = async (r: Response) => ({
  status: r.status,
  cabeceras: [...r.headers].filter(([n]) => n !== "x-request-id"),
  bytes: new Uint8Array(await r.arrayBuffer()),
});

Deno.test("an answer that was kept is the same, byte for byte and header for header, but for the request's id", async () => {
  await using bff = await abrirBff({ BFF_CACHE_TTL: "60" });
  for (const ruta of ["/api/v1/dashboard", "/api/v1/clientes?per_page=1", "/api/v1/search?q=ana"]) {
    const primera = await entero(await bff.app.request(ruta, { headers: ana }));
    const hechas = bff.cliente.peticiones.length;
    const r = await bff.app.request(ruta, { headers: { ...ana, "x-request-id": "la-segunda" } });
    assert.equal(r.headers.get("x-request-id"), "la-segunda");
    assert.deepEqual(await entero(r), primera);
    assert.equal(bff.cliente.peticiones.length, hechas);
  }
  const figuras = (await bff.pedir("/metrics")).texto;
  assert.match(
    figuras,
    /http_request_duration_seconds_count\{method="GET",route="\/api\/v1\/dashboard",status="200"\} 2/,
  );
});

Deno.test("a kept answer is another's only if nothing that answers differ by is another", async () => {
  await using bff = await abrirBff({ BFF_CACHE_TTL: "60" });
  const pide = (headers: Record<string, string>, ruta = "/api/v1/clientes") =>
    bff.app.request(ruta, { headers });
  const deAna = await (await pide(ana)).text();
  bff.cliente.clientes.push(unCliente("c-luis"));
  assert.equal(await (await pide(ana)).text(), deAna);
  assert.match(await (await pide(luis)).text(), /c-luis/);
  assert.match(await (await pide({ ...ana, authorization: "Bearer otra" })).text(), /c-luis/);
  const comprimida = await pide({ ...luis, "accept-encoding": "gzip" }, "/api/v1/clientes?per_page=100");
  const [uno, dos] = [
    await entero(comprimida),
    await entero(await pide({ ...luis, "accept-encoding": "gzip" }, "/api/v1/clientes?per_page=100")),
  ];
  assert.deepEqual(dos, uno);
  assert.match(new TextDecoder().decode(gunzipSync(uno.bytes)), /c-luis/);
  const sin = await entero(await pide(luis, "/api/v1/clientes?per_page=100"));
  assert.match(new TextDecoder().decode(sin.bytes), /c-luis/);
});

Deno.test("who has a kept answer already is told so, without its bytes", async () => {
  await using bff = await abrirBff({ BFF_CACHE_TTL: "60" });
  const primera = await bff.pedir("/api/v1/pagos", { headers: ana });
  const etag = primera.headers.get("etag") ?? "";
  for (const _ of [1, 2]) {
    const r = await bff.pedir("/api/v1/pagos", { headers: { ...ana, "if-none-match": etag } });
    assert.deepEqual([r.status, r.texto, r.headers.get("etag")], [304, "", etag]);
    assert.equal(r.headers.get("vary"), primera.headers.get("vary"));
    assert.equal(r.headers.get("cache-control"), "private, no-cache");
  }
  const otra = await bff.pedir("/api/v1/pagos", { headers: { ...ana, "if-none-match": '"x"' } });
  assert.deepEqual([otra.status, otra.texto], [200, primera.texto]);
});

Deno.test("an answer with a part missing is not kept", async () => {
  await using bff = await abrirBff({ BFF_CACHE_TTL: "60", BFF_MAX_RETRIES: "0" });
  bff.pagos.estado = "500";
  const falta = (await bff.pedir("/api/v1/dashboard", { headers: ana })).json;
  assert.deepEqual([falta.total_pagos, falta.advertencias.length], [null, 1]);
  bff.pagos.estado = "bien";
  const bien = (await bff.pedir("/api/v1/dashboard", { headers: ana })).json;
  assert.deepEqual([bien.total_pagos, bien.advertencias], [7, []]);
});

Deno.test("what is asked with a credential is asked anew within half a second, so that a revoked one ends", async () => {
  await using bff = await abrirBff({ BFF_CACHE_TTL: "60" });
  const headers = { ...ana, authorization: "Bearer x" };
  const veces = () => bff.pedir("/api/v1/clientes", { headers });
  const { cache } = (await bff.pedir("/health")).json;
  await veces();
  await veces();
  await new Promise((r) => setTimeout(r, 520));
  await veces();
  // All three were answered from what was read once: only the answer was made again.
  const despues = (await bff.pedir("/health")).json.cache;
  assert.deepEqual([despues.hits - cache.hits, despues.misses - cache.misses], [2, 1]);
});
