import assert from "node:assert/strict";
import fc from "fast-check";
import { dinero } from "@alpes/shared/seedwork/money.ts";
import { type Comando, type Ficha, type Payout, vivo } from "./payout.ts";
import { payoutDecider } from "./payout_decider.ts";

const en = new Date("2026-01-31T12:00:00Z");
const ficha = (tipo: Ficha["tipo"], automatico: boolean): Ficha => ({
  id: "pago-1",
  tipo,
  cycle_id: "c-1",
  idCampania: tipo === "CAMPANIA" ? "c-1" : null,
  monto_total: dinero(1_000n, "USD"),
  pedido: { monto: dinero(1_000n, "USD"), moneda: "USD" },
  automatico,
  metodo_pago: { tipo: "TARJETA", mascara: null },
  dicho: { confirmation_id: null, failure_reason: null, processed_at: null, completed_at: null },
  creado: en,
});

const numero = fc.integer({ min: 1, max: 3 });
const resultado = fc.oneof(
  fc.constant({ tipo: "desconocido", motivo: "silencio" } as const),
  fc.constant({ tipo: "no_pagado", razon: "sin fondos" } as const),
  fc.constantFrom("r-1", "r-2").map((referencia) =>
    ({ tipo: "pagado", referencia, comision: null }) as const
  ),
);
/** Whatever a worker, a callback, a settlement file, an operator or a clock may say, in any order and again. */
const comando: fc.Arbitrary<Comando> = fc.oneof(
  fc.constant({ tipo: "confirmar" } as const),
  fc.constantFrom("k-1", "k-2", "k-3").map((clave) => ({ tipo: "iniciar", clave, en }) as const),
  fc.record({ numero, resultado }).map((x) => ({ tipo: "resolver", en, ...x }) as const),
  fc.constant({ tipo: "preguntar", siguiente: en, en } as const),
  fc.constant({ tipo: "campania_inexistente", en } as const),
  fc.constant({ tipo: "rechazar", motivo: "no", reemplazado_por: null, en } as const),
  fc.constant({ tipo: "revertir", motivo: "error", actor: "persona:ana", en } as const),
  fc.constant({ tipo: "reversion_hecha", en } as const),
);
const historia = fc.record({
  ficha: fc.constantFrom(ficha("PARTNER", false), ficha("CAMPANIA", false), ficha("CAMPANIA", true)),
  comandos: fc.array(comando, { maxLength: 25 }),
});

/** Takes every command that is not refused, and shows each step. */
function recorrer(
  { ficha, comandos }: { ficha: Ficha; comandos: readonly Comando[] },
  ver: (antes: Payout, c: Comando, despues: Payout, rechazado: boolean) => void,
): void {
  let s: Payout = payoutDecider.inicial;
  const todos: Comando[] = [
    { tipo: "pedir", ficha, partner_id: "cl-1", espera: null, desde: en },
    ...comandos,
  ];
  for (const c of todos) {
    const r = payoutDecider.decide(c, s);
    const despues: Payout = r.ok ? r.value.reduce(payoutDecider.evolve, s) : s;
    ver(s, c, despues, !r.ok);
    s = despues;
  }
}
const intentos = (p: Payout) => p.estado === "inexistente" ? [] : p.intentos;
const siempre = (ver: Parameters<typeof recorrer>[1]) =>
  fc.assert(fc.property(historia, (h) => recorrer(h, ver)), { numRuns: 10_000 });

Deno.test("whatever is said in whatever order, at most one attempt may have paid", () =>
  siempre((_a, _c, s) => assert.ok(intentos(s).filter((i) => i.resultado.tipo !== "no_pagado").length <= 1)));

Deno.test("a new attempt comes only after proof that the last one did not pay", () =>
  siempre((antes, c, _s, rechazado) => {
    if (c.tipo === "iniciar" && intentos(antes).at(-1)?.resultado.tipo !== undefined) {
      assert.ok(rechazado || intentos(antes).at(-1)?.resultado.tipo === "no_pagado");
    }
  }));

Deno.test("an attempt's key and number stay what they were, whatever follows", () =>
  siempre((antes, _c, s) => {
    const viejos = intentos(antes).map((i) => [i.numero, i.clave]);
    assert.deepEqual(intentos(s).slice(0, viejos.length).map((i) => [i.numero, i.clave]), viejos);
    assert.deepEqual(intentos(s).map((i) => i.numero), intentos(s).map((_, n) => n + 1));
  }));

Deno.test("what is not known keeps its place: only a definite no, or a reversal that is done, frees it", () =>
  siempre((antes, c, s) => {
    const ultimo = intentos(s).at(-1)?.resultado.tipo;
    if (ultimo === "abierto" || ultimo === "desconocido") assert.ok(vivo(s), s.estado);
    if (vivo(antes) && !vivo(s) && intentos(antes).length > 0) {
      assert.ok(ultimo === "no_pagado" || c.tipo === "reversion_hecha" && ultimo === "pagado", s.estado);
    }
    if (s.estado === "EXITOSO") assert.equal(ultimo, "pagado");
    if (s.estado === "FALLIDO") assert.equal(ultimo, "no_pagado");
  }));

Deno.test("what is settled is never settled again: the dead stay dead, and paid is only given back", () =>
  siempre((antes, _c, s) => {
    if (antes.estado === "inexistente") return;
    if (!vivo(antes)) assert.deepEqual(s, antes);
    if (antes.estado === "EXITOSO") {
      assert.ok(s.estado === "EXITOSO" && s.referencia === antes.referencia || s.estado === "REVERTIDO");
    }
  }));

Deno.test("an answer about another attempt than the last one changes nothing", () =>
  siempre((antes, c, s) => {
    if (c.tipo === "resolver" && c.numero !== intentos(antes).length) assert.deepEqual(s, antes);
  }));
