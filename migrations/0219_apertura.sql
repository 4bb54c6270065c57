-- What stood before there was a ledger is posted as if it had always been there: each fact once, at its own time, with the
-- keys that the module itself gives. Does nothing in a new database.
create temporary table apertura (
  clave text primary key, hecho text not null, partner_id text, id_campania text, payout_id text, transaccion_id text,
  de text, en timestamptz not null, correlacion text
) on commit drop;
create temporary table apertura_lineas (
  clave text not null, n int not null, cuenta text not null, moneda text not null, importe bigint not null
) on commit drop;
create function pg_temp.mover(clave text, n int, de text, a text, moneda text, monto bigint) returns void language sql as $$
  insert into apertura_lineas select clave, n + i, case when i = 0 then de else a end, moneda, case when i = 0 then -monto else monto end
    from generate_series(0, 1) i where monto > 0 $$;

-- Campaigns were approved with their budget, or with what was paid for them; never with less than they spent.
with pagado as (
  select id_campania, moneda, sum(monto)::bigint as monto from pagos.payouts
   where tipo = 'CAMPANIA' and estado = 'EXITOSO' group by 1, 2
), fondos as (
  select c.id, coalesce(nullif(c.gastado_moneda, ''), c.presupuesto_moneda, p.moneda) as moneda,
         greatest(coalesce(c.gastado, 0), case
           when c.estado = 'CANCELADA' then 0
           when c.presupuesto is null then coalesce(p.monto, 0)
           when c.gastado_moneda is not null and c.gastado_moneda <> c.presupuesto_moneda then 0
           else c.presupuesto end) as monto
    from pagos.campanias c left join pagado p on p.id_campania = c.id
   where c.estado in ('APROBADA', 'PAUSADA', 'FINALIZADA') or c.gastado > 0
)
update pagos.campanias c set fondeado = f.monto, fondeado_moneda = f.moneda, fondeos = 1
  from fondos f where f.id = c.id and f.monto > 0 and c.fondeos = 0;
insert into apertura select 'fondeo:' || id, 'campania_fondeada', id_cliente, id, null, null, null, now(), null
  from pagos.campanias where fondeos = 1 and not exists (select from pagos.asientos where clave = 'fondeo:' || id);
select pg_temp.mover('fondeo:' || id, 0, 'cliente:' || id_cliente || ':por_cobrar', 'campania:' || id || ':presupuesto',
                     fondeado_moneda, fondeado)
  from pagos.campanias join apertura on clave = 'fondeo:' || id;

-- Commissions, and what was taken back of them.
create temporary view viejas as
  select t.*, case when id_campania is null then 'plataforma:comisiones' else 'campania:' || id_campania || ':presupuesto' end as origen,
         'partner:' || partner_id || ':disponible' as suyo, c.estado as contra
    from pagos.transacciones t
    left join lateral (select estado from pagos.transacciones c where c.reembolso_de = t.id limit 1) c on true
   where t.reembolso_de is null and t.comision > 0
     and not exists (select from pagos.asientos where clave = 'comision:' || t.id);
insert into apertura select 'comision:' || id, 'comision', partner_id, id_campania, null, id, null, creada, null from viejas
  union all
  select 'reembolso:' || id, 'reembolso', partner_id, id_campania, null, id,
         case when contra is null then 'comision:' || id end, now(), null from viejas where estado = 'REFUNDED'
  union all
  select 'anulacion:' || id, 'comision_anulada', partner_id, id_campania, null, id, null, now(), null
    from viejas where estado = 'REFUNDED' and contra = 'CANCELLED';
select pg_temp.mover('comision:' || id, 0, origen, suyo, moneda, comision) from viejas
  union all select pg_temp.mover('reembolso:' || id, 0, 'ajustes', origen, moneda, comision)
    from viejas where estado = 'REFUNDED' and contra is not null
  union all select pg_temp.mover('anulacion:' || id, 0, suyo, 'ajustes', moneda, comision)
    from viejas where estado = 'REFUNDED' and contra = 'CANCELLED';

-- Payouts: what was set aside, what was paid, and what came back.
create temporary view viejos as
  select p.id, p.tipo, p.estado, p.partner_id, p.id_campania, p.moneda, p.monto, p.correlacion, p.creado,
         coalesce(p.terminado, p.actualizado) as fin, 'partner:' || p.partner_id || ':disponible' as suyo,
         'partner:' || p.partner_id || ':en_pago' as reserva, coalesce(l.ganado, 0) as ganado, coalesce(l.debido, 0) as debido
    from pagos.payouts p
    left join lateral (
      select sum(t.comision) filter (where t.reembolso_de is null) as ganado,
             -sum(t.comision) filter (where t.reembolso_de is not null) as debido
        from pagos.lineas l join pagos.transacciones t on t.id = l.transaccion_id where l.payout_id = p.id) l on true
   where p.estado in ('CONFIRMADO', 'EN_PROCESO', 'EN_VERIFICACION', 'EXITOSO', 'FALLIDO', 'REVERTIDO')
     and not exists (select from pagos.asientos a where a.clave in ('reserva:' || p.id, 'cobro:' || p.id));
insert into apertura select 'reserva:' || id, 'payout_reservado', partner_id, null, id, null, null, creado, correlacion
    from viejos where tipo = 'PARTNER'
  union all select 'pago:' || id, 'payout_pagado', partner_id, null, id, null, null, fin, correlacion
    from viejos where tipo = 'PARTNER' and estado in ('EXITOSO', 'REVERTIDO')
  union all select 'cobro:' || id, 'campania_pagada', partner_id, id_campania, id, null, null, fin, correlacion
    from viejos where tipo = 'CAMPANIA' and estado in ('EXITOSO', 'REVERTIDO')
  union all select 'reverso:pago:' || id, 'payout_devuelto', partner_id, null, id, null, 'pago:' || id, fin, correlacion
    from viejos where tipo = 'PARTNER' and estado = 'REVERTIDO'
  union all select 'reverso:cobro:' || id, 'campania_devuelta', partner_id, id_campania, id, null, 'cobro:' || id, fin, correlacion
    from viejos where tipo = 'CAMPANIA' and estado = 'REVERTIDO'
  union all select 'reverso:reserva:' || id, 'payout_devuelto', partner_id, null, id, null, 'reserva:' || id, fin, correlacion
    from viejos where tipo = 'PARTNER' and estado in ('FALLIDO', 'REVERTIDO');
select pg_temp.mover('reserva:' || id, 0, 'ajustes', suyo, moneda, (monto + debido - ganado)::bigint),
       pg_temp.mover('reserva:' || id, 2, suyo, 'ajustes', moneda, debido::bigint),
       pg_temp.mover('reserva:' || id, 4, suyo, reserva, moneda, monto)
  from viejos where tipo = 'PARTNER';
select pg_temp.mover('pago:' || id, 0, reserva, 'banco', moneda, monto)
  from viejos where tipo = 'PARTNER' and estado in ('EXITOSO', 'REVERTIDO');
select pg_temp.mover('cobro:' || id, 0, 'banco', 'cliente:' || partner_id || ':por_cobrar', moneda, monto)
  from viejos where tipo = 'CAMPANIA' and estado in ('EXITOSO', 'REVERTIDO');
insert into apertura_lineas
select a.clave, l.n, l.cuenta, l.moneda, -l.importe from apertura a join apertura_lineas l on l.clave = a.de;

insert into pagos.asientos (clave, hecho, partner_id, id_campania, payout_id, transaccion_id, en, actor, correlacion, causa)
select clave, hecho, partner_id, id_campania, payout_id, transaccion_id, en, 'servicio:migracion', coalesce(correlacion, 'apertura'),
       'apertura'
  from apertura where de is null order by en, clave;
insert into pagos.asientos (clave, hecho, partner_id, id_campania, payout_id, transaccion_id, revierte, en, actor, correlacion, causa)
select p.clave, p.hecho, p.partner_id, p.id_campania, p.payout_id, p.transaccion_id, a.id, p.en, 'servicio:migracion',
       coalesce(p.correlacion, 'apertura'), 'apertura'
  from apertura p join pagos.asientos a on a.clave = p.de order by p.en, p.clave;
insert into pagos.movimientos (asiento, n, cuenta, moneda, importe, en)
select a.id, l.n, l.cuenta, l.moneda, l.importe, a.en from apertura_lineas l join pagos.asientos a on a.clave = l.clave;
drop view viejas, viejos;
