import { permitido, PROHIBIDO } from "@alpes/shared/seedwork/policy.ts";
import { err, ok, type Result } from "@alpes/shared/seedwork/result.ts";
import type { Decision, RequestContext } from "@alpes/shared/seedwork/unit_of_work.ts";
import { efectivas, GENERAL } from "../domain/condiciones.ts";
import { liberacion } from "../domain/libro/hechos.ts";
import { porLiberar, type Transaccion } from "../domain/transaccion.ts";
import { type Cambios, SIN_CAMBIOS } from "./aplicar.ts";
import { type Escrituras, type Estados, NADA, type UnidadPagos } from "./ports.ts";
import type { Rechazo } from "./rechazo.ts";

/** Days for which a partner's commission is held: its own terms, else those of all, else the setting. */
export const diasRetenida = (
  partner_id: string,
  { condiciones }: Estados,
  porDefecto: number,
): number =>
  efectivas(condiciones.get(partner_id)?.estado, condiciones.get(GENERAL)?.estado, undefined, porDefecto)
    .retencion_dias;

const DIA = 86_400_000;
export const liberaEn = (ahora: Date, dias: number): Date => new Date(ahora.getTime() + dias * DIA);

/** A held commission whose time has come, made available. */
export const liberada = (t: Transaccion): Transaccion => ({ ...t, liberada: true });

/** Makes held commissions available whose time has come; the others are left as they are. Says how many. */
export const liberar = (uow: UnidadPagos) =>
async (
  context: RequestContext,
  transacciones: readonly string[],
): Promise<Result<number, Rechazo>> => {
  if (permitido(context.actor, "pagos.anotar", []) !== "si") return err(PROHIBIDO);
  return await uow.ejecutar(
    context,
    { ...NADA, transacciones },
    (estados, ahora): Decision<number, Escrituras, Rechazo> => {
      const debidas = [...estados.transacciones.values()].filter((v) => porLiberar(v.estado, ahora));
      if (debidas.length === 0) return ok({ value: 0, changes: null });
      const changes: Cambios = {
        ...SIN_CAMBIOS,
        writes: {
          ...SIN_CAMBIOS.writes,
          transacciones: debidas.map((v) => ({ transaccion: liberada(v.estado), anterior: v.version })),
          asientos: debidas.flatMap((v) => liberacion(v.estado)),
        },
        feed: debidas.map((v) => ({ tipo: "transaccion", id: v.estado.id, version: v.version + 1 })),
      };
      return ok({ value: debidas.length, changes });
    },
  );
};

/** The context of a release that no request caused. */
export const deLiberador = (vuelta: string): RequestContext => ({
  actor: { tipo: "servicio", id: "pagos" },
  correlation_id: `liberacion-${vuelta}`,
  causation_id: `liberacion-${vuelta}`,
  traceparent: null,
  dedup: null,
});
