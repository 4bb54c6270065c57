create extension if not exists btree_gist with schema public;

-- Commission rates. One is never edited: it is ended, and another one begins.
create table pagos.tarifas (
  id text primary key check (id ~ '^[A-Za-z0-9._:~-]{1,255}$'),
  ambito text not null check (ambito in ('PARTNER', 'MARCA', 'GENERAL', 'DEFECTO')),
  ambito_id text check ((ambito_id is not null) = (ambito in ('PARTNER', 'MARCA'))),
  event_type text not null,
  -- null: events of any currency, which only a share without limits can serve.
  moneda text check (moneda is not null or (tipo = 'PERCENTAGE' and minimo is null and maximo is null)),
  tipo text not null check (tipo in ('PERCENTAGE', 'FIXED', 'TIERED')),
  -- A share in millionths.
  tasa bigint check ((tasa is not null) = (tipo = 'PERCENTAGE') and tasa between 0 and 1000000),
  monto bigint check ((monto is not null) = (tipo = 'FIXED') and monto between 0 and 1000000000000000),
  -- Where each slice begins, in minor units, and its share.
  tramos_desde bigint[] check ((tramos_desde is not null) = (tipo = 'TIERED') and tramos_desde[1] = 0),
  tramos_tasa bigint[] check (cardinality(tramos_tasa) is not distinct from cardinality(tramos_desde)),
  minimo bigint check (minimo >= 0),
  maximo bigint check (maximo >= 0 and maximo >= coalesce(minimo, 0)),
  -- Days in UTC, both included.
  vigente_desde date check ((vigente_desde is null) = (ambito = 'DEFECTO')),
  vigente_hasta date check (vigente_hasta >= vigente_desde),
  huella text not null,
  creada timestamptz not null,
  constraint tarifas_sin_solape exclude using gist (ambito with =, (coalesce(ambito_id, '')) with =,
    event_type with =, (coalesce(moneda, '')) with =, daterange(vigente_desde, vigente_hasta, '[]') with &&)
);
create index tarifas_por_fecha on pagos.tarifas (creada desc, id desc);
create index tarifas_por_evento on pagos.tarifas (event_type, ambito_id);
revoke delete on pagos.tarifas from alpes_pagos;

insert into pagos.tarifas (id, ambito, event_type, moneda, tipo, tasa, monto, huella, creada) values
  ('defecto:VENTA', 'DEFECTO', 'VENTA', null, 'PERCENTAGE', 50000, null, '', 'epoch'),
  ('defecto:CONVERSION', 'DEFECTO', 'CONVERSION', null, 'PERCENTAGE', 30000, null, '', 'epoch'),
  ('defecto:CLICK', 'DEFECTO', 'CLICK', 'USD', 'FIXED', null, 10, '', 'epoch'),
  ('defecto:IMPRESION', 'DEFECTO', 'IMPRESION', 'USD', 'FIXED', null, 1, '', 'epoch');

-- The rate that gave the commission; null: it was given with the transaction. No foreign key: every commission would lock
-- the same few rows, and a rate is never deleted.
alter table pagos.transacciones add column tarifa_id text;
