-- What happened to each campaign: the truth. Events are only ever added (see the grants below).
create table campanias.eventos (
  id_campania text not null check (id_campania ~ '^[A-Za-z0-9._:~-]{1,255}$'),
  version int not null check (version > 0),
  tipo text not null,
  -- json, not jsonb: what a caller sent goes back as it came, numbers beyond a double too.
  data json not null,
  en timestamptz not null,
  event_id text not null unique,
  actor text not null,
  correlacion text not null,
  primary key (id_campania, version)
);
-- Which campaigns there are, for a rebuild.
create index eventos_primeros on campanias.eventos (id_campania) where version = 1;
revoke update, delete on campanias.eventos from alpes_campanias;

-- A state from which a long stream is folded on; forgotten whenever its format changes, and made again.
create table campanias.instantaneas (
  id_campania text primary key,
  version int not null,
  formato int not null,
  estado json not null
);

-- The projection that is read: one row a campaign, written with its events, rebuilt from them.
create table campanias.campanias (
  id text primary key,
  id_cliente text not null,
  nombre text,
  tipo_campania text not null
    check (tipo_campania in ('PERFORMANCE', 'BRANDING', 'AWARENESS', 'CONVERSION', 'RETENTION')),
  itinerario json not null,
  metas json,
  -- Minor units.
  presupuesto bigint,
  presupuesto_moneda text,
  anticipo bigint,
  anticipo_moneda text,
  gasto bigint,
  gasto_moneda text,
  fecha_inicio date,
  fecha_fin date,
  estado text not null check (estado in ('PENDIENTE', 'APROBADA', 'PAUSADA', 'FINALIZADA', 'CANCELADA')),
  motivo text,
  pago_asociado_id text,
  fecha_creacion timestamptz not null,
  fecha_aprobacion timestamptz,
  fecha_cancelacion timestamptz,
  version int not null,
  busqueda text generated always as (public.normaliza(coalesce(nombre, '') || ' ' || id || ' ' || id_cliente)) stored,
  check ((presupuesto is null) = (presupuesto_moneda is null)),
  check ((anticipo is null) = (anticipo_moneda is null)),
  check ((gasto is null) = (gasto_moneda is null)),
  check (fecha_fin >= fecha_inicio)
);
create index campanias_por_fecha on campanias.campanias (fecha_creacion desc, id desc);
create index campanias_por_nombre on campanias.campanias (public.normaliza(coalesce(nombre, '')), id);
create index campanias_por_estado on campanias.campanias (estado, fecha_creacion desc, id desc);
create index campanias_por_cliente on campanias.campanias (id_cliente, fecha_creacion desc, id desc);
create index campanias_busqueda on campanias.campanias using gin (busqueda public.gin_trgm_ops);

-- The saga of each campaign's payment; `plazo` is on this server's clock.
create table campanias.sagas (
  id_campania text primary key,
  estado text not null check (estado in
    ('SIN_INICIAR', 'ESPERANDO_PAGO', 'COMPLETADA', 'COMPENSANDO', 'COMPENSADA', 'REQUIERE_INTERVENCION')),
  -- {idPago: where that payment stands}
  pagos json not null,
  plazo timestamptz,
  intentos int not null,
  detenida boolean not null,
  solicitud text not null,
  actualizada timestamptz not null
);
create index sagas_por_plazo on campanias.sagas (plazo) where plazo is not null;
create index sagas_por_fecha on campanias.sagas (actualizada, id_campania);
create index sagas_por_estado on campanias.sagas (estado, actualizada, id_campania);

create table campanias.saga_pasos (
  id_campania text not null references campanias.sagas (id_campania),
  orden smallint not null,
  paso text not null check (paso in
    ('ProcesarPago', 'AprobarCampania', 'ActualizarCliente', 'CancelarCampania', 'RevertirPago')),
  id_pago text,
  estado text not null check (estado in ('EN_CURSO', 'HECHO', 'FALLIDO')),
  intentos int not null,
  inicio timestamptz not null,
  fin timestamptz,
  error text,
  solicitud text not null,
  primary key (id_campania, orden)
);

-- How far the rebuilding of a projection is: every id up to `cursor` was gone through.
create table campanias.proyecciones (
  nombre text primary key,
  estado text not null check (estado in ('AL_DIA', 'RECONSTRUYENDO')),
  total int not null default 0,
  hechas int not null default 0,
  cursor text not null default '',
  inicio timestamptz,
  fin timestamptz,
  actor text
);
insert into campanias.proyecciones (nombre, estado) values ('campanias', 'AL_DIA');
