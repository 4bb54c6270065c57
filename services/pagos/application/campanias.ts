import { actorName } from "@alpes/shared/seedwork/actor.ts";
import type { Dinero } from "@alpes/shared/seedwork/money.ts";
import { permitido, PROHIBIDO } from "@alpes/shared/seedwork/policy.ts";
import { err, ok, type Result } from "@alpes/shared/seedwork/result.ts";
import type { RequestContext } from "@alpes/shared/seedwork/unit_of_work.ts";
import { despues, type Tiempos } from "../domain/agenda.ts";
import { aplicar as aplicarHecho, cerrada, type HechoCampania } from "../domain/campania.ts";
import { fondear } from "../domain/libro/fondear.ts";
import { sinEmpezar, vivo } from "../domain/payout.ts";
import { aplicar, type Cambios, juntar, SIN_CAMBIOS } from "./aplicar.ts";
import { campaniaConocida } from "./pedir_campania.ts";
import { type Estados, NADA, type UnidadPagos } from "./ports.ts";
import type { Rechazo } from "./rechazo.ts";

/** Keeps the replica of a campaign, funds what it may spend, and moves on or refuses the payment that waits for it. */
export const anotarCampania = (uow: UnidadPagos, tiempos: Tiempos) =>
async (
  context: RequestContext,
  idCampania: string,
  hecho: HechoCampania,
): Promise<Result<null, Rechazo>> => {
  if (permitido(context.actor, "pagos.anotar", []) !== "si") return err(PROHIBIDO);
  return await uow.ejecutar(context, { ...NADA, campanias: [idCampania] }, (estados, ahora) => {
    const antes = estados.campanias.get(idCampania);
    const nueva = aplicarHecho(antes?.estado ?? null, hecho);
    if (nueva === null || nueva === antes?.estado) return ok({ value: null, changes: null });
    const anterior = antes?.version ?? 0;
    const { campania, asientos } = fondear(nueva, pagado(idCampania, estados), anterior + 1);
    const m = { actor: actorName(context.actor), ahora, tiempos };
    let cambios: Cambios = {
      ...SIN_CAMBIOS,
      writes: { ...SIN_CAMBIOS.writes, campanias: [{ campania, anterior }], asientos },
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

/** Refuses what waits for a campaign that does not exist; one that was announced meanwhile does. */
export const negarCampania =
  (uow: UnidadPagos, tiempos: Tiempos) =>
  async (context: RequestContext, idCampania: string): Promise<Result<null, Rechazo>> => {
    if (permitido(context.actor, "pagos.anotar", []) !== "si") return err(PROHIBIDO);
    return await uow.ejecutar(context, { ...NADA, campanias: [idCampania] }, (estados, ahora) => {
      if (estados.campanias.has(idCampania)) return ok({ value: null, changes: null });
      const m = { actor: actorName(context.actor), ahora, tiempos };
      let cambios: Cambios | null = null;
      for (const pago of estados.payouts.values()) {
        if (pago.estado.ficha.idCampania !== idCampania) continue;
        const r = aplicar(pago, [{ tipo: "campania_inexistente", en: ahora }], estados, m);
        if (!r.ok) return r;
        cambios = juntar(cambios, r.value.cambios);
      }
      return ok({ value: null, changes: cambios });
    });
  };

/** What was paid for the campaign, while that stands. */
function pagado(idCampania: string, { payouts }: Estados): Dinero | null {
  const pago = [...payouts.values()].map((v) => v.estado)
    .find((p) => p.estado === "EXITOSO" && p.ficha.tipo === "CAMPANIA" && p.ficha.idCampania === idCampania);
  return pago?.ficha.monto_total ?? null;
}
