import assert from "node:assert/strict";
import { abrir, campos } from "./servidor_de_prueba.ts";

Deno.test("?en= answers from the events; before it existed it is a 404", async () => {
  await using s = await abrir();
  await s.crear();
  await new Promise((r) => setTimeout(r, 5));
  await s.pide("POST", "/campanias/camp-1/aprobar");
  const { data } = (await s.pide("GET", "/campanias/camp-1/eventos")).json;
  const en = async (t: string) => {
    const r = await s.pide("GET", `/campanias/camp-1?en=${encodeURIComponent(t)}`);
    return [r.status, r.json.estado ?? null];
  };
  assert.deepEqual(await en(data[0].occurred_on), [200, "PENDIENTE"]);
  assert.deepEqual(await en(data[1].occurred_on), [200, "APROBADA"]);
  assert.deepEqual(await en("2999-01-01T00:00:00Z"), [200, "APROBADA"]);
  assert.deepEqual(await en("2020-01-01T00:00:00"), [404, null]);
  assert.deepEqual(await en("ayer"), [400, null]);
});

Deno.test("the saga of a payment is shown, and 404 where there is no campaign", async () => {
  await using s = await abrir();
  await s.crear({ anticipo: { valor: "1.00", moneda: "USD" } });
  const { json } = await s.pide("GET", "/campanias/camp-1/saga");
  assert.equal(json.estado, "ESPERANDO_PAGO");
  assert.deepEqual(json.pasos.map((p: object) => ({ ...p, inicio: "", solicitud: "" })), [
    {
      paso: "ProcesarPago",
      estado: "EN_CURSO",
      intentos: 1,
      inicio: "",
      fin: null,
      error: null,
      solicitud: "",
    },
  ]);
  assert.equal(Date.parse(json.plazo) - Date.parse(json.pasos[0].inicio), 900_000);
  for (const parte of ["", "/saga", "/eventos"]) {
    assert.equal((await s.pide("GET", `/campanias/camp-9${parte}`)).status, 404);
  }
  assert.equal((await s.pide("GET", "/campanias/con%20espacio")).status, 404);
});

Deno.test("lists page by number and by cursor, filter, and name what they do not know", async () => {
  await using s = await abrir();
  for (const n of ["1", "2", "3"]) await s.crear({ idCampania: `camp-${n}`, nombre: `Ópera ${n}` });
  await s.pide("POST", "/campanias/camp-2/aprobar");
  const lee = async (q: string) => {
    const r = await s.pide("GET", `/campanias?${q}`);
    return [
      r.status,
      r.json.data?.map((c: { id: string }) => c.id) ?? campos(r.json),
      r.json.pagination,
    ] as const;
  };
  assert.deepEqual(await lee("per_page=2"), [200, ["camp-3", "camp-2"], {
    page: 1,
    per_page: 2,
    total: 3,
    total_estimado: false,
    pages: 2,
    has_next: true,
    has_prev: false,
  }]);
  const [, , p] = await lee("limit=2");
  assert.deepEqual((await lee(`limit=2&cursor=${p.next_cursor}`)).slice(0, 2), [200, ["camp-1"]]);
  assert.deepEqual((await lee("estado=APROBADA"))[1], ["camp-2"]);
  assert.deepEqual((await lee("estado=PENDIENTE,PAUSADA&sort_by=nombre"))[1], ["camp-1", "camp-3"]);
  assert.deepEqual((await lee("search=opera%202&aproximada=false"))[1], ["camp-2"]);
  assert.deepEqual((await lee("ids=camp-1,camp-3&sort_order=asc"))[1], ["camp-1", "camp-3"]);
  assert.deepEqual((await lee("desde=2999-01-01"))[1], []);
  assert.deepEqual((await lee("search=opera&aproximada=true"))[1].length, 3);
  assert.deepEqual((await lee("estado=RARO&per_page=101&color=x&desde=hoy")).slice(0, 2), [
    400,
    ["color", "desde", "estado[0]", "per_page"],
  ]);
});

Deno.test("the statistics, of all and of one cliente", async () => {
  await using s = await abrir();
  await s.crear();
  const { json } = await s.pide("GET", "/campanias/estadisticas");
  assert.deepEqual(json, {
    total: 1,
    por_estado: { PENDIENTE: 1, APROBADA: 0, PAUSADA: 0, FINALIZADA: 0, CANCELADA: 0 },
    por_tipo: { PERFORMANCE: 1, BRANDING: 0, AWARENESS: 0, CONVERSION: 0, RETENTION: 0 },
    tasa_aprobacion: 0,
  });
  assert.equal((await s.pide("GET", "/campanias/estadisticas?idCliente=c-9")).json.tasa_aprobacion, null);
});

Deno.test("an operator sees the sagas, and tries a stopped one again", async () => {
  await using s = await abrir();
  await s.crear({ anticipo: { valor: "1.00", moneda: "USD" } });
  const { json } = await s.pide("GET", "/campanias/operacion/sagas?estado=ESPERANDO_PAGO");
  assert.deepEqual([json.data.length, json.data[0].idCampania, json.data[0].pasos.length], [1, "camp-1", 1]);
  assert.equal((await s.pide("GET", "/campanias/operacion/sagas?estado=COMPENSADA")).json.data.length, 0);
  const r = await s.pide("POST", "/campanias/operacion/sagas/camp-1/reintentar");
  assert.deepEqual([r.status, r.json.codigo], [409, "saga_sin_pendientes"]);
  assert.equal((await s.pide("POST", "/campanias/operacion/sagas/camp-9/reintentar")).status, 404);
  await s.pide("POST", "/campanias/camp-1/cancelar", { motivo: "x" });
  await s.db.query(
    "update campanias.sagas set detenida = true, estado = 'REQUIERE_INTERVENCION', plazo = null",
  );
  const si = await s.pide("POST", "/campanias/operacion/sagas/camp-1/reintentar");
  assert.deepEqual([si.status, si.json], [202, { status: "accepted", idCampania: "camp-1" }]);
  assert.equal((await s.pide("GET", "/campanias/camp-1/saga")).json.estado, "COMPENSANDO");
});

Deno.test("an operator rebuilds the projection and sees how far it is", async () => {
  await using s = await abrir();
  await s.crear();
  const r = await s.pide("POST", "/campanias/operacion/proyecciones/campanias/reconstruir");
  assert.deepEqual([r.status, r.json.estado, r.json.total, r.json.hechas, r.json.actor, s.despertado()], [
    202,
    "RECONSTRUYENDO",
    1,
    0,
    "persona:local",
    1,
  ]);
  while (await s.reconstructor.tramo(10));
  const { json } = await s.pide("GET", "/campanias/operacion/proyecciones");
  assert.deepEqual(json.data.map((p: { estado: string; hechas: number }) => [p.estado, p.hechas]), [[
    "AL_DIA",
    1,
  ]]);
  assert.equal((await s.pide("POST", "/campanias/operacion/proyecciones/otra/reconstruir")).status, 404);
});
