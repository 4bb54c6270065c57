import assert from "node:assert/strict";
import { bodies } from "./bodies.ts";

function crowd(limits: Parameters<typeof bodies>[0]) {
  const held = bodies(limits);
  const cut: string[] = [];
  return { cut, begin: (name: string) => held.begin(() => cut.push(name)) };
}

Deno.test("where too many bodies arrive at once the one that has been arriving longest is cut off", () => {
  const { cut, begin } = crowd({ arriving: 2, bytes: 100 });
  begin("slow");
  begin("b").arrived();
  begin("c");
  assert.deepEqual(cut, []);
  begin("d");
  assert.deepEqual(cut, ["slow"]);
});

Deno.test("where too many bytes are held those go that are not complete, the oldest first", () => {
  const { cut, begin } = crowd({ arriving: 10, bytes: 100 });
  const whole = begin("whole");
  whole.grew(60);
  whole.arrived();
  const a = begin("a"), b = begin("b");
  a.grew(30);
  b.grew(10);
  assert.deepEqual(cut, []);
  b.grew(1);
  assert.deepEqual(cut, ["a"]);
  a.grew(1_000); // what still comes of it counts no more
  b.grew(29);
  assert.deepEqual(cut, ["a"]);
  whole.end();
  whole.end();
  begin("c").grew(60);
  assert.deepEqual(cut, ["a"]);
  begin("d").grew(1);
  assert.deepEqual(cut, ["a", "b"]);
});

Deno.test("a body that alone is too much is cut off itself", () => {
  const { cut, begin } = crowd({ arriving: 10, bytes: 100 });
  begin("huge").grew(101);
  assert.deepEqual(cut, ["huge"]);
});
