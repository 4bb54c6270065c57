import type { Result } from "./result.ts";

/**
 * What an aggregate is, without where it is kept. `decide` refuses or says which events follow; `evolve` folds
 * one event into the state and has no `default`, so that a forgotten event does not compile.
 */
export interface Decider<S, C, E, X> {
  readonly inicial: S;
  decide(comando: C, estado: S): Result<readonly E[], X>;
  evolve(estado: S, evento: E): S;
}

/** State and the version it was read at (0: does not exist yet); the version is the optimistic lock. */
export interface Versioned<S> {
  readonly estado: S;
  readonly version: number;
}
