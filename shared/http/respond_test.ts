import assert from "node:assert/strict";
import { createRoute, z } from "@hono/zod-openapi";
import { ok } from "@alpes/shared/seedwork/result.ts";
import { appAround, problemIn } from "@alpes/shared/testing/http_app.ts";
import { type Catalogue, fault } from "./catalogue.ts";
import { both } from "./locale.ts";
import { problems } from "./problem.ts";
import { responder } from "./respond.ts";
import { createRouter } from "./router.ts";

const FALLAS = {
  repetido: fault(409, ["Repetido", "Ya existe", "Use otro"], ["Repeated", "It exists", "Use another"]),
} as const satisfies Catalogue;
const { refuse, write } = responder(FALLAS);

const hacer = createRoute({
  method: "post",
  path: "/",
  responses: {
    201: { description: "Made", content: { "application/json": { schema: z.object({ id: z.string() }) } } },
    ...problems(409),
  },
});

Deno.test("a refusal has the module's text in the caller's language, or the handler's own", async () => {
  const r = createRouter();
  r.openapi(
    hacer,
    (c) => refuse(c, "repetido", { errores: [{ campo: "email", mensaje: both("ya está", "is taken") }] }),
  );
  const { send } = appAround("/cosas", r);
  const p = await problemIn(await send("POST", "/cosas", undefined, { "accept-language": "en" }));
  assert.deepEqual([p.type, p.title, p.detail, p.errores], ["/errores/repetido", "Repeated", "It exists", [{
    campo: "email",
    mensaje: "is taken",
  }]]);
});

Deno.test("what the route does not declare does not compile", () => {
  const r = createRouter();
  const run = () => Promise.resolve(ok(1));
  const refused = (): { codigo: "repetido" } => ({ codigo: "repetido" });
  r.openapi(hacer, (c) => write(c, { run, ok: () => ({ status: 201, body: { id: "x" } }), refused }));
  // @ts-expect-error a body without its id
  r.openapi(hacer, (c) => write(c, { run, ok: () => ({ status: 201, body: { x: 1 } }), refused }));
  // @ts-expect-error a status that is not declared
  r.openapi(hacer, (c) => write(c, { run, ok: () => ({ status: 202, body: { id: "x" } }), refused }));
  // @ts-expect-error a refusal whose status is not declared
  r.openapi(hacer, (c) => refuse(c, "no_encontrado"));
  // @ts-expect-error a code that no catalogue has
  r.openapi(hacer, (c) => refuse(c, "inventado"));
});
