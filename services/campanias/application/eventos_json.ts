import { deDineroJson, type DineroJson, dineroJson } from "@alpes/shared/contracts/dinero.ts";
import { type Json, parseJson, stringifyJson } from "@alpes/shared/seedwork/json.ts";
import type { Dinero } from "@alpes/shared/seedwork/money.ts";
import type { Cambios, Datos } from "../domain/datos.ts";
import { CAMPOS } from "../domain/datos.ts";
import type { Evento, TipoEvento } from "../domain/eventos.ts";

/** The `data` of an event: one shape, stored, shown and published. */
export type DatosEvento = Readonly<Record<string, Json>>;

export const dinero = (d: Dinero | null): Json => d === null ? null : { ...dineroJson(d) };
const crudo = (texto: string | null): Json => texto === null ? null : parseJson(texto);

const A_JSON: { readonly [K in keyof Datos]: (v: Datos[K]) => Json } = {
  nombre: (v) => v,
  tipo_campania: (v) => v,
  itinerario: crudo,
  presupuesto: dinero,
  anticipo: dinero,
  fecha_inicio: (v) => v,
  fecha_fin: (v) => v,
  metas: crudo,
};
const campo = <K extends keyof Datos>(k: K, v: Datos[K] | undefined): DatosEvento =>
  v === undefined ? {} : { [k]: A_JSON[k](v) };
/** Descriptive fields as JSON; those not named stay out. */
export const cambiosJson = (c: Cambios): DatosEvento =>
  CAMPOS.reduce<DatosEvento>((todo, k) => ({ ...todo, ...campo(k, c[k]) }), {});

export function datosDe(idCampania: string, e: Evento): DatosEvento {
  const en = e.en.toISOString();
  switch (e.tipo) {
    case "CampaniaCreada":
      return {
        idCampania,
        idCliente: e.idCliente,
        ...cambiosJson(e.datos),
        fechaCreacion: e.en.getTime(),
        estado: "CREADA",
      };
    case "CampaniaActualizada":
      return { idCampania, ...cambiosJson(e.cambios), fecha: en };
    case "CampaniaAprobada":
      return { idCampania, fechaAprobacion: en, origen: e.origen, motivo: e.motivo };
    case "CampaniaCancelada":
      return { idCampania, motivo: e.motivo, fechaCancelacion: en };
    case "CampaniaPausada":
    case "CampaniaReanudada":
    case "CampaniaFinalizada":
      return { idCampania, motivo: e.motivo, fecha: en };
    case "PagoAsociado":
      return { idCampania, idPago: e.idPago, monto: dinero(e.monto), fecha: en };
    case "GastoRegistrado":
      return { idCampania, partner_id: e.partner_id, monto: dinero(e.monto), fecha: en };
  }
}

// What follows reads only what `datosDe` wrote; the casts say so.
export const deDinero = (v: Json | undefined): Dinero | null =>
  v == null ? null : deDineroJson(v as unknown as DineroJson);
const deCrudo = (v: Json | undefined): string | null => v == null ? null : stringifyJson(v);
const DE_JSON: { readonly [K in keyof Datos]: (v: Json | undefined) => Datos[K] } = {
  nombre: (v) => v as string | null,
  tipo_campania: (v) => v as Datos["tipo_campania"],
  itinerario: (v) => stringifyJson(v as Json),
  presupuesto: deDinero,
  anticipo: deDinero,
  fecha_inicio: (v) => v as string | null,
  fecha_fin: (v) => v as string | null,
  metas: deCrudo,
};

export const cambiosDeJson = (d: DatosEvento): Cambios =>
  CAMPOS.reduce<Cambios>((todo, k) => d[k] === undefined ? todo : { ...todo, [k]: DE_JSON[k](d[k]) }, {});

export function eventoDe(tipo: TipoEvento, d: DatosEvento, en: Date): Evento {
  const texto = (k: string) => d[k] as string;
  const motivo = d.motivo as string | null;
  const cambios = cambiosDeJson(d);
  switch (tipo) {
    case "CampaniaCreada":
      return {
        tipo,
        idCampania: texto("idCampania"),
        idCliente: texto("idCliente"),
        datos: cambios as Datos,
        en,
      };
    case "CampaniaActualizada":
      return { tipo, cambios, en };
    case "CampaniaAprobada":
      return { tipo, origen: d.origen as "PAGOS" | "OPERADOR", motivo, en };
    case "CampaniaCancelada":
      return { tipo, motivo: texto("motivo"), en };
    case "CampaniaPausada":
    case "CampaniaReanudada":
    case "CampaniaFinalizada":
      return { tipo, motivo, en };
    case "PagoAsociado":
      return { tipo, idPago: texto("idPago"), monto: deDinero(d.monto), en };
    case "GastoRegistrado":
      return {
        tipo,
        monto: deDineroJson(d.monto as unknown as DineroJson),
        partner_id: d.partner_id as string | null,
        en,
      };
  }
}
