import type { Context } from "hono";
import { BASE, type FaultStatus } from "@alpes/shared/http/catalogue.ts";
import type { Env } from "@alpes/shared/http/env.ts";
import { both, type Locale, localized } from "@alpes/shared/http/locale.ts";
import { Problem, problemParts, problems } from "@alpes/shared/http/problem.ts";
import type { ProblemReply } from "@alpes/shared/http/respond.ts";
import { unreachable } from "@alpes/shared/seedwork/result.ts";
import type { Falla, Negativa, Rechazo, Servicio } from "../ports.ts";
import { FALLAS_BFF } from "./fallas.ts";

// One code of each status that can come back, so that the routes' types know them all.
type CodigosNegados =
  | "validacion"
  | "no_autenticado"
  | "prohibido"
  | "no_encontrado"
  | "en_curso"
  | "version_obsoleta"
  | "cuerpo_muy_grande"
  | "tipo_no_soportado"
  | "clave_reutilizada"
  | "demasiadas"
  | keyof typeof FALLAS_BFF;
export type Negado = ProblemReply<typeof FALLAS_BFF, CodigosNegados>;

/** What any route that asks a service can answer instead. */
export const NEGADOS = problems(400, 401, 403, 404, 409, 412, 413, 415, 422, 429, 502, 503, 504);
const PASAN: readonly number[] = Object.keys(NEGADOS).map(Number);

/** As the outside calls a service. */
export const nombreDe = (s: Servicio) => `${s}_service` as const;

const CODIGO = {
  no_responde: "servicio_no_responde",
  cortada: "servicio_cortado",
  plazo: "servicio_sin_respuesta",
  error: "servicio_fallo",
  respuesta_invalida: "servicio_respuesta_invalida",
  circuito_abierto: "servicio_en_pausa",
} as const satisfies Record<Falla["tipo"], keyof typeof FALLAS_BFF>;

/** What happened, as the end of a sentence that begins with the service's name. */
function hecho(n: Negativa): string {
  switch (n.tipo) {
    case "no_responde":
      return both("no responde", "does not answer");
    case "cortada":
      return both("cortó la conexión antes de contestar", "broke the connection before it had answered");
    case "plazo":
      return both("no contestó a tiempo", "did not answer in time");
    case "error":
      return both(`contestó con un error (${n.status})`, `answered with an error (${n.status})`);
    case "respuesta_invalida":
      return both("contestó algo que no se entiende", "answered something that is not understood");
    case "circuito_abierto":
      return both("falló varias veces seguidas", "failed several times in a row");
    case "rechazo":
      return both(`no lo permite (${n.status})`, `does not allow it (${n.status})`);
    default:
      return unreachable(n);
  }
}

/**
 * The problem that a failed main resource means to the caller. A refusal of the service keeps its `codigo` and
 * `errores`; `campos` gives a field of the service the name that it has here.
 */
export function negar(c: Context<Env>, n: Negativa, campos: Readonly<Record<string, string>> = {}): Negado {
  if (n.tipo === "rechazo" && PASAN.includes(n.status)) return responder(problemaAjeno(c, n, campos));
  const falla: Falla = n.tipo === "rechazo" ? { ...n, tipo: "error" } : n;
  const ocupado = falla.tipo === "error" && falla.status === 503;
  const codigo = ocupado ? "servicio_ocupado" : CODIGO[falla.tipo];
  const [es = "", en = ""] = hecho(falla).split(" ¦ ");
  const { explicacion } = FALLAS_BFF[codigo].es;
  const { explicacion: explanation } = FALLAS_BFF[codigo].en;
  const nombre = nombreDe(n.servicio);
  const espera = falla.tipo === "error" ? falla.espera : null;
  return responder(problemParts(c, codigo, FALLAS_BFF[codigo], {
    detalle: both(`${nombre} ${es}. ${explicacion}`, `${nombre} ${en}. ${explanation}`),
    ...(espera === null ? {} : { headers: { "Retry-After": espera } }),
  }));
}

/** The same as something to throw, where a request stops before it has reached its route. */
export function problemaDe(n: Negativa): Problem {
  const espera = n.tipo === "error" || n.tipo === "rechazo" ? n.espera : null;
  const headers = espera === null ? {} : { headers: { "Retry-After": espera } };
  if (n.tipo === "rechazo" && n.status === 429) return new Problem("demasiadas", headers);
  if (n.tipo === "rechazo") return new Problem("servicio_fallo", headers);
  const ocupado = n.tipo === "error" && n.status === 503;
  return new Problem(ocupado ? "servicio_ocupado" : CODIGO[n.tipo], headers);
}

function problemaAjeno(c: Context<Env>, r: Rechazo, campos: Readonly<Record<string, string>>) {
  const delEstado = Object.entries(BASE).find(([, f]) => f.status === r.status);
  const codigo = r.codigo ?? delEstado?.[0] ?? "no_encontrado";
  const textos = (l: Locale) => ({
    titulo: r.titulo ?? delEstado?.[1][l].titulo ?? "",
    explicacion: r.detalle ?? delEstado?.[1][l].explicacion ?? "",
    que_hacer: "",
  });
  const errores = r.errores.map(({ campo, mensaje }) => ({ campo: campos[campo] ?? campo, mensaje }));
  return problemParts(c, codigo, { status: r.status as FaultStatus, es: textos("es"), en: textos("en") }, {
    errores,
    ...(r.espera === null ? {} : { headers: { "Retry-After": r.espera } }),
  });
}

const responder = ({ body, headers }: ReturnType<typeof problemParts>): Negado =>
  new Response(JSON.stringify(body), { status: body.status, headers }) as Negado;

/** One line for `advertencias`: which service, what happened, and what is therefore `null`. */
export function advertencia(n: Negativa, faltan: readonly string[], locale: Locale): string {
  const falta = both("falta", "missing");
  return `${nombreDe(n.servicio)} ${localized(hecho(n), locale)}; ${localized(falta, locale)}: ${
    faltan.join(", ")
  }`;
}
