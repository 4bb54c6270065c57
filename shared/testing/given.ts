import assert from "node:assert/strict";
import type { Decider } from "@alpes/shared/seedwork/decider.ts";

/**
 * The test of a decider, read aloud: given past events, when a command comes, then these events follow, or it is
 * refused, or the state becomes this.
 *
 *     const { given } = spec(Campania);
 *     given(creada).when(aprobar).then(aprobada);
 */
export const spec = <S, C, E, X>({ inicial, decide, evolve }: Decider<S, C, E, X>) => ({
  given: (...past: readonly E[]) => {
    const before = past.reduce(evolve, inicial);
    return {
      /** The state that the past events make. */
      is: (estado: S) => assert.deepEqual(before, estado),
      when: (comando: C) => {
        const result = decide(comando, before);
        return {
          /** Exactly these events; none: the command changes nothing. */
          then: (...events: readonly E[]) => assert.deepEqual(result, { ok: true, value: events }),
          refuses: (error: X) => assert.deepEqual(result, { ok: false, error }),
          becomes: (estado: S) => {
            if (!result.ok) assert.fail(`refused: ${JSON.stringify(result.error)}`);
            assert.deepEqual(result.value.reduce(evolve, before), estado);
          },
        };
      },
    };
  },
});
