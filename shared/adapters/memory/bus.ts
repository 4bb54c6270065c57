import { decodeMessage, encodeMessage } from "@alpes/shared/seedwork/message_json.ts";
import type { Handler, Message, MessageBus } from "@alpes/shared/seedwork/messages.ts";
import { type Backoff, delayAfter, exponential } from "@alpes/shared/seedwork/retry.ts";

interface Consumer {
  readonly handle: Handler;
  readonly running: Set<Promise<void>>;
}

/** One group of one topic. A key is in `ready` or `busy` or held by a timer, in one of them at most. */
interface Group {
  readonly consumers: Consumer[];
  readonly queues: Map<string, string[]>;
  readonly ready: Set<string>;
  readonly failures: Map<string, number>;
}

interface Kept {
  readonly key: string;
  readonly text: string;
}

const PARALLEL = 16;

/** The bus inside one process: all promises of the port but durability beyond the process. It retains everything. */
export function memoryBus({ backoff = exponential(2, 2, 200) }: { backoff?: Backoff } = {}): MessageBus {
  const topics = new Map<string, { log: Kept[]; groups: Map<string, Group> }>();
  const timers = new Set<ReturnType<typeof setTimeout>>();
  const open = new Set<AsyncDisposable>();
  let closed = false;

  function topicOf(name: string) {
    const known = topics.get(name);
    if (known) return known;
    const fresh = { log: [], groups: new Map<string, Group>() };
    topics.set(name, fresh);
    return fresh;
  }

  function add(g: Group, { key, text }: Kept): void {
    const queue = g.queues.get(key);
    if (queue) return void queue.push(text);
    g.queues.set(key, [text]);
    g.ready.add(key);
  }

  /** Gives every ready key to the consumer with the fewest messages in hand, while one has room. */
  function pump(g: Group): void {
    for (const key of g.ready) {
      const consumer = g.consumers.reduce<Consumer | undefined>(
        (a, b) => a === undefined || b.running.size < a.running.size ? b : a,
        undefined,
      );
      if (closed || consumer === undefined || consumer.running.size >= PARALLEL) return;
      g.ready.delete(key);
      const run = deliver(g, key, consumer).finally(() => {
        consumer.running.delete(run);
        pump(g);
      });
      consumer.running.add(run);
    }
  }

  async function deliver(g: Group, key: string, consumer: Consumer): Promise<void> {
    const queue = g.queues.get(key) ?? [];
    try {
      // A copy each time: what one group does to it, another does not see.
      await consumer.handle(decodeMessage(queue[0] ?? "") as Message);
      queue.shift();
      g.failures.delete(key);
      if (queue.length > 0) g.ready.add(key);
      else g.queues.delete(key);
    } catch (error) {
      const failures = (g.failures.get(key) ?? 0) + 1;
      g.failures.set(key, failures);
      if (closed) return;
      const timer = setTimeout(() => {
        timers.delete(timer);
        g.ready.add(key);
        pump(g);
      }, delayAfter(error, failures, backoff));
      timers.add(timer);
    }
  }

  return {
    publish(topic, messages) {
      if (closed) return Promise.reject(new Error("the bus is closed"));
      const { log, groups } = topicOf(topic);
      for (const m of messages) {
        const kept = { key: String(m.aggregate_id ?? ""), text: encodeMessage(m) };
        log.push(kept);
        for (const g of groups.values()) add(g, kept);
      }
      queueMicrotask(() => groups.forEach(pump));
      return Promise.resolve();
    },
    subscribe(topic, group, handle) {
      if (closed) return Promise.reject(new Error("the bus is closed"));
      const { log, groups } = topicOf(topic);
      let g = groups.get(group);
      if (g === undefined) {
        g = { consumers: [], queues: new Map(), ready: new Set(), failures: new Map() };
        groups.set(group, g);
        for (const kept of log) add(g, kept);
      }
      const consumer: Consumer = { handle, running: new Set() };
      const { consumers } = g;
      consumers.push(consumer);
      queueMicrotask(() => pump(g));
      const subscription: AsyncDisposable = {
        async [Symbol.asyncDispose]() {
          open.delete(subscription);
          const at = consumers.indexOf(consumer);
          if (at >= 0) consumers.splice(at, 1);
          await Promise.allSettled(consumer.running);
        },
      };
      open.add(subscription);
      return Promise.resolve(subscription);
    },
    ready: () => closed ? Promise.reject(new Error("the bus is closed")) : Promise.resolve(),
    async [Symbol.asyncDispose]() {
      closed = true;
      await Promise.all([...open].map((s) => s[Symbol.asyncDispose]()));
      timers.forEach(clearTimeout);
      timers.clear();
    },
  };
}
