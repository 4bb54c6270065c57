import assert from "node:assert/strict";
import { type Database, openDatabase } from "@alpes/shared/adapters/postgres/database.ts";
import { freePorts, type PulsarBroker, startPulsar } from "@alpes/shared/dev/pulsar_broker.ts";
import { seeded } from "@alpes/shared/dev/seed_random.ts";
import { eventually } from "@alpes/shared/testing/eventually.ts";
import { pulsarTest } from "@alpes/shared/testing/pulsar.ts";
import { shapeOf } from "@alpes/shared/testing/shape.ts";
import { type Stack, startStack } from "@alpes/shared/testing/stack.ts";
import { acceptance, consumer } from "../acceptance.ts";
import { backlog, everyEffectOnce, load } from "./carga.ts";

/** `PULSAR_COMPLETO=1`: the whole of it; else a shorter one that finds the same faults. */
const FULL = Deno.env.get("PULSAR_COMPLETO") === "1";
const AWAY_MS = FULL ? 60_000 : 10_000;
const RATE = Number(Deno.env.get("PULSAR_RITMO") ?? (FULL ? 200 : 30));
const RAMP_MS = 8_000;
const BEFORE_MS = 10_000;
const AFTER_MS = 5_000;
/** From the moment when the broker answers again; a machine that runs other tests beside it is no measure. */
const BACKLOG_MS = FULL ? 30_000 : 120_000;
const SEED = Number(Deno.env.get("PULSAR_SEED") ?? "20260131");

const sleep = (ms: number) => new Promise<void>((r) => setTimeout(r, ms));

/** A broker of this test's own, which it may kill. */
async function ownBroker(end: AsyncDisposableStack): Promise<PulsarBroker> {
  const data = await Deno.makeTempDir({ prefix: "pulsar-" });
  end.defer(() => Deno.remove(data, { recursive: true }));
  const [http = 0, binary = 0, bookkeeper = 0] = freePorts(3);
  return end.use(await startPulsar(data, { http, binary, bookkeeper, nice: 5 }));
}

async function clientes(stack: Stack): Promise<string[]> {
  const p = consumer(stack.bffUrl);
  return await Promise.all(Array.from({ length: 20 }, () => p.cliente()));
}

/** Loads the platform while the broker is killed and comes back; gives what happened. */
async function brokerAway(stack: Stack, broker: PulsarBroker, db: Database, base: string, patient: boolean) {
  let back = 0;
  let over = false;
  const loading = load({
    base,
    rate: RATE,
    clientes: await clientes(stack),
    over: () => over,
    patient,
    rampMs: RAMP_MS,
  });
  await sleep(BEFORE_MS);
  await broker.kill();
  await sleep(AWAY_MS);
  await broker.start();
  back = performance.now();
  await sleep(AFTER_MS);
  over = true;
  const loaded = await loading;
  console.log(`not accepted: ${JSON.stringify([...loaded.failed])}`);
  const waited = loaded.acknowledged.filter((a) => a.at <= back);
  await eventually(async () => assert.equal(await backlog(db, waited), 0), { ms: 300_000, every: 1_000 });
  const cleared = performance.now() - back;
  await eventually(() => everyEffectOnce(db, loaded.acknowledged), { ms: 120_000, every: 500 });
  const sagas = loaded.acknowledged.filter((a) => a.anticipo).length;
  console.log(
    `${loaded.acknowledged.length} writes at ${RATE}/s (${sagas} sagas), slowest ${
      Math.round(loaded.slowest)
    } ms, ` +
      `${loaded.again} sent again; broker away ${AWAY_MS / 1_000} s, backlog of ${waited.length} gone ` +
      `${(cleared / 1_000).toFixed(1)} s after it was back`,
  );
  return { ...loaded, cleared };
}

pulsarTest("Pulsar killed under load", () => {
  acceptance(
    `the broker is killed for ${AWAY_MS / 1_000} s: no request fails, every effect stands once`,
    async () => {
      await using end = new AsyncDisposableStack();
      const broker = await ownBroker(end);
      const stack = end.use(await startStack({ shape: shapeOf("uno+pulsar"), broker: broker.url }));
      await using db = openDatabase({ url: stack.databaseUrl, max: 2 });
      const { failed, cleared } = await brokerAway(stack, broker, db, stack.servicesUrl, false);
      assert.deepEqual([...failed], []);
      assert.ok(cleared <= BACKLOG_MS, `the backlog took ${cleared} ms`);
    },
  );

  acceptance("the same while every process of the services is killed at random", async () => {
    await using end = new AsyncDisposableStack();
    const broker = await ownBroker(end);
    const stack = end.use(await startStack({ shape: shapeOf("micro2+pulsar"), broker: broker.url }));
    await using db = openDatabase({ url: stack.databaseUrl, max: 2 });
    const random = seeded(SEED);
    const killed = new Map<string, number>();
    let over = false;
    const killing = (async () => {
      // Each of them once, in an order that the seed decides, and then again.
      for (let round: typeof stack.services[number][] = []; !over;) {
        if (round.length === 0) round = [...stack.services];
        const [victim] = round.splice(random.below(round.length), 1);
        if (victim === undefined) continue;
        victim.process.kill("SIGKILL");
        await victim.process.gone();
        killed.set(victim.name, (killed.get(victim.name) ?? 0) + 1);
        await sleep(200 + random.below(1_500));
        victim.process.start();
        await sleep(500 + random.below(FULL ? 3_000 : 500));
      }
    })();
    const { failed } = await brokerAway(stack, broker, db, stack.addresses["campanias"] ?? "", true).finally(
      () => over = true,
    );
    await killing;
    assert.deepEqual([...failed], []);
    assert.ok(stack.services.every((s) => killed.has(s.name)), JSON.stringify([...killed]));
    console.log(`killed: ${[...killed].map(([name, n]) => `${name} ${n}`).join(", ")}`);
  });
});
