-- What every module writes beside its own state, in the same transaction.

-- Messages that stand but are not published yet. The relay claims by partition (of the aggregate), publishes, deletes.
create table mensajeria.outbox (
  id bigint generated always as identity primary key,
  modulo text not null,
  topic text not null,
  particion smallint not null,
  event_id text not null unique,
  mensaje json not null,
  creado timestamptz not null default clock_timestamp()
) with (autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);
create index outbox_por_particion on mensajeria.outbox (modulo, particion, id);

-- One row for each (consumer, message): attempts are counted before the handler runs, the effect's own transaction
-- sets HECHO. A poisoned message is APARCADO with its text, and so are the later ones of its key.
create table mensajeria.inbox (
  consumidor text not null,
  event_id text not null,
  topic text not null,
  clave text not null,
  -- APARCADO holds back its key: later messages are LISTO behind it. APARTADO was set aside and holds back nothing.
  estado text not null check (estado in ('RECIBIDO', 'HECHO', 'APARCADO', 'LISTO', 'APARTADO', 'DESCARTADO')),
  intentos int not null default 0,
  error text,
  motivo text,
  actor text,
  mensaje json,
  orden bigint generated always as identity,
  recibido timestamptz not null default clock_timestamp(),
  actualizado timestamptz not null default clock_timestamp(),
  primary key (consumidor, event_id)
) with (autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);
create index inbox_detenidos on mensajeria.inbox (consumidor, clave, orden) where estado in ('APARCADO', 'LISTO');
create index inbox_listos on mensajeria.inbox (consumidor, topic, orden) where estado = 'LISTO';
create index inbox_aparcados on mensajeria.inbox (consumidor, orden) where estado in ('APARCADO', 'APARTADO');
create index inbox_por_edad on mensajeria.inbox (actualizado) where estado in ('HECHO', 'DESCARTADO');

-- Answers to requests that carried an Idempotency-Key.
create table mensajeria.idempotencia (
  llamador text not null,
  ruta text not null,
  clave text not null,
  huella text not null,
  status smallint not null,
  cuerpo text not null,
  tipo text not null,
  etag text,
  location text,
  creada timestamptz not null default clock_timestamp(),
  primary key (llamador, ruta, clave)
);
create index idempotencia_por_edad on mensajeria.idempotencia (creada);

-- The change feed. `n` is given afterwards by one numberer at a time, under a lock held until its commit, so that
-- whoever has read up to n never misses a smaller one (a sequence at insert lost 647 of 7,061 in a trial).
create table mensajeria.cambios (
  fila bigint generated always as identity primary key,
  modulo text not null,
  n bigint,
  tipo text not null,
  id text not null,
  version bigint not null,
  correlacion text not null,
  en timestamptz not null default clock_timestamp(),
  unique (modulo, n)
);
create index cambios_sin_numero on mensajeria.cambios (modulo, fila) where n is null;
create table mensajeria.cambios_ultimo (modulo text primary key, n bigint not null);
insert into mensajeria.cambios_ultimo values ('cliente', 0), ('campanias', 0), ('pagos', 0);

-- Short leases with a fencing epoch, on the database's clock: whoever holds (nombre, particion) works on it alone.
create table mensajeria.arriendos (
  nombre text not null,
  particion smallint not null,
  dueno text,
  epoca bigint not null default 0,
  vence timestamptz not null default '-infinity',
  primary key (nombre, particion)
) with (fillfactor = 30);

-- The bus for one PostgreSQL: topics with the groups that listen, and what each group has still to handle. A
-- publication share-locks its topic's row and a new group updates it, so that a group misses nothing.
create table mensajeria.bus_topicos (topic text primary key, grupos text[] not null default '{}');
create table mensajeria.bus_mensajes (
  pos bigint generated always as identity primary key,
  topic text not null,
  particion smallint not null,
  clave text not null,
  mensaje json not null,
  publicado timestamptz not null default clock_timestamp()
);
create index bus_mensajes_por_topic on mensajeria.bus_mensajes (topic, pos);
create index bus_mensajes_por_edad on mensajeria.bus_mensajes (publicado);
-- Without a foreign key: it would share-lock every message once per group, and each pruned one would scan this table.
create table mensajeria.bus_entregas (
  topic text not null,
  grupo text not null,
  particion smallint not null,
  pos bigint not null,
  clave text not null,
  rechazos int not null default 0,
  -- A rejected message holds back its key until then.
  no_antes timestamptz not null default '-infinity',
  primary key (topic, grupo, particion, pos)
) with (autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);
create index bus_entregas_detenidas on mensajeria.bus_entregas (topic, grupo, particion) where no_antes > '-infinity';
