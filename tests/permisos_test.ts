import assert from "node:assert/strict";
import { PAGINA, pagina } from "./permisos.ts";

Deno.test({
  name: "docs/permisos.md shows the policy as it is: a change of it is a change of the page",
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const kept = await Deno.readTextFile(PAGINA).catch(() => "");
    assert.ok(kept === await pagina(), "docs/permisos.md is not up to date: deno run -A tests/permisos.ts");
  },
});
