import assert from "node:assert/strict";
import { openDatabase } from "@alpes/shared/adapters/postgres/database.ts";
import { authApp, JEFA } from "@alpes/shared/testing/auth_app.ts";
import { eventually } from "@alpes/shared/testing/eventually.ts";
import { problemIn } from "@alpes/shared/testing/http_app.ts";
import { newKey } from "./key.ts";
import { recogniseKeys } from "./keys.ts";
import { postgresKeys } from "./postgres_keys.ts";

const bytes = (n: number) => crypto.getRandomValues(new Uint8Array(n));

Deno.test("a key says who presents it, and with which rights", async () => {
  await using a = await authApp();
  const socia = await a.key(["partner"], 1, "c-1");
  assert.match(socia.clave, /^alp_partner_[0-9a-z]{16}_[0-9A-Za-z]{43}$/);
  assert.deepEqual(await a.who(socia.clave), {
    tipo: "clave",
    id: socia.id,
    roles: ["partner"],
    cliente: "c-1",
  });
  const { roles } = await a.who((await a.key(["auditor", "admin"])).clave);
  assert.deepEqual(roles, ["auditor", "admin"]);
});

Deno.test("missing, malformed, unknown, altered, expired and revoked keys get one and the same answer", async () => {
  await using a = await authApp();
  const good = await a.key(["operador"]);
  const revoked = await a.key(["operador"]);
  assert.ok((await a.desk.revocar(JEFA, revoked.id)).ok);
  const expired = await a.key(["operador"]);
  await a.admin.query(
    "update seguridad.claves set creada = now() - interval '2 h', expira = now() - interval '1 s' where id = $1",
    [expired.id],
  );
  const last = good.clave.at(-1) === "x" ? "y" : "x";
  const bad: Record<string, string | null> = {
    missing: null,
    "another scheme": `Basic ${btoa("a:b")}`,
    "no credential": "Bearer",
    "two of them": `Bearer ${good.clave}, Bearer ${good.clave}`,
    malformed: "Bearer alp_operador_x",
    "with a NUL": `Bearer ${good.clave}%00`,
    huge: `Bearer ${"a".repeat(60_000)}`,
    unknown: `Bearer ${newKey(["admin"], bytes).text}`,
    "another secret": `Bearer ${good.clave.slice(0, -1)}${last}`,
    "another role in its name": `Bearer ${good.clave.replace("operador", "admin")}`,
    "its id alone": `Bearer ${good.id}`,
    expired: `Bearer ${expired.clave}`,
    revoked: `Bearer ${revoked.clave}`,
  };
  const answers = await Promise.all(
    Object.entries(bad).map(async ([what, authorization]) => {
      const headers = { "x-request-id": "igual", ...(authorization === null ? {} : { authorization }) };
      const r = await a.send("GET", "/cliente/operacion/identidad", undefined, headers);
      return [what, r.status, [...r.headers], await r.text()] as const;
    }),
  );
  const [first] = answers;
  assert.equal(first?.[1], 401);
  assert.ok(first?.[2].some(([n, v]) => n === "www-authenticate" && v === 'Bearer realm="alpespartners"'));
  for (const [what, ...answer] of answers) assert.deepEqual(answer, first?.slice(1), what);
  assert.equal((await a.who(good.clave)).id, good.id);
});

Deno.test("a flood of made-up keys is a few statements, and keeps no good one waiting", async () => {
  await using a = await authApp();
  const good = await a.key(["operador"]);
  let statements = 0;
  const counted: Pick<typeof a.db, "query"> = {
    query: (...args: Parameters<typeof a.db.query>) => {
      statements++;
      return a.db.query(...args);
    },
  };
  const recognise = recogniseKeys(postgresKeys(counted as typeof a.db), () => new Date());
  const flood = Array.from({ length: 1_000 }, () => recognise(newKey(["admin"], bytes).text));
  assert.equal((await recognise(good.clave))?.tipo, "clave");
  assert.deepEqual(new Set(await Promise.all(flood)), new Set([null]));
  assert.ok(statements <= 10, `${statements} statements`);
});

Deno.test("X-Actor makes nobody of anybody once keys are asked for", async () => {
  await using a = await authApp();
  const r = await a.send("GET", "/cliente/operacion/identidad", undefined, {
    "x-actor": "persona:ana;roles=admin",
  });
  assert.equal((await problemIn(r)).status, 401);
});

Deno.test("a revoked key is refused once two seconds have passed, in every process", async () => {
  await using a = await authApp();
  const k = await a.key(["operador"]);
  assert.equal((await a.who(k.clave)).id, k.id);
  assert.ok((await a.desk.revocar(JEFA, k.id)).ok);
  a.time.ms += 1_999;
  assert.equal((await a.who(k.clave)).id, k.id);
  a.time.ms += 1;
  assert.equal(await a.who(k.clave), 401);
});

Deno.test("a key expires at its moment, though it was believed just before", async () => {
  await using a = await authApp();
  const k = await a.key(["operador"], 1);
  assert.equal((await a.who(k.clave)).id, k.id);
  a.time.offset = 86_400_000;
  assert.equal(await a.who(k.clave), 401);
});

Deno.test("a rotated key and its successor are both good until the older one is revoked", async () => {
  await using a = await authApp();
  const old = await a.key(["partner"], 30, "c-1");
  const r = await a.desk.rotar(JEFA, old.id, null);
  assert.ok(r.ok);
  assert.equal(r.value.sustituye, old.id);
  assert.ok(Math.abs(r.value.expira.getTime() - Date.now() - 30 * 86_400_000) < 60_000);
  assert.deepEqual((await a.who(r.value.clave)).cliente, "c-1");
  assert.equal((await a.who(old.clave)).id, old.id);
  assert.ok((await a.desk.revocar(JEFA, old.id)).ok);
  a.time.ms += 2_000;
  assert.equal(await a.who(old.clave), 401);
  assert.equal((await a.who(r.value.clave)).id, r.value.id);
  assert.deepEqual(await a.desk.rotar(JEFA, old.id, null), {
    ok: false,
    error: { tipo: "no_vigente", estado: "REVOCADA" },
  });
});

Deno.test("nothing that is kept gives a key back", async () => {
  await using a = await authApp();
  const jefa = await a.key(["admin"]);
  const r = await a.send("POST", "/cliente/operacion/claves", { nombre: "x", roles: ["auditor"] }, {
    ...a.as(jefa.clave),
    "idempotency-key": "k-1",
  });
  assert.equal(r.headers.get("cache-control"), "no-store");
  const { clave } = await r.json();
  const secrets = [clave, jefa.clave].map((c: string) => c.split("_")[3] ?? c);
  for (
    const table of [
      "seguridad.claves",
      "seguridad.enlaces",
      "mensajeria.auditoria",
      "mensajeria.idempotencia",
    ]
  ) {
    const [row] = await a.admin.query<{ t: string }>(
      `select coalesce(json_agg(t), '[]')::text as t from ${table} t`,
    );
    for (const s of secrets) assert.ok(!row?.t.includes(s), table);
  }
  const list = await a.send("GET", "/cliente/operacion/claves", undefined, a.as(jefa.clave));
  const text = await list.text();
  assert.equal(list.status, 200);
  for (const s of secrets) assert.ok(!text.includes(s));
});

Deno.test("an admin makes, lists, rotates and revokes keys over HTTP; nobody else does", async () => {
  await using a = await authApp();
  const jefa = a.as((await a.key(["admin"])).clave);
  const base = "/cliente/operacion/claves";
  const made = await a.send(
    "POST",
    base,
    { nombre: "tienda", roles: ["partner"], cliente: "c-9", dias: 5 },
    jefa,
  );
  assert.equal(made.status, 201);
  const k = await made.json();
  assert.equal((await a.who(k.clave)).cliente, "c-9");
  const next = await a.send("POST", `${base}/${k.id}/rotar`, {}, jefa);
  assert.equal(next.status, 201);
  const ended = await a.send("POST", `${base}/${k.id}/revocar`, undefined, jefa);
  assert.equal((await ended.json()).estado, "REVOCADA");
  assert.equal((await problemIn(await a.send("POST", `${base}/${k.id}/revocar`, {}, jefa))).status, 409);
  assert.equal(
    (await problemIn(await a.send("POST", `${base}/${"0".repeat(16)}/revocar`, {}, jefa))).status,
    404,
  );
  const { data } = await (await a.send("GET", `${base}?limit=2`, undefined, jefa)).json();
  assert.deepEqual(data.map((d: { estado: string }) => d.estado), ["VIGENTE", "REVOCADA"]);

  for (const rol of ["partner", "operador", "aprobador", "auditor", "servicio"] as const) {
    const other = a.as((await a.key([rol], 1, rol === "partner" ? "c-1" : null)).clave);
    for (
      const [method, path, body] of [
        ["GET", base, undefined],
        ["POST", base, { nombre: "x", roles: ["admin"] }],
        ["POST", `${base}/${k.id}/rotar`, {}],
        ["POST", `${base}/${k.id}/revocar`, {}],
      ] as const
    ) {
      assert.equal((await problemIn(await a.send(method, path, body, other))).status, 403, `${rol} ${path}`);
    }
  }
});

Deno.test("a partner's key names its cliente, and no other key does", async () => {
  await using a = await authApp();
  const jefa = a.as((await a.key(["admin"])).clave);
  const send = async (body: object) =>
    (await problemIn(await a.send("POST", "/cliente/operacion/claves", body, jefa))).errores.map((e) =>
      e.campo
    );
  assert.deepEqual(await send({ nombre: "x", roles: ["partner"] }), ["cliente"]);
  assert.deepEqual(await send({ nombre: "x", roles: ["operador"], cliente: "c-1" }), ["cliente"]);
  assert.deepEqual((await send({ nombre: "", roles: ["rey"], dias: 0 })).sort(), [
    "dias",
    "nombre",
    "roles[0]",
  ]);
});

Deno.test("the code of a link signs in once, however many try at once, and not after its time", async () => {
  await using a = await authApp();
  const link = await a.desk.enlazar(JEFA, { nombre: "ana", roles: ["operador"], cliente: null });
  assert.ok(link.ok);
  const canjear = (codigo: string) => a.send("POST", "/cliente/operacion/claves/canjear", { codigo });
  const all = await Promise.all(Array.from({ length: 8 }, () => canjear(link.value.codigo)));
  assert.deepEqual(all.map((r) => r.status).sort(), [201, ...Array(7).fill(401)]);
  const { clave, expira } = await all.find((r) => r.status === 201)?.json();
  assert.deepEqual((await a.who(clave)).roles, ["operador"]);
  assert.ok(new Date(expira).getTime() - Date.now() < 13 * 3_600_000);
  const late = await a.desk.enlazar(JEFA, { nombre: "ana", roles: ["operador"], cliente: null });
  assert.ok(late.ok);
  await a.admin.query("update seguridad.enlaces set expira = now() where usado is null");
  assert.equal((await canjear(late.value.codigo)).status, 401);
  assert.equal((await canjear("inventado")).status, 401);
});

Deno.test("what nobody in particular asks under an Idempotency-Key is kept nowhere, or anybody could fill the disk", async () => {
  await using a = await authApp();
  const ask = (headers: Record<string, string>) =>
    a.send("POST", "/cliente/operacion/claves/canjear", { codigo: "" }, {
      "idempotency-key": "k-1",
      ...headers,
    });
  for (let i = 0; i < 2; i++) {
    const r = await ask({});
    assert.deepEqual([r.status, r.headers.get("idempotency-replayed")], [400, null]);
    await r.body?.cancel();
  }
  assert.equal((await problemIn(await ask({ "idempotency-key": "con espacio" }))).status, 400);
});

Deno.test("when a key was last used is kept, to the hour", async () => {
  await using a = await authApp();
  const k = await a.key(["operador"]);
  const used = async () =>
    (await a.admin.query<{ ultima: Date | null }>("select ultima from seguridad.claves where id = $1", [
      k.id,
    ]))[0]
      ?.ultima ?? null;
  assert.equal(await used(), null);
  await a.who(k.clave);
  const first = await eventually(async () => await used() ?? assert.fail());
  a.time.ms += 5_000;
  await a.who(k.clave);
  assert.deepEqual(await used(), first);
});

Deno.test("while keys cannot be looked up nobody is told that his is bad", async () => {
  await using a = await authApp();
  const k = await a.key(["operador"]);
  await a.admin.query("alter table seguridad.claves rename to escondidas");
  // A fault of ours is not the caller's.
  assert.equal(await a.who(k.clave), 500);
  await a.admin.query("alter table seguridad.escondidas rename to claves");
  assert.equal((await a.who(k.clave)).id, k.id);
});

Deno.test("a module's role reads keys and changes none; the security role deletes none", async () => {
  await using a = await authApp();
  const denied = /permission denied/;
  for (const role of ["alpes_cliente", "alpes_campanias", "alpes_pagos", "alpes_mensajeria"]) {
    await using db = openDatabase({ url: a.fresh.url, role, max: 1 });
    await db.query("select id from seguridad.claves");
    await assert.rejects(db.query("update seguridad.claves set roles = array['admin']"), denied, role);
    await assert.rejects(db.query("delete from seguridad.claves"), denied, role);
    await assert.rejects(db.query("select * from seguridad.enlaces"), denied, role);
  }
  await using db = openDatabase({ url: a.fresh.url, role: "alpes_seguridad", max: 1 });
  await assert.rejects(db.query("delete from seguridad.claves"), denied);
  await assert.rejects(db.query("select * from cliente.clientes"), denied);
});

Deno.test("health, readiness, the documents and the meaning of problems need no key; all else does", async () => {
  await using a = await authApp();
  for (const path of ["/errores", "/errores/no_autenticado"]) {
    assert.equal((await a.send("GET", path)).status, 200, path);
  }
  for (
    const path of [
      "/metrics",
      "/nada",
      "//health",
      "/health/",
      "/Health",
      "/cliente",
      "/errores/a/b",
      "/cliente/..%2fhealth",
    ]
  ) {
    assert.equal((await a.send("GET", path)).status, 401, path);
  }
});
