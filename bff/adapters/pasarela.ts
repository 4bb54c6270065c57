import { err, ok, type Result } from "@alpes/shared/seedwork/result.ts";
import { piecesOf } from "@alpes/shared/http/pieces.ts";
import type { Falla, Llamada } from "../ports.ts";
import type { ConCircuito } from "./circuito.ts";
import { FallaHttp, type OpcionesServidor, sinConexion } from "./falla.ts";
import type { Silencio } from "./silencio.ts";

// Of the connection, not of the message (RFC 9110, 7.6.1); and what `fetch` sets itself.
const DEL_SALTO = [
  "connection",
  "keep-alive",
  "proxy-connection",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "expect",
  "host",
];
// Between a caller and us: no service needs to see them, and who he is goes on as we know it (`Llamada`).
const NUESTRAS = ["cookie", "x-csrf-token", "authorization", "x-actor"];

function sinSalto(origen: Headers): Headers {
  const h = new Headers(origen);
  const nombrados = (origen.get("connection") ?? "").split(",").map((s) => s.trim()).filter((s) =>
    /^[\w-]+$/.test(s)
  );
  for (const nombre of [...DEL_SALTO, ...nombrados]) h.delete(nombre);
  return h;
}

/** Path and query exactly as they came over the wire. */
const comoLlego = (url: string): string => url.slice(url.indexOf("/", url.indexOf("://") + 3));

/**
 * Where the request goes, or `null` when the address would not arrive as it was written (dot segments, backslashes,
 * raw bytes): such a path could name another resource there than the one that was checked here.
 */
export function destino(base: string, url: string, servicio: string): string | null {
  const ruta = comoLlego(url);
  const camino = ruta.split(/[?#]/, 1)[0] ?? "";
  if (![`/${servicio}/`, "/errores/"].some((p) => `${camino}/`.startsWith(p))) return null;
  const meta = base + ruta;
  if (!URL.canParse(meta)) return null;
  return new URL(meta).pathname === new URL(base).pathname.replace(/\/$/, "") + camino ? meta : null;
}

/** Streams a request through; the deadline starts anew with every piece that moves in either direction. */
export function pasarela(o: OpcionesServidor, conCircuito: ConCircuito, calla: Silencio) {
  const { servicio } = o;
  return async (
    original: Request,
    l: Llamada,
    cuerpo?: Uint8Array<ArrayBuffer>,
  ): Promise<Result<Response, Falla> | null> => {
    const meta = destino(o.base, original.url, servicio);
    if (meta === null) return null;
    const lee = original.method === "GET" || original.method === "HEAD";
    if (calla.mudo()) return err({ tipo: lee ? "plazo" : "circuito_abierto", servicio });
    const corte = new AbortController();
    let reloj: ReturnType<typeof setTimeout> | undefined;
    const latir = () => {
      clearTimeout(reloj);
      reloj = setTimeout(() => corte.abort(), o.plazoMs);
    };
    let llamadorSeFue = false;

    const headers = sinSalto(original.headers);
    for (const nombre of NUESTRAS) headers.delete(nombre);
    for (const [nombre, valor] of Object.entries(l.cabeceras)) headers.set(nombre, valor);
    // `fetch` frames the body itself; and what is not compressed on the way need not be undone here.
    headers.delete("content-length");
    headers.set("accept-encoding", "identity");
    headers.set("x-timeout-ms", String(Math.ceil(o.plazoMs)));
    const pedido: RequestInit = {
      method: original.method,
      headers,
      body: cuerpo !== undefined
        ? cuerpo
        : original.body === null
        ? null
        : vigilado(original.body, latir, (e) => llamadorSeFue = e !== undefined),
      signal: corte.signal,
      redirect: "manual",
    };
    latir();
    try {
      const pedir = (mudo?: AbortSignal) => {
        mudo?.addEventListener("abort", () => corte.abort(), { once: true });
        return fetch(meta, pedido).catch((e: unknown) => {
          const tipo = corte.signal.aborted ? "plazo" : sinConexion(e) ? "no_responde" : "cortada";
          throw new FallaHttp({ tipo, servicio }, !llamadorSeFue && mudo?.aborted !== true);
        });
      };
      const res = await conCircuito(() => lee ? calla.vigilar(pedir) : pedir());
      calla.oido();
      const respuesta = res.body === null ? null : vigilado(res.body, latir, () => clearTimeout(reloj));
      if (respuesta === null) clearTimeout(reloj);
      return ok(new Response(respuesta, { status: res.status, headers: sinSalto(res.headers) }));
    } catch (e) {
      clearTimeout(reloj);
      if (e instanceof FallaHttp) return err(e.negativa);
      throw e;
    }
  };
}

/** The same stream; `alMover` is told of each piece, `alTerminar` once of its end, its failure or that nobody wants it. */
function vigilado(
  cuerpo: ReadableStream<Uint8Array<ArrayBuffer>>,
  alMover: () => void,
  alTerminar: (falla?: unknown) => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const trozos = piecesOf(cuerpo);
  return new ReadableStream({
    async pull(control) {
      try {
        const trozo = await trozos.next();
        if (trozo === null) {
          alTerminar();
          return control.close();
        }
        alMover();
        control.enqueue(trozo.slice());
      } catch (e) {
        alTerminar(e);
        control.error(e);
      }
    },
    cancel() {
      alTerminar();
      trozos.cancel();
    },
  }, { highWaterMark: 0 });
}
