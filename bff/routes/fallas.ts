import { type Catalogue, fault } from "@alpes/shared/http/catalogue.ts";

const HECHO_O_NO =
  "Si era una escritura, pudo quedar hecha: repítala con la misma Idempotency-Key o el mismo id y no se hará dos veces.";
const DONE_OR_NOT =
  "A write may have been done: repeat it with the same Idempotency-Key or id, and it will not be done twice.";

/** What the BFF itself refuses: the failure of a service behind it, which `detail` names, or a session's misuse. */
export const FALLAS_BFF = {
  sesion_ajena: fault(403, [
    "La petición no viene de la consola",
    "Una petición que cambia algo con la sesión de un navegador debe llevar en X-CSRF-Token el csrf de la sesión, y no venir de otro sitio.",
    "Lea GET /api/v1/sesion y envíe su csrf en X-CSRF-Token; los programas usan Authorization en vez de la sesión.",
  ], [
    "The request does not come from the console",
    "A request that changes something with a browser's session must carry the session's csrf in X-CSRF-Token, and not come from another site.",
    "Read GET /api/v1/sesion and send its csrf in X-CSRF-Token; programs use Authorization in place of a session.",
  ]),
  sesion_innecesaria: fault(409, [
    "Nadie necesita entrar",
    "Con AUTH_MODE=ninguna el sistema no reconoce a quien llama, así que no hay sesiones.",
    "Use el sistema sin entrar, o arránquelo con AUTH_MODE=claves u oidc.",
  ], [
    "Nobody needs to sign in",
    "With AUTH_MODE=ninguna the system does not recognise who calls, so there are no sessions.",
    "Use the system without signing in, or start it with AUTH_MODE=claves or oidc.",
  ]),
  entrada_caducada: fault(400, [
    "La entrada no empezó aquí, o hace demasiado",
    "Este navegador no tiene ninguna entrada a medias que corresponda a esta vuelta: caducó a los diez minutos, ya se usó, o la empezó otro.",
    "Entre de nuevo desde la consola.",
  ], [
    "The sign-in did not begin here, or too long ago",
    "This browser has no sign-in under way that this answer belongs to: it ended after ten minutes, was used already, or somebody else began it.",
    "Sign in again from the console.",
  ]),
  entrada_rechazada: fault(403, [
    "El emisor de identidades no dejó entrar",
    "El emisor dijo que no, o lo que contestó no corresponde a lo que se le pidió.",
    "Entre de nuevo desde la consola; si se repite, el registro del BFF dice la razón junto a la solicitud.",
  ], [
    "The identity provider did not let you in",
    "The provider said no, or what it answered does not belong to what it was asked.",
    "Sign in again from the console; if it happens again, the BFF's log gives the reason beside the request's id.",
  ]),
  entrada_no_reconocida: fault(403, [
    "Los servicios no reconocen lo que dio el emisor",
    "El emisor dejó entrar, pero su token de acceso no es un JWT para OIDC_AUDIENCE, o no cabe en una sesión.",
    "Pida a quien administra el emisor que dé a esta consola tokens de acceso JWT con esa audiencia (OIDC_AUTHORIZE_PARAMS).",
  ], [
    "The services do not know what the provider gave",
    "The provider let you in, but its access token is no JWT for OIDC_AUDIENCE, or too long for a session.",
    "Ask who manages the provider to give this console JWT access tokens for that audience (OIDC_AUTHORIZE_PARAMS).",
  ]),
  emisor_no_responde: fault(503, [
    "El emisor de identidades no responde",
    "No se pudo preguntar al emisor de OIDC_ISSUER; no se hizo nada.",
    "Entre de nuevo en unos segundos.",
  ], [
    "The identity provider does not answer",
    "The provider of OIDC_ISSUER could not be asked; nothing was done.",
    "Sign in again in a few seconds.",
  ], 5),
  servicio_no_responde: fault(503, [
    "Un servicio no responde",
    "El servicio que tiene este dato no está en marcha o no se alcanza; no se hizo nada.",
    "Repita la petición tras los segundos de Retry-After; /api/v1/health dice qué servicio falta.",
  ], [
    "A service does not answer",
    "The service that has this is not running or cannot be reached; nothing was done.",
    "Repeat the request after the seconds of Retry-After; /api/v1/health says which service is missing.",
  ], 2),
  servicio_en_pausa: fault(503, [
    "Un servicio falló varias veces seguidas",
    "El servicio falló tantas veces seguidas que se le deja descansar un momento; no se hizo nada.",
    "Repita la petición tras los segundos de Retry-After.",
  ], [
    "A service failed several times in a row",
    "The service failed so often in a row that it is left alone for a moment; nothing was done.",
    "Repeat the request after the seconds of Retry-After.",
  ], 1),
  servicio_sin_respuesta: fault(504, [
    "Un servicio tardó demasiado",
    "El servicio no contestó dentro del plazo.",
    HECHO_O_NO,
  ], ["A service took too long", "The service did not answer within the deadline.", DONE_OR_NOT]),
  servicio_cortado: fault(502, [
    "Un servicio cortó la respuesta",
    "La conexión con el servicio se cortó antes de que contestara por completo.",
    HECHO_O_NO,
  ], [
    "A service broke off",
    "The connection to the service broke before its answer was whole.",
    DONE_OR_NOT,
  ]),
  servicio_fallo: fault(502, [
    "Un servicio falló",
    "El servicio contestó con un error suyo.",
    HECHO_O_NO,
  ], ["A service failed", "The service answered with an error of its own.", DONE_OR_NOT]),
  servicio_ocupado: fault(503, [
    "Un servicio no puede atender ahora",
    "El servicio contestó que por ahora no puede atender la petición.",
    "Repita la misma petición tras los segundos de Retry-After.",
  ], [
    "A service cannot take this now",
    "The service answered that for now it cannot take the request.",
    "Repeat the same request after the seconds of Retry-After.",
  ], 2),
  servicio_respuesta_invalida: fault(502, [
    "Un servicio contestó algo que no se entiende",
    "La respuesta del servicio no cumple el contrato, y no se muestran datos a medias.",
    HECHO_O_NO,
  ], [
    "A service answered something that is not understood",
    "The service's answer does not fit the contract, and no half of it is shown.",
    DONE_OR_NOT,
  ]),
} as const satisfies Catalogue;
