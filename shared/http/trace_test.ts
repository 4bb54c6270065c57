import assert from "node:assert/strict";
import { childTrace } from "./trace.ts";

const random = (bytes: number) => "ab".repeat(bytes);
const TRACE = "0af7651916cd43dd8448eb211c80319c", PARENT = "b7ad6b7169203331";
const MADE = `00-${random(16)}-${random(8)}-01`;

for (
  const [header, expected] of [
    [`00-${TRACE}-${PARENT}-00`, `00-${TRACE}-${random(8)}-00`],
    [`cc-${TRACE}-${PARENT}-01-what-the-future-adds`, `00-${TRACE}-${random(8)}-01`],
    [undefined, MADE],
    ["", MADE],
    [`00-${TRACE}-${PARENT}-01-more`, MADE],
    [`ff-${TRACE}-${PARENT}-01`, MADE],
    [`00-${"0".repeat(32)}-${PARENT}-01`, MADE],
    [`00-${TRACE}-${"0".repeat(16)}-01`, MADE],
    [`00-${TRACE.toUpperCase()}-${PARENT}-01`, MADE],
  ] as const
) {
  Deno.test(`traceparent ${header} goes on as ${expected}`, () =>
    assert.equal(childTrace(header, random), expected));
}
