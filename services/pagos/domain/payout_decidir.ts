import type { Dinero } from "@alpes/shared/seedwork/money.ts";
import { err, ok, type Result } from "@alpes/shared/seedwork/result.ts";
import type { Comando, Estado, Evento, Existente, Payout, RechazoPayout } from "./payout.ts";

type Decision = Result<readonly Evento[], RechazoPayout>;

const no = (s: Existente, hacia: Estado): Decision =>
  err(
    s.estado === hacia
      ? { tipo: "ya_esta", estado: hacia }
      : { tipo: "transicion_invalida", desde: s.estado, hacia },
  );

/** The events that follow a command, or why not. A step that time or a duplicate made void answers no events. */
export function decidir(c: Comando, s: Payout): Decision {
  if (c.tipo === "pedir") {
    if (s.estado !== "inexistente") return err({ tipo: "otro_pedido", id: s.ficha.id });
    const { ficha, partner_id, espera, desde } = c;
    const pedido: Evento = { tipo: "PayoutPedido", ficha, partner_id, espera };
    return ok(espera !== null ? [pedido] : [pedido, ...calculado(partner_id, desde, ficha.automatico)]);
  }
  if (s.estado === "inexistente") return err({ tipo: "no_existe" });
  switch (c.tipo) {
    case "campania_conocida": {
      if (s.estado !== "PENDIENTE") return ok([]);
      const motivo = reparo(c, s);
      if (motivo !== null) return ok([{ tipo: "PayoutRechazado", motivo, reemplazado_por: null, en: c.en }]);
      return ok(calculado(c.idCliente, c.desde, s.ficha.automatico));
    }
    case "preguntar":
      if (s.estado !== "PENDIENTE" || s.espera === null || s.espera.vence > c.en) return ok([]);
      return ok([{
        tipo: "CampaniaPreguntada",
        espera: { motivo: preguntando(s.ficha.cycle_id, c.en), vence: c.siguiente },
      }]);
    case "campania_inexistente":
      if (s.estado !== "PENDIENTE") return ok([]);
      return ok([{
        tipo: "PayoutRechazado",
        motivo: `la campaña ${s.ficha.cycle_id} no existe`,
        reemplazado_por: null,
        en: c.en,
      }]);
    case "confirmar":
      return s.estado === "CALCULADO" ? ok([{ tipo: "PayoutConfirmado" }]) : no(s, "CONFIRMADO");
    case "iniciar":
      if (s.estado !== "CONFIRMADO") return no(s, "EN_PROCESO");
      return ok([{ tipo: "IntentoIniciado", numero: s.intentos.length + 1, clave: c.clave, en: c.en }]);
    case "resolver":
      return resolver(c, s);
    case "rechazar":
      if (s.estado !== "PENDIENTE" && s.estado !== "CALCULADO") return no(s, "RECHAZADO");
      return ok([{
        tipo: "PayoutRechazado",
        motivo: c.motivo,
        reemplazado_por: c.reemplazado_por,
        en: c.en,
      }]);
    case "revertir":
      return revertir(c, s);
    case "reversion_hecha":
      if (s.estado !== "EXITOSO" || s.reversion === null) return no(s, "REVERTIDO");
      return ok([{
        tipo: "PayoutRevertido",
        motivo: s.reversion.motivo,
        actor: s.reversion.actor,
        en: c.en,
      }]);
  }
}

const preguntando = (idCampania: string, en: Date) =>
  `la campaña ${idCampania} no se conoce todavía; a campanias se le preguntó a las ${en.toISOString()}`;

// A payout asked for by a person confirms itself; an automatic one does so when its time has come.
const calculado = (partner_id: string | null, desde: Date, automatico: boolean): readonly Evento[] => {
  const evento: Evento = { tipo: "PayoutCalculado", partner_id, desde };
  return automatico ? [evento] : [evento, { tipo: "PayoutConfirmado" }];
};

function reparo(c: Extract<Comando, { tipo: "campania_conocida" }>, s: Existente): string | null {
  if (c.cerrada !== null) return `la campaña está ${c.cerrada}`;
  if (s.partner_id !== null && s.partner_id !== c.idCliente) return "la campaña es de otro cliente";
  if (c.moneda !== null && c.moneda !== s.ficha.monto_total.moneda) return `la campaña es en ${c.moneda}`;
  return null;
}

function resolver(c: Extract<Comando, { tipo: "resolver" }>, s: Existente): Decision {
  const actual = s.intentos.at(-1);
  if (s.estado !== "EN_PROCESO" && s.estado !== "EN_VERIFICACION" || actual?.numero !== c.numero) {
    return err({ tipo: "intento_ya_resuelto" });
  }
  switch (c.resultado.tipo) {
    case "pagado": {
      const { referencia, comision } = c.resultado;
      if (!posible(comision, s.ficha.monto_total)) {
        return decidirSinRespuesta(s, "el proveedor dice una comisión que no puede ser");
      }
      return ok([{ tipo: "PayoutExitoso", referencia, comision, en: c.en }]);
    }
    case "no_pagado":
      return ok([{ tipo: "PayoutFallido", motivo: c.resultado.razon, en: c.en }]);
    case "desconocido":
      return decidirSinRespuesta(s, c.resultado.motivo);
  }
}

const decidirSinRespuesta = (s: Existente, motivo: string): Decision =>
  ok([{ tipo: s.estado === "EN_PROCESO" ? "IntentoSinRespuesta" : "VerificacionAplazada", motivo }]);

/** The bank keeps no more than there was. */
const posible = (fee: Dinero | null, monto: Dinero): boolean =>
  fee === null || fee.moneda === monto.moneda && fee.unidades >= 0n && fee.unidades <= monto.unidades;

// What has not begun is simply refused; what has begun is first settled, and then given back.
function revertir(c: Extract<Comando, { tipo: "revertir" }>, s: Existente): Decision {
  switch (s.estado) {
    case "PENDIENTE":
    case "CALCULADO":
      return ok([{ tipo: "PayoutRechazado", motivo: c.motivo, reemplazado_por: null, en: c.en }]);
    case "CONFIRMADO":
    case "EN_PROCESO":
    case "EN_VERIFICACION":
    case "EXITOSO":
      if (s.reversion !== null) return err({ tipo: "reversion_ya_pedida" });
      return ok([{ tipo: "ReversionPedida", reversion: { motivo: c.motivo, actor: c.actor, en: c.en } }]);
    case "FALLIDO":
    case "RECHAZADO":
    case "REVERTIDO":
      return no(s, "REVERTIDO");
  }
}
