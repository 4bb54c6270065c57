export type Rol = "partner" | "operador" | "aprobador" | "auditor" | "admin" | "servicio";

/** Who asks. An argument of every use case; `cliente` is the party that a partner stands for. */
export type Actor =
  | { readonly tipo: "anonimo" }
  | {
    readonly tipo: "clave" | "persona";
    readonly id: string;
    readonly roles: readonly Rol[];
    readonly cliente: string | null;
  }
  | { readonly tipo: "servicio"; readonly id: string };

/** The name that an audit or a history row keeps, e.g. `persona:ana`, `servicio:campanias`, `anonimo`. */
export const actorName = (a: Actor): string => a.tipo === "anonimo" ? "anonimo" : `${a.tipo}:${a.id}`;
