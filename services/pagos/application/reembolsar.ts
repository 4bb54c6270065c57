import { negar } from "@alpes/shared/seedwork/money.ts";
import type { NewId } from "@alpes/shared/seedwork/ids.ts";
import { denegado } from "@alpes/shared/seedwork/policy.ts";
import { err, ok, type Result } from "@alpes/shared/seedwork/result.ts";
import type { Decision, RequestContext } from "@alpes/shared/seedwork/unit_of_work.ts";
import { devolver } from "../domain/campania.ts";
import { fondear } from "../domain/libro/fondear.ts";
import { reembolsoPagado, reembolsoSinPagar } from "../domain/libro/hechos.ts";
import { reembolsar as reembolsarLinea, type Transaccion } from "../domain/transaccion.ts";
import { SIN_CAMBIOS } from "./aplicar.ts";
import { type Escrituras, NADA, type Pagos, type UnidadPagos } from "./ports.ts";
import { comisionRegistrada } from "./presupuesto_mensajes.ts";
import type { Rechazo } from "./rechazo.ts";

/** Takes a commission back; its campaign gets the money again. */
export const reembolsar = (uow: UnidadPagos, pagos: Pick<Pagos, "transaccion">, newId: NewId) =>
async (
  context: RequestContext,
  id: string,
  motivo: string | null,
): Promise<Result<Transaccion, Rechazo>> => {
  // Which campaign to hold still: a commission never changes its campaign, so it may be read before.
  const leida = await pagos.transaccion(id);
  const no = denegado(context.actor, "transacciones.reembolsar", leida?.partner_id ?? null);
  if (no !== null) return err(no);
  if (leida === null) return err({ tipo: "no_existe" });
  const nuevoId = `reembolso-${newId()}`;
  const campanias = leida.idCampania === null ? [] : [leida.idCampania];
  return uow.ejecutar(
    context,
    { ...NADA, campanias, transacciones: [id] },
    (estados, ahora): Decision<Transaccion, Escrituras, Rechazo> => {
      const antes = estados.transacciones.get(id);
      if (antes === undefined) return err({ tipo: "no_existe" });
      const r = reembolsarLinea(antes.estado, nuevoId, motivo, ahora);
      if (!r.ok) return r;
      const { transaccion, contrapartida } = r.value;
      const c = leida.idCampania === null ? undefined : estados.campanias.get(leida.idCampania);
      const devuelta = c === undefined ? undefined : devolver(c.estado, transaccion.comision);
      // A cancelled campaign keeps nothing: it goes on to its cliente.
      const cerrada = c !== undefined && devuelta?.estado === "CANCELADA"
        ? fondear(devuelta, null, c.version + 1)
        : null;
      return ok({
        value: transaccion,
        changes: {
          writes: {
            ...SIN_CAMBIOS.writes,
            transacciones: [
              { transaccion, anterior: antes.version },
              ...(contrapartida === null ? [] : [{ transaccion: contrapartida, anterior: 0 }]),
            ],
            campanias: c === undefined
              ? []
              : [{ campania: cerrada?.campania ?? devuelta ?? c.estado, anterior: c.version }],
            asientos: [
              ...(contrapartida === null ? reembolsoSinPagar(antes.estado) : reembolsoPagado(antes.estado)),
              ...cerrada?.asientos ?? [],
            ],
          },
          messages: c === undefined
            ? []
            : [comisionRegistrada(transaccion, negar(transaccion.comision), c.version + 1)],
          feed: [
            { tipo: "transaccion", id, version: antes.version + 1 },
            ...(contrapartida === null ? [] : [{ tipo: "transaccion", id: contrapartida.id, version: 1 }]),
          ],
        },
      });
    },
  );
};
