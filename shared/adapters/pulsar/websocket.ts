import { type MessageBus, TOPICS } from "@alpes/shared/seedwork/messages.ts";
import { type PulsarAddress, silence } from "./address.ts";
import type { KeyOrderOptions } from "./key_order.ts";
import { type WsConsumer, wsConsumer } from "./ws_consumer.ts";
import { dialer } from "./ws_dial.ts";
import { type WsProducer, wsProducer } from "./ws_producer.ts";

export interface WebSocketBusOptions extends KeyOrderOptions {
  /** How long a publication or a new subscription waits for a broker that is silent, ms. 10,000 unless told. */
  readonly silentMs?: number;
  /** How long a publication waits for one that is away, ms. 2,000 unless told: who publishes tries again anyway. */
  readonly awayMs?: number;
}

/** How long `ready` waits for a first connection, ms; who asks gives up after two seconds. */
const PROBE_MS = 1_500;

/**
 * The bus of a Pulsar broker over its WebSocket API, which needs no native part. Topics must be there (`topics.ts`). One
 * connection per topic that is published to and one per subscription, opened again by itself when lost; what is refused
 * or missing is told by `publish`, `subscribe` and `ready` in one sentence.
 */
export function webSocketBus(address: PulsarAddress, options: WebSocketBusOptions = {}): MessageBus {
  const { silentMs = 10_000, awayMs = 2_000, ...order } = options;
  const { dial, client } = dialer(address);
  const producers = new Map<string, WsProducer>();
  const consumers = new Set<WsConsumer>();
  const joining = new Set<Promise<unknown>>();
  let closed = false;
  const mustBeOpen = () => {
    if (closed) throw new Error("the bus is closed");
  };

  function producer(topic: string): WsProducer {
    const known = producers.get(topic);
    if (known) return known;
    const fresh = wsProducer(dial, address, topic, { silent: silentMs, away: awayMs });
    producers.set(topic, fresh);
    return fresh;
  }

  return {
    async publish(topic, messages) {
      mustBeOpen();
      if (messages.length > 0) await producer(topic).publish(messages);
    },
    async subscribe(topic, group, handle) {
      mustBeOpen();
      const joined = wsConsumer(dial, address, topic, group, handle, { ...order, openMs: silentMs });
      joining.add(joined);
      const consumer = await joined.finally(() => joining.delete(joined));
      consumers.add(consumer);
      const subscription: AsyncDisposable = {
        async [Symbol.asyncDispose]() {
          await consumer[Symbol.asyncDispose]();
          consumers.delete(consumer);
        },
      };
      if (closed) await subscription[Symbol.asyncDispose]();
      mustBeOpen();
      return subscription;
    },
    async ready() {
      mustBeOpen();
      const links = [...consumers, ...producers.values()].map((p) => p.link);
      for (const link of links) {
        const fault = link.fault();
        if (fault === null) continue;
        link.wake(); // where nobody waits for it, this is what finds out that it is back
        throw new Error(fault);
      }
      if (links.some((l) => l.isOpen())) return;
      const { link } = producer(TOPICS[0]);
      link.wake();
      for (const end = performance.now() + PROBE_MS; performance.now() < end;) {
        if (link.isOpen()) return;
        await new Promise((r) => setTimeout(r, 20));
      }
      throw new Error(link.fault() ?? silence(address));
    },
    async [Symbol.asyncDispose]() {
      closed = true;
      await Promise.all([...consumers].map((c) => c[Symbol.asyncDispose]()));
      await Promise.all([...producers.values()].map((p) => p[Symbol.asyncDispose]()));
      await Promise.allSettled(joining);
      client?.close();
    },
  };
}
