import assert from "node:assert/strict";
import { eventually } from "@alpes/shared/testing/eventually.ts";
import { abrirBff } from "../testing/bff.ts";
import { unCliente, unPago } from "../testing/ejemplos.ts";

const ana = { "x-actor": "persona:ana;roles=operador" };
const luis = { "x-actor": "persona:luis;roles=operador" };
const registro = {
  nombre: "Ana",
  email: "ana@correo.example",
  cedula: "10203",
  fecha_nacimiento: "1990-02-28",
};

Deno.test("a thousand people of one kind who ask the same at once cost one request", async () => {
  await using bff = await abrirBff({ BFF_HTTP_TIMEOUT: "10", BFF_CACHE_TTL: "60" });
  bff.pagos.demora = 50;
  const todas = await Promise.all(Array.from({ length: 1_000 }, () => bff.app.request("/api/v1/pagos")));
  for (const r of todas) {
    assert.equal(r.status, 200);
    await r.body?.cancel();
  }
  assert.deepEqual(bff.pagos.peticiones, ["GET /pagos"]);
  const { cache } = (await bff.pedir("/health")).json;
  assert.deepEqual([cache.hits, cache.misses, cache.hit_rate], [999, 1, 0.999]);
});

Deno.test("what a caller wrote through here he sees at once, whichever way he wrote it", async () => {
  await using bff = await abrirBff({ BFF_CACHE_TTL: "60" });
  const total = async (headers: Record<string, string>) =>
    (await bff.pedir("/api/v1/dashboard", { headers })).json.total_clientes;
  assert.equal(await total(ana), 2);
  await bff.enviar("/api/v1/clientes", registro, ana);
  assert.equal(await total(ana), 3);
  const pasado = await bff.enviar("/cliente/registrar", registro, ana);
  assert.equal(pasado.status, 201);
  assert.equal(await total(ana), 4);
});

Deno.test("a write whose outcome is not known also makes its caller read anew", async () => {
  await using bff = await abrirBff({ BFF_CACHE_TTL: "60" });
  const total = async () => (await bff.pedir("/api/v1/clientes", { headers: ana })).json.data.length;
  assert.equal(await total(), 2);
  bff.cliente.clientes.push(unCliente("c-3"));
  bff.cliente.estado = "corta";
  assert.equal((await bff.enviar("/api/v1/clientes", registro, ana)).status, 502);
  bff.cliente.estado = "bien";
  assert.equal(await total(), 3);
});

Deno.test("what others wrote is seen once the time to live has passed, and not before it need be", async () => {
  await using bff = await abrirBff({ BFF_CACHE_TTL: "0.3" });
  const cuantos = async () => (await bff.pedir("/api/v1/pagos", { headers: luis })).json.data.length;
  assert.equal(await cuantos(), 1);
  bff.pagos.pagos.push(unPago("p-otro"));
  assert.equal(await cuantos(), 1);
  assert.equal(bff.pagos.peticiones.length, 1);
  await new Promise((r) => setTimeout(r, 310));
  assert.equal(await cuantos(), 2);
});

Deno.test("a change that the service tells of is seen long before the time to live has passed", async () => {
  await using bff = await abrirBff({ BFF_CACHE_TTL: "3600" });
  const cuantos = async () => (await bff.pedir("/api/v1/pagos", { headers: luis })).json.data.length;
  await new Promise((r) => setTimeout(r, 250));
  assert.equal(await cuantos(), 1);
  bff.pagos.pagos.push(unPago("p-otro"));
  bff.cambiarPagos();
  await eventually(async () => await cuantos() === 2, { ms: 2_000 });
});

Deno.test("two callers never get each other's bytes, however their requests are interleaved", async () => {
  // A service whose answer depends on who asks: what is shared shows at once.
  const eco = Array.from({ length: 40 }, (_, i) => ({ "x-actor": `persona:p-${i};roles=operador` }));
  await using servicio = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (req) => {
    const quien = /persona:([^;]+)/.exec(req.headers.get("x-actor") ?? "")?.[1] ?? "nadie";
    const auth = req.headers.get("authorization");
    return Response.json(unCliente("c-1", `${quien}|${auth}`));
  });
  await using b = await abrirBff({ BFF_HTTP_TIMEOUT: "20", BFF_CACHE_TTL: "60" }, {
    cliente: `http://127.0.0.1:${servicio.addr.port}`,
  });
  const una = async (h: Record<string, string>, i: number) => {
    const auth = i % 3 === 0 ? null : `Bearer t${i % 3}`;
    const headers = auth === null ? h : { ...h, authorization: auth };
    const r = await b.pedir("/api/v1/clientes/c-1", { headers });
    const quien = /persona:([^;]+)/.exec(h["x-actor"] ?? "")?.[1];
    assert.equal(r.json.cliente.nombre, `${quien}|${auth}`);
  };
  for (let vuelta = 0; vuelta < 5; vuelta++) {
    await Promise.all(
      Array.from({ length: 400 }, (_, i) => una(eco[(i * 7 + vuelta) % eco.length] ?? {}, i)),
    );
  }
  assert.ok((await b.pedir("/health")).json.cache.hits > 1_000);
});
