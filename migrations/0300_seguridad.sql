-- Who may ask, and who did what.
do $$ begin
  create role alpes_seguridad nosuperuser nocreatedb nocreaterole;
exception when duplicate_object or unique_violation then null;
end $$;
alter role alpes_seguridad login;
grant alpes_seguridad to alpes_app;

create schema seguridad;
grant usage on schema seguridad to alpes_seguridad, alpes_mensajeria;

-- API keys. The key itself is shown once and not kept: 256 random bits need no slow hash.
create table seguridad.claves (
  id text primary key check (id ~ '^[0-9a-z]{16}$'),
  nombre text not null check (length(nombre) between 1 and 100),
  roles text[] not null check (cardinality(roles) > 0
    and roles <@ array['partner', 'operador', 'aprobador', 'auditor', 'admin', 'servicio']),
  -- The party that a partner stands for.
  cliente text check (cliente ~ '^[A-Za-z0-9._:~-]{1,255}$'),
  -- SHA-256 of the whole key.
  huella bytea not null unique check (length(huella) = 32),
  creada timestamptz not null default clock_timestamp(),
  creada_por text not null,
  expira timestamptz not null check (expira > creada),
  revocada timestamptz,
  revocada_por text,
  -- When it was last used, to the hour.
  ultima timestamptz,
  -- The key that this one takes over from; both are good until the older one is revoked or expires.
  sustituye text references seguridad.claves (id),
  check (('partner' = any (roles)) = (cliente is not null)),
  check ((revocada is null) = (revocada_por is null))
);
create index claves_por_fecha on seguridad.claves (creada desc, id desc);

-- Codes of sign-in links: each is exchanged once for a key of a few hours.
create table seguridad.enlaces (
  huella bytea primary key check (length(huella) = 32),
  nombre text not null,
  roles text[] not null,
  cliente text,
  expira timestamptz not null,
  usado timestamptz
);
grant select, insert, update on seguridad.claves, seguridad.enlaces to alpes_seguridad;
-- Every module recognises keys; none makes them.
grant select on seguridad.claves to alpes_mensajeria;

create function seguridad.anotar_uso(clave text) returns void
  language sql security definer set search_path = pg_catalog
  as $$ update seguridad.claves set ultima = clock_timestamp()
         where id = clave and (ultima is null or ultima < clock_timestamp() - interval '1 hour') $$;
revoke execute on function seguridad.anotar_uso (text) from public;
grant execute on function seguridad.anotar_uso (text) to alpes_mensajeria;

-- Who did what, and who was refused. Rows are only ever added: no personal data goes in, since none can come out.
create table mensajeria.auditoria (
  id bigint generated always as identity primary key,
  modulo text not null,
  en timestamptz not null default clock_timestamp(),
  actor text not null,
  -- The operation asked for, by its name in the OpenAPI document.
  accion text not null,
  recurso_tipo text,
  recurso_id text,
  -- The request's X-Request-Id.
  correlacion text not null,
  resultado text not null check (resultado in ('HECHO', 'DENEGADO')),
  detalle json
);
create index auditoria_por_recurso on mensajeria.auditoria (recurso_id, id);
create index auditoria_por_actor on mensajeria.auditoria (actor, id);
revoke update, delete on mensajeria.auditoria from alpes_mensajeria;
grant usage on schema mensajeria to alpes_seguridad;
grant insert on mensajeria.auditoria to alpes_seguridad;

-- The grants stop every role of ours; this stops the owner's slip as well.
create function mensajeria.auditoria_no_cambia() returns trigger language plpgsql
  as $$ begin raise exception 'mensajeria.auditoria is append-only' using errcode = 'insufficient_privilege'; end $$;
create trigger auditoria_no_cambia before update or delete or truncate on mensajeria.auditoria
  for each statement execute function mensajeria.auditoria_no_cambia();
