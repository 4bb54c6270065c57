import assert from "node:assert/strict";
import { openDatabase } from "@alpes/shared/adapters/postgres/database.ts";
import { PERMISSIONS } from "@alpes/shared/dev/child.ts";
import { freePorts } from "@alpes/shared/dev/pulsar_broker.ts";
import { PROBE } from "@alpes/shared/http/probe.ts";
import { freshDatabase } from "@alpes/shared/testing/database.ts";
import { eventually } from "@alpes/shared/testing/eventually.ts";
import { acceptance, dig } from "./acceptance.ts";

const PAGOS = new URL("../services/pagos/main.ts", import.meta.url).href;

/** Runs pagos as its container does, until it ends or is told to. */
function pagos(env: Record<string, string>, ...args: string[]) {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", ...PERMISSIONS, PAGOS, ...args],
    env: { HOST: "0.0.0.0", LOG_FORMAT: "json", NO_COLOR: "1", ALPES_PARENT_PID: String(Deno.pid), ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

acceptance("a container without a database lives, and says why it is not ready", async () => {
  const [port = 0, nobody = 0] = freePorts(2);
  const env = { PORT: String(port), DATABASE_URL: `postgres://alpes_pagos@127.0.0.1:${nobody}/alpes` };
  const child = pagos(env);
  try {
    const base = `http://127.0.0.1:${port}`;
    const health = await eventually(() => fetch(`${base}/health`), { ms: 30_000, every: 50 });
    assert.equal(health.status, 200);
    assert.equal(dig(await health.json(), "status"), "up");
    const ready = await fetch(`${base}/ready`);
    assert.equal(ready.status, 503);
    assert.match(await ready.text(), /base_de_datos.*ECONNREFUSED/);

    const probed = await pagos(env, PROBE).output();
    assert.equal(probed.code, 1);
    assert.match(new TextDecoder().decode(probed.stdout), /base_de_datos/);
  } finally {
    child.kill("SIGTERM");
    assert.equal((await child.output()).code, 0);
  }
});

acceptance(
  "a release that is older than what its database went through refuses to start, and says so",
  async () => {
    await using fresh = await freshDatabase();
    await using admin = openDatabase({ url: fresh.adminUrl, max: 1 });
    const env = { PORT: String(freePorts(1)[0]), DATABASE_URL: fresh.urlFor("alpes_pagos") };
    const applied = (name: string) =>
      admin.query("insert into public.migraciones (version, nombre, suma) values ($1, $2, '')", [
        Number(name.slice(0, 4)),
        name,
      ]);

    // An addition of the next release is no obstacle: that is what lets one instance after the other be replaced.
    await applied("9998_mas.sql");
    const serves = pagos(env);
    await eventually(async () => {
      const r = await fetch(`http://127.0.0.1:${env.PORT}/ready`);
      await r.body?.cancel();
      assert.equal(r.status, 200);
    }, { ms: 30_000, every: 50 });
    // What takes something away is one, also for a process that runs already.
    await applied("9999_menos_contrae.sql");
    const r = await fetch(`http://127.0.0.1:${env.PORT}/ready`);
    assert.equal(r.status, 503);
    assert.match(await r.text(), /9999_menos_contrae\.sql/);
    serves.kill("SIGTERM");
    await serves.output();

    const { code, stderr } = await pagos(env).output();
    assert.equal(code, 1);
    assert.match(
      new TextDecoder().decode(stderr),
      /this release is too old for its database\n\s+why: .*9999_menos_contrae\.sql took away what this one needs/,
    );
  },
);
