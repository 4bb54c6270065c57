import assert from "node:assert/strict";
import type { TransaccionJson } from "@alpes/shared/contracts/pagos.ts";
import type { TarifaJson } from "@alpes/shared/contracts/tarifas.ts";
import { fieldsIn, problemIn } from "@alpes/shared/testing/http_app.ts";
import { abrir } from "./servidor_de_prueba.ts";

const usd = (valor: string) => ({ valor, moneda: "USD" });

Deno.test("the contract's rates are there from the start", async () => {
  await using h = await abrir();
  const { body } = await h.json<{ data: TarifaJson[]; pagination: object }>(
    "GET",
    "/pagos/tarifas?sort_by=event_type",
  );
  assert.deepEqual(body.data.map((t) => [t.event_type, t.ambito, t.tipo, t.porcentaje, t.monto]), [
    ["CLICK", "DEFECTO", "FIXED", null, usd("0.10")],
    ["CONVERSION", "DEFECTO", "PERCENTAGE", "3", null],
    ["IMPRESION", "DEFECTO", "FIXED", null, usd("0.01")],
    ["VENTA", "DEFECTO", "PERCENTAGE", "5", null],
  ]);
  assert.partialDeepStrictEqual(body.pagination, { page: 1, total: 4 });
});

Deno.test("a rate is stored, shown, gives commissions and is ended, and a transaction says which gave it", async () => {
  await using h = await abrir();
  const tramos = [
    { desde: "0.00", hasta: "100.00", porcentaje: "5.25" },
    { desde: "100.00", porcentaje: 2 },
  ];
  const pedida = {
    partner_id: "p-1",
    event_type: "venta",
    tipo: "TIERED",
    tramos,
    vigente_desde: "2026-01-01",
  };
  const alta = await h.json<TarifaJson>("POST", "/pagos/tarifas", pedida);
  assert.equal(alta.status, 201);
  const { id } = alta.body;
  assert.equal(alta.res.headers.get("location"), `/pagos/tarifas/${id}`);
  assert.partialDeepStrictEqual(alta.body, {
    ambito: "PARTNER",
    partner_id: "p-1",
    brand_id: null,
    event_type: "VENTA",
    moneda: "USD",
    tramos: [
      { desde: usd("0.00"), hasta: usd("100.00"), porcentaje: "5.25" },
      { desde: usd("100.00"), hasta: null, porcentaje: "2" },
    ],
    vigente_desde: "2026-01-01",
    vigente_hasta: null,
  });
  const venta = {
    partner_id: "p-1",
    event_type: "VENTA",
    event_timestamp: "2026-02-01T00:00:00Z",
    monto_original: "200.00",
  };
  const { body: tx } = await h.json<TransaccionJson>("POST", "/pagos/transacciones", venta);
  assert.deepEqual([tx.comision, tx.tarifa_id], [usd("7.25"), id]);

  const { status, body } = await h.json<TarifaJson>("POST", `/pagos/tarifas/${id}/terminar`, {
    vigente_hasta: "2026-01-31",
  });
  assert.deepEqual([status, body.vigente_hasta], [200, "2026-01-31"]);
  assert.deepEqual((await h.json("GET", `/pagos/tarifas/${id}`)).body, body);
  const { body: despues } = await h.json<TransaccionJson>("POST", "/pagos/transacciones", venta);
  assert.deepEqual([despues.comision, despues.tarifa_id], [usd("10.00"), "defecto:VENTA"]);
  const vista = await h.json<{ data: TarifaJson[] }>(
    "GET",
    "/pagos/tarifas?partner_id=p-1&vigente=2026-01-31&moneda=USD",
  );
  assert.deepEqual(vista.body.data, [body]);
  assert.equal((await h.send("GET", "/pagos/tarifas/nadie")).status, 404);
});

Deno.test("every fault of a rate is named by its field, all at once", async () => {
  await using h = await abrir();
  const faltas = async (b: object): Promise<string[]> => {
    const p = await problemIn(await h.send("POST", "/pagos/tarifas", { event_type: "VENTA", ...b }));
    assert.deepEqual([p.status, p.codigo], [400, "validacion"], JSON.stringify(p));
    return fieldsIn(p).sort();
  };
  const pct = { tipo: "PERCENTAGE", porcentaje: "5" };
  const escalas = (...tramos: object[]) => faltas({ tipo: "TIERED", moneda: "USD", tramos });
  assert.deepEqual(await faltas({ ...pct, comision_minima: "2.00", comision_maxima: "1.00" }), [
    "comision_maxima",
  ]);
  assert.deepEqual(await faltas({ ...pct, porcentaje: "101" }), ["porcentaje"]);
  assert.deepEqual(await faltas({ ...pct, porcentaje: "-1" }), ["porcentaje"]);
  assert.deepEqual(await faltas({ ...pct, porcentaje: "1.00001" }), ["porcentaje"]);
  assert.deepEqual(
    await faltas({ ...pct, comision_minima: usd("1.00"), comision_maxima: { valor: "9.00", moneda: "COP" } }),
    [
      "comision_maxima",
    ],
  );
  assert.deepEqual(await faltas({ tipo: "FIXED", monto: "-1.00" }), ["monto"]);
  assert.deepEqual(await faltas({ tipo: "FIXED", monto: usd("1.00"), moneda: "COP" }), ["monto"]);
  assert.deepEqual(await faltas({ tipo: "FIXED", monto: "1.00", moneda: "CLP" }), ["monto"]);
  assert.deepEqual(await faltas({ tipo: "FIXED", porcentaje: "5" }), ["monto", "porcentaje"]);
  assert.deepEqual(await faltas({ ...pct, partner_id: "p", brand_id: "m" }), ["brand_id"]);
  assert.deepEqual(await faltas({ ...pct, vigente_desde: "2026-02-01", vigente_hasta: "2026-01-31" }), [
    "vigente_hasta",
  ]);
  assert.deepEqual(await faltas({ ...pct, vigente_hasta: "2001-01-31" }), ["vigente_hasta"]);
  assert.deepEqual(await faltas({ ...pct, vigente_desde: "2026-02-30", porcentaje: "x", otra: 1 }), [
    "otra",
    "porcentaje",
    "vigente_desde",
  ]);
  const hasta100 = { desde: "0.00", hasta: "100.00", porcentaje: "5" };
  assert.deepEqual(await escalas(hasta100, { desde: "50.00", porcentaje: "3" }), ["tramos"]);
  assert.deepEqual(await escalas(hasta100, { desde: "150.00", porcentaje: "3" }), ["tramos"]);
  assert.deepEqual(await escalas({ ...hasta100, desde: "1.00", hasta: null }), ["tramos"]);
  assert.deepEqual(await escalas(hasta100), ["tramos"]);
  assert.deepEqual(
    await escalas({ ...hasta100, hasta: { valor: "100", moneda: "CLP" } }, {
      desde: "100.00",
      porcentaje: "3",
    }),
    ["tramos"],
  );
  assert.deepEqual(await escalas(hasta100, { desde: "100.00", porcentaje: "200" }), ["tramos[1].porcentaje"]);
  assert.deepEqual(h.errors, []);
});

Deno.test("overlapping validity is a conflict that names the other rate, and one later rate follows another", async () => {
  await using h = await abrir();
  const base = { event_type: "VENTA", tipo: "PERCENTAGE", porcentaje: "5" };
  const poner = (b: object) => h.send("POST", "/pagos/tarifas", { ...base, ...b });
  assert.equal((await poner({ id: "r-1", vigente_desde: "2026-01-01" })).status, 201);
  assert.equal((await poner({ id: "r-1", vigente_desde: "2026-01-01" })).status, 200);
  assert.equal(
    (await problemIn(await poner({ id: "r-1", vigente_desde: "2026-01-02" }))).codigo,
    "tarifa_otra",
  );
  const solapada = await problemIn(await poner({ vigente_desde: "2026-01-01" }));
  assert.deepEqual([solapada.status, solapada.codigo], [409, "tarifa_solapada"]);
  assert.match(solapada.detail, /r-1/);
  assert.equal((await poner({ vigente_desde: "2026-01-01", event_type: "LEAD" })).status, 201);
  assert.equal((await poner({ vigente_desde: "2026-01-01", moneda: "USD" })).status, 201);
  assert.equal((await poner({ id: "r-2", vigente_desde: "2026-03-01" })).status, 201);
  assert.equal((await h.json<TarifaJson>("GET", "/pagos/tarifas/r-1")).body.vigente_hasta, "2026-02-28");
  const termino = await problemIn(
    await h.send("POST", "/pagos/tarifas/r-2/terminar", { vigente_hasta: "2026-02-01" }),
  );
  assert.deepEqual([termino.status, fieldsIn(termino)], [400, ["vigente_hasta"]]);
});
