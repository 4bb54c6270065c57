import assert from "node:assert/strict";
import { AlreadyAnswered, KeyReused, StillRunning } from "@alpes/shared/seedwork/unit_of_work.ts";
import { keyDesk } from "./key_desk.ts";

const ANSWER = { status: 201, body: "{}", contentType: "application/json", etag: null, location: null };

Deno.test("one request of a key at a time; another caller, route or key has nothing to do with it", () => {
  const desk = keyDesk();
  const first = desk.begin("ana", "POST /x", "k");
  assert.throws(() => desk.begin("ana", "POST /x", "k"), StillRunning);
  desk.begin("beto", "POST /x", "k").end();
  desk.begin("ana", "POST /y", "k").end();
  desk.begin("ana", "POST /x", "l").end();
  first.end();
  const second = desk.begin("ana", "POST /x", "k");
  first.end(); // not the second's end
  assert.throws(() => desk.begin("ana", "POST /x", "k"), StillRunning);
  second.end();
});

Deno.test("after an answer its repeats get it, and another body is told that the key is used", () => {
  const desk = keyDesk();
  const first = desk.begin("ana", "POST /x", "k");
  first.recall("f");
  first.answered(ANSWER);
  first.end();
  const again = desk.begin("ana", "POST /x", "k");
  assert.throws(() => again.recall("f"), (e) => e instanceof AlreadyAnswered && e.answer === ANSWER);
  assert.throws(() => again.recall("g"), KeyReused);
  again.end();
  desk.begin("beto", "POST /x", "k").recall("f");
});

Deno.test("what was not answered is not remembered, nor what is very large", () => {
  const desk = keyDesk();
  const first = desk.begin("ana", "POST /x", "k");
  first.recall("f");
  first.end();
  const second = desk.begin("ana", "POST /x", "k");
  second.recall("f");
  second.answered({ ...ANSWER, body: "x".repeat(100_000) });
  second.end();
  desk.begin("ana", "POST /x", "k").recall("f");
});
