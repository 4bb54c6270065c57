import assert from "node:assert/strict";
import fc from "fast-check";
import { dinero, LIMITE, type Moneda } from "@alpes/shared/seedwork/money.ts";
import {
  agregar,
  comisionDe,
  type EventoComisionable,
  type Formula,
  porTramos,
  type Tarifa,
  tarifaPara,
  TARIFAS_POR_DEFECTO,
  terminar,
  type Tramo,
  UNIDAD_TASA,
} from "./tarifas.ts";

const evento = (cambios: Partial<EventoComisionable> = {}): EventoComisionable => ({
  partner_id: "p-1",
  brand_id: "m-1",
  event_type: "VENTA",
  moneda: "USD",
  en: new Date("2026-01-15T12:00:00Z"),
  ...cambios,
});
const tarifa = (id: string, cambios: Partial<Tarifa> = {}): Tarifa => ({
  id,
  ambito: "GENERAL",
  ambito_id: null,
  event_type: "VENTA",
  moneda: null,
  formula: { tipo: "PERCENTAGE", tasa: 100_000n },
  minimo: null,
  maximo: null,
  vigente_desde: "2026-01-01",
  vigente_hasta: null,
  huella: id,
  creada: new Date(0),
  ...cambios,
});
const comision = (formula: Formula, u: bigint, cambios: Partial<Tarifa> = {}): bigint => {
  const r = comisionDe(evento(), dinero(u, "USD"), [tarifa("t", { formula, moneda: "USD", ...cambios })]);
  return r.ok ? r.value.monto.unidades : assert.fail(r.error.tipo);
};

Deno.test("default rates: shares half to even, fixed amounts whatever the original", () => {
  const por = (event_type: string, u: bigint | null, moneda: Moneda = "USD") => {
    const r = comisionDe(evento({ event_type, moneda }), u === null ? null : dinero(u, moneda));
    return r.ok ? r.value.monto.unidades : r.error.tipo;
  };
  assert.deepEqual([10n, 30n, 50n, 70n, 1000n].map((u) => por("VENTA", u)), [0n, 2n, 2n, 4n, 50n]);
  assert.equal(por("CONVERSION", 1_000n, "CLP"), 30n);
  assert.equal(por("CLICK", null), 10n);
  assert.equal(por("IMPRESION", 99_999n), 1n);
  assert.equal(por("CLICK", null, "COP"), "sin_tarifa");
  assert.equal(por("OTRO", 1n), "sin_tarifa");
  assert.equal(por("VENTA", null), "monto_original_requerido");
});

Deno.test("each kind of rate, by a table", () => {
  const tramos: Tramo[] = [{ desde: 0n, tasa: 50_000n }, { desde: 10_000n, tasa: 30_000n }, {
    desde: 50_000n,
    tasa: 0n,
  }];
  const casos: readonly [Formula, bigint, bigint][] = [
    [{ tipo: "PERCENTAGE", tasa: 52_500n }, 1_000n, 52n],
    [{ tipo: "PERCENTAGE", tasa: 0n }, 1_000n, 0n],
    [{ tipo: "PERCENTAGE", tasa: UNIDAD_TASA }, 1_000n, 1_000n],
    [{ tipo: "FIXED", monto: dinero(250n, "USD") }, 1_000n, 250n],
    [{ tipo: "FIXED", monto: dinero(250n, "USD") }, 0n, 250n],
    // 5 % of the first 100.00, 3 % of the next 400.00, nothing of the rest.
    [{ tipo: "TIERED", tramos }, 0n, 0n],
    [{ tipo: "TIERED", tramos }, 10_000n, 500n],
    [{ tipo: "TIERED", tramos }, 20_000n, 800n],
    [{ tipo: "TIERED", tramos }, 50_000n, 1_700n],
    [{ tipo: "TIERED", tramos }, 1_000_000n, 1_700n],
  ];
  for (const [formula, u, espera] of casos) {
    assert.equal(comision(formula, u), espera, `${formula.tipo} ${u}`);
  }
});

Deno.test("a commission keeps within the limits of its rate", () => {
  const limites = { minimo: dinero(100n, "USD"), maximo: dinero(200n, "USD") };
  const f: Formula = { tipo: "PERCENTAGE", tasa: 100_000n };
  assert.deepEqual([0n, 900n, 1_500n, 5_000n].map((u) => comision(f, u, limites)), [100n, 100n, 150n, 200n]);
});

Deno.test("the nearest scope wins, then the rate of the currency itself", () => {
  const todas = [
    ...TARIFAS_POR_DEFECTO,
    tarifa("general"),
    tarifa("general-usd", { moneda: "USD" }),
    tarifa("marca", { ambito: "MARCA", ambito_id: "m-1" }),
    tarifa("partner", { ambito: "PARTNER", ambito_id: "p-1" }),
    tarifa("partner-cop", { ambito: "PARTNER", ambito_id: "p-1", moneda: "COP" }),
  ];
  const gana = (cambios: Partial<EventoComisionable>) => tarifaPara(todas, evento(cambios))?.id;
  assert.equal(gana({}), "partner");
  assert.equal(gana({ moneda: "COP" }), "partner-cop");
  assert.equal(gana({ partner_id: "p-2" }), "marca");
  assert.equal(gana({ partner_id: "p-2", brand_id: null }), "general-usd");
  assert.equal(gana({ partner_id: "p-2", brand_id: "m-2", moneda: "EUR" }), "general");
  assert.equal(gana({ en: new Date("2025-12-31T23:59:59.999Z") }), "defecto:VENTA");
  assert.equal(gana({ event_type: "OTRO" }), undefined);
});

Deno.test("a rate holds on the days of its validity, both included, in UTC", () => {
  const t = [tarifa("t", { vigente_desde: "2026-01-10", vigente_hasta: "2026-01-20" })];
  const vale = (en: string) => tarifaPara(t, evento({ en: new Date(en) })) !== undefined;
  assert.deepEqual(
    ["2026-01-09T23:59:59.999Z", "2026-01-10T00:00:00Z", "2026-01-20T23:59:59.999Z", "2026-01-21T00:00:00Z"]
      .map(vale),
    [false, true, true, false],
  );
});

Deno.test("a later rate without an end takes over; any other overlap is refused", () => {
  const abierta = tarifa("a");
  const hecho = (nueva: Tarifa, hay: readonly Tarifa[]) => {
    const r = agregar(nueva, hay);
    return r.ok ? r.value.map((t) => [t.id, t.vigente_desde, t.vigente_hasta]) : r.error;
  };
  assert.deepEqual(hecho(tarifa("b", { vigente_desde: "2026-03-01" }), [abierta]), [
    ["a", "2026-01-01", "2026-02-28"],
    ["b", "2026-03-01", null],
  ]);
  const solapada = { tipo: "tarifa_solapada", id: "a" };
  assert.deepEqual(hecho(tarifa("b"), [abierta]), solapada);
  assert.deepEqual(hecho(tarifa("b", { vigente_desde: "2025-12-01" }), [abierta]), solapada);
  const acotada = { vigente_desde: "2026-03-01", vigente_hasta: "2026-03-31" };
  assert.deepEqual(hecho(tarifa("b", acotada), [abierta]), solapada);
  assert.deepEqual(hecho(tarifa("b", { vigente_desde: "2026-03-31" }), [tarifa("a", acotada)]), solapada);
  assert.deepEqual(hecho(tarifa("b", { vigente_desde: "2026-04-01" }), [tarifa("a", acotada)]), [[
    "b",
    "2026-04-01",
    null,
  ]]);
  for (
    const otra of [{ moneda: "USD" as const }, { event_type: "CLICK" }, {
      ambito: "PARTNER" as const,
      ambito_id: "p",
    }]
  ) {
    assert.equal(hecho(tarifa("b", otra), [abierta]) instanceof Array, true);
  }
  assert.deepEqual(hecho(abierta, [abierta]), []);
  assert.deepEqual(hecho({ ...abierta, huella: "otra" }, [abierta]), { tipo: "otra_tarifa", id: "a" });
});

Deno.test("a rate is ended on a day of its validity, and never later than it ends already", () => {
  const t = tarifa("t", { vigente_hasta: "2026-06-30" });
  assert.deepEqual(terminar(t, "2026-01-01"), { ok: true, value: { ...t, vigente_hasta: "2026-01-01" } });
  assert.deepEqual(terminar(t, "2025-12-31"), {
    ok: false,
    error: { tipo: "termino_antes_de_inicio", desde: "2026-01-01" },
  });
  assert.deepEqual(terminar(t, "2026-06-30"), {
    ok: false,
    error: { tipo: "tarifa_no_terminable", hasta: "2026-06-30" },
  });
  assert.ok(!terminar(TARIFAS_POR_DEFECTO[0] ?? t, "2026-06-30").ok);
});

// ---- properties ---------------------------------------------------------------------------------------------------

const MUCHAS = { numRuns: 10_000 };
const unidades = fc.bigInt({ min: 0n, max: LIMITE });
const tasa = fc.bigInt({ min: 0n, max: UNIDAD_TASA });
const tramosAlAzar = fc.array(fc.record({ ancho: fc.bigInt({ min: 1n, max: LIMITE / 8n }), tasa }), {
  minLength: 1,
  maxLength: 8,
}).map((ts) => {
  let desde = 0n;
  return ts.map(({ ancho, tasa }): Tramo => {
    const t = { desde, tasa };
    desde += ancho;
    return t;
  });
});

Deno.test("a share is never further than half a unit from the exact one, and half goes to even", () => {
  fc.assert(
    fc.property(unidades, tasa, (u, t) => {
      const c = comision({ tipo: "PERCENTAGE", tasa: t }, u);
      const lejos = 2n * (c * UNIDAD_TASA - u * t);
      assert.ok(lejos <= UNIDAD_TASA && lejos >= -UNIDAD_TASA);
      if (lejos === UNIDAD_TASA || lejos === -UNIDAD_TASA) assert.equal(c % 2n, 0n);
    }),
    MUCHAS,
  );
});

Deno.test("tiers are marginal: each unit of the amount pays the share of its own slice, rounded once", () => {
  fc.assert(
    fc.property(unidades, tramosAlAzar, (u, tramos) => {
      // Counted slice by slice from the other end.
      let exacto = 0n, resto = u;
      for (const { desde, tasa } of [...tramos].reverse()) {
        if (resto <= desde) continue;
        exacto += (resto - desde) * tasa;
        resto = desde;
      }
      const lejos = 2n * (comision({ tipo: "TIERED", tramos }, u) * UNIDAD_TASA - exacto);
      assert.ok(lejos <= UNIDAD_TASA && lejos >= -UNIDAD_TASA);
    }),
    MUCHAS,
  );
});

Deno.test("the parts of a tiered commission sum to it exactly, and none is negative", () => {
  fc.assert(
    fc.property(unidades, tramosAlAzar, (u, tramos) => {
      const partes = porTramos(tramos, dinero(u, "USD"));
      assert.equal(partes.length, tramos.length);
      assert.ok(partes.every((p) => p.unidades >= 0n));
      assert.equal(partes.reduce((a, p) => a + p.unidades, 0n), comision({ tipo: "TIERED", tramos }, u));
    }),
    MUCHAS,
  );
});

Deno.test("who sells more never earns less, and never more than the sale", () => {
  const formula = fc.oneof(
    tasa.map((t): Formula => ({ tipo: "PERCENTAGE", tasa: t })),
    tramosAlAzar.map((tramos): Formula => ({ tipo: "TIERED", tramos })),
  );
  fc.assert(
    fc.property(formula, unidades, unidades, (f, a, b) => {
      const [menos, mas] = a < b ? [a, b] : [b, a];
      assert.ok(comision(f, menos) <= comision(f, mas));
      assert.ok(comision(f, mas) <= mas);
    }),
    MUCHAS,
  );
});

Deno.test("whatever rates are added, no two of one series hold on one day, and none is lost", () => {
  const dia = fc.integer({ min: 1, max: 28 }).map((d) => `2026-02-${String(d).padStart(2, "0")}`);
  const alta = fc.record({ desde: dia, hasta: fc.option(dia), partner: fc.boolean() });
  fc.assert(
    fc.property(fc.array(alta, { maxLength: 12 }), (altas) => {
      const hay = new Map<string, Tarifa>();
      altas.forEach(({ desde, hasta, partner }, i) => {
        if (hasta !== null && hasta < desde) return;
        const ambito = partner ? { ambito: "PARTNER" as const, ambito_id: "p-1" } : {};
        const nueva = tarifa(`t-${i}`, { vigente_desde: desde, vigente_hasta: hasta, ...ambito });
        const r = agregar(nueva, [...hay.values()]);
        if (r.ok) { for (const t of r.value) hay.set(t.id, t); }
      });
      for (let d = 1; d <= 28; d++) {
        const hoy = `2026-02-${String(d).padStart(2, "0")}`;
        for (const ambito of ["PARTNER", "GENERAL"]) {
          const valen = [...hay.values()].filter((t) =>
            t.ambito === ambito && (t.vigente_desde ?? "") <= hoy && hoy <= (t.vigente_hasta ?? "9999")
          );
          assert.ok(valen.length <= 1);
        }
      }
      assert.ok(
        [...hay.values()].every((t) =>
          t.vigente_hasta === null || (t.vigente_desde ?? "") <= t.vigente_hasta
        ),
      );
    }),
    MUCHAS,
  );
});
