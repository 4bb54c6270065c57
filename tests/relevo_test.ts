import assert from "node:assert/strict";
import { openDatabase } from "@alpes/shared/adapters/postgres/database.ts";
import { eventually } from "@alpes/shared/testing/eventually.ts";
import { startStack } from "@alpes/shared/testing/stack.ts";
import { acceptance, consumer } from "./acceptance.ts";
import { everyEffectOnce, load } from "./pulsar/carga.ts";

acceptance(
  "every instance is replaced, one after the other, under load: no request of a client fails",
  async () => {
    await using stack = await startStack({
      shape: { apart: true, instances: 2, pulsar: false, bundles: false },
    });
    await using db = openDatabase({ url: stack.databaseUrl, max: 2 });
    const p = consumer(stack.bffUrl);
    const clientes = await Promise.all(Array.from({ length: 5 }, () => p.cliente()));
    let over = false;
    const base = stack.addresses["campanias"] ?? "";
    const loading = load({ base, rate: 20, clientes, over: () => over, patient: true });
    for (const instance of stack.services) {
      instance.process.kill("SIGTERM");
      await instance.process.gone();
      await instance.start();
    }
    over = true;
    const { acknowledged, failed, again } = await loading;
    assert.deepEqual([...failed], []);
    assert.ok(acknowledged.length >= 40, `${acknowledged.length} writes are no load`);
    await eventually(() => everyEffectOnce(db, acknowledged), { ms: 60_000, every: 500 });
    console.log(`${acknowledged.length} writes, ${again} sent again`);
  },
);
