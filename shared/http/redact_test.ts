import { deepEqual, equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { maskText, redact } from "./redact.ts";

Deno.test("e-mail addresses are masked wherever they stand in a text", () => {
  equal(maskText("Key (email)=(ana.pérez+x@correo.com.co) exists"), "Key (email)=([email]) exists");
  equal(maskText("GET /cliente?search=ana%40correo.co&page=1"), "GET /cliente?search=[email]&page=1");
  equal(maskText("a@b.co,c@d.org"), "[email],[email]");
  equal(maskText("X-Y@"), "X-Y@");
});

Deno.test("card numbers are masked, in one run and in groups", () => {
  for (
    const card of [
      "4111111111111111",
      "4111 1111 1111 1111",
      "4111-1111-1111-1111",
      "378282246310005",
      "3782 822463 10005",
    ]
  ) {
    equal(maskText(`card ${card}.`), "card [card].");
  }
  for (const digits of fc.sample(fc.stringMatching(/^\d{12,19}$/), 200)) equal(maskText(digits), "[card]");
});

Deno.test("ids, times and amounts are left as they are", () => {
  for (
    const text of [
      "018f2c3d-1234-7123-8123-123456789012",
      "payout-018f2c3d-1234-7123-8123-123456789012",
      "00-12345678901234567890123456789012-1234567890123456-01",
      "2026-01-31T12:45:00.000Z",
      "150000.25 COP",
      "2026-01-01 2026-02-01",
      "12345678901",
      "camp-17 @ 10",
    ]
  ) equal(maskText(text), text);
});

Deno.test("the password of an address is masked, also one that holds an @", () => {
  equal(
    maskText("to postgres://alpes:p@ss@db.example:5432/x?y=1"),
    "to postgres://alpes:[hidden]@db.example:5432/x?y=1",
  );
  equal(maskText("http://localhost:5000/x"), "http://localhost:5000/x");
});

Deno.test("credentials are masked wherever they stand, and a key still says which one it is", () => {
  const key = `alp_operador_0123456789abcdef_${"Ab1".repeat(14)}x`;
  equal(
    maskText(`bad header value "Bearer ${key}"`),
    'bad header value "Bearer alp_operador_0123456789abcdef_[hidden]"',
  );
  const jwt = `${btoa('{"alg":"RS256"}')}.${btoa('{"sub":"ana"}').replaceAll("=", "")}.c2lnbmF0dXJl`;
  equal(maskText(`of ${jwt}, no`), "of [token], no");
  equal(maskText("Cookie: alpes_sesion=AAAA-_; a=b"), "Cookie: alpes_sesion=[hidden]; a=b");
  deepEqual(redact({ credencial: "x", csrf: "x", "x-csrf-token": "x", OIDC_CLIENT_SECRET: "x" }), {
    credencial: "[hidden]",
    csrf: "[hidden]",
    "x-csrf-token": "[hidden]",
    OIDC_CLIENT_SECRET: "[hidden]",
  });
});

Deno.test("secret fields are hidden at any depth, whatever is in them", () => {
  deepEqual(
    redact({
      pago: { payment_method_mask: "4111", id: "p-1", Authorization: { scheme: "Bearer" } },
      headers: [{ "Set-Cookie": "x" }],
      "ana@correo.co": 1,
    }),
    {
      pago: { payment_method_mask: "[hidden]", id: "p-1", Authorization: "[hidden]" },
      headers: [{ "Set-Cookie": "[hidden]" }],
      "[email]": 1,
    },
  );
});

Deno.test("an error keeps its name, code and stack, with its text masked", () => {
  const e = Object.assign(new Error("duplicate ana@correo.co", { cause: new Error("4111111111111111") }), {
    code: "23505",
    detail: "Key (email)=(ana@correo.co)",
  });
  const written = JSON.stringify(redact(e));
  ok(written.includes("23505") && written.includes("[email]") && written.includes("[card]"));
  ok(!written.includes("ana@") && !written.includes("4111111111111111"), written);
});

Deno.test("whatever is written becomes JSON: circles, big numbers, functions", () => {
  const circle: Record<string, unknown> = {};
  circle["self"] = circle;
  ok(
    JSON.stringify(redact({
      circle,
      n: 12n,
      f: () => 1,
      d: new Date(NaN),
      x: Infinity,
      card: 4111111111111111,
    })),
  );
  fc.assert(fc.property(fc.anything({ withBigInt: true, withDate: true, withMap: true }), (v) => {
    JSON.stringify(redact(v));
  }));
});

Deno.test("masking a hostile text takes no more than linear time", () => {
  const start = performance.now();
  for (
    const text of [
      "a".repeat(100_000) + "@",
      "1".repeat(100_000) + "x",
      "a.".repeat(50_000) + "@",
      "a://" + "b:".repeat(50_000),
    ]
  ) {
    redact(text);
    maskText(text.slice(0, 20_000));
  }
  ok(performance.now() - start < 1_000);
});
