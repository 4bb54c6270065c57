import { ok } from "@alpes/shared/seedwork/result.ts";
import type { Decision, RequestContext } from "@alpes/shared/seedwork/unit_of_work.ts";
import type { Tiempos } from "../domain/agenda.ts";
import { aplicar, type Cambios, juntar } from "./aplicar.ts";
import { type Escrituras, NADA, type UnidadPagos } from "./ports.ts";
import type { Rechazo } from "./rechazo.ts";

/** A run whose payouts wait for their confirmation, and the request that it goes back to. */
export interface Encargo {
  readonly id: string;
  /** Who applied it. */
  readonly actor: string;
  readonly correlacion: string;
  readonly traceparent: string | null;
}

/** The runs that are under way, on the database's clock. */
export interface AgendaLiquidaciones {
  /** Takes one for `arriendo` ms: until then no other worker is given it. null: there is none. */
  tomar(arriendo: number): Promise<Encargo | null>;
  /** Payouts of it that are not confirmed yet, in the order of its lines. */
  pendientes(id: string, max: number): Promise<readonly string[]>;
  /** Keeps it for another `arriendo` ms; with 0 anybody may take it. */
  guardar(id: string, arriendo: number): Promise<void>;
}

/**
 * Confirms some payouts of a run, in one unit of work: what the plan's approval asked for. Whoever died in between left
 * them as they were, and one that is confirmed already is left alone.
 */
export const confirmarTanda =
  (uow: UnidadPagos, tiempos: Tiempos) => async (e: Encargo, payouts: readonly string[]): Promise<void> => {
    const context: RequestContext = {
      actor: { tipo: "servicio", id: "pagos" },
      correlation_id: e.correlacion,
      causation_id: e.id,
      traceparent: e.traceparent,
      dedup: null,
    };
    await uow.ejecutar(
      context,
      { ...NADA, payouts, lineas: true },
      (estados, ahora): Decision<null, Escrituras, Rechazo> => {
        const m = { actor: e.actor, ahora, tiempos };
        const lineas = Map.groupBy(
          [...estados.transacciones.values()].map((v) => v.estado),
          (t) => t.payout_id,
        );
        const hechos: (Cambios | null)[] = [];
        for (const id of payouts) {
          const pago = estados.payouts.get(id);
          if (pago?.estado.estado !== "CALCULADO") continue;
          const r = aplicar(pago, [{ tipo: "confirmar" }], estados, m, lineas.get(id) ?? []);
          if (!r.ok) return r;
          hechos.push(r.value.cambios);
        }
        return ok({ value: null, changes: juntar(...hechos) });
      },
    );
  };
