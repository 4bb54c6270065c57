import assert from "node:assert/strict";
import { freePorts, startPulsar } from "@alpes/shared/dev/pulsar_broker.ts";
import { message } from "@alpes/shared/testing/bus_contract.ts";
import { eventually } from "@alpes/shared/testing/eventually.ts";
import { freshNamespace, pulsarTest } from "@alpes/shared/testing/pulsar.ts";
import { webSocketBus } from "./websocket.ts";

const KEYS = 40;
const PER_KEY = 50;

pulsarTest("a broker that is killed", () => {
  // The broker is a process of its own, which is let go of when it is gone.
  const unwatched = { sanitizeOps: false, sanitizeResources: false };
  Deno.test(
    "a broker killed amid publications and back: nothing lost, every key in order, then ready again",
    unwatched,
    async () => {
      await using end = new AsyncDisposableStack();
      const data = await Deno.makeTempDir({ prefix: "pulsar-" });
      end.defer(() => Deno.remove(data, { recursive: true }));
      const [http = 0, binary = 0, bookkeeper = 0] = freePorts(3);
      const broker = end.use(await startPulsar(data, { http, binary, bookkeeper }));
      const address = { url: broker.url, namespace: await freshNamespace(broker.adminUrl) };
      await using publisher = webSocketBus(address);
      await using consumer = webSocketBus(address);

      const last = new Map<string, number>();
      const inversions: string[] = [];
      let first = 0;
      await using _ = await consumer.subscribe("eventos.pagos", "g", (m) => {
        const before = last.get(m.aggregate_id) ?? 0;
        // One that comes twice counts at its first time.
        if (m.aggregate_version > before + 1) inversions.push(m.event_id);
        if (m.aggregate_version === before + 1) first++, last.set(m.aggregate_id, m.aggregate_version);
        return Promise.resolve();
      });
      let refused = 0;
      const publishing = Promise.all(Array.from({ length: KEYS }, async (_, k) => {
        for (let n = 1; n <= PER_KEY; n++) {
          // As the relay does: again until the bus has it.
          for (;;) {
            try {
              await publisher.publish("eventos.pagos", [message(`k${k}`, n)]);
              break;
            } catch {
              refused++;
              await new Promise((r) => setTimeout(r, 200));
            }
          }
          await new Promise((r) => setTimeout(r, 20));
        }
      }));
      await eventually(() => first > KEYS * 5, { ms: 60_000 });
      await broker.kill();
      await eventually(
        () => assert.rejects(consumer.ready(), /does not answer at ws:.*start it, or correct PULSAR_URL/),
        { ms: 10_000, every: 100 },
      );
      await broker.start();
      await publishing;
      await eventually(() => first === KEYS * PER_KEY, { ms: 60_000, every: 50 });
      assert.deepEqual(inversions, []);
      await eventually(() => Promise.all([publisher.ready(), consumer.ready()]).then(() => true), {
        ms: 30_000,
      });
      console.log(`${first} messages, ${refused} publications refused while it was away`);
    },
  );
});
