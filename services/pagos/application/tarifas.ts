import type { NewId } from "@alpes/shared/seedwork/ids.ts";
import { denegado, permitido, PROHIBIDO } from "@alpes/shared/seedwork/policy.ts";
import { err, ok, type Result } from "@alpes/shared/seedwork/result.ts";
import type { Decision, RequestContext } from "@alpes/shared/seedwork/unit_of_work.ts";
import { agregar, type Tarifa, terminar } from "../domain/tarifas.ts";
import { SIN_CAMBIOS } from "./aplicar.ts";
import { type Escrituras, NADA, type UnidadPagos } from "./ports.ts";
import type { Rechazo } from "./rechazo.ts";

/** A rate as it is asked for; without `vigente_desde` it begins today, on the database's clock. */
export type EntradaTarifa = Omit<Tarifa, "id" | "huella" | "creada"> & { readonly id: string | null };
export interface TarifaRegistrada {
  readonly tarifa: Tarifa;
  readonly creada: boolean;
}

const escribir = (tarifas: readonly Tarifa[]) => ({
  ...SIN_CAMBIOS,
  writes: { ...SIN_CAMBIOS.writes, tarifas },
  feed: tarifas.map((t) => ({ tipo: "tarifa", id: t.id, version: t.vigente_hasta === null ? 1 : 2 })),
});

/** Stores a rate; it ends the one that it follows. The same one again, under its id, changes nothing. */
export const registrarTarifa =
  (uow: UnidadPagos, newId: NewId) =>
  async (context: RequestContext, e: EntradaTarifa): Promise<Result<TarifaRegistrada, Rechazo>> => {
    if (permitido(context.actor, "tarifas.registrar", []) !== "si") return err(PROHIBIDO);
    const id = e.id ?? `tarifa-${newId()}`;
    const huella = JSON.stringify(
      { ...e, id: null },
      (_, v) => typeof v === "bigint" ? v.toString() : v,
    );
    const suyo = (ambito: Tarifa["ambito"]) =>
      e.ambito === ambito && e.ambito_id !== null ? [e.ambito_id] : [];
    const tarifas = { eventos: [e.event_type], partners: suyo("PARTNER"), marcas: suyo("MARCA") };
    return await uow.ejecutar(
      context,
      { ...NADA, tarifas, tarifa: id },
      (estados, ahora): Decision<TarifaRegistrada, Escrituras, Rechazo> => {
        const vigente_desde = e.vigente_desde ?? ahora.toISOString().slice(0, 10);
        const tarifa: Tarifa = { ...e, id, vigente_desde, huella, creada: ahora };
        if (tarifa.vigente_hasta !== null && tarifa.vigente_hasta < vigente_desde) {
          return err({ tipo: "vigencia_al_reves" });
        }
        const r = agregar(tarifa, [...estados.tarifas.values()]);
        if (!r.ok) return r;
        if (r.value.length === 0) {
          return ok({ value: { tarifa: estados.tarifas.get(id) ?? tarifa, creada: false }, changes: null });
        }
        return ok({ value: { tarifa, creada: true }, changes: escribir(r.value) });
      },
    );
  };

/** Ends a rate on a day; what it gave stays given. */
export const terminarTarifa =
  (uow: UnidadPagos) =>
  async (context: RequestContext, id: string, hasta: string): Promise<Result<Tarifa, Rechazo>> => {
    return await uow.ejecutar(
      context,
      { ...NADA, tarifa: id },
      ({ tarifas }): Decision<Tarifa, Escrituras, Rechazo> => {
        const antes = tarifas.get(id);
        const no = denegado(
          context.actor,
          "tarifas.registrar",
          antes === undefined ? null : antes.ambito_id ?? [],
        );
        if (no !== null) return err(no);
        if (antes === undefined) return err({ tipo: "no_existe" });
        const r = terminar(antes, hasta);
        return r.ok ? ok({ value: r.value, changes: escribir([r.value]) }) : r;
      },
    );
  };
