import assert from "node:assert/strict";
import type { Actor, Rol } from "./actor.ts";
import { type Accion, alcance, denegado, permitido, POLITICA, ROLES, visto } from "./policy.ts";

const con = (roles: readonly Rol[], cliente: string | null = null): Actor => ({
  tipo: "persona",
  id: "ana",
  roles,
  cliente,
});
const socio = con(["partner"], "c-1");
const operador = con(["operador"]);
const servicio: Actor = { tipo: "servicio", id: "pagos" };

Deno.test("each role may what its column says, and nobody else may anything", () => {
  for (const accion of Object.keys(POLITICA) as Accion[]) {
    ROLES.forEach((rol, i) => {
      const actor: Actor = rol === "servicio" ? servicio : con([rol]);
      const esperado = POLITICA[accion][i] === "si";
      assert.equal(permitido(actor, accion, null) === "si", esperado, `${rol} ${accion}`);
    });
    for (const nadie of [con([]), { tipo: "anonimo" } as const]) {
      assert.equal(permitido(nadie, accion, "c-1"), "no", accion);
    }
  }
});

Deno.test("a partner may read its own, and is told of another's as of what is not there", () => {
  assert.equal(permitido(socio, "campanias.leer", "c-1"), "si");
  assert.equal(permitido(socio, "campanias.leer", "c-2"), "oculto");
  assert.equal(permitido(socio, "campanias.leer", null), "oculto");
});

Deno.test("a partner is forbidden what it may see but not do", () => {
  assert.equal(permitido(socio, "campanias.decidir", "c-1"), "no");
  assert.equal(permitido(socio, "campanias.decidir", "c-2"), "oculto");
  assert.equal(permitido(socio, "claves.administrar", []), "no");
});

Deno.test("several owners are a partner's own only if all of them are it", () => {
  assert.equal(permitido(socio, "pagos.leer", ["c-1", "c-1"]), "si");
  assert.equal(permitido(socio, "pagos.leer", ["c-1", "c-2"]), "oculto");
  assert.equal(permitido(socio, "pagos.leer", []), "si");
});

Deno.test("a partner who stands for nobody has nothing, and sees not everything but nothing", () => {
  const nadie = con(["partner"]);
  assert.equal(permitido(nadie, "pagos.leer", []), "no");
  assert.equal(permitido(nadie, "pagos.leer", null), "no");
  assert.equal(alcance(nadie, "pagos.leer"), null);
});

Deno.test("what a partner sees is one cliente, what an operator sees is all, and servicio and nobody see nothing", () => {
  assert.deepEqual(alcance(socio, "pagos.leer"), { cliente: "c-1" });
  assert.deepEqual(alcance(operador, "pagos.leer"), { cliente: null });
  assert.equal(alcance(servicio, "pagos.leer"), null);
  assert.equal(alcance({ tipo: "anonimo" }, "pagos.leer"), null);
  // Standing for somebody takes nothing away.
  assert.deepEqual(alcance(con(["auditor", "partner"], "c-1"), "pagos.leer"), { cliente: null });
});

Deno.test("roles add up, and none gives nothing", () => {
  assert.equal(permitido(con(["auditor", "operador"]), "pagos.revertir", "c-9"), "si");
  assert.equal(permitido(con(["auditor"]), "pagos.revertir", "c-9"), "no");
  assert.equal(permitido(con([]), "tarifas.leer", []), "no");
});

Deno.test("messages do what messages do, also to what is not there, and no more", () => {
  assert.equal(denegado(servicio, "cliente.anotar", null), null);
  assert.deepEqual(denegado(servicio, "cliente.leer", "c-1"), { tipo: "prohibido" });
  assert.deepEqual(denegado(operador, "cliente.anotar", "c-1"), { tipo: "prohibido" });
});

Deno.test("what was not found is hidden from who sees a part, and missing for who sees all", () => {
  assert.deepEqual(visto(socio, "pagos.leer", null), { ok: false, error: { tipo: "oculto" } });
  assert.deepEqual(visto(operador, "pagos.leer", null), { ok: false, error: { tipo: "no_existe" } });
  assert.deepEqual(visto(socio, "pagos.leer", 7), { ok: true, value: 7 });
});

Deno.test("a line that is not in the table lets nobody through", () => {
  const nadie = "nada.nada" as keyof typeof POLITICA;
  assert.equal(permitido(con(["admin"]), nadie, "c-1"), "no");
  assert.equal(alcance(con(["admin"]), nadie), null);
});
