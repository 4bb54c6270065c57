import { actorName } from "@alpes/shared/seedwork/actor.ts";
import type { NewId } from "@alpes/shared/seedwork/ids.ts";
import { ok } from "@alpes/shared/seedwork/result.ts";
import type { Decision, RequestContext } from "@alpes/shared/seedwork/unit_of_work.ts";
import { siguientePregunta, type Tiempos } from "../domain/agenda.ts";
import type { Comando, Existente, Intento } from "../domain/payout.ts";
import { aplicar } from "./aplicar.ts";
import {
  type Escrituras,
  NADA,
  type Orden,
  type Psp,
  type RespuestaPsp,
  type Tarea,
  type UnidadPagos,
} from "./ports.ts";
import type { Rechazo } from "./rechazo.ts";

/** What is to be said to the provider once the attempt stands committed. */
type Encargo =
  | { readonly tipo: "nada" }
  | { readonly tipo: "pagar" | "averiguar"; readonly orden: Orden; readonly numero: number }
  | { readonly tipo: "devolver"; readonly clave: string };

/**
 * Takes one due step of a payout. The attempt and its key are committed before the provider hears of it, and whoever
 * finds an attempt without an answer asks for its status first: so a crash at any point never pays twice.
 */
export function saldar(uow: UnidadPagos, psp: Psp, newId: NewId, tiempos: Tiempos) {
  const { escribir, resolver } = cierres(uow, tiempos);

  async function preparar(context: RequestContext, id: string, clave: string): Promise<Encargo> {
    const r = await uow.ejecutar(
      context,
      { ...NADA, payouts: [id] },
      (estados, en): Decision<Encargo, Escrituras, Rechazo> => {
        const pago = estados.payouts.get(id);
        if (pago === undefined) return ok({ value: { tipo: "nada" }, changes: null });
        const comandos = pasos(pago.estado, clave, en, tiempos);
        if (comandos.length === 0) return ok({ value: encargoDe(pago.estado), changes: null });
        const m = { actor: actorName(context.actor), ahora: en, tiempos };
        const hecho = aplicar(pago, comandos, estados, m);
        if (!hecho.ok) return hecho;
        const nuevo = hecho.value.payout;
        const value: Encargo = nuevo.estado === "EN_PROCESO" ? ordenDe("pagar", nuevo) : { tipo: "nada" };
        return ok({ value, changes: hecho.value.cambios });
      },
    );
    return r.ok ? r.value : { tipo: "nada" };
  }

  /** Telling it again under the same key is safe; a key that never arrived is told again. */
  const averiguar = (orden: Orden): Promise<RespuestaPsp> =>
    sinFalla(async () => {
      const r = await psp.consultar(orden);
      return r.tipo === "no_existe" ? await psp.pagar(orden) : r;
    });

  return async (tarea: Tarea): Promise<void> => {
    const context = contextoDe(tarea);
    const clave = `${tarea.id}~${newId()}`;
    const encargo = await preparar(context, tarea.id, clave);
    switch (encargo.tipo) {
      case "nada":
        return;
      case "pagar":
        return await resolver(
          context,
          tarea.id,
          encargo.numero,
          await sinFalla(() => psp.pagar(encargo.orden)),
        );
      case "averiguar":
        return await resolver(context, tarea.id, encargo.numero, await averiguar(encargo.orden));
      case "devolver":
        // Not done yet: the lease runs out and the step is due again.
        if (await psp.devolver(encargo.clave)) await escribir(context, tarea.id, { tipo: "reversion_hecha" });
    }
  };
}

/** The order of an attempt that was committed by who asked for the payout. */
export function ordenar(uow: UnidadPagos, psp: Psp, tiempos: Tiempos) {
  const { resolver } = cierres(uow, tiempos);
  return async (tarea: Tarea, orden: Orden, numero: number): Promise<void> =>
    await resolver(contextoDe(tarea), tarea.id, numero, await sinFalla(() => psp.pagar(orden)));
}

type Cierre =
  | { readonly tipo: "reversion_hecha" }
  | { readonly tipo: "resolver"; readonly numero: number; readonly resultado: RespuestaPsp };

/** Writes down what became of an attempt. */
function cierres(uow: UnidadPagos, tiempos: Tiempos) {
  async function escribir(context: RequestContext, id: string, cierre: Cierre): Promise<void> {
    // Only what ends a payout has to see the transactions that it frees.
    const muere = cierre.tipo === "reversion_hecha" || cierre.resultado.tipo === "no_pagado";
    await uow.ejecutar(
      context,
      { ...NADA, payouts: [id], lineas: muere },
      (estados, en): Decision<null, Escrituras, Rechazo> => {
        const pago = estados.payouts.get(id);
        if (pago === undefined) return ok({ value: null, changes: null });
        const m = { actor: actorName(context.actor), ahora: en, tiempos };
        const r = aplicar(pago, [{ ...cierre, en }], estados, m);
        // Refused: another worker, which took over, has settled it in the meantime.
        return r.ok ? ok({ value: null, changes: r.value.cambios }) : r;
      },
    );
  }

  const resolver = (context: RequestContext, id: string, numero: number, resultado: RespuestaPsp) =>
    escribir(context, id, { tipo: "resolver", numero, resultado });
  return { escribir, resolver };
}

const contextoDe = (tarea: Tarea): RequestContext => ({
  actor: { tipo: "servicio", id: "pagos" },
  correlation_id: tarea.correlacion,
  causation_id: tarea.id,
  traceparent: tarea.traceparent,
  saga_paso: tarea.saga_paso,
  dedup: null,
});

/** The commands that are due of themselves, before anything is said to the provider. */
function pasos(p: Existente, clave: string, en: Date, tiempos: Tiempos): readonly Comando[] {
  switch (p.estado) {
    case "PENDIENTE":
      return [{ tipo: "preguntar", siguiente: siguientePregunta(p, en, tiempos), en }];
    case "CALCULADO":
      // A payout of commissions is confirmed by who approves it, with its lines at hand.
      return p.desde > en || p.ficha.tipo === "PARTNER"
        ? []
        : [{ tipo: "confirmar" }, { tipo: "iniciar", clave, en }];
    case "CONFIRMADO":
      return [{ tipo: "iniciar", clave, en }];
    default:
      return [];
  }
}

function encargoDe(p: Existente): Encargo {
  if (p.estado === "EN_PROCESO" || p.estado === "EN_VERIFICACION") return ordenDe("averiguar", p);
  if (p.estado === "EXITOSO" && p.reversion !== null) return { tipo: "devolver", clave: ultimo(p).clave };
  return { tipo: "nada" };
}

const ordenDe = (tipo: "pagar" | "averiguar", p: Existente): Encargo => {
  const { numero, clave } = ultimo(p);
  const { id, monto_total, metodo_pago } = p.ficha;
  return { tipo, numero, orden: { clave, payout_id: id, monto: monto_total, mascara: metodo_pago.mascara } };
};

function ultimo(p: Existente): Intento {
  const intento = p.intentos.at(-1);
  if (intento === undefined) throw new Error(`${p.ficha.id} is ${p.estado} without an attempt`);
  return intento;
}

/** No answer, a broken connection, an exception: all of them mean that nobody knows. */
async function sinFalla(llamar: () => Promise<RespuestaPsp>): Promise<RespuestaPsp> {
  try {
    return await llamar();
  } catch (e) {
    return {
      tipo: "desconocido",
      motivo: `el proveedor no contestó: ${e instanceof Error ? e.name : "error"}`,
    };
  }
}
