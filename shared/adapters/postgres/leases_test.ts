import assert from "node:assert/strict";
import { freshDatabase } from "@alpes/shared/testing/database.ts";
import { eventually } from "@alpes/shared/testing/eventually.ts";
import { type Database, openDatabase } from "./database.ts";
import { claimLease, claimWithWork, ensureLeases, holding, releaseLease, renewLease } from "./leases.ts";

const a = { dueno: "a", ms: 60_000 };
const b = { dueno: "b", ms: 60_000 };

async function withDatabase(run: (db: Database) => Promise<void>): Promise<void> {
  await using fresh = await freshDatabase();
  await using db = openDatabase({ url: fresh.url, role: "alpes_mensajeria", max: 4 });
  await ensureLeases(db, "x", 1);
  await run(db);
}
const expire = (db: Database) =>
  db.query("update mensajeria.arriendos set vence = clock_timestamp() - interval '1 ms'");

Deno.test("a partition is held by one at a time, until it is given back", () =>
  withDatabase(async (db) => {
    const [one, two] = await Promise.all([claimLease(db, "x", a), claimLease(db, "x", b)]);
    const held = one ?? two;
    assert.ok(held && (one === null || two === null));
    assert.equal(await claimLease(db, "x", b), null);
    await releaseLease(db, held);
    assert.ok(await claimLease(db, "x", b));
  }));

Deno.test("an expired lease is taken over, and its old holder can neither renew nor release it", () =>
  withDatabase(async (db) => {
    const old = await claimLease(db, "x", a);
    assert.ok(old && await renewLease(db, old, a.ms));
    await expire(db);
    const taken = await claimLease(db, "x", b);
    assert.ok(taken && Number(taken.epocas[0]) > Number(old.epocas[0]));
    assert.equal(await renewLease(db, old, a.ms), false);
    await releaseLease(db, old);
    assert.equal(await claimLease(db, "x", a), null);
  }));

Deno.test("work that outlasts its lease keeps it, and hears of it when it was lost", () =>
  withDatabase(async (db) => {
    const short = { dueno: "a", ms: 600 };
    const lease = await claimLease(db, "x", short);
    assert.ok(lease);
    await holding(db, lease, short.ms, async (held) => {
      const end = performance.now() + 2 * short.ms;
      await eventually(() => performance.now() > end);
      assert.ok(held());
      assert.equal(await claimLease(db, "x", b), null);
      await expire(db);
      assert.ok(await claimLease(db, "x", b));
      await eventually(() => !held());
    });
  }));

Deno.test("a claim takes only partitions with work, and hands over what lies there", () =>
  withDatabase(async (db) => {
    await ensureLeases(db, "y", 3);
    const claim = claimWithWork(
      "select from generate_series(1, 2) g where g = a.particion and $6::text is not null",
      "select g as orden, $6::text as texto from generate_series(1, 2::bigint) g where mio.particion > 0 order by g limit $5",
    );
    const one = { partitions: 1, rows: 3 };
    const first = await claim<{ orden: bigint; texto: string }>(db, "y", a, one, ["t"]);
    assert.deepEqual(first?.rows.map((r) => [r.orden, r.texto]), [[1n, "t"], [2n, "t"]]);
    assert.deepEqual(first?.lease.particiones.includes(0), false);
    assert.equal(first?.more, true);
    assert.equal((await claim(db, "y", a, { partitions: 2, rows: 3 }, ["t"]))?.more, false);
    assert.equal(await claim(db, "y", b, one, ["t"]), null);
  }));

Deno.test("a claim of many partitions is given back where it is still ours, and only there", () =>
  withDatabase(async (db) => {
    await ensureLeases(db, "z", 4);
    const claim = claimWithWork(
      "select where $6::text is not null",
      "select mio.particion::bigint as orden, $6::text as texto limit $5",
    );
    const three = { partitions: 3, rows: 100 };
    const got = await claim<{ orden: bigint }>(db, "z", a, three, ["t"]);
    assert.ok(got);
    assert.equal(got.lease.particiones.length, 3);
    assert.deepEqual(got.rows.map((r) => Number(r.orden)), got.lease.particiones.toSorted());
    assert.ok(await renewLease(db, got.lease, a.ms));
    const [lost] = got.lease.particiones;
    await db.query(
      "update mensajeria.arriendos set dueno = 'b', epoca = epoca + 1 where nombre = 'z' and particion = $1",
      [lost],
    );
    assert.equal(await renewLease(db, got.lease, a.ms), false);
    await releaseLease(db, got.lease);
    const free = await claim(db, "z", b, three, ["t"]);
    assert.equal(free?.lease.particiones.length, 3);
    assert.equal(free?.lease.particiones.includes(lost ?? -1), false);
  }));
