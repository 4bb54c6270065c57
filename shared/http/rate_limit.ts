import type { MiddlewareHandler } from "hono";
import { LRUCache } from "lru-cache";
import { actorName } from "@alpes/shared/seedwork/actor.ts";
import type { Env } from "./env.ts";
import { Problem } from "./problem.ts";
import { answerHeaders } from "./security_headers.ts";

export interface RateLimit {
  /** Requests that one caller may make at once after a rest, and in every `seconds`. */
  readonly requests: number;
  readonly seconds: number;
}

/** Callers that are remembered; the one that was idle longest is forgotten, and starts with a full allowance. */
const CALLERS = 10_000;

/**
 * Allows each caller its share, evenly refilled, and says in `RateLimit` and `RateLimit-Policy` what is left of it
 * (draft-ietf-httpapi-ratelimit-headers); beyond it a 429 with `Retry-After`. Runs where the actor is known.
 *
 * Not `hono-rate-limiter`: it sets its headers before the answer exists, and ours are `Response`s that take none over;
 * its store has no bound, and its window lets twice the limit through at its edge.
 */
export function rateLimited(
  { requests, seconds }: RateLimit,
  counts: (path: string) => boolean = () => true,
  now: () => number = () => performance.now(),
): MiddlewareHandler<Env> {
  const perMs = requests / (seconds * 1_000);
  const left = new LRUCache<string, { tokens: number; at: number }>({ max: CALLERS });
  const policy = `"llamador";q=${requests};w=${seconds}`;

  return async (c, next) => {
    if (!counts(c.req.path)) return await next();
    const who = actorName(c.get("actor"));
    const at = now();
    let bucket = left.get(who);
    if (bucket === undefined) left.set(who, bucket = { tokens: requests, at });
    bucket.tokens = Math.min(requests, bucket.tokens + (at - bucket.at) * perMs);
    bucket.at = at;
    const allowed = bucket.tokens >= 1;
    if (allowed) bucket.tokens--;
    const { tokens } = bucket;
    const headers = {
      "RateLimit-Policy": policy,
      "RateLimit": `"llamador";r=${Math.floor(tokens)};t=${Math.ceil((requests - tokens) / perMs / 1_000)}`,
    };
    if (!allowed) {
      const wait = Math.ceil((1 - tokens) / perMs / 1_000);
      throw new Problem("demasiadas", { headers: { ...headers, "Retry-After": String(Math.max(1, wait)) } });
    }
    await next();
    const answer = answerHeaders(c);
    for (const [name, value] of Object.entries(headers)) answer.set(name, value);
  };
}
