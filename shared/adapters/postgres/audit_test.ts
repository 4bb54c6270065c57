import assert from "node:assert/strict";
import { authApp } from "@alpes/shared/testing/auth_app.ts";
import { eventually } from "@alpes/shared/testing/eventually.ts";
import { problemIn } from "@alpes/shared/testing/http_app.ts";
import { openDatabase } from "./database.ts";

interface Linea {
  readonly actor: string;
  readonly accion: string;
  readonly resultado: string;
  readonly recurso: { readonly tipo: string; readonly id: string } | null;
  readonly detalle: { readonly veces?: number; readonly status?: number } | null;
  readonly solicitud: string;
}

/** An app, its auditor, and what the auditor reads. */
async function open() {
  const a = await authApp();
  const auditora = a.as((await a.key(["auditor"])).clave);
  const read = async (query = "") => {
    const r = await a.send("GET", `/cliente/operacion/auditoria?limit=100${query}`, undefined, auditora);
    assert.equal(r.status, 200, await r.clone().text());
    const { data }: { data: Linea[] } = await r.json();
    return data;
  };
  return { ...a, read, [Symbol.asyncDispose]: () => a[Symbol.asyncDispose]() };
}

Deno.test("who did what with a key is in the audit log, with the request and without the key", async () => {
  await using a = await open();
  const jefa = await a.key(["admin"]);
  const headers = { ...a.as(jefa.clave), "x-request-id": "sol-7" };
  const { id } =
    await (await a.send("POST", "/cliente/operacion/claves", { nombre: "x", roles: ["operador"] }, headers))
      .json();
  await a.send("POST", `/cliente/operacion/claves/${id}/revocar`, {}, headers);
  const lines = await a.read(`&recurso=${id}`);
  assert.deepEqual(lines.map((l) => [l.actor, l.accion, l.resultado, l.recurso, l.solicitud]), [
    [`clave:${jefa.id}`, "revocarClave", "HECHO", { tipo: "clave", id }, "sol-7"],
    [`clave:${jefa.id}`, "crearClave", "HECHO", { tipo: "clave", id }, "sol-7"],
  ]);
});

Deno.test("who was refused is in the audit log, known or not", async () => {
  await using a = await open();
  const operador = await a.key(["operador"]);
  const otra = await a.key(["operador"]);
  await a.send("POST", `/cliente/operacion/claves/${otra.id}/revocar`, {}, a.as(operador.clave));
  const [known] = await eventually(async () => {
    const lines = await a.read("&resultado=DENEGADO");
    assert.equal(lines.length, 1);
    return lines;
  });
  assert.deepEqual([known?.actor, known?.accion, known?.recurso, known?.detalle], [
    `clave:${operador.id}`,
    "revocarClave",
    { tipo: "cliente", id: otra.id },
    { status: 403, veces: 1 },
  ]);
  // Nobody knows what a stranger typed: none of it is kept.
  await Promise.all(
    Array.from(
      { length: 50 },
      (_, i) =>
        a.send(
          "POST",
          `/cliente/operacion/claves/${"a".repeat(15)}${i % 10}/revocar`,
          {},
          a.as(`alp_x_${i}`),
        ),
    ),
  );
  const strangers = await eventually(async () => {
    const lines = await a.read("&actor=anonimo");
    assert.equal(lines.reduce((n, l) => n + (l.detalle?.veces ?? 0), 0), 50);
    return lines;
  });
  assert.ok(strangers.length < 10, `${strangers.length} lines`);
  for (const s of strangers) {
    assert.deepEqual([s.accion, s.recurso, s.detalle?.status], ["revocarClave", null, 401]);
  }
});

Deno.test("the audit log is searched by actor, action, resource, request, outcome and time", async () => {
  await using a = await open();
  const uno = await a.key(["operador"]);
  await a.key(["admin"]);
  assert.equal(
    (await a.read(`&recurso=${uno.id}&accion=crearClave&actor=persona:jefa&solicitud=sol-1`)).length,
    1,
  );
  for (
    const none of [
      "accion=nada",
      "actor=persona:otra",
      "solicitud=sol-2",
      "resultado=DENEGADO",
      "hasta=2020-01-01T00:00:00Z",
    ]
  ) {
    assert.deepEqual(await a.read(`&${none}`), [], none);
  }
  assert.equal((await a.read("&desde=2020-01-01T00:00:00Z")).length, 3);
  const key = a.as((await a.key(["admin"])).clave);
  const seen: string[] = [];
  let cursor = "";
  for (;;) {
    const r = await a.send("GET", `/cliente/operacion/auditoria?limit=3${cursor}`, undefined, key);
    const { data, pagination } = await r.json();
    seen.push(...data.map((d: { id: string }) => d.id));
    if (pagination.next_cursor === null) break;
    cursor = `&cursor=${pagination.next_cursor}`;
  }
  assert.deepEqual(seen, [...new Set(seen)].sort((x, y) => Number(y) - Number(x)));
  assert.equal(seen.length, 4);
});

Deno.test("only an auditor or an admin reads the audit log", async () => {
  await using a = await open();
  for (const rol of ["operador", "aprobador", "servicio"] as const) {
    const r = await a.send(
      "GET",
      "/cliente/operacion/auditoria",
      undefined,
      a.as((await a.key([rol])).clave),
    );
    assert.equal((await problemIn(r)).status, 403, rol);
  }
});

Deno.test("nobody changes or deletes a line of the audit log, not even the owner", async () => {
  await using a = await open();
  await a.key(["operador"]);
  for (
    const role of ["alpes_mensajeria", "alpes_cliente", "alpes_campanias", "alpes_pagos", "alpes_seguridad"]
  ) {
    await using db = openDatabase({ url: a.fresh.url, role, max: 1 });
    await assert.rejects(
      db.query("update mensajeria.auditoria set actor = 'otra'"),
      /permission denied/,
      role,
    );
    await assert.rejects(db.query("delete from mensajeria.auditoria"), /permission denied/, role);
    await assert.rejects(db.query("truncate mensajeria.auditoria"), /permission denied/, role);
  }
  for (
    const sql of [
      "update mensajeria.auditoria set actor = 'otra'",
      "delete from mensajeria.auditoria",
      "truncate mensajeria.auditoria",
    ]
  ) {
    await assert.rejects(a.admin.query(sql), /append-only/);
  }
  assert.equal((await a.read()).length, 2);
});
