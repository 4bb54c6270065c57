import type { z } from "@hono/zod-openapi";
import { ExponentialBackoff, handleWhen, retry, timeout, TimeoutStrategy } from "cockatiel";
import { logger } from "@alpes/shared/http/log.ts";
import { err, ok, type Result } from "@alpes/shared/seedwork/result.ts";
import type {
  Consulta,
  Escrito,
  Falla,
  Leido,
  Llamada,
  Negativa,
  Pasarela,
  Pulso,
  Servicio,
} from "../ports.ts";
import { cortacircuitos } from "./circuito.ts";
import { leerJson, leerTexto, rechazoDe } from "./cuerpo.ts";
import { FallaHttp, type OpcionesServidor, sinConexion } from "./falla.ts";
import { pasarela } from "./pasarela.ts";
import { pulso } from "./pulso.ts";
import { silencio } from "./silencio.ts";

/** A path below the service's address with its query. */
export interface Peticion {
  readonly ruta: string;
  readonly consulta?: Consulta;
}

/**
 * One service over HTTP. Every answer is checked against the schema. `leer` tries again after a failure (not after 4xx)
 * while time is left; `enviar` and `pasar` try once. After failures in a row the service is left alone for a moment,
 * then tried by one request. One that turns out mute (`silencio.ts`) keeps no reader waiting, and gets no writes.
 */
export interface Servidor {
  readonly servicio: Servicio;
  leer<T>(peticion: Peticion, esquema: z.ZodType<T>, l: Llamada): Leido<T>;
  /** One question that may hang until something happens: outside the circuit, which it neither heeds nor moves. A mute service ends it. */
  escuchar<T>(peticion: Peticion, esquema: z.ZodType<T>, l: Llamada, hasta: AbortSignal): Leido<T>;
  enviar<T>(
    ruta: string,
    cuerpo: string,
    cabeceras: Readonly<Record<string, string>>,
    esquema: z.ZodType<T>,
    l: Llamada,
  ): Escrito<T>;
  pasar(original: Request, l: Llamada, cuerpo?: Uint8Array<ArrayBuffer>): ReturnType<Pasarela>;
  pulso(): Promise<Pulso>;
}

interface Respuesta {
  readonly status: number;
  readonly headers: Headers;
  readonly texto: string;
}

const PAUSA_MAX_MS = 150;
/** A question that hangs until something happens is silent by itself: its service's pulse is felt this often, ms. */
const CALLADO_MS = 10_000;

const esFalla = (e: unknown): e is FallaHttp => e instanceof FallaHttp;
// An answer that says when to come back is not asked again before that.
const vuelveAPedirse = (e: unknown): boolean =>
  esFalla(e) && (e.negativa.tipo === "no_responde" || e.negativa.tipo === "cortada" ||
    (e.negativa.tipo === "error" && e.negativa.espera === null));

/** `Servidor` over `fetch`: deadline around breaker around retries of one attempt, so that a request fails once. */
export function httpServidor(o: OpcionesServidor): Servidor {
  const { servicio } = o;
  // A service is blamed for silence only where it had time to speak.
  const bastante = Math.min(1_000, o.plazoMs / 2);
  const conCircuito = cortacircuitos(o);
  const calla = silencio(o.base);
  // A pause must not outlast the deadline, since nothing interrupts it.
  const reintento = (l: Llamada) =>
    retry(handleWhen((e) => vuelveAPedirse(e) && l.plazo - performance.now() > PAUSA_MAX_MS), {
      maxAttempts: o.reintentos,
      backoff: new ExponentialBackoff({ initialDelay: 40, maxDelay: PAUSA_MAX_MS }),
    });

  async function intento(
    url: string,
    init: RequestInit,
    l: Llamada,
    signal: AbortSignal,
  ): Promise<Respuesta> {
    const queda = l.plazo - performance.now();
    try {
      const headers = new Headers({
        accept: "application/json",
        "accept-encoding": "identity",
        ...l.cabeceras,
      });
      headers.set("x-timeout-ms", String(Math.max(1, Math.floor(queda))));
      new Headers(init.headers).forEach((v, k) => headers.set(k, v));
      const res = await fetch(url, { ...init, headers, signal, redirect: "manual" });
      calla.oido();
      if (res.status >= 500) {
        await res.body?.cancel();
        const espera = res.headers.get("retry-after");
        // One that says when to come back is in command of itself: a pause of all its requests, also those that it
        // would have let in, helps nobody.
        const suya = res.status !== 503 || espera === null;
        throw new FallaHttp({ tipo: "error", servicio, status: res.status, espera }, suya);
      }
      return { status: res.status, headers: res.headers, texto: await leerTexto(res) ?? "" };
    } catch (e) {
      if (esFalla(e)) throw e;
      if (signal.aborted) {
        throw new FallaHttp({ tipo: "plazo", servicio }, queda >= bastante && !calla.mudo());
      }
      calla.oido();
      throw new FallaHttp({ tipo: sinConexion(e) ? "no_responde" : "cortada", servicio });
    }
  }

  async function conPlazo(
    l: Llamada,
    hacer: (signal: AbortSignal) => Promise<Respuesta>,
    hasta?: AbortSignal,
  ): Promise<Result<Respuesta, Negativa>> {
    const queda = l.plazo - performance.now();
    if (queda <= 0) return err({ tipo: "plazo", servicio });
    try {
      const r = await timeout(queda, TimeoutStrategy.Cooperative).execute(
        ({ signal }) => hacer(signal),
        hasta,
      );
      if (r.status >= 400) return err(rechazoDe(servicio, r));
      return ok(r);
    } catch (e) {
      if (esFalla(e)) return err(e.negativa);
      throw e;
    }
  }

  // What the caller is not told in full. An open circuit would only repeat it.
  function anotado<T>(r: Result<T, Negativa>): Result<T, Negativa> {
    if (!r.ok && r.error.tipo !== "rechazo" && r.error.tipo !== "circuito_abierto") {
      logger("bff").warn("a service failed", { ...r.error });
    }
    return r;
  }

  function comprobar<T>(r: Respuesta, esquema: z.ZodType<T>): Result<T, Negativa> {
    const invalida = (detalle: string) => err<Falla>({ tipo: "respuesta_invalida", servicio, detalle });
    if (r.status >= 300) return invalida(`status ${r.status}`);
    const json = leerJson(r.texto);
    if (!json.ok) return invalida("not JSON");
    const leido = esquema.safeParse(json.value);
    if (leido.success) return ok(leido.data);
    return invalida(leido.error.issues.map((i) => `${i.path.join(".")}: ${i.code}`).slice(0, 5).join(", "));
  }

  async function leida<T>(
    esquema: z.ZodType<T>,
    hacer: (signal: AbortSignal) => Promise<Respuesta>,
    l: Llamada,
    escucha?: AbortSignal,
  ): Leido<T> {
    if (calla.mudo()) return err({ tipo: "plazo", servicio });
    const leido_en = new Date();
    const r = escucha === undefined
      ? await calla.vigilar((mudo) => conPlazo(l, hacer, mudo))
      : await calla.vigilar((mudo) => conPlazo(l, hacer, AbortSignal.any([mudo, escucha])), CALLADO_MS);
    if (!r.ok) return r;
    const v = comprobar(r.value, esquema);
    return v.ok ? ok({ valor: v.value, leido_en, bytes: r.value.texto.length }) : v;
  }

  return {
    servicio,
    async leer(peticion, esquema, l) {
      const url = o.base + rutaDe(peticion);
      return anotado(
        await leida(
          esquema,
          (signal) =>
            conCircuito(() => reintento(l).execute(() => intento(url, { method: "GET" }, l, signal), signal)),
          l,
        ),
      );
    },
    escuchar(peticion, esquema, l, hasta) {
      const url = o.base + rutaDe(peticion);
      return leida(esquema, (signal) => intento(url, { method: "GET" }, l, signal), l, hasta);
    },
    async enviar(ruta, cuerpo, cabeceras, esquema, l) {
      // Not sent is not done, which is more than silence would tell.
      if (calla.mudo()) return err({ tipo: "circuito_abierto", servicio });
      const headers = { "content-type": "application/json", ...cabeceras };
      const init = { method: "POST", body: cuerpo, headers };
      const r = await conPlazo(l, (signal) => conCircuito(() => intento(o.base + ruta, init, l, signal)));
      if (!r.ok) return anotado(r);
      const v = comprobar(r.value, esquema);
      if (!v.ok) return anotado(v);
      const suyas: Record<string, string> = {};
      for (const nombre of ["idempotency-replayed", "etag"]) {
        const valor = r.value.headers.get(nombre);
        if (valor !== null) suyas[nombre] = valor;
      }
      return ok({ valor: v.value, status: r.value.status, cabeceras: suyas });
    },
    pasar: pasarela(o, conCircuito, calla),
    pulso: async () => calla.mudo() ? { status: "down", response_time_ms: null } : await pulso(o)(),
  };
}

/** Path and query of a read, the same text for the same question. */
export function rutaDe({ ruta, consulta = {} }: Peticion): string {
  const q = new URLSearchParams();
  for (const [nombre, valor] of Object.entries(consulta)) {
    if (valor !== undefined) q.append(nombre, String(valor));
  }
  const texto = q.toString();
  return texto === "" ? ruta : `${ruta}?${texto}`;
}
