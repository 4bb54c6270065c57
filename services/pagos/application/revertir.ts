import { actorName } from "@alpes/shared/seedwork/actor.ts";
import type { Versioned } from "@alpes/shared/seedwork/decider.ts";
import { denegado, permitido, PROHIBIDO } from "@alpes/shared/seedwork/policy.ts";
import { err, ok, type Result } from "@alpes/shared/seedwork/result.ts";
import type { Decision, RequestContext } from "@alpes/shared/seedwork/unit_of_work.ts";
import type { Tiempos } from "../domain/agenda.ts";
import { type Existente, vivo } from "../domain/payout.ts";
import { aplicar } from "./aplicar.ts";
import { type Aceptado, aceptado } from "./pedir_partner.ts";
import { type Escrituras, type Estados, NADA, type UnidadPagos } from "./ports.ts";
import type { Rechazo } from "./rechazo.ts";

/** An operator's reversal: at once where nothing has begun, remembered until the payout is settled elsewhere. */
export const revertir =
  (uow: UnidadPagos, tiempos: Tiempos) =>
  (context: RequestContext, id: string, motivo: string): Promise<Result<Aceptado, Rechazo>> =>
    uow.ejecutar(
      context,
      { ...NADA, payouts: [id], lineas: true },
      (estados, en): Decision<Aceptado, Escrituras, Rechazo> => {
        const pago = estados.payouts.get(id);
        const no = denegado(context.actor, "pagos.revertir", pago?.estado.partner_id ?? null);
        return no !== null ? err(no) : pedir(context, pago, estados, motivo, en, tiempos);
      },
    );

/**
 * The saga's reversal. It names the payment that the saga made; when an explicit one took its place, that one is
 * meant. What is given back already, or never was paid, is left as it is: repeating a command is harmless.
 */
export const revertirDeCampania = (uow: UnidadPagos, tiempos: Tiempos) =>
async (
  context: RequestContext,
  id: string,
  idCampania: string | null,
  motivo: string,
): Promise<Result<null, Rechazo>> => {
  if (permitido(context.actor, "pagos.revertir", []) !== "si") return err(PROHIBIDO);
  return await uow.ejecutar(
    context,
    { ...NADA, payouts: [id], lineas: true, campanias: idCampania === null ? [] : [idCampania] },
    (estados, en) => {
      const nombrado = estados.payouts.get(id);
      const cedio = nombrado?.estado.estado === "RECHAZADO" && nombrado.estado.reemplazado_por !== null;
      const objetivo = nombrado !== undefined && !cedio
        ? nombrado
        : [...estados.payouts.values()].find(({ estado: p }) => vivo(p) && p.ficha.idCampania === idCampania);
      if (objetivo === undefined || !vivo(objetivo.estado) || objetivo.estado.reversion !== null) {
        return ok({ value: null, changes: null });
      }
      const r = pedir(context, objetivo, estados, motivo, en, tiempos);
      return r.ok ? ok({ value: null, changes: r.value.changes }) : r;
    },
  );
};

function pedir(
  context: RequestContext,
  pago: Versioned<Existente> | undefined,
  estados: Estados,
  motivo: string,
  en: Date,
  tiempos: Tiempos,
): Decision<Aceptado, Escrituras, Rechazo> {
  if (pago === undefined) return err({ tipo: "no_existe" });
  const actor = actorName(context.actor);
  const r = aplicar(pago, [{ tipo: "revertir", motivo, actor, en }], estados, { actor, ahora: en, tiempos });
  return r.ok ? ok({ value: aceptado(r.value.payout), changes: r.value.cambios }) : r;
}
