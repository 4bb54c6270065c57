import { montoTexto } from "@alpes/shared/seedwork/money.ts";
import { ok, type Result } from "@alpes/shared/seedwork/result.ts";
import type { Versioned } from "@alpes/shared/seedwork/decider.ts";
import type { Changes, FeedEntry, Outgoing } from "@alpes/shared/seedwork/unit_of_work.ts";
import { proximo, type Tiempos } from "../domain/agenda.ts";
import {
  type Comando,
  type Evento,
  type Existente,
  type Payout,
  type RechazoPayout,
  vivo,
} from "../domain/payout.ts";
import { payoutDecider } from "../domain/payout_decider.ts";
import type { Asiento } from "../domain/libro/asiento.ts";
import { fondear } from "../domain/libro/fondear.ts";
import {
  anulacion,
  cobro,
  cobroDevuelto,
  pago,
  pagoDevuelto,
  reserva,
  reservaDevuelta,
} from "../domain/libro/hechos.ts";
import { liberar, type Transaccion } from "../domain/transaccion.ts";
import type { Anotacion, Escrituras, Estados } from "./ports.ts";

export interface Momento {
  readonly actor: string;
  readonly ahora: Date;
  readonly tiempos: Tiempos;
}

export type Cambios = Changes<Escrituras>;
export const SIN_CAMBIOS: Cambios = {
  writes: {
    payouts: [],
    transacciones: [],
    campanias: [],
    ciclo: null,
    tarifas: [],
    condiciones: [],
    clientes: [],
    asientos: [],
  },
  messages: [],
  feed: [],
};

export interface Aplicado {
  readonly payout: Existente;
  /** null: nothing followed. */
  readonly cambios: Cambios | null;
}

/**
 * Decides commands on one payout, one after the other, and says all that follows: state, history, ledger, messages,
 * feed. `lineas`: the transactions that a new payout takes; one that exists holds its own.
 */
export function aplicar(
  antes: Versioned<Payout>,
  comandos: readonly Comando[],
  estados: Estados,
  m: Momento,
  lineas?: readonly Transaccion[],
): Result<Aplicado, RechazoPayout> {
  let estado = antes.estado;
  const historial: Anotacion[] = [];
  const mensajes: Outgoing[] = [];
  const asientos: Asiento[] = [];
  let campanias: Escrituras["campanias"] = [];
  let feed: FeedEntry[] = [];
  let pasos = 0;
  const version = antes.version + 1;
  for (const comando of comandos) {
    const r = payoutDecider.decide(comando, estado);
    if (!r.ok) return r;
    for (const evento of r.value) {
      const nuevo = payoutDecider.evolve(estado, evento);
      if (nuevo.estado === "inexistente") throw new Error(`${evento.tipo} leads nowhere`);
      if (nuevo.estado !== estado.estado) historial.push(anotacion(estado, evento, nuevo, m));
      mensajes.push(...mensaje(evento, nuevo, version));
      asientos.push(...enElLibro(evento, nuevo, lineas ?? tenidas(nuevo.ficha.id, estados)));
      const fondeada = fondeo(evento, nuevo, estados);
      campanias = fondeada?.campanias ?? campanias;
      asientos.push(...fondeada?.asientos ?? []);
      if (evento.tipo !== "VerificacionAplazada") feed = [{ tipo: "pago", id: nuevo.ficha.id, version }];
      estado = nuevo;
      pasos++;
    }
  }
  if (estado.estado === "inexistente") throw new Error("no command made a payout");
  if (pasos === 0) return ok({ payout: estado, cambios: null });
  const libres = vivo(estado) ? { transacciones: [], asientos: [] } : liberadas(estado.ficha.id, estados);
  return ok({
    payout: estado,
    cambios: {
      writes: {
        ...SIN_CAMBIOS.writes,
        payouts: [{
          payout: estado,
          anterior: antes.version,
          historial,
          proximo: proximo(estado, m.ahora, m.tiempos),
        }],
        transacciones: libres.transacciones,
        campanias,
        asientos: [...asientos, ...libres.asientos],
      },
      messages: mensajes,
      feed,
    },
  });
}

/** Several changes that commit as one. */
export const juntar = (...cs: readonly (Cambios | null)[]): Cambios | null => {
  const dados = cs.filter((c): c is Cambios => c !== null);
  if (dados.length === 0) return null;
  return {
    writes: {
      payouts: dados.flatMap((c) => c.writes.payouts),
      transacciones: dados.flatMap((c) => c.writes.transacciones),
      campanias: dados.flatMap((c) => c.writes.campanias),
      ciclo: dados.find((c) => c.writes.ciclo !== null)?.writes.ciclo ?? null,
      tarifas: dados.flatMap((c) => c.writes.tarifas),
      asientos: dados.flatMap((c) => c.writes.asientos),
      condiciones: dados.flatMap((c) => c.writes.condiciones),
      clientes: dados.flatMap((c) => c.writes.clientes),
    },
    messages: dados.flatMap((c) => c.messages),
    feed: dados.flatMap((c) => c.feed),
  };
};

const tenidas = (id: string, { transacciones }: Estados): readonly Transaccion[] =>
  [...transacciones.values()].map((v) => v.estado).filter((t) => t.payout_id === id);

function liberadas(id: string, estados: Estados): Pick<Escrituras, "transacciones" | "asientos"> {
  const { transacciones } = estados;
  const negativas = [...transacciones.values()].map((v) => v.estado).filter((t) => t.reembolso_de !== null);
  const libres = liberar(tenidas(id, estados), negativas);
  return {
    transacciones: libres.transacciones
      .map((transaccion) => ({ transaccion, anterior: transacciones.get(transaccion.id)?.version ?? 0 })),
    asientos: libres.anuladas.flatMap(anulacion),
  };
}

/** What an event moves. */
function enElLibro(e: Evento, p: Existente, lineas: readonly Transaccion[]): readonly Asiento[] {
  const deCampania = p.ficha.tipo === "CAMPANIA";
  switch (e.tipo) {
    case "PayoutConfirmado":
      return deCampania ? [] : reserva(p, lineas);
    case "PayoutExitoso":
      return deCampania ? cobro(p, e.comision) : pago(p, e.comision);
    case "PayoutFallido":
      return deCampania ? [] : reservaDevuelta(p, lineas);
    case "PayoutRevertido": {
      const fee = p.estado === "REVERTIDO" ? p.comision : null;
      return deCampania ? cobroDevuelto(p, fee) : [...pagoDevuelto(p, fee), ...reservaDevuelta(p, lineas)];
    }
    default:
      return [];
  }
}

/** A campaign without a budget spends what was paid for it: its payment changes what it may spend. */
function fondeo(
  e: Evento,
  { ficha }: Existente,
  { campanias }: Estados,
): Pick<Escrituras, "campanias" | "asientos"> | null {
  const c = ficha.idCampania === null ? undefined : campanias.get(ficha.idCampania);
  if (c === undefined || e.tipo !== "PayoutExitoso" && e.tipo !== "PayoutRevertido") return null;
  const pagado = e.tipo === "PayoutExitoso" ? ficha.monto_total : null;
  const { campania, asientos } = fondear(c.estado, pagado, c.version + 1);
  return campania === c.estado ? null : { campanias: [{ campania, anterior: c.version }], asientos };
}

function anotacion(antes: Payout, e: Evento, nuevo: Existente, m: Momento): Anotacion {
  return {
    estado_anterior: antes.estado === "inexistente" ? null : antes.estado,
    estado_nuevo: nuevo.estado,
    fecha: m.ahora,
    motivo: "motivo" in e ? e.motivo : e.tipo === "PayoutPedido" ? e.espera?.motivo ?? null : null,
    // The worker finishes what a person asked for: the history names the person.
    actor: e.tipo === "PayoutRevertido" ? e.actor : m.actor,
  };
}

/** The few facts that others hear of: on its way, paid, never paid, given back. */
function mensaje(e: Evento, { ficha, partner_id }: Existente, version: number): Outgoing[] {
  const data = {
    idPago: ficha.id,
    tipo: ficha.tipo,
    idCampania: ficha.idCampania,
    idCliente: partner_id,
    monto: montoTexto(ficha.monto_total),
    moneda: ficha.monto_total.moneda,
  };
  const sale = (type: string, resto: object): Outgoing[] => [{
    topic: "eventos.pagos",
    type,
    aggregate_type: "Payout",
    aggregate_id: ficha.id,
    aggregate_version: version,
    data: { ...data, ...resto },
  }];
  switch (e.tipo) {
    case "CampaniaPreguntada":
      return sale("PagoEnEspera.v1", {});
    case "PayoutConfirmado":
      // The campaign's saga waits for an outcome; it knows already of what it asked for itself.
      return ficha.tipo === "CAMPANIA" && !ficha.automatico ? sale("PagoSolicitado.v1", {}) : [];
    case "PayoutExitoso":
      return sale("PagoConfirmado.v1", {
        confirmation_id: ficha.dicho.confirmation_id ?? e.referencia,
        fecha: e.en.toISOString(),
      });
    case "PayoutFallido":
      return sale("PagoFallido.v1", { motivo: e.motivo, fecha: e.en.toISOString() });
    case "PayoutRechazado":
      return sale("PagoFallido.v1", {
        motivo: e.motivo,
        reemplazado_por: e.reemplazado_por,
        fecha: e.en.toISOString(),
      });
    case "PayoutRevertido":
      return sale("PagoRevertido.v1", { motivo: e.motivo, fecha: e.en.toISOString() });
    default:
      return [];
  }
}
