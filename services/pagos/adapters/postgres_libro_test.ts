import assert from "node:assert/strict";
import { v7 } from "uuid";
import { openDatabase, sqlState } from "@alpes/shared/adapters/postgres/database.ts";
import { postgresUnitOfWork } from "@alpes/shared/adapters/postgres/unit_of_work.ts";
import { eventually } from "@alpes/shared/testing/eventually.ts";
import { ok } from "@alpes/shared/seedwork/result.ts";
import { dinero } from "@alpes/shared/seedwork/money.ts";
import { disponible, presupuesto } from "../domain/libro/cuentas.ts";
import { SIN_CAMBIOS } from "../application/aplicar.ts";
import { NADA } from "../application/ports.ts";
import { deLiberador } from "../application/liberar.ts";
import { liberacion } from "../domain/libro/hechos.ts";
import { conCampania, contexto, enPostgres, mensaje, partner, venta } from "../modulo_de_prueba.ts";
import { enero, idDe } from "./casos_de_contrato.ts";
import { comandosPagos } from "../application/comandos.ts";
import { postgresPagos } from "./postgres.ts";
import { postgresConsultasPagos } from "./postgres_consultas.ts";
import { iniciarLiberador } from "./liberador.ts";

type Modulo = Awaited<ReturnType<typeof enPostgres>>;
const rechaza = async (algo: Promise<unknown>, codigo: string): Promise<void> => {
  await assert.rejects(algo, (e) => sqlState(e) === codigo);
};
const asiento = (clave: string, revierte: number | null = null) =>
  `insert into pagos.asientos (clave, hecho, revierte, en, actor, correlacion, causa)
   values ('${clave}', 'comision', ${revierte}, now(), 'a', 's', 's') returning id`;
const lineas = (asiento: string, ...ls: (readonly [string, number])[]) =>
  `insert into pagos.movimientos (asiento, n, cuenta, moneda, importe, en) values ${
    ls.map(([cuenta, importe], n) =>
      `((select id from pagos.asientos where clave = '${asiento}'), ${n}, '${cuenta}', 'USD', ${importe}, now())`
    )
      .join(", ")
  }`;
const postear = (m: Modulo, clave: string, ...sentencias: string[]) =>
  m.db.transaction(async (tx) => {
    await tx.query(asiento(clave));
    for (const s of sentencias) await tx.query(s);
  });
const saldo = async (m: Modulo, cuenta: string): Promise<bigint> =>
  (await m.db.query<{ saldo: bigint }>("select saldo from pagos.saldos where cuenta = $1", [cuenta]))[0]
    ?.saldo ?? 0n;
/** Balances are the fold of the lines. */
async function cuadra(m: Modulo): Promise<void> {
  assert.deepEqual(
    await m.db.query(
      `select cuenta, moneda from pagos.saldos s
        full join (select cuenta, moneda, sum(importe)::bigint as suma, count(*) as n from pagos.movimientos group by 1, 2) f
        using (cuenta, moneda) where s.saldo is distinct from f.suma or s.movimientos is distinct from f.n`,
    ),
    [],
  );
}

Deno.test("PostgreSQL takes no entry that does not sum to zero, has no lines, or takes back another's", async () => {
  await using m = await enPostgres();
  await rechaza(postear(m, "vacio"), "23514");
  await rechaza(postear(m, "torcido", lineas("torcido", ["banco", 5], ["ajustes", -4])), "23514");
  await postear(m, "bueno", lineas("bueno", ["banco", 5], ["ajustes", -5]));
  const [bueno] = await m.db.query<{ id: bigint }>("select id from pagos.asientos where clave = 'bueno'");
  const reverso = (clave: string, ...ls: (readonly [string, number])[]) =>
    m.db.transaction(async (tx) => {
      await tx.query(asiento(clave, Number(bueno?.id)));
      await tx.query(lineas(clave, ...ls));
    });
  await rechaza(reverso("a-medias", ["banco", -4], ["ajustes", 4]), "23514");
  await reverso("entero", ["banco", -5], ["ajustes", 5]);
  await rechaza(reverso("otra-vez", ["banco", -5], ["ajustes", 5]), "23505");
  assert.equal(await saldo(m, "banco"), 0n);
  await cuadra(m);
});

Deno.test("PostgreSQL overdraws nothing that belongs to partners and campaigns", async () => {
  await using m = await enPostgres();
  for (
    const cuenta of [
      "partner:p:disponible",
      "partner:p:retenido",
      "partner:p:en_pago",
      "campania:c:presupuesto",
    ]
  ) {
    await rechaza(postear(m, cuenta, lineas(cuenta, [cuenta, -1], ["banco", 1])), "23514");
  }
  await postear(m, "x", lineas("x", ["partner:p:disponible", 5], ["banco", -5]));
  await postear(m, "y", lineas("y", ["partner:p:disponible", -5], ["banco", 5]));
  await rechaza(postear(m, "z", lineas("z", ["partner:p:disponible", -1], ["banco", 1])), "23514");
  await cuadra(m);
});

Deno.test("the module's role can neither change nor delete what is posted, nor write a balance", async () => {
  await using m = await enPostgres();
  await postear(m, "x", lineas("x", ["banco", 5], ["ajustes", -5]));
  for (
    const s of [
      "update pagos.asientos set hecho = 'otro'",
      "delete from pagos.asientos",
      "truncate pagos.asientos cascade",
      "update pagos.movimientos set importe = 1",
      "delete from pagos.movimientos",
      "update pagos.saldos set saldo = 0",
      "delete from pagos.saldos",
      "insert into pagos.saldos (cuenta, moneda, saldo, movimientos, actualizado) values ('caja', 'USD', 1, 1, now())",
    ]
  ) await rechaza(m.db.query(s), "42501");
});

Deno.test("64 who spend one budget at once spend it to its end and not beyond, and the ledger agrees", async () => {
  await using m = await enPostgres();
  await conCampania(m, "ca-1", { presupuesto: 10_000n, aprobada: true });
  // Two processes: what one has in hand the other does not know.
  const otra = otroProceso(m);
  await using _ = otra;
  const todas = await Promise.all(
    Array.from(
      { length: 64 },
      (_, i) =>
        (i % 2 === 0 ? m : otra).comandos.registrarTransacciones(contexto(), [
          venta(`t-${i}`, `p-${i % 3}`, { idCampania: "ca-1", comision: { valor: "7.00", moneda: "USD" } }),
        ]),
    ),
  );
  assert.equal(todas.filter((r) => r.ok).length, 14);
  assert.equal(await saldo(m, presupuesto("ca-1")), 200n);
  assert.equal(
    (await Promise.all([0, 1, 2].map((p) => saldo(m, disponible(`p-${p}`))))).reduce((a, b) => a + b, 0n),
    9_800n,
  );
  await cuadra(m);
});

/** The module over the same database, as another process has it. */
function otroProceso(m: Modulo) {
  const db = openDatabase({ url: m.url, role: "alpes_pagos", max: 16 });
  const uow = postgresUnitOfWork(db, postgresPagos, { newId: v7 });
  return {
    uow,
    comandos: comandosPagos({
      uow,
      pagos: postgresConsultasPagos(db),
      newId: v7,
      dormir: (ms) => new Promise((r) => setTimeout(r, ms)),
    }),
    [Symbol.asyncDispose]: () => db[Symbol.asyncDispose](),
  };
}

Deno.test("a fact that two post at once is posted once", async () => {
  await using m = await enPostgres(undefined, 1);
  const otra = otroProceso(m);
  await using _ = otra;
  const r = await m.comandos.registrarTransacciones(contexto(), [venta("t-1", "p-1")]);
  const [t] = r.ok ? r.value.transacciones : [];
  if (t === undefined) throw new Error("it was not recorded");
  // Both decide on nothing that the other changes: only the entry's key stands between them.
  const veces = await Promise.allSettled(
    [m, otra, m, otra].map(({ uow }) =>
      uow.ejecutar(mensaje(), NADA, () =>
        ok({
          value: null,
          changes: { ...SIN_CAMBIOS, writes: { ...SIN_CAMBIOS.writes, asientos: liberacion(t) } },
        }))
    ),
  );
  assert.equal(veces.filter((v) => v.status === "fulfilled").length, 1);
  assert.equal(await saldo(m, disponible("p-1")), 500n);
  await cuadra(m);
});

Deno.test("held commissions are released when their time has come, by the worker or by the payout that takes them", async () => {
  await using m = await enPostgres(undefined, 1);
  await m.comandos.registrarCiclo(contexto(), enero);
  await m.comandos.registrarTransacciones(contexto(), [venta("t-1", "p-1"), venta("t-2", "p-2")]);
  assert.deepEqual(await m.retenidas.debidas(10), []);
  await m.db.query(
    "update pagos.transacciones set libera = clock_timestamp() - interval '1 s' where id = 't-2'",
  );
  const id = idDe(await m.comandos.pagarPartner(contexto(), partner("p-2", "2026-01")));
  assert.equal((await m.pagos.obtener(id))?.payout.ficha.monto_total.unidades, 500n);
  await m.db.query("update pagos.transacciones set libera = clock_timestamp() - interval '1 s'");
  await using _ = iniciarLiberador({
    retenidas: m.retenidas,
    liberar: (ids) => m.comandos.liberar(deLiberador("1"), ids),
    onError: (e) => assert.fail(String(e)),
    pausa: { min: 5, max: 20 },
  });
  await eventually(async () => await saldo(m, disponible("p-1")) === 500n);
  assert.deepEqual((await m.pagos.transaccion("t-1"))?.comision, dinero(500n, "USD"));
  assert.equal((await m.pagos.transaccion("t-1"))?.liberada, true);
  await cuadra(m);
});
