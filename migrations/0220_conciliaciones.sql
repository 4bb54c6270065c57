-- Settlement files of the provider, matched with our attempts. A file is known by the hash of its bytes; while it is being
-- read (CARGANDO) nobody sees it, and who died over it leaves nothing that the next one does not replace.
create table pagos.conciliaciones (
  id text primary key,
  estado text not null check (estado in ('CARGANDO', 'CARGADA', 'SALDADA')),
  filas int not null default 0,
  coinciden int not null default 0,
  solo_proveedor int not null default 0,
  solo_nuestro int not null default 0,
  distintos int not null default 0,
  por_saldar int not null default 0,
  desde timestamptz,
  hasta timestamptz,
  actor text not null,
  creada timestamptz not null default clock_timestamp()
);
create index conciliaciones_por_fecha on pagos.conciliaciones (creada desc, id desc);

-- A line of the file (`linea` is where it stands in it), or, of SOLO_NUESTRO, an attempt of ours that it does not name.
create table pagos.conciliacion_filas (
  conciliacion text not null references pagos.conciliaciones (id) on delete cascade,
  n int not null,
  linea int,
  clave text not null,
  payout_id text,
  estado text check (estado in ('PAGADO', 'NO_PAGADO', 'DEVUELTO')),
  referencia text,
  moneda text not null,
  monto bigint not null,
  comision bigint,
  fecha timestamptz,
  resultado text not null check (resultado in ('COINCIDE', 'SOLO_PROVEEDOR', 'SOLO_NUESTRO', 'DISTINTO')),
  -- What differs, of DISTINTO.
  diferencia text,
  -- It proves what became of an attempt that is still open here.
  por_saldar boolean not null,
  primary key (conciliacion, n)
);
create index conciliacion_filas_por_saldar on pagos.conciliacion_filas (conciliacion, n) where por_saldar;
create index conciliacion_filas_por_resultado on pagos.conciliacion_filas (conciliacion, resultado, n);
-- What began in a period, to find what a file does not name.
create index intentos_por_inicio on pagos.intentos (inicio) where estado <> 'NO_PAGADO';
