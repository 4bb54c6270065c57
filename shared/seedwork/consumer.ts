import type { Clock } from "./clock.ts";
import type { Inbox } from "./inbox.ts";
import { decodeMessage } from "./message_json.ts";
import type { Message, MessageBus, Topic } from "./messages.ts";
import { originalOf, readEnvelope, unreadable } from "./read_envelope.ts";
import { type Backoff, exponential, RetryAfter } from "./retry.ts";
import { type Traced, untraced } from "./tracing.ts";
import {
  AlreadyHandled,
  contextOf,
  type RequestContext,
  Unavailable,
  UnknownOutcome,
} from "./unit_of_work.ts";

/** A failed attempt, for the log. `parked`: it was the last one. */
export interface FailedAttempt {
  readonly consumer: string;
  readonly message: Message;
  readonly intento: number;
  readonly parked: boolean;
  readonly error: unknown;
}

export interface Consumption {
  readonly bus: MessageBus;
  readonly inbox: Inbox;
  readonly topic: Topic;
  /** The name that deduplicates: the module's, or `{modulo}.{something}`. One topic has it once. */
  readonly consumer: string;
  readonly modulo: string;
  /**
   * Does what the message asks, in at most one unit of work under the given context; a type that does not concern it
   * is passed over by returning. Rejecting asks for another attempt.
   */
  readonly handle: (m: Message, context: RequestContext) => Promise<void>;
  /** 5 unless told. */
  readonly maxAttempts?: number;
  /** 100 ms, 400 ms, 1.6 s, 6.4 s unless told. */
  readonly backoff?: Backoff;
  readonly now?: Clock;
  readonly traced?: Traced;
  readonly onFailure?: (f: FailedAttempt) => void;
}

/** What a module says of one thing that it listens to. */
export type Subscription = Pick<Consumption, "topic" | "consumer" | "handle">;

/**
 * Handles a topic's messages, each effect once. The attempt is counted before the handler runs, so that a message
 * which kills the process is parked like any other; after the last one it is parked with its error, copied to
 * `{topic}-dlq` and acknowledged, the later ones of its key wait behind it, and other keys flow. A failure because the
 * database is away counts no attempt. Disposing it waits for the running handlers.
 */
export async function consume(o: Consumption): Promise<AsyncDisposable> {
  const { bus, inbox, topic, consumer, modulo } = o;
  const {
    maxAttempts = 5,
    backoff = exponential(100, 4, 10_000),
    traced = untraced,
    now = () => new Date(),
  } = o;
  if (consumer !== modulo && !consumer.startsWith(`${modulo}.`) || consumer.includes("~")) {
    throw new Error(`a consumer of ${modulo} is called "${modulo}" or "${modulo}.…", not "${consumer}"`);
  }

  async function park(message: Message, error: string): Promise<void> {
    // The copy goes first: dying in between makes a second copy, the other way round none.
    await bus.publish(`${topic}-dlq`, [message]);
    await inbox.park({ consumer, topic, message }, error);
  }

  async function failed(message: Message, intento: number, error: unknown): Promise<void> {
    const itsFault = !(error instanceof Unavailable || error instanceof UnknownOutcome);
    const parked = itsFault && intento >= maxAttempts;
    o.onFailure?.({ consumer, message, intento, parked, error });
    if (parked) return await park(message, errorText(error));
    if (!itsFault) await inbox.giveBack(consumer, message.event_id).catch(() => {});
    throw new RetryAfter(backoff(intento), { cause: error });
  }

  async function attempt(message: Message, intento: number): Promise<void> {
    if (intento > maxAttempts) {
      return await park(message, `el proceso terminó mientras lo atendía, ${maxAttempts} veces`);
    }
    let handled = false;
    try {
      const attributes = {
        "messaging.destination.name": topic,
        "messaging.message.id": message.event_id,
        "messaging.message.conversation_id": message.correlation_id,
      };
      await traced(
        `${consumer} ${message.type}`,
        message.traceparent ?? null,
        (traceparent) =>
          o.handle(message, {
            ...contextOf(message, consumer, modulo, () => handled = true),
            traceparent,
          }).catch((e) => {
            if (!(e instanceof AlreadyHandled)) throw e;
          }),
        { role: "consumer", attributes },
      );
    } catch (error) {
      return await failed(message, intento, error);
    }
    if (!handled) await inbox.done(consumer, message.event_id);
  }

  /** Something unreadable that an operator tries again may be readable by now; it keeps the id it is known by. */
  async function again(message: Message, intento: number): Promise<void> {
    const original = originalOf(message);
    if (original === null) return await attempt(message, intento);
    const read = readEnvelope(decodeMessage(original), topic, now());
    if (!read.ok) return await inbox.park({ consumer, topic, message }, `no se entiende: ${read.error}`);
    await attempt({ ...read.value, event_id: message.event_id }, intento);
  }

  await using parts = new AsyncDisposableStack();
  parts.use(await inbox.drain(consumer, topic, again));
  parts.use(
    await bus.subscribe(topic, consumer, async (raw: unknown) => {
      const read = readEnvelope(raw, topic, now());
      if (!read.ok) {
        const message = unreadable(raw, topic, now());
        o.onFailure?.({ consumer, message, intento: 1, parked: true, error: new Error(read.error) });
        return await park(message, `no se entiende: ${read.error}`);
      }
      const arrival = await inbox.arrive({ consumer, topic, message: read.value });
      if (arrival.tipo === "intento") await attempt(read.value, arrival.intento);
    }),
  );
  return parts.move();
}

/** What an operator may see of an error: one line, no stack, no credentials of an address, no long runs of digits. */
export function errorText(error: unknown): string {
  const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return said.split("\n", 1).join("")
    .replace(/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@]*@/gi, "$1…@")
    .replace(/\b(password|clave|secret|token|authorization)\b\s*[=:]\s*\S+/gi, "$1=…")
    .replace(/\b\d(?:[ -]?\d){12,18}\b/g, "…")
    .slice(0, 500);
}
