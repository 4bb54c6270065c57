import assert from "node:assert/strict";
import { openDatabase } from "@alpes/shared/adapters/postgres/database.ts";
import { respaldar, restaurar } from "@alpes/shared/dev/respaldo.ts";
import { eventually } from "@alpes/shared/testing/eventually.ts";
import { startStack } from "@alpes/shared/testing/stack.ts";
import { acceptance, consumer, cop } from "./acceptance.ts";
import { startProcess } from "./processes.ts";

/** The version of pg_dump, which must not be older than the embedded server. */
const version = await new Deno.Command(`${Deno.env.get("PG_BIN") ?? "/usr/bin"}/pg_dump`, {
  args: ["--version"],
})
  .output().then((o) => Number(/ (\d+)\./.exec(new TextDecoder().decode(o.stdout))?.[1] ?? 0), () => 0);
const able = version >= 18;
if (!able && Deno.env.get("CI") === "true") throw new Error("CI needs pg_dump 18 in PG_BIN");

/** As `acceptance`; where pg_dump is missing or too old it is told as skipped. */
const drill = (name: string, fn: () => Promise<void>) =>
  able ? acceptance(name, fn) : Deno.test({ name: `${name} (needs pg_dump 18)`, ignore: true, fn });

const COUNTS =
  `select (select count(*) from campanias.eventos) as eventos, (select count(*) from cliente.clientes) as clientes,
  (select count(*) from pagos.payouts) as pagos, (select count(*) from mensajeria.inbox) as recibidos,
  (select count(*) from mensajeria.outbox) as salida, (select count(*) from mensajeria.bus_entregas) as entregas`;

drill("a backup is restored into a new database, and what was under way then is delivered", async () => {
  await using stack = await startStack();
  const p = consumer(stack.bffUrl);
  // Killed right after it answered: what it promised lies in the outbox and in the bus.
  const made = await Promise.all(
    Array.from({ length: 30 }, () => p.nuevaCampania({ anticipo: cop("1000.00") })),
  );
  await stack.kill("services");
  await using before = openDatabase({ url: stack.databaseUrl, max: 1 });
  const [was] = await before.query<{ salida: bigint; entregas: bigint; pagos: bigint }>(COUNTS);
  assert.ok(
    was !== undefined && was.salida + was.entregas > 0n,
    "nothing was under way, so nothing is proved",
  );

  const file = await Deno.makeTempFile({ suffix: ".dump" });
  const url = new URL(stack.databaseUrl);
  url.pathname += "_restaurada";
  try {
    await respaldar(stack.databaseUrl, file);
    await restaurar(url.href, file);
    await assert.rejects(restaurar(url.href, file), /nothing is ever overwritten/);

    await using after = openDatabase({ url: url.href, max: 1 });
    assert.deepEqual((await after.query(COUNTS))[0], was);
    const app = new URL(url);
    app.username = "alpes_app";
    await using services = await startProcess("services/main.ts", { DATABASE_URL: app.href });
    const restored = consumer(services.url);
    for (const { campania, cliente } of made) {
      await restored.campania(campania, "APROBADA");
      await restored.waitFor(`/cliente/${cliente}`, "total_pagos", 1);
    }
    await eventually(async () => {
      const [now] = await after.query<{ salida: bigint; entregas: bigint; pagos: bigint }>(COUNTS);
      assert.deepEqual([now?.salida, now?.entregas, now?.pagos], [0n, 0n, BigInt(made.length)]);
    }, { ms: 30_000, every: 200 });
  } finally {
    await Deno.remove(file);
    await before.query(`drop database if exists ${url.pathname.slice(1)} with (force)`);
  }
});
