import type { Actor } from "./actor.ts";
import type { Message, Topic } from "./messages.ts";
import type { Result } from "./result.ts";

/** An answer as it goes over the wire; a repeat gets it byte for byte. */
export interface StoredAnswer {
  readonly status: number;
  readonly body: string;
  readonly contentType: string;
  readonly etag: string | null;
  readonly location: string | null;
}

/**
 * Makes an effect happen once. `key`: an HTTP `Idempotency-Key`, with the fingerprint of method, path and canonical
 * body, and the pure function that renders the answer to be stored beside the effect. `message`: a consumed message.
 */
export type Dedup =
  | {
    readonly kind: "key";
    readonly caller: string;
    /** Method and path, e.g. `POST /cliente/registrar`. */
    readonly route: string;
    readonly key: string;
    readonly fingerprint: string;
    readonly answer: (value: unknown) => StoredAnswer;
  }
  | {
    readonly kind: "message";
    readonly consumer: string;
    readonly event_id: string;
    /** Told by a unit of work that committed the inbox row with the effect: nobody has to mark it again. */
    readonly onHandled?: () => void;
  };

/** What comes with every command: who asks, which request it belongs to, and how it is deduplicated. */
export interface RequestContext {
  readonly actor: Actor;
  /** `X-Request-Id`; becomes the `correlation_id` of all that follows. */
  readonly correlation_id: string;
  /** Id of the request or message that caused this one. */
  readonly causation_id: string;
  readonly traceparent: string | null;
  readonly dedup: Dedup | null;
  /**
   * What somebody asked for, as the audit log calls it (the `operationId`). Absent for work that a message or a clock
   * causes: that stands in the aggregate's own history.
   */
  readonly accion?: string;
  /** The step of a saga whose message asked for it. */
  readonly saga_paso?: string | null;
}

/** A message to be published once the transaction stands; the adapter completes the envelope from the context. */
export interface Outgoing {
  /** Given where the event is kept under an id of its own; else one is made. */
  readonly event_id?: string;
  readonly topic: Topic;
  readonly type: string;
  readonly aggregate_type: string;
  readonly aggregate_id: string;
  readonly aggregate_version: number;
  readonly data: unknown;
}

/** One line of a module's change feed (`GET /{modulo}/cambios`): what became different, by type and id. */
export interface FeedEntry {
  readonly tipo: string;
  readonly id: string;
  readonly version: number;
}

/** All that one decision changes: the module's own writes `W`, messages, and lines of its change feed. */
export interface Changes<W> {
  readonly writes: W;
  readonly messages: readonly Outgoing[];
  readonly feed: readonly FeedEntry[];
}

/** `changes: null`: nothing to write (a repeat that is already true). */
export type Decision<T, W, X> = Result<{ readonly value: T; readonly changes: Changes<W> | null }, X>;

/**
 * A unit of work as data. The use case names what it needs (`ids`) and decides purely; the adapter loads, calls
 * `decidir` (again after a conflict: it must have no effect of its own), and commits state or events, messages, feed
 * and the deduplication row in one transaction. It promises:
 *
 * - all or nothing; a refusal writes nothing (but the inbox row of a consumed message);
 * - the aggregates named by `ids` stand still between loading and commit (locked in one fixed order);
 * - with an `accion`, a line of the audit log for each thing that changed stands or falls with the effect;
 * - the same `dedup` never has two effects: instead of deciding again it throws `AlreadyAnswered`, `StillRunning` or
 *   `KeyReused` for a key, `AlreadyHandled` for a message;
 * - `ahora` is the clock of where the data lives;
 * - a commit whose answer was lost rejects with `UnknownOutcome`: ask again with the same key.
 */
export interface UnitOfWork<Ids, Estados, W> {
  ejecutar<T, X>(
    context: RequestContext,
    ids: Ids,
    decidir: (estados: Estados, ahora: Date) => Decision<T, W, X>,
  ): Promise<Result<T, X>>;
}

/** Somebody else wrote the version that was expected; adapters retry, and give up with this. */
export class ConcurrencyError extends Error {
  override readonly name = "ConcurrencyError";
}
/** This key was answered before, for the same request: give that answer again. */
export class AlreadyAnswered extends Error {
  override readonly name = "AlreadyAnswered";
  constructor(readonly answer: StoredAnswer) {
    super("this idempotency key was answered before");
  }
}
/** The first request with this key is still running. */
export class StillRunning extends Error {
  override readonly name = "StillRunning";
}
/** This key came before with another request. */
export class KeyReused extends Error {
  override readonly name = "KeyReused";
}
/** This consumer's effect of this message stands already. */
export class AlreadyHandled extends Error {
  override readonly name = "AlreadyHandled";
}
/** What a command wants to tell the others is longer than any bus carries: nothing was written. */
export class MessageTooBig extends Error {
  override readonly name = "MessageTooBig";
}
/** What keeps the data cannot be reached, is full, or took too long: nothing was written, try again later. */
export class Unavailable extends Error {
  override readonly name = "Unavailable";
}
/** The connection went between COMMIT and its answer: the effect may or may not stand. */
export class UnknownOutcome extends Error {
  override readonly name = "UnknownOutcome";
}

/** The envelope that leaves, made from what the use case said and the request that it belongs to. */
export const envelope = (o: Outgoing, context: RequestContext, event_id: string, ahora: Date): Message => ({
  event_id,
  type: o.type,
  schemaVersion: "v1",
  aggregate_type: o.aggregate_type,
  aggregate_id: o.aggregate_id,
  aggregate_version: o.aggregate_version,
  occurred_on: ahora.toISOString(),
  correlation_id: context.correlation_id,
  causation_id: context.causation_id,
  ...(context.traceparent === null ? {} : { traceparent: context.traceparent }),
  data: o.data,
});

/** The context of work that a message causes: `consumer` is the name that deduplicates it. */
export const contextOf = (
  m: Message,
  consumer: string,
  module: string,
  onHandled?: () => void,
): RequestContext => ({
  actor: { tipo: "servicio", id: module },
  correlation_id: m.correlation_id,
  causation_id: m.event_id,
  traceparent: m.traceparent ?? null,
  dedup: {
    kind: "message",
    consumer,
    event_id: m.event_id,
    ...(onHandled === undefined ? {} : { onHandled }),
  },
});
