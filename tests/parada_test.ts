import assert from "node:assert/strict";
import { openDatabase } from "@alpes/shared/adapters/postgres/database.ts";
import { shapeOf } from "@alpes/shared/testing/shape.ts";
import { startStack } from "@alpes/shared/testing/stack.ts";
import { wire } from "@alpes/shared/testing/wire.ts";
import { acceptance, consumer } from "./acceptance.ts";

/** `PARADAS=50 deno task test tests/parada_test.ts` is what the deployment promises; a few find the same faults. */
const STOPS = Number(Deno.env.get("PARADAS") ?? "4");
const CLIENTS = 16;
const POLLS = 4;
const EXIT_MS = 10_000;
/** Sent so long before the signal, a request was in the process's hands. */
const SURE_MS = 250;

/** A write that was sent and never answered. */
interface Unanswered {
  readonly id: string;
  readonly at: number;
}
interface Tally {
  answered: number;
  readonly failed: string[];
  readonly unanswered: Unanswered[];
}

/** Writes, each on a connection of its own, until nobody takes them any more. */
async function writer(base: string, cliente: string, tally: Tally, stopping: () => boolean): Promise<void> {
  for (;;) {
    const w = await wire(base).catch(() => null);
    if (w === null) {
      if (stopping()) return;
      await new Promise((r) => setTimeout(r, 20));
      continue;
    }
    const id = crypto.randomUUID();
    const at = performance.now();
    try {
      const body = JSON.stringify({ idCampania: id, idCliente: cliente, itinerario: [] });
      const a = await w.send("POST", "/campanias/crear", { "content-type": "application/json" }, body);
      if (a.status === 202) tally.answered++;
      else if (a.status !== 503 || !a.headers.has("retry-after")) tally.failed.push(`${a.status} ${a.body}`);
    } catch {
      tally.unanswered.push({ id, at });
    } finally {
      w[Symbol.dispose]();
    }
  }
}

/** A request that is surely under way when the signal comes: it waits for changes that do not come. */
async function poll(base: string, tally: Tally): Promise<void> {
  using w = await wire(base);
  const a = await w.send("GET", "/cliente/cambios?despues=999999&espera=20");
  if (a.status === 200) tally.answered++;
  else tally.failed.push(`a long poll: ${a.status}`);
}

acceptance(
  `SIGTERM under load, ${STOPS} times: no accepted request fails, and each time it ends within 10 s`,
  async () => {
    await using stack = await startStack({ shape: shapeOf("uno") });
    await using db = openDatabase({ url: stack.databaseUrl, max: 1 });
    const cliente = await consumer(stack.bffUrl).cliente();
    const [services] = stack.services;
    assert.ok(services !== undefined);
    const tally: Tally = { answered: 0, failed: [], unanswered: [] };
    let slowest = 0;
    let nobodys = 0;
    for (let i = 0; i < STOPS; i++) {
      let stopping = false;
      const before = tally.answered;
      const writers = Array.from(
        { length: CLIENTS },
        () => writer(services.url, cliente, tally, () => stopping),
      );
      const polls = Array.from({ length: POLLS }, () => poll(services.url, tally));
      const settled = Promise.allSettled(polls);
      await new Promise((r) => setTimeout(r, 2 * SURE_MS + Math.random() * 500));
      const began = performance.now();
      stopping = true;
      services.process.kill("SIGTERM");
      await services.process.gone();
      slowest = Math.max(slowest, performance.now() - began);
      await Promise.all(writers);
      for (const p of await settled) {
        if (p.status === "rejected") tally.failed.push(`a long poll: ${p.reason}`);
      }
      assert.ok(tally.answered > before + POLLS, "a load that was none proves nothing");
      // What came while the listener closed was accepted by nobody; then it must not have been done either.
      const left = tally.unanswered.splice(0);
      for (const u of left) if (u.at < began - SURE_MS) tally.failed.push("an accepted write has no answer");
      const ids = left.map((u) => u.id);
      const done = await db.query("select id from campanias.campanias where id = any($1)", [ids]);
      if (done.length > 0) tally.failed.push(`${done.length} writes were done and not answered`);
      nobodys += left.length - done.length;
      await services.start();
    }
    console.log(
      `${STOPS} stops, ${tally.answered} answered, ${nobodys} reached nobody, slowest exit ${
        Math.round(slowest)
      } ms`,
    );
    assert.deepEqual(tally.failed, []);
    assert.ok(slowest <= EXIT_MS, `${slowest} ms`);
  },
);
