import assert from "node:assert/strict";
import { parseJson } from "@alpes/shared/seedwork/json.ts";
import { abrir, campos, MONTO } from "./servidor_de_prueba.ts";

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

Deno.test("a rule between fields looks at nothing that is no amount: it is named, and breaks nothing", async () => {
  await using s = await abrir();
  const bien = { valor: "2.00", moneda: "USD" };
  for (const valor of [parseJson("-39301664831382630000"), { toString: 0, valueOf: 0 }, [], null, true]) {
    for (const malo of [{ valor, moneda: "USD" }, { valor: "1.00", moneda: valor }]) {
      for (const [anticipo, presupuesto] of [[malo, bien], [bien, malo], [malo, malo]]) {
        const r = await s.pide("POST", "/campanias/crear", {
          idCliente: "c-1",
          itinerario: [],
          anticipo,
          presupuesto,
        });
        assert.equal(r.status, 400, `${JSON.stringify([anticipo, presupuesto])}: ${r.texto}`);
      }
    }
  }
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
