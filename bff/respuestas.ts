import { LRUCache } from "lru-cache";
import type { MiddlewareHandler } from "hono";
import type { Env } from "@alpes/shared/http/env.ts";
import { noneMatch } from "@alpes/shared/http/etag.ts";
import { nameSpan, routeOf } from "@alpes/shared/http/observed.ts";
import { logger } from "@alpes/shared/http/log.ts";
import type { Metrics } from "@alpes/shared/http/metrics.ts";
import { ID_PATTERN, type NewId } from "@alpes/shared/seedwork/ids.ts";
import { type Cache, nuevoTestigo, type Testigo } from "./cache.ts";

declare module "hono" {
  interface ContextVariableMap {
    /** What this answer is made of, where it may be kept. */
    testigo?: Testigo;
  }
}

/** A 200 as it went out: compressed, tagged and with every header, so that giving it again is a look-up. */
interface Guardada {
  readonly cabeceras: [string, string][];
  readonly cuerpo: Uint8Array<ArrayBuffer>;
  readonly etag: string;
  readonly ruta: string;
  readonly testigo: Testigo;
  /** Of the clock of `ahora`; after it whoever asks is asked again who he is. */
  readonly hasta: number;
  /** One request is on its way for a younger one. */
  renovando: boolean;
}

export interface Respuestas {
  /** The kept answer to exactly this request, or `null`. */
  dar(request: Request): Response | null;
  /** Keeps the answers of the routes behind it, which read through the cache and nowhere else. */
  readonly guardar: MiddlewareHandler<Env>;
}

export interface DepsRespuestas {
  readonly cache: Pick<Cache, "vale" | "acerto">;
  readonly metrics: Metrics;
  readonly newId: NewId;
  /** Monotonic milliseconds. */
  readonly ahora?: () => number;
}

/** Everything in a request that its answer may differ by: a line each, since no header holds a line feed. */
const DISTINGUEN = [
  "host",
  "authorization",
  "cookie",
  "x-actor",
  "accept-language",
  "accept-encoding",
  "origin",
];
const clave = ({ url, headers }: Request): string => {
  let k = url;
  for (const nombre of DISTINGUEN) k += `\n${headers.get(nombre) ?? "\n"}`;
  return k;
};
/** With what a credential is believed for, here and at the services, a revocation bites within five seconds. */
const CREDENCIAL_MS = 500;
const ENTRADAS = 2_000;
const BYTES = 16 * 1024 * 1024;
/** Their routes read through the cache and nowhere else: what else they asked would not be in the witness. */
const GUARDADAS = /^\/api\/v1\/(dashboard|clientes|pagos|campanias|search)(\/|$)/;

/**
 * Answers kept whole, before any router or validator is asked. An answer is given again to the same caller only, and
 * only while everything that it was read from would still be given by the cache (`Testigo`).
 */
export function respuestas(
  { cache, metrics, newId, ahora = () => performance.now() }: DepsRespuestas,
): Respuestas {
  const log = logger("http");
  const guardadas = new LRUCache<string, Guardada>({
    max: ENTRADAS,
    maxSize: BYTES,
    sizeCalculation: (g, k) => g.cuerpo.byteLength + k.length + 1_000,
  });

  return {
    dar(request) {
      if (request.method !== "GET" || !request.url.includes("/api/v1/")) return null;
      const desde = ahora();
      const k = clave(request);
      const g = guardadas.get(k);
      if (g === undefined) return null;
      const vale = desde < g.hasta ? cache.vale(g.testigo) : "no";
      if (vale === "no") {
        guardadas.delete(k);
        return null;
      }
      if (vale === "vieja" && !g.renovando) {
        g.renovando = true;
        return null;
      }
      cache.acerto(g.testigo.lecturas);
      const pedido = request.headers.get("x-request-id");
      const solicitud = pedido !== null && ID_PATTERN.test(pedido) ? pedido : newId();
      const igual = request.headers.get("if-none-match");
      const ya = igual !== null && noneMatch(igual, g.etag);
      const status = ya ? 304 : 200;
      const cabeceras = ya ? g.cabeceras.filter(([nombre]) => !nombre.startsWith("content-")) : g.cabeceras;
      const ms = ahora() - desde;
      metrics.observe("GET", g.ruta, status, ms);
      log.info("request", {
        solicitud,
        correlation_id: solicitud,
        metodo: "GET",
        ruta: g.ruta,
        status,
        ms: Math.round(ms * 100) / 100,
      });
      nameSpan(request.url, "GET", g.ruta);
      return new Response(ya ? null : g.cuerpo, {
        status,
        headers: [...cabeceras, ["x-request-id", solicitud]],
      });
    },

    async guardar(c, next) {
      if (c.req.method !== "GET" || !GUARDADAS.test(c.req.path)) return await next();
      const testigo = nuevoTestigo();
      c.set("testigo", testigo);
      const desde = ahora();
      await next();
      const { res } = c;
      const etag = res.headers.get("etag");
      if (res.status !== 200 || etag === null || !testigo.entero || testigo.lecturas === 0) return;
      if (res.headers.has("set-cookie") || cache.vale(testigo) === "no") return;
      const cabeceras = [...res.headers];
      const cuerpo = new Uint8Array(await res.arrayBuffer());
      const credencial = c.req.header("authorization") ?? c.req.header("cookie");
      guardadas.set(clave(c.req.raw), {
        cabeceras,
        cuerpo,
        etag,
        ruta: routeOf(c),
        testigo,
        hasta: credencial === undefined ? Infinity : desde + CREDENCIAL_MS,
        renovando: false,
      });
      c.res = undefined;
      c.res = new Response(cuerpo, { headers: cabeceras });
    },
  };
}
