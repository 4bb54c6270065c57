import {
  type Context,
  context,
  isSpanContextValid,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
} from "@opentelemetry/api";
import { randomHex } from "./trace.ts";

/** W3C trace context, version 00: ids in lower-case hex. */
export interface Traceparent {
  readonly traceId: string;
  readonly spanId: string;
  readonly sampled: boolean;
}

const FORM = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** `null` where it is not a valid one, in which case the standard wants a new trace. */
export function parseTraceparent(text: string | null | undefined): Traceparent | null {
  const m = FORM.exec(text ?? "");
  if (!m) return null;
  const [, version, traceId = "", spanId = "", flags = "", rest] = m;
  if (version === "ff" || (version === "00" && rest !== undefined)) return null;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return null;
  return { traceId, spanId, sampled: (parseInt(flags, 16) & 1) === 1 };
}

export const formatTraceparent = (t: Traceparent): string =>
  `00-${t.traceId}-${t.spanId}-${t.sampled ? "01" : "00"}`;

/** The next span of the caller's trace, or the first of a new one. */
export function childTraceparent(parent: string | null | undefined): string {
  const p = parseTraceparent(parent);
  return formatTraceparent({
    traceId: p?.traceId ?? randomHex(16),
    spanId: randomHex(8),
    sampled: p?.sampled ?? true,
  });
}

/**
 * The `traceparent` that work started now should carry on: of the span that runs (with OTEL_DENO=true), else a child of
 * `incoming`, so that a trace stays one also where nothing records it.
 */
export function currentTraceparent(incoming?: string | null): string {
  const span = trace.getActiveSpan()?.spanContext();
  if (!span || !isSpanContextValid(span)) return childTraceparent(incoming);
  const { traceId, spanId, traceFlags } = span;
  return formatTraceparent({ traceId, spanId, sampled: (traceFlags & TraceFlags.SAMPLED) !== 0 });
}

/** What a span is to the message it is about: it sends it, handles it, or is work of our own. */
export type SpanRole = "producer" | "consumer" | "internal";
const KINDS: Record<SpanRole, SpanKind> = {
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
};

/**
 * Runs `fn` in a span: a child of `traceparent`, or of the running span where that is null. `fn` gets the traceparent
 * to hand on. Without OTEL_DENO=true nothing is recorded, and the ids still join.
 */
export async function span<T>(
  name: string,
  traceparent: string | null | undefined,
  fn: (traceparent: string) => Promise<T>,
  { role = "internal", attributes = {} }: {
    readonly role?: SpanRole;
    readonly attributes?: Readonly<Record<string, string | number>>;
  } = {},
): Promise<T> {
  const parent = parentContext(traceparent);
  return await trace.getTracer("alpes").startActiveSpan(
    name,
    { kind: KINDS[role], attributes: { ...attributes } },
    parent,
    async (s) => {
      try {
        return await fn(currentTraceparent(traceparent));
      } catch (e) {
        // The kind of fault only: its message may carry what a person typed.
        s.setStatus({ code: SpanStatusCode.ERROR, message: e instanceof Error ? e.name : "fault" });
        throw e;
      } finally {
        s.end();
      }
    },
  );
}

function parentContext(traceparent: string | null | undefined): Context {
  const p = parseTraceparent(traceparent);
  if (!p) return context.active();
  return trace.setSpanContext(context.active(), {
    traceId: p.traceId,
    spanId: p.spanId,
    traceFlags: p.sampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
    isRemote: true,
  });
}
