import type { Decider } from "@alpes/shared/seedwork/decider.ts";
import { err, ok, type Result } from "@alpes/shared/seedwork/result.ts";
import {
  agotado,
  type Campania as Estado,
  conComisiones,
  cubre,
  type EstadoCampania,
  evolve,
  type Existente,
} from "./estado.ts";
import type { Comando, Rechazo } from "./comandos.ts";
import { type Cambios, diferencia, fallas, mismosDatos } from "./datos.ts";
import type { Evento } from "./eventos.ts";

type Respuesta = Result<readonly Evento[], Rechazo>;
const SIN_CAMBIO: Respuesta = ok([]);
export const MOTIVO_AGOTADO = "presupuesto agotado";

/** The steps that an operator's decision makes. */
const PASOS: Record<"aprobar" | "pausar" | "reanudar" | "finalizar" | "cancelar", {
  readonly hacia: EstadoCampania;
  readonly desde: readonly EstadoCampania[];
}> = {
  aprobar: { hacia: "APROBADA", desde: ["PENDIENTE"] },
  pausar: { hacia: "PAUSADA", desde: ["APROBADA"] },
  reanudar: { hacia: "APROBADA", desde: ["PAUSADA"] },
  finalizar: { hacia: "FINALIZADA", desde: ["APROBADA", "PAUSADA"] },
  cancelar: { hacia: "CANCELADA", desde: ["PENDIENTE", "APROBADA", "PAUSADA"] },
};

/** Refuses a step that cannot be made from here; says apart when it was made already. */
function impedimento(paso: keyof typeof PASOS, c: Existente): Rechazo | null {
  const { hacia, desde } = PASOS[paso];
  if (desde.includes(c.estado)) return null;
  return c.estado === hacia
    ? { tipo: "ya_decidida", estado: c.estado }
    : { tipo: "transicion_invalida", desde: c.estado, hacia };
}

/** Adds the pause that follows when what was decided leaves the campaign approved and its budget used up. */
function conPausa(c: Estado, eventos: readonly Evento[], en: Date): Respuesta {
  const despues = eventos.reduce(evolve, c);
  const pausa: Evento = { tipo: "CampaniaPausada", motivo: MOTIVO_AGOTADO, en };
  return ok(despues.estado === "APROBADA" && agotado(despues) ? [...eventos, pausa] : eventos);
}

function decidir(o: Comando, c: Estado): Respuesta {
  if (o.tipo === "crear") return crear(o, c);
  if (c.estado === "INEXISTENTE") return err({ tipo: "no_existe" });
  const { en } = o;
  switch (o.tipo) {
    case "editar":
      return editar(o.cambios, o.pagoPedido, c, en);
    case "aprobar": {
      const no = impedimento("aprobar", c);
      if (no !== null) return err(no);
      const { anticipo } = c.datos;
      if (anticipo !== null && !o.sin_anticipo && !cubre(anticipo, c.pago)) {
        return err({ tipo: "anticipo_sin_pagar", anticipo });
      }
      return conPausa(c, [{ tipo: "CampaniaAprobada", origen: "OPERADOR", motivo: o.motivo, en }], en);
    }
    case "confirmarPago": {
      if (c.estado === "CANCELADA") return err({ tipo: "cerrada", estado: c.estado });
      if (c.pago?.idPago === o.idPago) return SIN_CAMBIO;
      if (c.pago !== null) return err({ tipo: "pago_sobrante", idPago: c.pago.idPago });
      const asociado: Evento = { tipo: "PagoAsociado", idPago: o.idPago, monto: o.monto, en };
      if (c.estado !== "PENDIENTE" || !cubre(c.datos.anticipo, asociado)) return ok([asociado]);
      const aprobada: Evento = { tipo: "CampaniaAprobada", origen: "PAGOS", motivo: null, en };
      return conPausa(c, [asociado, aprobada], en);
    }
    case "pausar":
    case "finalizar": {
      const no = impedimento(o.tipo, c);
      if (no !== null) return err(no);
      const tipo = o.tipo === "pausar" ? "CampaniaPausada" : "CampaniaFinalizada";
      return ok([{ tipo, motivo: o.motivo, en }]);
    }
    case "reanudar": {
      const no = impedimento("reanudar", c);
      if (no !== null) return err(no);
      const { presupuesto } = c.datos;
      if (presupuesto !== null && agotado(c)) return err({ tipo: "presupuesto_agotado", presupuesto });
      return ok([{ tipo: "CampaniaReanudada", motivo: o.motivo, en }]);
    }
    case "cancelar": {
      const no = impedimento("cancelar", c);
      if (no !== null) return err(no);
      // What payments did cannot be refused; a person is told to finish what already earned somebody money.
      if (o.origen === "OPERADOR" && conComisiones(c)) return err({ tipo: "con_comisiones" });
      return ok([{ tipo: "CampaniaCancelada", motivo: o.motivo, en }]);
    }
    case "registrarGasto":
      return conPausa(c, [{ tipo: "GastoRegistrado", monto: o.monto, partner_id: o.partner_id, en }], en);
    case "agotarPresupuesto":
      return c.estado === "APROBADA"
        ? ok([{ tipo: "CampaniaPausada", motivo: MOTIVO_AGOTADO, en }])
        : SIN_CAMBIO;
  }
}

function crear(o: Comando & { tipo: "crear" }, c: Estado): Respuesta {
  if (c.estado !== "INEXISTENTE") {
    return c.idCliente === o.idCliente && mismosDatos(c.creacion, o.datos)
      ? SIN_CAMBIO
      : err({ tipo: "id_ocupado", idCampania: o.idCampania });
  }
  const campos = fallas(o.datos);
  if (campos.length > 0) return err({ tipo: "datos_invalidos", campos });
  const { idCampania, idCliente, datos, en } = o;
  return ok([{ tipo: "CampaniaCreada", idCampania, idCliente, datos, en }]);
}

function editar(pedidos: Cambios, pagoPedido: boolean, c: Existente, en: Date): Respuesta {
  if (c.estado === "FINALIZADA" || c.estado === "CANCELADA") {
    return err({ tipo: "cerrada", estado: c.estado });
  }
  const cambios = diferencia(c.datos, pedidos);
  if (Object.keys(cambios).length === 0) return SIN_CAMBIO;
  const nuevos = { ...c.datos, ...cambios };
  const campos = fallas(nuevos);
  if (campos.length > 0) return err({ tipo: "datos_invalidos", campos });
  const conDinero = pagoPedido || c.pago !== null;
  if (cambios.anticipo !== undefined && (conDinero || c.estado !== "PENDIENTE")) {
    return err({ tipo: "anticipo_comprometido" });
  }
  const antes = c.datos.presupuesto?.moneda;
  const cambiaMoneda = cambios.presupuesto != null && antes !== undefined &&
    cambios.presupuesto.moneda !== antes;
  if (cambiaMoneda && (conDinero || Object.keys(c.gastos).length > 0)) return err({ tipo: "moneda_fija" });
  return conPausa(c, [{ tipo: "CampaniaActualizada", cambios, en }], en);
}

/** A campaign, event-sourced. Nothing leaves FINALIZADA or CANCELADA. */
export const Campania: Decider<Estado, Comando, Evento, Rechazo> = {
  inicial: { estado: "INEXISTENTE" },
  decide: decidir,
  evolve,
};
