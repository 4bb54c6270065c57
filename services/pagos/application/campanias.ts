import { actorName } from "@alpes/shared/seedwork/actor.ts";
import { permitido, PROHIBIDO } from "@alpes/shared/seedwork/policy.ts";
import { err, ok, type Result } from "@alpes/shared/seedwork/result.ts";
import type { RequestContext } from "@alpes/shared/seedwork/unit_of_work.ts";
import { despues, type Tiempos } from "../domain/agenda.ts";
import { aplicar as aplicarHecho, cerrada, type HechoCampania } from "../domain/campania.ts";
import { sinEmpezar, vivo } from "../domain/payout.ts";
import { aplicar, type Cambios, juntar, SIN_CAMBIOS } from "./aplicar.ts";
import { campaniaConocida } from "./pedir_campania.ts";
import { NADA, type UnidadPagos } from "./ports.ts";
import type { Rechazo } from "./rechazo.ts";

/** Keeps the replica of a campaign, and moves on or refuses the payment that waits for it. */
export const anotarCampania = (uow: UnidadPagos, tiempos: Tiempos) =>
async (
  context: RequestContext,
  idCampania: string,
  hecho: HechoCampania,
): Promise<Result<null, Rechazo>> => {
  if (permitido(context.actor, "pagos.anotar", []) !== "si") return err(PROHIBIDO);
  return await uow.ejecutar(context, { ...NADA, campanias: [idCampania] }, (estados, ahora) => {
    const antes = estados.campanias.get(idCampania);
    const campania = aplicarHecho(antes?.estado ?? null, hecho);
    if (campania === null || campania === antes?.estado) return ok({ value: null, changes: null });
    const m = { actor: actorName(context.actor), ahora, tiempos };
    let cambios: Cambios = {
      ...SIN_CAMBIOS,
      writes: { ...SIN_CAMBIOS.writes, campanias: [{ campania, anterior: antes?.version ?? 0 }] },
    };
    for (const pago of estados.payouts.values()) {
      const p = pago.estado;
      if (!vivo(p) || p.ficha.tipo !== "CAMPANIA") continue;
      const desde = p.ficha.automatico ? despues(ahora, tiempos.automatico) : ahora;
      const comando = p.estado === "PENDIENTE"
        ? campaniaConocida(campania, desde, ahora)
        : cerrada(campania) && sinEmpezar(p)
        ? {
          tipo: "rechazar" as const,
          motivo: `la campaña está ${campania.estado}`,
          reemplazado_por: null,
          en: ahora,
        }
        : null;
      if (comando === null) continue;
      const r = aplicar(pago, [comando], estados, m);
      if (!r.ok) return r;
      cambios = juntar(cambios, r.value.cambios) ?? cambios;
    }
    return ok({ value: null, changes: cambios });
  });
};
