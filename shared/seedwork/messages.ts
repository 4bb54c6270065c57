/** The envelope of every message on every topic (wire contract, section 6). `data` is the published shape. */
export interface Message<D = unknown> {
  readonly event_id: string;
  /** Events: `{Entidad}{Accion}.v{n}`; commands: a bare verb. */
  readonly type: string;
  readonly schemaVersion: "v1";
  readonly aggregate_type: string;
  /** The key: messages of one aggregate arrive in the order in which they were published. */
  readonly aggregate_id: string;
  readonly aggregate_version: number;
  /** RFC 3339, UTC. */
  readonly occurred_on: string;
  /** The `X-Request-Id` that started it all. */
  readonly correlation_id: string;
  /** The message or request that caused this one directly. */
  readonly causation_id: string;
  readonly traceparent?: string;
  readonly data: D;
}

export const TOPICS = [
  "comandos.cliente",
  "comandos.campanias",
  "comandos.pagos",
  "eventos.cliente",
  "eventos.campanias",
  "eventos.pagos",
] as const;
/** A topic's name without tenant and namespace. Dead letters go to `{topic}-dlq`. */
export type Topic = (typeof TOPICS)[number];

/**
 * Bytes of UTF-8 that a message may have as JSON. Refused where it is written, because behind one that no bus carries its
 * whole partition would wait for ever. Pulsar's WebSocket takes 700,000; the rest is for what a dead letter adds.
 */
export const MAX_MESSAGE = 600_000;

/** Resolving acknowledges the message; rejecting asks for it again, before any later one of its key. */
export type Handler = (message: Message) => Promise<void>;

/**
 * Carries messages between modules. Every adapter promises, and `shared/testing/bus_contract.ts` holds it to:
 *
 * - `publish` resolves only when the bus has the messages durably; when it rejects, some may have been stored, so
 *   the caller publishes again and consumers see duplicates (same `event_id`), never a loss.
 * - At least once: a message goes to every group until a handler of that group resolved for it, also when the
 *   consumer or its process dies in between.
 * - Within a group, messages of one key are handled one at a time in the order of publication, whatever the number
 *   of consumers and processes; different keys go on side by side. A rejecting handler holds back only its own key.
 * - A group's first subscription sees what the topic still retains from before.
 * - Disposing a subscription stops new deliveries, then waits for the running ones.
 */
export interface MessageBus extends AsyncDisposable {
  publish(topic: Topic | `${Topic}-dlq`, messages: readonly Message[]): Promise<void>;
  subscribe(topic: Topic | `${Topic}-dlq`, group: string, handle: Handler): Promise<AsyncDisposable>;
  /** Rejects with the reason, in one sentence, while the bus cannot be used. */
  ready(): Promise<void>;
}
