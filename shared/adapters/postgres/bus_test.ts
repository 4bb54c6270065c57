import type { MessageBus } from "@alpes/shared/seedwork/messages.ts";
import { busContract } from "@alpes/shared/testing/bus_contract.ts";
import { freshDatabase } from "@alpes/shared/testing/database.ts";
import { postgresBus } from "./bus.ts";
import { type Database, openDatabase } from "./database.ts";

/** A database that can be cut off, as it is for a process that was killed. */
function mortal(db: Database): { db: Database; cut: () => void } {
  let dead = false;
  const alive = () => dead ? Promise.reject(new Error("this process is dead")) : Promise.resolve();
  return {
    db: {
      ...db,
      query: (text, values) => alive().then(() => db.query(text, values)),
      transaction: (work) => alive().then(() => db.transaction(work)),
    },
    cut: () => void (dead = true),
  };
}

busContract("PostgreSQL bus", async () => {
  await using parts = new AsyncDisposableStack();
  const fresh = parts.use(await freshDatabase());
  const db = parts.use(openDatabase({ url: fresh.url, role: "alpes_mensajeria", max: 6 }));
  const buses = parts.adopt(new Map<MessageBus, () => void>(), async (all) => {
    for (const bus of all.keys()) await bus[Symbol.asyncDispose]();
  });
  const ends = parts.move();
  return {
    connect() {
      const { db: own, cut } = mortal(db);
      const bus = postgresBus(own, { leaseMs: 1_500, idleMs: 100 });
      buses.set(bus, cut);
      return Promise.resolve(bus);
    },
    crash(bus) {
      buses.get(bus)?.();
    },
    [Symbol.asyncDispose]: () => ends.disposeAsync(),
  };
}, { severalProcesses: true });
