import { decodeMessage } from "@alpes/shared/seedwork/message_json.ts";
import type { Handler, Message } from "@alpes/shared/seedwork/messages.ts";
import { type Backoff, delayAfter, exponential } from "@alpes/shared/seedwork/retry.ts";

/** A message as the broker gave it. */
export interface Delivery {
  /** Tells it from every other message of its topic; the same when it comes again. */
  readonly id: string;
  readonly key: string;
  readonly text: string;
  /** To be called once, when the message may be forgotten by the broker. */
  readonly ack: () => void;
}

export interface KeyOrder extends AsyncDisposable {
  take(delivery: Delivery): void;
  /** The connection is gone: what was not begun comes again with the next one. */
  forget(): void;
}

export interface KeyOrderOptions {
  /** Keys that are handled side by side: they share transactions. 128 unless told. */
  readonly parallel?: number;
  /** For rejections that do not say when. */
  readonly backoff?: Backoff;
}

interface Entry {
  readonly id: string;
  readonly text: string;
  /** One for each time that it was delivered over the connection that stands. */
  acks: (() => void)[];
}
interface Key {
  queue: Entry[];
  failures: number;
  state: "still" | "ready" | "running" | "held";
  timer?: ReturnType<typeof setTimeout>;
}

/** Messages that were handled while their connection was lost; more than can ever run at once. */
const REMEMBERED = 1_000;

/**
 * Keeps the order of each key over what the broker delivers: one message of a key at a time, and after a rejection the
 * same again before any later one. The broker is never told of a rejection (its negative acknowledgement lets later
 * messages of the key overtake): the key waits here, and its later messages behind it, within the broker's window of
 * unacknowledged messages. Disposing it waits for the running handlers.
 */
export function keyOrder(handle: Handler, options: KeyOrderOptions = {}): KeyOrder {
  const { parallel = 128, backoff = exponential(50, 2, 10_000) } = options;
  const keys = new Map<string, Key>();
  const entries = new Map<string, Entry>();
  const handled = new Set<string>();
  const ready = new Set<string>();
  const running = new Set<Promise<void>>();
  let stopped = false;

  function take({ id, key, text, ack }: Delivery): void {
    if (stopped) return;
    if (handled.delete(id)) return ack();
    const known = entries.get(id);
    if (known) return void known.acks.push(ack);
    const entry = { id, text, acks: [ack] };
    entries.set(id, entry);
    let k = keys.get(key);
    if (k === undefined) keys.set(key, k = { queue: [], failures: 0, state: "still" });
    k.queue.push(entry);
    if (k.state === "still") makeReady(key, k);
    pump();
  }

  function makeReady(name: string, k: Key): void {
    k.state = "ready";
    ready.add(name);
  }

  function pump(): void {
    for (const name of ready) {
      if (stopped || running.size >= parallel) return;
      ready.delete(name);
      const k = keys.get(name);
      const entry = k?.queue[0];
      if (k === undefined || entry === undefined) continue;
      k.state = "running";
      const run = deliver(name, k, entry).finally(() => {
        running.delete(run);
        pump();
      });
      running.add(run);
    }
  }

  async function deliver(name: string, k: Key, entry: Entry): Promise<void> {
    try {
      await handle(decodeMessage(entry.text) as Message);
    } catch (error) {
      k.failures++;
      return hold(name, k, delayAfter(error, k.failures, backoff));
    }
    k.failures = 0;
    k.queue.shift();
    entries.delete(entry.id);
    if (entry.acks.length === 0) remember(entry.id);
    for (const ack of entry.acks) ack();
    settle(name, k);
  }

  /** The key goes on, or is done. */
  function settle(name: string, k: Key): void {
    if (k.queue.length > 0) return makeReady(name, k);
    keys.delete(name);
  }

  function hold(name: string, k: Key, ms: number): void {
    if (k.queue[0]?.acks.length === 0) drop(k, 0, 1); // its connection went while it ran: it comes again
    k.state = "held";
    if (stopped) return;
    k.timer = setTimeout(() => {
      settle(name, k);
      pump();
    }, ms);
  }

  function drop(k: Key, from: number, count = Infinity): void {
    for (const e of k.queue.splice(from, count)) entries.delete(e.id);
  }

  function remember(id: string): void {
    handled.add(id);
    const [oldest] = handled;
    if (handled.size > REMEMBERED && oldest !== undefined) handled.delete(oldest);
  }

  return {
    take,
    forget() {
      for (const [name, k] of keys) {
        const keep = k.state === "running" ? 1 : 0;
        drop(k, keep);
        for (const e of k.queue) e.acks = [];
        if (k.state === "ready") ready.delete(name), keys.delete(name);
      }
    },
    async [Symbol.asyncDispose]() {
      stopped = true;
      for (const k of keys.values()) clearTimeout(k.timer);
      await Promise.allSettled(running);
    },
  };
}
