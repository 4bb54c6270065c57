import assert from "node:assert/strict";
import fc from "fast-check";
import { Campania } from "./campania.ts";
import type { Comando } from "./comandos.ts";
import { conAnticipo, crear, datos, en, usd } from "./ejemplos_test.ts";
import type { Evento } from "./eventos.ts";
import { type Avance, type Hecho, ordenar, suceder } from "./proceso.ts";
import { type Mensaje, pagosEn, SAGA_INICIAL } from "./saga.ts";

const MINUTO = 60_000;
const PLAZO = 15 * MINUTO;
const cancelar: Comando = { tipo: "cancelar", origen: "OPERADOR", motivo: "sin interés", en };
const aprobar: Comando = { tipo: "aprobar", sin_anticipo: true, motivo: null, en };
const pausar: Comando = { tipo: "pausar", motivo: null, en };
const reanudar: Comando = { tipo: "reanudar", motivo: null, en };
const finalizar: Comando = { tipo: "finalizar", motivo: null, en };
const gastar: Comando = { tipo: "registrarGasto", monto: usd(400_00), partner_id: null, en };

/** A campaign, its saga, and all that came of them. */
function mundo(comienzo: Comando) {
  let reloj = en.getTime();
  let a: Avance = { campania: Campania.inicial, saga: SAGA_INICIAL, eventos: [], mensajes: [] };
  const eventos: Evento[] = [];
  const mensajes: Mensaje[] = [];
  const entorno = () => ({ en: new Date(reloj), plazo: PLAZO, solicitud: "sol-1", idPago: "p-auto" });
  const tomar = (b: Avance) => {
    a = b;
    eventos.push(...b.eventos);
    mensajes.push(...b.mensajes);
    return b.mensajes;
  };
  const yo = {
    get campania() {
      return a.campania;
    },
    get saga() {
      return a.saga;
    },
    eventos,
    mensajes,
    pasa: (ms: number) => void (reloj += ms),
    ordena(c: Comando) {
      const r = ordenar(c, a.campania, a.saga, entorno());
      return r.ok ? tomar(r.value) : [];
    },
    sucede: (h: Hecho) => tomar(suceder(h, a.campania, a.saga, entorno())),
  };
  yo.ordena(comienzo);
  return yo;
}
type Mundo = ReturnType<typeof mundo>;

function coherente({ campania: c, saga, eventos, mensajes }: Mundo): void {
  assert.deepEqual(eventos.reduce(Campania.evolve, Campania.inicial), c);
  const cuantos = (tipo: string) => eventos.filter((e) => e.tipo === tipo).length;
  const avisos = (accion: string) =>
    mensajes.filter((m) => m.tipo === "ActualizarCliente" && m.accion === accion).length;
  assert.ok(
    cuantos("CampaniaAprobada") <= 1 && cuantos("CampaniaCancelada") <= 1 && cuantos("PagoAsociado") <= 1,
  );
  assert.equal(avisos("APROBAR_CAMPANIA"), cuantos("CampaniaAprobada"));
  assert.equal(avisos("CANCELAR_CAMPANIA"), cuantos("CampaniaCancelada"));
  assert.ok(mensajes.filter((m) => m.tipo === "ProcesarPago").length <= 1);
  if (c.estado === "CANCELADA") assert.deepEqual(pagosEn(saga, "CONFIRMADO", "PEDIDO"), []);
  const espera = saga.estado === "ESPERANDO_PAGO" || saga.estado === "COMPENSANDO";
  assert.equal(saga.plazo !== null, espera, `${saga.estado} with the deadline ${saga.plazo}`);
}

Deno.test("any order and repetition of news about one payment, deadlines and decisions stays coherent", () => {
  const pasos: readonly ((m: Mundo) => void)[] = [
    (m) => m.sucede({ tipo: "PagoConfirmado", idPago: "p-auto", monto: usd(100_00) }),
    (m) => m.sucede({ tipo: "PagoFallido", idPago: "p-auto", motivo: "no", reemplazado_por: null }),
    (m) => m.sucede({ tipo: "PagoRevertido", idPago: "p-auto", motivo: "contracargo" }),
    (m) => (m.pasa(PLAZO), m.sucede({ tipo: "PlazoVencido" })),
    (m) => m.ordena(cancelar),
    (m) => m.ordena(aprobar),
  ];
  let vistos = 0;
  const sigue = (orden: readonly number[]) => {
    const m = mundo(crear(conAnticipo));
    for (const i of orden) pasos[i]?.(m);
    coherente(m);
    vistos += 1;
    if (orden.length < 5) pasos.forEach((_, i) => sigue([...orden, i]));
  };
  sigue([]);
  assert.equal(vistos, 1 + 6 + 6 ** 2 + 6 ** 3 + 6 ** 4 + 6 ** 5);
});

type EstadoPayout = "EN_PROCESO" | "EXITOSO" | "FALLIDO" | "RECHAZADO" | "REVERTIDO";
interface Payout {
  estado: EstadoPayout;
  automatico: boolean;
  empezado: boolean;
  reversion: boolean;
}
/** What pagos promises (wire contract, sections 5 and 6), as far as a campaign sees it. */
function pagosDe(m: Mundo) {
  const payouts = new Map<string, Payout>();
  /** News under way, in order for each payment; commands alike. */
  const noticias = new Map<string, Hecho[]>();
  const ordenes: Mensaje[] = [];
  const vivo = () => [...payouts].find(([, p]) => p.estado === "EN_PROCESO" || p.estado === "EXITOSO");
  const publica = (h: Hecho & { idPago: string }) =>
    noticias.set(h.idPago, [...noticias.get(h.idPago) ?? [], h]);
  const falla = (idPago: string, p: Payout, reemplazado_por: string | null) => {
    p.estado = p.empezado ? "FALLIDO" : "RECHAZADO";
    publica({ tipo: "PagoFallido", idPago, motivo: "no", reemplazado_por });
  };
  const devuelve = (idPago: string, p: Payout) => {
    p.estado = "REVERTIDO";
    publica({ tipo: "PagoRevertido", idPago, motivo: "revertido" });
  };
  const nuevo = (automatico: boolean): Payout => ({
    estado: "EN_PROCESO",
    automatico,
    empezado: false,
    reversion: false,
  });
  const yo = {
    payouts,
    pendientes: () => ordenes.length + [...noticias.values()].filter((n) => n.length > 0).length,
    llegan: (ms: readonly Mensaje[]) =>
      void ordenes.push(...ms.filter((x) => x.tipo !== "ActualizarCliente")),
    atiende() {
      const o = ordenes.shift();
      if (o?.tipo === "ProcesarPago" && !payouts.has(o.idPago) && vivo() === undefined) {
        payouts.set(o.idPago, nuevo(true));
      }
      if (o?.tipo !== "RevertirPago") return;
      const p = payouts.get(o.idPago);
      if (p?.estado === "EXITOSO") devuelve(o.idPago, p);
      else if (p?.estado === "EN_PROCESO") p.empezado ? p.reversion = true : falla(o.idPago, p, null);
    },
    paga(idPago: string) {
      const v = vivo();
      if (v !== undefined && (!v[1].automatico || v[1].empezado)) return;
      if (v !== undefined) falla(v[0], v[1], idPago);
      if (!payouts.has(idPago)) payouts.set(idPago, nuevo(false));
    },
    empieza: () => [...payouts.values()].forEach((p) => p.empezado = true),
    salda(exito: boolean) {
      const v = [...payouts].find(([, p]) => p.estado === "EN_PROCESO");
      if (v === undefined) return;
      const [idPago, p] = v;
      p.empezado = true;
      if (!exito) return falla(idPago, p, null);
      p.estado = "EXITOSO";
      publica({ tipo: "PagoConfirmado", idPago, monto: usd(100_00) });
      if (p.reversion) devuelve(idPago, p);
    },
    revierte() {
      const v = [...payouts].find(([, p]) => p.estado === "EXITOSO");
      if (v !== undefined) devuelve(...v);
    },
    /** Delivers the next news of one payment; `otraVez` keeps it for another delivery. */
    cuenta(cual: number, otraVez: boolean) {
      const colas = [...noticias.values()].filter((n) => n.length > 0);
      const cola = colas[cual % Math.max(1, colas.length)];
      const h = otraVez ? cola?.[0] : cola?.shift();
      if (h !== undefined) yo.llegan(m.sucede(h));
    },
  };
  return yo;
}

Deno.test("whatever interleaving of payments, faults, deadlines and decisions ends with the money where it belongs", () => {
  const accion = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ que: fc.constant("cuenta" as const), n: fc.nat(3), otraVez: fc.boolean() }),
    },
    { weight: 3, arbitrary: fc.record({ que: fc.constant("atiende" as const) }) },
    { weight: 3, arbitrary: fc.record({ que: fc.constant("salda" as const), exito: fc.boolean() }) },
    {
      weight: 4,
      arbitrary: fc.record({
        que: fc.constant("ordena" as const),
        comando: fc.constantFrom(cancelar, aprobar, pausar, reanudar, finalizar, gastar),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ que: fc.constant("paga" as const), id: fc.constantFrom("p-1", "p-2") }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        que: fc.constantFrom("vence" as const, "empieza" as const, "revierte" as const),
      }),
    },
  );
  fc.assert(
    fc.property(
      fc.boolean(),
      fc.array(accion, { maxLength: 25 }),
      fc.boolean(),
      (anticipo, acciones, exito) => {
        const m = mundo(crear(anticipo ? conAnticipo : datos));
        const pagos = pagosDe(m);
        pagos.llegan(m.mensajes);
        const vence = () => (m.pasa(PLAZO), pagos.llegan(m.sucede({ tipo: "PlazoVencido" })));
        for (const x of acciones) {
          if (x.que === "cuenta") pagos.cuenta(x.n, x.otraVez);
          else if (x.que === "salda") pagos.salda(x.exito);
          else if (x.que === "ordena") pagos.llegan(m.ordena(x.comando));
          else if (x.que === "paga") pagos.paga(x.id);
          else if (x.que === "vence") vence();
          else pagos[x.que]();
          coherente(m);
        }
        // Everything that is under way arrives, and what is open is settled.
        for (let i = 0; i < 200; i++) {
          while (pagos.pendientes() > 0) {
            pagos.atiende();
            pagos.cuenta(0, false);
          }
          pagos.salda(exito);
          if (pagos.pendientes() === 0 && m.saga.plazo === null) break;
          if (pagos.pendientes() === 0) vence();
        }
        coherente(m);
        const pagados = [...pagos.payouts].filter(([, p]) => p.estado === "EXITOSO").map(([id]) => id);
        const { campania: c, saga } = m;
        if (c.estado === "INEXISTENTE") assert.fail("it was created");
        assert.ok(["SIN_INICIAR", "COMPLETADA", "COMPENSADA"].includes(saga.estado), saga.estado);
        if (c.estado === "CANCELADA") assert.deepEqual(pagados, []);
        else {assert.deepEqual(
            pagados,
            c.pago === null || c.estado === "FINALIZADA" ? pagados : [c.pago.idPago],
          );}
        assert.ok(pagados.length <= 1);
        if (anticipo) assert.notEqual(c.estado, "PENDIENTE");
      },
    ),
    { numRuns: 3_000 },
  );
});
