import assert from "node:assert/strict";
import { openDatabase } from "@alpes/shared/adapters/postgres/database.ts";
import { type Finding, runControls } from "@alpes/shared/adapters/postgres/verify.ts";
import { httpApi } from "@alpes/shared/dev/demo_api.ts";
import { campanias } from "@alpes/shared/dev/demo_campanias.ts";
import { partners } from "@alpes/shared/dev/demo_partners.ts";
import { CONTROLS } from "@alpes/shared/dev/verify.ts";
import { eventually } from "@alpes/shared/testing/eventually.ts";
import { startStack } from "@alpes/shared/testing/stack.ts";
import { acceptance, consumer, nuevoId, PATIENCE } from "./acceptance.ts";
import * as check from "./chaos_check.ts";

const stack = await startStack();
Deno.test.afterAll(async () => {
  await stack[Symbol.asyncDispose]();
});
const api = httpApi(stack.bffUrl);

/** Runs the command as a person would. */
async function command(...args: string[]): Promise<{ code: number; out: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "verify", ...args],
    env: { DATABASE_URL: stack.appUrl, NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder();
  return { code, out: text.decode(stdout) + text.decode(stderr) };
}

acceptance("a platform that has worked verifies clean, with its own login", async () => {
  const world = { api, prefix: nuevoId("v"), patience: PATIENCE, calm: true };
  await Promise.all([...campanias, ...partners].map((s) => s.run(world)));
  const { post } = consumer(stack.servicesUrl);
  // Some commissions that nobody has paid yet.
  for (let i = 0; i < 5; i++) {
    await post("/pagos/transacciones", {
      partner_id: "quien-espera",
      event_type: "VENTA",
      monto_original: { valor: "100.00", moneda: "USD" },
    });
  }
  await eventually(() => check.nothingIsLeftOver(api), { ms: 30_000, every: 200 });
  const { code, out } = await command();
  assert.equal(code, 0, out);
  assert.match(out, /all of it holds/);
  const json = JSON.parse((await command("--json")).out);
  assert.equal(json.findings.length, CONTROLS.length);
});

/** What somebody did behind the platform's back, as a superuser; and the check that must name it. */
const CORRUPTIONS: readonly { readonly what: string; readonly sql: string; readonly found: RegExp }[] = [
  {
    what: "a line's amount is raised",
    sql:
      "update pagos.movimientos set importe = importe + 1 where (asiento, n) = (select asiento, n from pagos.movimientos limit 1)",
    found: /sums to zero/,
  },
  {
    what: "both lines of an entry are lowered",
    sql: `update pagos.movimientos set importe = importe - sign(importe)
           where asiento = (select asiento from pagos.movimientos where abs(importe) > 1 group by asiento
                            having count(*) = 2 limit 1)`,
    found: /balance is the sum/,
  },
  {
    what: "the lines of an entry are gone",
    sql: "delete from pagos.movimientos where asiento = (select min(id) from pagos.asientos)",
    found: /has its lines/,
  },
  {
    what: "a balance is raised",
    sql: "update pagos.saldos set saldo = saldo + 100 where cuenta = 'banco'",
    found: /balance is the sum/,
  },
  {
    what: "money is taken from a partner, in the books as well",
    sql: `with a as (
            insert into pagos.asientos (clave, hecho, en, actor, correlacion, causa)
            values ('robo', 'comision', now(), 'x', 'x', 'x') returning id
          ), m as (
            insert into pagos.movimientos
            select a.id, n, cuenta, 'USD', importe, now() from a,
              (values (1, 'partner:quien-espera:disponible', -100), (2, 'banco', 100)) v(n, cuenta, importe)
          )
          update pagos.saldos
             set saldo = saldo + case cuenta when 'banco' then 100 else -100 end, movimientos = movimientos + 1
           where moneda = 'USD' and cuenta in ('banco', 'partner:quien-espera:disponible') returning 1`,
    found: /available and held/,
  },
  {
    what: "a payout's amount is raised",
    sql:
      `update pagos.payouts set monto = monto + 1 where id = (select p.id from pagos.payouts p join pagos.lineas l
            on l.payout_id = p.id limit 1)`,
    found: /payout is the sum of its lines/,
  },
  {
    what: "a paid commission is made payable again",
    sql:
      "update pagos.transacciones set payout_id = null where id = (select id from pagos.transacciones where payout_id is not null limit 1)",
    found: /no transaction is in two/,
  },
  {
    what: "the provider paid a payout twice",
    sql: `insert into pagos.psp_simulador (clave, payout_id, monto, moneda, resultado, referencia, pagado)
          select clave || '-otra', payout_id, monto, moneda, resultado, referencia || '-otra', pagado
            from pagos.psp_simulador where resultado = 'PAGADO' and pagado < now() limit 1`,
    found: /paid twice/,
  },
  {
    what: "a settled payout is made open again",
    sql:
      "update pagos.payouts set estado = 'CONFIRMADO', terminado = null where id = (select id from pagos.payouts where estado = 'EXITOSO' and tipo = 'PARTNER' limit 1)",
    found: /what was posted/,
  },
  {
    what: "a campaign may spend more",
    sql:
      "update pagos.campanias set fondeado = fondeado + 1 where id = (select id from pagos.campanias where fondeado is not null limit 1)",
    found: /funded with less what it spent/,
  },
  {
    what: "a campaign forgets a commission",
    sql:
      "update pagos.campanias set gastado = gastado - 1 where id = (select id from pagos.campanias where gastado > 0 limit 1)",
    found: /commissions less its refunds/,
  },
  {
    what: "an event is lost",
    sql: "delete from campanias.eventos where version = 2",
    found: /without a gap/,
  },
  {
    what: "what is read of a campaign was edited",
    sql:
      "update campanias.campanias set nombre = 'otro' where id = (select min(id) from campanias.campanias)",
    found: /what its events say/,
  },
  {
    what: "a cliente has one payment more",
    sql:
      "update cliente.clientes set total_pagos = total_pagos + 1 where id = (select min(id) from cliente.clientes)",
    found: /counted right/,
  },
  {
    what: "a total of clientes is raised",
    sql:
      "update cliente.totales set cantidad = cantidad + 1 where ctid = (select ctid from cliente.totales limit 1)",
    found: /totals of clientes/,
  },
  {
    what: "a cliente is moved to another hour",
    sql: `update cliente.clientes set fecha_registro = fecha_registro - interval '2 hours'
           where id = (select min(id) from cliente.clientes)`,
    found: /totals of clientes/,
  },
  {
    what: "a campaign is deleted past its totals",
    sql: "delete from campanias.campanias where id = (select min(id) from campanias.campanias)",
    found: /totals of campaigns/,
  },
  {
    what: "a total of payments is forgotten",
    sql:
      "delete from pagos.totales where ctid = (select ctid from pagos.totales where cantidad <> 0 limit 1)",
    found: /totals of payments/,
  },
  {
    what: "an hour of payments is raised",
    sql:
      "update pagos.horas set monto = monto + 1 where ctid = (select ctid from pagos.horas where cantidad <> 0 limit 1)",
    found: /hours of payments/,
  },
  {
    what: "a payment is moved to another hour",
    sql: `update pagos.payouts set creado = creado - interval '2 hours'
           where id = (select id from pagos.payouts where estado = 'EXITOSO' limit 1)`,
    found: /hours of payments/,
  },
  {
    what: "a change is taken out of the feed",
    sql: "delete from mensajeria.cambios where modulo = 'pagos' and n = 2",
    found: /feed has no gap/,
  },
];

acceptance("each of many ways to corrupt the database is found and named", async () => {
  await using db = openDatabase({ url: stack.databaseUrl, max: 1 });
  for (const { what, sql, found } of CORRUPTIONS) {
    const undo = new Error("undone");
    let findings: readonly Finding[] = [];
    await assert.rejects(
      db.transaction(async (tx) => {
        // As somebody who can do anything does it: past triggers and foreign keys.
        await tx.query("set local session_replication_role = replica");
        await tx.query("set constraints all deferred");
        assert.ok((await tx.query(returning(sql))).length > 0, `${what}: nothing was changed`);
        findings = await runControls(tx, CONTROLS);
        throw undo;
      }),
      undo,
    );
    const named = findings.filter((f) => f.count > 0);
    const it = named.find((f) => found.test(f.name));
    assert.ok(it !== undefined, `${what}: found ${named.map((f) => f.name).join("; ") || "nothing"}`);
    assert.ok(it.offences[0] !== undefined && it.offences[0].id.length > 0, what);
  }
  assert.equal((await command()).code, 0, "nothing of it stayed");
});

const returning = (sql: string) => sql.endsWith("returning 1") ? sql : `${sql} returning 1`;

acceptance("an offence ends the command with 1, and says which one it is", async () => {
  await using db = openDatabase({ url: stack.databaseUrl, max: 1 });
  await db.query(
    "update cliente.clientes set total_pagos = total_pagos + 1 where id = (select min(id) from cliente.clientes)",
  );
  const { code, out } = await command();
  assert.equal(code, 1);
  assert.match(out, /✗ a cliente's payments are counted right: 1[\s\S]*says \d+, it has \d+/);
});
