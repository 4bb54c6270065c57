import type { Context, TypedResponse } from "hono";
import type { JSONParsed } from "hono/utils/types";
import type { NoVisible } from "@alpes/shared/seedwork/policy.ts";
import type { Result } from "@alpes/shared/seedwork/result.ts";
import type { RequestContext, StoredAnswer } from "@alpes/shared/seedwork/unit_of_work.ts";
import { BASE, type Catalogue, type Fault, type FaultStatus } from "./catalogue.ts";
import type { Env } from "./env.ts";
import { answerResponse, requestContext } from "./idempotency.ts";
import { type ProblemDetails, type ProblemJson, problemParts } from "./problem.ts";

/** What a write answers when it went well. `body: null` goes with 204. */
export interface Answer {
  readonly status: 200 | 201 | 202 | 204;
  readonly body: object | null;
  readonly etag?: string | null;
  readonly location?: string | null;
}
type Typed<B, S> = S extends 204 ? Response & TypedResponse<Record<never, never>, 204, "body">
  : S extends 200 | 201 | 202 ? Response & TypedResponse<JSONParsed<B>, S, "json">
  : never;
/** The response type that zod-openapi checks against the route. */
export type AnswerReply<A> = A extends { status: infer S; body: infer B } ? Typed<B, S> : never;

type Codes<C extends Catalogue> = keyof typeof BASE | (keyof C & string);
type StatusOf<C extends Catalogue, K> = K extends keyof C ? C[K]["status"]
  : K extends keyof typeof BASE ? (typeof BASE)[K]["status"]
  : never;
type TypedProblem<S> = S extends FaultStatus ? Response & TypedResponse<ProblemJson, S, "json"> : never;
/** The response type of refusing with one of the codes `K`. */
export type ProblemReply<C extends Catalogue, K> = TypedProblem<StatusOf<C, K>>;

export interface Refusal<K extends string> extends ProblemDetails {
  readonly codigo: K;
}

export const storedAnswer = (a: Answer): StoredAnswer => ({
  status: a.status,
  body: a.body === null ? "" : JSON.stringify(a.body),
  contentType: "application/json",
  etag: a.etag ?? null,
  location: a.location ?? null,
});

/**
 * The answers of one module's handlers, over its own catalogue and the base one, typed so that `openapi()` still checks
 * them against the route: `const { refuse, write } = responder(FALLAS)`.
 */
export function responder<const C extends Catalogue>(catalogue: C) {
  const known: Catalogue = { ...BASE, ...catalogue };

  /** Answers a problem. */
  function refuse<const K extends Codes<C>>(
    c: Context<Env>,
    codigo: K,
    details: ProblemDetails = {},
  ): ProblemReply<C, K> {
    const f = known[codigo] as Fault;
    const { body, headers } = problemParts(c, codigo, f, details);
    return new Response(JSON.stringify(body), { status: f.status, headers }) as ProblemReply<C, K>;
  }

  /**
   * Runs a use case and answers it. What `ok` renders (it must be pure) is stored under the `Idempotency-Key` in the
   * transaction of the effect, and a repeat gets the same bytes.
   */
  async function write<T, X, const A extends Answer, const K extends Codes<C> = never>(c: Context<Env>, how: {
    readonly run: (context: RequestContext) => Promise<Result<T, X>>;
    readonly ok: (value: T) => A;
    readonly refused: (error: X) => Refusal<K>;
  }): Promise<AnswerReply<A> | ProblemReply<C, K>> {
    const present = (value: T) => storedAnswer(how.ok(value));
    const r = await how.run(requestContext(c, present));
    if (r.ok) {
      const answer = present(r.value);
      c.get("visit")?.answered(answer);
      return answerResponse(answer, false) as AnswerReply<A>;
    }
    if (hides(r.error)) c.set("hidden", true);
    const { codigo, ...details } = how.refused(r.error);
    return refuse(c, codigo, details);
  }

  /** Answers a read that showed nothing: 403, or the 404 that also hides. */
  function deny<const X extends NoVisible>(c: Context<Env>, x: X): ProblemReply<C, DeniedAs<X>> {
    if (hides(x)) c.set("hidden", true);
    const codigo = x.tipo === "prohibido" ? "prohibido" : "no_encontrado";
    return refuse(c, codigo as DeniedAs<X>);
  }

  return { refuse, write, deny };
}
type DeniedAs<X extends NoVisible> = X extends { tipo: "prohibido" } ? "prohibido" : "no_encontrado";

const hides = (x: unknown) => Reflect.get(Object(x), "tipo") === "oculto";
