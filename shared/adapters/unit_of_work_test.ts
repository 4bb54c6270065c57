import assert from "node:assert/strict";
import { v7 } from "uuid";
import { memoryUnitOfWork } from "./memory/unit_of_work.ts";
import { type Database, openDatabase } from "./postgres/database.ts";
import { postgresUnitOfWork } from "./postgres/unit_of_work.ts";
import { err, ok } from "@alpes/shared/seedwork/result.ts";
import {
  ConcurrencyError,
  type RequestContext,
  Unavailable,
  UnknownOutcome,
} from "@alpes/shared/seedwork/unit_of_work.ts";
import { freshDatabase } from "@alpes/shared/testing/database.ts";
import {
  type CounterModule,
  type Cuenta,
  type Escritura,
  unitOfWorkContract,
} from "@alpes/shared/testing/unit_of_work_contract.ts";

unitOfWorkContract("memory", () => {
  const uow = memoryUnitOfWork<Map<string, Cuenta>, { readonly id: string }, Cuenta, Escritura>({
    inicial: new Map(),
    load: (state, { id }) => state.get(id) ?? { valor: 0, version: 0 },
    save(state, { id, valor, anterior }) {
      if ((state.get(id)?.version ?? 0) !== anterior) throw new ConcurrencyError(id);
      state.set(id, { valor, version: anterior + 1 });
    },
  }, { clock: () => new Date(0), newId: v7 });
  return Promise.resolve({
    uow,
    leer: (id) => Promise.resolve(uow.state().get(id) ?? null),
    emitidos: () => Promise.resolve({ mensajes: uow.outbox.length, cambios: uow.feed.length }),
    rastro: () =>
      Promise.resolve(
        uow.audit.map((a) => `${a.actor} ${a.accion} ${a.recurso?.tipo ?? "-"} ${a.recurso?.id ?? "-"}`),
      ),
    recibir: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
});

const cuentas = (db: Database) =>
  postgresUnitOfWork<{ readonly id: string }, Cuenta, Escritura>(db, {
    modulo: "cliente",
    locks: ({ id }) => [id],
    async load(tx, todas) {
      const filas = await tx.query<Cuenta & { id: string }>(
        "select id, valor, version from cliente.cuentas where id = any($1::text[])",
        [todas.map(({ id }) => id)],
      );
      return todas.map(({ id }) => filas.find((f) => f.id === id) ?? { valor: 0, version: 0 })
        .map(({ valor, version }) => ({ valor, version }));
    },
    async save(tx, escritas) {
      for (const { writes: { id, valor, anterior } } of escritas) {
        const filas = anterior === 0
          ? await tx.query(
            "insert into cliente.cuentas values ($1, $2, 1) on conflict do nothing returning 1",
            [id, valor],
          )
          : await tx.query(
            "update cliente.cuentas set valor = $2, version = version + 1 where id = $1 and version = $3 returning 1",
            [id, valor, anterior],
          );
        if (filas.length === 0) throw new ConcurrencyError(id);
      }
    },
  }, { newId: v7 });

async function openPostgres(max = 10): Promise<CounterModule & { adminUrl: string; url: string }> {
  const resources = new AsyncDisposableStack();
  const fresh = resources.use(await freshDatabase());
  {
    await using admin = openDatabase({ url: fresh.adminUrl, max: 1 });
    await admin.query(
      "create table cliente.cuentas (id text primary key, valor int not null, version int not null)",
    );
  }
  const db = resources.use(openDatabase({ url: fresh.url, role: "alpes_cliente", max }));
  const leer = async (id: string): Promise<Cuenta | null> =>
    (await db.query<Cuenta>("select valor, version from cliente.cuentas where id = $1", [id]))[0] ?? null;
  return {
    adminUrl: fresh.adminUrl,
    url: fresh.url,
    uow: cuentas(db),
    leer,
    async emitidos() {
      const [fila] = await db.query<{ mensajes: number; cambios: number }>(
        `select (select count(*)::int from mensajeria.outbox) as mensajes,
                (select count(*)::int from mensajeria.cambios) as cambios`,
      );
      return fila ?? assert.fail();
    },
    async rastro() {
      const filas = await db.query<{ l: string }>(
        `select concat_ws(' ', actor, accion, coalesce(recurso_tipo, '-'), coalesce(recurso_id, '-')) as l
           from mensajeria.auditoria order by id`,
      );
      return filas.map((f) => f.l);
    },
    async recibir(consumer, event_id) {
      await db.query(
        `insert into mensajeria.inbox (consumidor, event_id, topic, clave, estado, intentos)
         values ($1, $2, 't', 'a', 'RECIBIDO', 1) on conflict do nothing`,
        [consumer, event_id],
      );
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}
unitOfWorkContract("PostgreSQL", () => openPostgres());

const context: RequestContext = {
  actor: { tipo: "anonimo" },
  correlation_id: "sol-1",
  causation_id: "sol-1",
  traceparent: null,
  dedup: null,
};

/** Sets account `id` to `valor`; with another version than it has, where it is said. */
const poner = (
  m: CounterModule,
  id: string,
  valor: number,
  anterior?: number,
  contexto: RequestContext = context,
) =>
  m.uow.ejecutar(contexto, { id }, (c) =>
    ok({
      value: valor,
      changes: {
        writes: { id, valor, anterior: anterior ?? c.version },
        messages: [],
        feed: [{ tipo: "cuenta", id, version: c.version + 1 }],
      },
    }));

Deno.test("of a hundred that come together, the one that cannot be stored fails and ninety-nine stand", async () => {
  await using m = await openPostgres();
  const cien = Array.from({ length: 100 }, (_, i) => i);
  // 2^31 is no int: found out by the statement, which holds all of them.
  const r = await Promise.allSettled(cien.map((i) => poner(m, `c-${i}`, i === 37 ? 2 ** 31 : i)));
  assert.deepEqual(r.flatMap((x, i) => x.status === "rejected" ? [i] : []), [37]);
  for (const i of cien) {
    assert.deepEqual(await m.leer(`c-${i}`), i === 37 ? null : { valor: i, version: 1 });
  }
  assert.equal((await m.emitidos()).cambios, 99);
});

Deno.test("of many that come together each has its own answer: refused, stale, repeated, in flight, a fault", async () => {
  await using m = await openPostgres();
  const clave = (key: string): RequestContext => ({
    ...context,
    dedup: {
      kind: "key",
      caller: "ana",
      route: "POST /x",
      key,
      fingerprint: "h",
      answer: (v) => ({
        status: 201,
        body: String(v),
        contentType: "text/plain",
        etag: null,
        location: null,
      }),
    },
  });
  await poner(m, "repetida", 1, undefined, clave("k"));
  const mensaje: RequestContext = {
    ...context,
    dedup: { kind: "message", consumer: "prueba", event_id: "e-1" },
  };
  await m.recibir("prueba", "e-1");
  const r = await Promise.allSettled([
    poner(m, "a", 1),
    m.uow.ejecutar(context, { id: "b" }, () => err("no")),
    poner(m, "c", 1, 7),
    poner(m, "repetida", 2, undefined, clave("k")),
    poner(m, "d", 1, undefined, clave("otra")),
    poner(m, "e", 1, undefined, clave("otra")),
    m.uow.ejecutar(mensaje, { id: "f" }, () => {
      throw new TypeError("a bug");
    }),
    poner(m, "g", 1),
  ]);
  const como = r.map((x) =>
    x.status === "rejected" ? x.reason.constructor.name : x.value.ok ? "hecho" : x.value.error
  );
  assert.deepEqual(como, [
    "hecho",
    "no",
    "ConcurrencyError",
    "AlreadyAnswered",
    "hecho",
    "StillRunning",
    "TypeError",
    "hecho",
  ]);
  const filas = await Promise.all(["a", "b", "c", "d", "e", "f", "g"].map((id) => m.leer(id)));
  assert.deepEqual(filas.map((f) => f?.valor ?? null), [1, null, null, 1, null, null, 1]);
  // The message that failed is not handled: its next attempt has its effect.
  assert.deepEqual(await poner(m, "f", 5, undefined, mensaje), { ok: true, value: 5 });
});

Deno.test("two processes that write the same accounts in batches lose nothing and wait for no deadlock", async () => {
  await using m = await openPostgres();
  await using otra = openDatabase({ url: m.url, role: "alpes_cliente" });
  const procesos = [m.uow, cuentas(otra)];
  const sumar = (uow: typeof m.uow, id: string) =>
    uow.ejecutar(context, { id }, (c) =>
      ok({
        value: c.valor + 1,
        changes: { writes: { id, valor: c.valor + 1, anterior: c.version }, messages: [], feed: [] },
      }));
  const begun = performance.now();
  const r = await Promise.all(
    procesos.flatMap((uow, p) =>
      Array.from({ length: 400 }, (_, i) => sumar(uow, `c-${(p === 0 ? i : 400 - i) % 20}`))
    ),
  );
  assert.ok(r.every((x) => x.ok));
  const valores = await Promise.all(Array.from({ length: 20 }, (_, i) => m.leer(`c-${i}`)));
  assert.equal(valores.reduce((a, c) => a + (c?.valor ?? 0), 0), 800);
  assert.ok(performance.now() - begun < 20_000);
});

Deno.test("a connection lost before COMMIT is told as unavailable, and the pool heals", async () => {
  await using m = await openPostgres(2);
  await using admin = openDatabase({ url: m.adminUrl, max: 1 });
  const cortada = m.uow.ejecutar(context, { id: "a" }, (c) => {
    // While the decision is being made the backend dies under it.
    void admin.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'alpes_app' and datname = current_database()",
    );
    for (const hasta = performance.now() + 300; performance.now() < hasta;);
    return ok({
      value: 1,
      changes: { writes: { id: "a", valor: c.valor + 1, anterior: c.version }, messages: [], feed: [] },
    });
  });
  await admin.query("select 1");
  const error: unknown = await cortada.catch((e) => e);
  // The kill may reach the backend late; then the write went through, and says so.
  if (error instanceof Error) {
    assert.ok(error instanceof Unavailable || error instanceof UnknownOutcome, String(error));
    if (error instanceof Unavailable) assert.equal(await m.leer("a"), null);
  }
  const otra = () =>
    m.uow.ejecutar(
      context,
      { id: "b" },
      (c) =>
        ok({
          value: 1,
          changes: { writes: { id: "b", valor: 1, anterior: c.version }, messages: [], feed: [] },
        }),
    );
  // Other connections of the pool may have died with it; each is found out once.
  const r = await otra().catch(otra).catch(otra);
  assert.equal(r.ok, true);
  assert.deepEqual(await m.leer("b"), { valor: 1, version: 1 });
});

Deno.test("a server that is not there is unavailable, not a fault", async () => {
  await using db = openDatabase({ url: "postgres://alpes_app@127.0.0.1:1/nada" });
  await assert.rejects(db.query("select 1"), Unavailable);
  await assert.rejects(db.transaction(() => Promise.resolve()), Unavailable);
});

Deno.test("an exhausted pool says so in time, and heals", async () => {
  await using fresh = await freshDatabase();
  await using db = openDatabase({ url: fresh.url, role: "alpes_cliente", max: 1 });
  const { promise, resolve } = Promise.withResolvers<void>();
  const larga = db.transaction(() => promise);
  await assert.rejects(db.query("select 1"), Unavailable);
  resolve();
  await larga;
  assert.deepEqual(await db.query("select 1 as uno"), [{ uno: 1 }]);
});

Deno.test("the application's role cannot see another module's tables, nor make its own", async () => {
  await using fresh = await freshDatabase();
  await using db = openDatabase({ url: fresh.url, role: "alpes_cliente" });
  await assert.rejects(db.query("select 1 from pagos.payouts"), /permission denied/);
  await assert.rejects(db.query("create table cliente.x (a int)"), /permission denied/);
  await assert.rejects(db.query("create table public.x (a int)"), /permission denied/);
});
