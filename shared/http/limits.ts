import type { RouteConfig } from "@hono/zod-openapi";
import type { Context, MiddlewareHandler } from "hono";
import type { Admission, Lane } from "./admission.ts";
import { type Bodies, bodies } from "./bodies.ts";
import type { Env } from "./env.ts";
import { type KeyDesk, keyDesk } from "./key_desk.ts";
import { Problem } from "./problem.ts";

/** What a request is for, as far as its route tells: to change something, to read one thing, or to read many. */
export type Work = "write" | "one" | "list";

/** The lane in which a request waits; `null`: it never waits (probes, figures, documents, long polls, operators). */
export type LaneOf = (path: string, work: Work) => Lane | null;

export interface AdmissionOptions {
  readonly gate: Admission;
  readonly lane: LaneOf;
}

/** What one process holds back, and what it holds. */
export interface Limits {
  readonly admission: AdmissionOptions | null;
  /** Bodies of routes that take up to 1 MiB, and of those that take more (imports). */
  readonly small: Bodies;
  readonly large: Bodies;
  /** `null` where another process knows the keys' answers. */
  readonly keys: KeyDesk | null;
}

const MIB = 1024 * 1024;

export const createLimits = (admission: AdmissionOptions | null, keys: boolean): Limits => ({
  admission,
  small: bodies({ arriving: 2_000, bytes: 32 * MIB }),
  large: bodies({ arriving: 20, bytes: 160 * MIB }),
  keys: keys ? keyDesk() : null,
});

/** By method and pattern: what names something by its id is one thing. */
export const workOf = ({ method, path }: Pick<RouteConfig, "method" | "path">): Work =>
  !["get", "head"].includes(method) ? "write" : path.includes("{") ? "one" : "list";

/**
 * Whether a write would be turned away by now: asked before the request is looked at any further. What writes is known by
 * its method alone; what reads waits for its route.
 */
export const tooMany = ({ gate, lane }: AdmissionOptions) => ({ method, url }: Request): boolean => {
  if (method === "GET" || method === "HEAD") return false;
  const path = /^\w+:\/\/[^/]*([^?#]*)/.exec(url)?.[1] ?? "";
  const where = lane(path, "write");
  return where !== null && gate.turnsAway(where);
};

/** Throws the 503 that `admitted` would answer by now: before the body is read. */
export function refuseEarly(c: Context<Env>, work: Work): void {
  const { admission } = c.get("limits");
  const lane = admission?.lane(c.req.path, work) ?? null;
  if (lane !== null) admission?.gate.check(lane);
}

/** What stands behind this one waits for its turn, and is not begun when its caller has left meanwhile. */
export const admitted = (work: Work): MiddlewareHandler<Env> => (c, next) => inTurn(c, work, next);

/** The same around any work. */
export async function inTurn<T>(c: Context<Env>, work: Work, run: () => Promise<T>): Promise<T> {
  const { admission } = c.get("limits");
  const lane = admission?.lane(c.req.path, work) ?? null;
  if (admission === null || lane === null) return await run();
  const { leave, waited } = await admission.gate.enter(lane);
  try {
    if (waited && c.req.raw.signal.aborted) throw new Problem("cuerpo_incompleto");
    return await run();
  } finally {
    leave();
  }
}
