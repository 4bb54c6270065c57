import assert from "node:assert/strict";
import { mensaje } from "../application/ejemplos_test.ts";
import { usd } from "../domain/ejemplos_test.ts";
import { abrir, campos, MONTO } from "./servidor_de_prueba.ts";

Deno.test("the operator's decisions, each once, with the new version", async () => {
  await using s = await abrir();
  await s.crear();
  const paso = async (accion: string, cuerpo?: object) => {
    const r = await s.pide("POST", `/campanias/camp-1/${accion}`, cuerpo);
    return [r.status, r.json.estado ?? r.json.codigo, r.json.motivo ?? null, r.headers.get("etag")];
  };
  assert.deepEqual(await paso("pausar"), [409, "campania_transicion_invalida", null, null]);
  assert.deepEqual(await paso("aprobar", { motivo: "vamos" }), [200, "APROBADA", "vamos", '"v2"']);
  assert.deepEqual(await paso("aprobar"), [409, "campania_transicion_invalida", null, null]);
  assert.deepEqual(await paso("pausar", { motivo: "revisión" }), [200, "PAUSADA", "revisión", '"v3"']);
  assert.deepEqual(await paso("reanudar"), [200, "APROBADA", null, '"v4"']);
  assert.deepEqual(await paso("cancelar"), [400, "json_malformado", null, null]);
  assert.deepEqual(await paso("cancelar", {}), [400, "validacion", null, null]);
  assert.deepEqual(await paso("finalizar", {}), [200, "FINALIZADA", null, '"v5"']);
  assert.deepEqual(await paso("cancelar", { motivo: "tarde" }), [
    409,
    "campania_transicion_invalida",
    null,
    null,
  ]);
  const { json } = await s.pide("GET", "/campanias/camp-1/eventos");
  assert.deepEqual(json.data.map((e: { version: number; type: string }) => [e.version, e.type]), [
    [1, "CampaniaCreada.v1"],
    [2, "CampaniaAprobada.v1"],
    [3, "CampaniaPausada.v1"],
    [4, "CampaniaReanudada.v1"],
    [5, "CampaniaFinalizada.v1"],
  ]);
  assert.deepEqual(json.data[1].data, {
    idCampania: "camp-1",
    fechaAprobacion: json.data[1].occurred_on,
    origen: "OPERADOR",
    motivo: "vamos",
  });
});

Deno.test("an unpaid anticipo is approved only with sin_anticipo, and the refusal says how much is missing", async () => {
  await using s = await abrir();
  await s.crear({ anticipo: { valor: "100.00", moneda: "USD" } });
  const no = await s.pide("POST", "/campanias/camp-1/aprobar", {}, { "accept-language": "en" });
  assert.deepEqual([no.status, no.json.codigo, no.json.detail], [
    409,
    "campania_anticipo_sin_pagar",
    "The anticipo of 100.00 USD is not paid.",
  ]);
  const si = await s.pide("POST", "/campanias/camp-1/aprobar", { sin_anticipo: true });
  assert.deepEqual([si.status, si.json.estado], [200, "APROBADA"]);
});

Deno.test("what earned commissions is told to be finished", async () => {
  await using s = await abrir();
  await s.crear();
  await s.comandos.registrarGasto(mensaje, "camp-1", usd(5), null);
  const r = await s.pide("POST", "/campanias/camp-1/cancelar", { motivo: "x" });
  assert.deepEqual([r.status, r.json.codigo], [409, "campania_con_comisiones"]);
  assert.equal((await s.pide("DELETE", "/campanias/camp-1")).status, 409);
  assert.deepEqual((await s.pide("GET", "/campanias/camp-1")).json.gasto, { valor: "0.05", moneda: "USD" });
});

Deno.test("DELETE cancels with its motivo, stays readable, and again is a 204", async () => {
  await using s = await abrir();
  await s.crear();
  assert.equal(
    (await s.pide("DELETE", "/campanias/camp-1?motivo=ya%20no", undefined, { "if-match": '"v9"' })).status,
    412,
  );
  const r = await s.pide("DELETE", "/campanias/camp-1?motivo=ya%20no", undefined, { "if-match": '"v1"' });
  assert.deepEqual([r.status, r.texto, r.headers.get("etag")], [204, "", '"v2"']);
  const { json } = await s.pide("GET", "/campanias/camp-1");
  assert.deepEqual([json.estado, json.motivo, json.version], ["CANCELADA", "ya no", 2]);
  assert.ok(json.fecha_cancelacion);
  assert.equal((await s.pide("DELETE", "/campanias/camp-1")).status, 204);
  assert.equal((await s.pide("DELETE", "/campanias/camp-9")).status, 404);
  const otra = await s.pide("PATCH", "/campanias/camp-1", { nombre: "x" });
  assert.deepEqual([otra.status, otra.json.codigo], [409, "campania_cerrada"]);
});

Deno.test("PUT and PATCH change what describes it, under If-Match", async () => {
  await using s = await abrir();
  await s.crear({ nombre: "Una", metas: [1], presupuesto: MONTO });
  const parche = await s.pide("PATCH", "/campanias/camp-1", { nombre: null, presupuesto: "2000.00" }, {
    "if-match": '"v1"',
  });
  assert.deepEqual([
    parche.status,
    parche.json.nombre,
    parche.json.presupuesto.valor,
    parche.headers.get("etag"),
  ], [
    200,
    null,
    "2000.00",
    '"v2"',
  ]);
  assert.equal(
    (await s.pide("PATCH", "/campanias/camp-1", { nombre: "x" }, { "if-match": '"v1"' })).status,
    412,
  );
  assert.equal((await s.pide("PUT", "/campanias/camp-1", { nombre: "x" })).status, 400);
  const { json: antes } = await s.pide("GET", "/campanias/camp-1");
  const puesta = await s.pide("PUT", "/campanias/camp-1", {
    id: antes.id,
    idCampania: antes.idCampania,
    idCliente: antes.idCliente,
    itinerario: [2],
    estado: antes.estado,
  });
  assert.deepEqual([puesta.status, puesta.json.presupuesto, puesta.json.metas, puesta.json.itinerario], [
    200,
    null,
    null,
    [2],
  ]);
  const ajena = await s.pide("PUT", "/campanias/camp-1", { id: "camp-2", itinerario: [] });
  assert.deepEqual([ajena.status, campos(ajena.json)], [400, ["id"]]);
  const cliente = await s.pide("PATCH", "/campanias/camp-1", { idCliente: "c-2" });
  assert.deepEqual([cliente.status, cliente.json.codigo], [409, "campania_cliente_fijo"]);
  const aprobada = await s.pide("PATCH", "/campanias/camp-1", { estado: "APROBADA" });
  assert.deepEqual([aprobada.status, aprobada.json.estado], [200, "APROBADA"]);
  const imposible = await s.pide("PATCH", "/campanias/camp-1", { estado: "PENDIENTE" });
  assert.deepEqual([imposible.status, imposible.json.detail], [409, "De APROBADA no se pasa a PENDIENTE."]);
  const escala = await s.pide("PATCH", "/campanias/camp-1", { anticipo: "1" });
  assert.deepEqual([escala.status, campos(escala.json)], [400, ["anticipo"]]);
});
