import assert from "node:assert/strict";
import { decodeMessage } from "@alpes/shared/seedwork/message_json.ts";
import type { Message, MessageBus } from "@alpes/shared/seedwork/messages.ts";
import { partitionOf } from "@alpes/shared/seedwork/partition.ts";
import { RetryAfter } from "@alpes/shared/seedwork/retry.ts";
import { eventually } from "./eventually.ts";

/** One broker without messages, for one test. */
export interface Broker extends AsyncDisposable {
  /** A bus as one more process would open it; where there is only one process, it is called once. */
  connect(): Promise<MessageBus>;
  /** Ends that bus as `kill -9` ends a process: nothing more reaches the broker, nothing is released. */
  crash(bus: MessageBus): void | Promise<void>;
}

/** What an adapter lacks is said here, and its tests are reported as ignored, not as passed. */
export interface BusFeatures {
  /** Several processes can share the broker. */
  readonly severalProcesses: boolean;
}

/** A message of key `key`, the `n`-th of it. */
export const message = (key: string, n: number, data: unknown = { n }): Message => ({
  event_id: `${key}-${n}`,
  type: "AlgoPaso.v1",
  schemaVersion: "v1",
  aggregate_type: "Algo",
  aggregate_id: key,
  aggregate_version: n,
  occurred_on: "2026-01-31T12:00:00.000Z",
  correlation_id: "solicitud-1",
  causation_id: "causa-1",
  traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  data,
});

/** `count` keys that all lie in the same partition: where one could hold back another. */
export function neighbours(count: number): string[] {
  const keys: string[] = [];
  for (let i = 0; keys.length < count; i++) {
    const key = `clave-${i}`;
    if (partitionOf(key) === partitionOf("clave-0")) keys.push(key);
  }
  return keys;
}

const range = (n: number) => Array.from({ length: n }, (_, i) => i + 1);
const nothing = () => Promise.resolve();
const eventos = "eventos.pagos";

/** The one suite that every `MessageBus` passes before a `main.ts` names it; one test per promise of the port. */
export function busContract(name: string, open: () => Promise<Broker>, has: BusFeatures): void {
  const test = (title: string, run: (bus: MessageBus, broker: Broker) => Promise<void>, ignore = false) =>
    Deno.test({
      name: `${name}: ${title}`,
      ignore,
      async fn() {
        await using broker = await open();
        await using bus = await broker.connect();
        await run(bus, broker);
      },
    });

  test("a message arrives as it was published, big numbers and all", async (bus) => {
    const data = decodeMessage(
      '{"grande":12345678901234567890,"fino":0.12345678901234567890,"texto":"ñ\\n😀"}',
    );
    const sent = message("k", 1, data);
    const seen: Message[] = [];
    await using _ = await bus.subscribe(eventos, "g", (m) => (seen.push(m), nothing()));
    await bus.publish(eventos, [sent]);
    await bus.publish(eventos, []);
    await eventually(() => seen.length === 1);
    assert.deepEqual(seen, [sent]);
    assert.match(JSON.stringify(seen[0]), /:12345678901234567890,"fino":0.12345678901234567890,/);
  });

  test("every group gets every message, and one that rejects does not hold back another", async (bus) => {
    const seen = new Map<string, string[]>([["a", []], ["b", []]]);
    let refused = 0;
    await using _a = await bus.subscribe(eventos, "a", (m) => (seen.get("a")?.push(m.event_id), nothing()));
    await using _b = await bus.subscribe(eventos, "b", (m) => (seen.get("b")?.push(m.event_id), nothing()));
    await using _c = await bus.subscribe(eventos, "c", () => (refused++, Promise.reject(new Error("no"))));
    await bus.publish(eventos, range(5).map((n) => message("k", n)));
    await eventually(() => seen.get("a")?.length === 5 && seen.get("b")?.length === 5 && refused > 1);
    assert.deepEqual(seen.get("a"), range(5).map((n) => `k-${n}`));
    assert.deepEqual(seen.get("b"), seen.get("a"));
  });

  test("topics do not mix, and every topic has its -dlq", async (bus) => {
    const seen: string[] = [];
    const note = (topic: string) => (m: Message) => (seen.push(`${topic} ${m.event_id}`), nothing());
    await using _a = await bus.subscribe("comandos.pagos", "g", note("comandos"));
    await using _b = await bus.subscribe(eventos, "g", note("eventos"));
    await using _c = await bus.subscribe(`${eventos}-dlq`, "g", note("dlq"));
    await bus.publish(`${eventos}-dlq`, [message("k", 3)]);
    await bus.publish(eventos, [message("k", 2)]);
    await bus.publish("comandos.pagos", [message("k", 1)]);
    await eventually(() => seen.length === 3);
    assert.deepEqual(seen.sort(), ["comandos k-1", "dlq k-3", "eventos k-2"]);
  });

  test("a rejected message comes again, before any later one of its key", async (bus) => {
    const tries: string[] = [];
    await using _ = await bus.subscribe(eventos, "g", (m) => {
      tries.push(m.event_id);
      const failed = tries.filter((t) => t === m.event_id).length <= (m.aggregate_version === 2 ? 3 : 0);
      return failed ? Promise.reject(new Error("not yet")) : nothing();
    });
    await bus.publish(eventos, range(4).map((n) => message("k", n)));
    await eventually(() => tries.includes("k-4"));
    assert.deepEqual(tries, ["k-1", "k-2", "k-2", "k-2", "k-2", "k-3", "k-4"]);
  });

  test("a rejection that says when to come again is heeded", async (bus) => {
    const at: number[] = [];
    await using _ = await bus.subscribe(eventos, "g", () => {
      at.push(performance.now());
      return at.length === 1 ? Promise.reject(new RetryAfter(150)) : nothing();
    });
    await bus.publish(eventos, [message("k", 1)]);
    await eventually(() => at.length === 2);
    const [first = 0, second = 0] = at;
    assert.ok(second - first >= 149, `after ${second - first} ms`);
  });

  test("while one key is rejected, its neighbours flow", async (bus) => {
    const [bad = "", ...good] = neighbours(4);
    const seen: string[] = [];
    let refusing = true;
    let refused = 0;
    await using _ = await bus.subscribe(eventos, "g", (m) => {
      if (refusing && m.aggregate_id === bad) return refused++, Promise.reject(new Error("no"));
      return seen.push(m.event_id), nothing();
    });
    for (const n of range(20)) await bus.publish(eventos, [bad, ...good].map((k) => message(k, n)));
    await eventually(() => seen.length === 60 && refused >= 2);
    assert.ok(seen.every((id) => !id.startsWith(`${bad}-`)));
    refusing = false;
    await eventually(() => seen.length === 80, { ms: 20_000 });
    assert.deepEqual(seen.slice(60), range(20).map((n) => `${bad}-${n}`));
  });

  test("keys are handled side by side, the messages of one key one at a time", async (bus) => {
    const running = new Map<string, number>();
    let most = 0;
    let met = (): void => {};
    const meeting = new Promise<void>((r) => met = r);
    let handled = 0;
    const handle = async (m: Message) => {
      const here = (running.get(m.aggregate_id) ?? 0) + 1;
      running.set(m.aggregate_id, here);
      most = Math.max(most, here);
      // Nobody passes before messages of two keys are in hand at once.
      if ([...running.values()].filter((n) => n > 0).length >= 2) met();
      await meeting;
      running.set(m.aggregate_id, here - 1);
      handled++;
    };
    await using _a = await bus.subscribe(eventos, "g", handle);
    await using _b = await bus.subscribe(eventos, "g", handle);
    await bus.publish(eventos, range(10).flatMap((n) => neighbours(3).map((k) => message(k, n))));
    await eventually(() => handled === 30);
    assert.equal(most, 1);
  });

  test("a group that comes late sees what is retained", async (bus) => {
    await bus.publish(eventos, range(5).map((n) => message("k", n)));
    const seen: string[] = [];
    await using _ = await bus.subscribe(eventos, "tarde", (m) => (seen.push(m.event_id), nothing()));
    await bus.publish(eventos, [message("k", 6)]);
    await eventually(() => seen.length === 6);
    assert.deepEqual(seen, range(6).map((n) => `k-${n}`));
  });

  test("a group that is added amid publications misses none", async (bus) => {
    const seen = new Set<string>();
    const publishing = range(8).map(async (k) => {
      for (const n of range(40)) await bus.publish(eventos, [message(`k${k}`, n)]);
    });
    await eventually(() => true);
    await using _ = await bus.subscribe(eventos, "nuevo", (m) => (seen.add(m.event_id), nothing()));
    await Promise.all(publishing);
    await eventually(() => seen.size === 320, { ms: 20_000 });
  });

  test("a group keeps what comes while nobody of it listens", async (bus) => {
    await (await bus.subscribe(eventos, "g", nothing))[Symbol.asyncDispose]();
    await bus.publish(eventos, range(3).map((n) => message("k", n)));
    const seen: string[] = [];
    await using _ = await bus.subscribe(eventos, "g", (m) => (seen.push(m.event_id), nothing()));
    await eventually(() => seen.length === 3);
    assert.deepEqual(seen, ["k-1", "k-2", "k-3"]);
  });

  test("a message that one consumer rejects is not lost when that consumer goes", async (bus) => {
    let refused = 0;
    const first = await bus.subscribe(eventos, "g", () => (refused++, Promise.reject(new Error("no"))));
    await bus.publish(eventos, [message("k", 1), message("k", 2)]);
    await eventually(() => refused > 0);
    await first[Symbol.asyncDispose]();
    const seen: string[] = [];
    await using _ = await bus.subscribe(eventos, "g", (m) => (seen.push(m.event_id), nothing()));
    await eventually(() => seen.length === 2);
    assert.deepEqual(seen, ["k-1", "k-2"]);
  });

  test("disposing a subscription waits for the running handler, and nothing comes after", async (bus) => {
    let started = 0, ended = 0;
    let end = (): void => {};
    const wait = new Promise<void>((r) => end = r);
    const subscription = await bus.subscribe(eventos, "g", async () => {
      started++;
      await wait;
      ended++;
    });
    await bus.publish(eventos, range(3).map((n) => message("k", n)));
    await eventually(() => started === 1);
    let disposed = false;
    const disposing = subscription[Symbol.asyncDispose]().then(() => disposed = true);
    await bus.publish(eventos, [message("otra", 1)]); // a round trip in which it must not have ended
    assert.equal(disposed, false);
    end();
    await disposing;
    assert.deepEqual([started, ended], [1, 1]);
    // What was not handled is there for the next one; what was, is not.
    const seen: string[] = [];
    await using _ = await bus.subscribe(eventos, "g", (m) => (seen.push(m.event_id), nothing()));
    await eventually(() => seen.length === 3);
    assert.deepEqual(seen.sort(), ["k-2", "k-3", "otra-1"]);
    assert.equal(started, 1);
  });

  test("it is ready while it is open, and refuses work when it is closed", async (bus) => {
    await bus.ready();
    await bus[Symbol.asyncDispose]();
    await assert.rejects(bus.publish(eventos, [message("k", 1)]));
    await assert.rejects(bus.subscribe(eventos, "g", nothing));
    await assert.rejects(bus.ready());
  });

  test("of thousands of messages with failures in between, none is lost and none overtakes", async (bus) => {
    const keys = range(60).map((k) => `k${k}`);
    const book = ledger();
    let calls = 0;
    const handle = (m: Message) => {
      if (++calls % 41 === 0) return Promise.reject(new Error("every 41st")); // 41 and 60 share no factor
      return book.note(m), nothing();
    };
    // Half of them wait already: what is read must be the oldest of what is there.
    for (const n of range(30)) await bus.publish(eventos, keys.map((k) => message(k, n)));
    await using _a = await bus.subscribe(eventos, "g", handle);
    await using _b = await bus.subscribe(eventos, "g", handle);
    for (const n of range(30)) await bus.publish(eventos, keys.map((k) => message(k, 30 + n)));
    await eventually(() => book.size() === 3_600, { ms: 60_000 });
    assert.deepEqual(book.inversions(), []);
  });

  const processes = !has.severalProcesses;
  test("several processes share a group: each message goes to one of them, in order", async (bus, broker) => {
    await using other = await broker.connect();
    const book = ledger();
    const by = new Set<string>();
    const handle = (who: string) => (m: Message) => (by.add(who), book.note(m), nothing());
    await using _a = await bus.subscribe(eventos, "g", handle("a"));
    await using _b = await other.subscribe(eventos, "g", handle("b"));
    for (const n of range(40)) await bus.publish(eventos, range(50).map((k) => message(`k${k}`, n)));
    await eventually(() => book.size() === 2_000 && by.size === 2, { ms: 60_000 });
    assert.deepEqual(book.inversions(), []);
    assert.equal(book.calls(), 2_000);
  }, processes);

  test("when a process dies, another takes over what it had in hand", async (bus, broker) => {
    const mortal = await broker.connect();
    const { promise: stuck, resolve: end } = Promise.withResolvers<void>();
    let taken = 0;
    await mortal.subscribe(eventos, "g", () => (taken++, stuck));
    await bus.publish(eventos, range(3).map((n) => message("k", n)));
    await eventually(() => taken === 1);
    await broker.crash(mortal);
    const seen: string[] = [];
    await using _ = await bus.subscribe(eventos, "g", (m) => (seen.push(m.event_id), nothing()));
    await eventually(() => seen.length === 3, { ms: 30_000 });
    assert.deepEqual(seen, ["k-1", "k-2", "k-3"]);
    end();
  }, processes);

  test(
    "a process that was given up on, but lives, acknowledges nothing of the one that took over",
    async (bus, broker) => {
      const slow = await broker.connect();
      const { promise: stuck, resolve: letGo } = Promise.withResolvers<void>();
      let taken = 0;
      await slow.subscribe(eventos, "g", async () => {
        taken++;
        await stuck;
      });
      await bus.publish(eventos, range(3).map((n) => message("k", n)));
      await eventually(() => taken === 1);
      await broker.crash(slow); // cut off; its handler still runs
      let tries = 0;
      const seen: string[] = [];
      await using _ = await bus.subscribe(eventos, "g", (m) => {
        if (++tries === 1) return letGo(), Promise.reject(new Error("once more"));
        return seen.push(m.event_id), nothing();
      });
      await eventually(() => seen.length === 3, { ms: 30_000 });
      assert.deepEqual(seen, ["k-1", "k-2", "k-3"]);
    },
    processes,
  );
}

/** Notes what was handled; a message that is seen again counts once, at its first time. */
function ledger() {
  const seen = new Set<string>();
  const last = new Map<string, number>();
  const inversions: string[] = [];
  let calls = 0;
  return {
    note(m: Message): void {
      calls++;
      if (seen.has(m.event_id)) return;
      seen.add(m.event_id);
      if (m.aggregate_version !== (last.get(m.aggregate_id) ?? 0) + 1) inversions.push(m.event_id);
      last.set(m.aggregate_id, m.aggregate_version);
    },
    size: () => seen.size,
    calls: () => calls,
    inversions: () => inversions,
  };
}
