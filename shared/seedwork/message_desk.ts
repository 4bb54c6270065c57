import type { Actor } from "./actor.ts";
import type { Message } from "./messages.ts";
import type { Result } from "./result.ts";

/** A message that waits for an operator. */
export interface ParkedMessage {
  /** `{consumidor}~{event_id}` */
  readonly id: string;
  readonly consumidor: string;
  readonly event_id: string;
  readonly topic: string;
  readonly type: string;
  /** The aggregate that it belongs to; while APARCADO, later messages of this key wait. */
  readonly clave: string;
  /** APARTADO: set aside, those behind went on without it. */
  readonly estado: "APARCADO" | "APARTADO";
  readonly intentos: number;
  readonly error: string;
  /** How many wait behind it. */
  readonly detras: number;
  readonly recibido: Date;
  readonly actualizado: Date;
  readonly mensaje: Message;
}

export interface MessagingLag {
  /** Committed but not yet published; age of the oldest in seconds, 0 when there is none. */
  readonly outbox: { readonly pendientes: number; readonly edad_s: number };
  /** Delivered by the PostgreSQL bus or released, but not handled; `aparcados` wait for an operator, `detras` behind them. */
  readonly inbox: {
    readonly pendientes: number;
    readonly edad_s: number;
    readonly aparcados: number;
    readonly detras: number;
  };
}

export type DeskRefusal =
  | { readonly tipo: "no_existe" }
  /** It was parked once; it is in this state now. */
  | { readonly tipo: "no_esta_aparcado"; readonly estado: string };

/** What became of it. */
export interface DeskAnswer {
  readonly id: string;
  readonly estado: "LISTO" | "APARTADO" | "DESCARTADO";
  /** How many wait behind it and go on, after it (LISTO) or without it. */
  readonly detras: number;
}

export interface DeskOrder {
  readonly id: string;
  readonly actor: Actor;
  readonly motivo: string | null;
  /** The request's `X-Request-Id` and what the operation is called: with both it goes into the audit log. */
  readonly correlation_id?: string;
  readonly accion?: string;
}

/**
 * The operator's hand on the messages of one module's consumers. Every order is written with who gave it and why;
 * two operators at once: the second is refused.
 */
export interface MessageDesk {
  /** Oldest first; `after` is the `next` of the page before. `limit` 1–100. */
  list(after: string | null, limit: number): Promise<{ data: ParkedMessage[]; next: string | null }>;
  /** Tries it again with fresh attempts, and then those behind it. */
  reintentar(order: DeskOrder): Promise<Result<DeskAnswer, DeskRefusal>>;
  /** Sets it aside: those behind it go on without it. */
  liberar(order: DeskOrder): Promise<Result<DeskAnswer, DeskRefusal>>;
  /** Never handles it; those behind it go on. */
  descartar(order: DeskOrder): Promise<Result<DeskAnswer, DeskRefusal>>;
  lag(): Promise<MessagingLag>;
}

export const parkedId = (consumidor: string, event_id: string): string => `${consumidor}~${event_id}`;
/** The two halves of a parked message's id; a consumer's name has no `~`. */
export function parsedParkedId(id: string): { consumidor: string; event_id: string } | null {
  const at = id.indexOf("~");
  return at < 1 || at === id.length - 1 ? null : { consumidor: id.slice(0, at), event_id: id.slice(at + 1) };
}
