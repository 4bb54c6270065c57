import { actorName } from "@alpes/shared/seedwork/actor.ts";
import { type Dinero, iguales } from "@alpes/shared/seedwork/money.ts";
import { permitido, PROHIBIDO } from "@alpes/shared/seedwork/policy.ts";
import { err, ok, type Result } from "@alpes/shared/seedwork/result.ts";
import type { Decision, RequestContext } from "@alpes/shared/seedwork/unit_of_work.ts";
import type { Tiempos } from "../domain/agenda.ts";
import type { Resultado } from "../domain/payout.ts";
import { aplicar } from "./aplicar.ts";
import { type Aceptado, aceptado } from "./pedir_partner.ts";
import { type Escrituras, NADA, type Pagos, type RespuestaPsp, type UnidadPagos } from "./ports.ts";
import type { Rechazo } from "./rechazo.ts";

/** What the provider says of one attempt without being asked: in a call of its own, or in a settlement file. */
export interface Prueba {
  readonly clave: string;
  readonly monto: Dinero;
  readonly resultado: RespuestaPsp;
}

/**
 * Settles a payout by what the provider says of its attempt. What was settled the same way already is no news;
 * what contradicts it is refused, for a person to look into.
 */
export const probar =
  (uow: UnidadPagos, pagos: Pick<Pagos, "intento">, tiempos: Tiempos) =>
  async (context: RequestContext, prueba: Prueba): Promise<Result<Aceptado, Rechazo>> => {
    const { clave, monto, resultado } = prueba;
    // Which payout to hold still: an attempt never changes its payout, so it may be read before.
    const leido = await pagos.intento(clave);
    if (leido === null) return err({ tipo: "no_existe" });
    return await uow.ejecutar(
      context,
      { ...NADA, payouts: [leido.payout_id], lineas: resultado.tipo === "no_pagado" },
      (estados, en): Decision<Aceptado, Escrituras, Rechazo> => {
        const pago = estados.payouts.get(leido.payout_id);
        const intento = pago?.estado.intentos.find((i) => i.clave === clave);
        if (pago === undefined || intento === undefined) return err({ tipo: "no_existe" });
        if (!iguales(pago.estado.ficha.monto_total, monto)) return err({ tipo: "prueba_de_otro_monto" });
        if (resultado.tipo === "desconocido" || dicenLoMismo(intento.resultado, resultado)) {
          return ok({ value: aceptado(pago.estado), changes: null });
        }
        const m = { actor: actorName(context.actor), ahora: en, tiempos };
        const r = aplicar(pago, [{ tipo: "resolver", numero: intento.numero, resultado, en }], estados, m);
        if (!r.ok) return r.error.tipo === "intento_ya_resuelto" ? err({ tipo: "prueba_contraria" }) : r;
        return ok({ value: aceptado(r.value.payout), changes: r.value.cambios });
      },
    );
  };

/** The same, said by the provider itself. */
export const asentar = (...puertos: Parameters<typeof probar>): ReturnType<typeof probar> => {
  const hacer = probar(...puertos);
  return (context, prueba) =>
    permitido(context.actor, "pagos.anotar", []) === "si"
      ? hacer(context, prueba)
      : Promise.resolve(err(PROHIBIDO));
};

const dicenLoMismo = (sabido: Resultado, dicho: RespuestaPsp): boolean =>
  sabido.tipo === "pagado" && dicho.tipo === "pagado"
    ? sabido.referencia === dicho.referencia
    : sabido.tipo === "no_pagado" && dicho.tipo === "no_pagado";
