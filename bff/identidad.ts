import { timingSafeEqual } from "node:crypto";
import type { Context } from "hono";
import { getCookie } from "hono/cookie";
import {
  actorFromHeader,
  type Authenticator,
  bearer,
  guarded,
  unauthenticated,
} from "@alpes/shared/http/actor.ts";
import type { Env } from "@alpes/shared/http/env.ts";
import { isLoopback } from "@alpes/shared/http/loopback.ts";
import { Problem } from "@alpes/shared/http/problem.ts";
import type { Clock } from "@alpes/shared/seedwork/clock.ts";
import type { Identidades } from "./ports.ts";
import { llamadaDe } from "./routes/llamada.ts";
import { problemaDe } from "./routes/negar.ts";
import type { Sello, Sesion } from "./sello.ts";

export interface DepsIdentidad {
  readonly modo: "ninguna" | "claves" | "oidc";
  readonly identidades: Identidades;
  readonly sello: Sello<Sesion>;
  readonly plazoMs: number;
  readonly clock: Clock;
  /** The address that it listens on: on this machine browsers speak without TLS. */
  readonly host: string;
}

/** Whether the caller speaks TLS, to the proxy in front. */
const conTls = (c: Context<Env>): boolean => c.req.header("x-forwarded-proto") === "https";
export const esSegura = (c: Context<Env>, { host }: Pick<DepsIdentidad, "host">): boolean =>
  conTls(c) || !isLoopback(host);

/** As browsers keep it: over TLS under a name that only this very host can set, no other one of its domain. */
export const galleta = (c: Context<Env>, nombre: "alpes_sesion" | "alpes_ida"): string =>
  conTls(c) ? `__Host-${nombre}` : nombre;

/** What a browser asks before it is somebody: how the services are, and who it is. */
const ABIERTAS =
  /^\/(|consola\/[^/]*|entrar\/oidc(\/vuelta|\/salida)?|api\/v1\/(health|sesion|sesion\/enlace))$/;
const LEE = new Set(["GET", "HEAD", "OPTIONS"]);

/** Who asks, by `Authorization` or by the console's cookie; whoever it is, the services are told the same. */
export function autenticador(d: DepsIdentidad): Authenticator {
  if (d.modo === "ninguna") return actorFromHeader;
  return guarded(async (c) => {
    const credencial = await credencialDe(c, d);
    if (credencial === null) throw unauthenticated();
    const r = await d.identidades.de(credencial, llamadaDe(c, d.plazoMs));
    if (!r.ok) throw problemaDe(r.error);
    if (r.value === null) throw unauthenticated();
    c.set("authorization", `Bearer ${credencial}`);
    return r.value;
  }, ABIERTAS);
}

/** A header says it outright, and no other site can make a browser send one; a cookie comes by itself. */
async function credencialDe(c: Context<Env>, d: DepsIdentidad): Promise<string | null> {
  const header = c.req.header("authorization");
  if (header !== undefined) return bearer(header);
  const sesion = await sesionDe(c, d);
  if (sesion !== null && !LEE.has(c.req.method)) exigirPrueba(c, sesion);
  return sesion?.credencial ?? null;
}

/** The session that the cookie holds, while it lasts. */
export async function sesionDe(
  c: Context<Env>,
  { sello, clock }: Pick<DepsIdentidad, "sello" | "clock">,
): Promise<Sesion | null> {
  const cookie = getCookie(c, galleta(c, "alpes_sesion"));
  const sesion = cookie === undefined ? null : await sello.abrir(cookie);
  return sesion !== null && sesion.hasta > clock().getTime() ? sesion : null;
}

/** Throws unless the request proves that a page of ours made it. */
export function exigirPrueba(c: Context<Env>, sesion: Sesion): void {
  exigirMismoSitio(c);
  const [dado, debido] = [c.req.header("x-csrf-token") ?? "", sesion.csrf].map((t) =>
    new TextEncoder().encode(t)
  );
  if (!dado || !debido || dado.length !== debido.length || !timingSafeEqual(dado, debido)) {
    throw new Problem("sesion_ajena");
  }
}

/** Throws where a browser says that another site's page made the request. Programs say nothing of the kind. */
export function exigirMismoSitio(c: Context<Env>): void {
  const sitio = c.req.header("sec-fetch-site");
  const origen = c.req.header("origin");
  const ajeno = sitio !== undefined
    ? sitio !== "same-origin" && sitio !== "none"
    : origen !== undefined && (!URL.canParse(origen) || new URL(origen).host !== c.req.header("host"));
  if (ajeno) throw new Problem("sesion_ajena");
}
