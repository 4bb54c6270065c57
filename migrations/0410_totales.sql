-- Totals that are kept with the write, so that no figure of a dashboard counts rows: exact, in the transaction of what
-- they count, whoever writes it. A figure is the sum of its rows, one for each connection that writes (`ranura`, its
-- process id): two transactions never want the same row, so they neither wait for each other nor deadlock. The rows of
-- connections that ended are folded into `ranura` 0 now and then (`plegar_totales`).
create table cliente.totales (
  estado text not null, tipo_cliente text not null,
  -- In which they were registered, so that "the last 30 days" is some hundred rows and a part of one hour; what is older
  -- is folded into `-infinity`.
  hora timestamptz not null,
  ranura int not null,
  cantidad bigint not null,
  primary key (estado, tipo_cliente, hora, ranura)
) with (fillfactor = 50);
create table campanias.totales (
  estado text not null, tipo_campania text not null, ranura int not null,
  cantidad bigint not null, aprobadas bigint not null,
  primary key (estado, tipo_campania, ranura)
) with (fillfactor = 50);
create table pagos.totales (
  moneda text not null, estado text not null, ranura int not null,
  cantidad bigint not null, monto numeric not null,
  primary key (moneda, estado, ranura)
) with (fillfactor = 50);
-- The first and the last that was paid in a currency: two probes.
create index payouts_terminados on pagos.payouts (moneda, terminado) where estado = 'EXITOSO';

create function cliente.contar() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
  if tg_op = 'UPDATE' then
    insert into cliente.totales as t (estado, tipo_cliente, hora, ranura, cantidad)
    select estado, tipo_cliente, date_trunc('hour', fecha_registro, 'UTC'), pg_backend_pid(), sum(n)
      from (select estado, tipo_cliente, fecha_registro, 1 as n from filas
            union all select estado, tipo_cliente, fecha_registro, -1 from viejas) d
     group by 1, 2, 3 having sum(n) <> 0
        on conflict (estado, tipo_cliente, hora, ranura) do update set cantidad = t.cantidad + excluded.cantidad;
  else
    insert into cliente.totales as t (estado, tipo_cliente, hora, ranura, cantidad)
    select estado, tipo_cliente, date_trunc('hour', fecha_registro, 'UTC'), pg_backend_pid(), sum(tg_argv[0]::int)
      from filas group by 1, 2, 3
        on conflict (estado, tipo_cliente, hora, ranura) do update set cantidad = t.cantidad + excluded.cantidad;
  end if;
  return null;
end $$;
create function campanias.contar() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
  if tg_op = 'UPDATE' then
    insert into campanias.totales as t (estado, tipo_campania, ranura, cantidad, aprobadas)
    select estado, tipo_campania, pg_backend_pid(), sum(n), sum(a)
      from (select estado, tipo_campania, 1 as n, (fecha_aprobacion is not null)::int as a from filas
            union all select estado, tipo_campania, -1, -(fecha_aprobacion is not null)::int from viejas) d
     group by 1, 2 having sum(n) <> 0 or sum(a) <> 0
        on conflict (estado, tipo_campania, ranura) do update
           set cantidad = t.cantidad + excluded.cantidad,
             aprobadas = t.aprobadas + excluded.aprobadas;
  else
    insert into campanias.totales as t (estado, tipo_campania, ranura, cantidad, aprobadas)
    select estado, tipo_campania, pg_backend_pid(), sum(n), sum(a)
      from (select estado, tipo_campania, tg_argv[0]::int as n,
                   tg_argv[0]::int * (fecha_aprobacion is not null)::int as a from filas) d
     group by 1, 2 having sum(n) <> 0 or sum(a) <> 0
        on conflict (estado, tipo_campania, ranura) do update
           set cantidad = t.cantidad + excluded.cantidad,
             aprobadas = t.aprobadas + excluded.aprobadas;
  end if;
  return null;
end $$;
create function pagos.contar() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
  if tg_op = 'UPDATE' then
    insert into pagos.totales as t (moneda, estado, ranura, cantidad, monto)
    select moneda, estado, pg_backend_pid(), sum(n), sum(n * monto)
      from (select moneda, estado, monto, 1 as n from filas union all select moneda, estado, monto, -1 from viejas) d
     group by 1, 2 having sum(n) <> 0 or sum(n * monto) <> 0
        on conflict (moneda, estado, ranura) do update
           set cantidad = t.cantidad + excluded.cantidad,
             monto = t.monto + excluded.monto;
  else
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

create trigger clientes_cuentan after insert on cliente.clientes
  referencing new table as filas for each statement execute function cliente.contar('1');
create trigger clientes_recuentan after update on cliente.clientes
  referencing old table as viejas new table as filas for each statement execute function cliente.contar();
create trigger clientes_descuentan after delete on cliente.clientes
  referencing old table as filas for each statement execute function cliente.contar('-1');

create trigger campanias_cuentan after insert on campanias.campanias
  referencing new table as filas for each statement execute function campanias.contar('1');
create trigger campanias_recuentan after update on campanias.campanias
  referencing old table as viejas new table as filas for each statement execute function campanias.contar();
create trigger campanias_descuentan after delete on campanias.campanias
  referencing old table as filas for each statement execute function campanias.contar('-1');

create trigger payouts_cuentan after insert on pagos.payouts
  referencing new table as filas for each statement execute function pagos.contar('1');
create trigger payouts_recuentan after update on pagos.payouts
  referencing old table as viejas new table as filas for each statement execute function pagos.contar();
create trigger payouts_descuentan after delete on pagos.payouts
  referencing old table as filas for each statement execute function pagos.contar('-1');

-- Counts anew: at first, at the end of a rebuild, and should `deno task verify` ever find a total wrong. Writers wait.
create function cliente.recontar() returns void language sql security definer set search_path = pg_catalog as $$
  lock table cliente.clientes in share mode;
  delete from cliente.totales;
  insert into cliente.totales (estado, tipo_cliente, hora, ranura, cantidad)
  select estado, tipo_cliente, date_trunc('hour', fecha_registro, 'UTC'), 0, count(*) from cliente.clientes group by 1, 2, 3;
$$;
create function campanias.recontar() returns void language sql security definer set search_path = pg_catalog as $$
  lock table campanias.campanias in share mode;
  delete from campanias.totales;
  insert into campanias.totales (estado, tipo_campania, ranura, cantidad, aprobadas)
  select estado, tipo_campania, 0, count(*), count(fecha_aprobacion) from campanias.campanias group by estado, tipo_campania;
$$;
create function pagos.recontar() returns void language sql security definer set search_path = pg_catalog as $$
  lock table pagos.payouts in share mode;
  delete from pagos.totales;
  insert into pagos.totales (moneda, estado, ranura, cantidad, monto)
  select moneda, estado, 0, count(*), sum(monto) from pagos.payouts group by moneda, estado;
$$;

-- Of connections that are no more.
create function cliente.plegar_totales() returns void language sql security definer set search_path = pg_catalog as $$
  with muertas as (
    delete from cliente.totales
     where ranura <> 0 and not exists (select from pg_stat_activity where pid = ranura)
        or ranura = 0 and hora > '-infinity' and hora < now() - interval '32 days' returning *)
  insert into cliente.totales as t (estado, tipo_cliente, hora, ranura, cantidad)
  select estado, tipo_cliente, case when hora < now() - interval '32 days' then '-infinity' else hora end, 0, sum(cantidad)
    from muertas group by 1, 2, 3
      on conflict (estado, tipo_cliente, hora, ranura) do update set cantidad = t.cantidad + excluded.cantidad;
$$;
create function campanias.plegar_totales() returns void language sql security definer set search_path = pg_catalog as $$
  with muertas as (
    delete from campanias.totales where ranura <> 0 and not exists (select from pg_stat_activity where pid = ranura) returning *)
  insert into campanias.totales as t (estado, tipo_campania, ranura, cantidad, aprobadas)
  select estado, tipo_campania, 0, sum(cantidad), sum(aprobadas) from muertas group by estado, tipo_campania
      on conflict (estado, tipo_campania, ranura) do update set cantidad = t.cantidad + excluded.cantidad, aprobadas = t.aprobadas + excluded.aprobadas;
$$;
create function pagos.plegar_totales() returns void language sql security definer set search_path = pg_catalog as $$
  with muertas as (
    delete from pagos.totales where ranura <> 0 and not exists (select from pg_stat_activity where pid = ranura) returning *)
  insert into pagos.totales as t (moneda, estado, ranura, cantidad, monto)
  select moneda, estado, 0, sum(cantidad), sum(monto) from muertas group by moneda, estado
      on conflict (moneda, estado, ranura) do update set cantidad = t.cantidad + excluded.cantidad, monto = t.monto + excluded.monto;
$$;

select cliente.recontar(), campanias.recontar(), pagos.recontar();

-- Nothing but what counts writes them.
revoke insert, update, delete on cliente.totales from alpes_cliente;
revoke insert, update, delete on campanias.totales from alpes_campanias;
revoke insert, update, delete on pagos.totales from alpes_pagos;
revoke execute on function cliente.recontar(), cliente.plegar_totales(), campanias.recontar(),
  campanias.plegar_totales(), pagos.recontar(), pagos.plegar_totales() from public;
grant execute on function cliente.recontar(), cliente.plegar_totales() to alpes_cliente;
grant execute on function campanias.recontar(), campanias.plegar_totales() to alpes_campanias;
grant execute on function pagos.recontar(), pagos.plegar_totales() to alpes_pagos;
