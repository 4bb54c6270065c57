import type { Versioned } from "@alpes/shared/seedwork/decider.ts";
import type { Dinero } from "@alpes/shared/seedwork/money.ts";
import type { ListRequest, Page } from "@alpes/shared/seedwork/pages.ts";
import type { UnitOfWork } from "@alpes/shared/seedwork/unit_of_work.ts";
import type { Dias, Series } from "@alpes/shared/seedwork/series.ts";
import type { Datos, TipoCampania } from "../domain/datos.ts";
import type { Campania, EstadoCampania, Existente } from "../domain/estado.ts";
import type { Evento } from "../domain/eventos.ts";
import type { EstadoSaga, Saga } from "../domain/saga.ts";

export interface Ids {
  readonly campania: string;
}

export interface Estados {
  readonly campania: Versioned<Campania>;
  readonly saga: Saga;
}

export interface EventoNuevo {
  readonly event_id: string;
  readonly evento: Evento;
}

/** The events that follow version `anterior`, and what they make of the campaign and its saga. */
export interface Escritura {
  readonly id: string;
  readonly anterior: number;
  readonly eventos: readonly EventoNuevo[];
  readonly campania: Existente;
  /** `null`: as it was. */
  readonly saga: Saga | null;
}

/** `null`: nothing is written of a campaign, something is only said. */
export type Escrituras = Escritura | null;

/**
 * Besides what every unit of work promises: events are only ever added, at the version that was expected; projection
 * and saga are written in the same transaction.
 */
export type UnidadCampanias = UnitOfWork<Ids, Estados, Escrituras>;

/** A campaign as it is read: flat, with its version. */
export type Vista = Datos & {
  readonly id: string;
  readonly idCliente: string;
  readonly gasto: Dinero | null;
  readonly estado: EstadoCampania;
  readonly motivo: string | null;
  readonly pago_asociado_id: string | null;
  readonly fecha_creacion: Date;
  readonly fecha_aprobacion: Date | null;
  readonly fecha_cancelacion: Date | null;
  readonly version: number;
  /** 0..1, only in an approximate search. */
  readonly relevancia?: number;
};

export interface EventoVisto {
  readonly version: number;
  readonly evento: Evento;
  readonly event_id: string;
}

export type Orden = "fecha_creacion" | "nombre";

export interface Filtro {
  readonly ids: readonly string[] | null;
  /** Any of these. */
  readonly estados: readonly EstadoCampania[] | null;
  readonly idCliente: string | null;
  readonly tipo_campania: TipoCampania | null;
  /** Days of `fecha_creacion`, both included, in UTC. */
  readonly desde: string | null;
  readonly hasta: string | null;
  /** Part of the id, the cliente's id or the name; accents and case ignored. */
  readonly search: string | null;
  /** Forgive a wrong, missing or transposed letter, and order by how well a row fits. */
  readonly aproximada: boolean;
}

export interface Estadisticas {
  readonly total: number;
  readonly por_estado: Readonly<Record<EstadoCampania, number>>;
  readonly por_tipo: Readonly<Record<TipoCampania, number>>;
  /** How many were ever approved. */
  readonly aprobadas: number;
}

export interface SagaVista {
  readonly id: string;
  readonly saga: Saga;
  readonly actualizada: Date;
}

/** The read side. Sees what has been committed, at once. `visible`: only what belongs to this cliente (`null`: all). */
export interface Campanias {
  obtener(id: string, visible: string | null): Promise<Vista | null>;
  listar(pedido: ListRequest<Orden, Filtro>, visible: string | null): Promise<Page<Vista>>;
  estadisticas(idCliente: string | null, visible: string | null): Promise<Estadisticas>;
  /** By when they were created. */
  serie(dias: Dias, visible: string | null): Promise<Series>;
  /** Oldest first, versions 1..n; those up to `hasta` where it is given. Empty: no such campaign (yet). */
  eventos(id: string, hasta: Date | null, visible: string | null): Promise<readonly EventoVisto[]>;
  /** null: no such campaign. */
  saga(id: string, visible: string | null): Promise<Saga | null>;
  /** The longest untouched first. */
  sagas(
    pedido: ListRequest<"actualizada", { readonly estado: EstadoSaga | null }>,
    visible: string | null,
  ): Promise<Page<SagaVista>>;
}

/** A saga whose deadline has passed on the database's clock. */
export interface Vencida {
  readonly id: string;
  readonly plazo: Date;
  readonly solicitud: string;
}

/** Where overdue sagas are found. Several processes may be told of the same one: handling it twice is harmless. */
export interface Vencimientos {
  vencidas(limite: number): Promise<readonly Vencida[]>;
}

/** A projection that can be made again from the events. */
export interface Proyeccion {
  readonly nombre: string;
  readonly estado: "AL_DIA" | "RECONSTRUYENDO";
  readonly total: number;
  readonly hechas: number;
  readonly inicio: Date | null;
  readonly fin: Date | null;
  readonly actor: string | null;
}

/**
 * Rebuilds projections in place, a chunk at a time, each under its campaigns' locks: readers see the old row or the new
 * one, never none, and writers wait for their own campaign only. What was begun is durable: any process goes on with it.
 */
/** Who asked for a rebuild, by which operation and request: what the audit log has of it. */
export interface Quien {
  readonly actor: string;
  readonly accion: string;
  readonly correlacion: string;
}
export interface Reconstructor {
  proyecciones(): Promise<readonly Proyeccion[]>;
  /** Begins, or leaves it be when it is under way; null: there is no such projection. */
  empezar(nombre: string, quien: Quien): Promise<Proyeccion | null>;
  /** Does the next chunk of what is under way; false: nothing is left. */
  tramo(limite: number): Promise<boolean>;
}
