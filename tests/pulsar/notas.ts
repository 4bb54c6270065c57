import assert from "node:assert/strict";
import { type Database, openDatabase } from "@alpes/shared/adapters/postgres/database.ts";
import { postgresUnitOfWork } from "@alpes/shared/adapters/postgres/unit_of_work.ts";
import { ok } from "@alpes/shared/seedwork/result.ts";
import type { RequestContext } from "@alpes/shared/seedwork/unit_of_work.ts";
import { freshDatabase } from "@alpes/shared/testing/database.ts";
import { NOTAS, notas } from "@alpes/shared/testing/messaging_process.ts";
import { freshNamespace, type PulsarUnderTest } from "@alpes/shared/testing/pulsar.ts";

/** A database and a namespace of one test, and processes that note there which message they handled. */
export interface Notebook extends AsyncDisposable {
  readonly db: Database;
  readonly namespace: string;
  /** Starts one more process of the module; resolves when it listens. */
  start(leaseMs?: number): Promise<NoteTaker>;
  /** Commits messages `from` … `from + count - 1` of a key in one transaction. */
  commit(clave: string, from: number, count: number): Promise<void>;
  /** How many effects there are. */
  handled(): Promise<number>;
  /** What was handled of every key, in the order of the effects. */
  byKey(): Promise<Map<string, number[]>>;
}

export interface NoteTaker {
  kill(): Promise<Deno.CommandStatus>;
  readonly status: Promise<Deno.CommandStatus>;
}

const context: RequestContext = {
  actor: { tipo: "anonimo" },
  correlation_id: "solicitud-1",
  causation_id: "solicitud-1",
  traceparent: null,
  dedup: null,
};
const PROCESS = new URL("../../shared/testing/messaging_process.ts", import.meta.url).href;

export async function notebook(broker: PulsarUnderTest): Promise<Notebook> {
  await using parts = new AsyncDisposableStack();
  const processes = new AsyncDisposableStack();
  const fresh = parts.use(await freshDatabase());
  const admin = parts.use(openDatabase({ url: fresh.adminUrl, max: 2 }));
  await admin.query(NOTAS);
  await admin.query("grant select, insert on pagos.notas to alpes_pagos");
  const db = parts.use(openDatabase({ url: fresh.url, role: "alpes_pagos", max: 6 }));
  const unit = postgresUnitOfWork(db, notas, { newId: () => crypto.randomUUID() });
  const namespace = await freshNamespace(broker.adminUrl);

  async function start(leaseMs = 1_500): Promise<NoteTaker> {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", PROCESS, fresh.url, String(leaseMs), broker.url, namespace],
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const out = child.stdout.getReader();
    const kill = async () => {
      try {
        child.kill("SIGKILL");
      } catch { /* it ended before */ }
      const status = await child.status;
      await out.cancel();
      return status;
    };
    processes.defer(async () => void await kill());
    const said = new TextDecoder().decode((await out.read()).value).trim();
    if (said !== "ready") {
      assert.fail(`a process said "${said}" and ended: ${JSON.stringify(await child.status)}`);
    }
    return { kill, status: child.status };
  }

  parts.use(processes);
  const all = parts.move();
  return {
    db,
    namespace,
    start,
    async commit(clave, from, count) {
      const messages = Array.from({ length: count }, (_, i) => ({
        topic: "eventos.pagos" as const,
        type: "AlgoPaso.v1",
        aggregate_type: "Algo",
        aggregate_id: clave,
        aggregate_version: from + i,
        data: {},
      }));
      await unit.ejecutar(
        context,
        clave,
        () => ok({ value: null, changes: { writes: [], messages, feed: [] } }),
      );
    },
    handled: async () =>
      Number((await db.query<{ n: bigint }>("select count(*) as n from pagos.notas"))[0]?.n),
    async byKey() {
      const rows = await db.query<{ clave: string; n: number }>(
        "select clave, n from pagos.notas order by orden",
      );
      return new Map([...Map.groupBy(rows, (r) => r.clave)].map(([k, own]) => [k, own.map((r) => r.n)]));
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** 1 … n */
export const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);
