import assert from "node:assert/strict";
import { Campania } from "./campania.ts";
import type { Comando } from "./comandos.ts";
import { conAnticipo, crear, datos, en, usd } from "./ejemplos_test.ts";
import { type Avance, type Hecho, ordenar, SIN_RESPUESTA, suceder } from "./proceso.ts";
import { type Entorno, MAX_REVERSIONES, type Mensaje, SAGA_INICIAL } from "./saga.ts";

const PLAZO = 15 * 60_000;
const entorno = (minutos = 0, solicitud = "sol-1"): Entorno => ({
  en: new Date(en.getTime() + minutos * 60_000),
  plazo: PLAZO,
  solicitud,
  idPago: "p-auto",
});
const NADA: Avance = { campania: Campania.inicial, saga: SAGA_INICIAL, eventos: [], mensajes: [] };
type Paso = Hecho | Comando;
const esHecho = (p: Paso): p is Hecho =>
  ["PagoSolicitado", "PagoConfirmado", "PagoFallido", "PagoRevertido", "PlazoVencido", "Reintento"].includes(
    p.tipo,
  );

/** One step after the other; each entry is a step, or a step and the minute at which it comes. */
function historia(...pasos: readonly (Paso | readonly [Paso, number])[]): Avance {
  return pasos.reduce<Avance>((a, x) => {
    const [paso, minuto] = Array.isArray(x) ? x as [Paso, number] : [x as Paso, 0];
    const e = entorno(minuto);
    if (esHecho(paso)) return suceder(paso, a.campania, a.saga, e);
    const r = ordenar(paso, a.campania, a.saga, e);
    if (!r.ok) assert.fail(JSON.stringify(r.error));
    return r.value;
  }, NADA);
}
const confirmado = (idPago = "p-auto", monto = usd(100_00)): Hecho => ({
  tipo: "PagoConfirmado",
  idPago,
  monto,
});
const fallido = (idPago = "p-auto", reemplazado_por: string | null = null): Hecho => ({
  tipo: "PagoFallido",
  idPago,
  motivo: "fondos insuficientes",
  reemplazado_por,
});
const revertido = (idPago = "p-auto"): Hecho => ({ tipo: "PagoRevertido", idPago, motivo: "contracargo" });
const solicitado = (idPago: string): Hecho => ({ tipo: "PagoSolicitado", idPago });
const VENCIDO: Hecho = { tipo: "PlazoVencido" };
const aprobar: Comando = { tipo: "aprobar", sin_anticipo: true, motivo: null, en };
const cancelar: Comando = { tipo: "cancelar", origen: "OPERADOR", motivo: "sin interés", en };
const finalizar: Comando = { tipo: "finalizar", motivo: null, en };

const estados = (a: Avance) => [a.campania.estado, a.saga.estado];
const tipos = (a: Avance) => a.eventos.map((e) => e.tipo);
const revertir = (idPago: string, motivo: string): Mensaje => ({ tipo: "RevertirPago", idPago, motivo });
const pasos = (a: Avance) => a.saga.pasos.map((p) => `${p.paso} ${p.estado} ${p.intentos}`);

Deno.test("a campaign with an anticipo asks for its payment, with a deadline", () => {
  const a = historia(crear(conAnticipo));
  assert.deepEqual(a.mensajes, [{ tipo: "ProcesarPago", idPago: "p-auto", monto: usd(100_00) }]);
  assert.deepEqual(estados(a), ["PENDIENTE", "ESPERANDO_PAGO"]);
  assert.deepEqual(a.saga.plazo, new Date(en.getTime() + PLAZO));
  assert.deepEqual(pasos(a), ["ProcesarPago EN_CURSO 1"]);
  assert.equal(a.saga.pasos[0]?.solicitud, "sol-1");
});
Deno.test("a campaign without one, or with one of zero, asks for nothing and stays PENDIENTE", () => {
  for (const d of [datos, { ...datos, anticipo: usd(0) }]) {
    const a = historia(crear(d));
    assert.deepEqual(a.mensajes, []);
    assert.deepEqual(estados(a), ["PENDIENTE", "SIN_INICIAR"]);
    assert.equal(a.saga.plazo, null);
  }
});
Deno.test("an anticipo that is added later is asked for then, once", () => {
  const editar = (centavos: number): Comando => ({
    tipo: "editar",
    cambios: { anticipo: usd(centavos) },
    pagoPedido: false,
    en,
  });
  assert.deepEqual(historia(crear(), editar(50_00)).mensajes, [
    { tipo: "ProcesarPago", idPago: "p-auto", monto: usd(50_00) },
  ]);
  assert.deepEqual(historia(crear(), editar(50_00), editar(60_00)).mensajes, []);
});
Deno.test("a confirmed payment approves, and the cliente is told", () => {
  const a = historia(crear(conAnticipo), confirmado());
  assert.deepEqual(tipos(a), ["PagoAsociado", "CampaniaAprobada"]);
  assert.deepEqual(a.mensajes, [{ tipo: "ActualizarCliente", accion: "APROBAR_CAMPANIA" }]);
  assert.deepEqual(estados(a), ["APROBADA", "COMPLETADA"]);
  assert.equal(a.saga.plazo, null);
  assert.deepEqual(pasos(a), [
    "ProcesarPago HECHO 1",
    "AprobarCampania HECHO 0",
    "ActualizarCliente HECHO 0",
  ]);
});
Deno.test("a payment that nobody here asked for approves all the same, and the saga shows it", () => {
  const a = historia(crear(), confirmado("p-http"));
  assert.deepEqual(estados(a), ["APROBADA", "COMPLETADA"]);
  assert.deepEqual(pasos(a)[0], "ProcesarPago HECHO 0");
});
Deno.test("a failed payment cancels with its motivo", () => {
  for (const [d, p] of [[conAnticipo, "p-auto"], [datos, "p-http"]] as const) {
    const a = historia(crear(d), fallido(p));
    assert.deepEqual(a.eventos, [{ tipo: "CampaniaCancelada", motivo: "fondos insuficientes", en }]);
    assert.deepEqual(a.mensajes, [{ tipo: "ActualizarCliente", accion: "CANCELAR_CAMPANIA" }]);
    assert.deepEqual(estados(a), ["CANCELADA", "COMPENSADA"]);
  }
});
Deno.test("a failed payment touches a campaign only while it is PENDIENTE", () => {
  assert.deepEqual(estados(historia(crear(conAnticipo), aprobar, fallido())), ["APROBADA", "COMPLETADA"]);
  const finalizada = historia(crear(conAnticipo), aprobar, finalizar, fallido());
  assert.deepEqual(estados(finalizada), ["FINALIZADA", "COMPLETADA"]);
  const pagada = historia(crear(), confirmado("p-1"), fallido("p-2"));
  assert.deepEqual(estados(pagada), ["APROBADA", "COMPLETADA"]);
});
Deno.test("a reversal after approval cancels; a finished campaign stays", () => {
  const a = historia(crear(conAnticipo), confirmado(), revertido());
  assert.deepEqual(a.eventos, [{ tipo: "CampaniaCancelada", motivo: "contracargo", en }]);
  assert.deepEqual(a.mensajes, [{ tipo: "ActualizarCliente", accion: "CANCELAR_CAMPANIA" }]);
  assert.deepEqual(estados(a), ["CANCELADA", "COMPENSADA"]);
  const f = historia(crear(conAnticipo), confirmado(), finalizar, revertido());
  assert.deepEqual([estados(f), f.eventos, f.mensajes], [["FINALIZADA", "COMPLETADA"], [], []]);
});
Deno.test("an operator who cancels a paid campaign gives its payment back", () => {
  const a = historia(crear(conAnticipo), confirmado(), cancelar);
  assert.deepEqual(a.mensajes, [
    { tipo: "ActualizarCliente", accion: "CANCELAR_CAMPANIA" },
    revertir("p-auto", "campaña cancelada: sin interés"),
  ]);
  assert.deepEqual(estados(a), ["CANCELADA", "COMPENSANDO"]);
  const fin = suceder(revertido(), a.campania, a.saga, entorno(1));
  assert.deepEqual([estados(fin), fin.eventos, fin.mensajes], [["CANCELADA", "COMPENSADA"], [], []]);
  assert.equal(pasos(fin).at(-1), "RevertirPago HECHO 1");
});
Deno.test("an operator who cancels while the payment is under way takes it back, whatever becomes of it", () => {
  const a = historia(crear(conAnticipo), cancelar);
  assert.deepEqual(estados(a), ["CANCELADA", "COMPENSANDO"]);
  const nunca = suceder(fallido(), a.campania, a.saga, entorno(1));
  assert.deepEqual([estados(nunca), nunca.mensajes], [["CANCELADA", "COMPENSADA"], []]);
  const pagado = suceder(confirmado(), a.campania, a.saga, entorno(1));
  assert.deepEqual(estados(pagado), ["CANCELADA", "COMPENSANDO"]);
  assert.deepEqual(pagado.mensajes, [revertir("p-auto", "la campaña ya no lo espera")]);
  const repetido = suceder(confirmado(), pagado.campania, pagado.saga, entorno(1));
  assert.deepEqual(repetido.mensajes, []);
  const devuelto = suceder(revertido(), pagado.campania, pagado.saga, entorno(2));
  assert.deepEqual(estados(devuelto), ["CANCELADA", "COMPENSADA"]);
});
Deno.test("a confirmation for a cancelled campaign is itself reverted", () => {
  const a = historia(crear(), cancelar, confirmado("p-http"));
  assert.deepEqual(estados(a), ["CANCELADA", "COMPENSANDO"]);
  assert.deepEqual(a.mensajes, [revertir("p-http", "la campaña está cancelada")]);
  assert.deepEqual(a.eventos, []);
});
Deno.test("a second payment of a paid campaign is surplus and goes back; the first one stands", () => {
  const a = historia(crear(), confirmado("p-1"), confirmado("p-2"));
  assert.deepEqual(a.mensajes, [revertir("p-2", "la campaña ya tiene el pago p-1")]);
  assert.deepEqual(estados(a), ["APROBADA", "COMPENSANDO"]);
  const fin = suceder(revertido("p-2"), a.campania, a.saga, entorno(1));
  assert.deepEqual([estados(fin), fin.eventos], [["APROBADA", "COMPLETADA"], []]);
});
Deno.test("no outcome in time cancels and asks the payment back; later proof of payment is reverted", () => {
  const antes = historia(crear(conAnticipo), [VENCIDO, 14]);
  assert.deepEqual([estados(antes), antes.eventos], [["PENDIENTE", "ESPERANDO_PAGO"], []]);
  const a = historia(crear(conAnticipo), [VENCIDO, 15]);
  assert.deepEqual(tipos(a), ["CampaniaCancelada"]);
  assert.equal(a.campania.estado === "CANCELADA" && a.campania.motivo, SIN_RESPUESTA);
  assert.deepEqual(a.mensajes.map((m) => m.tipo), ["ActualizarCliente", "RevertirPago"]);
  assert.deepEqual(a.saga.plazo, entorno(30).en);
  assert.equal(a.saga.pasos[0]?.error, SIN_RESPUESTA);
  const tarde = suceder(confirmado(), a.campania, a.saga, entorno(40));
  assert.deepEqual(tarde.mensajes.map((m) => m.tipo), ["RevertirPago"]);
  assert.deepEqual(estados(suceder(revertido(), tarde.campania, tarde.saga, entorno(41))), [
    "CANCELADA",
    "COMPENSADA",
  ]);
});
Deno.test("a compensation that gets no answer asks some more, then waits for a person, who can ask again", () => {
  const rondas = Array.from({ length: MAX_REVERSIONES - 1 }, (_, i) => [VENCIDO, 30 + 15 * i] as const);
  const a = historia(crear(conAnticipo), [VENCIDO, 15], ...rondas);
  assert.deepEqual(estados(a), ["CANCELADA", "COMPENSANDO"]);
  assert.deepEqual(a.mensajes, [revertir("p-auto", "compensación de la campaña")]);
  const detenida = suceder(VENCIDO, a.campania, a.saga, entorno(100));
  assert.deepEqual(estados(detenida), ["CANCELADA", "REQUIERE_INTERVENCION"]);
  assert.deepEqual([detenida.saga.plazo, detenida.mensajes], [null, []]);
  assert.equal(detenida.saga.pasos.at(-1)?.error, "sin respuesta después de 3 intentos");
  assert.equal(suceder(VENCIDO, detenida.campania, detenida.saga, entorno(200)).saga, detenida.saga);

  const otra = suceder({ tipo: "Reintento" }, detenida.campania, detenida.saga, entorno(200));
  assert.deepEqual(estados(otra), ["CANCELADA", "COMPENSANDO"]);
  assert.deepEqual(otra.saga.plazo, entorno(215).en);
  assert.deepEqual(otra.mensajes.map((m) => m.tipo), ["RevertirPago"]);
  assert.deepEqual(estados(suceder(fallido(), otra.campania, otra.saga, entorno(201))), [
    "CANCELADA",
    "COMPENSADA",
  ]);
  // Proof that comes while it waits for a person starts it again by itself.
  const prueba = suceder(confirmado(), detenida.campania, detenida.saga, entorno(200));
  assert.deepEqual(estados(prueba), ["CANCELADA", "COMPENSANDO"]);
});
Deno.test("there is nothing to try again where nothing stopped", () => {
  const a = historia(crear(conAnticipo));
  assert.equal(suceder({ tipo: "Reintento" }, a.campania, a.saga, entorno()).saga, a.saga);
});
Deno.test("no outcome in time of a campaign that was approved without it only ends the waiting", () => {
  const a = historia(crear(conAnticipo), aprobar);
  assert.deepEqual(estados(a), ["APROBADA", "ESPERANDO_PAGO"]);
  const b = suceder(VENCIDO, a.campania, a.saga, entorno(15));
  assert.deepEqual([estados(b), b.eventos, b.mensajes], [["APROBADA", "COMPLETADA"], [], []]);
  const tarde = suceder(confirmado(), b.campania, b.saga, entorno(20));
  assert.deepEqual([tipos(tarde), tarde.mensajes], [["PagoAsociado"], []]);
});
Deno.test("a payment that is not enough waits for a person: approved as it is, or given back", () => {
  const a = historia(crear(conAnticipo), confirmado("p-auto", usd(1)));
  assert.deepEqual(estados(a), ["PENDIENTE", "REQUIERE_INTERVENCION"]);
  assert.deepEqual(estados(historia(crear(conAnticipo), confirmado("p-auto", usd(1)), aprobar)), [
    "APROBADA",
    "COMPLETADA",
  ]);
  const c = historia(crear(conAnticipo), confirmado("p-auto", usd(1)), cancelar);
  assert.deepEqual(c.mensajes.at(-1), revertir("p-auto", "campaña cancelada: sin interés"));
});
Deno.test("an explicit payment takes the place of the automatic one", () => {
  const dicho = historia(crear(conAnticipo), fallido("p-auto", "p-http"));
  assert.deepEqual([estados(dicho), dicho.eventos], [["PENDIENTE", "ESPERANDO_PAGO"], []]);
  const pagado = suceder(confirmado("p-http"), dicho.campania, dicho.saga, entorno(1));
  assert.deepEqual(estados(pagado), ["APROBADA", "COMPLETADA"]);
  assert.deepEqual(estados(suceder(fallido("p-http"), dicho.campania, dicho.saga, entorno(1))), [
    "CANCELADA",
    "COMPENSADA",
  ]);
  const callado = historia(crear(conAnticipo), confirmado("p-http"));
  assert.deepEqual(estados(callado), ["APROBADA", "COMPLETADA"]);
  assert.equal(callado.saga.pasos[0]?.error, "reemplazado por p-http");
  assert.deepEqual(
    historia(crear(conAnticipo), confirmado("p-http"), fallido("p-auto", "p-http")).eventos,
    [],
  );
  const sobrante = historia(crear(conAnticipo), confirmado("p-http"), confirmado());
  assert.deepEqual(sobrante.mensajes, [revertir("p-auto", "la campaña ya tiene el pago p-http")]);
});
Deno.test("what was replaced does not cancel by failing once more, in words that do not say so", () => {
  const a = historia(crear(conAnticipo), fallido("p-auto", "p-http"), fallido());
  assert.deepEqual([estados(a), a.eventos], [["PENDIENTE", "ESPERANDO_PAGO"], []]);
});
Deno.test("every compensation has its own rounds", () => {
  const primera = historia(crear(), confirmado("p-1"), confirmado("p-2"), [VENCIDO, 15], [VENCIDO, 30]);
  assert.equal(primera.saga.intentos, 2);
  const b = suceder(revertido("p-2"), primera.campania, primera.saga, entorno(31));
  const c = suceder(confirmado("p-3"), b.campania, b.saga, entorno(32));
  const d = suceder(VENCIDO, c.campania, c.saga, entorno(47));
  assert.deepEqual(estados(d), ["APROBADA", "COMPENSANDO"]);
});
Deno.test("an explicit payment that fails leaves no wait for the automatic one that never was", () => {
  assert.deepEqual(estados(historia(crear(conAnticipo), fallido("p-http"))), ["CANCELADA", "COMPENSADA"]);
  assert.deepEqual(estados(historia(crear(conAnticipo), cancelar, fallido("p-http"))), [
    "CANCELADA",
    "COMPENSADA",
  ]);
});
Deno.test("news of a campaign that does not exist are nothing", () => {
  for (const h of [confirmado(), fallido(), revertido(), VENCIDO]) {
    assert.deepEqual(suceder(h, Campania.inicial, SAGA_INICIAL, entorno()), NADA);
  }
});
Deno.test("the saga keeps the request that started it", () => {
  const a = historia(crear(conAnticipo));
  const b = suceder(confirmado(), a.campania, a.saga, entorno(1, "sol-2"));
  assert.equal(b.saga.solicitud, "sol-1");
  assert.deepEqual(b.saga.pasos.map((p) => p.solicitud), ["sol-1", "sol-2", "sol-2"]);
});

Deno.test("a payment that somebody asked for over HTTP is waited for, and compensated when it stays away", () => {
  const pedido = historia(crear(datos), solicitado("p-http"));
  assert.deepEqual(estados(pedido), ["PENDIENTE", "ESPERANDO_PAGO"]);
  assert.deepEqual(pasos(pedido), ["ProcesarPago EN_CURSO 0"]);
  assert.deepEqual(pedido.mensajes, []);
  const vencido = historia(crear(datos), solicitado("p-http"), [VENCIDO, 16]);
  assert.deepEqual(estados(vencido), ["CANCELADA", "COMPENSANDO"]);
  assert.ok(vencido.eventos.some((e) => e.tipo === "CampaniaCancelada" && e.motivo === SIN_RESPUESTA));
  const confirmada = historia(crear(datos), solicitado("p-http"), confirmado("p-http"));
  assert.deepEqual(estados(confirmada), ["APROBADA", "COMPLETADA"]);
});
Deno.test("an explicit payment takes the place of the one that the saga asked for", () => {
  const a = historia(crear(conAnticipo), solicitado("p-http"));
  assert.deepEqual(a.saga.pagos, { "p-auto": "REEMPLAZADO", "p-http": "PEDIDO" });
  assert.deepEqual(estados(historia(crear(conAnticipo), solicitado("p-http"), fallido("p-auto", "p-http"))), [
    "PENDIENTE",
    "ESPERANDO_PAGO",
  ]);
});
Deno.test("a payment that is on its way says nothing to a campaign that waits for none", () => {
  const aprobada = historia(crear(datos), confirmado("p-1"));
  const despues = suceder(solicitado("p-2"), aprobada.campania, aprobada.saga, entorno());
  assert.deepEqual(despues.saga, aprobada.saga);
  const otraVez = historia(crear(datos), solicitado("p-1"), confirmado("p-1"), solicitado("p-1"));
  assert.deepEqual(estados(otraVez), ["APROBADA", "COMPLETADA"]);
});
