import type { ListRequest, Page } from "@alpes/shared/seedwork/pages.ts";
import type { UnitOfWork } from "@alpes/shared/seedwork/unit_of_work.ts";
import type { Versioned } from "@alpes/shared/seedwork/decider.ts";
import type { Dias, Series } from "@alpes/shared/seedwork/series.ts";
import type { Cliente, Estado, Ficha, Pagos } from "../domain/cliente.ts";

/** Fields that no two clientes share, in the order in which a clash is reported. */
export const UNICOS = ["email", "cedula", "rut", "referencia_externa"] as const;
export type Unico = (typeof UNICOS)[number];

export interface Ids {
  readonly cliente: string;
  /** Values whose uniqueness the decision depends on. */
  readonly unicos: Readonly<Record<Unico, string | null>> | null;
  readonly pago: string | null;
}

export interface Estados {
  readonly cliente: Versioned<Cliente>;
  /** Which of `Ids.unicos` belong to another cliente. */
  readonly ocupados: readonly Unico[];
  /** Live payments of this id, registered or not. */
  readonly pagos: Pagos;
  /** Whether `Ids.pago` is among them, and the latest of the others. */
  readonly pago: { readonly vigente: boolean; readonly ultimoDeOtros: Date | null };
}

export interface Escrituras {
  readonly cliente: {
    readonly id: string;
    readonly estado: Exclude<Cliente, { estado: "inexistente" }>;
    readonly anterior: number;
    readonly historial: { readonly accion: string; readonly motivo: string | null } | null;
  } | null;
  /** A payment to keep (`fecha`) or to forget (`null`). */
  readonly pago:
    | { readonly id_cliente: string; readonly id_pago: string; readonly fecha: Date | null }
    | null;
  /** Whose older traces go the way of its data: reasons, kept answers, and what messages say of it. */
  readonly borrar: Rastros | null;
}

/** What a cliente is called now wherever older copies called it something else. */
export interface Rastros {
  readonly id: string;
  readonly publico: Readonly<Record<keyof Ficha, string | null>>;
}

export type UnidadCliente = UnitOfWork<Ids, Estados, Escrituras>;

/** A cliente as it is read: flat, with its version. */
export type Vista = Ficha & {
  readonly id: string;
  readonly estado: Estado;
  readonly fecha_registro: Date;
  readonly total_pagos: number;
  readonly ultimo_pago: Date | null;
  readonly version: number;
  /** 0..1, only in an approximate search. */
  readonly relevancia?: number;
};

export type Orden = "nombre" | "fecha_registro";

export interface Filtro {
  readonly ids: readonly string[] | null;
  readonly search: string | null;
  /** Forgive a wrong, missing or transposed letter, and order by how well a row fits. */
  readonly aproximada: boolean;
  readonly estado: Estado | null;
  readonly tipo_cliente: Ficha["tipo_cliente"] | null;
  /** Days of `fecha_registro`, both included, in UTC. */
  readonly desde: string | null;
  readonly hasta: string | null;
}

export interface Estadisticas {
  readonly total: number;
  readonly por_estado: Readonly<Record<Estado, number>>;
  readonly por_tipo: Readonly<Record<Ficha["tipo_cliente"], number>>;
  readonly nuevos_30_dias: number;
}

export interface Anotacion {
  readonly version: number;
  readonly accion: string;
  readonly motivo: string | null;
  readonly actor: string;
  readonly correlacion: string;
  readonly fecha: Date;
}

/** The read side. Sees what has been committed, at once. `visible`: only this cliente (`null`: all of them). */
export interface Clientes {
  obtener(id: string): Promise<Vista | null>;
  listar(pedido: ListRequest<Orden, Filtro>, visible: string | null): Promise<Page<Vista>>;
  estadisticas(visible: string | null): Promise<Estadisticas>;
  /** By when they registered. */
  serie(dias: Dias, visible: string | null): Promise<Series>;
  /** Oldest first; null when there is no such cliente. */
  historial(id: string): Promise<readonly Anotacion[] | null>;
  /** The live payments of this id, oldest first. */
  pagos(id: string): Promise<readonly { readonly id_pago: string; readonly fecha: Date }[]>;
}

/** Copies that messages hold of a cliente's data, on their way and until they are pruned. */
export interface Copias {
  /** Makes those of this id say what `rastros` says; how many did not. */
  limpiar(rastros: Rastros): Promise<number>;
}
