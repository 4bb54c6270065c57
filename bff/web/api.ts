import { signal } from "@preact/signals";
import { dos, idioma } from "./textos.ts";

export interface Identidad {
  readonly tipo: string;
  readonly id?: string;
  readonly roles?: readonly string[];
  readonly cliente?: string | null;
}
export interface Sesion {
  readonly modo: "ninguna" | "claves" | "oidc";
  readonly identidad: Identidad | null;
  readonly csrf: string | null;
  /** Where the identity provider signs people in; absent or `null`: nowhere. */
  readonly entrada?: string | null;
}
/** RFC 9457 as the API gives it, or what we say where no answer came. */
export interface Problema {
  readonly status: number;
  readonly codigo: string;
  readonly title: string;
  readonly detail: string;
  readonly errores: readonly { readonly campo: string; readonly mensaje: string }[];
  readonly solicitud: string | null;
}
export type Respuesta<T> =
  | { readonly ok: true; readonly valor: T; readonly cabeceras: Headers }
  | { readonly ok: false; readonly falla: Problema };

/** `null` until the first answer. */
export const sesion = signal<Sesion | null>(null);
/** A session ended while somebody worked: the page stays as it is, with the way back in above it. */
export const caducada = signal(false);

export const reconocido = (s: Sesion | null): boolean =>
  s?.identidad != null && s.identidad.tipo !== "anonimo";
/** Whether the caller has one of the roles. What it decides is what is shown; the services decide what may be done. */
export const esAlgun = (...roles: string[]): boolean =>
  sesion.value?.identidad?.roles?.some((r) => roles.includes(r)) ?? false;
/** The cliente that a partner, and only a partner, stands for. */
export const socio = (): string | null => {
  const i = sesion.value?.identidad;
  return i?.roles?.length === 1 && i.roles[0] === "partner" ? i.cliente ?? null : null;
};

function sinRespuesta(): Problema {
  return {
    status: 0,
    codigo: "sin_respuesta",
    title: dos("No hubo respuesta", "There was no answer"),
    detail: dos("El BFF no responde, o se cortó la red.", "The BFF does not answer, or the network broke."),
    errores: [],
    solicitud: null,
  };
}

export interface Peticion {
  readonly metodo?: string;
  readonly cuerpo?: unknown;
  readonly clave?: string;
  readonly cabeceras?: Readonly<Record<string, string>>;
  readonly corte?: AbortSignal;
}

/** One request. Never throws but when it is aborted. Who accepts something else than JSON gets its text. */
export async function pedir<T>(ruta: string, p: Peticion = {}): Promise<Respuesta<T>> {
  const { metodo = "GET", cuerpo } = p;
  const headers: Record<string, string> = {
    accept: "application/json",
    "accept-language": idioma.peek(),
    ...p.cabeceras,
  };
  if (cuerpo !== undefined) headers["content-type"] ??= "application/json";
  if (p.clave !== undefined) headers["idempotency-key"] = p.clave;
  const csrf = sesion.peek()?.csrf ?? null;
  if (metodo !== "GET" && csrf !== null) headers["x-csrf-token"] = csrf;
  try {
    const res = await fetch(ruta, {
      method: metodo,
      headers,
      ...(cuerpo === undefined ? {} : { body: typeof cuerpo === "string" ? cuerpo : JSON.stringify(cuerpo) }),
      ...(p.corte === undefined ? {} : { signal: p.corte }),
    });
    const texto = await res.text();
    const json: unknown = texto === "" ? null : leer(texto);
    if (res.ok && headers.accept !== "application/json") {
      return { ok: true, valor: texto as T, cabeceras: res.headers };
    }
    if (res.ok) return { ok: true, valor: json as T, cabeceras: res.headers };
    return { ok: false, falla: deRespuesta(res, json, ruta) };
  } catch (e) {
    if (p.corte?.aborted) throw e;
    return { ok: false, falla: sinRespuesta() };
  }
}

/**
 * Sends a file and hands over each line (JSON) of the answer as it comes; resolves with why it broke off, `null`: it did
 * not. Never throws.
 */
export async function mandarArchivo(
  ruta: string,
  archivo: Blob,
  tipo: string,
  linea: (valor: unknown) => void,
  corte: AbortSignal,
): Promise<Problema | null> {
  try {
    const res = await fetch(ruta, {
      method: "POST",
      body: archivo,
      signal: corte,
      headers: {
        accept: "application/x-ndjson, application/json",
        "accept-language": idioma.peek(),
        "content-type": tipo,
        "x-csrf-token": sesion.peek()?.csrf ?? "",
      },
    });
    if (!res.ok || res.body === null) return deRespuesta(res, leer(await res.text()), ruta);
    let resto = "";
    const lector = res.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let r = await lector.read(); !r.done; r = await lector.read()) {
      const lineas = (resto + r.value).split("\n");
      resto = lineas.pop() ?? "";
      for (const l of lineas) if (l !== "") linea(leer(l));
    }
    return null;
  } catch {
    return sinRespuesta();
  }
}
function deRespuesta(res: Response, json: unknown, ruta: string): Problema {
  if (res.status === 401 && sesion.peek() !== null && ruta !== "/api/v1/sesion") caducada.value = true;
  const dado = Object(json) as Partial<Problema>;
  return {
    status: res.status,
    codigo: dado.codigo ?? `http_${res.status}`,
    title: dado.title ?? `HTTP ${res.status}`,
    detail: dado.detail ?? "",
    errores: dado.errores ?? [],
    solicitud: res.headers.get("x-request-id"),
  };
}
const leer = (texto: string): unknown => {
  try {
    return JSON.parse(texto);
  } catch {
    return null;
  }
};

/** Nobody knows whether a write with such an answer was done: the same key goes again. */
export const incierta = (f: Problema): boolean =>
  f.status === 0 || f.status === 409 && f.codigo === "en_curso" || f.status >= 500;

export async function leerSesion(): Promise<void> {
  const r = await pedir<Sesion>("/api/v1/sesion");
  if (r.ok) sesion.value = r.valor;
  else setTimeout(leerSesion, 1_000);
}
export async function entrar(credencial: string): Promise<Problema | null> {
  const r = await pedir<Sesion>("/api/v1/sesion", { metodo: "POST", cuerpo: { credencial } });
  if (!r.ok) return r.falla;
  sesion.value = r.valor;
  caducada.value = false;
  return null;
}
/** After signing in on another page: what was under way here goes on, as soon as there is a session again. */
export async function sigue(): Promise<void> {
  const r = await pedir<Sesion>("/api/v1/sesion");
  if (!r.ok || !reconocido(r.valor)) return;
  sesion.value = r.valor;
  caducada.value = false;
}
export async function salir(): Promise<void> {
  const entrada = sesion.peek()?.entrada ?? null;
  const r = await pedir("/api/v1/sesion", { metodo: "DELETE" });
  // Else the provider would let the next person at this browser in without a word.
  if (r.ok && entrada !== null) return location.assign(`${entrada}/salida`);
  location.hash = "#/";
  location.reload();
}
