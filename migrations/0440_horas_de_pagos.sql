-- What trends are read from: the payments that stand (EXITOSO), by the hour in which they were asked for. Kept as
-- `pagos.totales` are, by the same trigger and in the same statement of it; older than any trend is folded into `-infinity`.
create table pagos.horas (
  hora timestamptz not null,
  moneda text not null,
  ranura int not null,
  cantidad bigint not null,
  monto numeric not null,
  primary key (hora, moneda, ranura)
) with (fillfactor = 50);

create or replace function pagos.contar() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
  if tg_op = 'UPDATE' then
    with d as materialized (
      select moneda, estado, monto, creado, 1 as n from filas union all select moneda, estado, monto, creado, -1 from viejas),
    h as (
      insert into pagos.horas as t (hora, moneda, ranura, cantidad, monto)
      select date_trunc('hour', creado, 'UTC'), moneda, pg_backend_pid(), sum(n), sum(n * monto)
        from d where estado = 'EXITOSO' group by 1, 2 having sum(n) <> 0 or sum(n * monto) <> 0
          on conflict (hora, moneda, ranura) do update set cantidad = t.cantidad + excluded.cantidad,
             monto = t.monto + excluded.monto)
    insert into pagos.totales as t (moneda, estado, ranura, cantidad, monto)
    select moneda, estado, pg_backend_pid(), sum(n), sum(n * monto) from d
     group by 1, 2 having sum(n) <> 0 or sum(n * monto) <> 0
        on conflict (moneda, estado, ranura) do update
           set cantidad = t.cantidad + excluded.cantidad,
             monto = t.monto + excluded.monto;
  else
    with h as (
      insert into pagos.horas as t (hora, moneda, ranura, cantidad, monto)
      select date_trunc('hour', creado, 'UTC'), moneda, pg_backend_pid(), sum(tg_argv[0]::int), sum(tg_argv[0]::int * monto)
        from filas where estado = 'EXITOSO' group by 1, 2
          on conflict (hora, moneda, ranura) do update set cantidad = t.cantidad + excluded.cantidad,
             monto = t.monto + excluded.monto)
    insert into pagos.totales as t (moneda, estado, ranura, cantidad, monto)
    select moneda, estado, pg_backend_pid(), sum(n), sum(n * monto)
      from (select moneda, estado, monto, tg_argv[0]::int as n from filas) d
     group by 1, 2 having sum(n) <> 0 or sum(n * monto) <> 0
        on conflict (moneda, estado, ranura) do update
           set cantidad = t.cantidad + excluded.cantidad,
             monto = t.monto + excluded.monto;
  end if;
  return null;
end $$;

create or replace function pagos.recontar() returns void language sql security definer set search_path = pg_catalog as $$
  lock table pagos.payouts in share mode;
  delete from pagos.totales;
  insert into pagos.totales (moneda, estado, ranura, cantidad, monto)
  select moneda, estado, 0, count(*), sum(monto) from pagos.payouts group by moneda, estado;
  delete from pagos.horas;
  insert into pagos.horas (hora, moneda, ranura, cantidad, monto)
  select date_trunc('hour', creado, 'UTC'), moneda, 0, count(*), sum(monto)
    from pagos.payouts where estado = 'EXITOSO' group by 1, 2;
$$;

create or replace function pagos.plegar_totales() returns void language sql security definer set search_path = pg_catalog as $$
  with muertas as (
    delete from pagos.totales where ranura <> 0 and not exists (select from pg_stat_activity where pid = ranura) returning *)
  insert into pagos.totales as t (moneda, estado, ranura, cantidad, monto)
  select moneda, estado, 0, sum(cantidad), sum(monto) from muertas group by moneda, estado
      on conflict (moneda, estado, ranura) do update set cantidad = t.cantidad + excluded.cantidad, monto = t.monto + excluded.monto;
  with muertas as (
    delete from pagos.horas
     where ranura <> 0 and not exists (select from pg_stat_activity where pid = ranura)
        or ranura = 0 and hora > '-infinity' and hora < now() - interval '190 days' returning *)
  insert into pagos.horas as t (hora, moneda, ranura, cantidad, monto)
  select case when hora < now() - interval '190 days' then '-infinity' else hora end, moneda, 0, sum(cantidad), sum(monto)
    from muertas group by 1, 2
      on conflict (hora, moneda, ranura) do update set cantidad = t.cantidad + excluded.cantidad, monto = t.monto + excluded.monto;
$$;

select pagos.recontar();

-- Nothing but what counts writes them.
revoke insert, update, delete on pagos.horas from alpes_pagos;
