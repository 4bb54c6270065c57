import type { Message, Topic } from "./messages.ts";

/** A message on its way into one consumer. */
export interface Incoming {
  readonly consumer: string;
  readonly topic: Topic;
  readonly message: Message;
}

/** What the inbox says of a message that arrived. */
export type Arrival =
  /** Handle it; this is attempt 1, 2, … */
  | { readonly tipo: "intento"; readonly intento: number }
  /** Its effect stands, or an operator discarded it: acknowledge it. */
  | { readonly tipo: "hecho" }
  /** It is kept here, parked or behind an earlier one of its key: acknowledge it, `drain` gives it later. */
  | { readonly tipo: "espera" };

/**
 * What a consumer has seen, per (consumer, event_id). A message is RECIBIDO while it is tried; its effect makes it
 * HECHO. One that failed for good is APARCADO and holds back its key: later ones are LISTO behind it, in order of
 * arrival. An operator lets the key go on by trying it again (LISTO), by setting it aside (APARTADO) or by
 * discarding it (DESCARTADO); see `MessageDesk`. Adapters promise:
 *
 * - the attempt that `arrive` answers is counted before it resolves, and survives the death of this process;
 * - a message of a key that has an APARCADO or LISTO one is not tried but becomes LISTO, and the consumer may
 *   acknowledge it: it is kept here;
 * - `done` after the effect's own transaction said HECHO changes nothing; `park` never undoes HECHO;
 * - `drain` gives the LISTO messages that are first of their key, oldest first, an attempt counted before; one at a
 *   time per key whatever the number of processes, different keys side by side; again after a rejection
 *   (`RetryAfter` says when), until it is HECHO or APARCADO. Disposing it waits for the running ones.
 */
export interface Inbox {
  arrive(incoming: Incoming): Promise<Arrival>;
  /** Takes the last attempt back: it failed for a reason that is not the message's. */
  giveBack(consumer: string, event_id: string): Promise<void>;
  done(consumer: string, event_id: string): Promise<void>;
  /** Parks it, also when it never arrived before. `error` is shown to the operator. */
  park(incoming: Incoming, error: string): Promise<void>;
  drain(
    consumer: string,
    topic: Topic,
    work: (message: Message, intento: number) => Promise<void>,
  ): Promise<AsyncDisposable>;
}
