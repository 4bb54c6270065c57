import assert from "node:assert/strict";
import type { PayoutJson, TransaccionJson } from "@alpes/shared/contracts/pagos.ts";
import { eventually } from "@alpes/shared/testing/eventually.ts";
import { fieldsIn, problemIn } from "@alpes/shared/testing/http_app.ts";
import { conCampania } from "../modulo_de_prueba.ts";
import { abrir } from "./servidor_de_prueba.ts";

Deno.test("transactions and cycles: recorded, listed, paid, refunded", async () => {
  await using h = await abrir();
  assert.equal(
    (await h.json("POST", "/pagos/ciclos", {
      id: "2026-01",
      inicio: "2026-01-01T10:00:00Z",
      fin: "2026-01-31",
    })).status,
    201,
  );
  assert.equal(
    (await h.json("POST", "/pagos/ciclos", { id: "2026-01", inicio: "2026-01-01", fin: "2026-01-31" }))
      .status,
    200,
  );
  assert.equal(
    (await h.json("POST", "/pagos/ciclos", { id: "2026-01", inicio: "2026-01-02", fin: "2026-01-31" }))
      .status,
    409,
  );
  const ciclos = (await h.json<{ data: object[] }>("GET", "/pagos/ciclos?limit=1")).body;
  assert.partialDeepStrictEqual(ciclos, {
    data: [{ id: "2026-01", inicio: "2026-01-01", estado: "ABIERTO" }],
    pagination: { limit: 1, next_cursor: null },
  });

  const base = {
    partner_id: "p-1",
    event_type: "venta",
    event_timestamp: "2026-01-31T23:59:59Z",
    monto_original: "100.00",
  };
  const una = await h.json<TransaccionJson>("POST", "/pagos/transacciones", { id: "t-1", ...base });
  assert.equal(una.status, 201);
  assert.partialDeepStrictEqual(una.body, {
    id: "t-1",
    event_type: "VENTA",
    comision: { valor: "5.00", moneda: "USD" },
    estado: "ACTIVE",
    payout_id: null,
  });
  assert.equal((await h.json("POST", "/pagos/transacciones", { id: "t-1", ...base })).status, 200);
  assert.equal(
    (await problemIn(
      await h.send("POST", "/pagos/transacciones", { id: "t-1", ...base, partner_id: "otro" }),
    )).codigo,
    "transaccion_otra",
  );
  const lote = {
    transacciones: [{ id: "t-1", ...base }, {
      id: "t-2",
      partner_id: "p-1",
      event_type: "CLICK",
      event_timestamp: "2026-01-05T00:00:00Z",
    }],
  };
  const varias = await h.json<{ transacciones: TransaccionJson[]; creadas: number }>(
    "POST",
    "/pagos/transacciones",
    lote,
  );
  assert.deepEqual([
    varias.status,
    varias.body.creadas,
    varias.body.transacciones.map((t) => t.comision.valor),
  ], [201, 1, ["5.00", "0.10"]]);

  const { body: { id } } = await h.json<{ id: string }>("POST", "/pagos/pagar", {
    partner_id: "p-1",
    cycle_id: "2026-01",
  });
  await eventually(async () => (await h.ver(id)).estado === "EXITOSO");
  const pago = await h.ver(id);
  assert.equal(pago.monto_total.valor, "5.10");
  assert.deepEqual(pago.transacciones.map((t) => t.id), ["t-2", "t-1"]);

  const etiqueta = (await h.send("GET", `/pagos/${id}`)).headers.get("etag") ?? "";
  assert.equal((await h.send("GET", `/pagos/${id}`, undefined, { "If-None-Match": etiqueta })).status, 304);
  const devuelta = await h.json<TransaccionJson>("POST", "/pagos/transacciones/t-1/reembolsar");
  assert.deepEqual([devuelta.status, devuelta.body.estado, devuelta.body.payout_id], [200, "REFUNDED", id]);
  assert.equal((await h.send("GET", `/pagos/${id}`, undefined, { "If-None-Match": etiqueta })).status, 200);
  assert.equal(
    (await h.send("POST", "/pagos/transacciones/t-1/reembolsar", { motivo: "otra vez" })).status,
    409,
  );
  assert.equal((await h.send("POST", "/pagos/transacciones/no-hay/reembolsar")).status, 404);
  const negativas = (await h.json<{ data: TransaccionJson[] }>(
    "GET",
    "/pagos/transacciones?event_type=reembolso&partner_id=p-1",
  )).body.data;
  assert.deepEqual(negativas.map((t) => [t.reembolso_de, t.comision.valor]), [["t-1", "-5.00"]]);
});

Deno.test("a commission needs an approved campaign and what is left of its budget", async () => {
  await using h = await abrir();
  await conCampania(h, "ca-1", { presupuesto: 600n, aprobada: true });
  await conCampania(h, "ca-2", { presupuesto: 600n });
  const enviar = (idCampania: string, extra: object = {}) =>
    h.send("POST", "/pagos/transacciones", {
      partner_id: "p",
      event_type: "VENTA",
      monto_original: "100.00",
      idCampania,
      ...extra,
    });
  assert.equal((await enviar("ca-1")).status, 201);
  const agotado = await problemIn(await enviar("ca-1"));
  assert.deepEqual([agotado.codigo, agotado.status], ["presupuesto_excedido", 409]);
  assert.match(agotado.detail, /Quedan 1\.00 USD/);
  const sinAprobar = await problemIn(await enviar("ca-2"));
  assert.deepEqual([sinAprobar.codigo, fieldsIn(sinAprobar)], ["campania_no_aprobada", ["idCampania"]]);
  const lote = await problemIn(
    await h.send("POST", "/pagos/transacciones", {
      transacciones: [
        { partner_id: "p", event_type: "RARO" },
        { partner_id: "p", event_type: "VENTA" },
        { partner_id: "p", event_type: "VENTA", monto_original: "1.00", currency: "CLP" },
      ],
    }),
  );
  assert.deepEqual([lote.codigo, fieldsIn(lote)], ["sin_tarifa", [
    "transacciones[0].event_type",
    "transacciones[1].monto_original",
    "transacciones[2].monto",
  ]]);
});

Deno.test("the list filters with synonyms and carries sums over all that is filtered", async () => {
  await using h = await abrir();
  for (let i = 1; i <= 3; i++) {
    const cuerpo = {
      partner_id: "p-1",
      cycle_id: `c-${i}`,
      total_amount: `${i}00.00`,
      payment_method_mask: i === 3 ? "0002" : null,
    };
    assert.equal((await h.send("POST", "/pagos/pagar", cuerpo)).status, 202);
  }
  type Lista = { data: PayoutJson[]; pagination: object; agregaciones: object[] };
  const listar = async (q: string) => (await h.json<Lista>("GET", `/pagos?${q}`)).body;
  await eventually(async () =>
    (await listar("estado=COMPLETADO")).data.length === 2 && (await listar("estado=FAILED")).data.length === 1
  );
  const una = await listar("per_page=1&sort_by=monto_total");
  assert.equal(una.data[0]?.monto_total.valor, "300.00");
  assert.deepEqual(una.pagination, {
    page: 1,
    per_page: 1,
    total: 3,
    total_estimado: false,
    pages: 3,
    has_next: true,
    has_prev: false,
  });
  assert.deepEqual(una.agregaciones, [{
    moneda: "USD",
    cantidad: 3,
    total: "600.00",
    por_estado: { EXITOSO: { cantidad: 2, total: "300.00" }, FALLIDO: { cantidad: 1, total: "300.00" } },
  }]);
  assert.deepEqual((await listar("monto_max=150")).data.map((p) => p.monto_total.valor), ["100.00"]);
  const hallada =
    (await h.json<{ data: { relevancia: number }[] }>("GET", "/pagos?search=p-1&aproximada=true")).body.data;
  assert.ok(hallada.length === 3 && hallada.every((p) => p.relevancia > 0.5));
  const primera = await listar("limit=2");
  const cursor = Reflect.get(primera.pagination, "next_cursor");
  const segunda = await listar(`limit=2&cursor=${cursor}`);
  assert.equal(new Set([...primera.data, ...segunda.data].map((p) => p.id)).size, 3);
  const cifras = (await h.json<{ total: number; por_estado: Record<string, number>; primer_pago: string }>(
    "GET",
    "/pagos/estadisticas?partner_id=p-1",
  )).body;
  assert.deepEqual([cifras.total, cifras.por_estado.EXITOSO, cifras.por_estado.PENDIENTE], [3, 2, 0]);
  assert.ok(cifras.primer_pago);
  assert.equal(
    (await h.json<{ total: number; primer_pago: null }>("GET", "/pagos/estadisticas?partner_id=nadie")).body
      .primer_pago,
    null,
  );
});

Deno.test("a missing, a wrong or a swapped letter of a stored word still finds it, an unlike word does not", async () => {
  await using h = await abrir();
  type Lista = { data: PayoutJson[] };
  await h.send("POST", "/pagos/pagar", { partner_id: "bogota", cycle_id: "c-9", total_amount: "1.00" });
  for (const q of ["bogta", "bogoha", "bgoota", "Bogotá"]) {
    const { data } =
      (await h.json<Lista>("GET", `/pagos?search=${encodeURIComponent(q)}&aproximada=true`)).body;
    assert.deepEqual(data.map((p) => p.partner_id), ["bogota"], q);
  }
  assert.deepEqual((await h.json<Lista>("GET", "/pagos?search=zzzzzz&aproximada=true")).body.data, []);
});
