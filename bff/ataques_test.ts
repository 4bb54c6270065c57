import assert from "node:assert/strict";
import { eventually } from "@alpes/shared/testing/eventually.ts";
import { abrirConClaves, navegador, ORDEN } from "./testing/con_claves.ts";

Deno.test("a live stream ends within five seconds of its key's revocation, and others' go on", async () => {
  await using a = await abrirConClaves();
  const [robada, otra] = [await a.clave("operador"), await a.clave("operador")];
  const escuchar = async (clave: string) => {
    const res = await a.uno.request("/api/v1/eventos", { headers: { authorization: `Bearer ${clave}` } });
    assert.equal(res.status, 200);
    const reader = res.body?.getReader();
    assert.ok(reader);
    let fin = false;
    const hasta = (async () => {
      while (!(await reader.read()).done);
      fin = true;
    })();
    return { fin: () => fin, cerrar: () => reader.cancel().then(() => hasta) };
  };
  const suyo = await escuchar(robada.clave);
  const ajeno = await escuchar(otra.clave);
  assert.ok((await a.claves.revocar(ORDEN, robada.id)).ok);
  await eventually(() => assert.ok(suyo.fin()), { ms: 5_000, every: 50 });
  assert.ok(!ajeno.fin());
  await ajeno.cerrar();
  await suyo.cerrar();
});

Deno.test("whoever waits for a change with a key that is revoked meanwhile is not told of it", async () => {
  await using a = await abrirConClaves();
  const robada = await a.clave("operador"), otra = (await a.clave("operador")).clave;
  const n = navegador(a.uno);
  const como = (clave: string) => ({ authorization: `Bearer ${clave}` });
  const espera = n.pedir("GET", "/cliente/cambios?despues=0&espera=20", undefined, como(robada.clave));
  assert.ok((await a.claves.revocar(ORDEN, robada.id)).ok);
  await new Promise((r) => setTimeout(r, 5_000));
  const cuerpo = {
    id: "c-9",
    tipo_cliente: "EMPRESA",
    nombre: "Nueve",
    email: "x@correo.example",
    rut: "900-9",
  };
  assert.equal((await n.pedir("POST", "/cliente/registrar", cuerpo, como(otra))).status, 201);
  const r = await espera;
  assert.deepEqual([r.status, r.texto.includes("c-9")], [401, false]);
});

Deno.test("a partner hears nothing of the live stream, whatever event it goes on after", async () => {
  await using a = await abrirConClaves();
  const n = navegador(a.uno);
  const yo = { authorization: `Bearer ${(await a.clave("partner")).clave}` };
  for (const mas of [{}, { "last-event-id": "cliente.0_pagos.0_campanias.0" }]) {
    assert.equal((await n.pedir("GET", "/api/v1/eventos", undefined, { ...yo, ...mas })).status, 403);
  }
});

Deno.test("who a caller says he is never reaches the services beside his credential", async () => {
  // Where they were started with AUTH_MODE=ninguna, X-Actor alone would decide there.
  await using a = await abrirConClaves("ninguna");
  const n = navegador(a.uno);
  for (
    const headers of [
      { authorization: "Bearer nada" },
      { authorization: "Bearer nada", "x-actor": "persona:ana;roles=admin" },
      { "x-actor": "persona:ana;roles=admin" },
    ]
  ) {
    for (const ruta of ["/api/v1/clientes", "/cliente", "/pagos"]) {
      const r = await n.pedir("GET", ruta, undefined, headers as Record<string, string>);
      assert.equal(r.status, 401, `${ruta} ${JSON.stringify(headers)}`);
    }
  }
});

Deno.test("over TLS the session's cookie is bound to this host, and no other one is read", async () => {
  await using a = await abrirConClaves();
  const { clave } = await a.clave("operador");
  const tls = { "x-forwarded-proto": "https" };
  const n = navegador(a.uno);
  const r = await n.pedir("POST", "/api/v1/sesion", { credencial: clave }, tls);
  const puesta = r.headers.get("set-cookie") ?? "";
  assert.match(
    puesta,
    /^__Host-alpes_sesion=[^;]+; Max-Age=\d+; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
  );
  assert.equal((await n.pedir("GET", "/api/v1/clientes", undefined, tls)).status, 200);
  // A sister's page under the same domain can set the plain name, but never the bound one.
  const puestaPorOtra = navegador(a.uno);
  puestaPorOtra.poner(n.cookie().replace("__Host-", ""));
  assert.equal((await puestaPorOtra.pedir("GET", "/api/v1/clientes", undefined, tls)).status, 401);
  const { csrf } = (await n.pedir("GET", "/api/v1/sesion", undefined, tls)).json;
  const salida = await n.pedir("DELETE", "/api/v1/sesion", undefined, { ...tls, "x-csrf-token": csrf });
  assert.match(salida.headers.get("set-cookie") ?? "", /^__Host-alpes_sesion=; Max-Age=0; Path=\/; .*Secure/);
});

Deno.test("a link signs in only whoever goes there, no picture or frame of another page, and no browser that looks ahead", async () => {
  await using a = await abrirConClaves();
  const r = await a.claves.enlazar(ORDEN, { nombre: "ana", roles: ["operador"], cliente: null });
  assert.ok(r.ok);
  const ruta = `/api/v1/sesion/enlace?codigo=${r.value.codigo}`;
  const n = navegador(a.uno);
  for (
    const headers of [
      { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image" },
      { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe" },
      {
        "sec-fetch-site": "none",
        "sec-fetch-mode": "navigate",
        "sec-fetch-dest": "document",
        "sec-purpose": "prefetch",
      },
    ]
  ) {
    const no = await n.pedir("GET", ruta, undefined, headers as Record<string, string>);
    assert.deepEqual([no.status, n.cookie()], [403, ""], JSON.stringify(headers));
  }
  assert.equal((await a.uno.request(ruta, { method: "HEAD" })).headers.get("set-cookie"), null);
  const va = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };
  assert.equal((await n.pedir("GET", ruta, undefined, va)).status, 303);
});

Deno.test("an answer kept whole reaches nobody but who it was made for, by whichever door he comes", async () => {
  await using a = await abrirConClaves();
  const operador = (await a.clave("operador")).clave, socia = (await a.clave("partner")).clave;
  const n = navegador(a.uno);
  const con = (clave: string, mas: Record<string, string> = {}) => ({
    authorization: `Bearer ${clave}`,
    ...mas,
  });
  for (const id of ["c-1", "c-2"]) {
    const cuerpo = { id, tipo_cliente: "EMPRESA", nombre: id, email: `${id}@correo.example`, rut: id };
    assert.equal((await n.pedir("POST", "/api/v1/clientes", cuerpo, con(operador))).status, 201);
  }
  await n.pedir("POST", "/api/v1/sesion", { credencial: operador });
  const ids = (r: { json: { data: { id: string }[] } }) => r.json.data.map((c) => c.id).sort();
  for (const ruta of ["/api/v1/clientes", "/api/v1/clientes?per_page=5", "/api/v1//clientes"]) {
    // Twice, so that the second is the kept one.
    const [, todo] = [await n.pedir("GET", ruta), await n.pedir("GET", ruta)];
    if (todo.status !== 200) continue;
    assert.deepEqual(ids(todo), ["c-1", "c-2"]);
    const tag = todo.headers.get("etag") ?? "";
    for (
      const headers of [
        con(socia),
        con(socia, { "if-none-match": tag }),
        con(socia, { "x-actor": "persona:ana;roles=admin" }),
        con(socia, { cookie: n.cookie() }),
        con(socia, { "accept-encoding": "identity", "x-request-id": "igual" }),
      ]
    ) {
      const r = await n.pedir("GET", ruta, undefined, headers);
      assert.deepEqual([r.status, ids(r)], [200, ["c-1"]], JSON.stringify(headers));
      assert.match(r.headers.get("vary") ?? "", /Authorization, Cookie/);
    }
    for (const headers of [{ cookie: "" }, { cookie: `${n.cookie()}x` }, con("alp_nadie"), con("")]) {
      const r = await n.pedir("GET", ruta, undefined, { "if-none-match": tag, ...headers });
      assert.equal(r.status, 401, JSON.stringify(headers));
    }
  }
});
