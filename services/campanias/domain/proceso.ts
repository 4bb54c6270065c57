import type { Dinero } from "@alpes/shared/seedwork/money.ts";
import { ok, type Result } from "@alpes/shared/seedwork/result.ts";
import { Campania } from "./campania.ts";
import type { Comando, Rechazo } from "./comandos.ts";
import type { Campania as Estado } from "./estado.ts";
import type { Evento } from "./eventos.ts";
import {
  asentar,
  cerrarPaso,
  conPago,
  conPaso,
  DE_VUELTA,
  type Entorno,
  MAX_REVERSIONES,
  type Mensaje,
  pagosEn,
  type Saga,
} from "./saga.ts";

/** What pagos or the clock says happened to the payment of a campaign. */
export type Hecho =
  /** Somebody pays for it over HTTP: an outcome is waited for, as if the saga had asked itself. */
  | { readonly tipo: "PagoSolicitado"; readonly idPago: string }
  | { readonly tipo: "PagoConfirmado"; readonly idPago: string; readonly monto: Dinero | null }
  | {
    readonly tipo: "PagoFallido";
    readonly idPago: string;
    readonly motivo: string;
    readonly reemplazado_por: string | null;
  }
  | { readonly tipo: "PagoRevertido"; readonly idPago: string; readonly motivo: string }
  | { readonly tipo: "PlazoVencido" }
  /** A person asks to try the compensation once more. */
  | { readonly tipo: "Reintento" };

/** A campaign and its saga after a step, with what came to be on the way. */
export interface Avance {
  readonly campania: Estado;
  readonly saga: Saga;
  readonly eventos: readonly Evento[];
  readonly mensajes: readonly Mensaje[];
}
export const SIN_RESPUESTA = "sin respuesta del pago dentro del plazo";

/** An operator's or the module's own command, and what the saga does about it. */
export function ordenar(
  comando: Comando,
  campania: Estado,
  saga: Saga,
  e: Entorno,
): Result<Avance, Rechazo> {
  const r = Campania.decide(comando, campania);
  if (!r.ok) return r;
  const antes: Avance = { campania, saga, eventos: [], mensajes: [] };
  return ok(r.value.length === 0 ? antes : reposar(seguir(antes, r.value, e), e));
}

/** A fact, which cannot be refused: what it does to the campaign, and what the saga does next. */
export function suceder(hecho: Hecho, campania: Estado, saga: Saga, e: Entorno): Avance {
  const antes: Avance = { campania, saga, eventos: [], mensajes: [] };
  if (campania.estado === "INEXISTENTE") return antes;
  const despues = alSuceder(hecho, antes, e);
  return despues === antes ? antes : reposar(despues, e);
}

const reposar = (a: Avance, e: Entorno): Avance => ({ ...a, saga: asentar(a.saga, a.campania, e) });
const conSaga = (a: Avance, saga: Saga): Avance => ({ ...a, saga });

/** Makes the events so, one after the other, and lets the saga follow each. */
const seguir = (a: Avance, eventos: readonly Evento[], e: Entorno): Avance =>
  eventos.reduce((antes, evento) => {
    const campania = Campania.evolve(antes.campania, evento);
    return alEvento(evento, { ...antes, campania, eventos: [...antes.eventos, evento] }, e);
  }, a);

function alEvento(evento: Evento, a: Avance, e: Entorno): Avance {
  switch (evento.tipo) {
    case "CampaniaCreada":
    case "CampaniaActualizada":
      return pedirPago(a, e);
    case "CampaniaAprobada":
      return avisar(conSaga(a, conPaso(a.saga, e, "AprobarCampania", null, "HECHO")), "APROBAR_CAMPANIA", e);
    case "CampaniaCancelada": {
      const motivo = `campaña cancelada: ${evento.motivo}`;
      const cancelada = conSaga(a, conPaso(a.saga, e, "CancelarCampania", null, "HECHO"));
      const vivos = pagosEn(a.saga, "PEDIDO", "CONFIRMADO");
      return vivos.reduce((b, p) => revertir(b, p, motivo, e), avisar(cancelada, "CANCELAR_CAMPANIA", e));
    }
    case "CampaniaPausada":
    case "CampaniaReanudada":
    case "CampaniaFinalizada":
    case "PagoAsociado":
    case "GastoRegistrado":
      return a;
  }
}

/** Asks for the anticipo, once, of a campaign that waits for it. */
function pedirPago(a: Avance, e: Entorno): Avance {
  const { campania: c, saga } = a;
  if (c.estado !== "PENDIENTE" || c.pago !== null || Object.keys(saga.pagos).length > 0) return a;
  const monto = c.datos.anticipo;
  if (monto === null || monto.unidades === 0n) return a;
  const pedida = conPaso(conPago(saga, e.idPago, "PEDIDO"), e, "ProcesarPago", e.idPago, "EN_CURSO", {
    pedido: true,
  });
  return { ...a, saga: pedida, mensajes: [...a.mensajes, { tipo: "ProcesarPago", idPago: e.idPago, monto }] };
}

const avisar = (a: Avance, accion: "APROBAR_CAMPANIA" | "CANCELAR_CAMPANIA", e: Entorno): Avance => ({
  ...a,
  saga: conPaso(a.saga, e, "ActualizarCliente", null, "HECHO"),
  mensajes: [...a.mensajes, { tipo: "ActualizarCliente", accion }],
});

function revertir(a: Avance, idPago: string, motivo: string, e: Entorno): Avance {
  const { [idPago]: antes } = a.saga.pagos;
  const estado = antes === "PEDIDO" || antes === "ANULANDO" ? "ANULANDO" : "REVIRTIENDO";
  const saga = conPaso(conPago(a.saga, idPago, estado), e, "RevertirPago", idPago, "EN_CURSO", {
    pedido: true,
  });
  return { ...a, saga, mensajes: [...a.mensajes, { tipo: "RevertirPago", idPago, motivo }] };
}

const cancelar = (a: Avance, motivo: string, e: Entorno): Avance => {
  const r = Campania.decide({ tipo: "cancelar", origen: "PAGOS", motivo, en: e.en }, a.campania);
  return r.ok ? seguir(a, r.value, e) : a;
};

function alSuceder(h: Hecho, a: Avance, e: Entorno): Avance {
  switch (h.tipo) {
    case "PagoSolicitado":
      return alSolicitarse(h.idPago, a, e);
    case "PagoConfirmado":
      return alConfirmarse(h.idPago, h.monto, a, e);
    case "PagoFallido":
      return alFallar(h, a, e);
    case "PagoRevertido":
      return alRevertirse(h.idPago, h.motivo, a, e);
    case "PlazoVencido":
      return alVencer(a, e);
    case "Reintento":
      return a.saga.detenida ? repetir({ ...a, saga: { ...a.saga, detenida: false, intentos: 0 } }, e) : a;
  }
}

function alSolicitarse(idPago: string, a: Avance, e: Entorno): Avance {
  const { campania: c, saga } = a;
  if (saga.pagos[idPago] !== undefined || c.estado !== "PENDIENTE" || c.pago !== null) return a;
  return conSaga(a, esperarOtro(sinOtros(saga, idPago, e), idPago, e));
}

function alConfirmarse(idPago: string, monto: Dinero | null, a: Avance, e: Entorno): Avance {
  const antes = a.saga.pagos[idPago];
  if (antes === "CONFIRMADO" || antes === "REVIRTIENDO" || antes === "REVERTIDO") return a;
  const pagado = conPaso(conPago(a.saga, idPago, "CONFIRMADO"), e, "ProcesarPago", idPago, "HECHO");
  if (antes === "ANULANDO") {
    // Asked back before it was paid: asked again, with new rounds, because now there is something to give back.
    const ronda = { ...pagado, detenida: false, intentos: 0, plazo: null };
    return revertir(conSaga(a, ronda), idPago, "la campaña ya no lo espera", e);
  }
  const r = Campania.decide({ tipo: "confirmarPago", idPago, monto, en: e.en }, a.campania);
  const saga = sinOtros(pagado, idPago, e);
  if (r.ok) return seguir(conSaga(a, saga), r.value, e);
  const motivo = r.error.tipo === "pago_sobrante"
    ? `la campaña ya tiene el pago ${r.error.idPago}`
    : "la campaña está cancelada";
  return revertir(conSaga(a, saga), idPago, motivo, e);
}

/** A campaign has one live payment: news of one say that no other, not yet known to be paid, ever was. */
const sinOtros = (saga: Saga, idPago: string, e: Entorno): Saga =>
  pagosEn(saga, "PEDIDO", "ANULANDO").filter((p) => p !== idPago).reduce((s, p) => {
    const por = `reemplazado por ${idPago}`;
    const pedido = cerrarPaso(conPago(s, p, "REEMPLAZADO"), e, "ProcesarPago", p, por);
    return cerrarPaso(pedido, e, "RevertirPago", p, por);
  }, saga);

function alFallar(h: Hecho & { tipo: "PagoFallido" }, a: Avance, e: Entorno): Avance {
  const { idPago, motivo, reemplazado_por: otro } = h;
  const antes = a.saga.pagos[idPago];
  if (antes === "CONFIRMADO" || antes === "REVERTIDO" || antes === "FALLIDO") return a;
  const espera = a.campania.estado === "PENDIENTE" && a.campania.pago === null;
  if (antes !== undefined && DE_VUELTA.includes(antes)) {
    const s = cerrarPaso(conPago(a.saga, idPago, "FALLIDO"), e, "ProcesarPago", idPago, motivo);
    return conSaga(a, conPaso(s, e, "RevertirPago", idPago, "HECHO"));
  }
  if (otro !== null && otro !== idPago) {
    const s = cerrarPaso(conPago(a.saga, idPago, "REEMPLAZADO"), e, "ProcesarPago", idPago, motivo);
    return conSaga(a, espera && s.pagos[otro] === undefined ? esperarOtro(s, otro, e) : s);
  }
  // Known to have given way: it says nothing about the one that took its place.
  if (antes === "REEMPLAZADO") return conSaga(a, conPago(a.saga, idPago, "FALLIDO"));
  const s = sinOtros(conPago(a.saga, idPago, "FALLIDO"), idPago, e);
  const fallido = conSaga(a, conPaso(s, e, "ProcesarPago", idPago, "FALLIDO", { error: motivo }));
  return espera ? cancelar(fallido, motivo, e) : fallido;
}

/** The wait for a payment that the saga did not ask for itself. */
const esperarOtro = (s: Saga, idPago: string, e: Entorno): Saga =>
  conPaso(conPago(s, idPago, "PEDIDO"), e, "ProcesarPago", idPago, "EN_CURSO");

function alRevertirse(idPago: string, motivo: string, a: Avance, e: Entorno): Avance {
  const antes = a.saga.pagos[idPago];
  if (antes === "REVERTIDO") return a;
  const s = cerrarPaso(
    sinOtros(conPago(a.saga, idPago, "REVERTIDO"), idPago, e),
    e,
    "ProcesarPago",
    idPago,
    motivo,
  );
  const b = conSaga(a, conPaso(s, e, "RevertirPago", idPago, "HECHO"));
  const pago = a.campania.estado === "INEXISTENTE" ? null : a.campania.pago;
  // One that the saga itself sent back never paid for this campaign.
  const devuelto = antes !== undefined && DE_VUELTA.includes(antes);
  const suyo = pago === null ? !devuelto : pago.idPago === idPago;
  return suyo ? cancelar(b, motivo, e) : b;
}

function alVencer(a: Avance, e: Entorno): Avance {
  const { saga, campania } = a;
  if (saga.plazo === null || saga.plazo.getTime() > e.en.getTime()) return a;
  if (saga.estado === "COMPENSANDO") return repetir(a, e);
  const pedidos = pagosEn(saga, "PEDIDO");
  const vencida = pedidos.reduce((s, p) => cerrarPaso(s, e, "ProcesarPago", p, SIN_RESPUESTA), saga);
  if (campania.estado === "PENDIENTE") return cancelar(conSaga(a, vencida), SIN_RESPUESTA, e);
  return conSaga(a, pedidos.reduce((s, p) => conPago(s, p, "SIN_RESPUESTA"), vencida));
}

/** Another round of asking for the money back; after the last one it stops and is shown. */
function repetir(a: Avance, e: Entorno): Avance {
  const pagos = pagosEn(a.saga, ...DE_VUELTA);
  const intentos = a.saga.intentos + 1;
  if (intentos >= MAX_REVERSIONES) {
    const error = `sin respuesta después de ${intentos} intentos`;
    const s = pagos.reduce((x, p) => cerrarPaso(x, e, "RevertirPago", p, error), a.saga);
    return conSaga(a, { ...s, intentos, detenida: true });
  }
  const ronda = conSaga(a, { ...a.saga, intentos, plazo: null });
  return pagos.reduce((b, p) => revertir(b, p, "compensación de la campaña", e), ronda);
}
