/** Status codes that a problem can have. */
export type FaultStatus =
  | 400
  | 401
  | 403
  | 404
  | 405
  | 408
  | 409
  | 412
  | 413
  | 415
  | 422
  | 429
  | 500
  | 502
  | 503
  | 504;

export interface FaultTexts {
  readonly titulo: string;
  readonly explicacion: string;
  readonly que_hacer: string;
}

/** One way to fail. `reintentar_s`: seconds for `Retry-After`. */
export interface Fault {
  readonly status: FaultStatus;
  readonly reintentar_s?: number;
  readonly es: FaultTexts;
  readonly en: FaultTexts;
}

/** `codigo` → what it means. A module's own: `const FALLAS = {…} as const satisfies Catalogue`. */
export type Catalogue = Readonly<Record<string, Fault>>;

const t = <const S extends FaultStatus>(
  status: S,
  [titulo, explicacion, que_hacer]: readonly [string, string, string],
  [title, explanation, whatToDo]: readonly [string, string, string],
  reintentar_s?: number,
) => ({
  status,
  ...(reintentar_s === undefined ? {} : { reintentar_s }),
  es: { titulo, explicacion, que_hacer },
  en: { titulo: title, explicacion: explanation, que_hacer: whatToDo },
});

/** One entry of a catalogue: `fault(409, [título, explicación, qué hacer], [title, explanation, what to do])`. */
export const fault = t;

/** What any process can answer. */
export const BASE = {
  json_malformado: t(400, [
    "El cuerpo no es JSON válido",
    "El cuerpo no se pudo leer como JSON en UTF-8: hay un error de sintaxis, una clave repetida, un carácter NUL, un sustituto suelto, más de 64 niveles, o falta.",
    "Corrija lo que señala `errores` y envíelo de nuevo.",
  ], [
    "The body is not valid JSON",
    "The body could not be read as JSON in UTF-8: a syntax error, a key given twice, a NUL character, a lone surrogate, more than 64 levels, or nothing at all.",
    "Correct what `errores` points at and send it again.",
  ]),
  validacion: t(400, [
    "Hay campos inválidos",
    "Uno o más campos de la petición no cumplen su regla; `errores` los nombra todos.",
    "Corrija cada campo de `errores` y envíela de nuevo.",
  ], [
    "There are invalid fields",
    "One or more fields of the request break their rule; `errores` names every one.",
    "Correct each field of `errores` and send it again.",
  ]),
  cuerpo_incompleto: t(400, [
    "El cuerpo llegó incompleto",
    "La conexión se cortó antes del final del cuerpo; no se hizo nada.",
    "Envíe la petición de nuevo.",
  ], [
    "The body arrived incomplete",
    "The connection broke before the end of the body; nothing was done.",
    "Send the request again.",
  ]),
  no_autenticado: t(401, [
    "Falta identificarse",
    "La petición no dice quién la hace, o lo que presenta no vale.",
    "Envíe credenciales válidas.",
  ], [
    "Who is asking is not known",
    "The request does not say who makes it, or what it presents is not valid.",
    "Send valid credentials.",
  ]),
  prohibido: t(403, [
    "No está permitido",
    "Quien hace la petición no tiene el rol que esta operación pide.",
    "Pídala a quien tenga ese rol.",
  ], [
    "Not allowed",
    "Who makes the request does not have the role that this operation asks for.",
    "Ask somebody who has that role.",
  ]),
  no_encontrado: t(404, [
    "No existe",
    "No hay nada con esa dirección o ese identificador.",
    "Revise la dirección; las que existen están en /docs.",
  ], [
    "Not found",
    "There is nothing at that address or with that id.",
    "Check the address; those that exist are listed at /docs.",
  ]),
  metodo_no_permitido: t(405, [
    "Método no permitido",
    "Esta dirección existe, pero no admite ese método.",
    "Use uno de los métodos de la cabecera Allow.",
  ], [
    "Method not allowed",
    "This address exists, but not for that method.",
    "Use one of the methods in the Allow header.",
  ]),
  tiempo_de_cuerpo: t(408, [
    "El cuerpo tardó demasiado",
    "El cuerpo de la petición no terminó de llegar a tiempo; no se hizo nada.",
    "Envíe la petición de nuevo.",
  ], [
    "The body took too long",
    "The request's body did not arrive in time; nothing was done.",
    "Send the request again.",
  ]),
  en_curso: t(409, [
    "La primera petición sigue en curso",
    "Otra petición con esta Idempotency-Key aún no ha terminado.",
    "Espere un momento y repita la misma petición con la misma clave.",
  ], [
    "The first request is still running",
    "Another request with this Idempotency-Key has not finished yet.",
    "Wait a moment and repeat the same request with the same key.",
  ], 1),
  version_obsoleta: t(412, [
    "Alguien lo cambió antes",
    "La versión de If-Match ya no es la actual.",
    "Lea el recurso de nuevo y repita el cambio con su ETag.",
  ], [
    "Somebody changed it before",
    "The version in If-Match is no longer the current one.",
    "Read the resource again and repeat the change with its ETag.",
  ]),
  cuerpo_muy_grande: t(413, [
    "El cuerpo es demasiado grande",
    "El cuerpo pasa del máximo que admite esta dirección.",
    "Envíe menos a la vez.",
  ], [
    "The body is too large",
    "The body is over the limit of this address.",
    "Send less at a time.",
  ]),
  tipo_no_soportado: t(415, [
    "Tipo de contenido no admitido",
    "El Content-Type o Content-Encoding del cuerpo no es de los que admite esta dirección (UTF-8, sin comprimir).",
    "Envíe el cuerpo como application/json, o como diga /docs.",
  ], [
    "Unsupported content type",
    "The body's Content-Type or Content-Encoding is not one that this address takes (UTF-8, not compressed).",
    "Send the body as application/json, or as /docs says.",
  ]),
  clave_reutilizada: t(422, [
    "La clave ya se usó con otra petición",
    "Esta Idempotency-Key acompañó antes a una petición distinta.",
    "Use una clave nueva para una petición nueva.",
  ], [
    "The key was used with another request",
    "This Idempotency-Key came before with a different request.",
    "Use a new key for a new request.",
  ]),
  demasiadas: t(429, [
    "Demasiadas peticiones",
    "Se pasó del número de peticiones admitido.",
    "Espere los segundos que dice Retry-After.",
  ], [
    "Too many requests",
    "The number of requests allowed was exceeded.",
    "Wait the seconds that Retry-After says.",
  ], 10),
  interno: t(500, [
    "Falló algo nuestro",
    "Ocurrió un error inesperado; quedó registrado con el número de `solicitud`.",
    "Repita más tarde; si sigue, avise con ese número.",
  ], [
    "Something of ours failed",
    "An unexpected error happened; it was recorded under the `solicitud` number.",
    "Try again later; if it stays, tell us that number.",
  ]),
  no_disponible: t(503, [
    "Temporalmente no disponible",
    "Algo de lo que esto depende no responde o está saturado; no se hizo nada.",
    "Repita la misma petición tras los segundos de Retry-After.",
  ], [
    "Temporarily unavailable",
    "Something that this depends on does not answer or is overloaded; nothing was done.",
    "Repeat the same request after the seconds of Retry-After.",
  ], 2),
  saturado: t(503, [
    "Hay demasiado trabajo a la vez",
    "Llegaron más peticiones de las que se pueden atender a tiempo; esta no se empezó.",
    "Repita la misma petición tras los segundos de Retry-After.",
  ], [
    "Too much work at once",
    "More requests came than can be answered in time; this one was not begun.",
    "Repeat the same request after the seconds of Retry-After.",
  ], 1),
  resultado_desconocido: t(503, [
    "No se sabe si se hizo",
    "La conexión se cortó justo al confirmar: la operación pudo quedar hecha o no.",
    "Repita la misma petición con la misma Idempotency-Key o el mismo id: no se hará dos veces.",
  ], [
    "It is not known whether it was done",
    "The connection broke just while confirming: the operation may or may not stand.",
    "Repeat the same request with the same Idempotency-Key or id: it will not be done twice.",
  ], 1),
} as const satisfies Catalogue;

/** Joins catalogues; the same code with two meanings is a bug and throws. */
export function joinCatalogues(...catalogues: readonly Catalogue[]): Catalogue {
  const joined: Record<string, Fault> = {};
  for (const catalogue of catalogues) {
    for (const [codigo, f] of Object.entries(catalogue)) {
      const other = joined[codigo];
      if (other !== undefined && JSON.stringify(other) !== JSON.stringify(f)) {
        throw new Error(`the code ${codigo} has two meanings`);
      }
      joined[codigo] = f;
    }
  }
  return joined;
}
