import assert from "node:assert/strict";
import { dinero, leerMonto, montoTexto, sumar } from "@alpes/shared/seedwork/money.ts";
import type {
  AsientoJson,
  CuentaJson,
  ExplicacionPayoutJson,
  MovimientoJson,
} from "@alpes/shared/contracts/libro.ts";
import { eventually } from "@alpes/shared/testing/eventually.ts";
import { abrir } from "./servidor_de_prueba.ts";

type Lista<T> = {
  readonly data: readonly T[];
  readonly saldos: readonly CuentaJson[];
  readonly pagination: { readonly next_cursor: string | null };
};

Deno.test("a figure is followed over HTTP from a balance to its lines, entries and requests", async () => {
  await using h = await abrir();
  const comision = (id: string, valor: string) => ({
    id,
    partner_id: "p-1",
    event_type: "VENTA",
    event_timestamp: "2026-01-10T00:00:00Z",
    comision: { valor, moneda: "USD" },
  });
  await h.json("POST", "/pagos/ciclos", { id: "c-1", inicio: "2026-01-01", fin: "2026-01-31" });
  const alta = await h.json(
    "POST",
    "/pagos/transacciones",
    { transacciones: [comision("t-1", "1.50"), comision("t-2", "2.25")] },
    { "X-Request-Id": "mi-solicitud" },
  );
  assert.equal(alta.status, 201);
  const cuenta = "partner:p-1:disponible";
  let total = dinero(0n, "USD");
  let cursor: string | null = null;
  do {
    const seguir: string = cursor === null ? "" : `&cursor=${cursor}`;
    const { status, body }: { status: number; body: Lista<MovimientoJson> } = await h.json(
      "GET",
      `/pagos/libro/saldos/${cuenta}/explicacion?limit=1${seguir}`,
    );
    assert.equal(status, 200);
    assert.deepEqual(body.saldos.map((s) => s.saldo), [{ valor: "3.75", moneda: "USD" }]);
    for (const m of body.data) {
      const u = leerMonto(m.importe.valor, m.importe.moneda);
      total = sumar(total, u.ok ? u.value : assert.fail());
      assert.equal(m.asiento.solicitud, "mi-solicitud");
    }
    cursor = body.pagination.next_cursor;
  } while (cursor !== null);
  assert.equal(montoTexto(total), "3.75");

  const { body: pago } = await h.json<{ id: string }>("POST", "/pagos/pagar", {
    partner_id: "p-1",
    cycle_id: "c-1",
  });
  await eventually(async () => (await h.ver(pago.id)).estado === "EXITOSO");
  const { body: x } = await h.json<ExplicacionPayoutJson>("GET", `/pagos/${pago.id}/explicacion`);
  assert.deepEqual([x.sumas.total, x.sumas.en_libro, x.sumas.comisiones], [
    x.monto_total,
    x.monto_total,
    x.monto_total,
  ]);
  assert.deepEqual(x.asientos.map((a) => a.clave), [
    "comision:t-1",
    "comision:t-2",
    `reserva:${pago.id}`,
    `pago:${pago.id}`,
  ]);
  const { body: dePago } = await h.json<Lista<AsientoJson>>(
    "GET",
    `/pagos/libro/asientos?payout_id=${pago.id}`,
  );
  assert.deepEqual(dePago.data.map((a) => a.hecho), ["payout_pagado", "payout_reservado"]);
  const { body: antes } = await h.json<Lista<CuentaJson>>(
    "GET",
    `/pagos/libro/saldos?cuenta=${cuenta}&en=2020-01-01T00:00:00Z`,
  );
  assert.deepEqual(antes.data, []);
});

Deno.test("an account that there is not is a bad request where it is asked for", async () => {
  await using h = await abrir();
  for (
    const url of [
      "/pagos/libro/saldos?cuenta=caja",
      "/pagos/libro/cuentas?cuenta=partner:p-1",
      "/pagos/libro/saldos",
    ]
  ) {
    assert.equal((await h.json("GET", url)).status, 400, url);
  }
  assert.equal((await h.json("GET", "/pagos/nadie/explicacion")).status, 404);
});
