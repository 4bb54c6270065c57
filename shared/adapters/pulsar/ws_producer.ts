import { Buffer } from "node:buffer";
import { encodeMessage } from "@alpes/shared/seedwork/message_json.ts";
import type { Message } from "@alpes/shared/seedwork/messages.ts";
import { HASHING, mustFit, type PulsarAddress, silence } from "./address.ts";
import type { Link } from "./link.ts";
import { type Dial, topicLink } from "./ws_dial.ts";

/** What publishes into one topic. */
export interface WsProducer extends AsyncDisposable {
  publish(messages: readonly Message[]): Promise<void>;
  readonly link: Link;
}

interface Pending {
  readonly frame: string;
  readonly done: () => void;
  readonly fail: (e: Error) => void;
}

/** Messages and characters that are under way to the broker at once; the rest waits here. */
const FLIGHT = 500;
const FLIGHT_CHARS = 8 * 1024 * 1024;
const LOOK_MS = 250;

/** How long it may do without the broker, ms; see `wsProducer`. */
export interface Patience {
  /** Connected, but without any answer. */
  readonly silent: number;
  /** Not connected, after a first attempt failed. */
  readonly away: number;
}

/**
 * Publishes in order. What has no answer yet stays here and is sent again, in the same order, over the next connection:
 * the broker then may have some twice, but none before an earlier one of its key. When patience ends,
 * all that waits is rejected together, so that nobody's later message goes ahead of a rejected one.
 */
export function wsProducer(
  dial: Dial,
  address: PulsarAddress,
  topic: string,
  patience: Patience,
): WsProducer {
  let waiting: Pending[] = [];
  const flight = new Map<string, Pending>();
  let chars = 0;
  let sent = 0;
  let progress = 0;
  let closed = false;
  let watch: ReturnType<typeof setTimeout> | undefined;

  const link = topicLink(dial, address, topic, {
    path: `producer/persistent/${address.namespace ?? "public/default"}/${topic}`,
    // A batch would mix keys; a time-out would let a later message of a key pass a failed one.
    query: {
      batchingEnabled: "false",
      sendTimeoutMillis: "0",
      hashingScheme: HASHING,
      messageRoutingMode: "RoundRobinPartition",
    },
    wanted: () => waiting.length + flight.size > 0,
    onOpen() {
      progress = performance.now();
      flow();
    },
    onText: answered,
    onLost(reason, refused) {
      waiting = [...flight.values(), ...waiting];
      flight.clear();
      chars = 0;
      if (refused) failAll(reason);
    },
  });

  function flow(): void {
    while (link.isOpen() && flight.size < FLIGHT && chars < FLIGHT_CHARS) {
      const next = waiting.shift();
      if (next === undefined) return;
      const context = String(++sent);
      flight.set(context, next);
      chars += next.frame.length;
      link.send(`${next.frame},"context":"${context}"}`);
    }
  }

  function answered(text: string): void {
    const { result, context, errorMsg } = JSON.parse(text) as Record<string, unknown>;
    const own = flight.get(String(context));
    if (result !== "ok" || own === undefined) {
      return link.drop(`Pulsar did not store a message of ${topic}: ${String(errorMsg ?? result)}`);
    }
    progress = performance.now();
    flight.delete(String(context));
    chars -= own.frame.length;
    own.done();
    flow();
  }

  function failAll(reason: string): void {
    const all = [...flight.values(), ...waiting];
    waiting = [];
    flight.clear();
    chars = 0;
    for (const p of all) p.fail(new Error(reason));
  }

  /** Looks whether anything moved, while anything waits. */
  function guard(): void {
    watch = undefined;
    if (waiting.length + flight.size === 0) return;
    const limit = link.fault() === null ? patience.silent : patience.away;
    if (performance.now() < progress + limit) {
      watch = setTimeout(guard, LOOK_MS);
      return;
    }
    const reason = link.fault() ?? silence(address);
    const wasOpen = link.isOpen();
    failAll(reason);
    if (wasOpen) link.drop(reason); // it answers nothing: the next one may
  }

  return {
    link,
    async publish(messages) {
      if (closed) throw new Error("the bus is closed");
      const frames = messages.map((m) => {
        const bytes = Buffer.from(encodeMessage(m));
        mustFit(topic, m.event_id, bytes.length);
        return `{"payload":"${bytes.toString("base64")}","key":${
          JSON.stringify(String(m.aggregate_id ?? ""))
        }`;
      });
      if (waiting.length + flight.size === 0) progress = performance.now();
      const stored = Promise.all(
        frames.map((frame) =>
          new Promise<void>((done, fail) => {
            waiting.push({ frame, done, fail });
          })
        ),
      );
      watch ??= setTimeout(guard, LOOK_MS);
      flow();
      link.wake();
      await stored;
    },
    async [Symbol.asyncDispose]() {
      closed = true;
      clearTimeout(watch);
      failAll("the bus is closed");
      await link[Symbol.asyncDispose]();
    },
  };
}
