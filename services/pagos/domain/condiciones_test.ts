import assert from "node:assert/strict";
import { dinero } from "@alpes/shared/seedwork/money.ts";
import { type Condiciones, efectivas } from "./condiciones.ts";

const ningunas: Condiciones = {
  partner_id: "p-1",
  retencion_dias: null,
  minimos: [],
  suspendido: false,
  metodo_pago: null,
  actualizado: new Date(0),
};

Deno.test("without any terms, the setting holds, nothing is too little, and there is no way to pay", () => {
  const e = efectivas(undefined, undefined, undefined, 3);
  assert.deepEqual([e.retencion_dias, e.minimo("USD"), e.suspendido, e.metodo_pago], [
    3,
    dinero(0n, "USD"),
    false,
    null,
  ]);
});

Deno.test("the partner's own terms come first, field by field, and minimums currency by currency", () => {
  const generales: Condiciones = {
    ...ningunas,
    retencion_dias: 10,
    minimos: [dinero(100n, "USD"), dinero(200n, "COP")],
    metodo_pago: { tipo: "TRANSFERENCIA", mascara: null },
  };
  const propias: Condiciones = { ...ningunas, retencion_dias: 0, minimos: [dinero(7n, "USD")] };
  const e = efectivas(propias, generales, "ACTIVO", 3);
  assert.deepEqual([
    e.retencion_dias,
    e.minimo("USD").unidades,
    e.minimo("COP").unidades,
    e.minimo("EUR").unidades,
  ], [
    0,
    7n,
    200n,
    0n,
  ]);
  assert.deepEqual(e.metodo_pago, generales.metodo_pago);
});

Deno.test("whoever is suspended anywhere, or no active cliente, is not paid", () => {
  const si = { ...ningunas, suspendido: true };
  const casos = [
    [undefined, undefined, "ACTIVO", false],
    [undefined, undefined, undefined, false],
    [si, undefined, "ACTIVO", true],
    [ningunas, si, "ACTIVO", true],
    [undefined, undefined, "SUSPENDIDO", true],
    [undefined, undefined, "INACTIVO", true],
  ] as const;
  for (const [p, g, c, espera] of casos) assert.equal(efectivas(p, g, c, 0).suspendido, espera);
});
