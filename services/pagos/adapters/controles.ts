import { bySql, type Control } from "@alpes/shared/adapters/postgres/verify.ts";

const control = (name: string, sql: string): Control => bySql("alpes_pagos", name, sql);

/** What a state says that must have been posted: the key of the entry, and whether it must stand, be taken back, or not be. */
const ESPERADOS = `select p.id as payout, k.clave, k.estado from pagos.payouts p cross join lateral (values
    ('reserva:' || p.id, case when p.tipo = 'CAMPANIA' then 'no'
       when p.estado in ('CONFIRMADO', 'EN_PROCESO', 'EN_VERIFICACION', 'EXITOSO') then 'si'
       when p.estado in ('FALLIDO', 'REVERTIDO') then 'devuelto' else 'no' end),
    (case p.tipo when 'CAMPANIA' then 'cobro:' else 'pago:' end || p.id,
     case p.estado when 'EXITOSO' then 'si' when 'REVERTIDO' then 'devuelto' else 'no' end)) as k(clave, estado)`;

/** What must hold in the tables of pagos, whatever happened to the processes that wrote them. */
export const CONTROLES_PAGOS: readonly Control[] = [
  control(
    "every entry of the ledger sums to zero in each currency",
    `select a.id || ' ' || a.clave as id, 'sums to ' || s.suma || ' ' || s.moneda as detail
       from (select asiento, moneda, sum(importe) as suma from pagos.movimientos group by 1, 2 having sum(importe) <> 0) s
       join pagos.asientos a on a.id = s.asiento`,
  ),
  control(
    "every entry has its lines",
    `select a.id || ' ' || a.clave as id, 'has ' || count(m.n) || ' lines' as detail
       from pagos.asientos a left join pagos.movimientos m on m.asiento = a.id group by a.id having count(m.n) < 2`,
  ),
  control(
    "an entry that takes another back has its lines, negated",
    `select distinct a.id || ' ' || a.clave as id, 'does not take back entry ' || a.revierte as detail
       from pagos.asientos a
       cross join lateral (
         select from (select * from pagos.movimientos where asiento = a.revierte) o
           full join (select * from pagos.movimientos where asiento = a.id) r using (n)
          where (o.cuenta, o.moneda, o.importe) is distinct from (r.cuenta, r.moneda, -r.importe)) d
      where a.revierte is not null`,
  ),
  control(
    "every balance is the sum of its lines",
    `select cuenta || ' ' || moneda as id,
            'says ' || coalesce(s.saldo, 0) || ', its lines sum to ' || coalesce(f.saldo, 0) as detail
       from (select cuenta, moneda, sum(importe) as saldo, count(*) as n from pagos.movimientos group by 1, 2) f
       full join pagos.saldos s using (cuenta, moneda)
      where coalesce(s.saldo, 0) <> coalesce(f.saldo, 0) or coalesce(s.movimientos, 0) <> coalesce(f.n, 0)`,
  ),
  control(
    "the totals of payments are what there is",
    `select moneda || ' ' || estado as id, 'says ' || coalesce(t.n, 0) || ' of ' || coalesce(t.suma, 0) || ', there are '
            || coalesce(f.n, 0) || ' of ' || coalesce(f.suma, 0) as detail
       from (select moneda, estado, sum(cantidad) as n, sum(monto) as suma from pagos.totales group by 1, 2) t
       full join (select moneda, estado, count(*) as n, sum(monto) as suma from pagos.payouts group by 1, 2) f
         using (moneda, estado)
      where (coalesce(t.n, 0), coalesce(t.suma, 0)) <> (coalesce(f.n, 0), coalesce(f.suma, 0))`,
  ),
  control(
    "the hours of payments are what there is",
    `select moneda || ' ' || hora as id, 'says ' || coalesce(t.n, 0) || ' of ' || coalesce(t.suma, 0) || ', there are '
            || coalesce(f.n, 0) || ' of ' || coalesce(f.suma, 0) as detail
       from (select moneda, hora, sum(cantidad) as n, sum(monto) as suma from pagos.horas
              where hora > now() - interval '180 days' group by 1, 2) t
       full join (select moneda, date_trunc('hour', creado, 'UTC') as hora, count(*) as n, sum(monto) as suma
                    from pagos.payouts
                   where estado = 'EXITOSO' and date_trunc('hour', creado, 'UTC') > now() - interval '180 days' group by 1, 2) f
         using (moneda, hora)
      where (coalesce(t.n, 0), coalesce(t.suma, 0)) <> (coalesce(f.n, 0), coalesce(f.suma, 0))`,
  ),
  control(
    "nothing of partners and campaigns is overdrawn",
    `select cuenta || ' ' || moneda as id, 'holds ' || saldo as detail from pagos.saldos
      where saldo < 0 and cuenta ~ '^(partner:.*:(retenido|disponible|en_pago)|campania:.*:presupuesto)$'`,
  ),
  control(
    "a campaign holds what it was funded with less what it spent",
    `select c.id as id, 'holds ' || coalesce(s.saldo, 0) || ', funded with ' || coalesce(c.fondeado, 0) || ', spent '
            || coalesce(c.gastado, 0) as detail
       from pagos.campanias c
       left join pagos.saldos s on s.cuenta = 'campania:' || c.id || ':presupuesto'
        and s.moneda = coalesce(c.fondeado_moneda, c.gastado_moneda)
      where coalesce(s.saldo, 0) <> coalesce(c.fondeado, 0) - coalesce(c.gastado, 0)`,
  ),
  control(
    "what a campaign spent is its commissions less its refunds",
    `select c.id as id, 'says ' || coalesce(c.gastado, 0) || ', its commissions sum to ' || coalesce(t.suma, 0) as detail
       from pagos.campanias c
       full join (select id_campania, sum(comision) as suma from pagos.transacciones
                   where id_campania is not null and reembolso_de is null and estado = 'ACTIVE' group by 1) t
         on t.id_campania = c.id
      where coalesce(c.gastado, 0) <> coalesce(t.suma, 0)`,
  ),
  control(
    "what a partner has available and held is what its commissions say",
    `with debe as (
       -- Until a payout is confirmed, what it holds is not set aside.
       select 'partner:' || t.partner_id || case when liberada then ':disponible' else ':retenido' end as cuenta, t.moneda,
              sum(comision) as suma
         from pagos.transacciones t left join pagos.payouts p on p.id = t.payout_id
        where (p.id is null or p.estado in ('PENDIENTE', 'CALCULADO')) and por_pagar and reembolso_de is null group by 1, 2
     )
     select cuenta || ' ' || moneda as id,
            'holds ' || coalesce(s.saldo, 0) || ', its commissions sum to ' || coalesce(d.suma, 0) as detail
       from debe d
       full join (select * from pagos.saldos where cuenta ~ '^partner:.*:(retenido|disponible)$') s using (cuenta, moneda)
      where coalesce(s.saldo, 0) <> coalesce(d.suma, 0)`,
  ),
  control(
    "what is reserved is what is on its way to partners",
    `with debe as (
       select 'partner:' || partner_id || ':en_pago' as cuenta, moneda, sum(monto) as suma from pagos.payouts
        where tipo = 'PARTNER' and estado in ('CONFIRMADO', 'EN_PROCESO', 'EN_VERIFICACION') group by 1, 2
     )
     select cuenta || ' ' || moneda as id,
            'reserves ' || coalesce(s.saldo, 0) || ', its payouts sum to ' || coalesce(d.suma, 0) as detail
       from debe d full join (select * from pagos.saldos where cuenta ~ '^partner:.*:en_pago$') s using (cuenta, moneda)
      where coalesce(s.saldo, 0) <> coalesce(d.suma, 0)`,
  ),
  control(
    "what was posted for a payout is what its state says",
    `select e.payout as id, e.clave || case e.estado when 'si' then ' should stand' when 'no' then ' should not be there'
            else ' should be taken back' end as detail
       from (${ESPERADOS}) e
       left join pagos.asientos a on a.clave = e.clave
       left join pagos.asientos r on r.revierte = a.id
      where e.estado <> case when a.id is null then 'no' when r.id is null then 'si' else 'devuelto' end`,
  ),
  control(
    "a payout is the sum of its lines, or what was asked for less what is owed",
    `select p.id as id, 'pays ' || p.monto || ', its lines say ' ||
            case when l.propias > 0 then l.suma else coalesce(p.pedido_monto, 0) + coalesce(l.suma, 0) end as detail
       from pagos.payouts p
       left join (select l.payout_id, sum(t.comision) as suma, count(*) filter (where t.reembolso_de is null) as propias,
                         count(distinct t.moneda) as monedas
                    from pagos.lineas l join pagos.transacciones t on t.id = l.transaccion_id group by 1) l on l.payout_id = p.id
      where p.tipo = 'PARTNER' and (l.monedas > 1 or
            p.monto <> case when l.propias > 0 then l.suma else coalesce(p.pedido_monto, 0) + coalesce(l.suma, 0) end)`,
  ),
  control(
    "no transaction is in two live payouts, and the one that holds it lists it",
    `select t.id as id, 'is in ' || coalesce(string_agg(p.id, ', ' order by p.id), 'none') || ', held by '
            || coalesce(t.payout_id, 'none') as detail
       from pagos.transacciones t
       left join pagos.lineas l on l.transaccion_id = t.id
       left join pagos.payouts p on p.id = l.payout_id and p.vivo
      group by t.id
     having count(p.id) > 1 or t.payout_id is distinct from min(p.id)`,
  ),
  control(
    "an applied run is its payouts, line by line",
    `select l.liquidacion || ' ' || l.payout_id as id, 'should pay ' || l.monto || ' ' || l.moneda || ' to ' || l.partner_id
            || ', pays ' || coalesce(p.monto || ' ' || p.moneda || ' to ' || p.partner_id, 'nothing') as detail
       from pagos.liquidacion_lineas l
       join pagos.liquidaciones r on r.id = l.liquidacion and r.estado in ('APLICANDO', 'APLICADA')
       left join pagos.payouts p on p.id = l.payout_id
      where (p.monto, p.moneda, p.partner_id) is distinct from (l.monto, l.moneda, l.partner_id)`,
  ),
  control(
    "no payout was paid twice",
    `select payout_id as id, count(*) || ' attempts say that they paid' as detail
       from pagos.intentos where estado = 'PAGADO' group by payout_id having count(*) > 1
     union all
     select payout_id, 'the provider paid it ' || count(*) || ' times' from pagos.psp_simulador
      where resultado = 'PAGADO' and devuelto is null and pagado <= clock_timestamp() group by payout_id having count(*) > 1`,
  ),
  control(
    "a payout's state is that of its last attempt and of its history",
    `select p.id as id, p.estado || ', its last attempt ' || coalesce(i.estado, 'none') || ', its history '
            || coalesce(h.estado_nuevo, 'none') as detail
       from pagos.payouts p
       left join lateral (select estado from pagos.intentos where payout_id = p.id order by numero desc limit 1) i on true
       left join lateral (select estado_nuevo from pagos.historial where payout_id = p.id order by n desc limit 1) h on true
      where h.estado_nuevo is distinct from p.estado or coalesce(i.estado, '') <> case
            when p.estado in ('EXITOSO', 'REVERTIDO') then 'PAGADO' when p.estado = 'FALLIDO' then 'NO_PAGADO'
            when p.estado = 'EN_PROCESO' then 'INICIADO' when p.estado = 'EN_VERIFICACION' then 'DESCONOCIDO' else '' end`,
  ),
];
