import type { Context } from "hono";
import { setCookie } from "hono/cookie";
import type { IdentidadJson } from "@alpes/shared/contracts/seguridad.ts";
import type { Env } from "@alpes/shared/http/env.ts";
import { type DepsIdentidad, esSegura, galleta } from "./identidad.ts";
import { llamadaDe } from "./routes/llamada.ts";
import { problemaDe } from "./routes/negar.ts";
import type { Sesion } from "./sello.ts";

/** A working day; a credential that ends sooner ends it sooner. */
const DURA_MS = 12 * 3_600_000;
/** Browsers keep no larger cookie. */
const MAX_COOKIE = 4_000;

export interface DepsSesion extends DepsIdentidad {
  readonly random: (bytes: number) => Uint8Array;
}

/** A cookie that no script can read, and that no other site's page makes a browser send. */
export const atributos = (c: Context<Env>, d: Pick<DepsSesion, "host">) => ({
  path: "/",
  httpOnly: true,
  sameSite: "Strict" as const,
  secure: esSegura(c, d),
});

/** Whose a credential is, as the services know it; `null`: nobody's. */
export async function quien(
  c: Context<Env>,
  d: DepsIdentidad,
  credencial: string,
): Promise<IdentidadJson | null> {
  const r = await d.identidades.de(credencial, llamadaDe(c, d.plazoMs));
  if (!r.ok) throw problemaDe(r.error);
  return r.value;
}

export type Abierta =
  | { readonly tipo: "abierta"; readonly sesion: Sesion; readonly identidad: IdentidadJson }
  | { readonly tipo: "desconocida" | "demasiado_larga" };

/** A session of its own for a credential, in place of whatever session the browser had. */
export async function abrirSesion(
  c: Context<Env>,
  d: DepsSesion,
  credencial: string,
  duraMs = DURA_MS,
): Promise<Abierta> {
  const identidad = await quien(c, d, credencial);
  if (identidad === null) return { tipo: "desconocida" };
  const dura = Math.min(DURA_MS, duraMs);
  const csrf = d.random(32).toBase64({ alphabet: "base64url", omitPadding: true });
  const sesion: Sesion = { credencial, csrf, hasta: d.clock().getTime() + dura };
  const sellada = await d.sello.sellar(sesion);
  if (sellada.length > MAX_COOKIE) return { tipo: "demasiado_larga" };
  setCookie(c, galleta(c, "alpes_sesion"), sellada, { ...atributos(c, d), maxAge: Math.floor(dura / 1_000) });
  return { tipo: "abierta", sesion, identidad };
}
