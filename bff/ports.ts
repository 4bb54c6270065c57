import type { z } from "@hono/zod-openapi";
import type {
  CampaniaAceptadaSchema,
  CampaniaJson,
  EstadisticasCampaniasJson,
} from "@alpes/shared/contracts/campanias.ts";
import type { ClienteJson, EstadisticasClientesSchema } from "@alpes/shared/contracts/cliente.ts";
import type {
  AgregacionJson,
  EstadisticasPagosJson,
  HistorialPagoJson,
  PagoAceptadoSchema,
  PayoutJson,
} from "@alpes/shared/contracts/pagos.ts";
import type { SerieJson, SeriePagosJson } from "@alpes/shared/contracts/series.ts";
import type { ClaveCanjeadaSchema, IdentidadJson, RastroJson } from "@alpes/shared/contracts/seguridad.ts";
import type { PaginationJson } from "@alpes/shared/http/pagination.ts";
import type { Result } from "@alpes/shared/seedwork/result.ts";
import type { Ida } from "./sello.ts";
import type { Testigo } from "./cache.ts";

/** The services behind the BFF, by the first segment of their paths. */
export const SERVICIOS = ["cliente", "pagos", "campanias"] as const;
export type Servicio = (typeof SERVICIOS)[number];

/** Why a service gave nothing that could be used. */
export type Falla =
  /** Nobody listens there: the request was never taken. */
  | { readonly tipo: "no_responde"; readonly servicio: Servicio }
  /** The connection broke before the answer was whole: a write may have happened. */
  | { readonly tipo: "cortada"; readonly servicio: Servicio }
  /** No answer within the deadline: a write may have happened. */
  | { readonly tipo: "plazo"; readonly servicio: Servicio }
  /** It answered 5xx; `espera` is its `Retry-After`. */
  | {
    readonly tipo: "error";
    readonly servicio: Servicio;
    readonly status: number;
    readonly espera: string | null;
  }
  /** It answered something that the contract does not know. */
  | { readonly tipo: "respuesta_invalida"; readonly servicio: Servicio; readonly detalle: string }
  /** It failed so often just now that it was not asked. */
  | { readonly tipo: "circuito_abierto"; readonly servicio: Servicio };

/** The service understood and said no (4xx): its own problem details, to be passed on. */
export interface Rechazo {
  readonly tipo: "rechazo";
  readonly servicio: Servicio;
  readonly status: number;
  readonly codigo: string | null;
  readonly titulo: string | null;
  readonly detalle: string | null;
  readonly errores: readonly { readonly campo: string; readonly mensaje: string }[];
  readonly espera: string | null;
}
export type Negativa = Falla | Rechazo;

/** The request that all this is done for: what travels on to the services, and until when an answer is of use. */
export interface Llamada {
  /** Who asks, as an opaque key: equal keys may share what was read, and nobody else. */
  readonly llamador: string;
  /** Headers that go onward: identity, request id, trace, language. */
  readonly cabeceras: Readonly<Record<string, string>>;
  /** When the answer is due, in milliseconds of `performance.now()`. */
  readonly plazo: number;
  /** Notes what is read, where the answer may be kept. */
  readonly testigo?: Testigo;
}

/** Something read from a service, and when the service was asked for it. */
export interface Lectura<T> {
  readonly valor: T;
  readonly leido_en: Date;
  /** Length of the answer's text. */
  readonly bytes: number;
}
export type Leido<T> = Promise<Result<Lectura<T>, Negativa>>;

/** A write's answer, with the headers that belong to it (`idempotency-replayed`, `etag`, `retry-after`). */
export interface Escritura<T> {
  readonly valor: T;
  readonly status: number;
  readonly cabeceras: Readonly<Record<string, string>>;
}
export type Escrito<T> = Promise<Result<Escritura<T>, Negativa>>;

/** Query parameters of a list; what is `undefined` is left out. */
export type Consulta = Readonly<Record<string, string | number | undefined>>;

/** A write: JSON text, as the caller sent it where nothing had to be translated, and headers that only he can give. */
export interface Envio {
  readonly cuerpo: string;
  readonly cabeceras: Readonly<Record<string, string>>;
}

/** A page of a list, as the service gave it. */
export interface Pagina<T> {
  readonly data: T[];
  readonly pagination: PaginationJson;
}
/** Rows of an approximate search, best first; `relevancia` 0..1. */
export type Hallados<T> = (T & { relevancia: number })[];

/*
 * The three roles. No method throws for what a network or a service can do: every failure is a `Negativa`, and an
 * answer that does not fit the contract is one too. What is read may be as old as the cache's time to live, but never
 * older than the caller's own last write through here. Reads are tried again while time is left, writes never.
 * Nothing outlasts `llamada.plazo`.
 */
export interface Clientes {
  lista(consulta: Consulta, l: Llamada): Leido<Pagina<ClienteJson>>;
  buscar(texto: string, limite: number, l: Llamada): Leido<Hallados<ClienteJson>>;
  uno(id: string, l: Llamada): Leido<ClienteJson>;
  estadisticas(l: Llamada): Leido<z.infer<typeof EstadisticasClientesSchema>>;
  serie(dias: number, l: Llamada): Leido<SerieJson>;
  /** Names of those that are registered; others are not in it. */
  nombres(ids: readonly string[], l: Llamada): Leido<ReadonlyMap<string, string>>;
  registrar(envio: Envio, l: Llamada): Escrito<ClienteJson>;
}

export interface PaginaPagos extends Pagina<PayoutJson> {
  readonly agregaciones: AgregacionJson[];
}
export interface Pagos {
  lista(consulta: Consulta, l: Llamada): Leido<PaginaPagos>;
  buscar(texto: string, limite: number, l: Llamada): Leido<Hallados<PayoutJson>>;
  uno(id: string, l: Llamada): Leido<PayoutJson>;
  historial(id: string, l: Llamada): Leido<HistorialPagoJson>;
  estadisticas(consulta: { readonly partner_id?: string }, l: Llamada): Leido<EstadisticasPagosJson>;
  serie(dias: number, l: Llamada): Leido<SeriePagosJson>;
  pagar(envio: Envio, l: Llamada): Escrito<z.infer<typeof PagoAceptadoSchema>>;
}

export interface Campanias {
  lista(consulta: Consulta, l: Llamada): Leido<Pagina<CampaniaJson>>;
  buscar(texto: string, limite: number, l: Llamada): Leido<Hallados<CampaniaJson>>;
  uno(id: string, l: Llamada): Leido<CampaniaJson>;
  estadisticas(l: Llamada): Leido<EstadisticasCampaniasJson>;
  serie(dias: number, l: Llamada): Leido<SerieJson>;
  crear(envio: Envio, l: Llamada): Escrito<z.infer<typeof CampaniaAceptadaSchema>>;
}

export const VISTAS = ["mensajes", "sagas", "proyecciones"] as const;
export type Vista = (typeof VISTAS)[number];
export type Orden = "reintentar" | "liberar" | "descartar" | "reconstruir";

/** One parked message, saga or projection of a service, in its own fields. */
export type FilaOperacion = Readonly<Record<string, unknown>> & { readonly id: string };

/** `siguiente`: the cursor with which that service's rows go on. */
export interface PaginaOperacion {
  readonly filas: readonly FilaOperacion[];
  readonly siguiente: string | null;
}

/** A page of a service's audit log, newest first. */
export interface PaginaAuditoria {
  readonly filas: readonly RastroJson[];
  readonly siguiente: string | null;
}

/** The operator's view of one service; never cached. A service without this view has no rows of it. */
export interface Operacion {
  vista(servicio: Servicio, vista: Vista, consulta: Consulta, l: Llamada): Leido<PaginaOperacion>;
  auditoria(servicio: Servicio, consulta: Consulta, l: Llamada): Leido<PaginaAuditoria>;
  ordenar(
    servicio: Servicio,
    vista: Vista,
    id: string,
    orden: Orden,
    envio: Envio,
    l: Llamada,
  ): Escrito<Record<string, unknown>>;
}

/**
 * Any request, as it came, streamed both ways; resolves with the answer's head. `null`: its address would not arrive as
 * it was written. `cuerpo`: its body, where it was read already.
 */
export type Pasarela = (
  servicio: Servicio,
  original: Request,
  l: Llamada,
  cuerpo?: Uint8Array<ArrayBuffer>,
) => Promise<Result<Response, Falla> | null>;

/** What a service looked like a moment ago: `response_time_ms` is measured, `null` when nothing came back. */
export interface Pulso {
  readonly status: "up" | "degraded" | "down";
  readonly response_time_ms: number | null;
}
/** Asks for it now, whatever else is known. */
export type Pulsos = (servicio: Servicio) => Promise<Pulso>;

/** Who a credential belongs to, as the services know it; believed for a moment. */
export interface Identidades {
  /** `null`: nobody. */
  de(credencial: string, l: Llamada): Promise<Result<IdentidadJson | null, Negativa>>;
  /** Exchanges the code of a sign-in link, once. */
  canjear(codigo: string, l: Llamada): Escrito<z.infer<typeof ClaveCanjeadaSchema>>;
}

/** `no_responde`: it cannot be asked. `rechazo`: it says no, or what came back is not what was asked for. */
export type FallaEmisor = "no_responde" | "rechazo";

/** Who signs people in, where that is another system (OpenID Connect, authorization code with PKCE). */
export interface Emisor {
  /** Where a browser goes, and what its way back must fit. */
  ida(): Promise<Result<{ readonly url: string } & Pick<Ida, "state" | "nonce" | "verifier">, FallaEmisor>>;
  /** `busqueda`: the query with which it came back. `duraMs`: for how long the credential is good, where that is said. */
  vuelta(
    busqueda: string,
    ida: Pick<Ida, "state" | "nonce" | "verifier">,
  ): Promise<Result<{ readonly credencial: string; readonly duraMs: number | null }, FallaEmisor>>;
  /** Where a browser ends the issuer's own session; `null` where the issuer has no such place, or is away. */
  salida(): Promise<string | null>;
}
