import type { Actor, Rol } from "./actor.ts";
import { err, ok, type Result } from "./result.ts";

/** `propio`: only on what belongs to the cliente that the actor stands for. */
type Celda = "si" | "propio" | "no";
type Fila = readonly [Celda, Celda, Celda, Celda, Celda, Celda];
const [SI, PROPIO, NO] = ["si", "propio", "no"] as const satisfies readonly Celda[];

/** The columns of the table. */
export const ROLES = [
  "partner",
  "operador",
  "aprobador",
  "auditor",
  "admin",
  "servicio",
] as const satisfies readonly Rol[];

/**
 * Who may do what: the whole policy. `x.leer` says who sees the things that the other actions of `x` are about.
 * `servicio` is what messages do. docs/permisos.md shows it, with the operations that ask each line.
 */
// deno-fmt-ignore
export const POLITICA = {
  //                          partner operador aprobador auditor admin servicio
  "cliente.leer":            [PROPIO, SI,      SI,       SI,     SI,   NO],
  "cliente.registrar":       [NO,     SI,      NO,       NO,     SI,   NO],
  "cliente.editar":          [NO,     SI,      NO,       NO,     SI,   NO],
  "cliente.decidir":         [NO,     SI,      NO,       NO,     SI,   NO],
  "cliente.anotar":          [NO,     NO,      NO,       NO,     NO,   SI],

  "campanias.leer":          [PROPIO, SI,      SI,       SI,     SI,   NO],
  "campanias.crear":         [PROPIO, SI,      NO,       NO,     SI,   NO],
  "campanias.editar":        [PROPIO, SI,      NO,       NO,     SI,   NO],
  "campanias.decidir":       [NO,     SI,      NO,       NO,     SI,   NO],
  "campanias.anotar":        [NO,     NO,      NO,       NO,     NO,   SI],
  "sagas.leer":              [NO,     SI,      SI,       SI,     SI,   NO],
  "sagas.reintentar":        [NO,     SI,      NO,       NO,     SI,   NO],
  "proyecciones.leer":       [NO,     SI,      SI,       SI,     SI,   NO],
  "proyecciones.reconstruir":[NO,     SI,      NO,       NO,     SI,   NO],

  "pagos.leer":              [PROPIO, SI,      SI,       SI,     SI,   NO],
  "pagos.pagar":             [NO,     SI,      NO,       NO,     SI,   SI],
  "pagos.revertir":          [NO,     SI,      NO,       NO,     SI,   SI],
  "pagos.anotar":            [NO,     NO,      NO,       NO,     NO,   SI],
  "transacciones.leer":      [PROPIO, SI,      SI,       SI,     SI,   NO],
  "transacciones.registrar": [NO,     SI,      NO,       NO,     SI,   NO],
  "transacciones.reembolsar":[NO,     SI,      NO,       NO,     SI,   NO],
  "conciliaciones.leer":     [NO,     SI,      SI,       SI,     SI,   NO],
  "conciliaciones.crear":    [NO,     SI,      NO,       NO,     SI,   NO],
  "ciclos.leer":             [SI,     SI,      SI,       SI,     SI,   NO],
  "ciclos.registrar":        [NO,     SI,      NO,       NO,     SI,   NO],
  "libro.leer":              [PROPIO, SI,      SI,       SI,     SI,   NO],
  "tarifas.leer":            [PROPIO, SI,      SI,       SI,     SI,   NO],
  "tarifas.registrar":       [NO,     SI,      NO,       NO,     SI,   NO],
  "condiciones.leer":        [PROPIO, SI,      SI,       SI,     SI,   NO],
  "condiciones.fijar":       [NO,     SI,      NO,       NO,     SI,   NO],
  "liquidaciones.leer":      [NO,     SI,      SI,       SI,     SI,   NO],
  "liquidaciones.calcular":  [NO,     SI,      NO,       NO,     SI,   NO],
  "liquidaciones.aprobar":   [NO,     NO,      SI,       NO,     SI,   NO],
  "liquidaciones.descartar": [NO,     SI,      SI,       NO,     SI,   NO],
  "liquidaciones.aplicar":   [NO,     SI,      SI,       NO,     SI,   NO],

  "cambios.leer":            [NO,     SI,      SI,       SI,     SI,   SI],
  "mensajes.leer":           [NO,     SI,      SI,       SI,     SI,   NO],
  "mensajes.ordenar":        [NO,     SI,      NO,       NO,     SI,   NO],
  "auditoria.leer":          [NO,     NO,      NO,       SI,     SI,   NO],
  "claves.administrar":      [NO,     NO,      NO,       NO,     SI,   NO],
  "figuras.leer":            [NO,     SI,      NO,       SI,     SI,   SI],
} as const satisfies Readonly<Record<string, Fila>>;

export type Accion = keyof typeof POLITICA;
type Modulo = Accion extends infer A extends string ? A extends `${infer M}.${string}` ? M : never : never;
export type Lectura = Extract<Accion, `${Modulo}.leer`>;

/** `oculto`: it must look as if there were no such thing. */
export type Permiso = "si" | "no" | "oculto";

/**
 * Whose the thing is: the cliente that it belongs to, several of them, or `null` for what does not exist or belongs to
 * nobody yet. `[]`: the action is about nothing that anybody owns (a list, something new).
 */
export type Dueno = string | readonly string[] | null;

/** A refusal for who asks. Use cases have both among their refusals; http answers 403, and 404 like for what is not there. */
export type Denegado = { readonly tipo: "prohibido" } | { readonly tipo: "oculto" };
export const PROHIBIDO = { tipo: "prohibido" } as const;
export const OCULTO = { tipo: "oculto" } as const;

const roles = (a: Actor): readonly Rol[] =>
  a.tipo === "anonimo" ? [] : a.tipo === "servicio" ? ["servicio"] : a.roles;
/** The party that the actor stands for; nobody stands for a missing one. */
const parte = (a: Actor): string | null => a.tipo === "clave" || a.tipo === "persona" ? a.cliente : null;

/** The best of what the actor's roles give it. */
function celda(actor: Actor, accion: string): Celda {
  const fila: Fila | undefined = (POLITICA as Readonly<Record<string, Fila>>)[accion];
  const suyas = roles(actor).map((r) => fila?.[ROLES.indexOf(r)] ?? NO);
  if (suyas.includes(SI)) return SI;
  return suyas.includes(PROPIO) && parte(actor) !== null ? PROPIO : NO;
}

function esSuyo(actor: Actor, dueno: Dueno): boolean {
  const suya = parte(actor);
  return suya !== null && dueno !== null && [dueno].flat().every((d) => d === suya);
}

/** Whether the actor may; where not, whether it may know that the thing is there. */
export function permitido(actor: Actor, accion: Accion, dueno: Dueno): Permiso {
  const puede = celda(actor, accion);
  if (puede === SI || puede === PROPIO && esSuyo(actor, dueno)) return "si";
  const ve = celda(actor, `${accion.split(".", 1)[0]}.leer`);
  return ve === PROPIO && !esSuyo(actor, dueno) ? "oculto" : "no";
}

/** `permitido` as a refusal; `null`: go on. */
export function denegado(actor: Actor, accion: Accion, dueno: Dueno): Denegado | null {
  const p = permitido(actor, accion, dueno);
  return p === "si" ? null : p === "no" ? PROHIBIDO : OCULTO;
}

/** Why one thing is not shown. */
export type NoVisible = Denegado | { readonly tipo: "no_existe" };
/** What was found among what the actor sees; who sees only a part is told of the rest as of what is not there. */
export const visto = <T>(actor: Actor, accion: Accion, v: T | null): Result<T, NoVisible> =>
  v !== null ? ok(v) : err(denegado(actor, accion, null) ?? { tipo: "no_existe" });

/** What of a kind of thing an actor sees: all of it (`cliente: null`), or what belongs to one cliente. */
export interface Alcance {
  readonly cliente: string | null;
}

/** `null`: nothing at all. */
export function alcance(actor: Actor, accion: Accion): Alcance | null {
  const ve = celda(actor, accion);
  return ve === NO ? null : { cliente: ve === SI ? null : parte(actor) };
}
