import assert from "node:assert/strict";
import fc from "fast-check";
import { dinero, LIMITE, type Moneda } from "@alpes/shared/seedwork/money.ts";
import { type Asiento, asiento, type Linea, mover, negadas } from "./asiento.ts";
import {
  BANCO,
  type Cuenta,
  cuentasDe,
  cuentasPropias,
  duenoDe,
  leerCuenta,
  sinDescubierto,
} from "./cuentas.ts";

const CORRIDAS = { numRuns: 10_000 };
const BASE: Omit<Asiento, "lineas"> = {
  clave: "x",
  hecho: "comision",
  partner_id: null,
  idCampania: null,
  payout_id: null,
  transaccion_id: null,
  revierte: null,
};
const cuenta: fc.Arbitrary<Cuenta> = fc.constantFrom(BANCO, ...cuentasDe("a"), ...cuentasDe("b:en_pago"));
const moneda = fc.constantFrom<Moneda>("USD", "COP", "CLP");
const linea: fc.Arbitrary<Linea> = fc.record({
  cuenta,
  importe: fc.tuple(fc.bigInt({ min: -3n, max: 3n }), moneda).map(([u, m]) => dinero(u, m)),
});

Deno.test("an entry is made exactly of lines that sum to zero in each currency", () => {
  fc.assert(
    fc.property(fc.array(linea, { maxLength: 6 }), (lineas) => {
      const sumas = new Map<Moneda, bigint>();
      for (const { importe: i } of lineas) sumas.set(i.moneda, (sumas.get(i.moneda) ?? 0n) + i.unidades);
      const cuadra = lineas.length >= 2 && lineas.every((l) => l.importe.unidades !== 0n) &&
        [...sumas.values()].every((u) => u === 0n);
      assert.equal(asiento({ ...BASE, lineas }).ok, cuadra);
    }),
    CORRIDAS,
  );
});

Deno.test("whatever is moved makes an entry, and its reversal another that undoes it", () => {
  const movimiento = fc.tuple(cuenta, cuenta, fc.bigInt({ min: 0n, max: LIMITE }), moneda);
  fc.assert(
    fc.property(fc.array(movimiento, { minLength: 1, maxLength: 5 }), (ms) => {
      const lineas = ms.flatMap(([de, a, u, m]) => mover(de, a, dinero(u, m)));
      if (lineas.length === 0) return;
      assert.ok(asiento({ ...BASE, lineas }).ok);
      assert.ok(asiento({ ...BASE, lineas: negadas(lineas) }).ok);
      const saldos = new Map<string, bigint>();
      for (const { cuenta, importe: i } of [...lineas, ...negadas(lineas)]) {
        const k = `${cuenta} ${i.moneda}`;
        saldos.set(k, (saldos.get(k) ?? 0n) + i.unidades);
      }
      assert.ok([...saldos.values()].every((u) => u === 0n));
    }),
    CORRIDAS,
  );
});

Deno.test("no line is beyond what an amount may be", () => {
  const r = asiento({ ...BASE, lineas: mover(BANCO, BANCO, dinero(LIMITE + 1n, "USD")) });
  assert.equal(r.ok ? "ok" : r.error.tipo, "fuera_de_rango");
});

Deno.test("an account is read as it is written, and says whose it is", () => {
  for (const c of [...cuentasDe("p:1"), BANCO]) assert.equal(leerCuenta(c), c);
  for (
    const c of [
      "",
      "partner:p-1",
      "partner::disponible",
      "partner:p 1:disponible",
      "banco:x",
      "caja",
      "campania:c:disponible",
    ]
  ) {
    assert.equal(leerCuenta(c), null, c);
  }
  assert.deepEqual(cuentasPropias("p-1"), [
    "partner:p-1:retenido",
    "partner:p-1:disponible",
    "partner:p-1:en_pago",
    "cliente:p-1:por_cobrar",
  ]);
  assert.equal(duenoDe(BANCO), null);
  assert.deepEqual(cuentasDe("p-1").map(sinDescubierto), [true, true, true, false, true]);
});
