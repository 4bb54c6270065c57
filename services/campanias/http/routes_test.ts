import assert from "node:assert/strict";
import { v7 } from "uuid";
import { postgresAnswers } from "@alpes/shared/adapters/postgres/answers.ts";
import { openDatabase } from "@alpes/shared/adapters/postgres/database.ts";
import { postgresUnitOfWork } from "@alpes/shared/adapters/postgres/unit_of_work.ts";
import { appAround } from "@alpes/shared/testing/http_app.ts";
import { freshDatabase } from "@alpes/shared/testing/database.ts";
import { postgresCampania } from "../adapters/postgres.ts";
import { postgresCampanias } from "../adapters/postgres_consultas.ts";
import { postgresReconstructor } from "../adapters/postgres_reconstruccion.ts";
import { comandosCampanias } from "../application/comandos.ts";
import { consultasCampanias } from "../application/consultas.ts";
import { proyecciones } from "../application/proyecciones.ts";
import { mensaje } from "../application/ejemplos_test.ts";
import { usd } from "../domain/ejemplos_test.ts";
import { FALLAS_CAMPANIAS } from "./fallas.ts";
import { operacionRoutes } from "./operacion.ts";
import { campaniasRoutes } from "./routes.ts";

async function abrir() {
  const resources = new AsyncDisposableStack();
  const fresh = resources.use(await freshDatabase());
  const db = resources.use(openDatabase({ url: fresh.url, role: "alpes_campanias" }));
  const uow = postgresUnitOfWork(db, postgresCampania, { newId: v7 });
  const comandos = comandosCampanias({ uow, newId: v7, plazo: 900_000 });
  const consultas = consultasCampanias(postgresCampanias(db));
  const reconstructor = postgresReconstructor(db);
  let despertado = 0;
  const operacion = operacionRoutes({
    comandos,
    consultas,
    proyecciones: proyecciones(reconstructor),
    despertar: () => despertado++,
  });
  const router = campaniasRoutes({ comandos, consultas });
  const { app, send, errors } = appAround("/campanias/operacion", operacion, {
    catalogues: [FALLAS_CAMPANIAS],
    answers: postgresAnswers(db),
  });
  app.route("/campanias", router);
  // deno-lint-ignore no-explicit-any -- answers are read as a caller without types would
  type Cuerpo = any;
  const pide = async (
    metodo: string,
    ruta: string,
    cuerpo?: object | string,
    headers: Record<string, string> = {},
  ) => {
    const r = await send(metodo, ruta, cuerpo, headers);
    const texto = await r.text();
    const json: Cuerpo = texto === "" ? null : JSON.parse(texto);
    return { status: r.status, json, texto, headers: r.headers };
  };
  const crear = async (cuerpo: object = {}) => {
    const r = await pide("POST", "/campanias/crear", {
      idCampania: "camp-1",
      idCliente: "c-1",
      itinerario: [],
      ...cuerpo,
    });
    assert.equal(r.status, 202, r.texto);
    return r;
  };
  return {
    pide,
    crear,
    comandos,
    reconstructor,
    db,
    errors,
    despertado: () => despertado,
    [Symbol.asyncDispose]: async () => {
      await resources.disposeAsync();
      assert.deepEqual(errors, []);
    },
  };
}
const campos = (json: { errores: { campo: string }[] }) => json.errores.map((e) => e.campo).sort();
const MONTO = { valor: "1000.00", moneda: "USD" };

Deno.test("POST /campanias/crear answers 202 at once, and GET has every field", async () => {
  await using s = await abrir();
  const r = await s.crear({
    nombre: " Lanzamiento Ñandú ",
    presupuesto: MONTO,
    fecha_inicio: "2026-04-01T23:30:00-05:00",
    fecha_fin: "2026-04-30",
    metas: { clics: 10 },
  });
  assert.deepEqual(r.json, {
    status: "accepted",
    idCampania: "camp-1",
    idCliente: "c-1",
    estado: "PENDIENTE",
  });
  assert.equal(r.headers.get("location"), "/campanias/camp-1");
  const v = await s.pide("GET", "/campanias/camp-1");
  assert.equal(v.headers.get("etag"), '"v1"');
  const { fecha_creacion, ...resto } = v.json;
  assert.match(fecha_creacion, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  assert.deepEqual(resto, {
    id: "camp-1",
    idCampania: "camp-1",
    idCliente: "c-1",
    nombre: "Lanzamiento Ñandú",
    tipo_campania: "PERFORMANCE",
    itinerario: [],
    presupuesto: MONTO,
    anticipo: null,
    gasto: null,
    fecha_inicio: "2026-04-01",
    fecha_fin: "2026-04-30",
    metas: { clics: 10 },
    estado: "PENDIENTE",
    motivo: null,
    pago_asociado_id: null,
    fecha_aprobacion: null,
    fecha_cancelacion: null,
    version: 1,
  });
});

Deno.test("an identical creation is accepted again without another event, another body is a 409", async () => {
  await using s = await abrir();
  const primera = await s.crear({ presupuesto: MONTO });
  await s.pide("POST", "/campanias/camp-1/aprobar");
  const otra = await s.pide("POST", "/campanias/comandos/crear", {
    itinerario: [],
    id: "camp-1",
    idCliente: "c-1",
    presupuesto: { moneda: "USD", valor: 1000 },
  });
  assert.deepEqual([otra.status, otra.json], [202, primera.json]);
  assert.equal((await s.pide("GET", "/campanias/camp-1/eventos")).json.data.length, 2);
  const distinta = await s.pide("POST", "/campanias/crear", {
    idCampania: "camp-1",
    idCliente: "c-1",
    itinerario: [1],
  });
  assert.deepEqual([distinta.status, distinta.json.codigo], [409, "campania_id_ocupado"]);
});

Deno.test("a campaign without an id gets one", async () => {
  await using s = await abrir();
  const r = await s.pide("POST", "/campanias/crear", { idCliente: "c-1", itinerario: [] });
  assert.match(r.json.idCampania, /^[0-9a-f]{8}-[0-9a-f]{4}-7/);
  assert.equal((await s.pide("GET", `/campanias/${r.json.idCampania}`)).status, 200);
});

Deno.test("the itinerario comes back byte for byte, numbers beyond a double too", async () => {
  await using s = await abrir();
  const itinerario = '[{"b":12345678901234567890,"a":[1e400,{"ñ":"\\"x"}]},null,"á"]';
  const r = await s.pide(
    "POST",
    "/campanias/crear",
    `{"idCampania":"camp-1","idCliente":"c-1","itinerario":${itinerario},"metas":9007199254740993}`,
  );
  assert.equal(r.status, 202);
  for (const ruta of ["/campanias/camp-1", "/campanias", "/campanias/camp-1/eventos"]) {
    const { texto } = await s.pide("GET", ruta);
    assert.ok(texto.includes(`"itinerario":${itinerario}`), texto);
    assert.ok(texto.includes('"metas":9007199254740993'));
  }
});

Deno.test("every bad field of a creation is named at once", async () => {
  await using s = await abrir();
  const r = await s.pide("POST", "/campanias/crear", {
    idCampania: "crear",
    id: "no puede",
    nombre: "",
    tipo_campania: "RARA",
    itinerario: "no",
    presupuesto: { valor: "1.5", moneda: "USD" },
    anticipo: { valor: "-1.00", moneda: "XXX" },
    fecha_inicio: "2026-05-01",
    fecha_fin: "2026-04-30",
    color: "rojo",
  });
  assert.deepEqual([r.status, r.json.codigo], [400, "validacion"]);
  assert.deepEqual(campos(r.json), [
    "anticipo.moneda",
    "color",
    "fecha_fin",
    "id",
    "idCampania",
    "idCliente",
    "itinerario",
    "nombre",
    "presupuesto.valor",
    "tipo_campania",
  ]);
});

const REGLAS = [
  ["no idCliente", { idCliente: undefined }, "idCliente"],
  ["no itinerario", { itinerario: undefined }, "itinerario"],
  ["an itinerario that is no array", { itinerario: {} }, "itinerario"],
  ["an id of 256 characters", { idCampania: "x".repeat(256) }, "idCampania"],
  ["an id that the route uses", { idCampania: "estadisticas" }, "idCampania"],
  ["a name that is too long", { nombre: "ñ".repeat(256) }, "nombre"],
  ["an unknown type", { tipo_campania: "performance" }, "tipo_campania"],
  ["a negative budget", { presupuesto: { valor: "-0.01", moneda: "USD" } }, "presupuesto.valor"],
  ["a budget of another scale", { presupuesto: { valor: "1", moneda: "USD" } }, "presupuesto.valor"],
  ["a bare amount of another scale", { presupuesto: "1" }, "presupuesto"],
  ["an unknown currency", { presupuesto: { valor: "1.00", moneda: "ABC" } }, "presupuesto.moneda"],
  [
    "an amount beyond 10^15 cents",
    { presupuesto: { valor: "10000000000000.01", moneda: "USD" } },
    "presupuesto.valor",
  ],
  [
    "an anticipo over the budget",
    { presupuesto: MONTO, anticipo: { valor: "1000.01", moneda: "USD" } },
    "anticipo",
  ],
  [
    "an anticipo in another currency",
    { presupuesto: MONTO, anticipo: { valor: "1.00", moneda: "COP" } },
    "anticipo",
  ],
  ["a day that does not exist", { fecha_inicio: "2026-02-30" }, "fecha_inicio"],
  ["an end before the beginning", { fecha_inicio: "2026-02-02", fecha_fin: "2026-02-01" }, "fecha_fin"],
  ["two ids that differ", { id: "camp-2" }, "id"],
  ["an unknown field", { estado: "APROBADA" }, "estado"],
] as const;
Deno.test("a creation that breaks one rule is a 400 that names the field, and makes nothing", async (t) => {
  await using s = await abrir();
  for (const [que, cuerpo, campo] of REGLAS) {
    await t.step(que, async () => {
      const r = await s.pide("POST", "/campanias/crear", {
        idCampania: "camp-1",
        idCliente: "c-1",
        itinerario: [],
        ...cuerpo,
      });
      assert.deepEqual([r.status, campos(r.json)], [400, [campo]], r.texto);
    });
  }
  assert.equal((await s.pide("GET", "/campanias/estadisticas")).json.total, 0);
});

Deno.test("a rule between fields is told beside those of single fields", async () => {
  await using s = await abrir();
  const r = await s.pide("POST", "/campanias/crear", {
    idCliente: "c-1",
    itinerario: [],
    nombre: "",
    presupuesto: "1.00",
    anticipo: { valor: "2.00", moneda: "USD" },
    fecha_inicio: "2026-02-02",
    fecha_fin: "2026-02-01",
  });
  assert.deepEqual([r.status, campos(r.json)], [400, ["anticipo", "fecha_fin", "nombre"]]);
});

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

Deno.test("the same key and body get the same answer, with no second effect; another body is a 422", async () => {
  await using s = await abrir();
  const clave = { "idempotency-key": "k-1" };
  const a = await s.pide("POST", "/campanias/crear", { idCliente: "c-1", itinerario: [] }, clave);
  const b = await s.pide("POST", "/campanias/crear", { itinerario: [], idCliente: "c-1" }, clave);
  assert.deepEqual([b.status, b.texto, b.headers.get("idempotency-replayed")], [202, a.texto, "true"]);
  const otra = await s.pide("POST", "/campanias/crear", { idCliente: "c-2", itinerario: [] }, clave);
  assert.equal(otra.status, 422);
  assert.equal((await s.pide("GET", "/campanias/estadisticas")).json.total, 1);
});

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
