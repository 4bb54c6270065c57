import assert from "node:assert/strict";
import { encoger } from "./consola.ts";

Deno.test("the bundle loses what no page shows: indentation, line ends beside tags, escapes of letters", () => {
  assert.equal(encoger("`<p>\n    <b>x</b>\n  </p>\n  y`"), "`<p><b>x</b></p>y`");
  assert.equal(encoger("`<a\n    b=${c}>\n`"), "`<a\nb=${c}>`");
  assert.equal(encoger('"Campa\\xF1a \\u2026"'), '"Campaña …"');
});

Deno.test("what is no letter's escape stays: an escaped backslash, marks that nobody sees, halves of a pair", () => {
  for (const js of ['"\\\\xF1"', '"\\xA0"', '"\\uFEFF"', '"\\u2028"', '"\\uD83D"', "/\\x00-\\x1F/"]) {
    assert.equal(encoger(js), js);
  }
});
