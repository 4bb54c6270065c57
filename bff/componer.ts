import { v7 } from "uuid";
import { logger } from "@alpes/shared/http/log.ts";
import { createMetrics } from "@alpes/shared/http/metrics.ts";
import { localized } from "@alpes/shared/http/locale.ts";
import { OPEN_DOOR_NOTICE } from "@alpes/shared/http/open_door.ts";
import { readiness } from "@alpes/shared/http/readiness.ts";
import { type BffConfig, serviceUrls } from "@alpes/shared/http/settings_bff.ts";
import { seguirCambios } from "./adapters/cambios.ts";
import type { Consola } from "./routes/consola.ts";
import { oidcEmisor } from "./adapters/emisor.ts";
import { httpServidor } from "./adapters/http.ts";
import { httpIdentidades } from "./adapters/identidades.ts";
import { httpRoles } from "./adapters/servicios.ts";
import { bffApp } from "./app.ts";
import { lruCache } from "./cache.ts";
import { type Emisor, type Servicio, SERVICIOS } from "./ports.ts";
import { VUELTA } from "./routes/entrar.ts";
import { selloDeIda, selloDeSesion } from "./sello.ts";
import { abrirVivo, type Cambio } from "./vivo.ts";

/** What the cache may hold: a page of a list is some tens of kilobytes. */
const ENTRADAS = 5_000;
const BYTES = 32 * 1024 * 1024;

/** Opens everything but the port. What must be closed goes into `resources`. */
export function componerBff(
  config: BffConfig,
  version: string,
  resources: AsyncDisposableStack,
  consola: Consola | null = null,
) {
  const plazoMs = config.BFF_HTTP_TIMEOUT * 1_000;
  const bases = serviceUrls(config);
  const servidor = (servicio: Servicio) =>
    httpServidor({ servicio, base: bases[servicio], plazoMs, reintentos: config.BFF_MAX_RETRIES });
  const servidores = {
    cliente: servidor("cliente"),
    pagos: servidor("pagos"),
    campanias: servidor("campanias"),
  };
  const cache = lruCache({
    ttlMs: config.BFF_CACHE_TTL * 1_000,
    cargaMs: plazoMs,
    entradas: ENTRADAS,
    bytes: BYTES,
  });
  const log = logger("proceso");
  if (config.AUTH_MODE === "ninguna") log.warn(localized(OPEN_DOOR_NOTICE, "en"));
  const vivo = abrirVivo();
  const identidad = comoQuien(config);
  if (identidad === null) log.warn("without BFF_CLAVE what others wrote is seen after BFF_CACHE_TTL");
  else {
    for (const s of SERVICIOS) {
      // The cache first: who is told of a change and reads must not get what was before it.
      const seguimiento = {
        cambios(cambios: readonly Cambio[], nuevos: boolean) {
          if (nuevos) cache.cambio(s);
          vivo.recibir(s, cambios, nuevos);
        },
        hueco(ultimo: number) {
          cache.cambio(s);
          vivo.hueco(s, ultimo);
        },
        seguido: (si: boolean) => vivo.seguido(s, si),
      };
      resources.use(seguirCambios(servidores[s], seguimiento, { identidad, newId: v7 }));
    }
  }
  // It answers, and says what is missing, also while every service is away: nothing has to be there first.
  const ready = readiness([]);
  ready.draining.addEventListener("abort", () => vivo.cerrar());
  resources.defer(() => vivo.cerrar());
  const metrics = createMetrics();
  gauges();
  const app = bffApp({
    ...httpRoles(servidores, cache, plazoMs),
    pasarela: (s, original, l, cuerpo) => servidores[s].pasar(original, l, cuerpo),
    pulsos: (s) => servidores[s].pulso(),
    modo: config.AUTH_MODE,
    host: config.BFF_HOST,
    identidades: httpIdentidades(servidores, v7),
    sello: selloDeSesion(config.BFF_SECRET),
    selloDeIda: selloDeIda(config.BFF_SECRET),
    emisor: emisorDe(config),
    random: (n) => crypto.getRandomValues(new Uint8Array(n)),
    cache,
    vivo,
    consola,
    plazoMs,
    origenes: config.BFF_CORS_ORIGINS,
    version,
    clock: () => new Date(),
    newId: v7,
    metrics,
    readiness: ready,
  });
  return { app, ready };

  function gauges() {
    metrics.gauge("bff_cache_reads_total", "Reads by the way they were answered.", ["resultado"], () => {
      const { hits, misses } = cache.contadores();
      return [[{ resultado: "hit" }, hits], [{ resultado: "miss" }, misses]];
    });
    metrics.gauge("bff_live_listeners", "Browsers that hear of changes.", [], () => [[{}, vivo.oyentes()]]);
    metrics.gauge("bff_cache_bytes", "What the cache holds.", [], () => [[{}, cache.contadores().bytes]]);
  }
}

/** Where people sign in by being led to the issuer; `null`: they bring a token. */
function emisorDe(c: BffConfig): Emisor | null {
  const { BFF_URL, OIDC_ISSUER, OIDC_CLIENT_ID } = c;
  if (c.AUTH_MODE !== "oidc" || !BFF_URL || !OIDC_ISSUER || !OIDC_CLIENT_ID) return null;
  return oidcEmisor({
    issuer: OIDC_ISSUER,
    clientId: OIDC_CLIENT_ID,
    clientSecret: c.OIDC_CLIENT_SECRET,
    scope: c.OIDC_SCOPE,
    params: Object.fromEntries(new URLSearchParams(c.OIDC_AUTHORIZE_PARAMS)),
    redirectUri: BFF_URL + VUELTA,
    homeUrl: `${BFF_URL}/`,
  });
}

/** As whom the BFF asks in its own name; `null`: it cannot. */
function comoQuien(config: BffConfig): Record<string, string> | null {
  if (config.AUTH_MODE === "ninguna") return { "x-actor": "servicio:bff" };
  return config.BFF_CLAVE === undefined ? null : { authorization: `Bearer ${config.BFF_CLAVE}` };
}
