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
];
