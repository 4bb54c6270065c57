import type { Actor } from "@alpes/shared/seedwork/actor.ts";
import type { Page } from "@alpes/shared/seedwork/pages.ts";
import {
  type Accion,
  alcance,
  type Denegado,
  denegado,
  type NoVisible,
  permitido,
  PROHIBIDO,
  visto,
} from "@alpes/shared/seedwork/policy.ts";
import { err, ok, type Result } from "@alpes/shared/seedwork/result.ts";
import type { Dias, Series } from "@alpes/shared/seedwork/series.ts";
import type { Ciclo } from "../domain/ciclo.ts";
import type { Tarifa } from "../domain/tarifas.ts";
import type { Transaccion } from "../domain/transaccion.ts";
import { type CondicionesVistas, duenoDe } from "./condiciones.ts";
import type { Anotacion, FiltroPagos, Pagos, PagoVisto, Suma } from "./ports.ts";

type Prohibido = typeof PROHIBIDO;
type Pedido<K extends "listar" | "transacciones" | "ciclos" | "tarifas"> = Parameters<Pagos[K]>[0];

export type ConsultasPagos = ReturnType<typeof consultasPagos>;

/** The reads of the module, each for who asks. A payment belongs to who pays it, or is paid. */
export function consultasPagos(pagos: Pagos) {
  /** Reads many things, among what the actor sees. */
  async function entre<T>(
    actor: Actor,
    accion: Accion,
    leer: (visible: string | null) => Promise<T>,
  ): Promise<Result<T, Prohibido>> {
    const ve = alcance(actor, accion);
    return ve === null ? err(PROHIBIDO) : ok(await leer(ve.cliente));
  }
  async function uno<T>(
    actor: Actor,
    leer: (visible: string | null) => Promise<T | null>,
  ): Promise<Result<T, NoVisible>> {
    const r = await entre(actor, "pagos.leer", leer);
    return r.ok ? visto(actor, "pagos.leer", r.value) : r;
  }

  return {
    obtener: (actor: Actor, id: string): Promise<Result<PagoVisto, NoVisible>> =>
      uno(actor, (ve) => pagos.obtener(id, ve)),
    /** Oldest first. */
    historial: (actor: Actor, id: string): Promise<Result<readonly Anotacion[], NoVisible>> =>
      uno(actor, (ve) => pagos.historial(id, ve)),

    listar: (actor: Actor, pedido: Pedido<"listar">): Promise<Result<Page<PagoVisto>, Prohibido>> =>
      entre(actor, "pagos.leer", (ve) => pagos.listar(pedido, ve)),
    sumas: (actor: Actor, filtro: FiltroPagos): Promise<Result<readonly Suma[], Prohibido>> =>
      // What is ranked is no set to add up.
      entre(actor, "pagos.leer", (ve) =>
        filtro.search !== null && filtro.aproximada ? Promise.resolve([]) : pagos.sumas(filtro, ve)),
    serie: (actor: Actor, dias: Dias): Promise<Result<Series, Prohibido>> =>
      entre(actor, "pagos.leer", (ve) => pagos.serie(dias, ve)),
    transacciones: (
      actor: Actor,
      pedido: Pedido<"transacciones">,
    ): Promise<Result<Page<Transaccion>, Prohibido>> =>
      entre(actor, "transacciones.leer", (ve) => pagos.transacciones(pedido, ve)),

    async condiciones(actor: Actor, partner_id: string): Promise<Result<CondicionesVistas, Denegado>> {
      const no = denegado(actor, "condiciones.leer", duenoDe(partner_id));
      if (no !== null) return err(no);
      const v = await pagos.condiciones(partner_id);
      const ninguna = {
        partner_id,
        retencion_dias: null,
        minimos: [],
        suspendido: false,
        metodo_pago: null,
        actualizado: new Date(0),
      };
      return ok({ condiciones: v?.estado ?? ninguna, version: v?.version ?? 0 });
    },

    async ciclos(actor: Actor, pedido: Pedido<"ciclos">): Promise<Result<Page<Ciclo>, Prohibido>> {
      return permitido(actor, "ciclos.leer", []) === "si" ? ok(await pagos.ciclos(pedido)) : err(PROHIBIDO);
    },
    /** A partner sees the rates that are for all, and its own. */
    tarifas: (actor: Actor, pedido: Pedido<"tarifas">): Promise<Result<Page<Tarifa>, Prohibido>> =>
      entre(actor, "tarifas.leer", (ve) => pagos.tarifas(pedido, ve)),
    async tarifa(actor: Actor, id: string): Promise<Result<Tarifa, NoVisible>> {
      const r = await entre(actor, "tarifas.leer", (ve) => pagos.tarifa(id, ve));
      return r.ok ? visto(actor, "tarifas.leer", r.value) : r;
    },
  };
}
