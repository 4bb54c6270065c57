-- Payout runs: plans that are approved and then applied, line by line as they were shown.
create table pagos.liquidaciones (
  id text primary key check (id ~ '^[A-Za-z0-9._:~-]{1,255}$'),
  ciclo text not null references pagos.ciclos (id),
  -- The last day, in UTC, whose commissions are paid.
  corte date not null,
  -- null: every currency.
  moneda text,
  estado text not null check (estado in ('CALCULADA', 'APROBADA', 'APLICANDO', 'APLICADA', 'DESCARTADA')),
  -- Fingerprint of all that the plan rests on.
  huella text not null,
  -- The run before it, which it is compared with.
  anterior text references pagos.liquidaciones (id),
  lineas int not null,
  exclusiones int not null,
  resumen jsonb not null,
  autor text not null,
  calculada timestamptz not null,
  aprobador text,
  aprobada timestamptz check ((aprobada is null) = (aprobador is null)),
  aplicador text,
  aplicando timestamptz check (aplicando is not null or estado not in ('APLICANDO', 'APLICADA')),
  aplicada timestamptz check ((aplicada is not null) = (estado = 'APLICADA')),
  descartada timestamptz check ((descartada is not null) = (estado = 'DESCARTADA')),
  motivo text check ((motivo is not null) = (estado = 'DESCARTADA')),
  -- When a worker may take it; null: there is nothing to do.
  proximo timestamptz check ((proximo is not null) = (estado = 'APLICANDO')),
  correlacion text not null,
  traceparent text,
  version int not null
);
create index liquidaciones_por_fecha on pagos.liquidaciones (calculada desc, id desc);
create index liquidaciones_aplicadas on pagos.liquidaciones (aplicada desc) where aplicada is not null;
create index liquidaciones_agenda on pagos.liquidaciones (proximo) where proximo is not null;

-- What is paid to whom. The payout's id is chosen with the plan, so that applying it twice cannot make two.
create table pagos.liquidacion_lineas (
  liquidacion text not null references pagos.liquidaciones (id),
  n int not null,
  partner_id text not null,
  moneda text not null,
  monto bigint not null check (monto between 1 and 1000000000000000),
  transacciones int not null,
  -- Of the amount: refunds that it absorbs, and what comes from before the cycle.
  deudas bigint not null check (deudas <= 0),
  arrastrado bigint not null,
  metodo text not null,
  mascara text,
  -- What the run before paid to the same partner.
  anterior bigint,
  payout_id text not null unique,
  -- Fingerprints of its transactions, and of all that it rests on.
  huella_transacciones text not null,
  huella text not null,
  primary key (liquidacion, n)
);
create unique index liquidacion_lineas_partner on pagos.liquidacion_lineas (liquidacion, partner_id, moneda);

-- What is not paid, and why.
create table pagos.liquidacion_exclusiones (
  liquidacion text not null references pagos.liquidaciones (id),
  n int not null,
  partner_id text not null,
  moneda text not null,
  motivo text not null check (motivo in ('retenido', 'bajo_minimo', 'suspendido', 'sin_metodo', 'negativo', 'pago_vigente',
    'fuera_de_rango')),
  monto numeric not null,
  transacciones int not null,
  minimo bigint,
  pago text,
  huella text not null,
  primary key (liquidacion, n)
);
create unique index liquidacion_exclusiones_partner
  on pagos.liquidacion_exclusiones (liquidacion, partner_id, moneda, motivo);
revoke update, delete on pagos.liquidacion_lineas, pagos.liquidacion_exclusiones from alpes_pagos;
revoke delete on pagos.liquidaciones from alpes_pagos;
