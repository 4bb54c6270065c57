// @ts-types="@types/pg"
import pg from "pg";

/**
 * Many payouts of partners at once, written behind the platform's back as it would have left them: history, attempts,
 * ledger, balances and totals fit, which `CONTROLES_PAGOS` checks. Four of five are EXITOSO, the rest FALLIDO, REVERTIDO and
 * RECHAZADO. Only two things are shorter than in life: one line of history each, and a reservation is one pair of lines.
 */
export async function sembrarPagos(databaseUrl: string, n: number): Promise<void> {
  const db = new pg.Client(databaseUrl);
  await db.connect();
  try {
    // Past triggers, which would post the balances line by line, and without the indexes, which are made faster whole.
    await db.query("set session_replication_role = replica");
    await db.query("set synchronous_commit = off");
    await db.query("set maintenance_work_mem = '256MB'");
    const rehacer = n > 50_000 ? await sinIndices(db) : () => Promise.resolve();
    await db.query(PAYOUTS, [n]);
    await db.query(INTENTOS);
    await db.query(HISTORIAL);
    for (const sql of ASIENTOS) await db.query(sql);
    await db.query(MOVIMIENTOS);
    await db.query(SALDOS);
    await db.query("select pagos.recontar()");
    await rehacer();
    for (const t of TABLAS) await db.query(`analyze pagos.${t}`);
  } finally {
    await db.end();
  }
}

const TABLAS = ["payouts", "intentos", "historial", "asientos", "movimientos", "saldos"];

const PAYOUTS =
  `insert into pagos.payouts (id, tipo, partner_id, cycle_id, moneda, monto, milesimas, pedido_monto, pedido_moneda,
    automatico, metodo, mascara, estado, motivo, referencia, terminado, reversion_motivo, reversion_actor, reversion_en,
    correlacion, creado, actualizado, version)
  select 'm-' || n, 'PARTNER', 'socio-' || n % 5000, 'ciclo-' || n / 5000, moneda, monto, monto * 10, monto, moneda,
         false, 'TRANSFERENCIA', '****' || lpad((n % 10000)::text, 4, '0'), estado,
         case when estado <> 'EXITOSO' then 'como se sembró' end, case when estado in ('EXITOSO', 'REVERTIDO') then 'ref-' || n end,
         creado + interval '2 seconds', case when estado = 'REVERTIDO' then 'como se sembró' end,
         case when estado = 'REVERTIDO' then 'siembra' end, case when estado = 'REVERTIDO' then creado end,
         'siembra', creado, creado + interval '2 seconds', 4
    from (select n, (array['COP', 'USD', 'EUR'])[1 + n % 3] as moneda, 1000 + n::bigint * 7919 % 100000000 as monto,
                 (array['FALLIDO', 'REVERTIDO', 'RECHAZADO', 'RECHAZADO'])[n % 20 + 1] as otro,
                 now() - interval '1 hour' - n * (interval '170 days' / $1::int) as creado
            from generate_series(1, $1::int) n) s, lateral (select coalesce(otro, 'EXITOSO') as estado) e`;

const INTENTOS = `insert into pagos.intentos (payout_id, numero, clave, estado, referencia, inicio, fin)
  select id, 1, id || ':1', case estado when 'FALLIDO' then 'NO_PAGADO' else 'PAGADO' end, referencia, creado, terminado
    from pagos.payouts where correlacion = 'siembra' and estado <> 'RECHAZADO'`;

const HISTORIAL = `insert into pagos.historial (payout_id, estado_nuevo, motivo, actor, correlacion, fecha)
  select id, estado, motivo, 'siembra', correlacion, terminado from pagos.payouts where correlacion = 'siembra'`;

/** Reserved, paid, and each of them taken back where the state says so. */
const asiento = (clave: string, hecho: string, estados: string) =>
  `insert into pagos.asientos (clave, hecho, partner_id, payout_id, en, actor, correlacion, causa)
   select '${clave}:' || id, '${hecho}', partner_id, id, terminado, 'siembra', correlacion, correlacion
     from pagos.payouts where correlacion = 'siembra' and estado in (${estados})`;
const reverso = (clave: string) =>
  `insert into pagos.asientos (clave, hecho, partner_id, payout_id, revierte, en, actor, correlacion, causa)
   select 'reverso:' || a.clave, 'payout_devuelto', a.partner_id, a.payout_id, a.id, a.en, a.actor, a.correlacion, a.causa
     from pagos.asientos a join pagos.payouts p on p.id = a.payout_id
    where a.clave = '${clave}:' || p.id and p.correlacion = 'siembra' and p.estado in ('FALLIDO', 'REVERTIDO')`;
const ASIENTOS = [
  asiento("reserva", "payout_reservado", "'EXITOSO', 'FALLIDO', 'REVERTIDO'"),
  asiento("pago", "payout_pagado", "'EXITOSO', 'REVERTIDO'"),
  reverso("reserva"),
  reverso("pago"),
];

const MOVIMIENTOS = `insert into pagos.movimientos (asiento, n, cuenta, moneda, importe, en)
  select a.id, l.n, case when l.n = (case when es_pago then 1 else 0 end) then case when es_pago then 'banco' else 'ajustes' end
                         else 'partner:' || a.partner_id || ':en_pago' end,
         p.moneda, (case when l.n = 0 then -1 else 1 end) * (case when a.revierte is null then 1 else -1 end) * p.monto, a.en
    from (select *, clave like 'pago:%' or clave like 'reverso:pago:%' as es_pago from pagos.asientos) a
    join pagos.payouts p on p.id = a.payout_id, (values (0), (1)) l(n)
   where p.correlacion = 'siembra'`;

const SALDOS = `insert into pagos.saldos (cuenta, moneda, saldo, movimientos, actualizado)
  select cuenta, moneda, sum(importe), count(*), max(en) from pagos.movimientos group by 1, 2
      on conflict (cuenta, moneda) do update set saldo = excluded.saldo, movimientos = excluded.movimientos`;

/** Drops the indexes of those tables that no constraint needs; what it gives makes them again. */
async function sinIndices(db: pg.Client): Promise<() => Promise<void>> {
  const { rows } = await db.query<{ nombre: string; hacer: string }>(
    `select format('%I.%I', i.schemaname, i.indexname) as nombre, i.indexdef as hacer from pg_indexes i
      where i.schemaname = 'pagos' and i.tablename = any($1::text[])
        and not exists (select from pg_constraint c where c.conindid = format('%I.%I', i.schemaname, i.indexname)::regclass)`,
    [TABLAS],
  );
  for (const { nombre } of rows) await db.query(`drop index ${nombre}`);
  return async () => {
    for (const { hacer } of rows) await db.query(hacer);
  };
}
