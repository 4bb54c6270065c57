import assert from "node:assert/strict";
import { seeded } from "@alpes/shared/dev/seed_random.ts";
import { message } from "@alpes/shared/testing/bus_contract.ts";
import { eventually } from "@alpes/shared/testing/eventually.ts";
import { MALA, VENENO } from "@alpes/shared/testing/messaging_process.ts";
import { pulsarTest } from "@alpes/shared/testing/pulsar.ts";
import { webSocketBus } from "@alpes/shared/adapters/pulsar/websocket.ts";
import { notebook, type NoteTaker, upTo } from "./notas.ts";

/** `PULSAR_COMPLETO=1 deno task test:pulsar tests/pulsar` runs the whole of it. */
const FULL = Deno.env.get("PULSAR_COMPLETO") === "1";
const KEYS = 100;
const PER_KEY = FULL ? 500 : 60;
const PER_COMMIT = 5;
const KILL_EVERY_MS = FULL ? 6_000 : 800;
const SEED = Number(Deno.env.get("PULSAR_SEED") ?? "20260131");

pulsarTest("order, duplicates and poison on Pulsar", (broker) => {
  const all = KEYS * PER_KEY;
  Deno.test({
    name:
      `${all} messages over 4 partitions, three consumers that are killed and replaced: 0 lost, 0 twice, 0 inversions`,
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      await using book = await notebook(broker);
      const random = seeded(SEED);
      const running: NoteTaker[] = await Promise.all([book.start(), book.start(), book.start()]);
      const began = performance.now();
      let done = false;
      let takeovers = 0;
      const producing = Promise.all(
        upTo(KEYS).map(async (k) => {
          for (let n = 1; n <= PER_KEY; n += PER_COMMIT) await book.commit(`k${k}`, n, PER_COMMIT);
        }),
      );
      const killing = (async () => {
        while (!done) {
          await new Promise((r) => setTimeout(r, KILL_EVERY_MS));
          if (done) return;
          const [victim] = running.splice(random.below(running.length), 1);
          await victim?.kill();
          takeovers++;
          running.push(await book.start());
        }
      })();
      await producing;
      await eventually(async () => assert.equal(await book.handled(), all), { ms: 600_000, every: 200 })
        .finally(() => done = true);
      const seconds = (performance.now() - began) / 1_000;
      await killing;
      const seen = await book.byKey();
      assert.equal(seen.size, KEYS);
      for (const [clave, own] of seen) assert.deepEqual(own, upTo(PER_KEY), clave);
      assert.deepEqual(
        await book.db.query("select event_id, error from mensajeria.inbox where estado <> 'HECHO'"),
        [],
      );
      assert.ok(takeovers >= 2, `${takeovers} takeovers prove nothing`);
      console.log(
        `${all} messages, ${takeovers} takeovers, ${seconds.toFixed(0)} s, ${Math.round(all / seconds)}/s`,
      );
    },
  });

  Deno.test("a message that comes one to ten times has one effect, in the order of its key", async () => {
    await using book = await notebook(broker);
    await using bus = webSocketBus({ url: broker.url, namespace: book.namespace });
    await Promise.all([book.start(), book.start()]);
    const random = seeded(SEED);
    const [keys, perKey] = [20, FULL ? 100 : 20];
    let sent = 0;
    await Promise.all(
      upTo(keys).map(async (k) => {
        const out = upTo(perKey).flatMap((n) =>
          Array.from({ length: 1 + random.below(10) }, () => message(`k${k}`, n))
        );
        sent += out.length;
        await bus.publish("eventos.pagos", out);
        // And all of it once more, much later than its first time.
        await bus.publish("eventos.pagos", upTo(perKey).map((n) => message(`k${k}`, n)));
      }),
    );
    // Behind everything else of its key: when it has come, so has all before it.
    await bus.publish("eventos.pagos", upTo(keys).map((k) => message(`k${k}`, perKey + 1)));
    await eventually(async () => assert.equal(await book.handled(), keys * (perKey + 1)), { ms: 60_000 });
    for (const [clave, own] of await book.byKey()) assert.deepEqual(own, upTo(perKey + 1), clave);
    assert.ok(sent > 3 * keys * perKey);
  });

  Deno.test("a message that is refused each time is parked with its later ones, while other keys flow", async () => {
    await using book = await notebook(broker);
    await Promise.all([book.start(), book.start()]);
    await book.commit(MALA, 1, 3);
    await Promise.all(upTo(20).map((k) => book.commit(`k${k}`, 1, 10)));
    await eventually(async () => assert.equal(await book.handled(), 200), { ms: 30_000 });
    const states = () =>
      book.db.query("select clave, estado from mensajeria.inbox where estado <> 'HECHO' order by orden");
    await eventually(async () =>
      assert.deepEqual(await states(), [
        { clave: MALA, estado: "APARCADO" },
        { clave: MALA, estado: "LISTO" },
        { clave: MALA, estado: "LISTO" },
      ]), { ms: 60_000, every: 50 });
  });

  Deno.test("a message that kills every process that tries it is parked after three", async () => {
    await using book = await notebook(broker);
    await book.commit(VENENO, 1, 2);
    for (let tries = 1; tries <= 3; tries++) {
      const victim = await book.start(500);
      assert.equal((await victim.status).signal, "SIGKILL");
    }
    await book.start(500);
    await book.commit("sana", 1, 1);
    await eventually(async () => {
      const rows = await book.db.query(
        "select clave, estado from mensajeria.inbox where estado <> 'HECHO' order by orden",
      );
      assert.deepEqual(rows, [{ clave: VENENO, estado: "APARCADO" }, { clave: VENENO, estado: "LISTO" }]);
      assert.equal(await book.handled(), 1);
    }, { ms: 60_000, every: 50 });
  });
});
