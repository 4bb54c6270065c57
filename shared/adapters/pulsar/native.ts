import { Buffer } from "node:buffer";
import type * as Pulsar from "pulsar-client";
import { encodeMessage } from "@alpes/shared/seedwork/message_json.ts";
import { type Message, type MessageBus, TOPICS } from "@alpes/shared/seedwork/messages.ts";
import { HASHING, mustFit, NAMESPACE, type PulsarAddress, refusal, silence, WINDOW } from "./address.ts";
import { keyOrder, type KeyOrderOptions } from "./key_order.ts";

export interface NativeBusOptions extends KeyOrderOptions {
  /** A file with PEM certificates of the authorities to trust; the library takes nothing but a file. */
  readonly caFile?: string;
  /** How long the library sends a message again before it rejects it, ms. 10,000 unless told. */
  readonly sendTimeoutMs?: number;
}

/** The native client, or why there is none, in one sentence. */
async function load(): Promise<typeof Pulsar> {
  // Not a literal: a compiled binary would carry the package without its native part.
  const name = "pulsar-client";
  try {
    const module: typeof Pulsar & { default?: typeof Pulsar } = await import(name);
    return module.default ?? module;
  } catch (cause) {
    throw new Error(
      "the native Pulsar client (pulsar://) has no addon on this machine: install it with `deno install --node-modules-dir=auto --allow-scripts=npm:pulsar-client` and run with --allow-ffi, or give the broker's WebSocket address (ws:// or wss://) as PULSAR_URL",
      { cause },
    );
  }
}

/**
 * The bus of a Pulsar broker over its own protocol, by npm:pulsar-client. Rejects where the package's native addon is
 * missing; it never falls back to another way. Topics must be there (`topics.ts`).
 */
export async function nativeBus(address: PulsarAddress, options: NativeBusOptions = {}): Promise<MessageBus> {
  const { caFile, sendTimeoutMs = 10_000, ...order } = options;
  const pulsar = await load();
  const namespace = address.namespace ?? NAMESPACE;
  const client = new pulsar.Client({
    serviceUrl: address.url,
    operationTimeoutSeconds: 10,
    ...(address.token === undefined
      ? {}
      : { authentication: new pulsar.AuthenticationToken({ token: address.token }) }),
    ...(caFile === undefined ? {} : { tlsTrustCertsFilePath: caFile }),
    tlsValidateHostname: true,
    log: () => {}, // what matters comes as a rejection
  });
  const producers = new Map<string, Promise<Pulsar.Producer>>();
  const open = new Set<AsyncDisposable>();
  let closed = false;
  const mustBeOpen = () => {
    if (closed) throw new Error("the bus is closed");
  };
  const told = (topic: string) => (cause: unknown): never => {
    throw new Error(reason(cause, address, topic), { cause });
  };

  function producer(topic: string): Promise<Pulsar.Producer> {
    const known = producers.get(topic);
    if (known) return known;
    const fresh = client.createProducer({
      topic: `persistent://${namespace}/${topic}`,
      // A batch would mix keys.
      batchingEnabled: false,
      hashingScheme: HASHING,
      messageRoutingMode: "RoundRobinDistribution",
      maxPendingMessages: 2 * WINDOW,
      sendTimeoutMs,
    });
    producers.set(topic, fresh);
    fresh.catch(() => producers.delete(topic));
    return fresh;
  }

  async function publish(topic: string, messages: readonly Message[]): Promise<void> {
    mustBeOpen();
    const all = messages.map((m) => {
      const data = Buffer.from(encodeMessage(m));
      mustFit(topic, m.event_id, data.length);
      return { data, partitionKey: String(m.aggregate_id ?? "") };
    });
    if (all.length === 0) return;
    const own = await producer(topic).catch(told(topic));
    for (let at = 0; at < all.length; at += WINDOW / 2) {
      // All of them end before any is rejected, so that none of them is stored after the caller sent it again.
      const sent = await Promise.allSettled(all.slice(at, at + WINDOW / 2).map((m) => own.send(m)));
      for (const s of sent) if (s.status === "rejected") told(topic)(s.reason);
    }
  }

  return {
    publish,
    async subscribe(topic, group, handle) {
      mustBeOpen();
      const consumer = await client.subscribe({
        topic: `persistent://${namespace}/${topic}`,
        subscription: group,
        subscriptionType: "KeyShared",
        subscriptionInitialPosition: "Earliest",
        receiverQueueSize: WINDOW,
      }).catch(told(topic));
      const keys = keyOrder(handle, order);
      let unacked = 0;
      let room = (): void => {};
      let stopping = false;

      const receiving = (async () => {
        while (!stopping) {
          if (unacked >= WINDOW) await new Promise<void>((r) => room = r);
          if (stopping) return;
          const m = await consumer.receive();
          unacked++;
          const id = m.getMessageId();
          keys.take({
            id: id.toString(),
            key: m.getPartitionKey(),
            text: m.getData().toString(),
            ack() {
              unacked--;
              room();
              consumer.acknowledgeId(id).catch(() => {}); // unacknowledged, it comes again
            },
          });
        }
      })().catch(() => {}); // closing rejects the `receive` that waits

      const subscription: AsyncDisposable = {
        async [Symbol.asyncDispose]() {
          stopping = true;
          open.delete(subscription);
          room();
          await keys[Symbol.asyncDispose]();
          await consumer.close().catch(() => {});
          await receiving;
        },
      };
      open.add(subscription);
      return subscription;
    },
    async ready() {
      mustBeOpen();
      let timer: ReturnType<typeof setTimeout> | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(silence(address))), 1_800);
      });
      const asked = client.getPartitionsForTopic(`persistent://${namespace}/${TOPICS[0]}`).catch(
        told(TOPICS[0]),
      );
      asked.catch(() => {}); // it may end after we gave up
      await Promise.race([asked, late]).finally(() => clearTimeout(timer));
    },
    async [Symbol.asyncDispose]() {
      if (closed) return;
      closed = true;
      await Promise.all([...open].map((s) => s[Symbol.asyncDispose]()));
      await Promise.allSettled([...producers.values()].map(async (p) => await (await p).close()));
      await client.close().catch(() => {});
    },
  };
}

/** The library's errors are a word after a colon; of a refused connection it says nothing but `TimeOut`. */
function reason(cause: unknown, address: PulsarAddress, topic: string): string {
  const said = cause instanceof Error ? cause.message : String(cause);
  if (/TopicNotFound|NotFound/.test(said)) return refusal(404, address, topic);
  if (/AuthenticationError/.test(said)) return refusal(401, address, topic);
  if (/AuthorizationError/.test(said)) return refusal(403, address, topic);
  if (/TimeOut|Timeout|ConnectError|Disconnected|NotConnected|Retryable/.test(said)) return silence(address);
  return `Pulsar failed on ${topic}: ${said.split("\n", 1)[0]}`;
}
