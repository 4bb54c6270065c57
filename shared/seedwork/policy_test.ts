import assert from "node:assert/strict";
import type { Actor, Rol } from "./actor.ts";
import { type Accion, permitido, POLITICA, ROLES } from "./policy.ts";

const clave = (roles: Rol[], cliente: string | null = null): Actor => ({
  tipo: "clave",
  id: "k",
  roles,
  cliente,
});
const acciones = Object.keys(POLITICA) as Accion[];

Deno.test("each role may what its column says, and nobody else may anything", () => {
  for (const accion of acciones) {
    ROLES.forEach((rol, i) => {
      const esperado = POLITICA[accion][i] === "si";
      const actor: Actor = rol === "servicio" ? { tipo: "servicio", id: "pagos" } : clave([rol]);
      assert.equal(permitido(actor, accion, null) === "si", esperado, `${rol} ${accion}`);
    });
    for (const nadie of [clave([]), { tipo: "anonimo" } as const, clave(["partner"])]) {
      const loDeTodos = nadie.tipo === "clave" && nadie.roles.includes("partner") &&
        POLITICA[accion][0] === "si";
      assert.equal(permitido(nadie, accion, "c-1") === "si", loDeTodos, accion);
    }
  }
});

Deno.test("a partner sees what is its own, and the rest is as if it were not there", () => {
  const socio = clave(["partner"], "c-1");
  assert.equal(permitido(socio, "cliente.leer", "c-1"), "si");
  assert.equal(permitido(socio, "cliente.leer", "c-2"), "oculto");
  assert.equal(permitido(socio, "campanias.leer", ["c-1", "c-2"]), "oculto");
  assert.equal(permitido(socio, "campanias.leer", null), "oculto");
});

Deno.test("what may be seen but not done is a plain no", () => {
  const socio = clave(["partner"], "c-1");
  assert.equal(permitido(socio, "cliente.editar", "c-1"), "no");
  assert.equal(permitido(socio, "cliente.editar", "c-2"), "oculto");
  assert.equal(permitido(clave(["auditor"]), "pagos.pagar", null), "no");
});

Deno.test("several roles together may what any of them may", () => {
  assert.equal(permitido(clave(["auditor", "operador"]), "pagos.pagar", null), "si");
  assert.equal(permitido(clave(["partner", "auditor"], "c-1"), "cliente.leer", "c-2"), "si");
});
