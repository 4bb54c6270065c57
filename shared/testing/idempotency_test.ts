import assert from "node:assert/strict";
import { createRoute, z } from "@hono/zod-openapi";
import { memoryAnswers } from "@alpes/shared/adapters/memory/answers.ts";
import { memoryUnitOfWork } from "@alpes/shared/adapters/memory/unit_of_work.ts";
import { postgresAnswers } from "@alpes/shared/adapters/postgres/answers.ts";
import { openDatabase } from "@alpes/shared/adapters/postgres/database.ts";
import { postgresUnitOfWork } from "@alpes/shared/adapters/postgres/unit_of_work.ts";
import { type Catalogue, fault } from "@alpes/shared/http/catalogue.ts";
import { etag } from "@alpes/shared/http/etag.ts";
import { idSchema } from "@alpes/shared/http/fields.ts";
import { problems } from "@alpes/shared/http/problem.ts";
import { responder } from "@alpes/shared/http/respond.ts";
import { createRouter } from "@alpes/shared/http/router.ts";
import { JsonValue } from "@alpes/shared/http/strict_json.ts";
import type { IdempotentAnswers } from "@alpes/shared/seedwork/answers.ts";
import { err, ok } from "@alpes/shared/seedwork/result.ts";
import { StillRunning, type UnitOfWork } from "@alpes/shared/seedwork/unit_of_work.ts";
import { freshDatabase } from "./database.ts";
import { appAround, problemIn } from "./http_app.ts";

const FALLAS = {
  repetido: fault(409, ["Repetido", "Ya existe", "Use otro id"], ["Repeated", "It exists", "Use another id"]),
} as const satisfies Catalogue;
const { write } = responder(FALLAS);

const json = (schema: z.ZodType) => ({ content: { "application/json": { schema } } });
const crear = createRoute({
  method: "post",
  path: "/{id}",
  request: {
    params: z.object({ id: idSchema() }),
    query: z.object({ simulacro: z.string().optional() }),
    body: {
      required: true,
      ...json(z.strictObject({ n: z.number().optional(), datos: JsonValue.optional() })),
    },
  },
  responses: {
    201: {
      description: "Made",
      content: { "application/json": { schema: z.object({ id: z.string(), en: z.number() }) } },
    },
    ...problems(400, 409),
  },
});
const borrar = createRoute({
  method: "delete",
  path: "/{id}",
  request: { params: z.object({ id: idSchema() }) },
  responses: { 204: { description: "Gone" }, ...problems(409) },
});

type Unidad = UnitOfWork<string, null, null>;
interface Parts extends AsyncDisposable {
  readonly uow: Unidad;
  readonly answers: IdempotentAnswers;
}

/** Things that exist once made; `decisions` counts how often one was decided upon. */
function cosas({ uow, answers }: Parts) {
  const made = new Set<string>();
  let decisions = 0;
  const r = createRouter();
  r.openapi(crear, (c) => {
    const { id } = c.req.valid("param");
    return write(c, {
      run: (context) =>
        uow.ejecutar(context, id, () => {
          decisions++;
          if (id === "ocupada") throw new StillRunning();
          if (made.has(id)) return err({ tipo: "repetido" as const });
          made.add(id);
          return ok({ value: { id, en: decisions }, changes: null });
        }),
      ok: (cosa) => ({ status: 201, body: cosa, etag: etag(cosa.en), location: `/cosas/${id}` }),
      refused: ({ tipo }) => ({ codigo: tipo }),
    });
  });
  r.openapi(borrar, (c) =>
    write(c, {
      run: (context) =>
        uow.ejecutar(context, c.req.valid("param").id, () => (decisions++, ok({ value: 0, changes: null }))),
      ok: () => ({ status: 204, body: null }),
      refused: (): { codigo: "repetido" } => ({ codigo: "repetido" }),
    }));
  return { ...appAround("/cosas", r, { answers, catalogues: [FALLAS] }), made, decisions: () => decisions };
}

const memory = (): Promise<Parts> =>
  Promise.resolve({
    uow: memoryUnitOfWork<null, string, null, null>(
      { inicial: null, load: () => null, save: () => {} },
      { clock: () => new Date(0), newId: () => crypto.randomUUID() },
    ),
    answers: memoryAnswers(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });

const postgres = async (): Promise<Parts> => {
  const fresh = await freshDatabase();
  const db = openDatabase({ url: fresh.url, role: "alpes_cliente" });
  return {
    uow: postgresUnitOfWork<string, null, null>(
      db,
      {
        modulo: "cliente",
        locks: (id) => [id],
        load: (_tx, ids) => Promise.resolve(ids.map(() => null)),
        save: () => Promise.resolve(),
      },
      { newId: () => crypto.randomUUID() },
    ),
    answers: postgresAnswers(db),
    [Symbol.asyncDispose]: async () => {
      await db[Symbol.asyncDispose]();
      await fresh[Symbol.asyncDispose]();
    },
  };
};

const key = (k: string, more: Record<string, string> = {}) => ({ "idempotency-key": k, ...more });
/** All of an answer that a repeat must give again. */
const bytes = async (r: Response) => ({
  status: r.status,
  body: await r.text(),
  type: r.headers.get("content-type"),
  etag: r.headers.get("etag"),
  location: r.headers.get("location"),
});
const replayed = (r: Response) => r.headers.get("idempotency-replayed");

for (const [adapter, open] of [["memory", memory], ["postgres", postgres]] as const) {
  Deno.test(`${adapter}: a repeat gets the first answer byte for byte, however its body is written`, async () => {
    await using parts = await open();
    const { send, decisions } = cosas(parts);
    const first = await send("POST", "/cosas/a", '{"n":1,"datos":[1e400,{"a":1,"b":2}]}', key("k"));
    assert.deepEqual([first.status, replayed(first)], [201, null]);
    const again = await send(
      "POST",
      "/cosas/a",
      ' {"datos":[1e400,{"b":2,"a":1.0}], "n":1e0}',
      key("k", { "accept-language": "en" }),
    );
    assert.equal(replayed(again), "true");
    assert.deepEqual(await bytes(again), await bytes(first));
    assert.equal(decisions(), 1);
  });

  Deno.test(`${adapter}: another body, query, big number or path with the same key`, async () => {
    await using parts = await open();
    const { send } = cosas(parts);
    await send("POST", "/cosas/a", '{"n":1,"datos":1e400}', key("k"));
    for (
      const [url, body] of [["/cosas/a", '{"n":2,"datos":1e400}'], ["/cosas/a", '{"n":1,"datos":1e401}'], [
        "/cosas/a?simulacro=si",
        '{"n":1,"datos":1e400}',
      ]] as const
    ) {
      const p = await problemIn(await send("POST", url, body, key("k")));
      assert.deepEqual([p.status, p.codigo], [422, "clave_reutilizada"]);
    }
    assert.equal((await send("POST", "/cosas/b", '{"n":2}', key("k"))).status, 201);
    assert.equal((await send("POST", "/cosas/c", "{}", key("k", { "x-actor": "persona:eva" }))).status, 201);
  });

  Deno.test(`${adapter}: a refusal is an answer too, also when it would go well by now`, async () => {
    await using parts = await open();
    const { send, made, decisions } = cosas(parts);
    made.add("a");
    const first = await send("POST", "/cosas/a", "{}", key("k"));
    assert.equal(first.status, 409);
    if (adapter === "postgres") made.clear(); // the memory unit of work keeps its own answers only
    const again = await send("POST", "/cosas/a", "{}", key("k"));
    assert.equal(replayed(again), "true");
    assert.deepEqual(await bytes(again), await bytes(first));
    if (adapter === "postgres") assert.equal(decisions(), 1);
    assert.equal(
      (await problemIn(await send("POST", "/cosas/a", '{"n":1}', key("k")))).codigo,
      "clave_reutilizada",
    );
  });

  for (
    const [what, body, codigo] of [["an invalid field", '{"n":"x"}', "validacion"], [
      "broken JSON",
      '{"n":',
      "json_malformado",
    ]] as const
  ) {
    Deno.test(`${adapter}: ${what} is answered the same again, and its key is spent`, async () => {
      await using parts = await open();
      const { send, decisions } = cosas(parts);
      const first = await send("POST", "/cosas/a", body, key("k", { "x-request-id": "r1" }));
      const again = await send(
        "POST",
        "/cosas/a",
        body,
        key("k", { "x-request-id": "r2", "accept-language": "en" }),
      );
      assert.deepEqual([replayed(first), replayed(again)], [null, "true"]);
      assert.deepEqual(await bytes(again), await bytes(first.clone()));
      assert.equal((await problemIn(first)).codigo, codigo);
      if (adapter === "postgres") {
        assert.equal((await problemIn(await send("POST", "/cosas/a", '{"n":1}', key("k")))).status, 422);
        assert.equal(decisions(), 0);
      }
    });
  }

  Deno.test(`${adapter}: an answer without a body is given again without one`, async () => {
    await using parts = await open();
    const { send, decisions } = cosas(parts);
    const first = await send("DELETE", "/cosas/a", undefined, key("k"));
    const again = await send("DELETE", "/cosas/a", "{}", key("k"));
    assert.deepEqual([first.status, again.status, await again.text()], [204, 204, ""]);
    assert.equal(
      (await send("DELETE", "/cosas/a", undefined, key("k"))).headers.get("idempotency-replayed"),
      "true",
    );
    assert.equal(decisions(), 1);
  });

  Deno.test(`${adapter}: "still running" is not kept, it can be asked again`, async () => {
    await using parts = await open();
    const { send } = cosas(parts);
    for (let i = 0; i < 2; i++) {
      const res = await send("POST", "/cosas/ocupada", "{}", key("k"));
      assert.deepEqual([res.status, res.headers.get("retry-after"), replayed(res)], [409, "1", null]);
      assert.equal((await problemIn(res)).codigo, "en_curso");
    }
  });
}

Deno.test("postgres: an invalid repeat of a key that made something is a 422, not a 400", async () => {
  await using parts = await postgres();
  const { send } = cosas(parts);
  await send("POST", "/cosas/a", "{}", key("k"));
  assert.equal(
    (await problemIn(await send("POST", "/cosas/a", '{"x":1}', key("k")))).codigo,
    "clave_reutilizada",
  );
});

Deno.test("a key that is no visible ASCII, or too long, is a 400 that names the header", async () => {
  await using parts = await memory();
  const { send, decisions } = cosas(parts);
  for (const k of ["", "a b", "ñ", "a".repeat(256)]) {
    const p = await problemIn(await send("POST", "/cosas/a", "{}", key(k)));
    assert.deepEqual([p.status, p.errores[0]?.campo], [400, "Idempotency-Key"]);
  }
  assert.equal((await send("POST", "/cosas/a", "{}", key("~".repeat(255)))).status, 201);
  assert.equal(decisions(), 1);
});

Deno.test("a refusal that cannot be kept is not answered as if it were", async () => {
  await using parts = await memory();
  const answers = { keepOrRead: () => Promise.reject(new Error("disk full")) };
  const { send, errors } = cosas({ ...parts, answers });
  assert.equal((await send("POST", "/cosas/a", '{"x":1}', key("k"))).status, 500);
  assert.equal(errors.length, 1);
  assert.equal((await send("POST", "/cosas/a", '{"x":1}')).status, 400);
});
