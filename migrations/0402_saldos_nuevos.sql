-- Two first entries of one account at once lost the second's part of the balance: the account came to be between the
-- update, which did not see it, and the insert, which then left it out. Now each account is there, at zero, before the
-- balances are locked in the order of their names; so an update never meets one that it has not locked.
create or replace function pagos.movimientos_asentar() returns trigger language plpgsql security definer
  set search_path = pg_catalog as $$
declare
  torcido bigint;
begin
  select asiento into torcido from nuevos group by asiento, moneda having sum(importe) <> 0 limit 1;
  if torcido is not null then
    raise exception 'entry % does not sum to zero', torcido using errcode = 'check_violation', constraint = 'asiento_cuadra';
  end if;
  select n.asiento into torcido from nuevos n where not exists (select from pagos.asientos a where a.id = n.asiento) limit 1;
  if torcido is not null then
    raise exception 'there is no entry %', torcido using errcode = 'foreign_key_violation', constraint = 'movimientos_asiento_fkey';
  end if;
  insert into pagos.saldos (cuenta, moneda, saldo, movimientos, actualizado)
  select cuenta, moneda, 0, 0, max(en) from nuevos n
   where not exists (select from pagos.saldos x where x.cuenta = n.cuenta and x.moneda = n.moneda)
   group by cuenta, moneda order by cuenta collate "C", moneda
      on conflict (cuenta, moneda) do nothing;
  perform 1 from pagos.saldos s join (select distinct cuenta, moneda from nuevos) n using (cuenta, moneda)
    order by s.cuenta collate "C", s.moneda for no key update of s;
  with sumas as (select cuenta, moneda, sum(importe) as importe, count(*) as n, max(en) as en from nuevos group by 1, 2)
  update pagos.saldos s
     set saldo = s.saldo + d.importe, movimientos = s.movimientos + d.n, actualizado = greatest(s.actualizado, d.en)
    from sumas d where s.cuenta = d.cuenta and s.moneda = d.moneda;
  return null;
end $$;

-- What was lost so is what the lines say. Nobody posts meanwhile: a sum from before another's commit would undo it.
lock table pagos.movimientos in share row exclusive mode;
update pagos.saldos s set saldo = f.saldo, movimientos = f.n
  from (select cuenta, moneda, sum(importe) as saldo, count(*) as n from pagos.movimientos group by 1, 2) f
 where s.cuenta = f.cuenta and s.moneda = f.moneda and (s.saldo, s.movimientos) is distinct from (f.saldo, f.n);
