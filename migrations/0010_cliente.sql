create table cliente.clientes (
  id text primary key check (id ~ '^[A-Za-z0-9._:~-]{1,255}$'),
  tipo_cliente text not null check (tipo_cliente in ('NATURAL', 'EMPRESA')),
  nombre text not null check (length(nombre) between 2 and 255),
  email text not null,
  cedula text check (cedula ~ '^[0-9]{5,20}$'),
  rut text,
  fecha_nacimiento date,
  telefono text,
  ciudad text,
  pais text,
  referencia_externa text,
  estado text not null check (estado in ('ACTIVO', 'INACTIVO', 'SUSPENDIDO')),
  fecha_registro timestamptz not null,
  -- A projection of eventos.pagos; see cliente.pagos.
  total_pagos int not null default 0 check (total_pagos >= 0),
  ultimo_pago timestamptz,
  version int not null,
  -- Fingerprint of the registration as it was asked for: a repeat of it stays harmless whatever was edited since.
  huella_registro text not null,
  busqueda text generated always as (public.normaliza(nombre || ' ' || email || ' ' || coalesce(cedula, ''))) stored,
  check (tipo_cliente <> 'NATURAL' or (cedula is not null and fecha_nacimiento is not null)),
  check (tipo_cliente <> 'EMPRESA' or rut is not null)
);
create unique index clientes_email on cliente.clientes (lower(email));
create unique index clientes_cedula on cliente.clientes (cedula);
create unique index clientes_rut on cliente.clientes (rut);
create unique index clientes_referencia on cliente.clientes (referencia_externa);
create index clientes_por_fecha on cliente.clientes (fecha_registro desc, id desc);
create index clientes_por_nombre on cliente.clientes (public.normaliza(nombre), id);
create index clientes_busqueda on cliente.clientes using gin (busqueda public.gin_trgm_ops);

-- The live payments of each cliente, registered or not yet; a reversal deletes its row.
create table cliente.pagos (
  id_cliente text not null,
  id_pago text not null,
  fecha timestamptz not null,
  primary key (id_cliente, id_pago)
);
create index pagos_por_fecha on cliente.pagos (id_cliente, fecha desc);

-- Who decided what about a cliente, and why.
create table cliente.historial (
  id_cliente text not null,
  version int not null,
  accion text not null,
  motivo text,
  actor text not null,
  correlacion text not null,
  fecha timestamptz not null,
  primary key (id_cliente, version)
);
