import { bySql, type Control } from "@alpes/shared/adapters/postgres/verify.ts";

/** What must hold in the tables of cliente. */
export const CONTROLES_CLIENTE: readonly Control[] = [
  bySql(
    "alpes_cliente",
    "a cliente's payments are counted right",
    `select c.id as id, 'says ' || c.total_pagos || ', it has ' || count(p.id_pago) as detail
       from cliente.clientes c left join cliente.pagos p on p.id_cliente = c.id
      group by c.id having c.total_pagos <> count(p.id_pago) or c.ultimo_pago is distinct from max(p.fecha)`,
  ),
  bySql(
    "alpes_cliente",
    "the totals of clientes are what there is",
    `select estado || ' ' || tipo_cliente as id, 'says ' || coalesce(t.n, 0) || ', there are ' || coalesce(f.n, 0) as detail
       from (select estado, tipo_cliente, sum(cantidad) as n from cliente.totales group by 1, 2) t
       full join (select estado, tipo_cliente, count(*) as n from cliente.clientes group by 1, 2) f
         using (estado, tipo_cliente) where coalesce(t.n, 0) <> coalesce(f.n, 0)
     union all
     select hora::text, 'says ' || coalesce(t.n, 0) || ', there were ' || coalesce(f.n, 0)
       from (select hora, sum(cantidad) as n from cliente.totales where hora > now() - interval '30 days' group by 1) t
       full join (select date_trunc('hour', fecha_registro, 'UTC') as hora, count(*) as n from cliente.clientes
                   where fecha_registro > now() - interval '30 days' group by 1) f using (hora)
      where coalesce(t.n, 0) <> coalesce(f.n, 0) and hora > now() - interval '30 days'`,
  ),
];
