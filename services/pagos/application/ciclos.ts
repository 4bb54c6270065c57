import type { NewId } from "@alpes/shared/seedwork/ids.ts";
import { permitido, PROHIBIDO } from "@alpes/shared/seedwork/policy.ts";
import { err, ok, type Result } from "@alpes/shared/seedwork/result.ts";
import type { Decision, RequestContext } from "@alpes/shared/seedwork/unit_of_work.ts";
import type { Ciclo } from "../domain/ciclo.ts";
import { SIN_CAMBIOS } from "./aplicar.ts";
import { type Escrituras, NADA, type UnidadPagos } from "./ports.ts";
import type { Rechazo } from "./rechazo.ts";

export interface EntradaCiclo {
  readonly id: string | null;
  readonly inicio: string;
  readonly fin: string;
  readonly estado: Ciclo["estado"];
}

export interface CicloRegistrado {
  readonly ciclo: Ciclo;
  readonly creado: boolean;
}

/** Registers a payout cycle; the same one again changes nothing. */
export const registrarCiclo = (uow: UnidadPagos, newId: NewId) =>
async (
  context: RequestContext,
  e: EntradaCiclo,
): Promise<Result<{ readonly ciclo: Ciclo; readonly creado: boolean }, Rechazo>> => {
  if (permitido(context.actor, "ciclos.registrar", []) !== "si") return err(PROHIBIDO);
  const id = e.id ?? `ciclo-${newId()}`;
  return await uow.ejecutar(
    context,
    { ...NADA, ciclo: id },
    ({ ciclo: previo }, ahora): Decision<CicloRegistrado, Escrituras, Rechazo> => {
      if (previo !== null) {
        const mismo = previo.inicio === e.inicio && previo.fin === e.fin && previo.estado === e.estado;
        return mismo
          ? ok({ value: { ciclo: previo, creado: false }, changes: null })
          : err({ tipo: "otro_ciclo", id });
      }
      const ciclo: Ciclo = { id, inicio: e.inicio, fin: e.fin, estado: e.estado, creado: ahora };
      return ok({
        value: { ciclo, creado: true },
        changes: {
          ...SIN_CAMBIOS,
          writes: { ...SIN_CAMBIOS.writes, ciclo },
          feed: [{ tipo: "ciclo", id, version: 1 }],
        },
      });
    },
  );
};
