import assert from "node:assert/strict";
import { readConfig } from "@alpes/shared/http/config.ts";
import { bffSettings } from "@alpes/shared/http/settings_bff.ts";
import { eventually } from "@alpes/shared/testing/eventually.ts";
import { componerBff } from "./componer.ts";
import { abrirConClaves, type ConClaves, navegador, ORDEN } from "./testing/con_claves.ts";

const prueba = (nombre: string, fn: (a: ConClaves) => Promise<void>) =>
  Deno.test(nombre, async () => {
    await using a = await abrirConClaves();
    await fn(a);
  });

prueba("without a credential the BFF answers what a browser needs to begin, and nothing else", async (a) => {
  const n = navegador(a.uno);
  for (const ruta of ["/health", "/ready", "/api/v1/health", "/spec", "/docs", "/errores/no_autenticado"]) {
    assert.equal((await n.pedir("GET", ruta)).status, 200, ruta);
  }
  assert.deepEqual((await n.pedir("GET", "/api/v1/sesion")).json, {
    modo: "claves",
    identidad: null,
    csrf: null,
    hasta: null,
    entrada: null,
  });
  for (
    const ruta of [
      "/api/v1/dashboard",
      "/api/v1/clientes",
      "/api/v1/auditoria",
      "/cliente/c-1",
      "/cliente/operacion/claves",
      "/pagos",
      "/metrics",
      "/nada",
      "//api/v1/health",
      "/api/v1/health/",
    ]
  ) {
    const r = await n.pedir("GET", ruta, undefined, { "x-actor": "persona:ana;roles=admin" });
    assert.equal(r.status, 401, ruta);
    assert.equal(r.headers.get("www-authenticate"), 'Bearer realm="alpespartners"', ruta);
  }
});

prueba("a program goes through the BFF with its key, and the services know it by that", async (a) => {
  const operador = await a.clave("operador");
  const n = navegador(a.uno);
  const yo = { authorization: `Bearer ${operador.clave}` };
  assert.equal((await n.pedir("GET", "/api/v1/dashboard", undefined, yo)).status, 200);
  const cuerpo = {
    id: "c-1",
    tipo_cliente: "EMPRESA",
    nombre: "Uno SA",
    email: "uno@correo.example",
    rut: "900-1",
  };
  assert.equal((await n.pedir("POST", "/api/v1/clientes", cuerpo, yo)).status, 201);
  const { json } = await n.pedir("GET", "/cliente/c-1/historial", undefined, yo);
  assert.equal(json.data[0].actor, `clave:${operador.id}`);
  assert.equal((await n.pedir("GET", "/cliente/operacion/claves", undefined, yo)).status, 403);
  for (const mala of ["Bearer nada", `Bearer ${operador.clave}x`, "Basic YTpi"]) {
    assert.equal((await n.pedir("GET", "/api/v1/clientes", undefined, { authorization: mala })).status, 401);
  }
});

prueba(
  "a browser signs in with a key, which no script can read, and changes things with its proof",
  async (a) => {
    const admin = await a.clave("admin");
    const n = navegador(a.uno);
    const entrada = await n.pedir("POST", "/api/v1/sesion", { credencial: admin.clave });
    assert.equal(entrada.status, 201);
    assert.deepEqual([entrada.json.identidad.id, entrada.json.identidad.roles], [admin.id, ["admin"]]);
    const puesta = entrada.headers.get("set-cookie") ?? "";
    for (const parte of ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=43200"]) {
      assert.ok(
        puesta.includes(parte),
        parte,
      );
    }
    assert.ok(!puesta.includes("Secure"), "on this machine browsers speak without TLS");
    const [, secreto = "?"] = /alp_admin_\w+_(\w+)/.exec(admin.clave) ?? [];
    assert.ok(!puesta.includes(secreto) && !entrada.texto.includes(secreto));
    assert.equal(entrada.headers.get("cache-control"), "no-store");

    assert.equal((await n.pedir("GET", "/api/v1/dashboard")).status, 200);
    const { csrf } = (await n.pedir("GET", "/api/v1/sesion")).json;
    const cuerpo = {
      id: "c-2",
      tipo_cliente: "EMPRESA",
      nombre: "Dos SA",
      email: "dos@correo.example",
      rut: "900-2",
    };
    for (const ruta of ["/api/v1/clientes", "/cliente/registrar"]) {
      for (
        const headers of [
          {},
          { "x-csrf-token": "" },
          { "x-csrf-token": `${csrf}x` },
          { "x-csrf-token": csrf, "sec-fetch-site": "cross-site" },
          { "x-csrf-token": csrf, "sec-fetch-site": "same-site" },
          { "x-csrf-token": csrf, origin: "https://mala.example" },
          { "x-csrf-token": csrf, origin: "null" },
        ]
      ) {
        const r = await n.pedir("POST", ruta, cuerpo, headers as Record<string, string>);
        assert.deepEqual(
          [r.status, r.json.codigo],
          [403, "sesion_ajena"],
          `${ruta} ${JSON.stringify(headers)}`,
        );
      }
    }
    const bien = { "x-csrf-token": csrf, "sec-fetch-site": "same-origin", origin: "http://localhost" };
    assert.equal((await n.pedir("POST", "/api/v1/clientes", cuerpo, bien)).status, 201);
    assert.equal((await n.pedir("POST", "/cliente/c-2/suspender", { motivo: "x" }, bien)).status, 200);

    assert.equal((await n.pedir("DELETE", "/api/v1/sesion")).status, 403);
    assert.equal((await n.pedir("DELETE", "/api/v1/sesion", undefined, bien)).status, 204);
    assert.equal((await n.pedir("GET", "/api/v1/dashboard")).status, 401);
  },
);

prueba("another site's page cannot sign a browser in", async (a) => {
  const { clave } = await a.clave("operador");
  for (const headers of [{ "sec-fetch-site": "cross-site" }, { origin: "https://mala.example" }]) {
    const n = navegador(a.uno);
    const r = await n.pedir(
      "POST",
      "/api/v1/sesion",
      { credencial: clave },
      headers as Record<string, string>,
    );
    assert.deepEqual([r.status, n.cookie()], [403, ""]);
  }
});

prueba("a session is good in every process with the same secret, and in no other", async (a) => {
  const n = navegador(a.uno);
  await n.pedir("POST", "/api/v1/sesion", { credencial: (await a.clave("operador")).clave });
  const otro = navegador(a.bff());
  otro.poner(n.cookie());
  assert.equal((await otro.pedir("GET", "/api/v1/dashboard")).status, 200);
  const ajeno = navegador(a.bff({ BFF_SECRET: "y".repeat(32) }));
  ajeno.poner(n.cookie());
  assert.equal((await ajeno.pedir("GET", "/api/v1/dashboard")).status, 401);
  const cortada = navegador(a.uno);
  for (
    const c of [n.cookie().slice(0, -2), `${n.cookie()}AA`, "alpes_sesion=", "alpes_sesion=nada", "otra=1"]
  ) {
    cortada.poner(c);
    assert.equal((await cortada.pedir("GET", "/api/v1/dashboard")).status, 401, c);
  }
});

prueba("the cookie travels over TLS alone where the BFF is not only for this machine", async (a) => {
  const { clave } = await a.clave("operador");
  const fuera = navegador(a.bff({ BFF_HOST: "0.0.0.0" }));
  const r = await fuera.pedir("POST", "/api/v1/sesion", { credencial: clave });
  assert.match(r.headers.get("set-cookie") ?? "", /Secure/);
  const detras = await navegador(a.uno).pedir("POST", "/api/v1/sesion", { credencial: clave }, {
    "x-forwarded-proto": "https",
  });
  assert.match(detras.headers.get("set-cookie") ?? "", /Secure/);
});

prueba("a link signs in once", async (a) => {
  const r = await a.claves.enlazar(ORDEN, { nombre: "ana", roles: ["operador"], cliente: null });
  assert.ok(r.ok);
  const n = navegador(a.uno);
  const entrada = await n.pedir("GET", `/api/v1/sesion/enlace?codigo=${r.value.codigo}`);
  assert.deepEqual([entrada.status, entrada.headers.get("location")], [303, "/"]);
  assert.deepEqual((await n.pedir("GET", "/api/v1/sesion")).json.identidad.roles, ["operador"]);
  const otra = navegador(a.uno);
  assert.equal((await otra.pedir("GET", `/api/v1/sesion/enlace?codigo=${r.value.codigo}`)).status, 401);
  assert.equal((await otra.pedir("POST", "/api/v1/sesion", { codigo: r.value.codigo })).status, 401);
  assert.equal((await otra.pedir("POST", "/api/v1/sesion", { codigo: "a", credencial: "b" })).status, 400);
  const s = await a.claves.enlazar(ORDEN, { nombre: "ana", roles: ["auditor"], cliente: null });
  assert.ok(s.ok);
  assert.equal((await otra.pedir("POST", "/api/v1/sesion", { codigo: s.value.codigo })).status, 201);
});

prueba(
  "a revoked key is refused by the BFF within five seconds, also for what it has read just now",
  async (a) => {
    const operador = await a.clave("operador");
    const n = navegador(a.uno);
    await n.pedir("POST", "/api/v1/sesion", { credencial: operador.clave });
    assert.equal((await n.pedir("GET", "/api/v1/dashboard")).status, 200);
    assert.ok((await a.claves.revocar(ORDEN, operador.id)).ok);
    const desde = performance.now();
    await eventually(async () => (await n.pedir("GET", "/api/v1/dashboard")).status === 401, {
      ms: 5_000,
      every: 100,
    });
    assert.ok(performance.now() - desde < 5_000);
    assert.equal((await n.pedir("GET", "/api/v1/sesion")).json.identidad, null);
  },
);

prueba("the audit logs of all services are read as one, by who may", async (a) => {
  const operador = await a.clave("operador");
  const n = navegador(a.uno);
  const yo = { authorization: `Bearer ${operador.clave}`, "x-request-id": "sol-9" };
  const cuerpo = {
    id: "c-3",
    tipo_cliente: "EMPRESA",
    nombre: "Tres SA",
    email: "tres@correo.example",
    rut: "900-3",
  };
  await n.pedir("POST", "/api/v1/clientes", cuerpo, yo);
  await n.pedir("POST", "/api/v1/campanias", { idCampania: "k-3", cliente_id: "c-3", itinerario: [] }, yo);
  assert.equal((await n.pedir("GET", "/api/v1/auditoria", undefined, yo)).status, 403);
  const auditora = { authorization: `Bearer ${(await a.clave("auditor")).clave}` };
  const { json } = await n.pedir(
    "GET",
    "/api/v1/auditoria?solicitud=sol-9&resultado=HECHO",
    undefined,
    auditora,
  );
  assert.deepEqual(json.advertencias, []);
  const lineas: { modulo: string; accion: string; recurso: { tipo: string; id: string }; actor: string }[] =
    json.data;
  assert.deepEqual(
    lineas.filter((d) => d.recurso.tipo !== "saga").map((d) => [d.modulo, d.accion, d.recurso.id, d.actor]),
    [
      ["campanias", "crearCampania", "k-3", `clave:${operador.id}`],
      ["cliente", "registrarCliente", "c-3", `clave:${operador.id}`],
    ],
  );
  // An e-mail is never in it.
  assert.ok(
    !(await n.pedir("GET", "/api/v1/auditoria?limit=100", undefined, auditora)).texto.includes(
      "correo.example",
    ),
  );
  const una = await n.pedir("GET", "/api/v1/auditoria?limit=1", undefined, auditora);
  const pagina = una.json.paginas.find((p: { modulo: string }) => p.modulo === "cliente");
  const mas = await n.pedir(
    "GET",
    `/api/v1/auditoria?modulo=cliente&limit=1&cursor=${pagina.next_cursor}`,
    undefined,
    auditora,
  );
  assert.equal(mas.json.data.length, 1);
});

prueba("the BFF follows the services' changes with a key of its own", async (a) => {
  const app = a.bff({ BFF_CLAVE: (await a.clave("servicio")).clave, BFF_CACHE_TTL: "60" });
  const lector = { authorization: `Bearer ${(await a.clave("auditor")).clave}` };
  const otra = { authorization: `Bearer ${(await a.clave("operador")).clave}` };
  const n = navegador(app);
  const total = async () =>
    (await n.pedir("GET", "/api/v1/dashboard", undefined, lector)).json.total_clientes;
  await new Promise((r) => setTimeout(r, 500));
  assert.equal(await total(), 0);
  const cuerpo = {
    id: "c-4",
    tipo_cliente: "EMPRESA",
    nombre: "Cuatro",
    email: "c4@correo.example",
    rut: "900-4",
  };
  await n.pedir("POST", "/api/v1/clientes", cuerpo, otra);
  await eventually(async () => await total() === 1);
});

Deno.test("with AUTH_MODE=ninguna every page says that anybody may do anything, and nobody signs in", async () => {
  await using parts = new AsyncDisposableStack();
  const env = { AUTH_MODE: "ninguna", ALPESPARTNERS_SERVICE_URL: "http://127.0.0.1:1" };
  const n = navegador(componerBff(readConfig(bffSettings, env), "1.2.3", parts).app);
  for (const ruta of ["/docs", "/errores/interno"]) {
    const r = await n.pedir("GET", ruta, undefined, { accept: "text/html", "accept-language": "en" });
    assert.match(r.texto, /AUTH_MODE=ninguna: whoever reaches this port/, ruta);
  }
  const { json } = await n.pedir("GET", "/api/v1/sesion", undefined, {
    "x-actor": "persona:ana;roles=auditor",
  });
  assert.deepEqual([json.modo, json.identidad.id], ["ninguna", "ana"]);
  assert.equal((await n.pedir("POST", "/api/v1/sesion", { credencial: "x" })).status, 409);
});
