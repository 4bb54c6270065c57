import assert from "node:assert/strict";
import { ok } from "@alpes/shared/seedwork/result.ts";
import type { RequestContext } from "@alpes/shared/seedwork/unit_of_work.ts";
import { freshDatabase } from "@alpes/shared/testing/database.ts";
import { eventually } from "@alpes/shared/testing/eventually.ts";
import { NOTAS, notas, VENENO } from "@alpes/shared/testing/messaging_process.ts";
import { postgresBus } from "./bus.ts";
import { type Database, openDatabase } from "./database.ts";
import { postgresUnitOfWork } from "./unit_of_work.ts";

const KEYS = 40;
const PER_KEY = 130;
const PER_COMMIT = 5;

/** A process of its own, which can be killed. */
async function start(url: string, leaseMs = 1_500) {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      new URL("../../testing/messaging_process.ts", import.meta.url).href,
      url,
      String(leaseMs),
    ],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const out = child.stdout.getReader();
  const first = await out.read();
  assert.equal(new TextDecoder().decode(first.value).trim(), "ready");
  return {
    kill: () => child.kill("SIGKILL"),
    status: child.status,
    async [Symbol.asyncDispose]() {
      try {
        child.kill("SIGKILL");
      } catch {
        // it was killed before
      }
      await child.status;
      await out.cancel();
    },
  };
}

const context: RequestContext = {
  actor: { tipo: "anonimo" },
  correlation_id: "solicitud-1",
  causation_id: "solicitud-1",
  traceparent: null,
  dedup: null,
};
const unitOver = (db: Database, ports: Partial<Parameters<typeof postgresUnitOfWork>[2]> = {}) =>
  postgresUnitOfWork(db, notas, { newId: () => crypto.randomUUID(), ...ports });

/** Commits messages `from` … `from + count - 1` of one key. */
async function commit(
  unit: ReturnType<typeof unitOver>,
  clave: string,
  from: number,
  count: number,
): Promise<void> {
  const messages = Array.from({ length: count }, (_, i) => ({
    topic: "eventos.pagos" as const,
    type: "AlgoPaso.v1",
    aggregate_type: "Algo",
    aggregate_id: clave,
    aggregate_version: from + i,
    data: {},
  }));
  await unit.ejecutar(context, clave, () => ok({ value: null, changes: { writes: [], messages, feed: [] } }));
}

/** Every key's messages 1 … PER_KEY, several in one transaction, keys side by side. */
async function produce(db: Database): Promise<void> {
  const unit = unitOver(db);
  await Promise.all(Array.from({ length: KEYS }, async (_, k) => {
    for (let n = 1; n <= PER_KEY; n += PER_COMMIT) await commit(unit, `k${k}`, n, PER_COMMIT);
  }));
}

async function withNotes(run: (db: Database, url: string) => Promise<void>): Promise<void> {
  await using fresh = await freshDatabase();
  await using admin = openDatabase({ url: fresh.adminUrl, max: 2 });
  await admin.query(NOTAS);
  await admin.query("grant select, insert on pagos.notas to alpes_pagos");
  await using db = openDatabase({ url: fresh.url, role: "alpes_pagos", max: 6 });
  await run(db, fresh.url);
}

Deno.test("three processes, one of them killed: 5,200 messages, none lost, none twice, none out of order", () =>
  withNotes(async (db, url) => {
    const handled = async () =>
      Number((await db.query<{ n: bigint }>("select count(*) as n from pagos.notas"))[0]?.n);
    await using mortal = await start(url);
    await using _b = await start(url);
    await using _c = await start(url);
    const producing = produce(db);
    await eventually(async () => await handled() > 500, { ms: 60_000 });
    mortal.kill();
    await eventually(async () => await handled() > 1_500, { ms: 60_000 });
    await using _d = await start(url);
    await producing;
    await eventually(async () => assert.equal(await handled(), KEYS * PER_KEY), { ms: 120_000, every: 50 });

    const rows = await db.query<{ clave: string; n: number }>(
      "select clave, n from pagos.notas order by orden",
    );
    for (const [clave, own] of Map.groupBy(rows, (r) => r.clave)) {
      assert.deepEqual(own.map((r) => r.n), Array.from({ length: PER_KEY }, (_, i) => i + 1), clave);
    }
    const parked = await db.query("select event_id, error from mensajeria.inbox where estado <> 'HECHO'");
    assert.deepEqual(parked, []);
  }));

Deno.test("a message that kills every process that tries it is parked after three, and the others go on", () =>
  withNotes(async (db, url) => {
    await commit(unitOver(db), VENENO, 1, 2);
    for (let tries = 1; tries <= 3; tries++) {
      await using victim = await start(url, 500);
      assert.equal((await victim.status).signal, "SIGKILL");
    }
    await using _ = await start(url, 500);
    await commit(unitOver(db), "sana", 1, 1);
    const states = () =>
      db.query("select clave, estado, intentos from mensajeria.inbox order by clave, orden");
    await eventually(async () =>
      assert.deepEqual(await states(), [
        { clave: "sana", estado: "HECHO", intentos: 1 },
        { clave: VENENO, estado: "APARCADO", intentos: 4 },
        { clave: VENENO, estado: "LISTO", intentos: 0 },
      ]), { ms: 30_000 });
  }));

Deno.test("a unit of work leaves its messages on the bus of its own database: once for each group, in order, no outbox", () =>
  withNotes(async (db) => {
    // Nobody looks by himself: what `committed` does not wake is not seen.
    await using bus = postgresBus(db, { idleMs: 3_600_000 });
    const seen: Record<"uno" | "dos", string[]> = { uno: [], dos: [] };
    await using groups = new AsyncDisposableStack();
    for (const group of ["uno", "dos"] as const) {
      groups.use(
        await bus.subscribe("eventos.pagos", group, (m) => {
          seen[group].push(`${m.aggregate_id} ${m.aggregate_version}`);
          return Promise.resolve();
        }),
      );
    }
    const unit = unitOver(db, { outlet: "bus", onCommit: bus.committed });
    const keys = ["a", "b", "c"];
    for (let from = 1; from <= 21; from += 4) await Promise.all(keys.map((k) => commit(unit, k, from, 4)));
    await eventually(() => seen.uno.length === 72 && seen.dos.length === 72);
    for (const all of Object.values(seen)) {
      for (const k of keys) {
        const mine = all.filter((s) => s.startsWith(k));
        assert.deepEqual(mine, Array.from({ length: 24 }, (_, i) => `${k} ${i + 1}`));
      }
    }
    assert.deepEqual(await db.query("select from mensajeria.outbox"), []);
  }));
