import assert from "node:assert/strict";
import { MAX_MESSAGE } from "@alpes/shared/seedwork/messages.ts";
import { ok } from "@alpes/shared/seedwork/result.ts";
import {
  AlreadyAnswered,
  AlreadyHandled,
  ConcurrencyError,
  type Dedup,
  KeyReused,
  MessageTooBig,
  type RequestContext,
  StillRunning,
  type UnitOfWork,
} from "@alpes/shared/seedwork/unit_of_work.ts";

/** A counter: the smallest aggregate that can be written twice. */
export interface Cuenta {
  readonly valor: number;
  readonly version: number;
}
export interface Escritura {
  readonly id: string;
  readonly valor: number;
  readonly anterior: number;
}
export interface CounterModule extends AsyncDisposable {
  readonly uow: UnitOfWork<{ readonly id: string }, Cuenta, Escritura>;
  leer(id: string): Promise<Cuenta | null>;
  /** Event ids and changes that stand committed. */
  emitidos(): Promise<{ mensajes: number; cambios: number }>;
  /** Lines of the audit log, as `actor accion tipo id`. */
  rastro(): Promise<string[]>;
  /** A message has arrived: what the inbox did before the handler runs. */
  recibir(consumer: string, event_id: string): Promise<void>;
}

const context = (dedup: Dedup | null = null): RequestContext => ({
  actor: { tipo: "anonimo" },
  correlation_id: "sol-1",
  causation_id: "sol-1",
  traceparent: null,
  dedup,
});
const clave = (key: string, fingerprint = "h", caller = "ana"): Dedup => ({
  kind: "key",
  caller,
  route: "POST /x",
  key,
  fingerprint,
  answer: (v) => ({
    status: 201,
    body: JSON.stringify(v),
    contentType: "application/json",
    etag: null,
    location: null,
  }),
});
const mensaje = (event_id: string): Dedup => ({ kind: "message", consumer: "prueba", event_id });

/** Adds one, and says so. */
const sumar = (
  m: CounterModule,
  id: string,
  dedup: Dedup | null = null,
  vieja: number | null = null,
  accion?: string,
  data: unknown = {},
) =>
  m.uow.ejecutar({ ...context(dedup), ...(accion === undefined ? {} : { accion }) }, { id }, (c) =>
    ok({
      value: c.valor + 1,
      changes: {
        writes: { id, valor: c.valor + 1, anterior: vieja ?? c.version },
        messages: [{
          topic: "eventos.cliente" as const,
          type: "CuentaSumada.v1",
          aggregate_type: "Cuenta",
          aggregate_id: id,
          aggregate_version: c.version + 1,
          data,
        }],
        feed: [{ tipo: "cuenta", id, version: c.version + 1 }],
      },
    }));

/** Every unit of work passes this, on a module made of one table. */
export function unitOfWorkContract(adapter: string, open: () => Promise<CounterModule>): void {
  const caso = (nombre: string, prueba: (m: CounterModule) => Promise<void>) =>
    Deno.test(`unit of work in ${adapter}: ${nombre}`, async () => {
      await using m = await open();
      await prueba(m);
    });

  caso("state, messages and changes stand together", async (m) => {
    assert.deepEqual(await sumar(m, "a"), { ok: true, value: 1 });
    assert.deepEqual(await m.leer("a"), { valor: 1, version: 1 });
    assert.deepEqual(await m.emitidos(), { mensajes: 1, cambios: 1 });
  });

  caso(
    "a message that no bus carries is refused where it is written, and nothing of it stands",
    async (m) => {
      const fits = "ñ".repeat(MAX_MESSAGE / 2 - 1_000);
      await sumar(m, "a", null, null, undefined, fits);
      await assert.rejects(
        sumar(m, "a", null, null, undefined, `${fits}${"ñ".repeat(1_000)}`),
        MessageTooBig,
      );
      assert.deepEqual(await m.leer("a"), { valor: 1, version: 1 });
      assert.deepEqual(await m.emitidos(), { mensajes: 1, cambios: 1 });
    },
  );

  caso("a refusal writes nothing", async (m) => {
    const r = await m.uow.ejecutar(context(), { id: "a" }, () => ({ ok: false as const, error: "no" }));
    assert.deepEqual(r, { ok: false, error: "no" });
    assert.equal(await m.leer("a"), null);
    assert.deepEqual(await m.emitidos(), { mensajes: 0, cambios: 0 });
  });

  caso("what somebody asked for is in the audit log, what a message caused is not", async (m) => {
    await sumar(m, "a", null, null, "sumarCuenta");
    await m.recibir("prueba", "e-1");
    await sumar(m, "a", mensaje("e-1"));
    assert.deepEqual(await m.rastro(), ["anonimo sumarCuenta cuenta a"]);
  });

  caso("a change that says nothing of itself is in the audit log all the same", async (m) => {
    await m.uow.ejecutar({ ...context(), accion: "callar" }, { id: "a" }, () =>
      ok({
        value: null,
        changes: { writes: { id: "a", valor: 1, anterior: 0 }, messages: [], feed: [] },
      }));
    assert.deepEqual(await m.rastro(), ["anonimo callar - -"]);
  });

  caso("what did not happen is not in the audit log", async (m) => {
    const refusal = { ok: false as const, error: "no" };
    await m.uow.ejecutar({ ...context(), accion: "sumarCuenta" }, { id: "a" }, () => refusal);
    await assert.rejects(sumar(m, "a", null, 7, "sumarCuenta"), ConcurrencyError);
    await sumar(m, "a", clave("k"), null, "sumarCuenta");
    await assert.rejects(sumar(m, "a", clave("k"), null, "sumarCuenta"), AlreadyAnswered);
    assert.equal((await m.rastro()).length, 1);
  });

  caso("a fault writes nothing, and the next command goes well", async (m) => {
    await assert.rejects(
      m.uow.ejecutar(context(clave("k")), { id: "a" }, () => {
        throw new TypeError("a bug");
      }),
      TypeError,
    );
    assert.equal(await m.leer("a"), null);
    assert.deepEqual(await sumar(m, "a", clave("k")), { ok: true, value: 1 });
  });

  caso("a version that nobody holds any more is never overwritten", async (m) => {
    await sumar(m, "a");
    await sumar(m, "a");
    await assert.rejects(sumar(m, "a", null, 1), ConcurrencyError);
    assert.deepEqual(await m.leer("a"), { valor: 2, version: 2 });
    assert.deepEqual(await m.emitidos(), { mensajes: 2, cambios: 2 });
  });

  caso("commands on one aggregate follow each other, none is lost", async (m) => {
    const todas = await Promise.all(Array.from({ length: 40 }, () => sumar(m, "a")));
    const valores = todas.map((r) => r.ok ? r.value : -1).sort((a, b) => a - b);
    assert.deepEqual(valores, Array.from({ length: 40 }, (_, i) => i + 1));
    assert.deepEqual(await m.leer("a"), { valor: 40, version: 40 });
  });

  caso("a key has one effect and the same answer for ever", async (m) => {
    await sumar(m, "a", clave("k"));
    const otra = await sumar(m, "a", clave("k")).catch((e: unknown) => e);
    assert.ok(otra instanceof AlreadyAnswered);
    assert.deepEqual([otra.answer.status, otra.answer.body], [201, "1"]);
    await assert.rejects(sumar(m, "a", clave("k", "otra huella")), KeyReused);
    assert.deepEqual(await sumar(m, "a", clave("k", "h", "beto")), { ok: true, value: 2 });
  });

  caso("of many requests with one key at once, one has an effect", async (m) => {
    const todas = await Promise.allSettled(Array.from({ length: 30 }, () => sumar(m, "a", clave("k"))));
    const rechazadas = todas.flatMap((r) => r.status === "rejected" ? [r.reason] : []);
    assert.equal(todas.length - rechazadas.length, 1);
    for (const e of rechazadas) {
      assert.ok(e instanceof StillRunning || e instanceof AlreadyAnswered, String(e));
    }
    assert.deepEqual(await m.leer("a"), { valor: 1, version: 1 });
  });

  caso("a message has one effect, however often it comes", async (m) => {
    await m.recibir("prueba", "e-1");
    await sumar(m, "a", mensaje("e-1"));
    await m.recibir("prueba", "e-1");
    await assert.rejects(sumar(m, "a", mensaje("e-1")), AlreadyHandled);
    assert.deepEqual(await m.leer("a"), { valor: 1, version: 1 });
  });

  caso("a refused message is handled all the same", async (m) => {
    await m.recibir("prueba", "e-1");
    await m.uow.ejecutar(context(mensaje("e-1")), { id: "a" }, () => ({ ok: false as const, error: "no" }));
    await assert.rejects(sumar(m, "a", mensaje("e-1")), AlreadyHandled);
  });

  caso("a message whose handling failed is handled by the next attempt", async (m) => {
    await m.recibir("prueba", "e-1");
    await assert.rejects(
      m.uow.ejecutar(context(mensaje("e-1")), { id: "a" }, () => {
        throw new TypeError("a bug");
      }),
    );
    assert.deepEqual(await sumar(m, "a", mensaje("e-1")), { ok: true, value: 1 });
  });
}
