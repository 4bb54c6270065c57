import { ID_PATTERN } from "./ids.ts";
import type { Message } from "./messages.ts";
import { err, ok, type Result } from "./result.ts";

type Fields = Readonly<Record<string, unknown>>;
const isFields = (v: unknown): v is Fields => typeof v === "object" && v !== null && !Array.isArray(v);
const text = (v: unknown): string | undefined => typeof v === "string" && v !== "" ? v : undefined;
const asId = (v: unknown): string | undefined => typeof v === "string" && ID_PATTERN.test(v) ? v : undefined;
/** Leaves room for the consumer's name in a parked message's id. */
const asEventId = (v: unknown): string | undefined =>
  typeof v === "string" && v.length <= 200 ? asId(v) : undefined;

/**
 * Makes one of our envelopes of what came over the wire (contract §6): also understands `eventId`, `aggregateId`,
 * `data.eventId`, `data.idCampania`, and an event's type without its `.v1`. Only the three things that nothing can
 * stand in for are demanded: a type, an event id and a key. `arrived` stands in for a missing time.
 */
export function readEnvelope(raw: unknown, topic: string, arrived: Date): Result<Message, string> {
  if (typeof raw === "string") return err("no es JSON");
  if (!isFields(raw)) return err("no es un objeto JSON");
  const data = raw.data === undefined || raw.data === null ? {} : raw.data;
  const inner: Fields = isFields(data) ? data : {};
  const type = text(raw.type);
  const event_id = asEventId(raw.event_id) ?? asEventId(raw.eventId) ?? asEventId(inner.eventId);
  const aggregate_id = asId(raw.aggregate_id) ?? asId(raw.aggregateId) ?? asId(inner.idCampania);
  const missing = [
    type === undefined && "type",
    event_id === undefined && "event_id",
    aggregate_id === undefined && "aggregate_id",
  ].filter((m) => m !== false);
  if (type === undefined || event_id === undefined || aggregate_id === undefined) {
    return err(`falta o no es válido: ${missing.join(", ")}`);
  }
  const traceparent = text(raw.traceparent);
  return ok({
    event_id,
    type: ownType(type, topic),
    schemaVersion: "v1",
    aggregate_type: text(raw.aggregate_type) ?? "",
    aggregate_id,
    aggregate_version: Number.isSafeInteger(raw.aggregate_version) ? Number(raw.aggregate_version) : 0,
    occurred_on: text(raw.occurred_on) ?? arrived.toISOString(),
    correlation_id: text(raw.correlation_id) ?? event_id,
    causation_id: text(raw.causation_id) ?? event_id,
    ...(traceparent === undefined ? {} : { traceparent }),
    data,
  });
}

/** Events end in their version, commands are bare verbs. */
function ownType(type: string, topic: string): string {
  const bare = type.replace(/\.v1$/, "");
  if (topic.startsWith("comandos.")) return bare;
  return /\.v\d+$/.test(type) ? type : `${type}.v1`;
}

const UNREADABLE = "Ilegible.v1";

/**
 * The message under which something unreadable is kept for the operator: its id is made from the text, so that the
 * same text is kept once, and it is its own key, so that it blocks nobody.
 */
export function unreadable(raw: unknown, topic: string, arrived: Date): Message {
  const original = typeof raw === "string" ? raw : JSON.stringify(raw) ?? String(raw);
  const event_id = `ilegible-${fingerprint(`${topic}\n${original}`)}`;
  return {
    event_id,
    type: UNREADABLE,
    schemaVersion: "v1",
    aggregate_type: "",
    aggregate_id: event_id,
    aggregate_version: 0,
    occurred_on: arrived.toISOString(),
    correlation_id: event_id,
    causation_id: event_id,
    data: { original },
  };
}

/** The text that `unreadable` kept; null when the message is not of its making. */
export function originalOf(m: Message): string | null {
  return m.type === UNREADABLE && isFields(m.data) && typeof m.data.original === "string"
    ? m.data.original
    : null;
}

/** FNV-1a of 128 bits over the UTF-16 units, in hex. */
function fingerprint(s: string): string {
  let h = 0x6c62272e07bb014262b821756295c58dn;
  for (let i = 0; i < s.length; i++) {
    h = BigInt.asUintN(128, (h ^ BigInt(s.charCodeAt(i))) * 0x1000000000000000000013bn);
  }
  return h.toString(16).padStart(32, "0");
}
