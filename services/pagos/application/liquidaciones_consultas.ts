import type { Actor } from "@alpes/shared/seedwork/actor.ts";
import type { Moneda } from "@alpes/shared/seedwork/money.ts";
import type { ListRequest, Page } from "@alpes/shared/seedwork/pages.ts";
import { permitido, PROHIBIDO } from "@alpes/shared/seedwork/policy.ts";
import { err, ok, type Result } from "@alpes/shared/seedwork/result.ts";
import type { EstadoLiquidacion, Liquidacion } from "../domain/liquidacion.ts";
import type { Estado } from "../domain/payout.ts";
import type { Exclusion, Linea, Motivo } from "../domain/plan.ts";

export interface LiquidacionVista {
  readonly liquidacion: Liquidacion;
  readonly version: number;
  readonly avance: Avance;
}
/** How far it is applied; the clock is the database's. */
export interface Avance {
  readonly hechos: number;
  readonly ahora: Date;
}
export interface LineaVista {
  readonly linea: Linea;
  /** Of its payout; null before the run is applied. */
  readonly estado: Estado | null;
}
/** Whom the run before paid and this one does not. */
export interface Saliente {
  readonly partner_id: string;
  readonly moneda: Moneda;
  readonly monto: bigint;
}
export interface FiltroLiquidaciones {
  readonly ciclo: string | null;
  readonly estado: EstadoLiquidacion | null;
}
export interface FiltroLineas {
  readonly partner_id: string | null;
  readonly moneda: Moneda | null;
}
export interface FiltroExclusiones extends FiltroLineas {
  readonly motivo: Motivo | null;
}
type Orden = "monto" | "partner_id";

/** The read side of payout runs. */
export interface Liquidaciones {
  obtener(id: string): Promise<LiquidacionVista | null>;
  /** The first `max` of them. */
  salientes(id: string, max: number): Promise<readonly Saliente[]>;
  listar(pedido: ListRequest<"calculada", FiltroLiquidaciones>): Promise<Page<LiquidacionVista>>;
  lineas(id: string, pedido: ListRequest<Orden, FiltroLineas>): Promise<Page<LineaVista>>;
  exclusiones(id: string, pedido: ListRequest<Orden, FiltroExclusiones>): Promise<Page<Exclusion>>;
}

type NoVisible = typeof PROHIBIDO | { readonly tipo: "no_existe" };
export type ConsultasLiquidaciones = ReturnType<typeof consultasLiquidaciones>;

/** The reads on payout runs, for who asks. A run is about many partners: none of them sees it. */
export function consultasLiquidaciones(liquidaciones: Liquidaciones) {
  const puede = (actor: Actor) => permitido(actor, "liquidaciones.leer", []) === "si";
  async function de<T>(actor: Actor, id: string, leer: () => Promise<T>): Promise<Result<T, NoVisible>> {
    if (!puede(actor)) return err(PROHIBIDO);
    return await liquidaciones.obtener(id) === null ? err({ tipo: "no_existe" }) : ok(await leer());
  }
  return {
    async obtener(
      actor: Actor,
      id: string,
    ): Promise<Result<LiquidacionVista & { readonly salientes: readonly Saliente[] }, NoVisible>> {
      if (!puede(actor)) return err(PROHIBIDO);
      const v = await liquidaciones.obtener(id);
      return v === null
        ? err({ tipo: "no_existe" })
        : ok({ ...v, salientes: await liquidaciones.salientes(id, 100) });
    },
    async listar(
      actor: Actor,
      pedido: Parameters<Liquidaciones["listar"]>[0],
    ): Promise<Result<Page<LiquidacionVista>, typeof PROHIBIDO>> {
      return puede(actor) ? ok(await liquidaciones.listar(pedido)) : err(PROHIBIDO);
    },
    lineas: (actor: Actor, id: string, pedido: Parameters<Liquidaciones["lineas"]>[1]) =>
      de(actor, id, () => liquidaciones.lineas(id, pedido)),
    exclusiones: (actor: Actor, id: string, pedido: Parameters<Liquidaciones["exclusiones"]>[1]) =>
      de(actor, id, () => liquidaciones.exclusiones(id, pedido)),
  };
}
