import type { Comun, Evento, Existente, Intento, Payout, Resultado } from "./payout.ts";

const comun = (s: Existente): Comun => ({
  ficha: s.ficha,
  partner_id: s.partner_id,
  intentos: s.intentos,
  reversion: s.reversion,
});

const conResultado = (
  intentos: readonly Intento[],
  resultado: Resultado,
  fin: Date | null,
): readonly Intento[] => intentos.map((i, n) => n === intentos.length - 1 ? { ...i, resultado, fin } : i);

/** Folds one event; it asks nothing, because only `decide` makes events. */
export function evolucionar(s: Payout, e: Evento): Payout {
  if (e.tipo === "PayoutPedido") {
    const { ficha, partner_id, espera } = e;
    return { ficha, partner_id, intentos: [], reversion: null, estado: "PENDIENTE", espera };
  }
  if (s.estado === "inexistente") return s;
  const c = comun(s);
  switch (e.tipo) {
    case "PayoutCalculado":
      return { ...c, partner_id: e.partner_id, estado: "CALCULADO", desde: e.desde };
    case "CampaniaPreguntada":
      return { ...c, estado: "PENDIENTE", espera: e.espera };
    case "PayoutConfirmado":
      return { ...c, estado: "CONFIRMADO" };
    case "IntentoIniciado": {
      const intento: Intento = {
        numero: e.numero,
        clave: e.clave,
        inicio: e.en,
        fin: null,
        resultado: { tipo: "abierto" },
      };
      return { ...c, intentos: [...s.intentos, intento], estado: "EN_PROCESO" };
    }
    case "IntentoSinRespuesta": {
      const intentos = conResultado(s.intentos, { tipo: "desconocido", motivo: e.motivo }, null);
      return { ...c, intentos, estado: "EN_VERIFICACION", motivo: e.motivo, consultas: 0 };
    }
    case "VerificacionAplazada": {
      const consultas = s.estado === "EN_VERIFICACION" ? s.consultas + 1 : 0;
      return { ...c, estado: "EN_VERIFICACION", motivo: e.motivo, consultas };
    }
    case "PayoutExitoso": {
      const intentos = conResultado(s.intentos, { tipo: "pagado", referencia: e.referencia }, e.en);
      return { ...c, intentos, estado: "EXITOSO", referencia: e.referencia, comision: e.comision, en: e.en };
    }
    case "PayoutFallido": {
      const intentos = conResultado(s.intentos, { tipo: "no_pagado", razon: e.motivo }, e.en);
      return { ...c, intentos, estado: "FALLIDO", motivo: e.motivo, en: e.en };
    }
    case "PayoutRechazado":
      return { ...c, estado: "RECHAZADO", motivo: e.motivo, reemplazado_por: e.reemplazado_por, en: e.en };
    case "ReversionPedida":
      return { ...s, reversion: e.reversion };
    case "PayoutRevertido": {
      const { referencia, comision } = s.estado === "EXITOSO" ? s : { referencia: "", comision: null };
      return { ...c, reversion: null, estado: "REVERTIDO", referencia, comision, motivo: e.motivo, en: e.en };
    }
  }
}
