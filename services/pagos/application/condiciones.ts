import { type Denegado, denegado, permitido, PROHIBIDO } from "@alpes/shared/seedwork/policy.ts";
import { err, ok, type Result } from "@alpes/shared/seedwork/result.ts";
import type { Decision, RequestContext } from "@alpes/shared/seedwork/unit_of_work.ts";
import { type ClienteConocido, type Condiciones, GENERAL } from "../domain/condiciones.ts";
import { SIN_CAMBIOS } from "./aplicar.ts";
import { type Escrituras, NADA, type UnidadPagos } from "./ports.ts";
import type { Rechazo } from "./rechazo.ts";

export interface CondicionesVistas {
  readonly condiciones: Condiciones;
  /** 0: nothing was ever agreed. */
  readonly version: number;
}
export type RechazoCondiciones = Denegado | { readonly tipo: "version_distinta" };
/** Whose they are; the general ones are everybody's. */
export const duenoDe = (partner_id: string) => partner_id === GENERAL ? [] : partner_id;

/** Replaces the terms of a partner, or the general ones; `version`: only if it is still that one. */
export const fijarCondiciones = (uow: UnidadPagos) =>
async (
  context: RequestContext,
  nuevas: Omit<Condiciones, "actualizado">,
  version: number | null,
): Promise<Result<CondicionesVistas, RechazoCondiciones>> => {
  const no = denegado(context.actor, "condiciones.fijar", duenoDe(nuevas.partner_id));
  if (no !== null) return err(no);
  const { partner_id } = nuevas;
  return await uow.ejecutar(
    context,
    { ...NADA, condiciones: [partner_id] },
    (estados, ahora): Decision<CondicionesVistas, Escrituras, RechazoCondiciones> => {
      const anterior = estados.condiciones.get(partner_id)?.version ?? 0;
      if (version !== null && version !== anterior) return err({ tipo: "version_distinta" });
      const condiciones: Condiciones = { ...nuevas, actualizado: ahora };
      return ok({
        value: { condiciones, version: anterior + 1 },
        changes: {
          ...SIN_CAMBIOS,
          writes: { ...SIN_CAMBIOS.writes, condiciones: [{ condiciones, anterior }] },
          feed: [{ tipo: "condiciones", id: partner_id, version: anterior + 1 }],
        },
      });
    },
  );
};

/** Keeps whether a cliente may be paid; what comes late changes nothing. */
export const anotarCliente =
  (uow: UnidadPagos) =>
  async (context: RequestContext, cliente: ClienteConocido): Promise<Result<null, Rechazo>> => {
    if (permitido(context.actor, "pagos.anotar", []) !== "si") return err(PROHIBIDO);
    return await uow.ejecutar(
      context,
      { ...NADA, clientes: [cliente.id] },
      ({ clientes }): Decision<null, Escrituras, Rechazo> => {
        const antes = clientes.get(cliente.id);
        if (antes !== undefined && antes.version >= cliente.version) {
          return ok({ value: null, changes: null });
        }
        return ok({
          value: null,
          changes: { ...SIN_CAMBIOS, writes: { ...SIN_CAMBIOS.writes, clientes: [cliente] } },
        });
      },
    );
  };
