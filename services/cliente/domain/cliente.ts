import type { Decider } from "@alpes/shared/seedwork/decider.ts";
import { err, ok, type Result } from "@alpes/shared/seedwork/result.ts";

/** What identifies a person or a company; each kind has its required papers. */
export type Identidad =
  | {
    readonly tipo_cliente: "NATURAL";
    readonly cedula: string;
    readonly fecha_nacimiento: string;
    readonly rut: string | null;
  }
  | {
    readonly tipo_cliente: "EMPRESA";
    readonly cedula: string | null;
    readonly fecha_nacimiento: string | null;
    readonly rut: string;
  };

export type Datos = Identidad & {
  readonly nombre: string;
  readonly email: string;
  readonly telefono: string | null;
  readonly ciudad: string | null;
  readonly pais: string | null;
  readonly referencia_externa: string | null;
};

/** The same fields before anybody has checked that the papers of the kind are there. */
export type Ficha = Omit<Datos, keyof Identidad> & {
  readonly tipo_cliente: Identidad["tipo_cliente"];
  readonly cedula: string | null;
  readonly rut: string | null;
  readonly fecha_nacimiento: string | null;
};

const PAPELES = { NATURAL: ["cedula", "fecha_nacimiento"], EMPRESA: ["rut"] } as const;
export type Papel = (typeof PAPELES)[keyof typeof PAPELES][number];

/** The papers that this kind of cliente needs and that are not there. */
export const faltantes = (f: Pick<Ficha, "tipo_cliente" | Papel>): Papel[] =>
  PAPELES[f.tipo_cliente].filter((p) => f[p] === null);

/** A complete cliente, or which papers are missing. */
export function completar(
  f: Ficha,
): Result<Datos, { readonly tipo: "faltan_papeles"; readonly campos: readonly Papel[] }> {
  const { tipo_cliente, cedula, rut, fecha_nacimiento, ...comunes } = f;
  if (tipo_cliente === "NATURAL" && cedula !== null && fecha_nacimiento !== null) {
    return ok({ ...comunes, tipo_cliente, cedula, rut, fecha_nacimiento });
  }
  if (tipo_cliente === "EMPRESA" && rut !== null) {
    return ok({ ...comunes, tipo_cliente, cedula, rut, fecha_nacimiento });
  }
  return err({ tipo: "faltan_papeles", campos: faltantes(f) });
}

export type Estado = "ACTIVO" | "INACTIVO" | "SUSPENDIDO";

/** Live payments of this cliente: a projection of what pagos says, never an input. */
export interface Pagos {
  readonly total: number;
  readonly ultimo: Date | null;
}

export type Cliente =
  | { readonly estado: "inexistente" }
  | {
    readonly estado: Estado;
    readonly datos: Datos;
    readonly fecha_registro: Date;
    /** The registration as it was asked for; tells a repeat from a clash. */
    readonly huella: string;
    readonly pagos: Pagos;
  }
  /** Its personal data was erased for good; what it paid and earned keeps it as a counterpart, under a pseudonym. */
  | {
    readonly estado: "BORRADO";
    readonly tipo_cliente: Identidad["tipo_cliente"];
    readonly seudonimo: Seudonimo;
    readonly fecha_registro: Date;
    /** Of nothing that anybody ever asked for: a registration under this id is always another one. */
    readonly huella: string;
    readonly pagos: Pagos;
  };

/** What stands where a person stood; made at random, so that it leads nowhere. */
export interface Seudonimo {
  readonly email: string;
  readonly en: Date;
}

export type AccionCampania = "APROBAR_CAMPANIA" | "CANCELAR_CAMPANIA";

export type Comando =
  | {
    readonly tipo: "registrar";
    readonly datos: Datos;
    readonly huella: string;
    readonly pagos: Pagos;
    readonly en: Date;
  }
  | { readonly tipo: "actualizar"; readonly datos: Datos; readonly hoy: string }
  | { readonly tipo: "suspender" | "reactivar" | "desactivar"; readonly motivo: string | null }
  | { readonly tipo: "anotar_campania"; readonly accion: AccionCampania }
  | { readonly tipo: "anotar_pagos"; readonly pagos: Pagos }
  | {
    readonly tipo: "borrar_datos";
    readonly motivo: string;
    readonly seudonimo: Seudonimo;
    readonly huella: string;
  };

export type Evento =
  | {
    readonly tipo: "ClienteRegistrado";
    readonly datos: Datos;
    readonly huella: string;
    readonly pagos: Pagos;
    readonly en: Date;
  }
  | { readonly tipo: "ClienteActualizado"; readonly datos: Datos }
  | {
    readonly tipo: "ClienteSuspendido" | "ClienteReactivado" | "ClienteDesactivado";
    readonly motivo: string | null;
  }
  | { readonly tipo: "CampaniaAnotada"; readonly accion: AccionCampania }
  | { readonly tipo: "PagosAnotados"; readonly pagos: Pagos }
  | {
    readonly tipo: "DatosBorrados";
    readonly motivo: string;
    readonly seudonimo: Seudonimo;
    readonly huella: string;
  };

export type Rechazo =
  | { readonly tipo: "no_existe" }
  | { readonly tipo: "faltan_papeles"; readonly campos: readonly Papel[] }
  | { readonly tipo: "otro_registro" }
  | { readonly tipo: "nacimiento_futuro" }
  | { readonly tipo: "borrado" }
  | { readonly tipo: "ya_esta"; readonly estado: Estado }
  | { readonly tipo: "transicion_invalida"; readonly desde: Estado; readonly hacia: Estado };

const dia = (d: Date) => d.toISOString().slice(0, 10);

export const Cliente: Decider<Cliente, Comando, Evento, Rechazo> = {
  inicial: { estado: "inexistente" },

  decide(c, s) {
    if (c.tipo === "registrar") {
      if (s.estado !== "inexistente") return s.huella === c.huella ? ok([]) : err({ tipo: "otro_registro" });
      if ((c.datos.fecha_nacimiento ?? "") > dia(c.en)) return err({ tipo: "nacimiento_futuro" });
      return ok([{ tipo: "ClienteRegistrado", datos: c.datos, huella: c.huella, pagos: c.pagos, en: c.en }]);
    }
    if (s.estado === "inexistente") return err({ tipo: "no_existe" });
    if (s.estado === "BORRADO") {
      switch (c.tipo) {
        case "actualizar":
        case "suspender":
        case "reactivar":
          return err({ tipo: "borrado" });
        case "desactivar":
        case "borrar_datos":
          return ok([]);
        case "anotar_campania":
          return ok([{ tipo: "CampaniaAnotada", accion: c.accion }]);
        case "anotar_pagos":
          return ok([{ tipo: "PagosAnotados", pagos: c.pagos }]);
      }
    }
    switch (c.tipo) {
      case "actualizar":
        if ((c.datos.fecha_nacimiento ?? "") > c.hoy) return err({ tipo: "nacimiento_futuro" });
        return ok([{ tipo: "ClienteActualizado", datos: c.datos }]);
      case "suspender":
        if (s.estado === "SUSPENDIDO") return err({ tipo: "ya_esta", estado: s.estado });
        if (s.estado === "INACTIVO") {
          return err({ tipo: "transicion_invalida", desde: s.estado, hacia: "SUSPENDIDO" });
        }
        return ok([{ tipo: "ClienteSuspendido", motivo: c.motivo }]);
      case "reactivar":
        if (s.estado === "ACTIVO") return err({ tipo: "ya_esta", estado: s.estado });
        return ok([{ tipo: "ClienteReactivado", motivo: c.motivo }]);
      case "desactivar":
        // A repeated DELETE is no conflict.
        return s.estado === "INACTIVO" ? ok([]) : ok([{ tipo: "ClienteDesactivado", motivo: c.motivo }]);
      case "anotar_campania":
        return ok([{ tipo: "CampaniaAnotada", accion: c.accion }]);
      case "anotar_pagos":
        return ok([{ tipo: "PagosAnotados", pagos: c.pagos }]);
      case "borrar_datos":
        return ok([{ tipo: "DatosBorrados", motivo: c.motivo, seudonimo: c.seudonimo, huella: c.huella }]);
    }
  },

  evolve(s, e) {
    if (e.tipo === "ClienteRegistrado") {
      return { estado: "ACTIVO", datos: e.datos, fecha_registro: e.en, huella: e.huella, pagos: e.pagos };
    }
    if (s.estado === "inexistente") return s;
    if (e.tipo === "CampaniaAnotada") return s;
    if (e.tipo === "PagosAnotados") return { ...s, pagos: e.pagos };
    if (s.estado === "BORRADO") return s;
    switch (e.tipo) {
      case "ClienteActualizado":
        return { ...s, datos: e.datos };
      case "ClienteSuspendido":
        return { ...s, estado: "SUSPENDIDO" };
      case "ClienteReactivado":
        return { ...s, estado: "ACTIVO" };
      case "ClienteDesactivado":
        return { ...s, estado: "INACTIVO" };
      case "DatosBorrados":
        return {
          estado: "BORRADO",
          tipo_cliente: s.datos.tipo_cliente,
          seudonimo: e.seudonimo,
          fecha_registro: s.fecha_registro,
          huella: e.huella,
          pagos: s.pagos,
        };
    }
  },
};
