-- The ledger. An entry (`asiento`) is one fact about money; its lines (`movimientos`) sum to zero in each currency. What
-- enters an account is positive, what leaves it negative. Nothing here is changed or deleted: a correction is an entry
-- that names the one it takes back.
create table pagos.asientos (
  id bigint generated always as identity primary key,
  -- The fact and what it is about, e.g. `comision:tx-1`: no fact is posted twice.
  clave text not null unique,
  hecho text not null,
  partner_id text,
  id_campania text,
  payout_id text,
  transaccion_id text,
  revierte bigint unique references pagos.asientos (id),
  en timestamptz not null,
  -- Its cause: who, in which request, by which request or message, as which step of a saga.
  actor text not null,
  correlacion text not null,
  causa text not null,
  saga_paso text
);
create index asientos_por_fecha on pagos.asientos (en desc, id desc);
create index asientos_por_payout on pagos.asientos (payout_id, id) where payout_id is not null;
create index asientos_por_transaccion on pagos.asientos (transaccion_id, id) where transaccion_id is not null;
create index asientos_por_campania on pagos.asientos (id_campania, id) where id_campania is not null;
create index asientos_por_solicitud on pagos.asientos (correlacion, id);

create table pagos.movimientos (
  asiento bigint not null references pagos.asientos (id),
  n int not null,
  cuenta text not null,
  moneda text not null,
  importe bigint not null check (importe <> 0 and importe between -1000000000000000 and 1000000000000000),
  -- The entry's time, for balances as of an instant.
  en timestamptz not null,
  primary key (asiento, n)
);
create index movimientos_por_cuenta on pagos.movimientos (cuenta, moneda, en, asiento) include (importe);

-- The sum of an account's lines, kept with them. What belongs to partners and campaigns is never overdrawn.
create table pagos.saldos (
  cuenta text not null,
  moneda text not null,
  saldo bigint not null,
  movimientos bigint not null,
  actualizado timestamptz not null,
  primary key (cuenta, moneda),
  constraint saldo_no_negativo check (saldo >= 0
    or cuenta !~ '^(partner:.*:(retenido|disponible|en_pago)|campania:.*:presupuesto)$')
);

-- Lines come by the statement, all of an entry in one: it must sum to zero by itself, and moves the balances, whose rows
-- are locked in the order of their names.
create function pagos.movimientos_asentar() returns trigger language plpgsql security definer
  set search_path = pg_catalog as $$
declare torcido bigint;
begin
  select asiento into torcido from nuevos group by asiento, moneda having sum(importe) <> 0 limit 1;
  if torcido is not null then
    raise exception 'entry % does not sum to zero', torcido using errcode = 'check_violation', constraint = 'asiento_cuadra';
  end if;
  insert into pagos.saldos as s (cuenta, moneda, saldo, movimientos, actualizado)
  select cuenta, moneda, sum(importe), count(*), max(en) from nuevos group by cuenta, moneda order by cuenta collate "C", moneda
      on conflict (cuenta, moneda) do update
         set saldo = s.saldo + excluded.saldo, movimientos = s.movimientos + excluded.movimientos,
             actualizado = greatest(s.actualizado, excluded.actualizado);
  return null;
end $$;
create trigger movimientos_asentar after insert on pagos.movimientos
  referencing new table as nuevos for each statement execute function pagos.movimientos_asentar();

-- At commit every entry has its lines, and they sum to zero.
create function pagos.asiento_cuadra() returns trigger language plpgsql security definer
  set search_path = pg_catalog as $$
begin
  if (select count(*) < 2 from pagos.movimientos where asiento = new.id)
     or exists (select from pagos.movimientos where asiento = new.id group by moneda having sum(importe) <> 0) then
    raise exception 'entry % does not sum to zero', new.id using errcode = 'check_violation', constraint = 'asiento_cuadra';
  end if;
  return null;
end $$;
create constraint trigger asiento_cuadra after insert on pagos.asientos
  deferrable initially deferred for each row execute function pagos.asiento_cuadra();

revoke update, delete on pagos.asientos, pagos.movimientos from alpes_pagos;
revoke insert, update, delete on pagos.saldos from alpes_pagos;
-- The grants stop every role of ours; this stops the owner's slip as well.
create function pagos.libro_no_cambia() returns trigger language plpgsql
  as $$ begin raise exception 'the ledger is append-only' using errcode = 'insufficient_privilege'; end $$;
create trigger asientos_no_cambian before update or delete or truncate on pagos.asientos
  for each statement execute function pagos.libro_no_cambia();
create trigger movimientos_no_cambian before update or delete or truncate on pagos.movimientos
  for each statement execute function pagos.libro_no_cambia();
