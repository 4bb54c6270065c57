import assert from "node:assert/strict";
import { destino } from "./pasarela.ts";

Deno.test("where an address goes is only ever below the service it was matched for", () => {
  const a = (ruta: string, base = "http://s:1") => destino(base, `http://bff${ruta}`, "pagos");
  assert.equal(a("/pagos?x=1"), "http://s:1/pagos?x=1");
  assert.equal(a("/pagos/a%2e%2eb"), "http://s:1/pagos/a%2e%2eb");
  assert.equal(a("/pagos/1", "http://gw/alpes"), "http://gw/alpes/pagos/1");
  for (
    const mala of [
      "/pagosx",
      "/cliente",
      "/pagos/..",
      "/pagos/%2E%2e/",
      "//pagos/x",
      "/pagos/\t",
      "/pagos/a\\b",
    ]
  ) {
    assert.equal(a(mala), null, mala);
  }
});
