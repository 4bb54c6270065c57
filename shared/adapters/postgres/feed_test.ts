import assert from "node:assert/strict";
import { memoryFeed } from "@alpes/shared/adapters/memory/feed.ts";
import type { Feed } from "@alpes/shared/seedwork/feed.ts";
import type { FeedEntry } from "@alpes/shared/seedwork/unit_of_work.ts";
import { freshDatabase } from "@alpes/shared/testing/database.ts";
import { eventually } from "@alpes/shared/testing/eventually.ts";
import { type Database, openDatabase, type Tx } from "./database.ts";
import { postgresFeed } from "./feed.ts";

interface FeedUnderTest extends AsyncDisposable {
  readonly feed: Feed;
  add(e: FeedEntry): Promise<void>;
}
const put = (tx: Tx, modulo: string, { tipo, id, version }: FeedEntry) =>
  tx.query(
    "insert into mensajeria.cambios (modulo, tipo, id, version, correlacion) values ($1, $2, $3, $4, 'sol-1')",
    [modulo, tipo, id, version],
  );

async function withFeed(run: (db: Database, feed: Feed) => Promise<void>): Promise<void> {
  await using fresh = await freshDatabase();
  await using db = openDatabase({ url: fresh.url, role: "alpes_pagos", max: 12 });
  await run(db, postgresFeed(db, "pagos", { pollMs: 50 }));
}
async function postgres(): Promise<FeedUnderTest> {
  await using parts = new AsyncDisposableStack();
  const fresh = parts.use(await freshDatabase());
  const db = parts.use(openDatabase({ url: fresh.url, role: "alpes_pagos", max: 4 }));
  const ends = parts.move();
  return {
    feed: postgresFeed(db, "pagos"),
    add: async (e) => void await put(db, "pagos", e),
    [Symbol.asyncDispose]: () => ends.disposeAsync(),
  };
}
function memory(): Promise<FeedUnderTest> {
  const entries: FeedEntry[] = [];
  return Promise.resolve({
    feed: memoryFeed(entries, { correlacion: "sol-1" }),
    add: (e) => (entries.push(e), Promise.resolve()),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
}

for (const [name, open] of [["PostgreSQL feed", postgres], ["memory feed", memory]] as const) {
  Deno.test(`${name}: changes are numbered from 1 and read page by page`, async () => {
    await using u = await open();
    assert.deepEqual(await u.feed.read(0, 10), []);
    for (const version of [1, 2, 3]) await u.add({ tipo: "pago", id: "p-1", version });
    const page = await u.feed.read(0, 2);
    assert.deepEqual(page.map(({ en, ...c }) => (assert.ok(en instanceof Date), c)), [
      { n: 1, tipo: "pago", id: "p-1", version: 1, correlacion: "sol-1" },
      { n: 2, tipo: "pago", id: "p-1", version: 2, correlacion: "sol-1" },
    ]);
    assert.deepEqual((await u.feed.read(2, 10)).map((c) => c.version), [3]);
    assert.deepEqual(await u.feed.bounds(), { primero: 1, ultimo: 3 });
  });

  Deno.test(`${name}: a waiting reader is woken by a change, its deadline or its own end`, async () => {
    await using u = await open();
    const long = 3_600_000;
    await u.feed.wait(0, 5);
    const hurry = new AbortController();
    const waiting = u.feed.wait(0, long, hurry.signal);
    hurry.abort();
    await waiting;
    await u.feed.wait(0, long, hurry.signal);
    const second = u.feed.wait(0, long);
    await u.add({ tipo: "pago", id: "p-1", version: 1 });
    u.feed.wake();
    await second;
    await u.feed.wait(0, long);
    assert.equal((await u.feed.read(0, 10)).length, 1);
  });
}

Deno.test("a reader that follows the numbers misses nothing that concurrent writers commit", () =>
  withFeed(async (db, feed) => {
    const other = postgresFeed(db, "pagos");
    let writing = true;
    const writers = Promise.all(Array.from({ length: 6 }, async (_, w) => {
      for (let version = 1; version <= 60; version++) {
        await db.transaction(async (tx) => {
          await put(tx, "pagos", { tipo: "pago", id: `p-${w}`, version });
          await put(tx, "cliente", { tipo: "cliente", id: `c-${w}`, version });
          // The older line is often committed after the newer one of another writer.
          await tx.query("select pg_sleep($1)", [((w * 7 + version) % 5) / 1000]);
        });
      }
    })).finally(() => writing = false);
    const follow = async (f: Feed) => {
      const seen: string[] = [];
      let n = 0;
      for (let ended = false; !ended;) {
        ended = !writing;
        for (const c of await f.read(n, 50)) {
          assert.equal(c.n, n + 1);
          n = c.n;
          seen.push(`${c.id} ${c.version}`);
          ended = false;
        }
      }
      return seen;
    };
    const [a, b] = await Promise.all([follow(feed), follow(other), writers]);
    assert.equal(new Set(a).size, 360);
    assert.deepEqual(a, b);
    for (let w = 0; w < 6; w++) {
      const own = a.filter((s) => s.startsWith(`p-${w} `)).map((s) => Number(s.split(" ")[1]));
      assert.deepEqual(own, own.toSorted((x, y) => x - y));
    }
  }));

Deno.test("what another process commits is seen at the next look", () =>
  withFeed(async (db, feed) => {
    const waiting = feed.wait(0, 3_600_000);
    await put(db, "pagos", { tipo: "pago", id: "p-1", version: 1 });
    await waiting;
    assert.equal((await feed.read(0, 1)).length, 1);
  }));

Deno.test("a change is in the next read of whoever committed it", () =>
  withFeed(async (db, feed) => {
    const last = new Map<number, number>();
    await Promise.all(Array.from({ length: 5 }, async (_, w) => {
      for (let version = 1; version <= 20; version++) {
        await put(db, "pagos", { tipo: "pago", id: `p-${w}`, version });
        const changes = await feed.read(last.get(w) ?? 0, 1_000);
        assert.ok(changes.some((c) => c.id === `p-${w}` && c.version === version));
        last.set(w, changes.at(-1)?.n ?? 0);
      }
    }));
    await eventually(async () => assert.deepEqual(await feed.bounds(), { primero: 1, ultimo: 100 }));
  }));
