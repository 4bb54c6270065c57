import assert from "node:assert/strict";
import fc from "fast-check";
import { canonicalJson, isRawNumber, type Json, JsonFault, parseJson, stringifyJson } from "./json.ts";

/** Any JSON value whose strings we take. */
const json = fc.jsonValue({ stringUnit: "grapheme", maxDepth: 6 })
  .filter((v) => !JSON.stringify(v).includes("\\u0000")) as fc.Arbitrary<Json>;

const faultOf = (text: string): JsonFault => {
  try {
    parseJson(text);
  } catch (e) {
    if (e instanceof JsonFault) return e;
    throw e;
  }
  throw new assert.AssertionError({ message: `was taken: ${text.slice(0, 100)}` });
};

Deno.test("valid JSON is read as JSON.parse reads it, however it is spaced", () => {
  fc.assert(fc.property(json, fc.constantFrom(undefined, 1, "\t", " \n"), (v, space) => {
    const text = JSON.stringify(v, null, space);
    const parsed: unknown = JSON.parse(text);
    if (!hasBigNumber(parsed)) assert.deepEqual(parseJson(` ${text}\r\n`), parsed);
    assert.equal(stringifyJson(parseJson(text)), JSON.stringify(parsed));
  }));
});

const hasBigNumber = (v: unknown): boolean =>
  typeof v === "number"
    ? Number.isInteger(v) && !Number.isSafeInteger(v)
    : typeof v === "object" && v !== null && Object.values(v).some(hasBigNumber);

Deno.test("text that JSON.parse refuses is refused, and the other way round", () => {
  const broken = fc.tuple(
    json,
    fc.nat(),
    fc.constantFrom("", ",", "}", "]", '"', "\\", ":", "0", "\u0001", "é", "-", "e"),
  )
    .map(([v, at, junk]) => {
      const text = JSON.stringify(v);
      const i = at % (text.length + 1);
      return text.slice(0, i) + junk + text.slice(i + (at % 2));
    });
  fc.assert(
    fc.property(broken, (text) => {
      let valid = true;
      try {
        JSON.parse(text);
      } catch {
        valid = false;
      }
      try {
        parseJson(text);
        assert.ok(valid, `took ${text}`);
      } catch (e) {
        assert.ok(e instanceof JsonFault);
        if (valid) assert.notEqual(e.kind, "syntax", `refused ${text}`);
      }
    }),
    { numRuns: 2000 },
  );
});

for (
  const [text, kind, path] of [
    ['{"a":1,"a":2}', "duplicate", ["a"]],
    ['{"a":[{"b":1,"\\u0062":2}]}', "duplicate", ["a", 0, "b"]],
    ['{"__proto__":1,"__proto__":2}', "duplicate", ["__proto__"]],
    ['{"a":["x\\u0000"]}', "nul", ["a", 0]],
    ['["\\ud800"]', "surrogate", [0]],
    ['["\\udc00\\ud800"]', "surrogate", [0]],
    ['{"\\ud800":1}', "surrogate", []],
    ["[1] x", "syntax", []],
    ['{"a":01}', "syntax", []],
    ['["a\nb"]', "syntax", [0]],
    ["", "syntax", []],
    ["[1,]", "syntax", [1]],
    ["NaN", "syntax", []],
    ["\u00a01", "syntax", []],
  ] as const
) {
  Deno.test(`${JSON.stringify(text)} is refused: ${kind} at ${JSON.stringify(path)}`, () => {
    const fault = faultOf(text);
    assert.equal(fault.kind, kind);
    assert.deepEqual(fault.path, path);
  });
}

Deno.test("64 levels are taken, 65 are not, and 100,000 do not overflow the stack", () => {
  const nested = (n: number) => "[".repeat(n) + "]".repeat(n);
  assert.equal(stringifyJson(parseJson(nested(64))), nested(64));
  assert.equal(faultOf(nested(65)).kind, "depth");
  assert.equal(faultOf(nested(100_000)).kind, "depth");
  assert.equal(faultOf('{"a":'.repeat(100_000)).kind, "depth");
});

for (
  const text of [
    "1e400",
    "-1e400",
    "1e-400",
    "9007199254740992",
    "12345678901234567890",
    "0.1234567890123456789",
    "1e30",
  ]
) {
  Deno.test(`${text} is kept as its text`, () => {
    const v = parseJson(`[${text}]`);
    assert.ok(Array.isArray(v) && isRawNumber(v[0]));
    assert.equal(stringifyJson(v), `[${text}]`);
  });
}
for (
  const text of [
    "0",
    "-0",
    "0.1",
    "150.250",
    "1e2",
    "9007199254740991",
    "0e99999",
    "5e-324",
    "0.30000000000000004",
    "1E-7",
  ]
) {
  Deno.test(`${text} is a number`, () => assert.equal(parseJson(text), Number(text)));
}

Deno.test("two writings of one value have one canonical text, two values have two", () => {
  const shuffled = (v: Json): Json =>
    Array.isArray(v)
      ? v.map(shuffled)
      : typeof v === "object" && v !== null && !isRawNumber(v)
      ? Object.fromEntries(Object.entries(v).reverse().map(([k, x]) => [k, shuffled(x)]))
      : v;
  fc.assert(fc.property(json, json, (a, b) => {
    const [x, y] = [parseJson(JSON.stringify(a)), parseJson(JSON.stringify(b))];
    assert.equal(canonicalJson(shuffled(x)), canonicalJson(x));
    assert.equal(
      canonicalJson(x) === canonicalJson(y),
      canonicalJson(shuffled(x)) === canonicalJson(shuffled(y)),
    );
    assert.deepEqual(parseJson(canonicalJson(x)), x);
  }));
  assert.equal(canonicalJson(parseJson('{"b":1.0,"a":[1e2,-0]}')), '{"a":[100,0],"b":1}');
  assert.notEqual(canonicalJson(parseJson("1e400")), canonicalJson(parseJson("1e401")));
});

Deno.test("a long string, many keys and many digits are read in linear time", () => {
  const long = (n: number) => [
    `"${"a".repeat(n)}`,
    `"${"\\n".repeat(n)}"`,
    `{${Array.from({ length: n / 10 }, (_, i) => `"k${i}":0`).join(",")}}`,
    `1${"0".repeat(n)}1.${"0".repeat(n)}1e5`,
  ];
  const time = (text: string) => {
    const start = performance.now();
    try {
      parseJson(text);
    } catch (e) {
      assert.ok(e instanceof JsonFault);
    }
    return performance.now() - start;
  };
  for (const text of long(1_000_000)) assert.ok(time(text) < 2_000);
});
