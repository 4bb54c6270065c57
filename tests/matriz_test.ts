import assert from "node:assert/strict";
import { POLITICA } from "@alpes/shared/seedwork/policy.ts";
import { dig } from "@alpes/shared/dev/demo_api.ts";
import { type Dueno, mundo, NADIE } from "./matriz/mundo.ts";
import { CON_DUENO, guardadas, ranuras } from "./matriz/operaciones.ts";
import { conRanura, type Respuesta, sinAzar, sonda, sondasDe, veredicto } from "./matriz/sondas.ts";
import { DE_MENSAJES } from "./matriz/mensajes.ts";

const m = await mundo();
Deno.test.afterAll(async () => {
  await m[Symbol.asyncDispose]();
});
const test = (name: string, fn: () => Promise<void>) =>
  Deno.test({ name, sanitizeOps: false, sanitizeResources: false, fn });
const todas = guardadas(m);
const OTRO: Readonly<Record<Dueno, Dueno>> = { zuno: "zdos", zdos: "zuno" };
const SOCIOS = ["zuno", "zdos"] as const;

test("every operation of the documents asks one line of the policy, and every line is asked by something", () => {
  const pedidas = new Set([...todas.map((g) => g.accion), ...DE_MENSAJES]);
  assert.deepEqual([...pedidas].sort(), Object.keys(POLITICA).sort());
  return Promise.resolve();
});

// What partners see comes first: the matrix changes things.
for (const g of todas.filter((g) => g.operacion.method === "GET" && g.recurso === null)) {
  if (veredictoDeSocio(g.accion) !== "si") continue;
  test(`${g.id} shows a partner its own alone, in rows, totals and sums`, async () => {
    for (const quien of SOCIOS) {
      const r = await sonda(m, g, quien, quien, "si", undefined).pedir();
      assert.equal(r.status, 200, r.texto);
      assert.ok(!r.texto.includes(OTRO[quien]), r.texto);
      const cuerpo: unknown = JSON.parse(r.texto);
      const datos = dig(cuerpo, "data");
      if (!Array.isArray(datos) || !DE_ALGUIEN.test(g.accion)) continue;
      assert.ok(r.texto.includes(`-${quien}`), r.texto);
      assert.equal(dig(cuerpo, "pagination.total"), datos.length);
      const sumas = dig(cuerpo, "agregaciones");
      if (!Array.isArray(sumas)) continue;
      assert.equal(sumas.reduce((n, s) => n + Number(dig(s, "cantidad")), 0), datos.length);
    }
  });
}
const DE_ALGUIEN = /^(cliente|campanias|pagos|transacciones)\./;
function veredictoDeSocio(accion: string): "si" | "no" {
  const fila: readonly string[] = (POLITICA as Readonly<Record<string, readonly string[]>>)[accion] ?? [];
  return fila[0] === "no" ? "no" : "si";
}

for (const g of todas.filter((g) => ranuras(g).length > 0)) {
  const nombres = ranuras(g).map((r) => r.nombre).join(", ");
  test(`${g.id}: what a partner may not see is as good as missing in ${nombres}`, async () => {
    for (const quien of SOCIOS) {
      for (const r of ranuras(g)) {
        const ajeno = await conRanura(m, g, quien, r, OTRO[quien]).pedir();
        const nada = await conRanura(m, g, quien, r, "znada").pedir();
        assert.ok(ajeno.status < 500 && (r.repite || ajeno.status !== 400), `${r.nombre}: ${ajeno.texto}`);
        assert.equal(sinAzar(ajeno, OTRO[quien]), sinAzar(nada, "znada"), r.nombre);
      }
    }
  });
}

test("a partner chooses no id and makes nothing for another", async () => {
  for (const g of todas.filter((g) => g.accion === "campanias.crear")) {
    const deCliente = g.campos.includes("cliente_id") ? "cliente_id" : "idCliente";
    const pedir = (cuerpo: object) => sonda(m, g, "zuno", "zuno", "si", cuerpo).pedir();
    const suya = { [deCliente]: "c-zuno", itinerario: [] };
    assert.equal((await pedir(suya)).status, 202);
    for (const id of ["k-zuno", "k-zdos", "k-znada"]) {
      assert.equal((await pedir({ ...suya, id })).status, 403);
    }
    for (const otro of ["c-zdos", "c-znada"]) {
      assert.equal((await pedir({ ...suya, [deCliente]: otro })).status, 403);
    }
  }
});

test("a step that only an operator makes is not made by way of an edit", async () => {
  for (const g of todas.filter((g) => g.accion === "campanias.editar")) {
    for (const estado of ["APROBADA", "CANCELADA"]) {
      const cuerpo = { estado, itinerario: [], sin_anticipo: true };
      assert.equal((await sonda(m, g, "zuno", "zuno", 403, cuerpo).pedir()).status, 403);
      assert.equal((await sonda(m, g, "zuno", "zdos", 404, cuerpo).pedir()).status, 404);
    }
  }
});

test("an idempotency key tells one caller nothing of another's", async () => {
  const g = todas.find((g) => g.id === "crearCampania") ?? assert.fail();
  const llave = { "idempotency-key": "de-otro" };
  const pedir = (quien: "admin" | "zuno" | "zdos", dueno: Dueno) =>
    sonda(m, g, quien, dueno, "si", { idCliente: `c-${dueno}`, itinerario: [] }).pedir(llave);
  const primera = await pedir("admin", "zdos");
  const suya = await pedir("zuno", "zuno");
  assert.deepEqual([primera.status, suya.status], [202, 202]);
  assert.notEqual(dig(JSON.parse(primera.texto), "idCampania"), dig(JSON.parse(suya.texto), "idCampania"));
  assert.equal(suya.headers.get("idempotency-replayed"), null);
  assert.equal((await pedir("zdos", "zuno")).status, 403);
});

for (const g of todas) {
  test(`${g.id} asks ${g.accion}, and answers everybody as the table says`, async () => {
    const malas: string[] = [];
    const respuestas = new Map<string, Respuesta>();
    for (const s of sondasDe(m, g)) {
      const r = await s.pedir();
      const v = veredicto(r);
      respuestas.set(`${s.quien} ${s.blanco}`, r);
      // A request that is not understood proves nothing.
      const torcida = v === "si" && (r.status >= 500 || [400, 405, 413, 415, 422].includes(r.status));
      if (v !== s.esperado || torcida) malas.push(`${s.nombre}: ${r.status}, not ${s.esperado}: ${r.texto}`);
    }
    assert.deepEqual(malas, []);
    const [nadie] = NADIE.map((q) => sinAzar(respuestas.get(`${q} zuno`) ?? assert.fail(), "zuno"));
    for (const q of NADIE) assert.equal(sinAzar(respuestas.get(`${q} zuno`) ?? assert.fail(), "zuno"), nadie);
    for (const quien of SOCIOS) {
      const ajeno = respuestas.get(`${quien} ${OTRO[quien]}`);
      const nada = respuestas.get(`${quien} znada`);
      if (ajeno === undefined || nada === undefined || g.recurso === null) continue;
      if (!CON_DUENO.includes(g.recurso)) continue;
      assert.equal(sinAzar(ajeno, OTRO[quien]), sinAzar(nada, "znada"));
      assert.deepEqual(cabeceras(ajeno), cabeceras(nada));
    }
  });
}
const cabeceras = (r: Respuesta) =>
  [...r.headers].filter(([k]) => !/^(x-request-id|date|server-timing|content-length)$/.test(k));

test("a stale If-Match tells a partner nothing of what it may not see", async () => {
  for (
    const g of todas.filter((g) => g.recurso !== null && /^(PUT|PATCH|DELETE)$/.test(g.operacion.method))
  ) {
    for (const s of sondasDe(m, g).filter((s) => s.quien === "zuno" && s.blanco !== "zuno")) {
      for (const version of ['"v1"', '"v99"']) {
        const r = await s.pedir({ "if-match": version });
        assert.equal(veredicto(r), s.esperado, `${s.nombre}: ${r.texto}`);
      }
    }
  }
});
