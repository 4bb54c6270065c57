// @ts-types="@types/pg"
import pg from "pg";
import { v7 } from "uuid";
import { freshDatabase } from "@alpes/shared/testing/database.ts";
import { openDatabase } from "@alpes/shared/adapters/postgres/database.ts";
import { postgresUnitOfWork } from "@alpes/shared/adapters/postgres/unit_of_work.ts";
import { comandosLiquidaciones } from "@alpes/services/pagos/application/liquidaciones.ts";
import { confirmarTanda } from "@alpes/services/pagos/application/liquidar.ts";
import { saldar } from "@alpes/services/pagos/application/saldar.ts";
import { TIEMPOS } from "@alpes/services/pagos/domain/agenda.ts";
import { iniciarLiquidador } from "@alpes/services/pagos/adapters/liquidador.ts";
import { postgresAgenda } from "@alpes/services/pagos/adapters/postgres_agenda.ts";
import { postgresAgendaLiquidaciones } from "@alpes/services/pagos/adapters/postgres_liquidaciones_agenda.ts";
import { postgresLiquidaciones } from "@alpes/services/pagos/adapters/postgres_liquidaciones.ts";
import { postgresPagos } from "@alpes/services/pagos/adapters/postgres.ts";
import { simuladorPsp } from "@alpes/services/pagos/adapters/psp/simulator.ts";
import { iniciarSaldador } from "@alpes/services/pagos/adapters/saldador.ts";

/**
 * `deno task bench:liquidaciones [partners] [transactions of each]`: plans and applies a payout
 * run over a database of its own, with the provider in the process, and says how long it took and what memory it held.
 */
async function medir(partners: number, cadaUno: number): Promise<void> {
  await using fresh = await freshDatabase();
  const admin = new pg.Client({ connectionString: fresh.adminUrl });
  await admin.connect();
  await sembrar(admin, partners, cadaUno);
  await admin.end();

  await using resources = new AsyncDisposableStack();
  const db = resources.use(openDatabase({ url: fresh.url, role: "alpes_pagos", max: 16 }));
  const uow = postgresUnitOfWork(db, postgresPagos, { newId: v7 });
  const comandos = comandosLiquidaciones({
    uow: postgresUnitOfWork(db, postgresLiquidaciones, { newId: v7 }),
    newId: v7,
    cuatroOjos: true,
  });
  const como = (id: string) => ({
    actor: { tipo: "persona" as const, id, roles: ["admin" as const], cliente: null },
    correlation_id: "bench",
    causation_id: "bench",
    traceparent: null,
    dedup: null,
  });
  const memoria = () => Math.round(Deno.memoryUsage().rss / 1_048_576);
  let pico = memoria();
  const reloj = setInterval(() => pico = Math.max(pico, memoria()), 100);
  resources.defer(() => clearInterval(reloj));
  const tarda = async <T>(que: string, hacer: () => Promise<T>): Promise<T> => {
    const desde = performance.now();
    const hecho = await hacer();
    console.log(`${que}: ${((performance.now() - desde) / 1_000).toFixed(2)} s, ${memoria()} MB`);
    return hecho;
  };
  const hasta = async (sql: string, error: string) => {
    for (let i = 0; i < 6_000; i++) {
      const [f] = await db.query<{ n: number }>(sql);
      if (f?.n === 0) return;
      await new Promise((r) => setTimeout(r, 50));
    }
    throw new Error(error);
  };

  console.log(`${partners} partners, ${partners * cadaUno} transactions; at first ${pico} MB`);
  const r = await tarda(
    "plan",
    () => comandos.calcular(como("ana"), { ciclo: "2026-01", corte: null, moneda: null }),
  );
  if (!r.ok) throw new Error(r.error.tipo);
  const { id, lineas } = r.value.liquidacion;
  const aprobada = await comandos.aprobar(como("eva"), id);
  if (!aprobada.ok) throw new Error(aprobada.error.tipo);
  const total = performance.now();
  const aplicada = await tarda(`take (${lineas} lines)`, () => comandos.aplicar(como("ana"), id, null));
  if (!aplicada.ok) throw new Error(aplicada.error.tipo);
  resources.use(iniciarLiquidador({
    agenda: postgresAgendaLiquidaciones(db),
    confirmar: confirmarTanda(uow, TIEMPOS),
    terminar: comandos.terminar,
    onError: (e) => console.error(e),
  }));
  await tarda(
    "confirm",
    () =>
      hasta("select count(*)::int as n from pagos.liquidaciones where estado <> 'APLICADA'", "never applied"),
  );
  console.log(`applied in ${((performance.now() - total) / 1_000).toFixed(2)} s`);
  if (Deno.args[2] === "saldar") {
    resources.use(iniciarSaldador({
      agenda: postgresAgenda(db),
      paso: saldar(uow, simuladorPsp(db), v7, TIEMPOS),
      arriendo: TIEMPOS.rescate,
      onError: (e) => console.error(e),
    }));
    await tarda(
      "settle",
      () => hasta("select count(*)::int as n from pagos.payouts where estado <> 'EXITOSO'", "never settled"),
    );
  }
  console.log(`at most ${pico} MB`);
}

/** Commissions as they are recorded, and the balance that they make, one entry a partner. */
async function sembrar(admin: pg.Client, partners: number, cadaUno: number): Promise<void> {
  await admin.query(
    `insert into pagos.ciclos (id, inicio, fin, estado, creado) values ('2026-01', '2026-01-01', '2026-01-31', 'ABIERTO', now())`,
  );
  await admin.query(
    `insert into pagos.condiciones (partner_id, suspendido, metodo, mascara, actualizado, version)
     values ('general', false, 'ACH', '****1234', now(), 1)`,
  );
  await admin.query(
    `insert into pagos.transacciones (id, partner_id, event_type, event_timestamp, original, moneda, comision, estado,
       por_pagar, huella, creada, libera, liberada, version)
     select 'tx-' || p || '-' || t, 'partner-' || p, 'VENTA', '2026-01-15T12:00:00Z', 10000, 'USD', 500, 'ACTIVE', true, '',
            '2026-01-15T12:00:00Z', '2026-01-15T12:00:00Z', true, 1
       from generate_series(1, $1::int) p, generate_series(1, $2::int) t`,
    [partners, cadaUno],
  );
  await admin.query(
    `with entradas as (
       insert into pagos.asientos (clave, hecho, partner_id, en, actor, correlacion, causa)
       select 'saldo:' || p, 'comision', 'partner-' || p, now(), 'bench', 'bench', 'bench' from generate_series(1, $1::int) p
       returning id, partner_id
     )
     insert into pagos.movimientos (asiento, n, cuenta, moneda, importe, en)
     select e.id, l.n, case l.n when 0 then 'plataforma:comisiones' else 'partner:' || e.partner_id || ':disponible' end,
            'USD', l.signo * 500 * $2::int, now()
       from entradas e cross join (values (0, -1), (1, 1)) as l(n, signo)`,
    [partners, cadaUno],
  );
  await admin.query("analyze pagos.transacciones");
}

if (import.meta.main) {
  await medir(Number(Deno.args[0] ?? 10_000), Number(Deno.args[1] ?? 20));
  Deno.exit();
}
