import type { Context } from "hono";
import type { Actor, Rol } from "@alpes/shared/seedwork/actor.ts";
import { ID_PATTERN } from "@alpes/shared/seedwork/ids.ts";
import { permitido, ROLES } from "@alpes/shared/seedwork/policy.ts";
import type { Env } from "./env.ts";
import { isLoopback } from "./loopback.ts";
import { both } from "./locale.ts";
import { invalidField, Problem } from "./problem.ts";

/** Who makes a request. Rejects with `unauthenticated()` when that cannot be known. */
export type Authenticator = (c: Context<Env>) => Actor | Promise<Actor>;

export { ROLES };
export const isRol = (s: unknown): s is Rol => ROLES.some((r) => r === s);

/** One answer for whatever is wrong with a credential, so that it tells nothing about the ones that are right. */
export const unauthenticated = (): Problem =>
  new Problem("no_autenticado", { headers: { "WWW-Authenticate": 'Bearer realm="alpespartners"' } });

/** No key and no token of ours is longer. */
export const MAX_CREDENTIAL = 8_192;
/** The credential of `Authorization: Bearer …`; `null` when there is none that could be one. */
export function bearer(header: string | undefined): string | null {
  if (header === undefined || header.length > MAX_CREDENTIAL) return null;
  return /^bearer +([A-Za-z0-9._~+/-]+=*)$/i.exec(header)?.[1] ?? null;
}

/** What a machine or a person needs before it can identify itself, and what reveals nothing. */
const OPEN = /^\/(health|ready|spec|docs(\/[^/]*)?|errores(\/[^/]*)?)$/;

/**
 * Identity for everything but what is open to all, by exact path: a new route is closed unless somebody opens it.
 * `/metrics` is open to programs of the same machine, else to who may see figures.
 */
export const guarded = (authenticate: Authenticator, alsoOpen: RegExp = /^$/): Authenticator => async (c) => {
  const { path } = c.req;
  if (OPEN.test(path) || alsoOpen.test(path)) return { tipo: "anonimo" };
  if (path === "/metrics" && isLocal(c)) return { tipo: "anonimo" };
  const actor = await authenticate(c);
  if (actor.tipo === "anonimo") throw unauthenticated();
  if (path !== "/metrics") return actor;
  if (permitido(actor, "figuras.leer", []) !== "si") throw new Problem("prohibido");
  return actor;
};

/** Whether the connection comes from this machine and speaks for nobody else: a proxy says so in a header. */
function isLocal(c: Context<Env>): boolean {
  const address: unknown = Reflect.get(Object(Reflect.get(Object(c.env), "remoteAddr")), "hostname");
  const forwarded = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"];
  return typeof address === "string" && isLoopback(address) && !forwarded.some((h) => c.req.header(h));
}

/** On a machine of one's own, everybody is an operator. */
const LOCAL: Actor = {
  tipo: "persona",
  id: "local",
  roles: ["operador", "aprobador", "auditor", "admin"],
  cliente: null,
};

/**
 * Who asks where `AUTH_MODE=ninguna`: what `X-Actor` says, `anonimo` or
 * `persona:ana;roles=operador,aprobador;cliente=c-1` (`clave:`, `servicio:` alike); absent, the local operator.
 */
export function actorFromHeader(c: Context<Env>): Actor {
  refusePages(c);
  const header = c.req.header("x-actor");
  return header === undefined ? LOCAL : parseActor(header);
}

/**
 * Where nobody is asked who he is, a page that a browser on this machine shows must not be the operator: neither one
 * whose own name was made to lead here (its Host is no name of this machine), nor one that changes something by a
 * request that browsers send without asking us first.
 */
function refusePages(c: Context<Env>): void {
  const host = c.req.header("host") ?? new URL(c.req.url).host;
  if (host !== lastHost && !ofThisMachine(host)) throw new Problem("prohibido");
  lastHost = host;
  const site = c.req.header("sec-fetch-site") ?? "none";
  if (c.req.method !== "POST" || site === "none" || site === "same-origin") return;
  if (UNASKED.test(c.req.header("content-type") ?? "")) throw new Problem("prohibido");
}
/** The last one that was found to be ours: nearly every request comes with the same. */
let lastHost: string | null = null;
const ofThisMachine = (host: string): boolean =>
  URL.canParse(`http://${host}`) && isLoopback(new URL(`http://${host}`).hostname.replace(/^\[|\]$/g, ""));
/** What a browser sends to another site without asking that site first. */
const UNASKED = /^\s*($|text\/plain|application\/x-www-form-urlencoded|multipart\/form-data)/i;

function parseActor(text: string): Actor {
  const bad = (): never => {
    throw invalidField(
      "X-Actor",
      both(
        "debe ser como persona:ana;roles=operador,aprobador;cliente=c-1",
        "must look like persona:ana;roles=operador,aprobador;cliente=c-1",
      ),
    );
  };
  const [who = "", ...rest] = text.split(";").map((s) => s.trim());
  const parameters = new Map<string, string>();
  for (const p of rest) {
    const [, name = "", value = ""] = /^(roles|cliente)=(\S+)$/.exec(p) ?? bad();
    if (parameters.has(name)) bad();
    parameters.set(name, value);
  }
  if (who === "anonimo") return parameters.size === 0 ? { tipo: "anonimo" } : bad();
  const [, tipo, id = ""] = /^(clave|persona|servicio):(.+)$/.exec(who) ?? bad();
  if (!ID_PATTERN.test(id)) bad();
  if (tipo === "servicio") return parameters.size === 0 ? { tipo, id } : bad();
  const roles = (parameters.get("roles") ?? "").split(",").filter((r) => r !== "");
  const cliente = parameters.get("cliente") ?? null;
  if (!roles.every(isRol) || (cliente !== null && !ID_PATTERN.test(cliente))) return bad();
  return { tipo: tipo === "clave" ? "clave" : "persona", id, roles, cliente };
}
