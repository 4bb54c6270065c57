import type { MemoryStore } from "@alpes/shared/adapters/memory/unit_of_work.ts";
import type { Clock } from "@alpes/shared/seedwork/clock.ts";
import type { Versioned } from "@alpes/shared/seedwork/decider.ts";
import { ConcurrencyError } from "@alpes/shared/seedwork/unit_of_work.ts";
import type { Campania } from "../domain/campania.ts";
import { type Ciclo, enCiclo } from "../domain/ciclo.ts";
import type { ClienteConocido, Condiciones } from "../domain/condiciones.ts";
import { type Existente, vivo } from "../domain/payout.ts";
import { type Tarifa, TARIFAS_POR_DEFECTO } from "../domain/tarifas.ts";
import { porLiberar, type Transaccion } from "../domain/transaccion.ts";
import type { Agenda, Anotacion, Escrituras, Estados, Ids, Retenidas } from "../application/ports.ts";
import { asentarEnMemoria, type EstadoLibro } from "./memory_libro.ts";

interface Guardado extends Versioned<Existente> {
  readonly actualizado: Date;
  readonly correlacion: string;
  readonly traceparent: string | null;
}
export interface EstadoPagos {
  readonly payouts: Map<string, Guardado>;
  /** When the next step of a payout is due. */
  readonly agenda: Map<string, Date>;
  readonly historial: Map<string, Anotacion[]>;
  readonly transacciones: Map<string, Versioned<Transaccion>>;
  /** The lines that make a payout's total, also once it is dead. */
  readonly lineas: Map<string, Set<string>>;
  readonly campanias: Map<string, Versioned<Campania>>;
  readonly ciclos: Map<string, Ciclo>;
  readonly tarifas: Map<string, Tarifa>;
  readonly libro: EstadoLibro;
  readonly condiciones: Map<string, Versioned<Condiciones>>;
  readonly clientes: Map<string, ClienteConocido>;
}

const avanza = (
  mapa: ReadonlyMap<string, { readonly version: number }>,
  id: string,
  anterior: number,
): number => {
  if ((mapa.get(id)?.version ?? 0) !== anterior) {
    throw new ConcurrencyError(`${id} is no longer at version ${anterior}`);
  }
  return anterior + 1;
};

/** Pagos in memory: for tests, with the promises of the PostgreSQL adapter. */
export const memoryPagos: MemoryStore<EstadoPagos, Ids, Estados, Escrituras> = {
  inicial: {
    payouts: new Map(),
    agenda: new Map(),
    historial: new Map(),
    transacciones: new Map(),
    lineas: new Map(),
    campanias: new Map(),
    ciclos: new Map(),
    tarifas: new Map(TARIFAS_POR_DEFECTO.map((t) => [t.id, t])),
    libro: { asientos: new Map(), saldos: new Map() },
    condiciones: new Map(),
    clientes: new Map(),
  },

  load(s, ids) {
    const { clave } = ids;
    const ciclo = s.ciclos.get(ids.ciclo ?? clave?.cycle_id ?? "") ?? null;
    const suyos = (p: Existente) =>
      vivo(p) &&
      (p.ficha.tipo === "CAMPANIA" && ids.campanias.includes(p.ficha.idCampania ?? "") ||
        clave !== null && p.partner_id === clave.partner_id && p.ficha.cycle_id === clave.cycle_id);
    const payouts = new Map(
      [...s.payouts].filter(([id, { estado }]) => ids.payouts.includes(id) || suyos(estado)),
    );
    const tenidas = new Set(
      [...s.transacciones.values()].filter(({ estado: t }) =>
        ids.lineas && ids.payouts.includes(t.payout_id ?? "")
      )
        .map(({ estado }) => estado.id),
    );
    const transacciones = new Map(
      [...s.transacciones].filter(([id, { estado: t }]) =>
        ids.transacciones.includes(id) || tenidas.has(id) || tenidas.has(t.reembolso_de ?? "") ||
        clave?.partner_id === t.partner_id && t.payout_id === null && t.por_pagar &&
          (t.reembolso_de !== null || ciclo !== null && enCiclo(ciclo, t))
      ),
    );
    const suyas = [...payouts.values()].map((v) => v.estado.ficha.idCampania);
    const campanias = new Map(
      [...s.campanias].filter(([id]) => ids.campanias.includes(id) || suyas.includes(id)),
    );
    const sirven = ({ eventos, partners, marcas }: NonNullable<Ids["tarifas"]>, t: Tarifa) =>
      eventos.includes(t.event_type) &&
      (t.ambito_id === null || (t.ambito === "PARTNER" ? partners : marcas).includes(t.ambito_id));
    const tarifas = new Map(
      [...s.tarifas].filter(([id, t]) => id === ids.tarifa || ids.tarifas !== null && sirven(ids.tarifas, t)),
    );
    const condiciones = new Map([...s.condiciones].filter(([id]) => ids.condiciones.includes(id)));
    const clientes = new Map([...s.clientes].filter(([id]) => ids.clientes.includes(id)));
    return { payouts, campanias, transacciones, ciclo, tarifas, condiciones, clientes };
  },

  save(s, e, { ahora, context }) {
    for (const { payout, anterior, historial, proximo } of e.payouts) {
      const { id } = payout.ficha;
      const version = avanza(s.payouts, id, anterior);
      const { correlation_id: correlacion, traceparent } = context;
      const origen = s.payouts.get(id) ?? { correlacion, traceparent };
      s.payouts.set(id, { ...origen, estado: payout, version, actualizado: ahora });
      s.historial.set(id, [...s.historial.get(id) ?? [], ...historial]);
      if (proximo === null) s.agenda.delete(id);
      else s.agenda.set(id, proximo);
    }
    for (const { transaccion: t, anterior } of e.transacciones) {
      s.transacciones.set(t.id, { estado: t, version: avanza(s.transacciones, t.id, anterior) });
      if (t.payout_id !== null) s.lineas.set(t.payout_id, (s.lineas.get(t.payout_id) ?? new Set()).add(t.id));
    }
    for (const { campania, anterior } of e.campanias) {
      const version = avanza(s.campanias, campania.idCampania, anterior);
      s.campanias.set(campania.idCampania, { estado: campania, version });
    }
    for (const t of e.tarifas) s.tarifas.set(t.id, t);
    for (const { condiciones: c, anterior } of e.condiciones) {
      s.condiciones.set(c.partner_id, { estado: c, version: avanza(s.condiciones, c.partner_id, anterior) });
    }
    for (const c of e.clientes) s.clientes.set(c.id, c);
    if (e.ciclo !== null) s.ciclos.set(e.ciclo.id, e.ciclo);
    unicas(s);
    asentarEnMemoria(s.libro, e.asientos, ahora, context);
  },
};

/** What the unique indexes hold in PostgreSQL. */
function unicas(s: EstadoPagos): void {
  const vistas = new Set<string>();
  for (const { estado: p } of s.payouts.values()) {
    if (!vivo(p)) continue;
    const claves = [
      ...(p.partner_id === null ? [] : [`${p.partner_id} ${p.ficha.cycle_id} ${p.ficha.monto_total.moneda}`]),
      ...(p.ficha.tipo === "CAMPANIA" ? [`campania ${p.ficha.idCampania}`] : []),
    ];
    for (const c of claves) {
      if (vistas.has(c)) throw new ConcurrencyError(`two live payouts for ${c}`);
      vistas.add(c);
    }
  }
}

/** Whose step it is: the saga asks for a reversal by a message, and for the payment that is automatic. */
const pasoDe = (p: Existente | undefined): string | null =>
  p?.reversion?.actor.startsWith("servicio:")
    ? "RevertirPago"
    : p !== undefined && p.reversion === null && p.ficha.automatico
    ? "ProcesarPago"
    : null;

/** The held ones over the same state. */
export const memoryRetenidas = (state: () => EstadoPagos, clock: Clock): Retenidas => ({
  debidas(max) {
    const ahora = clock();
    const debidas = [...state().transacciones.values()].map((v) => v.estado)
      .filter((t) => porLiberar(t, ahora)).sort((a, b) => a.libera.getTime() - b.libera.getTime());
    return Promise.resolve(debidas.slice(0, max).map((t) => t.id));
  },
});

/** The agenda over the same state; its leases are as volatile. */
export const memoryAgenda = (state: () => EstadoPagos, clock: Clock): Agenda => ({
  tomar(max, arriendo) {
    const { agenda, payouts } = state();
    const ahora = clock();
    const debidas = [...agenda].filter(([, en]) => en <= ahora)
      .sort(([, a], [, b]) => a.getTime() - b.getTime()).slice(0, max);
    return Promise.resolve(debidas.map(([id]) => {
      agenda.set(id, new Date(ahora.getTime() + arriendo));
      const p = payouts.get(id);
      return {
        id,
        correlacion: p?.correlacion ?? id,
        traceparent: p?.traceparent ?? null,
        saga_paso: pasoDe(p?.estado),
      };
    }));
  },
  falta() {
    const ahora = clock().getTime();
    const ms = [...state().agenda.values()].map((en) => en.getTime() - ahora);
    return Promise.resolve(ms.length === 0 ? null : Math.min(...ms));
  },
});
