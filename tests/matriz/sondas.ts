import { POLITICA, ROLES } from "@alpes/shared/seedwork/policy.ts";
import { type Blanco, BLANCOS, esDueno, type Mundo, NADIE, type Quien } from "./mundo.ts";
import {
  companiaDe,
  CON_DUENO,
  cuerpoDe,
  direccion,
  type Guardada,
  type Ranura,
  SIEMPRE_HAY,
} from "./operaciones.ts";

export interface Respuesta {
  readonly status: number;
  readonly texto: string;
  readonly headers: Headers;
}
/** One request, and what the table says of it. */
export interface Sonda {
  readonly nombre: string;
  readonly accion: string;
  readonly quien: Quien;
  readonly blanco: Blanco;
  readonly metodo: string;
  readonly esperado: Veredicto;
  readonly pedir: (headers?: Readonly<Record<string, string>>) => Promise<Respuesta>;
}
export type Veredicto = "si" | 401 | 403 | 404;

/** What an answer says about rights: whatever is neither 401, 403 nor 404 was let through. */
export const veredicto = ({ status }: Respuesta): Veredicto =>
  status === 401 || status === 403 || status === 404 ? status : "si";

type Tabla = Readonly<Record<string, readonly string[]>>;
const celda = (tabla: Tabla, accion: string, rol: string): string =>
  tabla[accion]?.[ROLES.findIndex((r) => r === rol)] ?? "no";

/**
 * What the table says, read by itself and not by the code under test. `dueno`: whose the thing named in the path is
 * (`null`: nobody's, for there is none; `undefined`: it names nothing that is owned); `alta`: whom it is made for.
 */
export function esperado(
  accion: string,
  quien: Quien,
  dueno: Blanco | undefined,
  alta: boolean,
  tabla: Tabla = POLITICA,
  siempreHay = false,
): Veredicto {
  if (NADIE.includes(quien)) return 401;
  const rol = esDueno(quien) ? "partner" : quien;
  const puede = celda(tabla, accion, rol);
  const suyo = dueno === quien;
  const hay = dueno !== "znada" || alta || siempreHay;
  if (puede === "si") return hay ? "si" : 404;
  if (puede === "propio" && (dueno === undefined || suyo)) return "si";
  const ve = celda(tabla, `${accion.split(".")[0]}.leer`, rol);
  return ve === "propio" && dueno !== undefined && !suyo && !alta ? 404 : 403;
}

/** Every request of the matrix for one operation: those who may nothing first, so that things stand as they were. */
export function sondasDe(m: Mundo, g: Guardada): Sonda[] {
  const alta = g.recurso === null && g.accion === "campanias.crear";
  const owned = g.recurso !== null && CON_DUENO.includes(g.recurso);
  const blancos = g.recurso !== null || alta ? BLANCOS : ["zuno" as const];
  const orden = [...NADIE, "zdos", "zuno", "servicio", "aprobador", "auditor", "operador", "admin"] as const;
  return orden.flatMap((quien) =>
    blancos.map((blanco): Sonda => {
      const dueno = owned || alta || blanco === "znada" ? blanco : undefined;
      const siempre = g.recurso !== null && SIEMPRE_HAY.includes(g.recurso);
      const toca = esperado(g.accion, quien, dueno, alta, POLITICA, siempre);
      return sonda(m, g, quien, blanco, toca, cuerpoDe(g, blanco));
    })
  );
}
export function sonda(
  m: Mundo,
  g: Guardada,
  quien: Quien,
  blanco: Blanco,
  esperado: Veredicto,
  cuerpo: object | undefined,
  consulta: Readonly<Record<string, string>> = {},
): Sonda {
  const url = new URL(m.url[g.proceso] + direccion(g, blanco, m.clave));
  for (const [k, v] of Object.entries(consulta)) url.searchParams.set(k, v);
  const { method } = g.operacion;
  const credencial = m.credencial[quien];
  // A file in place of JSON.
  const csv = cuerpo !== undefined && "csv" in cuerpo ? String(cuerpo.csv) : null;
  return {
    nombre: `${quien}: ${method} ${url.pathname}${url.search}${cuerpo ? ` ${JSON.stringify(cuerpo)}` : ""}`,
    accion: g.accion,
    quien,
    blanco,
    metodo: method,
    esperado,
    async pedir(headers = {}) {
      const r = await fetch(url, {
        method,
        redirect: "manual",
        // Whoever comes through a proxy is not on this machine: /metrics is open to that.
        headers: {
          "x-forwarded-for": "203.0.113.9",
          ...(credencial === null ? {} : { authorization: `Bearer ${credencial}` }),
          ...(cuerpo === undefined ? {} : { "content-type": csv === null ? "application/json" : "text/csv" }),
          ...headers,
        },
        body: cuerpo === undefined ? null : csv ?? JSON.stringify(cuerpo),
      });
      return { status: r.status, texto: await r.text(), headers: r.headers };
    },
  };
}

/** A right request of a partner with one more thing named in it. */
export function conRanura(m: Mundo, g: Guardada, quien: Quien, r: Ranura, b: Blanco): Sonda {
  const suyo = esDueno(quien) ? quien : "zuno";
  const valor = r.valor(b);
  return r.donde === "query"
    ? sonda(m, g, quien, suyo, "si", cuerpoDe(g, suyo), { [r.nombre]: valor })
    : sonda(m, g, quien, suyo, "si", { ...companiaDe(g, r.nombre, suyo), [r.nombre]: valor });
}

/** The answer without what differs from one request to the next, and without the id that was asked for. */
export const sinAzar = ({ status, headers, texto }: Respuesta, blanco: Blanco): string =>
  // A weak tag is made of the very text that is cleaned here.
  `${status} ${headers.get("content-type")} ${headers.get("etag")?.replace(/^W\/.*/, "")} ${texto}`
    .replaceAll(blanco, "«»")
    .replace(/"solicitud":"[^"]*"/g, '"solicitud":"«»"')
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, "«id»")
    .replace(/"actualizado_en":"[^"]*"/g, "");
