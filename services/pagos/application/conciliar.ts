import { actorName } from "@alpes/shared/seedwork/actor.ts";
import type { Dinero } from "@alpes/shared/seedwork/money.ts";
import type { ListRequest, Page } from "@alpes/shared/seedwork/pages.ts";
import { type NoVisible, permitido, PROHIBIDO } from "@alpes/shared/seedwork/policy.ts";
import { err, ok, type Result } from "@alpes/shared/seedwork/result.ts";
import type { RequestContext } from "@alpes/shared/seedwork/unit_of_work.ts";
import type { Tiempos } from "../domain/agenda.ts";
import { probar, type Prueba } from "./asentar.ts";
import { NADA, type Pagos, type UnidadPagos } from "./ports.ts";
import { SIN_CAMBIOS } from "./aplicar.ts";

/** A line of a settlement file, read and judged for itself. `linea`: where it stands, the header being 1. */
export interface FilaLiquidacion {
  readonly linea: number;
  readonly clave: string;
  readonly estado: "PAGADO" | "NO_PAGADO" | "DEVUELTO";
  readonly referencia: string | null;
  readonly monto: Dinero;
  readonly comision: Dinero | null;
  readonly fecha: Date;
}
/** A settlement file that says something of the same payment twice: which lines, and where each was first. */
export class LineasRepetidas extends Error {
  override readonly name = "LineasRepetidas";
  constructor(readonly lineas: readonly { readonly linea: number; readonly primera: number }[]) {
    super("a settlement file repeats a line");
  }
}

export type ResultadoConciliacion = "COINCIDE" | "SOLO_PROVEEDOR" | "SOLO_NUESTRO" | "DISTINTO";

/** One line of the outcome; of SOLO_NUESTRO there is none of the file. */
export interface FilaConciliada {
  readonly n: number;
  readonly linea: number | null;
  readonly clave: string;
  readonly payout_id: string | null;
  readonly estado: FilaLiquidacion["estado"] | null;
  readonly referencia: string | null;
  readonly monto: Dinero;
  readonly comision: Dinero | null;
  readonly fecha: Date | null;
  readonly resultado: ResultadoConciliacion;
  readonly diferencia: string | null;
  readonly por_saldar: boolean;
}

export interface Conciliacion {
  readonly id: string;
  /** SALDADA: every payout that it proves something of is settled by it. */
  readonly estado: "CARGADA" | "SALDADA";
  /** Lines of the file. */
  readonly filas: number;
  readonly coinciden: number;
  readonly solo_proveedor: number;
  readonly solo_nuestro: number;
  readonly distintos: number;
  /** Of how many open payouts it proved what became of them, when it came. */
  readonly por_saldar: number;
  /** The first and the last moment that it names. */
  readonly desde: Date | null;
  readonly hasta: Date | null;
  readonly actor: string;
  readonly creada: Date;
}

/** Where settlement files are kept and matched with our attempts. */
export interface Conciliaciones {
  /**
   * Reads and matches all lines, so that nobody sees them yet; all or nothing, also when `filas` throws. What a dead
   * process left of the same file is replaced; null: the file is known already.
   */
  preparar(id: string, actor: string, filas: AsyncIterable<FilaLiquidacion>): Promise<Conciliacion | null>;
  obtener(id: string): Promise<Conciliacion | null>;
  listar(pedido: ListRequest<"creada", Record<never, never>>): Promise<Page<Conciliacion>>;
  filas(
    id: string,
    pedido: ListRequest<"n", { readonly resultado: ResultadoConciliacion | null }>,
  ): Promise<Page<FilaConciliada>>;
  /** What is still to be settled by it, the first lines first. */
  porSaldar(id: string, max: number): Promise<readonly FilaConciliada[]>;
  /** It is settled; `diferencia`: it could not be, and this is why. */
  saldada(id: string, n: number, diferencia: string | null): Promise<void>;
  /** Nothing of it is left to settle. */
  cerrar(id: string): Promise<void>;
}

export interface Conciliado {
  readonly conciliacion: Conciliacion;
  readonly nueva: boolean;
}
const A_LA_VEZ = 16;

/**
 * Takes a settlement file: matches it, keeps the outcome, and settles the open payouts that it proves something of.
 * The same file again changes nothing, and finishes what an interrupted one left.
 */
export const conciliar =
  (uow: UnidadPagos, pagos: Pick<Pagos, "intento">, conciliaciones: Conciliaciones, tiempos: Tiempos) =>
  async (
    context: RequestContext,
    id: string,
    filas: () => AsyncIterable<FilaLiquidacion>,
  ): Promise<Result<Conciliado, typeof PROHIBIDO>> => {
    if (permitido(context.actor, "conciliaciones.crear", []) !== "si") return err(PROHIBIDO);
    const prueba = probar(uow, pagos, tiempos);
    const actor = actorName(context.actor);
    const nueva = await conciliaciones.obtener(id) === null
      ? await conciliaciones.preparar(id, actor, filas())
      : null;
    const antes = nueva ?? await conciliaciones.obtener(id);
    if (antes === null) throw new Error(`${id} was neither kept nor known`);
    const r = await uow.ejecutar(
      context,
      NADA,
      () =>
        ok({
          value: { conciliacion: antes, nueva: nueva !== null },
          changes: { ...SIN_CAMBIOS, writes: { ...SIN_CAMBIOS.writes, conciliacion: id } },
        }),
    );
    if (!r.ok) return r;
    const deFila: RequestContext = { ...context, dedup: null };
    for (;;) {
      const pendientes = await conciliaciones.porSaldar(id, 512);
      if (pendientes.length === 0) break;
      await aLaVez(pendientes, A_LA_VEZ, async (f) => {
        const que = pruebaDe(f);
        const s = que === null ? null : await prueba(deFila, que);
        await conciliaciones.saldada(id, f.n, s === null || s.ok ? null : s.error.tipo);
      });
    }
    await conciliaciones.cerrar(id);
    return r;
  };

function pruebaDe(f: FilaConciliada): Prueba | null {
  const { clave, monto, comision, referencia } = f;
  if (f.estado === "NO_PAGADO") {
    const razon = "el archivo de liquidación dice que no se pagó";
    return { clave, monto, resultado: { tipo: "no_pagado", razon } };
  }
  if (f.estado !== "PAGADO" || referencia === null) return null;
  return { clave, monto, resultado: { tipo: "pagado", referencia, comision } };
}

async function aLaVez<T>(cosas: readonly T[], n: number, hacer: (c: T) => Promise<void>): Promise<void> {
  const cola = cosas.values();
  await Promise.all(Array.from({ length: n }, async () => {
    for (const c of cola) await hacer(c);
  }));
}

export type ConsultasConciliaciones = ReturnType<typeof consultasConciliaciones>;
/** The reads, each for who asks. */
export function consultasConciliaciones(conciliaciones: Conciliaciones) {
  const puede = (context: Pick<RequestContext, "actor">) =>
    permitido(context.actor, "conciliaciones.leer", []) === "si";
  return {
    async listar(context: Pick<RequestContext, "actor">, pedido: Parameters<Conciliaciones["listar"]>[0]) {
      return puede(context) ? ok(await conciliaciones.listar(pedido)) : err(PROHIBIDO);
    },
    async obtener(
      context: Pick<RequestContext, "actor">,
      id: string,
    ): Promise<Result<Conciliacion, NoVisible>> {
      if (!puede(context)) return err(PROHIBIDO);
      const c = await conciliaciones.obtener(id);
      return c === null ? err({ tipo: "no_existe" }) : ok(c);
    },
    async filas(
      context: Pick<RequestContext, "actor">,
      id: string,
      pedido: Parameters<Conciliaciones["filas"]>[1],
    ): Promise<Result<Page<FilaConciliada>, NoVisible>> {
      if (!puede(context)) return err(PROHIBIDO);
      if (await conciliaciones.obtener(id) === null) return err({ tipo: "no_existe" });
      return ok(await conciliaciones.filas(id, pedido));
    },
  };
}
