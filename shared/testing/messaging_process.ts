import { postgresBus } from "@alpes/shared/adapters/postgres/bus.ts";
import { openDatabase } from "@alpes/shared/adapters/postgres/database.ts";
import { postgresInbox } from "@alpes/shared/adapters/postgres/inbox.ts";
import { startRelay } from "@alpes/shared/adapters/postgres/relay.ts";
import { type ModuleStore, postgresUnitOfWork } from "@alpes/shared/adapters/postgres/unit_of_work.ts";
import { webSocketBus } from "@alpes/shared/adapters/pulsar/websocket.ts";
import { consume } from "@alpes/shared/seedwork/consumer.ts";
import { ok } from "@alpes/shared/seedwork/result.ts";

/** The least module there is: it writes down which message of which key it handled. */
export interface Nota {
  readonly clave: string;
  readonly n: number;
}
export const notas: ModuleStore<string, null, readonly Nota[]> = {
  modulo: "pagos",
  locks: (clave) => [clave],
  load: (_tx, claves) => Promise.resolve(claves.map(() => null)),
  async save(tx, written) {
    for (const { clave, n } of written.flatMap((w) => w.writes)) {
      await tx.query("insert into pagos.notas (clave, n) values ($1, $2)", [clave, n]);
    }
  },
};
/** For the owner of the test's database. */
export const NOTAS =
  "create table pagos.notas (orden bigint generated always as identity, clave text, n int)";

/** The key whose messages end the process that handles them. */
export const VENENO = "veneno";

/** The key whose messages are refused each time. */
export const MALA = "mala";

/** One process of a module: relay, bus (PostgreSQL's, or Pulsar's), inbox and consumer over the database at `url`. */
export async function messagingProcess(
  url: string,
  leaseMs = 1_500,
  pulsar?: { readonly url: string; readonly namespace: string },
): Promise<AsyncDisposable> {
  await using parts = new AsyncDisposableStack();
  const db = parts.use(openDatabase({ url, role: "alpes_pagos", max: 8 }));
  const bus = parts.use(
    pulsar === undefined ? postgresBus(db, { leaseMs, idleMs: 100 }) : webSocketBus(pulsar),
  );
  const unit = postgresUnitOfWork(db, notas, { newId: () => crypto.randomUUID() });
  parts.use(startRelay({ db, bus, modulo: "pagos", batch: 100, leaseMs, idleMs: 100 }));
  parts.use(
    await consume({
      bus,
      inbox: postgresInbox(db, { leaseMs }),
      maxAttempts: 3,
      topic: "eventos.pagos",
      consumer: "pagos.notas",
      modulo: "pagos",
      async handle(m, context) {
        if (m.aggregate_id === VENENO) Deno.kill(Deno.pid, "SIGKILL");
        if (m.aggregate_id === MALA) throw new Error("refused each time");
        const nota = { clave: m.aggregate_id, n: m.aggregate_version };
        await unit.ejecutar(
          context,
          m.aggregate_id,
          () => ok({ value: null, changes: { writes: [nota], messages: [], feed: [] } }),
        );
      },
    }),
  );
  return parts.move();
}

if (import.meta.main) {
  const [url = "", leaseMs, broker, namespace] = Deno.args;
  const pulsar = broker === undefined || namespace === undefined ? undefined : { url: broker, namespace };
  await messagingProcess(url, Number(leaseMs), pulsar);
  console.log("ready");
}
