import assert from "node:assert/strict";
import { authApp } from "@alpes/shared/testing/auth_app.ts";

const CLI = "shared/auth/claves_cli.ts";

async function open() {
  const a = await authApp();
  const cli = async (args: readonly string[], url = a.fresh.url) => {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--no-prompt",
        "--allow-net",
        "--allow-env",
        "--allow-read",
        "--allow-sys",
        new URL(`../../${CLI}`, import.meta.url).pathname,
        ...args,
      ],
      env: { DATABASE_URL: url, USER: "ana", NO_COLOR: "1" },
      stdin: "null",
      signal: AbortSignal.timeout(60_000),
    }).output();
    const text = new TextDecoder();
    return { code, out: text.decode(stdout), err: text.decode(stderr) };
  };
  return { ...a, cli, [Symbol.asyncDispose]: () => a[Symbol.asyncDispose]() };
}

Deno.test("the command line makes a key, shows it alone and once, rotates and revokes it", async () => {
  await using a = await open();
  const made = await a.cli([
    "crear",
    "--nombre",
    "tienda",
    "--rol",
    "partner",
    "--cliente",
    "c-1",
    "--dias",
    "3",
  ]);
  assert.equal(made.code, 0, made.err);
  assert.match(made.out, /^alp_partner_\w+\n$/);
  const key = made.out.trim();
  const { id, cliente } = await a.who(key);
  assert.equal(cliente, "c-1");
  const list = await a.cli(["listar"]);
  assert.match(list.out, new RegExp(`^${id}  VIGENTE .* partner of c-1  tienda\n$`));
  assert.ok(!list.out.includes(key));

  const next = JSON.parse((await a.cli(["rotar", id, "--json"])).out);
  assert.equal(next.sustituye, id);
  assert.equal((await a.who(next.clave)).cliente, "c-1");
  assert.equal((await a.cli(["revocar", id])).code, 0);
  a.time.ms += 2_000;
  assert.equal(await a.who(key), 401);
  assert.equal((await a.cli(["revocar", id])).code, 1);
  const [line] = await a.admin.query<{ actor: string }>(
    "select actor from mensajeria.auditoria where accion = 'revocarClave'",
  );
  assert.equal(line?.actor, "persona:terminal:ana");
  const code = (await a.cli(["enlace", "--nombre", "ana", "--rol", "operador"])).out.trim();
  assert.ok((await a.desk.canjear(code, "sol-1")).ok);
});

Deno.test("what the command line is asked in vain it says in three lines", async () => {
  await using a = await open();
  for (
    const [args, why] of [
      [["crear", "--nombre", "x"], /--rol is missing/],
      [["crear", "--nombre", "x", "--rol", "rey"], /"rey" is no role/],
      [["crear", "--rol", "admin"], /--nombre must/],
      [["crear", "--nombre", "x", "--rol", "partner"], /--cliente is missing/],
      [["crear", "--nombre", "x", "--rol", "admin", "--dias", "367"], /--dias must/],
      [["revocar", "0000000000000000"], /there is no such key/],
      [["revocar", "x"], /needs the id/],
      [["quemar"], /there is no "quemar"/],
    ] as const
  ) {
    const r = await a.cli(args);
    assert.deepEqual([r.code, r.out], [1, ""], args.join(" "));
    assert.match(r.err, why);
    assert.equal(r.err.trim().split("\n").length, 3, r.err);
  }
  const module = await a.cli(["listar"], a.fresh.urlFor("alpes_pagos"));
  assert.match(module.err, /may not become alpes_seguridad/);
  const elsewhere = (change: (u: URL) => void) => {
    const u = new URL(a.fresh.adminUrl);
    change(u);
    return a.cli(["listar"], u.href);
  };
  const gone = await elsewhere((u) => u.pathname = "/no_existe");
  assert.match(gone.err, /does not exist\n.*deno task migrate/);
  const empty = await elsewhere((u) => u.pathname = "/template1");
  assert.match(empty.err, /no tables for keys yet\n.*deno task migrate/);
  for (const r of [gone, empty]) assert.equal(r.err.trim().split("\n").length, 3, r.err);
  // The process of cliente is the one that manages them where each has its own.
  assert.equal((await a.cli(["listar"], a.fresh.urlFor("alpes_cliente"))).code, 0);
});
