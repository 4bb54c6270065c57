import assert from "node:assert/strict";
import type { IdempotentAnswers } from "@alpes/shared/seedwork/answers.ts";
import type { StoredAnswer } from "@alpes/shared/seedwork/unit_of_work.ts";

const answer = (body: string): StoredAnswer => ({
  status: 409,
  body,
  contentType: "application/problem+json",
  etag: null,
  location: null,
});

/** What every keeper of refusals promises; `open` gives an empty one. */
export function answersContract(
  adapter: string,
  open: () => Promise<IdempotentAnswers & AsyncDisposable>,
): void {
  Deno.test(`${adapter}: the first refusal is kept and given again, byte for byte`, async () => {
    await using answers = await open();
    const first = answer('{"detail":"ñ 😀 1e400"}');
    assert.equal(await answers.keepOrRead("ana", "POST /x", "k", "f", first), "kept");
    assert.deepEqual(await answers.keepOrRead("ana", "POST /x", "k", "f", answer("another")), first);
  });

  Deno.test(`${adapter}: the same key with another request is told apart`, async () => {
    await using answers = await open();
    await answers.keepOrRead("ana", "POST /x", "k", "f", answer("1"));
    assert.equal(await answers.keepOrRead("ana", "POST /x", "k", "g", answer("2")), "other_body");
  });

  Deno.test(`${adapter}: caller, route and key each make it another`, async () => {
    await using answers = await open();
    const names = [["ana", "POST /x", "k"], ["eva", "POST /x", "k"], ["ana", "POST /y", "k"], [
      "ana",
      "POST /x",
      "K",
    ]] as const;
    for (const [caller, route, key] of names) {
      assert.equal(await answers.keepOrRead(caller, route, key, "f", answer(caller + route + key)), "kept");
    }
    for (const [caller, route, key] of names) {
      const again = await answers.keepOrRead(caller, route, key, "f", answer("again"));
      assert.deepEqual(again, answer(caller + route + key));
    }
  });

  Deno.test(`${adapter}: of many that refuse at once one is kept, and all answer that one`, async () => {
    await using answers = await open();
    const told = await Promise.all(
      Array.from({ length: 20 }, async (_, i) => {
        const kept = await answers.keepOrRead("ana", "POST /x", "k", "f", answer(String(i)));
        return kept === "kept" ? answer(String(i)) : kept;
      }),
    );
    assert.equal(new Set(told.map((a) => JSON.stringify(a))).size, 1);
  });
}
