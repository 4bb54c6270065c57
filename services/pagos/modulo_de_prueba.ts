import { v7 } from "uuid";
import { memoryUnitOfWork } from "@alpes/shared/adapters/memory/unit_of_work.ts";
import { type Database, openDatabase } from "@alpes/shared/adapters/postgres/database.ts";
import { postgresUnitOfWork } from "@alpes/shared/adapters/postgres/unit_of_work.ts";
import { dinero, type Moneda } from "@alpes/shared/seedwork/money.ts";
import type { Outgoing, RequestContext } from "@alpes/shared/seedwork/unit_of_work.ts";
import { freshDatabase } from "@alpes/shared/testing/database.ts";
import type { Dias } from "@alpes/shared/seedwork/series.ts";
import { memoryAgenda, memoryPagos, memoryRetenidas } from "./adapters/memory.ts";
import { memoryConsultasPagos } from "./adapters/memory_consultas.ts";
import { memoryLibro } from "./adapters/memory_libro_consultas.ts";
import { postgresLibro } from "./adapters/postgres_libro_consultas.ts";
import { postgresAgenda, postgresRetenidas } from "./adapters/postgres_agenda.ts";
import { postgresConsultasPagos } from "./adapters/postgres_consultas.ts";
import { postgresLiquidaciones } from "./adapters/postgres_liquidaciones.ts";
import { postgresAgendaLiquidaciones } from "./adapters/postgres_liquidaciones_agenda.ts";
import { postgresConsultasLiquidaciones } from "./adapters/postgres_liquidaciones_consultas.ts";
import { postgresPagos } from "./adapters/postgres.ts";
import { type ComandosPagos, comandosPagos } from "./application/comandos.ts";
import { type ConsultasPagos, consultasPagos } from "./application/consultas.ts";
import { comandosLiquidaciones } from "./application/liquidaciones.ts";
import { consultasLiquidaciones } from "./application/liquidaciones_consultas.ts";
import type { PedidoCampania } from "./application/pedir_campania.ts";
import type { PedidoPartner } from "./application/pedir_partner.ts";
import { type ConsultasLibro, consultasLibro, type Libro } from "./application/libro.ts";
import type { Agenda, FiltroPagos, Pagos, Retenidas, UnidadPagos } from "./application/ports.ts";
import type { EntradaTransaccion } from "./application/transacciones.ts";
import { TIEMPOS, type Tiempos } from "./domain/agenda.ts";

/** The module without HTTP and bus, over one of its adapters, for tests. */
export interface ModuloDePrueba extends AsyncDisposable {
  readonly uow: UnidadPagos;
  readonly comandos: ComandosPagos;
  /** The read side, as who sees everything has it. */
  readonly pagos: ReturnType<typeof sinReservas>;
  readonly consultas: ConsultasPagos;
  /** The ledger's read side, for who sees everything, and by the policy. */
  readonly asientos: Libro;
  readonly libro: ConsultasLibro;
  readonly retenidas: Retenidas;
  readonly agenda: Agenda;
  /** Everything that was put into the outbox, in order. */
  readonly mensajes: () => Promise<readonly Pick<Outgoing, "type" | "data">[]>;
}

/** Waits are short, so that tests need not wait; what nobody should reach is long. */
export const TIEMPOS_DE_PRUEBA: Tiempos = {
  ...TIEMPOS,
  automatico: 0,
  rescate: 200,
  primeraConsulta: 20,
  ultimaConsulta: 200,
};

const sinReservas = (p: Pagos) => ({
  obtener: (id: string) => p.obtener(id, null),
  listar: (pedido: Parameters<Pagos["listar"]>[0], visible: string | null = null) =>
    p.listar(pedido, visible),
  sumas: (filtro: FiltroPagos, visible: string | null = null) => p.sumas(filtro, visible),
  serie: (dias: Dias, visible: string | null = null) => p.serie(dias, visible),
  historial: (id: string) => p.historial(id, null),
  transaccion: p.transaccion,
  transacciones: (pedido: Parameters<Pagos["transacciones"]>[0], visible: string | null = null) =>
    p.transacciones(pedido, visible),
  ciclos: p.ciclos,
  tarifas: (pedido: Parameters<Pagos["tarifas"]>[0], visible: string | null = null) =>
    p.tarifas(pedido, visible),
  condiciones: p.condiciones,
  tarifa: (id: string, visible: string | null = null) => p.tarifa(id, visible),
});

export function enMemoria(
  tiempos: Tiempos = TIEMPOS_DE_PRUEBA,
  clock = () => new Date(),
  retencion = 0,
): Promise<ModuloDePrueba> {
  const uow = memoryUnitOfWork(memoryPagos, { clock, newId: v7 });
  const pagos = memoryConsultasPagos(uow.state);
  const asientos = memoryLibro(() => uow.state().libro);
  return Promise.resolve({
    uow,
    pagos: sinReservas(pagos),
    consultas: consultasPagos(pagos),
    comandos: comandosPagos({ uow, pagos, newId: v7, dormir: () => Promise.resolve(), tiempos, retencion }),
    asientos,
    libro: consultasLibro(asientos, pagos),
    retenidas: memoryRetenidas(uow.state, clock),
    agenda: memoryAgenda(uow.state, clock),
    mensajes: () => Promise.resolve(uow.outbox.map((o) => o.message)),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
}

export async function enPostgres(
  tiempos: Tiempos = TIEMPOS_DE_PRUEBA,
  retencion = 0,
): Promise<
  ModuloDePrueba & {
    readonly db: Database;
    readonly url: string;
    readonly lecturas: Pagos;
    readonly liquidaciones: LiquidacionesDePrueba;
  }
> {
  const resources = new AsyncDisposableStack();
  const fresh = resources.use(await freshDatabase());
  const db = resources.use(openDatabase({ url: fresh.url, role: "alpes_pagos", max: 16 }));
  const uow = postgresUnitOfWork(db, postgresPagos, { newId: v7 });
  const pagos = postgresConsultasPagos(db);
  const asientos = postgresLibro(db);
  return {
    db,
    url: fresh.url,
    liquidaciones: liquidacionesDePrueba(db),
    lecturas: pagos,
    uow,
    pagos: sinReservas(pagos),
    consultas: consultasPagos(pagos),
    comandos: comandosPagos({
      uow,
      pagos,
      newId: v7,
      dormir: (ms) => new Promise((r) => setTimeout(r, ms)),
      tiempos,
      retencion,
    }),
    asientos,
    libro: consultasLibro(asientos, pagos),
    retenidas: postgresRetenidas(db),
    agenda: postgresAgenda(db),
    mensajes: async () =>
      (await db.query<{ m: Outgoing }>("select mensaje as m from mensajeria.outbox order by id")).map((f) =>
        f.m
      ),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

export type LiquidacionesDePrueba = ReturnType<typeof liquidacionesDePrueba>;
/** Payout runs have no adapter in memory: their plan is statements over all transactions. */
function liquidacionesDePrueba(db: Database) {
  const uow = postgresUnitOfWork(db, postgresLiquidaciones, { newId: v7 });
  return {
    comandos: comandosLiquidaciones({ uow, newId: v7, cuatroOjos: true }),
    consultas: consultasLiquidaciones(postgresConsultasLiquidaciones(db)),
    agenda: postgresAgendaLiquidaciones(db),
  };
}

export const contexto = (cambios: Partial<RequestContext> = {}): RequestContext => ({
  actor: { tipo: "persona", id: "ana", roles: ["operador"], cliente: null },
  correlation_id: "sol-1",
  causation_id: "sol-1",
  traceparent: null,
  dedup: null,
  ...cambios,
});
/** The same for what messages do. */
export const mensaje = () => contexto({ actor: { tipo: "servicio", id: "pagos" } });
const NADA_DICHO = { confirmation_id: null, failure_reason: null, processed_at: null, completed_at: null };
const monto = (valor: string | undefined) => valor === undefined ? null : { valor, moneda: null };

export const partner = (
  partner_id: string,
  cycle_id: string,
  { total, mascara = null, ...resto }: Partial<PedidoPartner> & { total?: string; mascara?: string | null } =
    {},
): PedidoPartner => ({
  id: null,
  partner_id,
  cycle_id,
  monto: monto(total),
  moneda: null,
  metodo_pago: { tipo: "TARJETA", mascara },
  dicho: NADA_DICHO,
  ...resto,
});
export const campania = (
  idCampania: string,
  { total, mascara = null, ...resto }: Partial<PedidoCampania> & { total?: string; mascara?: string | null } =
    {},
): PedidoCampania => ({
  id: null,
  idCampania,
  idCliente: null,
  monto: monto(total),
  moneda: null,
  automatico: false,
  metodo_pago: { tipo: "TARJETA", mascara },
  dicho: NADA_DICHO,
  ...resto,
});
/** What the saga sends. */
export const automatico = (
  idPago: string,
  idCampania: string,
  idCliente: string,
  total: string,
): PedidoCampania =>
  campania(idCampania, {
    id: idPago,
    idCliente,
    monto: { valor: total, moneda: "USD" },
    moneda: "USD",
    automatico: true,
  });

export const venta = (
  id: string,
  partner_id: string,
  cambios: Partial<EntradaTransaccion> = {},
): EntradaTransaccion => ({
  id,
  partner_id,
  idCampania: null,
  brand_id: null,
  event_type: "VENTA",
  event_timestamp: new Date("2026-01-15T12:00:00Z"),
  monto_original: { valor: "100.00", moneda: "USD" },
  comision: null,
  moneda: null,
  ...cambios,
});

export const TODO: FiltroPagos = {
  partner_id: null,
  cycle_id: null,
  idCampania: null,
  estado: null,
  tipo: null,
  moneda: null,
  desde: null,
  hasta: null,
  monto_min: null,
  monto_max: null,
  search: null,
  aproximada: false,
};

/** A campaign as its messages make it known here. */
export async function conCampania(
  { comandos }: Pick<ModuloDePrueba, "comandos">,
  idCampania: string,
  { presupuesto, anticipo, aprobada = false, moneda = "USD" }: {
    presupuesto?: bigint;
    anticipo?: bigint;
    aprobada?: boolean;
    moneda?: Moneda;
  } = {},
): Promise<void> {
  const par = (u: bigint | undefined) => u === undefined ? null : dinero(u, moneda);
  await comandos.anotarCampania(mensaje(), idCampania, {
    tipo: "creada",
    idCampania,
    idCliente: `cliente-de-${idCampania}`,
    presupuesto: par(presupuesto),
    anticipo: par(anticipo),
  });
  if (aprobada) await comandos.anotarCampania(mensaje(), idCampania, { tipo: "estado", estado: "APROBADA" });
}
