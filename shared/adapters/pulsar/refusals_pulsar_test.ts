import assert from "node:assert/strict";
import { message } from "@alpes/shared/testing/bus_contract.ts";
import { freshNamespace, pulsarTest } from "@alpes/shared/testing/pulsar.ts";
import { provisionTopics } from "./topics.ts";
import { webSocketBus } from "./websocket.ts";

const nothing = () => Promise.resolve();

Deno.test("a broker that is not there is told in one sentence, by everything that needs it", async () => {
  await using bus = webSocketBus({ url: "ws://127.0.0.1:1" }, { awayMs: 300 });
  const away = /^Pulsar does not answer at ws:\/\/127.0.0.1:1: start it, or correct PULSAR_URL$/;
  await assert.rejects(bus.ready(), (e: Error) => away.test(e.message));
  await assert.rejects(bus.subscribe("eventos.pagos", "g", nothing), (e: Error) => away.test(e.message));
  await assert.rejects(bus.publish("eventos.pagos", [message("k", 1)]), (e: Error) => away.test(e.message));
  await assert.rejects(
    provisionTopics({ url: "http://127.0.0.1:1" }),
    /start it, or correct PULSAR_ADMIN_URL$/,
  );
});

Deno.test("a message that Pulsar cannot carry is refused before anything of its batch is sent", async () => {
  await using bus = webSocketBus({ url: "ws://127.0.0.1:1" });
  const large = message("k", 2, { texto: "x".repeat(700_000) });
  await assert.rejects(
    bus.publish("eventos.pagos", [message("k", 1), large]),
    /message k-2 for eventos.pagos has 700\d+ bytes and Pulsar carries 700000/,
  );
});

pulsarTest("Pulsar's refusals", ({ url, adminUrl }) => {
  Deno.test("topics that nobody made are refused with the task that makes them", async () => {
    await using bus = webSocketBus({ url, namespace: "pruebas/no-hay" });
    const why = /has no topic persistent:\/\/pruebas\/no-hay\/.* \(404\): run deno task topics$/;
    await assert.rejects(bus.ready(), why);
    await assert.rejects(bus.subscribe("eventos.pagos", "g", nothing), why);
    await assert.rejects(bus.publish("eventos.pagos", [message("k", 1)]), why);
  });

  Deno.test("topics are made once, with four partitions and their dead letters", async () => {
    const namespace = await freshNamespace(adminUrl);
    assert.deepEqual(await provisionTopics({ url: adminUrl, namespace }), []);
    const r = await fetch(`${adminUrl}/admin/v2/persistent/${namespace}/comandos.pagos-dlq/partitions`);
    assert.equal(Reflect.get(Object(await r.json()), "partitions"), 4);
  });

  Deno.test("a payload of the largest size arrives", async () => {
    await using bus = webSocketBus({ url, namespace: await freshNamespace(adminUrl) });
    const { promise, resolve } = Promise.withResolvers<number>();
    await using _ = await bus.subscribe("eventos.pagos", "g", (m) => {
      resolve(JSON.stringify(m.data).length);
      return nothing();
    });
    await bus.publish("eventos.pagos", [message("k", 1, { texto: "x".repeat(699_000) })]);
    assert.equal(await promise, 699_000 + '{"texto":""}'.length);
  });
});
