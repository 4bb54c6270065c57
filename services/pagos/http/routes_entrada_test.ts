import assert from "node:assert/strict";
import { documentOf } from "@alpes/shared/http/openapi.ts";
import { fieldsIn, problemIn } from "@alpes/shared/testing/http_app.ts";
import { abrir } from "./servidor_de_prueba.ts";

Deno.test("every bad field is named, and nothing of a card number comes back", async () => {
  await using h = await abrir();
  const malos: [object, string[]][] = [
    [{}, ["cycle_id", "partner_id"]],
    [{ partner_id: "p q", cycle_id: "", total_amount: "1.5" }, ["cycle_id", "partner_id"]],
    [{ partner_id: "p", cycle_id: "c", total_amount: "0.00" }, ["total_amount"]],
    [{ partner_id: "p", cycle_id: "c", total_amount: -1 }, ["total_amount"]],
    [{ partner_id: "p", cycle_id: "c", total_amount: "1e3" }, ["total_amount"]],
    [{ partner_id: "p", cycle_id: "c", total_amount: { valor: "1.5", moneda: "USD" } }, [
      "total_amount.valor",
    ]],
    [{ partner_id: "p", cycle_id: "c", currency: "XXX", extra: 1 }, ["currency", "extra"]],
    [{ partner_id: "p", cycle_id: "c", total_amount: { valor: "1.50", moneda: "USD" }, currency: "COP" }, [
      "currency",
    ]],
    [{ partner_id: "p", cycle_id: "c", idCampania: "x", total_amount: "1.00" }, [
      "cycle_id",
      "partner_id",
      "total_amount",
    ]],
    [{ partner_id: "p", cycle_id: "c", monto: "1.00" }, ["monto"]],
    [{ partner_id: "p", cycle_id: "c", payment_method_type: "BITCOIN" }, ["payment_method_type"]],
    [{ partner_id: "p", cycle_id: "c", payment_method_mask: "4111 1111-1111 1111" }, ["payment_method_mask"]],
    [{ partner_id: "p", cycle_id: "c", processed_at: "ayer", completed_at: "2026-02-30T00:00:00Z" }, [
      "completed_at",
      "processed_at",
    ]],
    [{ idCampania: "x", id: "transacciones" }, ["id"]],
    [{ idCampania: "x", id: "a", idPago: "b" }, ["idPago"]],
  ];
  for (const [cuerpo, campos] of malos) {
    const p = await problemIn(await h.send("POST", "/pagos/pagar", cuerpo));
    assert.deepEqual([p.status, fieldsIn(p)], [400, campos], JSON.stringify(cuerpo));
    // The request's own id may hold any digits.
    assert.doesNotMatch(JSON.stringify({ ...p, solicitud: null }), /4111/);
  }
  const escala = await problemIn(
    await h.send("POST", "/pagos/pagar", { partner_id: "p", cycle_id: "c", total_amount: "1.5" }),
  );
  assert.deepEqual([escala.status, fieldsIn(escala)], [400, ["total_amount"]]);
  const transacciones = await problemIn(
    await h.send("POST", "/pagos/transacciones", {
      transacciones: [{ partner_id: 7 }, { event_type: "VENTA", comision: "-1.00", x: 1 }],
    }),
  );
  assert.deepEqual([transacciones.status, fieldsIn(transacciones)], [400, [
    "transacciones[0].event_type",
    "transacciones[0].partner_id",
    "transacciones[1].comision",
    "transacciones[1].partner_id",
    "transacciones[1].x",
  ]]);
  assert.deepEqual(
    fieldsIn(await problemIn(await h.send("POST", "/pagos/transacciones", { event_type: "VENTA" }))),
    ["partner_id"],
  );
  const muchas = {
    transacciones: Array.from({ length: 1_001 }, () => ({ partner_id: "p", event_type: "CLICK" })),
  };
  assert.deepEqual(fieldsIn(await problemIn(await h.send("POST", "/pagos/transacciones", muchas))), [
    "transacciones",
  ]);
  assert.deepEqual(
    fieldsIn(
      await problemIn(await h.send("POST", "/pagos/ciclos", { inicio: "2026-02-01", fin: "2026-01-31" })),
    ),
    ["fin"],
  );
  const q = await problemIn(
    await h.send("GET", "/pagos?estado=RARO&monto_min=x&fecha_desde=ayer&otro=1&moneda=XX"),
  );
  assert.deepEqual([q.status, fieldsIn(q)], [400, ["estado", "fecha_desde", "moneda", "monto_min", "otro"]]);
  for (const ruta of ["/pagos/no-hay", "/pagos/a%20b", "/pagos/no-hay/historial"]) {
    assert.equal((await h.send("GET", ruta)).status, 404, ruta);
  }
  assert.deepEqual(h.errors, []);
});

Deno.test("the OpenAPI document names every route of the module", async () => {
  await using h = await abrir();
  const documento = documentOf(h.app, { titulo: "pagos", descripcion: "pagos", tags: [] }, "0.1.0");
  const rutas = Object.entries(documento.paths ?? {}).flatMap(([ruta, item]) =>
    Object.keys(item ?? {}).filter((k) => ["get", "post", "put", "patch", "delete"].includes(k)).map((k) =>
      `${k} ${ruta}`
    )
  );
  assert.deepEqual(rutas.filter((r) => r.includes("pagos")).sort(), [
    "get /pagos",
    "get /pagos/ciclos",
    "get /pagos/conciliaciones",
    "get /pagos/conciliaciones/{id}",
    "get /pagos/conciliaciones/{id}/filas",
    "get /pagos/condiciones/{partner_id}",
    "get /pagos/estadisticas",
    "get /pagos/estadisticas/series",
    "get /pagos/estados-de-cuenta/{partner_id}",
    "get /pagos/libro/asientos",
    "get /pagos/libro/cuentas",
    "get /pagos/libro/saldos",
    "get /pagos/libro/saldos/{cuenta}/explicacion",
    "get /pagos/liquidaciones",
    "get /pagos/liquidaciones/{id}",
    "get /pagos/liquidaciones/{id}/exclusiones",
    "get /pagos/liquidaciones/{id}/lineas",
    "get /pagos/tarifas",
    "get /pagos/tarifas/{id}",
    "get /pagos/transacciones",
    "get /pagos/{id}",
    "get /pagos/{id}/explicacion",
    "get /pagos/{id}/historial",
    "post /pagos/avisos-psp",
    "post /pagos/ciclos",
    "post /pagos/comandos/crear",
    "post /pagos/conciliaciones",
    "post /pagos/liquidaciones",
    "post /pagos/liquidaciones/{id}/aplicar",
    "post /pagos/liquidaciones/{id}/aprobar",
    "post /pagos/liquidaciones/{id}/descartar",
    "post /pagos/pagar",
    "post /pagos/tarifas",
    "post /pagos/tarifas/{id}/terminar",
    "post /pagos/transacciones",
    "post /pagos/transacciones/importaciones",
    "post /pagos/transacciones/{id}/reembolsar",
    "post /pagos/{id}/revertir",
    "put /pagos/condiciones/{partner_id}",
  ]);
});
