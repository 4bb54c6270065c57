import assert from "node:assert/strict";
import { decodeMessage, encodeMessage } from "./message_json.ts";
import type { Message } from "./messages.ts";
import { originalOf, readEnvelope, unreadable } from "./read_envelope.ts";

const arrived = new Date("2026-01-31T12:00:00.000Z");
const full: Message = {
  event_id: "e-1",
  type: "PagoConfirmado.v1",
  schemaVersion: "v1",
  aggregate_type: "Payout",
  aggregate_id: "pago-1",
  aggregate_version: 4,
  occurred_on: "2026-01-30T00:00:00.000Z",
  correlation_id: "sol-1",
  causation_id: "e-0",
  traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  data: { idPago: "pago-1" },
};
const read = (raw: unknown, topic = "eventos.pagos") => readEnvelope(raw, topic, arrived);

Deno.test("an envelope of ours is read as it is", () => {
  assert.deepEqual(read(full), { ok: true, value: full });
});

Deno.test("the older spellings of the contract are understood", () => {
  const value = {
    event_id: "e-1",
    type: "PagoConfirmado.v1",
    schemaVersion: "v1",
    aggregate_type: "",
    aggregate_version: 0,
    occurred_on: arrived.toISOString(),
    correlation_id: "e-1",
    causation_id: "e-1",
  };
  assert.deepEqual(read({ type: "PagoConfirmado", eventId: "e-1", aggregateId: "pago-1", data: { a: 1 } }), {
    ok: true,
    value: { ...value, aggregate_id: "pago-1", data: { a: 1 } },
  });
  const data = { eventId: "e-1", idCampania: "camp-1" };
  assert.deepEqual(read({ type: "PagoConfirmado", data }), {
    ok: true,
    value: { ...value, aggregate_id: "camp-1", data },
  });
});

Deno.test("events end in their version and commands are bare verbs, however they were sent", () => {
  const type = (type: string, topic: string) => {
    const r = read({ ...full, type }, topic);
    return r.ok ? r.value.type : r.error;
  };
  assert.equal(type("PagoConfirmado", "eventos.pagos"), "PagoConfirmado.v1");
  assert.equal(type("PagoConfirmado.v2", "eventos.pagos"), "PagoConfirmado.v2");
  assert.equal(type("ProcesarPago.v1", "comandos.pagos"), "ProcesarPago");
  assert.equal(type("ProcesarPago", "comandos.pagos"), "ProcesarPago");
});

Deno.test("what cannot be understood says why", () => {
  assert.deepEqual(read("no json {"), { ok: false, error: "no es JSON" });
  assert.deepEqual(read([1]), { ok: false, error: "no es un objeto JSON" });
  assert.deepEqual(read({}), { ok: false, error: "falta o no es válido: type, event_id, aggregate_id" });
  assert.deepEqual(read({ ...full, event_id: "con espacio" }), {
    ok: false,
    error: "falta o no es válido: event_id",
  });
});

Deno.test("unreadable text is kept once, blocks nobody, and can be had again", () => {
  const a = unreadable("no json {", "eventos.pagos", arrived);
  assert.deepEqual(a, unreadable("no json {", "eventos.pagos", arrived));
  assert.notEqual(a.event_id, unreadable("no json [", "eventos.pagos", arrived).event_id);
  assert.equal(a.aggregate_id, a.event_id);
  assert.ok(read(a).ok);
  assert.equal(originalOf(a), "no json {");
  assert.equal(originalOf(unreadable({ x: 1 }, "eventos.pagos", arrived)), '{"x":1}');
  assert.equal(originalOf(full), null);
});

Deno.test("a message survives its text, and numbers that a double cannot hold leave as they came", () => {
  assert.deepEqual(decodeMessage(encodeMessage(full)), full);
  for (const n of ["12345678901234567890", "0.12345678901234567890", "1e400", "-9007199254740993"]) {
    assert.equal(JSON.stringify(decodeMessage(`{"n":${n}}`)), `{"n":${n}}`);
  }
  assert.deepEqual(decodeMessage('{"n":1.50}'), { n: 1.5 });
  assert.equal(decodeMessage("{no"), "{no");
  assert.equal(decodeMessage("1e5x"), "1e5x");
});
