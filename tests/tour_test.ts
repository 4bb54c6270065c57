import assert from "node:assert/strict";
import { startStack } from "@alpes/shared/testing/stack.ts";
import { acceptance } from "./acceptance.ts";
import { fits, steps, tourOf } from "./tour.ts";

Deno.test("a tour is read as its shell blocks with the answers that are shown", () => {
  const text = "x <!-- tour -->\n```sh\na\n```\nAnswers:\n```json\n{}\n```\n```sh\nb\n```\n<!-- /tour --> y";
  assert.deepEqual(steps(tourOf(text)), [{ script: "a\n", answer: "{}\n" }, { script: "b\n", answer: null }]);
  assert.throws(() => tourOf("no tour here"), /tour/);
});

Deno.test("an answer fits whatever its white space, and only where nothing else differs", () => {
  assert.ok(fits('{ "a": 1, "b": "…" }', '{"a":1,"b":"x"}'));
  assert.ok(fits('{"a": 1, …}', '{"a":1,"b":{"c":2}}'));
  assert.ok(!fits('{"a": 1, …}', '{"a":2,"b":2}'));
  assert.ok(!fits('{"a": 1}', '{"a":1,"b":2}'));
});

acceptance("the five-minute tour of the README works, and answers what the README shows", async () => {
  const tour = steps(tourOf(await Deno.readTextFile(new URL("../README.md", import.meta.url))));
  assert.ok(tour.length >= 6, `the tour has ${tour.length} steps`);
  await using stack = await startStack();
  // One shell for all of it, as a reader has; marks tell the answers apart.
  const mark = crypto.randomUUID();
  const script = tour.map((s) => `${s.script}\nprintf '\\n%s\\n' ${mark}`).join("\n");
  const { code, stdout, stderr } = await new Deno.Command("bash", {
    args: ["-euo", "pipefail", "-c", script],
    env: { BFF: stack.bffUrl },
    stdin: "null",
    signal: AbortSignal.timeout(60_000),
  }).output();
  const said = new TextDecoder();
  assert.equal(code, 0, said.decode(stderr) + said.decode(stdout));
  const answers = said.decode(stdout).split(`${mark}\n`);
  for (const [i, { script, answer }] of tour.entries()) {
    const got = answers[i] ?? "";
    assert.ok(answer === null || fits(answer, got), `${script}\nshows\n${answer}\nbut answers\n${got}`);
  }
});
