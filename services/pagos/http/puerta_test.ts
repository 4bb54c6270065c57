import assert from "node:assert/strict";
import { Hono } from "hono";
import type { Actor, Rol } from "@alpes/shared/seedwork/actor.ts";
import type { Env } from "@alpes/shared/http/env.ts";
import { Problem } from "@alpes/shared/http/problem.ts";
import { puerta } from "./puerta.ts";

const clave = (...roles: Rol[]): Actor => ({ tipo: "clave", id: "k", roles, cliente: "c-1" });

async function entra(actor: Actor, method: string): Promise<boolean> {
  const app = new Hono<Env>();
  app.use(async (c, next) => {
    c.set("actor", actor);
    await next();
  });
  app.use(puerta);
  app.all("*", (c) => c.text("ok"));
  app.onError((e, c) =>
    e instanceof Problem && e.codigo === "prohibido" ? c.text("no", 403) : c.text("?", 500)
  );
  const { status } = await app.request("/pagos/p-1", { method });
  assert.ok(status === 200 || status === 403);
  return status === 200;
}

Deno.test("payments are read by who may see all of them, and made by who may pay", async () => {
  const casos: [Actor, boolean, boolean][] = [
    [{ tipo: "anonimo" }, false, false],
    [clave(), false, false],
    [clave("partner"), false, false],
    [clave("auditor"), true, false],
    [clave("aprobador"), true, false],
    [clave("operador"), true, true],
    [clave("admin"), true, true],
  ];
  for (const [actor, lee, escribe] of casos) {
    const quien = JSON.stringify(actor);
    assert.equal(await entra(actor, "GET"), lee, quien);
    assert.equal(await entra(actor, "HEAD"), lee, quien);
    for (const m of ["POST", "PUT", "PATCH", "DELETE"]) {
      assert.equal(await entra(actor, m), escribe, `${m} ${quien}`);
    }
  }
});
