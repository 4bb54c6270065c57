import assert from "node:assert/strict";
import { openDatabase } from "@alpes/shared/adapters/postgres/database.ts";
import { verify } from "@alpes/shared/adapters/postgres/verify.ts";
import { httpApi } from "@alpes/shared/dev/demo_api.ts";
import { campanias } from "@alpes/shared/dev/demo_campanias.ts";
import { partners } from "@alpes/shared/dev/demo_partners.ts";
import { CONTROLS } from "@alpes/shared/dev/verify.ts";
import { seeded } from "@alpes/shared/dev/seed_random.ts";
import { eventually } from "@alpes/shared/testing/eventually.ts";
import { type Stack, startStack } from "@alpes/shared/testing/stack.ts";
import { acceptance } from "./acceptance.ts";
import * as check from "./chaos_check.ts";
import { type Acknowledged, patient } from "./chaos_load.ts";

/** Said by every failure, so that it can be asked for again: `CHAOS_SEED=… deno task test tests/chaos_test.ts`. */
const SEED = Number(Deno.env.get("CHAOS_SEED") ?? "20260131");
const KILLS = 10;
/** How long an outcome may take when its process dies under it, several times over. */
const PATIENCE = 90_000;

/** All the stories of the demo begin anew this often, while the earlier ones go on. */
const EVERY_MS = 3_000;

/** Kills the services without a word at moments that the seed decides, and starts them again each time. */
async function kill(stack: Stack): Promise<void> {
  const random = seeded(SEED);
  for (let i = 0; i < KILLS; i++) {
    await new Promise((r) => setTimeout(r, 50 + random.below(2_000)));
    await stack.kill("services", "SIGKILL");
    await stack.restart("services");
  }
}

acceptance(`ten kills under the demo's load lose nothing and do nothing twice (seed ${SEED})`, async () => {
  await using stack = await startStack();
  const book: Acknowledged[] = [];
  const api = patient(httpApi(stack.bffUrl), book);

  let killing = true;
  const killer = kill(stack).finally(() => killing = false);
  const rounds: Promise<unknown>[] = [];
  while (killing) {
    const world = { api, prefix: `caos${rounds.length + 1}`, patience: PATIENCE, calm: false };
    const round = Promise.all([...campanias, ...partners].map((s) => s.run(world)));
    round.catch(() => {}); // told below, where all of them are awaited
    rounds.push(round);
    await Promise.race([killer, new Promise((r) => setTimeout(r, EVERY_MS))]);
  }
  await killer;
  // The stories themselves fail here when an outcome is not the contract's.
  await Promise.all(rounds);

  await using db = openDatabase({ url: stack.databaseUrl });
  await eventually(() => check.nothingIsLeftOver(api), { ms: 30_000, every: 200 });
  const [campaigns, paid] = [await check.campaignsAreConsistent(api), await check.bankAgrees(db, api)];
  await check.countsAreExact(api);
  await check.eachFactWasSaidOnce(db, api);
  assert.deepEqual((await verify(db, CONTROLS)).flatMap((f) => f.offences.map((o) => [f.name, o])), []);
  const acknowledged = [...book];
  await check.nothingAcknowledgedIsMissing(patient(httpApi(stack.bffUrl), []), acknowledged);
  // A load that was no load proves nothing.
  const load = [rounds.length, campaigns, paid, acknowledged.length];
  assert.ok(
    load.every((n, i) => n >= ([5, 60, 30, 200][i] ?? 0)),
    `rounds, campaigns, paid, writes: ${load}`,
  );
});
