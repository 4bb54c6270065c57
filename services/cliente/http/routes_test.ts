import assert from "node:assert/strict";
import { v7 } from "uuid";
import { postgresAnswers } from "@alpes/shared/adapters/postgres/answers.ts";
import { openDatabase } from "@alpes/shared/adapters/postgres/database.ts";
import { postgresUnitOfWork } from "@alpes/shared/adapters/postgres/unit_of_work.ts";
import { actorFromHeader } from "@alpes/shared/http/actor.ts";
import { createApp } from "@alpes/shared/http/app.ts";
import { freshDatabase } from "@alpes/shared/testing/database.ts";
import { postgresCliente } from "../adapters/postgres.ts";
import { postgresClientes } from "../adapters/postgres_consultas.ts";
import { comandosCliente } from "../application/comandos.ts";
import { importarClientes } from "../application/importar.ts";
import { consultasCliente } from "../application/consultas.ts";
import { FALLAS_CLIENTE } from "./fallas.ts";
import { clienteRoutes } from "./routes.ts";

async function abrir() {
  const resources = new AsyncDisposableStack();
  const fresh = resources.use(await freshDatabase());
  const db = resources.use(openDatabase({ url: fresh.url, role: "alpes_cliente" }));
  const errores: Error[] = [];
  const app = createApp({
    catalogues: [FALLAS_CLIENTE],
    answers: postgresAnswers(db),
    actor: actorFromHeader,
    newId: v7,
    logError: (e) => errores.push(e),
  });
  const uow = postgresUnitOfWork(db, postgresCliente, { newId: v7 });
  app.route(
    "/cliente",
    clienteRoutes({
      comandos: comandosCliente(uow),
      importar: importarClientes(uow),
      consultas: consultasCliente(postgresClientes(db)),
      newId: v7,
    }),
  );
  // deno-lint-ignore no-explicit-any -- answers are read as a caller without types would
  type Cuerpo = any;
  const pide = async (
    metodo: string,
    ruta: string,
    cuerpo?: unknown,
    headers: Record<string, string> = {},
  ) => {
    const r = await app.request(ruta, {
      method: metodo,
      headers: { ...(cuerpo === undefined ? {} : { "content-type": "application/json" }), ...headers },
      ...(cuerpo === undefined ? {} : { body: typeof cuerpo === "string" ? cuerpo : JSON.stringify(cuerpo) }),
    });
    const texto = await r.text();
    const json: Cuerpo = texto === "" ? null : JSON.parse(texto);
    return { status: r.status, json, texto, headers: r.headers };
  };
  return { pide, db, errores, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

const ANA = {
  nombre: "Ana Muñoz O'Byrne",
  email: "ana@correo.example",
  cedula: "1020304050",
  fecha_nacimiento: "1990-02-28",
};
const campos = (json: { errores: { campo: string }[] }) => json.errores.map((e) => e.campo).sort();

Deno.test("POST /cliente/registrar answers 201 with every field, and GET the same", async () => {
  await using s = await abrir();
  const r = await s.pide("POST", "/cliente/registrar", { id: "c-1", ...ANA });
  assert.equal(r.status, 201);
  assert.equal(r.headers.get("etag"), '"v1"');
  assert.equal(r.headers.get("location"), "/cliente/c-1");
  const { fecha_registro, ...resto } = r.json;
  assert.match(fecha_registro, /^\d{4}-\d\d-\d\dT.*Z$/);
  assert.deepEqual(resto, {
    id: "c-1",
    tipo_cliente: "NATURAL",
    ...ANA,
    rut: null,
    telefono: null,
    ciudad: null,
    pais: null,
    referencia_externa: null,
    estado: "ACTIVO",
    total_pagos: 0,
    ultimo_pago: null,
    version: 1,
  });
  const leido = await s.pide("GET", "/cliente/c-1");
  assert.equal(leido.status, 200);
  assert.equal(leido.texto, r.texto);
  assert.equal((await s.pide("GET", "/cliente/c-1", undefined, { "if-none-match": '"v1"' })).status, 304);
  assert.equal((await s.pide("GET", "/cliente/nadie")).status, 404);
});

Deno.test("the same registration with its id again is a 200, another one a 409", async () => {
  await using s = await abrir();
  assert.equal((await s.pide("POST", "/cliente/registrar", { id: "c-1", ...ANA })).status, 201);
  assert.equal((await s.pide("POST", "/cliente/registrar", { ...ANA, id: "c-1" })).status, 200);
  const otra = await s.pide("POST", "/cliente/registrar", { id: "c-1", ...ANA, ciudad: "Cali" });
  assert.deepEqual([otra.status, otra.json.codigo], [409, "cliente_otro_registro"]);
  const correo = await s.pide("POST", "/cliente/registrar", {
    ...ANA,
    email: "ANA@correo.example",
    cedula: "99999",
  });
  assert.deepEqual([correo.status, correo.json.codigo, campos(correo.json)], [409, "cliente_duplicado", [
    "email",
  ]]);
});

Deno.test("every bad field is named at once, and missing papers with them", async () => {
  await using s = await abrir();
  const cuerpo = {
    id: "registrar",
    nombre: "X",
    email: "no",
    cedula: "12a",
    fecha_nacimiento: "2099-02-30",
    telefono: 3,
    sobra: 1,
  };
  const r = await s.pide("POST", "/cliente/registrar", cuerpo);
  assert.equal(r.status, 400);
  assert.deepEqual(campos(r.json), [
    "cedula",
    "email",
    "fecha_nacimiento",
    "id",
    "nombre",
    "sobra",
    "telefono",
  ]);
  const empresa = await s.pide("POST", "/cliente/registrar", {
    tipo_cliente: "EMPRESA",
    nombre: "E",
    email: "e@x.co",
  });
  assert.deepEqual(campos(empresa.json), ["nombre", "rut"]);
  const natural = await s.pide("POST", "/cliente/registrar", { nombre: "Ana", email: "a@x.co" });
  assert.deepEqual(campos(natural.json), ["cedula", "fecha_nacimiento"]);
  const futuro = await s.pide("POST", "/cliente/registrar", { ...ANA, fecha_nacimiento: "2199-01-01" });
  assert.deepEqual([futuro.status, campos(futuro.json)], [400, ["fecha_nacimiento"]]);
});

/** Every field of a registration with values that break its rule. */
const MALOS: Record<string, unknown[]> = {
  id: ["", "a b", "a/b", "ñ", "x".repeat(256), "estadisticas", 7, ".."],
  tipo_cliente: ["natural", "", 1, null],
  nombre: ["", "A", " A ", "x".repeat(256), 5, null, ["Ana"], "a\u0001b"],
  email: ["", "ana", "ana@", "@x.co", "a b@x.co", `${"x".repeat(250)}@x.co`, 1, null],
  cedula: ["1234", "1".repeat(21), "12345a", 12345678],
  rut: ["", "-", "x".repeat(31), "9 0", 900],
  fecha_nacimiento: ["", "ayer", "1990-13-01", "1990-02-30", "30/01/1990", 19900101, "2199-01-01"],
  telefono: ["", "12", "1".repeat(41), 57],
  ciudad: ["", "x".repeat(101), {}],
  pais: ["C", "x".repeat(61), []],
  referencia_externa: ["", "x".repeat(256), 1],
};
Deno.test("each field of a registration has a rule that can be broken", async () => {
  await using s = await abrir();
  for (const [campo, valores] of Object.entries(MALOS)) {
    for (const valor of valores) {
      const r = await s.pide("POST", "/cliente/registrar", { ...ANA, [campo]: valor });
      assert.equal(r.status, 400, `${campo}=${JSON.stringify(valor)}: ${r.texto}`);
      assert.ok(campos(r.json).includes(campo), `${campo}=${JSON.stringify(valor)}: ${r.texto}`);
    }
  }
  assert.equal((await s.pide("GET", "/cliente")).json.pagination.total, 0);
  assert.deepEqual(s.errores, []);
});

Deno.test("an Idempotency-Key gives the first answer again, byte for byte", async () => {
  await using s = await abrir();
  const clave = { "idempotency-key": "k-1" };
  const uno = await s.pide("POST", "/cliente/registrar", ANA, clave);
  const dos = await s.pide("POST", "/cliente/registrar", ANA, clave);
  assert.deepEqual([uno.status, dos.status, dos.texto], [201, 201, uno.texto]);
  assert.equal(dos.headers.get("idempotency-replayed"), "true");
  assert.equal(dos.headers.get("etag"), '"v1"');
  const otro = await s.pide("POST", "/cliente/registrar", { ...ANA, ciudad: "Cali" }, clave);
  assert.deepEqual([otro.status, otro.json.codigo], [422, "clave_reutilizada"]);
  assert.equal((await s.pide("GET", "/cliente")).json.pagination.total, 1);
});

Deno.test("a refusal under a key is kept too, and another body under it is a 422", async () => {
  await using s = await abrir();
  const clave = { "idempotency-key": "k-2" };
  const uno = await s.pide("POST", "/cliente/registrar", { ...ANA, nombre: "X" }, clave);
  const dos = await s.pide("POST", "/cliente/registrar", { ...ANA, nombre: "X" }, clave);
  assert.deepEqual([uno.status, dos.status, dos.texto], [400, 400, uno.texto]);
  assert.equal((await s.pide("POST", "/cliente/registrar", ANA, clave)).status, 422);
});

Deno.test("fifty parallel posts with one key register once", async () => {
  await using s = await abrir();
  const clave = { "idempotency-key": "k-3" };
  const todas = await Promise.all(
    Array.from({ length: 50 }, () => s.pide("POST", "/cliente/registrar", ANA, clave)),
  );
  for (const r of todas) {
    assert.ok(r.status === 201 || (r.status === 409 && r.json.codigo === "en_curso"), r.texto);
  }
  assert.ok(todas.some((r) => r.status === 201));
  assert.equal((await s.pide("GET", "/cliente")).json.pagination.total, 1);
});

Deno.test("PUT replaces, PATCH changes, both honour If-Match", async () => {
  await using s = await abrir();
  await s.pide("POST", "/cliente/registrar", {
    id: "c-1",
    ...ANA,
    ciudad: "Cali",
    telefono: "+573001112233",
  });
  const parche = await s.pide("PATCH", "/cliente/c-1", { telefono: null, pais: "CO" }, {
    "if-match": '"v1"',
  });
  assert.deepEqual([parche.status, parche.json.ciudad, parche.json.telefono, parche.json.pais], [
    200,
    "Cali",
    null,
    "CO",
  ]);
  assert.equal(parche.headers.get("etag"), '"v2"');
  assert.equal((await s.pide("PATCH", "/cliente/c-1", { pais: "MX" }, { "if-match": '"v1"' })).status, 412);
  const puesto = await s.pide("PUT", "/cliente/c-1", { ...ANA, nombre: "Ana Otra" });
  assert.deepEqual([puesto.status, puesto.json.ciudad, puesto.json.version], [200, null, 3]);
  const sinPapel = await s.pide("PATCH", "/cliente/c-1", { cedula: null });
  assert.deepEqual([sinPapel.status, campos(sinPapel.json)], [400, ["cedula"]]);
  assert.equal((await s.pide("PATCH", "/cliente/nadie", { pais: "MX" })).status, 404);
  assert.deepEqual(campos((await s.pide("PATCH", "/cliente/c-1", { estado: "INACTIVO", id: "x" })).json), [
    "estado",
    "id",
  ]);
});

Deno.test("suspending needs a motivo, repeating it is a 409, DELETE twice is a 204", async () => {
  await using s = await abrir();
  await s.pide("POST", "/cliente/registrar", { id: "c-1", ...ANA });
  assert.deepEqual(campos((await s.pide("POST", "/cliente/c-1/suspender", {})).json), ["motivo"]);
  const uno = await s.pide("POST", "/cliente/c-1/suspender", { motivo: "fraude" });
  assert.deepEqual([uno.status, uno.json.estado], [200, "SUSPENDIDO"]);
  assert.equal((await s.pide("POST", "/cliente/c-1/suspender", { motivo: "fraude" })).status, 409);
  assert.equal((await s.pide("POST", "/cliente/c-1/reactivar")).json.estado, "ACTIVO");
  assert.equal((await s.pide("DELETE", "/cliente/c-1")).status, 204);
  assert.equal((await s.pide("DELETE", "/cliente/c-1?motivo=otra%20vez")).status, 204);
  assert.equal((await s.pide("GET", "/cliente/c-1")).json.estado, "INACTIVO");
  const historial = (await s.pide("GET", "/cliente/c-1/historial")).json.data;
  assert.deepEqual(historial.map((h: { accion: string; motivo: string }) => [h.accion, h.motivo]), [
    ["ClienteRegistrado", null],
    ["ClienteSuspendido", "fraude"],
    ["ClienteReactivado", null],
    ["ClienteDesactivado", "eliminado por persona:local"],
  ]);
  assert.equal(historial[3].actor, "persona:local");
});

Deno.test("the list is paged both ways, and what it does not know is a 400 that names it", async () => {
  await using s = await abrir();
  for (let i = 0; i < 5; i++) {
    const cuerpo = { ...ANA, id: `c-${i}`, email: `a${i}@x.example`, cedula: `1000${i}` };
    assert.equal((await s.pide("POST", "/cliente/registrar", cuerpo)).status, 201);
  }
  const p = (await s.pide("GET", "/cliente?page=2&per_page=2")).json;
  assert.deepEqual(p.pagination, {
    page: 2,
    per_page: 2,
    total: 5,
    total_estimado: false,
    pages: 3,
    has_next: true,
    has_prev: true,
  });
  assert.deepEqual(p.data.map((c: { id: string }) => c.id), ["c-2", "c-1"]);
  const vistos: string[] = [];
  for (let cursor = ""; cursor !== "fin";) {
    const r = (await s.pide("GET", `/cliente?limit=2${cursor && `&cursor=${cursor}`}`)).json;
    vistos.push(...r.data.map((c: { id: string }) => c.id));
    cursor = r.pagination.has_next ? r.pagination.next_cursor : "fin";
  }
  assert.deepEqual(vistos, ["c-4", "c-3", "c-2", "c-1", "c-0"]);
  assert.deepEqual((await s.pide("GET", "/cliente?ids=c-1,c-3")).json.data.length, 2);
  assert.equal((await s.pide("GET", "/cliente?page=9")).json.data.length, 0);
  const casos: Record<string, string[]> = {
    "page=0": ["page"],
    "per_page=101": ["per_page"],
    "limit=0": ["limit"],
    "page=1&limit=5": ["page"],
    "cursor=zzz": ["cursor"],
    "estado=activo": ["estado"],
    "sort_by=email": ["sort_by"],
    "sort_order=up": ["sort_order"],
    "colour=red&page=x": ["colour", "page"],
    "aproximada=quizas": ["aproximada"],
    "ids=a%20b": ["ids"],
  };
  for (const [consulta, esperados] of Object.entries(casos)) {
    const r = await s.pide("GET", `/cliente?${consulta}`);
    assert.equal(r.status, 400, consulta);
    assert.deepEqual(
      campos(r.json).map((x) => x.replace(/\[\d+\]$/, "")),
      esperados,
      `${consulta} ${r.texto}`,
    );
  }
});

Deno.test("an ill-formed id in a path does not exist, a wrong method is a 405 with Allow", async () => {
  await using s = await abrir();
  assert.equal((await s.pide("GET", "/cliente/a%20b")).status, 404);
  assert.equal((await s.pide("GET", "/cliente/%00")).status, 404);
  assert.equal((await s.pide("GET", "/cliente/a%2Fb")).status, 404);
  const r = await s.pide("DELETE", "/cliente/registrar/x");
  assert.equal(r.status, 404);
  const m = await s.pide("POST", "/cliente/estadisticas");
  assert.deepEqual([m.status, m.headers.get("allow")?.includes("GET")], [405, true]);
});
