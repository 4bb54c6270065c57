import { createHash } from "node:crypto";
import type { Context } from "hono";
import { actorName } from "@alpes/shared/seedwork/actor.ts";
import { canonicalJson } from "@alpes/shared/seedwork/json.ts";
import {
  AlreadyAnswered,
  KeyReused,
  type RequestContext,
  StillRunning,
  type StoredAnswer,
} from "@alpes/shared/seedwork/unit_of_work.ts";
import type { Env, IdempotencyKey } from "./env.ts";
import { both } from "./locale.ts";
import { operationOf } from "./operation.ts";
import { invalidField, Problem } from "./problem.ts";

/**
 * SHA-256 of the parts, each ended by a line feed; hex. On this thread: the way to another and back took a seventh of what
 * a registration costs.
 */
export function sha256(...parts: readonly (string | Uint8Array)[]): Promise<string> {
  const hash = createHash("sha256");
  for (const p of parts) hash.update(p).update("\n");
  return Promise.resolve(hash.digest("hex"));
}

/** Tells this body from another: the same JSON, however it is written, has the same fingerprint. */
export const bodyFingerprint = (c: Context<Env>): Promise<string> => {
  const json = c.get("json");
  return sha256(json !== null && "value" in json ? canonicalJson(json.value) : "{}");
};

/** Method and path, which a key belongs to. */
export const routeOf = (c: Context<Env>): string => `${c.req.method} ${c.req.path}`;

/**
 * The request's `Idempotency-Key` with its fingerprint, `null` without one and for nobody in particular, of whom nothing
 * is kept; a malformed key is a 400.
 */
export async function readKey(c: Context<Env>, body: Uint8Array): Promise<IdempotencyKey | null> {
  const key = c.req.header("idempotency-key");
  if (key === undefined) return null;
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw invalidField(
      "Idempotency-Key",
      both("debe tener de 1 a 255 caracteres ASCII visibles", "must be 1 to 255 visible ASCII characters"),
    );
  }
  const json = c.get("json"), actor = c.get("actor");
  if (actor.tipo === "anonimo") return null;
  const route = routeOf(c);
  const query = new URL(c.req.url).searchParams;
  query.sort();
  // No body and `{}` say the same.
  const content = json !== null && "value" in json
    ? canonicalJson(json.value)
    : body.byteLength === 0
    ? "{}"
    : body;
  return {
    caller: actorName(actor),
    route,
    key,
    fingerprint: await sha256(route, query.toString(), content),
  };
}

/**
 * The context of a write for its use case. `present` must be pure: the unit of work stores what it renders. Without
 * it (or without a key) nothing deduplicates.
 */
export function requestContext<T>(c: Context<Env>, present?: (value: T) => StoredAnswer): RequestContext {
  const requestId = c.get("requestId"), key = c.get("key");
  return {
    actor: c.get("actor"),
    correlation_id: requestId,
    causation_id: requestId,
    traceparent: c.get("traceparent"),
    accion: operationOf(c),
    dedup: key === null || present === undefined
      ? null
      : { kind: "key", ...key, answer: (value) => present(value as T) },
  };
}

/** A stored answer as it goes over the wire, now or again. */
export function answerResponse(a: StoredAnswer, replayed: boolean): Response {
  const headers: Record<string, string> = {};
  if (a.status !== 204) headers["Content-Type"] = a.contentType;
  if (a.etag !== null) headers["ETag"] = a.etag;
  if (a.location !== null) headers["Location"] = a.location;
  if (replayed) headers["Idempotency-Replayed"] = "true";
  return new Response(a.status === 204 ? null : a.body, { status: a.status, headers });
}

/**
 * Keeps a keyed request's definite refusal, or answers what was kept before. A success is kept by the unit of work,
 * in the transaction of its effect.
 */
export async function keepRefusal(c: Context<Env>): Promise<void> {
  const key = c.get("key"), answers = c.get("answers");
  const { status } = c.res;
  if (key === null || answers === null || status < 400 || status >= 500) return;
  if (status === 401 || status === 403 || status === 429) return;
  if (c.error instanceof AlreadyAnswered || c.error instanceof StillRunning || c.error instanceof KeyReused) {
    return;
  }
  const { headers } = c.res;
  const answer: StoredAnswer = {
    status,
    body: await c.res.clone().text(),
    contentType: headers.get("content-type") ?? "application/problem+json",
    etag: headers.get("etag"),
    location: headers.get("location"),
  };
  const kept = await answers.keepOrRead(key.caller, key.route, key.key, key.fingerprint, answer);
  if (kept !== "other_body") c.get("visit")?.answered(kept === "kept" ? answer : kept);
  if (kept === "kept") return;
  c.res = undefined;
  if (kept === "other_body") throw new Problem("clave_reutilizada");
  c.res = answerResponse(kept, true);
}
