import assert from "node:assert/strict";
import { authApp } from "../testing/auth_app.ts";
import { devKeys } from "./dev_keys.ts";
import { type Running, screen } from "./screen.ts";

Deno.test("dev --claves has a key for each role; those of the start before are over", async () => {
  await using a = await authApp();
  const first = await devKeys(a.fresh.url);
  for (const [rol, key] of Object.entries(first.claves)) {
    const who = await a.who(key);
    assert.deepEqual([who.roles, who.cliente], [[rol], rol === "partner" ? "demo-partner" : null]);
  }
  const second = await devKeys(a.fresh.url);
  a.time.ms += 2_000;
  for (const key of Object.values(first.claves)) assert.equal(await a.who(key), 401);
  for (const key of Object.values(second.claves)) assert.notEqual(await a.who(key), 401);
  const link = await a.desk.canjear(second.codigo, "sol-1");
  assert.ok(link.ok && link.value.roles.includes("admin"));
});

Deno.test("the screen fits into sixteen lines, with keys and without, and says who may do what", () => {
  const r: Running = {
    pid: 1,
    auth: "ninguna",
    api: "http://a",
    services: "http://s",
    data: "/d",
    psql: "psql x",
    log: "/l",
    seconds: 1,
  };
  const claves = { partner: "p", operador: "o", aprobador: "b", auditor: "u", admin: "alp_x", servicio: "s" };
  const open = screen(r, false, false);
  const asked = screen({ ...r, auth: "claves" }, false, false, { claves, codigo: "c-1" });
  for (const s of [open, asked]) assert.ok(s.split("\n").length <= 16, s);
  assert.match(open, /AUTH_MODE=ninguna +whoever is on this machine may do everything/);
  assert.match(asked, /sesion\/enlace\?codigo=c-1\n[^]*admin +alp_x\n/);
  assert.doesNotMatch(asked, /AUTH_MODE=ninguna/);
});
