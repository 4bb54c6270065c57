import { type Catalogue, fault } from "@alpes/shared/http/catalogue.ts";
import { both } from "@alpes/shared/http/locale.ts";
import type { Rechazo } from "../application/comandos.ts";

/** What cliente refuses, in both languages. */
export const FALLAS_CLIENTE = {
  cliente_duplicado: fault(409, [
    "Ya hay otro cliente con ese dato",
    "El correo, la cédula, el rut o la referencia pertenecen a otro cliente; `errores` dice cuál.",
    "Busque al cliente existente, o corrija el dato.",
  ], [
    "Another cliente has that already",
    "The e-mail, cédula, rut or reference belongs to another cliente; `errores` says which.",
    "Look up the existing cliente, or correct the field.",
  ]),
  cliente_otro_registro: fault(409, [
    "Ese id ya se registró con otros datos",
    "Hay un cliente con ese id, registrado con un cuerpo distinto.",
    "Use otro id, o cambie al cliente con PUT o PATCH.",
  ], [
    "That id was registered with other data",
    "There is a cliente with that id, registered with a different body.",
    "Use another id, or change the cliente with PUT or PATCH.",
  ]),
  cliente_transicion_invalida: fault(409, [
    "El cliente no admite ese paso",
    "El estado actual del cliente no permite lo que se pide, o ya es el que se pide.",
    "Consulte su estado con GET /cliente/{id}.",
  ], [
    "The cliente cannot take that step",
    "The present estado of the cliente does not allow what is asked, or is already what is asked.",
    "Read its estado with GET /cliente/{id}.",
  ]),
  cliente_borrado: fault(409, [
    "Los datos de ese cliente se borraron",
    "Sus datos personales se borraron para siempre; queda solo como contraparte de lo que pagó y ganó.",
    "Registre a la persona de nuevo, con otro id.",
  ], [
    "That cliente's data was erased",
    "Its personal data was erased for good; it remains only as the counterpart of what it paid and earned.",
    "Register the person anew, under another id.",
  ]),
} as const satisfies Catalogue;

type Codigo = keyof typeof FALLAS_CLIENTE | "prohibido" | "no_encontrado" | "validacion" | "version_obsoleta";
const DE_RECHAZO = {
  prohibido: "prohibido",
  oculto: "no_encontrado",
  no_existe: "no_encontrado",
  otro_registro: "cliente_otro_registro",
  duplicado: "cliente_duplicado",
  faltan_papeles: "validacion",
  nacimiento_futuro: "validacion",
  borrado: "cliente_borrado",
  ya_esta: "cliente_transicion_invalida",
  transicion_invalida: "cliente_transicion_invalida",
  version_obsoleta: "version_obsoleta",
} as const satisfies Record<Rechazo["tipo"], Codigo>;

/** The one place where a refusal of cliente becomes a problem. */
export function rechazo<X extends Rechazo>(x: X) {
  const codigo: (typeof DE_RECHAZO)[X["tipo"]] = DE_RECHAZO[x.tipo as X["tipo"]];
  return { codigo, ...detalles(x) };
}

function detalles(x: Rechazo) {
  const errores = x.tipo === "duplicado"
    ? x.campos.map((campo) => ({
      campo,
      mensaje: both("pertenece a otro cliente", "belongs to another cliente"),
    }))
    : x.tipo === "faltan_papeles"
    ? x.campos.map((campo) => ({
      campo,
      mensaje: both("es obligatorio para este tipo de cliente", "is required for this kind of cliente"),
    }))
    : x.tipo === "nacimiento_futuro"
    ? [{ campo: "fecha_nacimiento", mensaje: both("no puede estar en el futuro", "cannot be in the future") }]
    : [];
  const detalle = x.tipo === "ya_esta"
    ? both(`El cliente ya está ${x.estado}.`, `The cliente is ${x.estado} already.`)
    : x.tipo === "transicion_invalida"
    ? both(`De ${x.desde} no se pasa a ${x.hacia}.`, `There is no step from ${x.desde} to ${x.hacia}.`)
    : x.tipo === "version_obsoleta"
    ? both(`La versión actual es ${x.actual}.`, `The current version is ${x.actual}.`)
    : undefined;
  return { errores, detalle };
}
