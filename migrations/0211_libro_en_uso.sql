-- What the ledger gave a campaign to spend, and by how many entries; its account holds this less what was spent.
alter table pagos.campanias
  add fondeado bigint,
  add fondeado_moneda text,
  add fondeos int not null default 0;

-- A commission is held until `libera`; then it is moved to what is available, and only then can it be paid.
alter table pagos.transacciones
  add libera timestamptz,
  add liberada boolean not null default true;
update pagos.transacciones set libera = creada;
alter table pagos.transacciones alter column libera set not null, alter column liberada drop default;
create index transacciones_retenidas on pagos.transacciones (libera, id) where not liberada and por_pagar;

-- What the bank kept of a settled payout; null where it said nothing.
alter table pagos.payouts
  add comision_bancaria bigint check (comision_bancaria between 0 and monto
    and (comision_bancaria is null or estado in ('EXITOSO', 'REVERTIDO')));

-- A balance is changed where it is, and made only where it is new: the row that an upsert proposes is checked before it
-- meets the one that is there, and an amount that leaves an account would look like an overdraft.
create or replace function pagos.movimientos_asentar() returns trigger language plpgsql security definer
  set search_path = pg_catalog as $$
declare
  torcido bigint;
  cambiados int;
  tocados int;
begin
  select asiento into torcido from nuevos group by asiento, moneda having sum(importe) <> 0 limit 1;
  if torcido is not null then
    raise exception 'entry % does not sum to zero', torcido using errcode = 'check_violation', constraint = 'asiento_cuadra';
  end if;
  perform 1 from pagos.saldos s join (select distinct cuenta, moneda from nuevos) n using (cuenta, moneda)
    order by s.cuenta collate "C", s.moneda for no key update of s;
  with sumas as (select cuenta, moneda, sum(importe) as importe, count(*) as n, max(en) as en from nuevos group by 1, 2)
  update pagos.saldos s
     set saldo = s.saldo + d.importe, movimientos = s.movimientos + d.n, actualizado = greatest(s.actualizado, d.en)
    from sumas d where s.cuenta = d.cuenta and s.moneda = d.moneda;
  get diagnostics cambiados = row_count;
  select count(*) into tocados from (select distinct cuenta, moneda from nuevos) n;
  if cambiados < tocados then
    insert into pagos.saldos as s (cuenta, moneda, saldo, movimientos, actualizado)
    select cuenta, moneda, sum(importe), count(*), max(en) from nuevos n
     where not exists (select from pagos.saldos x where x.cuenta = n.cuenta and x.moneda = n.moneda)
     group by cuenta, moneda order by cuenta collate "C", moneda
        on conflict (cuenta, moneda) do update
           set saldo = s.saldo + excluded.saldo, movimientos = s.movimientos + excluded.movimientos,
               actualizado = greatest(s.actualizado, excluded.actualizado);
  end if;
  return null;
end $$;

-- At commit every entry has its lines and they sum to zero; one that takes another back has that one's lines, negated.
create or replace function pagos.asiento_cuadra() returns trigger language plpgsql security definer
  set search_path = pg_catalog as $$
begin
  if (select count(*) < 2 from pagos.movimientos where asiento = new.id)
     or exists (select from pagos.movimientos where asiento = new.id group by moneda having sum(importe) <> 0) then
    raise exception 'entry % does not sum to zero', new.id using errcode = 'check_violation', constraint = 'asiento_cuadra';
  end if;
  if new.revierte is not null and exists (
       select from (select * from pagos.movimientos where asiento = new.revierte) o
         full join (select * from pagos.movimientos where asiento = new.id) r using (n)
        where (o.cuenta, o.moneda, o.importe) is distinct from (r.cuenta, r.moneda, -r.importe)) then
    raise exception 'entry % does not take back entry %', new.id, new.revierte
      using errcode = 'check_violation', constraint = 'asiento_revierte';
  end if;
  return null;
end $$;
