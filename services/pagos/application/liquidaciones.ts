import { actorName } from "@alpes/shared/seedwork/actor.ts";
import type { Versioned } from "@alpes/shared/seedwork/decider.ts";
import type { NewId } from "@alpes/shared/seedwork/ids.ts";
import type { Moneda } from "@alpes/shared/seedwork/money.ts";
import { type Accion, permitido, PROHIBIDO } from "@alpes/shared/seedwork/policy.ts";
import { err, ok, type Result } from "@alpes/shared/seedwork/result.ts";
import type { Changes, Decision, RequestContext, UnitOfWork } from "@alpes/shared/seedwork/unit_of_work.ts";
import type { Ciclo } from "../domain/ciclo.ts";
import type { Condiciones } from "../domain/condiciones.ts";
import {
  aplicarLiquidacion,
  aprobar,
  corteDe,
  descartar,
  type Liquidacion,
  type RechazoAlcance,
  type RechazoEstado,
  terminarLiquidacion,
} from "../domain/liquidacion.ts";
import {
  type Anteriores,
  type Base,
  type Cambio,
  cambios,
  type Plan,
  planificar,
  totalizar,
} from "../domain/plan.ts";
import type { Encargo } from "./liquidar.ts";

/** Of what to make a plan. */
export interface AlcancePlan {
  readonly ciclo: string;
  /** null: the cycle's last day. */
  readonly corte: string | null;
  readonly moneda: Moneda | null;
}

export interface IdsLiquidacion {
  readonly id: string;
  /** `nada`: only the run. `nueva`: what a plan rests on. `vigencia`: the run's plan, and what it rests on now. */
  readonly con:
    | { readonly tipo: "nada" }
    | { readonly tipo: "nueva"; readonly alcance: AlcancePlan }
    | { readonly tipo: "vigencia" };
  /** Whether this party is paid by it. */
  readonly paga: string | null;
}

/** All that a plan rests on, at one instant. */
export interface Fundamento {
  readonly ciclo: Ciclo | null;
  /** The instant up to which holds count as over. */
  readonly calculada: Date;
  readonly bases: readonly Base[];
  readonly generales: Condiciones | undefined;
  /** Of all the bases together. */
  readonly huella: string;
  /** The run applied last. */
  readonly anterior: string | null;
  readonly anteriores: Anteriores;
}
export interface EstadosLiquidacion {
  readonly liquidacion: Versioned<Liquidacion> | null;
  readonly fundamento: Fundamento | null;
  readonly plan: Plan | null;
  readonly lePaga: boolean;
}
export interface EscriturasLiquidacion {
  readonly liquidacion: Liquidacion;
  readonly anterior: number;
  /** With a new run: its plan. */
  readonly plan: Plan | null;
  /**
   * Takes the plan's transactions and makes its payouts, CALCULADO. It throws `ConcurrencyError` when they are not
   * exactly those of the plan.
   */
  readonly tomar: boolean;
}
export type UnidadLiquidaciones = UnitOfWork<IdsLiquidacion, EstadosLiquidacion, EscriturasLiquidacion>;

type Prohibido = typeof PROHIBIDO;
export type RechazoCalculo =
  | RechazoAlcance
  | Prohibido
  | { readonly tipo: "otra_liquidacion"; readonly id: string };
export type RechazoPaso = RechazoEstado | Prohibido | { readonly tipo: "no_existe" };
export type RechazoAplicar =
  | RechazoPaso
  | { readonly tipo: "otra_huella" }
  | { readonly tipo: "obsoleta"; readonly cambios: readonly Cambio[] };
export type Rechazo = RechazoCalculo | RechazoAplicar;

type DecisionCalculo = Decision<Calculada, EscriturasLiquidacion, RechazoCalculo>;
type Decidida<T, X> = Decision<T, EscriturasLiquidacion, X>;
const escribir = (
  liquidacion: Liquidacion,
  anterior: number,
  mas: Partial<EscriturasLiquidacion> = {},
): Changes<EscriturasLiquidacion> => ({
  writes: { liquidacion, anterior, plan: null, tomar: false, ...mas },
  messages: [],
  feed: [{ tipo: "liquidacion", id: liquidacion.id, version: anterior + 1 }],
});
const NADA = { con: { tipo: "nada" }, paga: null } as const;

export interface PuertosLiquidaciones {
  readonly uow: UnidadLiquidaciones;
  readonly newId: NewId;
  readonly cuatroOjos: boolean;
}
export type ComandosLiquidaciones = ReturnType<typeof comandosLiquidaciones>;
export interface Vista {
  readonly liquidacion: Liquidacion;
  readonly version: number;
}
export interface Calculada extends Vista {
  /** false: the same run stood already. */
  readonly creada: boolean;
}

/** The writes on payout runs. */
export function comandosLiquidaciones({ uow, newId, cuatroOjos }: PuertosLiquidaciones) {
  async function paso(
    context: RequestContext,
    accion: Accion,
    ids: IdsLiquidacion,
    decidir: (l: Liquidacion, estados: EstadosLiquidacion, ahora: Date) => Result<Liquidacion, RechazoEstado>,
  ): Promise<Result<Vista, RechazoPaso>> {
    if (permitido(context.actor, accion, []) !== "si") return err(PROHIBIDO);
    return await uow.ejecutar(context, ids, (estados, ahora): Decidida<Vista, RechazoPaso> => {
      const antes = estados.liquidacion;
      if (antes === null) return err({ tipo: "no_existe" });
      const r = decidir(antes.estado, estados, ahora);
      if (!r.ok) return r;
      const version = antes.version + 1;
      return ok({ value: { liquidacion: r.value, version }, changes: escribir(r.value, antes.version) });
    });
  }

  return {
    /** Makes a plan, and keeps it; nothing else changes. */
    async calcular(
      context: RequestContext,
      alcance: AlcancePlan,
      pedido: string | null = null,
    ): Promise<Result<Calculada, RechazoCalculo>> {
      if (permitido(context.actor, "liquidaciones.calcular", []) !== "si") return err(PROHIBIDO);
      const id = pedido ?? `liquidacion-${newId()}`;
      const ids = { id, con: { tipo: "nueva", alcance }, paga: null } as const;
      return await uow.ejecutar(context, ids, ({ liquidacion: previa, fundamento: f }): DecisionCalculo => {
        if (previa !== null) {
          const { ciclo, corte, moneda } = previa.estado;
          const misma = ciclo === alcance.ciclo && moneda === alcance.moneda &&
            (alcance.corte === null || alcance.corte === corte);
          const value = { liquidacion: previa.estado, version: previa.version, creada: false };
          return misma ? ok({ value, changes: null }) : err({ tipo: "otra_liquidacion", id });
        }
        if (f === null) throw new Error("a plan without what it rests on");
        const corte = corteDe(f.ciclo, alcance.ciclo, alcance.corte);
        if (!corte.ok) return corte;
        const plan = planificar(f.bases, f.generales, f.anteriores, (n) => `${id}~${n}`);
        const liquidacion: Liquidacion = {
          id,
          ciclo: alcance.ciclo,
          corte: corte.value,
          moneda: alcance.moneda,
          huella: f.huella,
          anterior: f.anterior,
          lineas: plan.lineas.length,
          exclusiones: plan.exclusiones.length,
          totales: totalizar(plan, f.anteriores),
          calculada: { actor: actorName(context.actor), en: f.calculada },
          estado: "CALCULADA",
        };
        const value = { liquidacion, version: 1, creada: true };
        return ok({ value, changes: escribir(liquidacion, 0, { plan }) });
      });
    },

    /** By somebody else than its author, and never by whom it pays. */
    aprobar(context: RequestContext, id: string): Promise<Result<Vista, RechazoPaso>> {
      const { actor } = context;
      const paga = actor.tipo === "clave" || actor.tipo === "persona" ? actor.cliente : null;
      return paso(
        context,
        "liquidaciones.aprobar",
        { id, con: { tipo: "nada" }, paga },
        (l, { lePaga }, en) => aprobar(l, { actor: actorName(actor), en }, cuatroOjos, lePaga),
      );
    },

    descartar: (context: RequestContext, id: string, motivo: string): Promise<Result<Vista, RechazoPaso>> =>
      paso(context, "liquidaciones.descartar", { id, ...NADA }, (l, _e, en) => descartar(l, motivo, en)),

    /**
     * Applies exactly the plan, or nothing. The transactions are taken and the payouts made here, in one transaction with
     * the check that all is as it was; from then on nothing that others do can change what is paid. A worker confirms
     * the payouts afterwards. `huella`: only if the plan is the one that was seen.
     */
    async aplicar(
      context: RequestContext,
      id: string,
      huella: string | null,
    ): Promise<Result<Vista, RechazoAplicar>> {
      if (permitido(context.actor, "liquidaciones.aplicar", []) !== "si") return err(PROHIBIDO);
      const ids = { id, con: { tipo: "vigencia" }, paga: null } as const;
      return await uow.ejecutar(context, ids, (estados, en): Decidida<Vista, RechazoAplicar> => {
        const antes = estados.liquidacion;
        if (antes === null) return err({ tipo: "no_existe" });
        const l = antes.estado;
        if (huella !== null && huella !== l.huella) return err({ tipo: "otra_huella" });
        const r = aplicarLiquidacion(l, { actor: actorName(context.actor), en });
        if (!r.ok) return r;
        if (r.value === null) return ok({ value: { liquidacion: l, version: antes.version }, changes: null });
        const { fundamento: f, plan } = estados;
        if (f === null || plan === null) throw new Error("a run to be applied without its plan");
        if (f.huella !== l.huella) {
          const actual = planificar(f.bases, f.generales, new Map(), () => "");
          return err({ tipo: "obsoleta", cambios: cambios(plan, actual) });
        }
        const version = antes.version + 1;
        const changes = escribir(r.value, antes.version, { tomar: true });
        return ok({ value: { liquidacion: r.value, version }, changes });
      });
    },

    /** Every payout of it is confirmed. */
    async terminar({ id, correlacion, traceparent }: Encargo): Promise<void> {
      const context: RequestContext = {
        actor: { tipo: "servicio", id: "pagos" },
        correlation_id: correlacion,
        causation_id: id,
        traceparent,
        dedup: null,
      };
      await uow.ejecutar(context, { id, ...NADA }, (estados, en): Decidida<null, never> => {
        const antes = estados.liquidacion;
        const fin = antes === null ? null : terminarLiquidacion(antes.estado, en);
        const changes = antes === null || fin === null ? null : escribir(fin, antes.version);
        return ok({ value: null, changes });
      });
    },
  };
}
