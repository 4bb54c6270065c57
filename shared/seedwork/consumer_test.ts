import assert from "node:assert/strict";
import { memoryBus } from "@alpes/shared/adapters/memory/bus.ts";
import { memoryInbox } from "@alpes/shared/adapters/memory/inbox.ts";
import { message } from "@alpes/shared/testing/bus_contract.ts";
import { eventually } from "@alpes/shared/testing/eventually.ts";
import { consume, type Consumption, errorText, type FailedAttempt } from "./consumer.ts";
import { parkedId } from "./message_desk.ts";
import type { Message } from "./messages.ts";
import { AlreadyHandled, type RequestContext, Unavailable } from "./unit_of_work.ts";

const topic = "eventos.pagos";
const consumer = "campanias.pagos";

/** A consumer over memory; `handle` as the test says. */
async function consuming(handle: Consumption["handle"], more: Partial<Consumption> = {}) {
  await using parts = new AsyncDisposableStack();
  const bus = parts.use(memoryBus());
  const inbox = memoryInbox();
  const failures: FailedAttempt[] = [];
  const dead: Message[] = [];
  parts.use(await bus.subscribe(`${topic}-dlq`, "prueba", (m) => (dead.push(m), Promise.resolve())));
  parts.use(
    await consume({
      bus,
      inbox,
      topic,
      consumer,
      modulo: "campanias",
      handle,
      backoff: () => 1,
      onFailure: (f) => failures.push(f),
      ...more,
    }),
  );
  const ends = parts.move();
  const state = (m: Message) => inbox.state(consumer, m.event_id)?.estado;
  return { bus, inbox, failures, dead, state, [Symbol.asyncDispose]: () => ends.disposeAsync() };
}

Deno.test("a handler gets the message and the context that deduplicates its effect", async () => {
  const got: [Message, RequestContext][] = [];
  await using c = await consuming((m, context) => (got.push([m, context]), Promise.resolve()));
  const m = message("k", 1);
  await c.bus.publish(topic, [m]);
  await eventually(() => c.state(m) === "HECHO");
  // The unit of work's way back to the consumer is no part of what is deduplicated.
  const plain = got.map(([message, { dedup, ...rest }]) => {
    const { onHandled: _, ...named } = { onHandled: undefined, ...dedup };
    return [message, { ...rest, dedup: named }];
  });
  assert.deepEqual(plain, [[m, {
    actor: { tipo: "servicio", id: "campanias" },
    correlation_id: "solicitud-1",
    causation_id: "k-1",
    traceparent: m.traceparent ?? null,
    dedup: { kind: "message", consumer, event_id: "k-1" },
  }]]);
});

Deno.test("what a unit of work has marked with its effect is not marked once more", async () => {
  const inbox = memoryInbox();
  const marked: string[] = [];
  const counting = { ...inbox, done: (c: string, id: string) => (marked.push(id), inbox.done(c, id)) };
  let seen = 0;
  await using c = await consuming((m, { dedup }) => {
    seen++;
    if (m.event_id === "k-1" && dedup?.kind === "message") dedup.onHandled?.();
    return Promise.resolve();
  }, { inbox: counting });
  await c.bus.publish(topic, [message("k", 1), message("k", 2)]);
  await eventually(() => inbox.state(consumer, "k-2")?.estado === "HECHO");
  assert.deepEqual([seen, marked], [2, ["k-2"]]);
});

Deno.test("a message that comes twice is handled once", async () => {
  let handled = 0;
  await using c = await consuming(() => (handled++, Promise.resolve()));
  await c.bus.publish(topic, [message("k", 1), message("k", 1), message("k", 2)]);
  await eventually(() => c.state(message("k", 2)) === "HECHO");
  assert.equal(handled, 2);
});

Deno.test("an effect that stands already is no failure", async () => {
  await using c = await consuming(() => Promise.reject(new AlreadyHandled("before")));
  await c.bus.publish(topic, [message("k", 1), message("k", 2)]);
  await eventually(() => c.inbox.state(consumer, "k-2") !== null);
  assert.deepEqual(c.failures, []);
});

Deno.test("a poisoned message is parked after five attempts with its later ones, and other keys flow", async () => {
  const seen: string[] = [];
  await using c = await consuming((m) => {
    seen.push(m.event_id);
    if (m.event_id === "mala-1") return Promise.reject(new TypeError("no se puede leer\n  at secreto.ts:1"));
    return Promise.resolve();
  });
  await c.bus.publish(topic, [message("mala", 1), message("mala", 2), message("buena", 1)]);
  await eventually(() => c.state(message("mala", 2)) === "LISTO" && c.state(message("buena", 1)) === "HECHO");
  assert.equal(seen.filter((e) => e === "mala-1").length, 5);
  assert.ok(!seen.includes("mala-2"));
  const [parked, ...rest] = (await c.inbox.list(null, 10)).data;
  assert.deepEqual(rest, []);
  assert.deepEqual([parked?.error, parked?.intentos, parked?.detras], ["TypeError: no se puede leer", 5, 1]);
  await eventually(() => c.dead.length === 1);
  assert.deepEqual(c.dead, [message("mala", 1)]);
  assert.deepEqual(c.failures.map((f) => f.parked), [false, false, false, false, true]);
});

Deno.test("released, a parked message is handled and then those behind it, in order", async () => {
  const effects: string[] = [];
  let broken = true;
  await using c = await consuming((m) => {
    if (broken && m.event_id === "k-1") return Promise.reject(new Error("no"));
    effects.push(m.event_id);
    return Promise.resolve();
  });
  await c.bus.publish(topic, [1, 2, 3].map((n) => message("k", n)));
  await eventually(() => c.state(message("k", 3)) === "LISTO");
  broken = false;
  await c.inbox.reintentar({ id: parkedId(consumer, "k-1"), actor: { tipo: "anonimo" }, motivo: null });
  await eventually(() => c.state(message("k", 3)) === "HECHO");
  await c.bus.publish(topic, [message("k", 4)]);
  await eventually(() => effects.length === 4);
  assert.deepEqual(effects, ["k-1", "k-2", "k-3", "k-4"]);
});

Deno.test("a message whose handling ended the process is parked without another try", async () => {
  let handled = 0;
  await using c = await consuming(() => (handled++, Promise.resolve()));
  const m = message("k", 1);
  // What five processes that died in the handler leave behind.
  for (let i = 0; i < 5; i++) await c.inbox.arrive({ consumer, topic, message: m });
  await c.bus.publish(topic, [m]);
  await eventually(() => c.state(m) === "APARCADO");
  assert.equal(handled, 0);
  assert.match((await c.inbox.list(null, 1)).data[0]?.error ?? "", /proceso terminó/);
});

Deno.test("a database that is away parks nothing", async () => {
  let tries = 0;
  await using c = await consuming(() =>
    ++tries <= 20 ? Promise.reject(new Unavailable("no room")) : Promise.resolve()
  );
  const m = message("k", 1);
  await c.bus.publish(topic, [m]);
  await eventually(() => c.state(m) === "HECHO");
  assert.equal(tries, 21);
});

Deno.test("what cannot be understood is parked at once under its text, and blocks nobody", async () => {
  const seen: string[] = [];
  await using c = await consuming((m) => (seen.push(m.type), Promise.resolve()));
  await c.bus.publish(topic, [{ hola: 1 } as unknown as Message, message("k", 1)]);
  await eventually(() => seen.length === 1);
  await eventually(async () => (await c.inbox.list(null, 10)).data.length === 1);
  const [parked] = (await c.inbox.list(null, 10)).data;
  assert.deepEqual(parked?.mensaje.data, { original: '{"hola":1}' });
  assert.match(parked?.error ?? "", /no se entiende: falta/);
  assert.ok(parked);
  await c.inbox.reintentar({ id: parked.id, actor: { tipo: "anonimo" }, motivo: null });
  await eventually(async () => (await c.inbox.list(null, 10)).data.length === 1);
  assert.deepEqual(seen, ["AlgoPaso.v1"]);
});

Deno.test("older spellings reach the handler as our own", async () => {
  const seen: Message[] = [];
  await using c = await consuming((m) => (seen.push(m), Promise.resolve()));
  const old = { type: "PagoConfirmado", data: { eventId: "viejo-1", idCampania: "camp-1" } };
  await c.bus.publish(topic, [old as unknown as Message]);
  await eventually(() => seen.length === 1);
  assert.deepEqual([seen[0]?.type, seen[0]?.event_id, seen[0]?.aggregate_id], [
    "PagoConfirmado.v1",
    "viejo-1",
    "camp-1",
  ]);
});

Deno.test("a consumer's name belongs to its module", async () => {
  for (const name of ["pagos", "campaniasx", "campanias~x", "campanias.a~b"]) {
    await assert.rejects(consuming(() => Promise.resolve(), { consumer: name }));
  }
});

Deno.test("an error is shown without stack, credentials or card numbers", () => {
  assert.equal(errorText(new RangeError("a\n at x.ts:1")), "RangeError: a");
  assert.equal(
    errorText(new Error("connect postgres://ana:s3creta@db:5432/x password=abc 4111 1111 1111 1111")),
    "Error: connect postgres://…@db:5432/x password=… …",
  );
  assert.equal(errorText("x".repeat(900)).length, 500);
});
