import assert from "node:assert/strict";
import { abrirBff } from "../testing/bff.ts";
import { unaCampania, unCliente } from "../testing/ejemplos.ts";

const registro = {
  nombre: "José Ñañez",
  email: "jose@correo.example",
  cedula: "12345",
  fecha_nacimiento: "1990-01-01",
};
const camposMalos = (json: { errores: { campo: string }[] }) => json.errores.map((e) => e.campo).sort();

Deno.test("the dashboard gives the services' own figures, currencies apart", async () => {
  await using bff = await abrirBff();
  const { status, json } = await bff.pedir("/api/v1/dashboard");
  assert.equal(status, 200);
  const { pagos_recientes, clientes_recientes, actualizado_en, ...cifras } = json;
  assert.deepEqual(cifras, {
    total_clientes: 2,
    clientes_activos: 2,
    total_pagos: 7,
    campanias_activas: 2,
    monto_total_procesado: [{ valor: "450.75", moneda: "USD" }, { valor: "1150.25", moneda: "COP" }],
    pagos_pendientes: 2,
    total_campanias: 2,
    campanias_completadas: 3,
    advertencias: [],
  });
  assert.deepEqual(pagos_recientes.map((p: { id: string }) => p.id), ["p-1"]);
  assert.deepEqual(clientes_recientes.map((c: { id: string }) => c.id), ["c-1", "c-2"]);
  assert.ok(Math.abs(Date.parse(actualizado_en) - Date.now()) < 5_000);
});

Deno.test("the trends are the services' own", async () => {
  await using bff = await abrirBff();
  const { status, json } = await bff.pedir("/api/v1/series?dias=7");
  assert.equal(status, 200);
  assert.deepEqual(
    [json.dias, json.pagos.monedas[0].total, json.clientes.cantidad, json.campanias.anterior],
    [
      7,
      "1150.25",
      3,
      2,
    ],
  );
  assert.ok(bff.pagos.peticiones.includes("GET /pagos/estadisticas/series?dias=7"));
  assert.equal((await bff.pedir("/api/v1/series?dias=8")).status, 400);
});

Deno.test("a dashboard says how old its oldest figure is", async () => {
  await using bff = await abrirBff();
  const primero = await bff.pedir("/api/v1/dashboard");
  await new Promise((r) => setTimeout(r, 30));
  const segundo = await bff.pedir("/api/v1/dashboard");
  assert.equal(segundo.json.actualizado_en, primero.json.actualizado_en);
});

Deno.test("a cliente comes with what it paid and earned, its payments and its running campaigns", async () => {
  await using bff = await abrirBff();
  const { json } = await bff.pedir("/api/v1/clientes/c-1");
  assert.equal(json.cliente.nombre, "Begoña Núñez");
  assert.deepEqual(json.estadisticas, {
    total_pagos: 4,
    monto_total: [{ valor: "450.75", moneda: "USD" }, { valor: "1150.25", moneda: "COP" }],
    primer_pago: "2026-01-01T00:00:00.000Z",
    ultimo_pago: "2026-01-02T00:00:00.000Z",
  });
  assert.equal(json.pagos_recientes.length, 1);
  assert.equal(json.campanias_activas.length, 2);
  assert.ok(bff.pagos.peticiones.includes("GET /pagos/estadisticas?partner_id=c-1"));
  assert.ok(bff.pagos.peticiones.includes("GET /pagos?partner_id=c-1&per_page=5"));
  assert.ok(
    bff.campanias.peticiones.some((p) =>
      p.includes("idCliente=c-1") && p.includes("PENDIENTE%2CAPROBADA%2CPAUSADA")
    ),
  );
});

Deno.test("what the service does not know is the service's own 404, with this address as its instance", async () => {
  await using bff = await abrirBff();
  for (const ruta of ["/api/v1/clientes/nadie", "/api/v1/pagos/nada", "/api/v1/campanias/nada"]) {
    const r = await bff.pedir(ruta);
    assert.equal(r.status, 404);
    assert.equal(r.headers.get("content-type"), "application/problem+json");
    assert.deepEqual([r.json.codigo, r.json.instance, r.json.type], [
      "no_encontrado",
      ruta,
      "/errores/no_encontrado",
    ]);
  }
});

Deno.test("a word of the services' own paths, and what is no id, is nobody's id", async () => {
  await using bff = await abrirBff();
  for (const id of ["estadisticas", "..", "%2e%2e", "a%2Fb", "a b", "x".repeat(256), "%00", "ñ"]) {
    for (const lista of ["clientes", "pagos", "campanias"]) {
      const { status } = await bff.pedir(`/api/v1/${lista}/${id}`);
      assert.ok(status === 404 || (id === ".." || id === "%2e%2e"), `${lista}/${id}: ${status}`);
    }
  }
  assert.ok(!bff.pagos.peticiones.some((p) => p.includes("/pagos/")));
});

Deno.test("a payout comes with its commissions and its history", async () => {
  await using bff = await abrirBff();
  const { json } = await bff.pedir("/api/v1/pagos/p-1");
  assert.equal(json.pago.id, "p-1");
  assert.deepEqual(json.transacciones, []);
  assert.deepEqual(json.auditoria.eventos.map((e: { actor: string }) => e.actor), ["persona:ana"]);
});

Deno.test("the list of payouts carries the sums of the whole filtered set", async () => {
  await using bff = await abrirBff();
  const r = await bff.pedir(
    "/api/v1/pagos?estado=COMPLETED&monto_min=10.50&sort_by=monto_total&sort_order=asc&limit=7",
  );
  assert.equal(r.status, 200, r.texto);
  assert.equal(r.json.agregaciones[0].total, "700.00");
  assert.equal(
    bff.pagos.peticiones[0],
    "GET /pagos?limit=7&sort_by=monto_total&sort_order=asc&estado=EXITOSO&monto_min=10.50",
  );
});

Deno.test("a page of campaigns carries the clientes' names, read in one request however many there are", async () => {
  await using bff = await abrirBff();
  bff.campanias.campanias.push(
    ...Array.from({ length: 80 }, (_, i) => unaCampania(`k-x${i}`, `c-${i % 40}`)),
  );
  bff.cliente.clientes.push(...Array.from({ length: 30 }, (_, i) => unCliente(`c-${i + 10}`)));
  const r = await bff.pedir("/api/v1/campanias?per_page=100&cliente_id=c-1&estado=APROBADA");
  assert.equal(r.status, 200, r.texto);
  const nombre = (id: string) => r.json.data.find((k: { id: string }) => k.id === id).cliente_nombre;
  assert.equal(nombre("k-1"), "Begoña Núñez");
  assert.equal(nombre("k-2"), null, "c-9 is not registered");
  assert.deepEqual(r.json.advertencias, []);
  assert.equal(bff.cliente.peticiones.length, 1);
  assert.equal(bff.campanias.peticiones[0], "GET /campanias?per_page=100&estado=APROBADA&idCliente=c-1");
});

Deno.test("a campaign says in words how it stands, in the caller's language, and carries its version as ETag", async () => {
  await using bff = await abrirBff();
  const r = await bff.pedir("/api/v1/campanias/k-1");
  assert.deepEqual(
    [r.json.idCampania, r.json.estado, r.json.mensaje, r.json.detalle.id],
    ["k-1", "APROBADA", "La campaña está aprobada.", "k-1"],
  );
  assert.equal(r.headers.get("etag"), '"v2"');
  const en = await bff.pedir("/api/v1/campanias/k-1", { headers: { "accept-language": "en" } });
  assert.equal(en.json.mensaje, "The campaign is approved.");
});

Deno.test("numbers larger than a double come through in both directions as they were sent", async () => {
  await using bff = await abrirBff();
  assert.match(
    (await bff.pedir("/api/v1/campanias/k-grande")).texto,
    /"itinerario":\[12345678901234567890\]/,
  );
  const cuerpo =
    '{"cliente_id":"c-1","itinerario":[98765432109876543210,{"x":1.10}],"presupuesto":{"valor":"1.00","moneda":"USD"}}';
  const r = await bff.enviar("/api/v1/campanias", cuerpo, { "idempotency-key": "k-1" });
  assert.equal(r.status, 202, r.texto);
  assert.deepEqual(r.json, { idCampania: "k-9", status: "PENDIENTE" });
  assert.equal(r.headers.get("location"), "/api/v1/campanias/k-9");
  const enviado = bff.campanias.cuerpos[0] ?? "";
  assert.match(enviado, /98765432109876543210/);
  assert.match(enviado, /"idCliente":"c-1"/);
  assert.ok(!enviado.includes("cliente_id"));
  assert.equal(bff.campanias.cabeceras.at(-1)?.get("idempotency-key"), "k-1");
});

Deno.test("registering and paying send the body as it came and pass on what the service says of it", async () => {
  await using bff = await abrirBff();
  const texto = JSON.stringify(registro, null, 2);
  const r = await bff.enviar("/api/v1/clientes", texto, { "idempotency-key": "k", "x-request-id": "s-1" });
  assert.equal(r.status, 201, r.texto);
  assert.equal(r.json.nombre, "José Ñañez");
  assert.equal(bff.cliente.cuerpos[0], texto);
  assert.equal(r.headers.get("location"), `/api/v1/clientes/${r.json.id}`);
  assert.equal(r.headers.get("idempotency-replayed"), "true");
  assert.equal(r.headers.get("x-request-id"), "s-1");
  assert.equal(bff.cliente.cabeceras[0]?.get("x-request-id"), "s-1");
  const p = await bff.enviar("/api/v1/pagos", { idCampania: "k-1" });
  assert.deepEqual([p.status, p.json.estado], [202, "CONFIRMADO"]);
});

Deno.test("a service's refusal keeps its code and fields, and the page that explains it is here too", async () => {
  await using bff = await abrirBff();
  const r = await bff.enviar("/api/v1/clientes", { ...registro, email: "duplicado@correo.example" });
  assert.equal(r.status, 409);
  assert.deepEqual([r.json.codigo, r.json.instance], ["cliente_duplicado", "/api/v1/clientes"]);
  assert.deepEqual(camposMalos(r.json), ["email"]);
  assert.equal((await bff.pedir(r.json.type)).json.codigo, "cliente_duplicado");
  assert.equal((await bff.pedir("/errores/no_hay_tal")).status, 404);
});

Deno.test("every bad field of a request is named at once, and the service is not bothered with it", async () => {
  await using bff = await abrirBff();
  const casos: [string, string[]][] = [
    ["/api/v1/clientes?page=0&per_page=101&estado=X&sort_by=edad&foo=1", [
      "estado",
      "foo",
      "page",
      "per_page",
      "sort_by",
    ]],
    ["/api/v1/clientes?page=1&cursor=abc", ["page"]],
    ["/api/v1/pagos?estado=RARO&monto_min=x&fecha_desde=2026-02-30&nada=1", [
      "estado",
      "fecha_desde",
      "monto_min",
      "nada",
    ]],
    ["/api/v1/pagos?aproximada=true", ["aproximada"]],
    ["/api/v1/campanias?idCliente=c-1&estado=Z&desde=ayer", ["desde", "estado", "idCliente"]],
    ["/api/v1/search?q=a&type=todo&limit=0&x=1", ["limit", "q", "type", "x"]],
    ["/api/v1/search", ["q"]],
    ["/api/v1/dashboard?a=1&b=2", ["a", "b"]],
  ];
  for (const [ruta, campos] of casos) {
    const r = await bff.pedir(ruta);
    assert.equal(r.status, 400, ruta);
    assert.deepEqual(camposMalos(r.json), campos, ruta);
  }
  const k = await bff.enviar("/api/v1/campanias", {
    idCliente: "c-1",
    itinerario: "x",
    anticipo: "1.2",
    tipo_campania: "Y",
  });
  assert.equal(k.status, 400);
  assert.deepEqual(camposMalos(k.json), ["cliente_id", "idCliente", "itinerario", "tipo_campania"]);
  const p = await bff.enviar("/api/v1/pagos", {
    cycle_id: "2026-01",
    payment_method_mask: "4111111111111111",
  });
  assert.equal(p.status, 400);
  assert.ok(camposMalos(p.json).includes("payment_method_mask"));
  for (const cuerpo of ["", "{", "[]", '{"a":1,"a":2}', "\u0000"]) {
    assert.equal((await bff.enviar("/api/v1/clientes", cuerpo)).status, 400, cuerpo);
  }
  assert.deepEqual([bff.cliente.peticiones, bff.pagos.peticiones, bff.campanias.peticiones], [[], [], []]);
});

Deno.test("one search asks all services and gives each row how well it fits", async () => {
  await using bff = await abrirBff();
  const r = await bff.pedir("/api/v1/search?q=bego%C3%B1a&limit=3");
  assert.equal(r.status, 200, r.texto);
  const { clientes, pagos, campanias } = r.json.results;
  assert.deepEqual([r.json.query, r.json.total_results], [
    "begoña",
    clientes.length + pagos.length + campanias.length,
  ]);
  for (const fila of [...clientes, ...pagos, ...campanias]) {
    assert.ok(fila.relevancia >= 0 && fila.relevancia <= 1);
  }
  assert.equal(bff.cliente.peticiones[0], "GET /cliente?search=bego%C3%B1a&aproximada=true&per_page=3");
  const solo = await bff.pedir("/api/v1/search?q=bego%C3%B1a&type=campania");
  assert.deepEqual([solo.json.results.clientes, solo.json.results.pagos], [[], []]);
  assert.equal(solo.json.total_results, 2);
});

Deno.test("what waits for an operator is shown over all services, and an order finds its service", async () => {
  await using bff = await abrirBff();
  const mensajes = await bff.pedir("/api/v1/operacion/mensajes");
  assert.equal(mensajes.status, 200, mensajes.texto);
  assert.deepEqual(mensajes.json.data, [{ id: "pagos:pagos.sagas~e-1", error: "x", modulo: "pagos" }]);
  assert.deepEqual(mensajes.json.paginas, [{ modulo: "pagos", next_cursor: "7" }]);
  assert.ok(bff.pagos.peticiones.includes("GET /pagos/operacion/mensajes?limit=20"));
  await bff.pedir("/api/v1/operacion/mensajes?modulo=pagos&cursor=7&limit=2");
  assert.equal(bff.pagos.peticiones.at(-1), "GET /pagos/operacion/mensajes?limit=2&cursor=7");
  const suelto = await bff.pedir("/api/v1/operacion/mensajes?cursor=7");
  assert.deepEqual([suelto.status, camposMalos(suelto.json)], [400, ["modulo"]]);
  const proyecciones = await bff.pedir("/api/v1/operacion/proyecciones");
  assert.equal(proyecciones.json.data[0].id, "campanias:campanias");
  const r = await bff.enviar("/api/v1/operacion/mensajes/pagos:pagos.sagas~e-1/reintentar", {});
  assert.equal(r.status, 200, r.texto);
  assert.equal(r.json.estado, "LISTO");
  assert.ok(bff.pagos.peticiones.includes("POST /pagos/operacion/mensajes/pagos.sagas~e-1/reintentar"));
  const sinMotivo = await bff.enviar("/api/v1/operacion/mensajes/pagos:x/descartar", {});
  assert.deepEqual([sinMotivo.status, camposMalos(sinMotivo.json)], [400, ["motivo"]]);
  for (const id of ["otro:x", "x", "pagos:", ":x"]) {
    assert.equal((await bff.enviar(`/api/v1/operacion/mensajes/${id}/reintentar`, {})).status, 404, id);
  }
});

Deno.test("an answer that did not change is a 304", async () => {
  await using bff = await abrirBff();
  const etag = (await bff.pedir("/api/v1/clientes")).headers.get("etag") ?? "";
  assert.match(etag, /^W\/"/);
  assert.equal((await bff.pedir("/api/v1/clientes", { headers: { "if-none-match": etag } })).status, 304);
});

Deno.test("browsers of the origins that were named may call, others may not, and answers are closed to the rest", async () => {
  await using bff = await abrirBff({ BFF_CORS_ORIGINS: "https://consola.example" });
  const desde = (origin: string, method = "GET") =>
    bff.pedir("/api/v1/clientes", { method, headers: { origin, "access-control-request-method": "POST" } });
  assert.equal(
    (await desde("https://consola.example")).headers.get("access-control-allow-origin"),
    "https://consola.example",
  );
  assert.equal((await desde("https://otra.example")).headers.get("access-control-allow-origin"), null);
  const previa = await desde("https://consola.example", "OPTIONS");
  assert.equal(previa.status, 204);
  assert.match(previa.headers.get("access-control-allow-methods") ?? "", /POST/);
  const r = await desde("https://consola.example");
  assert.equal(r.headers.get("x-content-type-options"), "nosniff");
  assert.match(r.headers.get("content-security-policy") ?? "", /default-src 'none'/);
  assert.match(r.headers.get("cache-control") ?? "", /private/);
  await using cerrado = await abrirBff();
  const sin = await cerrado.pedir("/api/v1/clientes", { headers: { origin: "https://consola.example" } });
  assert.equal(sin.headers.get("access-control-allow-origin"), null);
});

Deno.test("the document lists every endpoint, with null where a figure can be missing", async () => {
  await using bff = await abrirBff();
  const { json } = await bff.pedir("/spec");
  const rutas = Object.keys(json.paths);
  for (
    const ruta of [
      "/health",
      "/api/v1/health",
      "/api/v1/dashboard",
      "/api/v1/clientes",
      "/api/v1/clientes/{id}",
      "/api/v1/pagos",
      "/api/v1/pagos/{id}",
      "/api/v1/campanias",
      "/api/v1/campanias/{id}",
      "/api/v1/search",
      "/api/v1/operacion/mensajes",
      "/api/v1/operacion/mensajes/{id}/descartar",
      "/api/v1/operacion/proyecciones/{id}/reconstruir",
    ]
  ) assert.ok(rutas.includes(ruta), ruta);
  assert.deepEqual(json.components.schemas.Dashboard.properties.total_pagos.type, ["integer", "null"]);
  assert.equal((await bff.pedir("/docs")).status, 200);
  assert.equal((await bff.pedir("/ready")).status, 200);
});
