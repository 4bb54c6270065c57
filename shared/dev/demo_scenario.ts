import type { Answer, Api } from "./demo_api.ts";

/** Where a scenario runs. Whoever uses the same prefix again repeats what stands, and the platform must bear it. */
export interface World {
  readonly api: Api;
  /** Begins every id and key that the scenarios make up. */
  readonly prefix: string;
  /** How long an outcome may take to come, in milliseconds. */
  readonly patience: number;
  /** Nobody kills the platform meanwhile, so that also the way to an outcome is the usual one. */
  readonly calm: boolean;
}

/** What happened, for a person: the ids to look it up by, the money, the end state. */
export interface Report {
  readonly ids: string;
  readonly amount: string;
  readonly outcome: string;
}

/** One story of an API consumer. It throws `Unexpected` at the first outcome that is not the contract's. */
export interface Scenario {
  readonly name: string;
  run(world: World): Promise<Report>;
}

/** Sends a write under a key of its own, so that sending it again is harmless whatever became of the first time. */
export const once = (
  { api, prefix }: World,
  key: string,
  path: string,
  body: unknown,
): Promise<Answer> => api.send("POST", path, body, { "Idempotency-Key": `${prefix}-${key}` });
