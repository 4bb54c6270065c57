import assert from "node:assert/strict";
import type { Database } from "@alpes/shared/adapters/postgres/database.ts";
import { type Shot, wires } from "@alpes/shared/testing/load.ts";

/** A campaign whose creation was acknowledged. */
export interface Acknowledged {
  readonly id: string;
  /** It pays for itself: the whole saga runs. */
  readonly anticipo: boolean;
  /** When it was answered, of `performance.now()`. */
  readonly at: number;
}

export interface Load {
  readonly acknowledged: readonly Acknowledged[];
  /** What was answered in another way, or not at all (0), and when, in seconds of the load. */
  readonly failed: ReadonlyMap<number, readonly number[]>;
  /** Requests that were sent again. */
  readonly again: number;
  /** The slowest answer, ms. */
  readonly slowest: number;
}

export interface LoadOptions {
  readonly base: string;
  /** Requests a second once it has begun, however slowly they are answered. */
  readonly rate: number;
  readonly clientes: readonly string[];
  readonly over: () => boolean;
  /** Sends the same request again where nobody took responsibility, as a client should. */
  readonly patient?: boolean;
  /** The rate grows over so long, ms: a process that was started a moment ago compiles what it does first. None unless told. */
  readonly rampMs?: number;
}

/** One of so many campaigns pays for itself: a saga is some ten transactions. */
const ANTICIPO_EVERY = 10;
const GIVE_UP_MS = 60_000;
/** Requests on the wire at once of a patient load: while nobody answers, each would hold a connection. */
const WIRES = 300;
const NOBODY = [0, 502, 503, 504];

/** Creates campaigns until it is over, and writes down what was acknowledged. */
export async function load(o: LoadOptions): Promise<Load> {
  using pool = wires(o.base);
  const acknowledged: Acknowledged[] = [];
  const failed = new Map<number, number[]>();
  let again = 0, slowest = 0, wired = 0;
  const start = performance.now();

  async function one(i: number): Promise<void> {
    const id = `carga-${i}`;
    const anticipo = i % ANTICIPO_EVERY === 0;
    const shot: Shot = {
      method: "POST",
      path: "/campanias/crear",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        idCampania: id,
        idCliente: o.clientes[i % o.clientes.length],
        itinerario: [],
        ...anticipo ? { anticipo: { valor: "10.00", moneda: "USD" } } : {},
      }),
    };
    const began = performance.now();
    for (let pause = 50;; pause = Math.min(2 * pause, 500)) {
      while (o.patient && wired >= WIRES) await new Promise((r) => setTimeout(r, 20));
      wired++;
      const { status } = await pool.fire(shot).catch(() => ({ status: 0 })).finally(() => wired--);
      const now = performance.now();
      const retry = o.patient && NOBODY.includes(status) && now - began < GIVE_UP_MS;
      if (!retry) {
        slowest = Math.max(slowest, now - began);
        if (status === 202 || status === 200) acknowledged.push({ id, anticipo, at: now });
        else failed.set(status, [...failed.get(status) ?? [], Math.round((began - start) / 100) / 10]);
        return;
      }
      again++;
      await new Promise((r) => setTimeout(r, pause));
    }
  }

  const flying: Promise<void>[] = [];
  const ramp = o.rampMs ?? 0;
  while (!o.over()) {
    const ms = performance.now() - start;
    const due = ms < ramp ? ms ** 2 / (2 * ramp) : ms - ramp / 2;
    while (flying.length < due * o.rate / 1_000) flying.push(one(flying.length));
    await new Promise((r) => setTimeout(r, 5));
  }
  await Promise.all(flying);
  return { acknowledged, failed, again, slowest };
}

/** How many of these campaigns have not had all their effects yet. */
export async function backlog(db: Database, done: readonly Acknowledged[]): Promise<number> {
  const [row] = await db.query<{ n: bigint }>(
    `select (select count(*) from unnest($1::text[]) as t(id)
              where not exists (select from pagos.campanias p where p.id = t.id))
          + (select count(*) from unnest($2::text[]) as t(id)
              where not exists (select from campanias.sagas s where s.id_campania = t.id and s.estado = 'COMPLETADA')) as n`,
    [done.map((a) => a.id), done.filter((a) => a.anticipo).map((a) => a.id)],
  );
  return Number(row?.n);
}

/** Every effect of what was acknowledged stands, once, and nothing waits or was given up: each saga came to its good end. */
export async function everyEffectOnce(db: Database, done: readonly Acknowledged[]): Promise<void> {
  assert.equal(await backlog(db, done), 0);
  const paying = done.filter((a) => a.anticipo).map((a) => a.id);
  const bad = async (sql: string, values: readonly unknown[] = []) =>
    assert.deepEqual(await db.query(sql, values), [], sql);
  await bad(
    "select id_campania, estado from campanias.sagas where estado not in ('COMPLETADA', 'SIN_INICIAR')",
  );
  // One payout of every campaign that pays for itself, and it succeeded.
  await bad(
    `select t.id from unnest($1::text[]) as t(id)
      where (select count(*) from pagos.payouts p where p.id_campania = t.id) <> 1
         or (select count(*) from pagos.payouts p where p.id_campania = t.id and p.estado = 'EXITOSO')
            <> 1`,
    [paying],
  );
  await bad("select payout_id from pagos.psp_simulador group by 1 having count(*) <> 1");
  await bad(
    `select c.id, c.total_pagos from cliente.clientes c
      where c.total_pagos <> (select count(*) from pagos.payouts p where p.partner_id = c.id and p.estado = 'EXITOSO')`,
  );
  await bad(
    `select c.id, c.estado from campanias.campanias c join unnest($1::text[]) as t(id) using (id)
      where c.estado <> 'APROBADA'`,
    [paying],
  );
  await bad(
    `select id_campania, paso from campanias.saga_pasos where estado = 'HECHO' group by 1, 2 having count(*) > 1`,
  );
  await bad("select consumidor, clave, error from mensajeria.inbox where estado <> 'HECHO'");
  await bad("select event_id from mensajeria.outbox");
}
