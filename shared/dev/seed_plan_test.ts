import assert from "node:assert/strict";
import { MIN_CLIENTES, plan } from "./seed_plan.ts";

Deno.test("the same seed makes the same plan, another seed another one", () => {
  assert.deepEqual(plan(7, 30), plan(7, 30));
  assert.notDeepEqual(plan(7, 30).clientes[0], plan(8, 30).clientes[0]);
});

Deno.test("a longer plan begins with the shorter one, so that filling up changes nothing that stands", () => {
  const long = plan(7, 80);
  for (let n = MIN_CLIENTES; n < 80; n++) {
    const { clientes, campanias, ciclos, partners } = plan(7, n);
    assert.deepEqual(long.clientes.slice(0, n), clientes);
    assert.deepEqual(long.campanias.slice(0, n), campanias);
    assert.deepEqual(long.ciclos, ciclos);
    assert.deepEqual(long.partners.slice(0, partners.length), partners);
  }
});

Deno.test("the smallest plan has one of every way already", () => {
  const { clientes, campanias, partners } = plan(3, MIN_CLIENTES);
  const ways = (items: readonly { destino: string }[]) => [...new Set(items.map((i) => i.destino))].sort();
  assert.deepEqual(ways(clientes), ["ACTIVO", "INACTIVO", "SUSPENDIDO"]);
  assert.equal(ways(campanias).length, 10);
  assert.deepEqual(
    [...new Set(partners.map((p) => p.reembolso))].sort(),
    ["antes", "despues", "ninguno", "revertido"],
  );
});

Deno.test("no two seeds share an e-mail, a document or an id", () => {
  const seen = [1, 2, 11, 111].flatMap((s) =>
    plan(s, 50).clientes.flatMap(({ cuerpo }) =>
      [cuerpo.id, cuerpo["email"], cuerpo["cedula"] ?? cuerpo["rut"]].map(String)
    )
  );
  assert.equal(new Set(seen).size, seen.length);
});
