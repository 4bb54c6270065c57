import assert from "node:assert/strict";
import { dinero } from "@alpes/shared/seedwork/money.ts";
import { spec } from "@alpes/shared/testing/given.ts";
import { proximo, siguientePregunta, TIEMPOS } from "./agenda.ts";
import {
  type Comando,
  type Estado,
  type Evento,
  type Ficha,
  type Payout,
  sinEmpezar,
  vivo,
} from "./payout.ts";
import { payoutDecider } from "./payout_decider.ts";

const en = new Date("2026-01-31T12:00:00Z");
const luego = new Date("2026-01-31T12:00:30Z");
const ficha: Ficha = {
  id: "pago-1",
  tipo: "CAMPANIA",
  cycle_id: "ca-1",
  idCampania: "ca-1",
  monto_total: dinero(1_000n, "USD"),
  pedido: { monto: dinero(1_000n, "USD"), moneda: "USD" },
  automatico: false,
  metodo_pago: { tipo: "TARJETA", mascara: null },
  dicho: { confirmation_id: null, failure_reason: null, processed_at: null, completed_at: null },
  creado: en,
};
const espera = { motivo: "no se conoce", vence: luego };
const reversion = { motivo: "error", actor: "persona:ana", en };
const { given } = spec(payoutDecider);

const pedido: Evento = { tipo: "PayoutPedido", ficha, partner_id: "cl-1", espera: null };
const calculado: Evento = { tipo: "PayoutCalculado", partner_id: "cl-1", desde: en };
const confirmado: Evento = { tipo: "PayoutConfirmado" };
const iniciado: Evento = { tipo: "IntentoIniciado", numero: 1, clave: "k-1", en };
const callado: Evento = { tipo: "IntentoSinRespuesta", motivo: "silencio" };
const exitoso: Evento = { tipo: "PayoutExitoso", referencia: "r-1", comision: null, en };
const fallido: Evento = { tipo: "PayoutFallido", motivo: "sin fondos", en };
const rechazado: Evento = { tipo: "PayoutRechazado", motivo: "no", reemplazado_por: null, en };
const pedida: Evento = { tipo: "ReversionPedida", reversion };
const revertido: Evento = { tipo: "PayoutRevertido", motivo: "error", actor: "persona:ana", en };

/** The past that leads to each state. */
const PASADO: Record<Estado, readonly Evento[]> = {
  PENDIENTE: [{ ...pedido, espera }],
  CALCULADO: [pedido, calculado],
  CONFIRMADO: [pedido, calculado, confirmado],
  EN_PROCESO: [pedido, calculado, confirmado, iniciado],
  EN_VERIFICACION: [pedido, calculado, confirmado, iniciado, callado],
  EXITOSO: [pedido, calculado, confirmado, iniciado, exitoso],
  FALLIDO: [pedido, calculado, confirmado, iniciado, fallido],
  RECHAZADO: [pedido, calculado, rechazado],
  REVERTIDO: [pedido, calculado, confirmado, iniciado, exitoso, pedida, revertido],
};
const resolver = (resultado: Extract<Comando, { tipo: "resolver" }>["resultado"]): Comando => ({
  tipo: "resolver",
  numero: 1,
  resultado,
  en,
});
const COMANDOS = {
  pedir: { tipo: "pedir", ficha, partner_id: "cl-1", espera: null, desde: en },
  campania: { tipo: "campania_conocida", idCliente: "cl-1", moneda: "USD", cerrada: null, desde: en, en },
  preguntar: { tipo: "preguntar", siguiente: luego, en: luego },
  inexistente: { tipo: "campania_inexistente", en },
  confirmar: { tipo: "confirmar" },
  iniciar: { tipo: "iniciar", clave: "k-1", en },
  pagado: resolver({ tipo: "pagado", referencia: "r-1", comision: null }),
  no_pagado: resolver({ tipo: "no_pagado", razon: "sin fondos" }),
  desconocido: resolver({ tipo: "desconocido", motivo: "silencio" }),
  rechazar: { tipo: "rechazar", motivo: "no", reemplazado_por: null, en },
  revertir: { tipo: "revertir", motivo: "error", actor: "persona:ana", en },
  reversion_hecha: { tipo: "reversion_hecha", en },
} as const satisfies Record<string, Comando>;

// What each command leads to in each state: the state after it, `=` where nothing follows, a refusal in brackets.
const TABLA: Record<keyof typeof COMANDOS, Record<Estado, string>> = {
  pedir: todos("[otro_pedido]"),
  campania: { ...todos("="), PENDIENTE: "CONFIRMADO" },
  preguntar: { ...todos("="), PENDIENTE: "PENDIENTE" },
  inexistente: { ...todos("="), PENDIENTE: "RECHAZADO" },
  confirmar: { ...todos("[transicion_invalida]"), CALCULADO: "CONFIRMADO", CONFIRMADO: "[ya_esta]" },
  iniciar: { ...todos("[transicion_invalida]"), CONFIRMADO: "EN_PROCESO", EN_PROCESO: "[ya_esta]" },
  pagado: { ...todos("[intento_ya_resuelto]"), EN_PROCESO: "EXITOSO", EN_VERIFICACION: "EXITOSO" },
  no_pagado: { ...todos("[intento_ya_resuelto]"), EN_PROCESO: "FALLIDO", EN_VERIFICACION: "FALLIDO" },
  desconocido: {
    ...todos("[intento_ya_resuelto]"),
    EN_PROCESO: "EN_VERIFICACION",
    EN_VERIFICACION: "EN_VERIFICACION",
  },
  rechazar: {
    ...todos("[transicion_invalida]"),
    PENDIENTE: "RECHAZADO",
    CALCULADO: "RECHAZADO",
    RECHAZADO: "[ya_esta]",
  },
  revertir: {
    PENDIENTE: "RECHAZADO",
    CALCULADO: "RECHAZADO",
    CONFIRMADO: "CONFIRMADO",
    EN_PROCESO: "EN_PROCESO",
    EN_VERIFICACION: "EN_VERIFICACION",
    EXITOSO: "EXITOSO",
    FALLIDO: "[transicion_invalida]",
    RECHAZADO: "[transicion_invalida]",
    REVERTIDO: "[ya_esta]",
  },
  reversion_hecha: { ...todos("[transicion_invalida]"), REVERTIDO: "[ya_esta]" },
};
function todos(x: string): Record<Estado, string> {
  return {
    PENDIENTE: x,
    CALCULADO: x,
    CONFIRMADO: x,
    EN_PROCESO: x,
    EN_VERIFICACION: x,
    EXITOSO: x,
    FALLIDO: x,
    RECHAZADO: x,
    REVERTIDO: x,
  };
}
const estados = Object.keys(PASADO) as Estado[];

for (
  const [nombre, porEstado] of Object.entries(TABLA) as [keyof typeof COMANDOS, Record<Estado, string>][]
) {
  for (const estado of estados) {
    Deno.test(`a payout that is ${estado}, told ${nombre}: ${porEstado[estado]}`, () => {
      const antes = PASADO[estado].reduce(payoutDecider.evolve, payoutDecider.inicial);
      assert.equal(antes.estado, estado);
      const r = payoutDecider.decide(COMANDOS[nombre], antes);
      const visto = !r.ok
        ? `[${r.error.tipo}]`
        : r.value.length === 0
        ? "="
        : r.value.reduce(payoutDecider.evolve, antes).estado;
      assert.equal(visto, porEstado[estado]);
    });
  }
}

Deno.test("whatever is told to a payout, its step is one that the contract allows", () => {
  const permitidos = new Set([
    "PENDIENTE CALCULADO",
    "CALCULADO CONFIRMADO",
    "CONFIRMADO EN_PROCESO",
    "EN_PROCESO EXITOSO",
    "EN_PROCESO FALLIDO",
    "EN_PROCESO EN_VERIFICACION",
    "EN_VERIFICACION EXITOSO",
    "EN_VERIFICACION FALLIDO",
    "PENDIENTE RECHAZADO",
    "CALCULADO RECHAZADO",
    "EXITOSO REVERTIDO",
  ]);
  for (const estado of estados) {
    const conReversion: readonly Evento[] = [...PASADO[estado], ...(estado === "EXITOSO" ? [pedida] : [])];
    for (const comando of Object.values(COMANDOS)) {
      const antes: Payout = conReversion.reduce(payoutDecider.evolve, payoutDecider.inicial);
      const r = payoutDecider.decide(comando, antes);
      let desde: Payout = antes;
      for (const e of r.ok ? r.value : []) {
        const hacia = payoutDecider.evolve(desde, e);
        assert.ok(
          hacia.estado === desde.estado || permitidos.has(`${desde.estado} ${hacia.estado}`),
          `${desde.estado} ${hacia.estado}`,
        );
        desde = hacia;
      }
    }
  }
});

Deno.test("what nobody asked for takes no command", () => {
  for (const [nombre, comando] of Object.entries(COMANDOS)) {
    if (nombre !== "pedir") given().when(comando).refuses({ tipo: "no_existe" });
  }
});

Deno.test("a person's payment confirms itself, an automatic one waits for its time", () => {
  given().when(COMANDOS.pedir).then(pedido, calculado, confirmado);
  const solo: Ficha = { ...ficha, automatico: true };
  given().when({ ...COMANDOS.pedir, ficha: solo, desde: luego })
    .then({ ...pedido, ficha: solo }, { ...calculado, desde: luego });
  given().when({ ...COMANDOS.pedir, partner_id: null, espera }).then({ ...pedido, partner_id: null, espera });
});

Deno.test("a campaign that does not fit its waiting payment rejects it", () => {
  const rechazo = (motivo: string): Evento => ({
    tipo: "PayoutRechazado",
    motivo,
    reemplazado_por: null,
    en,
  });
  const esperando = given({ ...pedido, espera });
  esperando.when({ ...COMANDOS.campania, cerrada: "CANCELADA" }).then(rechazo("la campaña está CANCELADA"));
  esperando.when({ ...COMANDOS.campania, idCliente: "otro" }).then(rechazo("la campaña es de otro cliente"));
  esperando.when({ ...COMANDOS.campania, moneda: "COP" }).then(rechazo("la campaña es en COP"));
  given({ ...pedido, partner_id: null, espera }).when({
    ...COMANDOS.campania,
    moneda: null,
    idCliente: "otro",
  })
    .then({ ...calculado, partner_id: "otro" }, confirmado);
});

Deno.test("a wait that has lasted becomes a question, not a refusal; only an answer refuses", () => {
  const esperando = given({ ...pedido, espera });
  esperando.when({ ...COMANDOS.preguntar, en }).then();
  const motivo =
    `la campaña ${ficha.cycle_id} no se conoce todavía; a campanias se le preguntó a las ${luego.toISOString()}`;
  const preguntada: Evento = { tipo: "CampaniaPreguntada", espera: { motivo, vence: luego } };
  esperando.when(COMANDOS.preguntar).then(preguntada);
  given({ ...pedido, espera }, preguntada).when(COMANDOS.inexistente).then(
    { ...rechazado, motivo: `la campaña ${ficha.cycle_id} no existe` } as Evento,
  );
});

Deno.test("questions become rarer as the wait lasts, and never stop", () => {
  const s = PASADO.PENDIENTE.reduce(payoutDecider.evolve, payoutDecider.inicial);
  if (s.estado === "inexistente") assert.fail();
  const waits = [0, 30, 60, 300, 3_600].map((segundos) => {
    const ahora = new Date(s.ficha.creado.getTime() + segundos * 1_000);
    return (siguientePregunta(s, ahora, TIEMPOS).getTime() - ahora.getTime()) / 1_000;
  });
  assert.deepEqual(waits, [30, 30, 60, 300, 600]);
});

Deno.test("an answer to another attempt than the last counts for nothing", () => {
  const resultado = { tipo: "pagado", referencia: "r", comision: null } as const;
  const tarde: Comando = { tipo: "resolver", numero: 2, resultado, en };
  given(...PASADO.EN_PROCESO).when(tarde).refuses({ tipo: "intento_ya_resuelto" });
});

Deno.test("a reversal is asked for once, and done when it is paid", () => {
  given(...PASADO.EN_PROCESO).when(COMANDOS.revertir).then(pedida);
  given(...PASADO.EN_PROCESO, pedida).when(COMANDOS.revertir).refuses({ tipo: "reversion_ya_pedida" });
  given(...PASADO.EN_PROCESO, pedida, exitoso).when(COMANDOS.reversion_hecha).then(revertido);
  given(...PASADO.EN_PROCESO, pedida, fallido).when(COMANDOS.reversion_hecha)
    .refuses({ tipo: "transicion_invalida", desde: "FALLIDO", hacia: "REVERTIDO" });
});

Deno.test("an attempt keeps its key whatever becomes of it", () => {
  const claves = (...pasado: Evento[]) => {
    const p = pasado.reduce(payoutDecider.evolve, payoutDecider.inicial);
    return p.estado === "inexistente" ? [] : p.intentos.map((i) => [i.clave, i.resultado.tipo, i.fin]);
  };
  assert.deepEqual(claves(...PASADO.EN_PROCESO), [["k-1", "abierto", null]]);
  assert.deepEqual(claves(...PASADO.EN_VERIFICACION), [["k-1", "desconocido", null]]);
  assert.deepEqual(claves(...PASADO.EN_VERIFICACION, exitoso), [["k-1", "pagado", en]]);
  assert.deepEqual(claves(...PASADO.FALLIDO), [["k-1", "no_pagado", en]]);
  assert.deepEqual(claves(...PASADO.REVERTIDO), [["k-1", "pagado", en]]);
});

Deno.test("an event without a payout is nothing", () => given(confirmado).is(payoutDecider.inicial));

Deno.test("each state says when somebody has to look at it again", () => {
  const cuando = (...pasado: readonly Evento[]) => {
    const d = proximo(pasado.reduce(payoutDecider.evolve, payoutDecider.inicial), en, TIEMPOS);
    return d === null ? null : d.getTime() - en.getTime();
  };
  assert.deepEqual(estados.map((e) => [e, cuando(...PASADO[e])]), [
    ["PENDIENTE", 30_000],
    ["CALCULADO", 0],
    ["CONFIRMADO", 0],
    ["EN_PROCESO", TIEMPOS.rescate],
    ["EN_VERIFICACION", TIEMPOS.primeraConsulta],
    ["EXITOSO", null],
    ["FALLIDO", null],
    ["RECHAZADO", null],
    ["REVERTIDO", null],
  ]);
  assert.equal(cuando(), null);
  assert.equal(cuando(...PASADO.EXITOSO, pedida), 0);
  const aplazada: Evento = { tipo: "VerificacionAplazada", motivo: "silencio" };
  assert.equal(cuando(...PASADO.EN_VERIFICACION, aplazada, aplazada), 4 * TIEMPOS.primeraConsulta);
  assert.equal(
    cuando(...PASADO.EN_VERIFICACION, ...Array.from({ length: 40 }, () => aplazada)),
    TIEMPOS.ultimaConsulta,
  );
});

Deno.test("live and unstarted are told from the state alone", () => {
  const en = (e: Estado) => PASADO[e].reduce(payoutDecider.evolve, payoutDecider.inicial);
  assert.deepEqual(estados.filter((e) => !vivo(en(e))), ["FALLIDO", "RECHAZADO", "REVERTIDO"]);
  assert.deepEqual(estados.filter((e) => sinEmpezar(en(e))), ["PENDIENTE", "CALCULADO"]);
  assert.equal(vivo(payoutDecider.inicial), false);
});
