import assert from "node:assert/strict";
import fc from "fast-check";
import { cero, dinero, LIMITE, type Moneda, sumar } from "@alpes/shared/seedwork/money.ts";
import { aplicar, type Campania, devolver, gastar, monedaDe } from "./campania.ts";
import { enCiclo, repartirLineas } from "./ciclo.ts";
import { calcularCampania, calcularPartner, enMoneda } from "./pedido.ts";
import { liberar, reembolsar, type Transaccion } from "./transaccion.ts";

const en = new Date("2026-01-31T12:00:00Z");
const linea = (
  id: string,
  unidades: bigint,
  moneda: Moneda = "USD",
  cambios: Partial<Transaccion> = {},
): Transaccion => ({
  id,
  partner_id: "p-1",
  idCampania: null,
  brand_id: null,
  event_type: "VENTA",
  event_timestamp: en,
  monto_original: null,
  comision: dinero(unidades, moneda),
  tarifa_id: null,
  estado: "ACTIVE",
  payout_id: null,
  por_pagar: true,
  reembolso_de: null,
  libera: en,
  liberada: true,
  motivo: null,
  huella: "",
  creada: en,
  ...cambios,
});
Deno.test("a partner is paid the sum of his lines, exactly, in one currency", () => {
  const lineas = fc.array(
    fc.record({
      u: fc.bigInt({ min: 0n, max: 10n ** 12n }),
      moneda: fc.constantFrom<Moneda>("USD", "COP"),
      deuda: fc.boolean(),
    }),
    { maxLength: 30 },
  );
  fc.assert(fc.property(lineas, fc.constantFrom<Moneda>("USD", "COP"), (dadas, moneda) => {
    const todas = dadas.map(({ u, moneda, deuda }, i) => linea(`t-${i}`, deuda ? -u : u, moneda));
    const comisiones = todas.filter((_, i) => !dadas[i]?.deuda);
    const arrastre = todas.filter((_, i) => dadas[i]?.deuda);
    const r = calcularPartner(comisiones, arrastre, { monto: null, moneda });
    if (!r.ok) return assert.ok(["sin_monto", "saldo_no_positivo"].includes(r.error.tipo));
    assert.ok(r.value.monto_total.unidades > 0n);
    assert.deepEqual(
      r.value.lineas.reduce((a, t) => sumar(a, t.comision), cero(moneda)),
      r.value.monto_total,
    );
    assert.equal(r.value.lineas.length, todas.filter((t) => t.comision.moneda === moneda).length);
  }));
});

Deno.test("the amount asked for pays where there are no transactions, less what the partner owes", () => {
  const pedir = (valor: string | number | null, moneda: Moneda | null, arrastre: Transaccion[] = []) => {
    const r = calcularPartner([], arrastre, {
      monto: valor === null ? null : { valor, moneda: null },
      moneda,
    });
    return r.ok ? r.value.monto_total : r.error.tipo;
  };
  assert.deepEqual(pedir("10.00", null), dinero(1_000n, "USD"));
  assert.deepEqual(pedir("10", "CLP"), dinero(10n, "CLP"));
  assert.equal(pedir("10.5", "CLP"), "monto_inexacto");
  assert.equal(pedir(null, "USD"), "sin_monto");
  assert.deepEqual(pedir("10.00", null, [linea("r", -300n)]), dinero(700n, "USD"));
  assert.equal(pedir("10.00", null, [linea("r", -1_000n)]), "saldo_no_positivo");
  assert.deepEqual(pedir("10.00", null, [linea("r", -300n, "COP")]), dinero(1_000n, "USD"));
  const muchas = Array.from({ length: 2 }, (_, i) => linea(`t-${i}`, LIMITE));
  const r = calcularPartner(muchas, [], { monto: null, moneda: null });
  assert.ok(!r.ok && r.error.tipo === "fuera_de_rango");
  const ajena = enMoneda({ valor: "1.00", moneda: "COP" }, "USD");
  assert.ok(!ajena.ok && ajena.error.tipo === "moneda_distinta");
});

const campania = (cambios: Partial<Campania> = {}): Campania => ({
  idCampania: "ca-1",
  idCliente: "cl-1",
  estado: "APROBADA",
  presupuesto: dinero(1_000n, "USD"),
  anticipo: null,
  gastado: null,
  fondeado: null,
  fondeos: 0,
  ...cambios,
});

Deno.test("an anticipo of nothing is none: the budget is what a campaign pays", () => {
  const r = calcularCampania(campania({ anticipo: cero("USD") }), { monto: null, moneda: null });
  assert.ok(r.ok && r.value.monto_total.unidades === 1_000n);
  const inexacto = calcularCampania(campania(), { monto: { valor: "1.5", moneda: null }, moneda: null });
  assert.ok(!inexacto.ok && inexacto.error.tipo === "monto_inexacto");
});

Deno.test("a budget is spent to its end and never beyond, whatever the order", () => {
  const gastos = fc.array(fc.bigInt({ min: 0n, max: 500n }), { maxLength: 30 });
  fc.assert(fc.property(gastos, (us) => {
    let c = campania();
    let avisos = 0;
    for (const u of us) {
      const r = gastar("ca-1", c, dinero(u, "USD"));
      if (r.ok) c = r.value.campania;
      if (r.ok && r.value.agotado) avisos++;
      if (!r.ok) assert.equal(r.error.tipo, "presupuesto_excedido");
      assert.ok((c.gastado?.unidades ?? 0n) <= 1_000n);
    }
    assert.equal(avisos, c.gastado?.unidades === 1_000n ? 1 : 0);
  }));
});

Deno.test("only an approved campaign spends, and only in its currency", () => {
  const tipo = (c: Campania | null, moneda: Moneda = "USD") => {
    const r = gastar("ca-1", c, dinero(1n, moneda));
    return r.ok ? "ok" : r.error.tipo;
  };
  assert.equal(tipo(null), "campania_no_aprobada");
  assert.equal(tipo(campania({ estado: "PAUSADA" })), "campania_no_aprobada");
  assert.equal(tipo(campania(), "COP"), "moneda_distinta");
  // Without a budget it spends what was paid for it, and nothing before that.
  const sinPresupuesto = (fondeado: bigint | null) =>
    campania({ presupuesto: null, fondeado: fondeado === null ? null : dinero(fondeado, "COP") });
  assert.equal(tipo(sinPresupuesto(null), "COP"), "presupuesto_excedido");
  assert.equal(tipo(sinPresupuesto(1n), "COP"), "ok");
  assert.equal(tipo(sinPresupuesto(1n), "USD"), "moneda_distinta");
  // A budget in another currency than what was spent already fits no commission, and breaks nothing.
  const mezclada = campania({ gastado: dinero(5n, "COP") });
  assert.deepEqual([tipo(mezclada, "COP"), tipo(mezclada, "USD")], ["moneda_distinta", "moneda_distinta"]);
  assert.deepEqual(
    devolver(campania({ gastado: dinero(5n, "USD") }), dinero(5n, "USD")).gastado,
    cero("USD"),
  );
  assert.equal(devolver(campania(), dinero(5n, "USD")).gastado?.unidades, -5n);
});

Deno.test("the replica follows its campaign, and nothing leaves a closed one", () => {
  const creada = {
    tipo: "creada",
    idCampania: "ca-1",
    idCliente: "cl-1",
    presupuesto: null,
    anticipo: dinero(5n, "COP"),
  } as const;
  const c = aplicar(null, creada);
  assert.deepEqual([c?.estado, monedaDe(c)], ["PENDIENTE", "COP"]);
  assert.equal(aplicar(c, creada), c);
  assert.equal(aplicar(null, { tipo: "estado", estado: "APROBADA" }), null);
  const editada = aplicar(c, { tipo: "actualizada", presupuesto: dinero(9n, "COP"), anticipo: undefined });
  assert.deepEqual([editada?.presupuesto?.unidades, editada?.anticipo?.unidades], [9n, 5n]);
  assert.equal(
    aplicar(editada, { tipo: "actualizada", presupuesto: undefined, anticipo: null })?.anticipo,
    null,
  );
  const cancelada = aplicar(editada, { tipo: "estado", estado: "CANCELADA" });
  assert.equal(aplicar(cancelada, { tipo: "estado", estado: "APROBADA" }), cancelada);
  assert.equal(monedaDe(null), null);
});

Deno.test("a cycle holds both of its days, and debts of any time", () => {
  const ciclo = { id: "c", inicio: "2026-01-01", fin: "2026-01-31", estado: "ABIERTO", creado: en } as const;
  const de = (t: string, cambios: Partial<Transaccion> = {}) =>
    linea(t, 1n, "USD", { event_timestamp: new Date(t), ...cambios });
  assert.ok(enCiclo(ciclo, de("2026-01-01T00:00:00Z")) && enCiclo(ciclo, de("2026-01-31T23:59:59.999Z")));
  assert.ok(!enCiclo(ciclo, de("2025-12-31T23:59:59.999Z")) && !enCiclo(ciclo, de("2026-02-01T00:00:00Z")));
  const lineas = [
    de("2026-01-05T00:00:00Z"),
    de("2020-01-05T00:00:00Z"),
    de("2020-01-05T00:00:00Z", { reembolso_de: "x" }),
  ];
  const cuenta = (r: ReturnType<typeof repartirLineas>) => [r.comisiones.length, r.arrastre.length];
  assert.deepEqual(cuenta(repartirLineas(ciclo, lineas)), [1, 1]);
  assert.deepEqual(cuenta(repartirLineas(null, lineas)), [0, 1]);
});

// ---- what partners are owed, over any sequence of payouts, refunds, deaths and reversals ---------------------------

type Acto =
  | { readonly tipo: "pagar" | "muere"; readonly n: number }
  | { readonly tipo: "reembolsar"; readonly n: number };
const acto = fc.record({
  tipo: fc.constantFrom("pagar", "muere", "reembolsar"),
  n: fc.nat(20),
}) as fc.Arbitrary<Acto>;

Deno.test("whatever is paid, refunded and given back, held plus owed is what the commissions are worth", () => {
  fc.assert(
    fc.property(
      fc.array(fc.bigInt({ min: 1n, max: 1_000n }), { minLength: 1, maxLength: 6 }),
      fc.array(acto, { maxLength: 40 }),
      (us, actos) => {
        const lineas = new Map(us.map((u, i) => [`t-${i}`, linea(`t-${i}`, u)]));
        const guardar = (ts: readonly Transaccion[]) => ts.forEach((t) => lineas.set(t.id, t));
        const vivos: string[] = [];
        let serie = 0;
        for (const { tipo, n } of actos) {
          const todas = [...lineas.values()];
          if (tipo === "pagar") {
            const pendientes = todas.filter((t) => t.payout_id === null && t.por_pagar);
            const r = calcularPartner(
              pendientes.filter((t) => t.reembolso_de === null),
              pendientes.filter((t) => t.reembolso_de !== null),
              { monto: null, moneda: null },
            );
            if (!r.ok) continue;
            const id = `pago-${++serie}`;
            vivos.push(id);
            guardar(r.value.lineas.map((t) => ({ ...t, payout_id: id })));
          } else if (tipo === "muere") {
            const [id] = vivos.splice(n % Math.max(1, vivos.length), 1);
            if (id === undefined) continue;
            guardar(
              liberar(todas.filter((t) => t.payout_id === id), todas.filter((t) => t.reembolso_de !== null))
                .transacciones,
            );
          } else {
            const t = todas[n % todas.length];
            const r = t === undefined ? undefined : reembolsar(t, `r-${++serie}`, "error", en);
            if (r?.ok) {
              guardar([
                r.value.transaccion,
                ...(r.value.contrapartida === null ? [] : [r.value.contrapartida]),
              ]);
            }
          }
          const ahora = [...lineas.values()];
          const suma = (ts: Transaccion[]) => ts.reduce((a, t) => a + t.comision.unidades, 0n);
          const tenido = suma(ahora.filter((t) => t.payout_id !== null));
          const debido = suma(ahora.filter((t) => t.payout_id === null && t.por_pagar));
          const valor = suma(ahora.filter((t) => t.reembolso_de === null && t.estado === "ACTIVE"));
          assert.equal(tenido + debido, valor);
        }
      },
    ),
    { numRuns: 3_000 },
  );
});
