import assert from "node:assert/strict";
import fc from "fast-check";
import {
  cero,
  comparar,
  dinero,
  EXPONENTES,
  fraccion,
  leerMonto,
  LIMITE,
  type Moneda,
  montoTexto,
  negar,
  repartir,
  restar,
  sumar,
} from "./money.ts";

const monedas = Object.keys(EXPONENTES) as Moneda[];
const unidades = fc.bigInt({ min: -LIMITE, max: LIMITE });
const cualquiera = fc.tuple(unidades, fc.constantFrom(...monedas)).map(([u, m]) => dinero(u, m));

Deno.test("an amount written and read again is the same amount, in every currency", () => {
  fc.assert(
    fc.property(
      cualquiera,
      (d) => assert.deepEqual(leerMonto(montoTexto(d), d.moneda), { ok: true, value: d }),
    ),
    { numRuns: 10_000 },
  );
});

Deno.test("a string needs exactly the currency's minor digits", () => {
  assert.deepEqual(leerMonto("150.25", "USD"), { ok: true, value: dinero(15025n, "USD") });
  assert.deepEqual(leerMonto("150", "CLP"), { ok: true, value: dinero(150n, "CLP") });
  assert.deepEqual(leerMonto("1.234", "KWD"), { ok: true, value: dinero(1234n, "KWD") });
  for (const mal of ["150.2", "150", "150.255", "150."]) assert.equal(leerMonto(mal, "USD").ok, false, mal);
  assert.equal(leerMonto("150.00", "CLP").ok, false);
});

Deno.test("a number is taken when it is exact at the currency's scale", () => {
  assert.deepEqual(leerMonto(150.2, "USD"), { ok: true, value: dinero(15020n, "USD") });
  assert.deepEqual(leerMonto(150, "USD"), { ok: true, value: dinero(15000n, "USD") });
  assert.deepEqual(leerMonto(0.1 + 0.2, "USD"), { ok: false, error: "escala" });
  assert.deepEqual(leerMonto(1e21, "USD"), { ok: false, error: "no_es_un_monto" });
  assert.deepEqual(leerMonto(NaN, "USD"), { ok: false, error: "no_es_un_monto" });
});

Deno.test("what is not an amount is refused", () => {
  for (const mal of ["", " 1.00", "1,00", "+1.00", "01.00", "1e2", "0x10", "١.٠٠", "1.00\n", "--1.00"]) {
    assert.deepEqual(leerMonto(mal, "USD"), { ok: false, error: "no_es_un_monto" }, JSON.stringify(mal));
  }
});

Deno.test("no amount goes beyond the limit", () => {
  assert.equal(leerMonto("10000000000000.00", "USD").ok, true);
  assert.deepEqual(leerMonto("10000000000000.01", "USD"), { ok: false, error: "fuera_de_rango" });
  assert.deepEqual(leerMonto("-10000000000000.01", "USD"), { ok: false, error: "fuera_de_rango" });
});

Deno.test("currencies are never added together or compared", () => {
  assert.throws(() => sumar(dinero(1n, "USD"), dinero(1n, "COP")), /never mix/);
  assert.throws(() => comparar(dinero(1n, "USD"), dinero(1n, "COP")), /never mix/);
});

Deno.test("what is added and taken away again leaves the amount", () => {
  fc.assert(fc.property(unidades, unidades, (a, b) => {
    const x = dinero(a, "COP"), y = dinero(b, "COP");
    assert.deepEqual(restar(sumar(x, y), y), x);
    assert.deepEqual(sumar(x, negar(x)), cero("COP"));
    assert.equal(Math.sign(comparar(x, y)), a < b ? -1 : a > b ? 1 : 0);
  }));
});

Deno.test("a fraction is rounded half to even", () => {
  const casos: [bigint, bigint, bigint, bigint][] = [
    [10n, 5n, 100n, 0n], // 0.5 → 0
    [30n, 5n, 100n, 2n], // 1.5 → 2
    [50n, 5n, 100n, 2n], // 2.5 → 2
    [-30n, 5n, 100n, -2n],
    [-50n, 5n, 100n, -2n],
    [31n, 5n, 100n, 2n],
    [29n, 5n, 100n, 1n],
  ];
  for (const [a, n, d, r] of casos) {
    assert.equal(fraccion(dinero(a, "USD"), n, d).unidades, r, `${a}×${n}/${d}`);
  }
});

Deno.test("a fraction is never further than half a unit from the exact value", () => {
  fc.assert(
    fc.property(unidades, fc.bigInt(0n, 10_000n), fc.bigInt(1n, 10_000n), (a, n, d) => {
      const resto = a * n - fraccion(dinero(a, "USD"), n, d).unidades * d;
      assert.ok((resto < 0n ? -resto : resto) * 2n <= d);
    }),
    { numRuns: 10_000 },
  );
});

Deno.test("the parts of a split sum to the whole and differ from the exact share by less than a unit", () => {
  const pesos = fc.array(fc.bigInt(0n, 1_000n), { minLength: 1, maxLength: 20 }).filter((p) =>
    p.some((x) => x > 0n)
  );
  fc.assert(
    fc.property(fc.bigInt(0n, LIMITE), pesos, (total, p) => {
      const partes = repartir(dinero(total, "USD"), p);
      const suma = p.reduce((a, b) => a + b, 0n);
      assert.equal(partes.reduce((a, x) => a + x.unidades, 0n), total);
      partes.forEach((x, i) => {
        const error = x.unidades * suma - total * (p[i] ?? 0n);
        assert.ok(error < suma && error > -suma);
      });
    }),
    { numRuns: 10_000 },
  );
});
