import assert from "node:assert/strict";
import { Hono } from "hono";
import type { Actor } from "@alpes/shared/seedwork/actor.ts";
import type { Env } from "./env.ts";
import { Problem } from "./problem.ts";
import { rateLimited } from "./rate_limit.ts";

function abrir(requests: number, seconds: number) {
  const reloj = { ms: 0 };
  const app = new Hono<Env>();
  app.use(async (c, next) => {
    const actor: Actor = { tipo: "clave", id: c.req.header("quien") ?? "ana", roles: [], cliente: null };
    c.set("actor", actor);
    await next();
  });
  app.use(rateLimited({ requests, seconds }, (path) => path !== "/health", () => reloj.ms));
  app.get("*", (c) => c.text("ok"));
  app.onError((e, c) => {
    if (!(e instanceof Problem)) throw e;
    return c.text(e.codigo, 429, { ...e.details.headers });
  });
  const pide = (quien = "ana", ruta = "/x") => app.request(ruta, { headers: { quien } });
  return { pide, reloj };
}

Deno.test("a caller has its share, is told what is left, and beyond it how long to wait", async () => {
  const { pide } = abrir(2, 10);
  const uno = await pide();
  assert.equal(uno.status, 200);
  assert.equal(uno.headers.get("RateLimit-Policy"), '"llamador";q=2;w=10');
  assert.equal(uno.headers.get("RateLimit"), '"llamador";r=1;t=5');
  assert.equal((await pide()).status, 200);
  const tres = await pide();
  assert.deepEqual([tres.status, tres.headers.get("Retry-After"), await tres.text()], [
    429,
    "5",
    "demasiadas",
  ]);
});

Deno.test("what was used comes back evenly", async () => {
  const { pide, reloj } = abrir(2, 10);
  await pide();
  await pide();
  reloj.ms = 4_999;
  assert.equal((await pide()).status, 429);
  reloj.ms = 5_000;
  assert.equal((await pide()).status, 200);
  assert.equal((await pide()).status, 429);
});

Deno.test("one caller's share is none of another's, and what is not counted is never refused", async () => {
  const { pide } = abrir(1, 10);
  assert.equal((await pide("ana")).status, 200);
  assert.equal((await pide("ana")).status, 429);
  assert.equal((await pide("beto")).status, 200);
  assert.equal((await pide("ana", "/health")).status, 200);
});
