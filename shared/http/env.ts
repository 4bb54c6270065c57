import type { Actor } from "@alpes/shared/seedwork/actor.ts";
import type { IdempotentAnswers } from "@alpes/shared/seedwork/answers.ts";
import type { Json } from "@alpes/shared/seedwork/json.ts";
import type { KeyVisit } from "./key_desk.ts";
import type { Limits } from "./limits.ts";
import type { Locale } from "./locale.ts";
import type { Problem } from "./problem.ts";

/** A write that may be repeated: who sent it, with which key, and what tells it from another. */
export interface IdempotencyKey {
  readonly caller: string;
  /** Method and path. */
  readonly route: string;
  readonly key: string;
  /** SHA-256 (hex) of method, path, query and canonical body. */
  readonly fingerprint: string;
}

/** What every handler finds in `c.var`. */
export interface Env {
  Variables: {
    /** The `X-Request-Id` taken or made. */
    requestId: string;
    /** W3C, of our own span within the caller's trace. */
    traceparent: string;
    locale: Locale;
    actor: Actor;
    /** Who it is by now, for what waited long: rejects as the request would, came it now. */
    actorNow: () => Actor | Promise<Actor>;
    /** What goes onward to the services as `Authorization`, where it did not come as that (the BFF's cookie). */
    authorization: string | null;
    /** A 404 that hides what this caller may not see: to be set where it is refused, so that the audit log has it. */
    hidden: boolean;
    /** What every page of this process must say; may be `both(es, en)`. */
    notice: string | null;
    /** The JSON body of a write, or why it is none; `null` when it is empty or of another type. */
    json: { readonly value: Json } | { readonly fault: Problem } | null;
    /** Bytes of the body of a write. */
    bodySize: number;
    /** `null` when no `Idempotency-Key` came. */
    key: IdempotencyKey | null;
    /** To be told what was stored under `key`. */
    visit: KeyVisit | null;
    answers: IdempotentAnswers | null;
    limits: Limits;
    /** How long 8 MiB of a body may take to arrive. */
    bodyTimeoutMs: number;
  };
}
