-- Written by `deno task migrate --golden`. For reading and comparing, not for running.

-- roles
alpes_app login noinherit in alpes_campanias, alpes_cliente, alpes_pagos, alpes_seguridad
alpes_campanias login in alpes_mensajeria
alpes_cliente login in alpes_mensajeria, alpes_seguridad
alpes_mensajeria
alpes_pagos login in alpes_mensajeria
alpes_seguridad login

-- extensions
btree_gist in public
pg_trgm in public
unaccent in public

-- schemas
campanias: alpes_campanias=usage
cliente: alpes_cliente=usage
mensajeria: alpes_mensajeria=usage; alpes_seguridad=usage
pagos: alpes_pagos=usage
public: alpes_app=usage; alpes_campanias=usage; alpes_cliente=usage; alpes_mensajeria=usage; alpes_pagos=usage
seguridad: alpes_mensajeria=usage; alpes_seguridad=usage

-- default privileges
campanias S: alpes_campanias=usage
campanias r: alpes_campanias=delete,insert,select,update
cliente S: alpes_cliente=usage
cliente r: alpes_cliente=delete,insert,select,update
mensajeria S: alpes_mensajeria=usage
mensajeria r: alpes_mensajeria=delete,insert,select,update
pagos S: alpes_pagos=usage
pagos r: alpes_pagos=delete,insert,select,update

-- sequences
mensajeria.auditoria_id_seq as bigint start 1 increment 1 owned by mensajeria.auditoria.id: alpes_mensajeria=usage
mensajeria.bus_mensajes_pos_seq as bigint start 1 increment 1 owned by mensajeria.bus_mensajes.pos: alpes_mensajeria=usage
mensajeria.cambios_fila_seq as bigint start 1 increment 1 owned by mensajeria.cambios.fila: alpes_mensajeria=usage
mensajeria.inbox_orden_seq as bigint start 1 increment 1 owned by mensajeria.inbox.orden: alpes_mensajeria=usage
mensajeria.outbox_id_seq as bigint start 1 increment 1 owned by mensajeria.outbox.id: alpes_mensajeria=usage
pagos.asientos_id_seq as bigint start 1 increment 1 owned by pagos.asientos.id: alpes_pagos=usage
pagos.historial_n_seq as bigint start 1 increment 1 owned by pagos.historial.n: alpes_pagos=usage

-- functions
CREATE OR REPLACE FUNCTION campanias.contar()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
begin
  if tg_op = 'UPDATE' then
    insert into campanias.totales as t (estado, tipo_campania, ranura, cantidad, aprobadas)
    select estado, tipo_campania, pg_backend_pid(), sum(n), sum(a)
      from (select estado, tipo_campania, 1 as n, (fecha_aprobacion is not null)::int as a from filas
            union all select estado, tipo_campania, -1, -(fecha_aprobacion is not null)::int from viejas) d
     group by 1, 2 having sum(n) <> 0 or sum(a) <> 0
        on conflict (estado, tipo_campania, ranura) do update
           set cantidad = t.cantidad + excluded.cantidad,
             aprobadas = t.aprobadas + excluded.aprobadas;
  else
    insert into campanias.totales as t (estado, tipo_campania, ranura, cantidad, aprobadas)
    select estado, tipo_campania, pg_backend_pid(), sum(n), sum(a)
      from (select estado, tipo_campania, tg_argv[0]::int as n,
                   tg_argv[0]::int * (fecha_aprobacion is not null)::int as a from filas) d
     group by 1, 2 having sum(n) <> 0 or sum(a) <> 0
        on conflict (estado, tipo_campania, ranura) do update
           set cantidad = t.cantidad + excluded.cantidad,
             aprobadas = t.aprobadas + excluded.aprobadas;
  end if;
  return null;
end $function$
CREATE OR REPLACE FUNCTION campanias.plegar_totales()
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
  with muertas as (
    delete from campanias.totales where ranura <> 0 and not exists (select from pg_stat_activity where pid = ranura) returning *)
  insert into campanias.totales as t (estado, tipo_campania, ranura, cantidad, aprobadas)
  select estado, tipo_campania, 0, sum(cantidad), sum(aprobadas) from muertas group by estado, tipo_campania
      on conflict (estado, tipo_campania, ranura) do update set cantidad = t.cantidad + excluded.cantidad, aprobadas = t.aprobadas + excluded.aprobadas;
$function$
-- alpes_campanias=execute
CREATE OR REPLACE FUNCTION campanias.recontar()
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
  lock table campanias.campanias in share mode;
  delete from campanias.totales;
  insert into campanias.totales (estado, tipo_campania, ranura, cantidad, aprobadas)
  select estado, tipo_campania, 0, count(*), count(fecha_aprobacion) from campanias.campanias group by estado, tipo_campania;
$function$
-- alpes_campanias=execute
CREATE OR REPLACE FUNCTION cliente.contar()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
begin
  if tg_op = 'UPDATE' then
    insert into cliente.totales as t (estado, tipo_cliente, hora, ranura, cantidad)
    select estado, tipo_cliente, date_trunc('hour', fecha_registro, 'UTC'), pg_backend_pid(), sum(n)
      from (select estado, tipo_cliente, fecha_registro, 1 as n from filas
            union all select estado, tipo_cliente, fecha_registro, -1 from viejas) d
     group by 1, 2, 3 having sum(n) <> 0
        on conflict (estado, tipo_cliente, hora, ranura) do update set cantidad = t.cantidad + excluded.cantidad;
  else
    insert into cliente.totales as t (estado, tipo_cliente, hora, ranura, cantidad)
    select estado, tipo_cliente, date_trunc('hour', fecha_registro, 'UTC'), pg_backend_pid(), sum(tg_argv[0]::int)
      from filas group by 1, 2, 3
        on conflict (estado, tipo_cliente, hora, ranura) do update set cantidad = t.cantidad + excluded.cantidad;
  end if;
  return null;
end $function$
CREATE OR REPLACE FUNCTION cliente.plegar_totales()
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
  with muertas as (
    delete from cliente.totales
     where ranura <> 0 and not exists (select from pg_stat_activity where pid = ranura)
        or ranura = 0 and hora > '-infinity' and hora < now() - interval '32 days' returning *)
  insert into cliente.totales as t (estado, tipo_cliente, hora, ranura, cantidad)
  select estado, tipo_cliente, case when hora < now() - interval '32 days' then '-infinity' else hora end, 0, sum(cantidad)
    from muertas group by 1, 2, 3
      on conflict (estado, tipo_cliente, hora, ranura) do update set cantidad = t.cantidad + excluded.cantidad;
$function$
-- alpes_cliente=execute
CREATE OR REPLACE FUNCTION cliente.recontar()
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
  lock table cliente.clientes in share mode;
  delete from cliente.totales;
  insert into cliente.totales (estado, tipo_cliente, hora, ranura, cantidad)
  select estado, tipo_cliente, date_trunc('hour', fecha_registro, 'UTC'), 0, count(*) from cliente.clientes group by 1, 2, 3;
$function$
-- alpes_cliente=execute
CREATE OR REPLACE FUNCTION mensajeria.auditoria_no_cambia()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ begin raise exception 'mensajeria.auditoria is append-only' using errcode = 'insufficient_privilege'; end $function$
CREATE OR REPLACE FUNCTION public.normaliza(texto text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN lower(unaccent('unaccent'::regdictionary, texto))
CREATE OR REPLACE FUNCTION pagos.asiento_cuadra()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
declare cuadra boolean;
begin
  select sum(x.lineas) >= 2 and bool_and(x.suma = 0) into cuadra
    from (select count(*) as lineas, sum(importe) as suma from pagos.movimientos where asiento = new.id group by moneda) x;
  if cuadra is not true then
    raise exception 'entry % does not sum to zero', new.id using errcode = 'check_violation', constraint = 'asiento_cuadra';
  end if;
  if new.revierte is not null and exists (
       select from (select * from pagos.movimientos where asiento = new.revierte) o
         full join (select * from pagos.movimientos where asiento = new.id) r using (n)
        where (o.cuenta, o.moneda, o.importe) is distinct from (r.cuenta, r.moneda, -r.importe)) then
    raise exception 'entry % does not take back entry %', new.id, new.revierte
      using errcode = 'check_violation', constraint = 'asiento_revierte';
  end if;
  return null;
end $function$
CREATE OR REPLACE FUNCTION pagos.contar()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
begin
  if tg_op = 'UPDATE' then
    with d as materialized (
      select moneda, estado, monto, creado, 1 as n from filas union all select moneda, estado, monto, creado, -1 from viejas),
    h as (
      insert into pagos.horas as t (hora, moneda, ranura, cantidad, monto)
      select date_trunc('hour', creado, 'UTC'), moneda, pg_backend_pid(), sum(n), sum(n * monto)
        from d where estado = 'EXITOSO' group by 1, 2 having sum(n) <> 0 or sum(n * monto) <> 0
          on conflict (hora, moneda, ranura) do update set cantidad = t.cantidad + excluded.cantidad,
             monto = t.monto + excluded.monto)
    insert into pagos.totales as t (moneda, estado, ranura, cantidad, monto)
    select moneda, estado, pg_backend_pid(), sum(n), sum(n * monto) from d
     group by 1, 2 having sum(n) <> 0 or sum(n * monto) <> 0
        on conflict (moneda, estado, ranura) do update
           set cantidad = t.cantidad + excluded.cantidad,
             monto = t.monto + excluded.monto;
  else
    with h as (
      insert into pagos.horas as t (hora, moneda, ranura, cantidad, monto)
      select date_trunc('hour', creado, 'UTC'), moneda, pg_backend_pid(), sum(tg_argv[0]::int), sum(tg_argv[0]::int * monto)
        from filas where estado = 'EXITOSO' group by 1, 2
          on conflict (hora, moneda, ranura) do update set cantidad = t.cantidad + excluded.cantidad,
             monto = t.monto + excluded.monto)
    insert into pagos.totales as t (moneda, estado, ranura, cantidad, monto)
    select moneda, estado, pg_backend_pid(), sum(n), sum(n * monto)
      from (select moneda, estado, monto, tg_argv[0]::int as n from filas) d
     group by 1, 2 having sum(n) <> 0 or sum(n * monto) <> 0
        on conflict (moneda, estado, ranura) do update
           set cantidad = t.cantidad + excluded.cantidad,
             monto = t.monto + excluded.monto;
  end if;
  return null;
end $function$
CREATE OR REPLACE FUNCTION pagos.libro_no_cambia()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ begin raise exception 'the ledger is append-only' using errcode = 'insufficient_privilege'; end $function$
CREATE OR REPLACE FUNCTION pagos.movimientos_asentar()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
declare
  torcido bigint;
begin
  select asiento into torcido from nuevos group by asiento, moneda having sum(importe) <> 0 limit 1;
  if torcido is not null then
    raise exception 'entry % does not sum to zero', torcido using errcode = 'check_violation', constraint = 'asiento_cuadra';
  end if;
  select n.asiento into torcido from nuevos n where not exists (select from pagos.asientos a where a.id = n.asiento) limit 1;
  if torcido is not null then
    raise exception 'there is no entry %', torcido using errcode = 'foreign_key_violation', constraint = 'movimientos_asiento_fkey';
  end if;
  insert into pagos.saldos (cuenta, moneda, saldo, movimientos, actualizado)
  select cuenta, moneda, 0, 0, max(en) from nuevos n
   where not exists (select from pagos.saldos x where x.cuenta = n.cuenta and x.moneda = n.moneda)
   group by cuenta, moneda order by cuenta collate "C", moneda
      on conflict (cuenta, moneda) do nothing;
  perform 1 from pagos.saldos s join (select distinct cuenta, moneda from nuevos) n using (cuenta, moneda)
    order by s.cuenta collate "C", s.moneda for no key update of s;
  with sumas as (select cuenta, moneda, sum(importe) as importe, count(*) as n, max(en) as en from nuevos group by 1, 2)
  update pagos.saldos s
     set saldo = s.saldo + d.importe, movimientos = s.movimientos + d.n, actualizado = greatest(s.actualizado, d.en)
    from sumas d where s.cuenta = d.cuenta and s.moneda = d.moneda;
  return null;
end $function$
CREATE OR REPLACE FUNCTION pagos.plegar_totales()
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
  with muertas as (
    delete from pagos.totales where ranura <> 0 and not exists (select from pg_stat_activity where pid = ranura) returning *)
  insert into pagos.totales as t (moneda, estado, ranura, cantidad, monto)
  select moneda, estado, 0, sum(cantidad), sum(monto) from muertas group by moneda, estado
      on conflict (moneda, estado, ranura) do update set cantidad = t.cantidad + excluded.cantidad, monto = t.monto + excluded.monto;
  with muertas as (
    delete from pagos.horas
     where ranura <> 0 and not exists (select from pg_stat_activity where pid = ranura)
        or ranura = 0 and hora > '-infinity' and hora < now() - interval '190 days' returning *)
  insert into pagos.horas as t (hora, moneda, ranura, cantidad, monto)
  select case when hora < now() - interval '190 days' then '-infinity' else hora end, moneda, 0, sum(cantidad), sum(monto)
    from muertas group by 1, 2
      on conflict (hora, moneda, ranura) do update set cantidad = t.cantidad + excluded.cantidad, monto = t.monto + excluded.monto;
$function$
-- alpes_pagos=execute
CREATE OR REPLACE FUNCTION pagos.recontar()
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
  lock table pagos.payouts in share mode;
  delete from pagos.totales;
  insert into pagos.totales (moneda, estado, ranura, cantidad, monto)
  select moneda, estado, 0, count(*), sum(monto) from pagos.payouts group by moneda, estado;
  delete from pagos.horas;
  insert into pagos.horas (hora, moneda, ranura, cantidad, monto)
  select date_trunc('hour', creado, 'UTC'), moneda, 0, count(*), sum(monto)
    from pagos.payouts where estado = 'EXITOSO' group by 1, 2;
$function$
-- alpes_pagos=execute
CREATE OR REPLACE FUNCTION seguridad.anotar_uso(clave text)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$ update seguridad.claves set ultima = clock_timestamp()
         where id = clave and (ultima is null or ultima < clock_timestamp() - interval '1 hour') $function$
-- alpes_mensajeria=execute

-- table with (autovacuum_vacuum_scale_factor=0.05, autovacuum_analyze_scale_factor=0.05) campanias.campanias
  id text not null
  id_cliente text not null
  nombre text
  tipo_campania text not null
  itinerario json not null
  metas json
  presupuesto bigint
  presupuesto_moneda text
  anticipo bigint
  anticipo_moneda text
  gasto bigint
  gasto_moneda text
  fecha_inicio date
  fecha_fin date
  estado text not null
  motivo text
  pago_asociado_id text
  fecha_creacion timestamp with time zone not null
  fecha_aprobacion timestamp with time zone
  fecha_cancelacion timestamp with time zone
  version integer not null
  busqueda text generated always as (normaliza(((((COALESCE(nombre, ''::text) || ' '::text) || id) || ' '::text) || id_cliente))) stored
  constraint campanias_check CHECK (((presupuesto IS NULL) = (presupuesto_moneda IS NULL)))
  constraint campanias_check1 CHECK (((anticipo IS NULL) = (anticipo_moneda IS NULL)))
  constraint campanias_check2 CHECK (((gasto IS NULL) = (gasto_moneda IS NULL)))
  constraint campanias_check3 CHECK ((fecha_fin >= fecha_inicio))
  constraint campanias_estado_check CHECK ((estado = ANY (ARRAY['PENDIENTE'::text, 'APROBADA'::text, 'PAUSADA'::text, 'FINALIZADA'::text, 'CANCELADA'::text])))
  constraint campanias_tipo_campania_check CHECK ((tipo_campania = ANY (ARRAY['PERFORMANCE'::text, 'BRANDING'::text, 'AWARENESS'::text, 'CONVERSION'::text, 'RETENTION'::text])))
  constraint campanias_pkey PRIMARY KEY (id)
  CREATE INDEX campanias_busqueda ON campanias.campanias USING gin (busqueda gin_trgm_ops)
  CREATE INDEX campanias_por_cliente ON campanias.campanias USING btree (id_cliente, fecha_creacion DESC, id DESC)
  CREATE INDEX campanias_por_estado ON campanias.campanias USING btree (estado, fecha_creacion DESC, id DESC)
  CREATE INDEX campanias_por_fecha ON campanias.campanias USING btree (fecha_creacion DESC, id DESC)
  CREATE INDEX campanias_por_nombre ON campanias.campanias USING btree (normaliza(COALESCE(nombre, ''::text)), id)
  CREATE TRIGGER campanias_cuentan AFTER INSERT ON campanias.campanias REFERENCING NEW TABLE AS filas FOR EACH STATEMENT EXECUTE FUNCTION campanias.contar('1')
  CREATE TRIGGER campanias_descuentan AFTER DELETE ON campanias.campanias REFERENCING OLD TABLE AS filas FOR EACH STATEMENT EXECUTE FUNCTION campanias.contar('-1')
  CREATE TRIGGER campanias_recuentan AFTER UPDATE ON campanias.campanias REFERENCING OLD TABLE AS viejas NEW TABLE AS filas FOR EACH STATEMENT EXECUTE FUNCTION campanias.contar()
  grant alpes_campanias=delete,insert,select,update

-- table campanias.eventos
  id_campania text not null
  version integer not null
  tipo text not null
  data json not null
  en timestamp with time zone not null
  event_id text not null
  actor text not null
  correlacion text not null
  constraint eventos_id_campania_check CHECK ((((length(id_campania) >= 1) AND (length(id_campania) <= 255)) AND (id_campania !~ '[^A-Za-z0-9._:~-]'::text)))
  constraint eventos_version_check CHECK ((version > 0))
  constraint eventos_pkey PRIMARY KEY (id_campania, version)
  constraint eventos_event_id_key UNIQUE (event_id)
  CREATE INDEX eventos_primeros ON campanias.eventos USING btree (id_campania) WHERE (version = 1)
  grant alpes_campanias=insert,select

-- table campanias.instantaneas
  id_campania text not null
  version integer not null
  formato integer not null
  estado json not null
  constraint instantaneas_pkey PRIMARY KEY (id_campania)
  grant alpes_campanias=delete,insert,select,update

-- table campanias.proyecciones
  nombre text not null
  estado text not null
  total integer not null default 0
  hechas integer not null default 0
  cursor text not null default ''::text
  inicio timestamp with time zone
  fin timestamp with time zone
  actor text
  constraint proyecciones_estado_check CHECK ((estado = ANY (ARRAY['AL_DIA'::text, 'RECONSTRUYENDO'::text])))
  constraint proyecciones_pkey PRIMARY KEY (nombre)
  grant alpes_campanias=delete,insert,select,update

-- table with (fillfactor=80) campanias.saga_pasos
  id_campania text not null
  orden smallint not null
  paso text not null
  id_pago text
  estado text not null
  intentos integer not null
  inicio timestamp with time zone not null
  fin timestamp with time zone
  error text
  solicitud text not null
  constraint saga_pasos_estado_check CHECK ((estado = ANY (ARRAY['EN_CURSO'::text, 'HECHO'::text, 'FALLIDO'::text])))
  constraint saga_pasos_paso_check CHECK ((paso = ANY (ARRAY['ProcesarPago'::text, 'AprobarCampania'::text, 'ActualizarCliente'::text, 'CancelarCampania'::text, 'RevertirPago'::text])))
  constraint saga_pasos_id_campania_fkey FOREIGN KEY (id_campania) REFERENCES campanias.sagas(id_campania)
  constraint saga_pasos_pkey PRIMARY KEY (id_campania, orden)
  grant alpes_campanias=delete,insert,select,update

-- table with (autovacuum_vacuum_scale_factor=0.05, autovacuum_analyze_scale_factor=0.05, fillfactor=80) campanias.sagas
  id_campania text not null
  estado text not null
  pagos json not null
  plazo timestamp with time zone
  intentos integer not null
  detenida boolean not null
  solicitud text not null
  actualizada timestamp with time zone not null
  constraint sagas_estado_check CHECK ((estado = ANY (ARRAY['SIN_INICIAR'::text, 'ESPERANDO_PAGO'::text, 'COMPLETADA'::text, 'COMPENSANDO'::text, 'COMPENSADA'::text, 'REQUIERE_INTERVENCION'::text])))
  constraint sagas_pkey PRIMARY KEY (id_campania)
  CREATE INDEX sagas_por_estado ON campanias.sagas USING btree (estado, actualizada, id_campania)
  CREATE INDEX sagas_por_fecha ON campanias.sagas USING btree (actualizada, id_campania)
  CREATE INDEX sagas_por_plazo ON campanias.sagas USING btree (plazo) WHERE (plazo IS NOT NULL)
  grant alpes_campanias=delete,insert,select,update

-- table with (fillfactor=50) campanias.totales
  estado text not null
  tipo_campania text not null
  ranura integer not null
  cantidad bigint not null
  aprobadas bigint not null
  constraint totales_pkey PRIMARY KEY (estado, tipo_campania, ranura)
  grant alpes_campanias=select

-- table cliente.clientes
  id text not null
  tipo_cliente text not null
  nombre text not null
  email text not null
  cedula text
  rut text
  fecha_nacimiento date
  telefono text
  ciudad text
  pais text
  referencia_externa text
  estado text not null
  fecha_registro timestamp with time zone not null
  total_pagos integer not null default 0
  ultimo_pago timestamp with time zone
  version integer not null
  huella_registro text not null
  busqueda text generated always as (normaliza(((((nombre || ' '::text) || email) || ' '::text) || COALESCE(cedula, ''::text)))) stored
  borrado timestamp with time zone
  constraint clientes_borrado CHECK (((borrado IS NULL) OR ((estado = 'INACTIVO'::text) AND (num_nonnulls(cedula, rut, fecha_nacimiento, telefono, ciudad, pais, referencia_externa) = 0))))
  constraint clientes_cedula_check CHECK ((((length(cedula) >= 5) AND (length(cedula) <= 20)) AND (cedula !~ '[^0-9]'::text)))
  constraint clientes_estado_check CHECK ((estado = ANY (ARRAY['ACTIVO'::text, 'INACTIVO'::text, 'SUSPENDIDO'::text])))
  constraint clientes_id_check CHECK ((((length(id) >= 1) AND (length(id) <= 255)) AND (id !~ '[^A-Za-z0-9._:~-]'::text)))
  constraint clientes_nombre_check CHECK (((length(nombre) >= 2) AND (length(nombre) <= 255)))
  constraint clientes_papeles_empresa CHECK (((borrado IS NOT NULL) OR (tipo_cliente <> 'EMPRESA'::text) OR (rut IS NOT NULL)))
  constraint clientes_papeles_natural CHECK (((borrado IS NOT NULL) OR (tipo_cliente <> 'NATURAL'::text) OR ((cedula IS NOT NULL) AND (fecha_nacimiento IS NOT NULL))))
  constraint clientes_tipo_cliente_check CHECK ((tipo_cliente = ANY (ARRAY['NATURAL'::text, 'EMPRESA'::text])))
  constraint clientes_total_pagos_check CHECK ((total_pagos >= 0))
  constraint clientes_pkey PRIMARY KEY (id)
  CREATE INDEX clientes_busqueda ON cliente.clientes USING gin (busqueda gin_trgm_ops)
  CREATE INDEX clientes_por_fecha ON cliente.clientes USING btree (fecha_registro DESC, id DESC)
  CREATE INDEX clientes_por_nombre ON cliente.clientes USING btree (normaliza(nombre), id)
  CREATE UNIQUE INDEX clientes_cedula ON cliente.clientes USING btree (cedula)
  CREATE UNIQUE INDEX clientes_email ON cliente.clientes USING btree (lower(email))
  CREATE UNIQUE INDEX clientes_referencia ON cliente.clientes USING btree (referencia_externa)
  CREATE UNIQUE INDEX clientes_rut ON cliente.clientes USING btree (rut)
  CREATE TRIGGER clientes_cuentan AFTER INSERT ON cliente.clientes REFERENCING NEW TABLE AS filas FOR EACH STATEMENT EXECUTE FUNCTION cliente.contar('1')
  CREATE TRIGGER clientes_descuentan AFTER DELETE ON cliente.clientes REFERENCING OLD TABLE AS filas FOR EACH STATEMENT EXECUTE FUNCTION cliente.contar('-1')
  CREATE TRIGGER clientes_recuentan AFTER UPDATE ON cliente.clientes REFERENCING OLD TABLE AS viejas NEW TABLE AS filas FOR EACH STATEMENT EXECUTE FUNCTION cliente.contar()
  grant alpes_cliente=delete,insert,select,update

-- table cliente.historial
  id_cliente text not null
  version integer not null
  accion text not null
  motivo text
  actor text not null
  correlacion text not null
  fecha timestamp with time zone not null
  constraint historial_pkey PRIMARY KEY (id_cliente, version)
  grant alpes_cliente=delete,insert,select,update

-- table cliente.pagos
  id_cliente text not null
  id_pago text not null
  fecha timestamp with time zone not null
  constraint pagos_pkey PRIMARY KEY (id_cliente, id_pago)
  CREATE INDEX pagos_por_fecha ON cliente.pagos USING btree (id_cliente, fecha DESC)
  grant alpes_cliente=delete,insert,select,update

-- table with (fillfactor=50) cliente.totales
  estado text not null
  tipo_cliente text not null
  hora timestamp with time zone not null
  ranura integer not null
  cantidad bigint not null
  constraint totales_pkey PRIMARY KEY (estado, tipo_cliente, hora, ranura)
  grant alpes_cliente=select

-- table with (fillfactor=30) mensajeria.arriendos
  nombre text not null
  particion smallint not null
  dueno text
  epoca bigint not null default 0
  vence timestamp with time zone not null default '-infinity'::timestamp with time zone
  constraint arriendos_pkey PRIMARY KEY (nombre, particion)
  grant alpes_mensajeria=delete,insert,select,update

-- table mensajeria.auditoria
  id bigint not null generated always as identity
  modulo text not null
  en timestamp with time zone not null default clock_timestamp()
  actor text not null
  accion text not null
  recurso_tipo text
  recurso_id text
  correlacion text not null
  resultado text not null
  detalle json
  constraint auditoria_resultado_check CHECK ((resultado = ANY (ARRAY['HECHO'::text, 'DENEGADO'::text])))
  constraint auditoria_pkey PRIMARY KEY (id)
  CREATE INDEX auditoria_por_actor ON mensajeria.auditoria USING btree (actor, id)
  CREATE INDEX auditoria_por_recurso ON mensajeria.auditoria USING btree (recurso_id, id)
  CREATE TRIGGER auditoria_no_cambia BEFORE DELETE OR UPDATE OR TRUNCATE ON mensajeria.auditoria FOR EACH STATEMENT EXECUTE FUNCTION mensajeria.auditoria_no_cambia()
  grant alpes_mensajeria=insert,select; alpes_seguridad=insert

-- table with (autovacuum_vacuum_scale_factor=0.05, autovacuum_analyze_scale_factor=0.05) mensajeria.bus_entregas
  topic text not null
  grupo text not null
  particion smallint not null
  pos bigint not null
  clave text not null
  rechazos integer not null default 0
  no_antes timestamp with time zone not null default '-infinity'::timestamp with time zone
  constraint bus_entregas_pkey PRIMARY KEY (topic, grupo, particion, pos)
  CREATE INDEX bus_entregas_detenidas ON mensajeria.bus_entregas USING btree (topic, grupo, particion) WHERE (no_antes > '-infinity'::timestamp with time zone)
  grant alpes_mensajeria=delete,insert,select,update

-- table mensajeria.bus_mensajes
  pos bigint not null generated always as identity
  topic text not null
  particion smallint not null
  clave text not null
  mensaje json not null
  publicado timestamp with time zone not null default clock_timestamp()
  constraint bus_mensajes_pkey PRIMARY KEY (pos)
  CREATE INDEX bus_mensajes_por_edad ON mensajeria.bus_mensajes USING btree (publicado)
  CREATE INDEX bus_mensajes_por_topic ON mensajeria.bus_mensajes USING btree (topic, pos)
  grant alpes_mensajeria=delete,insert,select,update

-- table mensajeria.bus_topicos
  topic text not null
  grupos text[] not null default '{}'::text[]
  constraint bus_topicos_pkey PRIMARY KEY (topic)
  grant alpes_mensajeria=delete,insert,select,update

-- table with (autovacuum_vacuum_scale_factor=0.05, autovacuum_analyze_scale_factor=0.05) mensajeria.cambios
  fila bigint not null generated always as identity
  modulo text not null
  n bigint
  tipo text not null
  id text not null
  version bigint not null
  correlacion text not null
  en timestamp with time zone not null default clock_timestamp()
  constraint cambios_pkey PRIMARY KEY (fila)
  constraint cambios_modulo_n_key UNIQUE (modulo, n)
  CREATE INDEX cambios_sin_numero ON mensajeria.cambios USING btree (modulo, fila) WHERE (n IS NULL)
  grant alpes_mensajeria=delete,insert,select,update

-- table mensajeria.cambios_ultimo
  modulo text not null
  n bigint not null
  constraint cambios_ultimo_pkey PRIMARY KEY (modulo)
  grant alpes_mensajeria=delete,insert,select,update

-- table mensajeria.idempotencia
  llamador text not null
  ruta text not null
  clave text not null
  huella text not null
  status smallint not null
  cuerpo text not null
  tipo text not null
  etag text
  location text
  creada timestamp with time zone not null default clock_timestamp()
  constraint idempotencia_pkey PRIMARY KEY (llamador, ruta, clave)
  CREATE INDEX idempotencia_por_edad ON mensajeria.idempotencia USING btree (creada)
  grant alpes_mensajeria=delete,insert,select,update

-- table with (autovacuum_vacuum_scale_factor=0.05, autovacuum_analyze_scale_factor=0.05) mensajeria.inbox
  consumidor text not null
  event_id text not null
  topic text not null
  clave text not null
  estado text not null
  intentos integer not null default 0
  error text
  motivo text
  actor text
  mensaje json
  orden bigint not null generated always as identity
  recibido timestamp with time zone not null default clock_timestamp()
  actualizado timestamp with time zone not null default clock_timestamp()
  constraint inbox_estado_check CHECK ((estado = ANY (ARRAY['RECIBIDO'::text, 'HECHO'::text, 'APARCADO'::text, 'LISTO'::text, 'APARTADO'::text, 'DESCARTADO'::text])))
  constraint inbox_pkey PRIMARY KEY (consumidor, event_id)
  CREATE INDEX inbox_aparcados ON mensajeria.inbox USING btree (consumidor, orden) WHERE (estado = ANY (ARRAY['APARCADO'::text, 'APARTADO'::text]))
  CREATE INDEX inbox_detenidos ON mensajeria.inbox USING btree (consumidor, clave, orden) WHERE (estado = ANY (ARRAY['APARCADO'::text, 'LISTO'::text]))
  CREATE INDEX inbox_listos ON mensajeria.inbox USING btree (consumidor, topic, orden) WHERE (estado = 'LISTO'::text)
  CREATE INDEX inbox_por_edad ON mensajeria.inbox USING btree (actualizado) WHERE (estado = ANY (ARRAY['HECHO'::text, 'DESCARTADO'::text]))
  grant alpes_mensajeria=delete,insert,select,update

-- table with (autovacuum_vacuum_scale_factor=0.05, autovacuum_analyze_scale_factor=0.05) mensajeria.outbox
  id bigint not null generated always as identity
  modulo text not null
  topic text not null
  particion smallint not null
  event_id text not null
  mensaje json not null
  creado timestamp with time zone not null default clock_timestamp()
  constraint outbox_pkey PRIMARY KEY (id)
  constraint outbox_event_id_key UNIQUE (event_id)
  CREATE INDEX outbox_por_particion ON mensajeria.outbox USING btree (modulo, particion, id)
  grant alpes_mensajeria=delete,insert,select,update

-- table pagos.asientos
  id bigint not null generated always as identity
  clave text not null
  hecho text not null
  partner_id text
  id_campania text
  payout_id text
  transaccion_id text
  revierte bigint
  en timestamp with time zone not null
  actor text not null
  correlacion text not null
  causa text not null
  saga_paso text
  constraint asientos_revierte_fkey FOREIGN KEY (revierte) REFERENCES pagos.asientos(id)
  constraint asientos_pkey PRIMARY KEY (id)
  constraint asiento_cuadra TRIGGER DEFERRABLE INITIALLY DEFERRED
  constraint asientos_clave_key UNIQUE (clave)
  constraint asientos_revierte_key UNIQUE (revierte)
  CREATE INDEX asientos_por_campania ON pagos.asientos USING btree (id_campania, id) WHERE (id_campania IS NOT NULL)
  CREATE INDEX asientos_por_fecha ON pagos.asientos USING btree (en DESC, id DESC)
  CREATE INDEX asientos_por_payout ON pagos.asientos USING btree (payout_id, id) WHERE (payout_id IS NOT NULL)
  CREATE INDEX asientos_por_solicitud ON pagos.asientos USING btree (correlacion, id)
  CREATE INDEX asientos_por_transaccion ON pagos.asientos USING btree (transaccion_id, id) WHERE (transaccion_id IS NOT NULL)
  CREATE CONSTRAINT TRIGGER asiento_cuadra AFTER INSERT ON pagos.asientos DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION pagos.asiento_cuadra()
  CREATE TRIGGER asientos_no_cambian BEFORE DELETE OR UPDATE OR TRUNCATE ON pagos.asientos FOR EACH STATEMENT EXECUTE FUNCTION pagos.libro_no_cambia()
  grant alpes_pagos=insert,select

-- table pagos.campanias
  id text not null
  id_cliente text not null
  estado text not null
  presupuesto bigint
  presupuesto_moneda text
  anticipo bigint
  anticipo_moneda text
  gastado bigint
  gastado_moneda text
  version integer not null
  fondeado bigint
  fondeado_moneda text
  fondeos integer not null default 0
  constraint campanias_estado_check CHECK ((estado = ANY (ARRAY['PENDIENTE'::text, 'APROBADA'::text, 'PAUSADA'::text, 'FINALIZADA'::text, 'CANCELADA'::text])))
  constraint campanias_pkey PRIMARY KEY (id)
  grant alpes_pagos=delete,insert,select,update

-- table pagos.ciclos
  id text not null
  inicio date not null
  fin date not null
  estado text not null
  creado timestamp with time zone not null
  constraint ciclos_check CHECK ((fin >= inicio))
  constraint ciclos_estado_check CHECK ((estado = ANY (ARRAY['ABIERTO'::text, 'CERRADO'::text])))
  constraint ciclos_id_check CHECK ((id ~ '^[A-Za-z0-9._:~-]{1,255}$'::text))
  constraint ciclos_pkey PRIMARY KEY (id)
  CREATE INDEX ciclos_por_inicio ON pagos.ciclos USING btree (inicio DESC, id DESC)
  grant alpes_pagos=delete,insert,select,update

-- table pagos.clientes
  id text not null
  estado text not null
  version integer not null
  constraint clientes_estado_check CHECK ((estado = ANY (ARRAY['ACTIVO'::text, 'INACTIVO'::text, 'SUSPENDIDO'::text])))
  constraint clientes_pkey PRIMARY KEY (id)
  grant alpes_pagos=delete,insert,select,update

-- table pagos.conciliacion_filas
  conciliacion text not null
  n integer not null
  linea integer
  clave text not null
  payout_id text
  estado text
  referencia text
  moneda text not null
  monto bigint not null
  comision bigint
  fecha timestamp with time zone
  resultado text not null
  diferencia text
  por_saldar boolean not null
  constraint conciliacion_filas_estado_check CHECK ((estado = ANY (ARRAY['PAGADO'::text, 'NO_PAGADO'::text, 'DEVUELTO'::text])))
  constraint conciliacion_filas_resultado_check CHECK ((resultado = ANY (ARRAY['COINCIDE'::text, 'SOLO_PROVEEDOR'::text, 'SOLO_NUESTRO'::text, 'DISTINTO'::text])))
  constraint conciliacion_filas_conciliacion_fkey FOREIGN KEY (conciliacion) REFERENCES pagos.conciliaciones(id) ON DELETE CASCADE
  constraint conciliacion_filas_pkey PRIMARY KEY (conciliacion, n)
  CREATE INDEX conciliacion_filas_por_resultado ON pagos.conciliacion_filas USING btree (conciliacion, resultado, n)
  CREATE INDEX conciliacion_filas_por_saldar ON pagos.conciliacion_filas USING btree (conciliacion, n) WHERE por_saldar
  grant alpes_pagos=delete,insert,select,update

-- table pagos.conciliaciones
  id text not null
  estado text not null
  filas integer not null default 0
  coinciden integer not null default 0
  solo_proveedor integer not null default 0
  solo_nuestro integer not null default 0
  distintos integer not null default 0
  por_saldar integer not null default 0
  desde timestamp with time zone
  hasta timestamp with time zone
  actor text not null
  creada timestamp with time zone not null default clock_timestamp()
  constraint conciliaciones_estado_check CHECK ((estado = ANY (ARRAY['CARGANDO'::text, 'CARGADA'::text, 'SALDADA'::text])))
  constraint conciliaciones_pkey PRIMARY KEY (id)
  CREATE INDEX conciliaciones_por_fecha ON pagos.conciliaciones USING btree (creada DESC, id DESC)
  grant alpes_pagos=delete,insert,select,update

-- table pagos.condiciones
  partner_id text not null
  retencion_dias integer
  minimos jsonb not null default '{}'::jsonb
  suspendido boolean not null
  metodo text
  mascara text
  actualizado timestamp with time zone not null
  version integer not null
  constraint condiciones_check CHECK (((mascara IS NULL) OR ((length(regexp_replace(mascara, '\D'::text, ''::text, 'g'::text)) < 12) AND (metodo IS NOT NULL))))
  constraint condiciones_metodo_check CHECK ((metodo = ANY (ARRAY['TARJETA'::text, 'PSE'::text, 'TRANSFERENCIA'::text, 'EFECTIVO'::text, 'ACH'::text])))
  constraint condiciones_partner_id_check CHECK ((partner_id ~ '^[A-Za-z0-9._:~-]{1,255}$'::text))
  constraint condiciones_retencion_dias_check CHECK (((retencion_dias >= 0) AND (retencion_dias <= 36500)))
  constraint condiciones_pkey PRIMARY KEY (partner_id)
  grant alpes_pagos=delete,insert,select,update

-- table pagos.historial
  payout_id text not null
  n bigint not null generated always as identity
  estado_anterior text
  estado_nuevo text not null
  motivo text
  actor text not null
  correlacion text not null
  fecha timestamp with time zone not null
  constraint historial_payout_id_fkey FOREIGN KEY (payout_id) REFERENCES pagos.payouts(id)
  constraint historial_pkey PRIMARY KEY (payout_id, n)
  grant alpes_pagos=delete,insert,select,update

-- table with (fillfactor=50) pagos.horas
  hora timestamp with time zone not null
  moneda text not null
  ranura integer not null
  cantidad bigint not null
  monto numeric not null
  constraint horas_pkey PRIMARY KEY (hora, moneda, ranura)
  grant alpes_pagos=select

-- table with (autovacuum_vacuum_scale_factor=0.05, autovacuum_analyze_scale_factor=0.05) pagos.intentos
  payout_id text not null
  numero integer not null
  clave text not null
  estado text not null
  referencia text
  error text
  inicio timestamp with time zone not null
  fin timestamp with time zone
  constraint intentos_estado_check CHECK ((estado = ANY (ARRAY['INICIADO'::text, 'DESCONOCIDO'::text, 'PAGADO'::text, 'NO_PAGADO'::text])))
  constraint intentos_payout_id_fkey FOREIGN KEY (payout_id) REFERENCES pagos.payouts(id)
  constraint intentos_pkey PRIMARY KEY (payout_id, numero)
  constraint intentos_clave_key UNIQUE (clave)
  CREATE INDEX intentos_por_inicio ON pagos.intentos USING btree (inicio) WHERE (estado <> 'NO_PAGADO'::text)
  CREATE UNIQUE INDEX intentos_uno_abierto ON pagos.intentos USING btree (payout_id) WHERE (estado <> 'NO_PAGADO'::text)
  grant alpes_pagos=delete,insert,select,update

-- table pagos.lineas
  payout_id text not null
  transaccion_id text not null
  constraint lineas_payout_id_fkey FOREIGN KEY (payout_id) REFERENCES pagos.payouts(id)
  constraint lineas_transaccion_id_fkey FOREIGN KEY (transaccion_id) REFERENCES pagos.transacciones(id)
  constraint lineas_pkey PRIMARY KEY (payout_id, transaccion_id)
  grant alpes_pagos=delete,insert,select,update

-- table pagos.liquidacion_exclusiones
  liquidacion text not null
  n integer not null
  partner_id text not null
  moneda text not null
  motivo text not null
  monto numeric not null
  transacciones integer not null
  minimo bigint
  pago text
  huella text not null
  constraint liquidacion_exclusiones_motivo_check CHECK ((motivo = ANY (ARRAY['retenido'::text, 'bajo_minimo'::text, 'suspendido'::text, 'sin_metodo'::text, 'negativo'::text, 'pago_vigente'::text, 'fuera_de_rango'::text])))
  constraint liquidacion_exclusiones_liquidacion_fkey FOREIGN KEY (liquidacion) REFERENCES pagos.liquidaciones(id)
  constraint liquidacion_exclusiones_pkey PRIMARY KEY (liquidacion, n)
  CREATE UNIQUE INDEX liquidacion_exclusiones_partner ON pagos.liquidacion_exclusiones USING btree (liquidacion, partner_id, moneda, motivo)
  grant alpes_pagos=insert,select

-- table pagos.liquidacion_lineas
  liquidacion text not null
  n integer not null
  partner_id text not null
  moneda text not null
  monto bigint not null
  transacciones integer not null
  deudas bigint not null
  arrastrado bigint not null
  metodo text not null
  mascara text
  anterior bigint
  payout_id text not null
  huella_transacciones text not null
  huella text not null
  constraint liquidacion_lineas_deudas_check CHECK ((deudas <= 0))
  constraint liquidacion_lineas_monto_check CHECK (((monto >= 1) AND (monto <= '1000000000000000'::bigint)))
  constraint liquidacion_lineas_liquidacion_fkey FOREIGN KEY (liquidacion) REFERENCES pagos.liquidaciones(id)
  constraint liquidacion_lineas_pkey PRIMARY KEY (liquidacion, n)
  constraint liquidacion_lineas_payout_id_key UNIQUE (payout_id)
  CREATE UNIQUE INDEX liquidacion_lineas_partner ON pagos.liquidacion_lineas USING btree (liquidacion, partner_id, moneda)
  grant alpes_pagos=insert,select

-- table pagos.liquidaciones
  id text not null
  ciclo text not null
  corte date not null
  moneda text
  estado text not null
  huella text not null
  anterior text
  lineas integer not null
  exclusiones integer not null
  resumen jsonb not null
  autor text not null
  calculada timestamp with time zone not null
  aprobador text
  aprobada timestamp with time zone
  aplicador text
  aplicando timestamp with time zone
  aplicada timestamp with time zone
  descartada timestamp with time zone
  motivo text
  proximo timestamp with time zone
  correlacion text not null
  traceparent text
  version integer not null
  constraint liquidaciones_check CHECK (((aprobada IS NULL) = (aprobador IS NULL)))
  constraint liquidaciones_check1 CHECK (((aplicando IS NOT NULL) OR (estado <> ALL (ARRAY['APLICANDO'::text, 'APLICADA'::text]))))
  constraint liquidaciones_check2 CHECK (((aplicada IS NOT NULL) = (estado = 'APLICADA'::text)))
  constraint liquidaciones_check3 CHECK (((descartada IS NOT NULL) = (estado = 'DESCARTADA'::text)))
  constraint liquidaciones_check4 CHECK (((motivo IS NOT NULL) = (estado = 'DESCARTADA'::text)))
  constraint liquidaciones_check5 CHECK (((proximo IS NOT NULL) = (estado = 'APLICANDO'::text)))
  constraint liquidaciones_estado_check CHECK ((estado = ANY (ARRAY['CALCULADA'::text, 'APROBADA'::text, 'APLICANDO'::text, 'APLICADA'::text, 'DESCARTADA'::text])))
  constraint liquidaciones_id_check CHECK ((id ~ '^[A-Za-z0-9._:~-]{1,255}$'::text))
  constraint liquidaciones_anterior_fkey FOREIGN KEY (anterior) REFERENCES pagos.liquidaciones(id)
  constraint liquidaciones_ciclo_fkey FOREIGN KEY (ciclo) REFERENCES pagos.ciclos(id)
  constraint liquidaciones_pkey PRIMARY KEY (id)
  CREATE INDEX liquidaciones_agenda ON pagos.liquidaciones USING btree (proximo) WHERE (proximo IS NOT NULL)
  CREATE INDEX liquidaciones_aplicadas ON pagos.liquidaciones USING btree (aplicada DESC) WHERE (aplicada IS NOT NULL)
  CREATE INDEX liquidaciones_por_fecha ON pagos.liquidaciones USING btree (calculada DESC, id DESC)
  grant alpes_pagos=insert,select,update

-- table pagos.movimientos
  asiento bigint not null
  n integer not null
  cuenta text not null
  moneda text not null
  importe bigint not null
  en timestamp with time zone not null
  constraint movimientos_importe_check CHECK (((importe <> 0) AND ((importe >= '-1000000000000000'::bigint) AND (importe <= '1000000000000000'::bigint))))
  constraint movimientos_pkey PRIMARY KEY (asiento, n)
  CREATE INDEX movimientos_por_cuenta ON pagos.movimientos USING btree (cuenta, moneda, en, asiento) INCLUDE (importe)
  CREATE TRIGGER movimientos_asentar AFTER INSERT ON pagos.movimientos REFERENCING NEW TABLE AS nuevos FOR EACH STATEMENT EXECUTE FUNCTION pagos.movimientos_asentar()
  CREATE TRIGGER movimientos_no_cambian BEFORE DELETE OR UPDATE OR TRUNCATE ON pagos.movimientos FOR EACH STATEMENT EXECUTE FUNCTION pagos.libro_no_cambia()
  grant alpes_pagos=insert,select

-- table with (autovacuum_vacuum_scale_factor=0.05, autovacuum_analyze_scale_factor=0.05) pagos.payouts
  id text not null
  tipo text not null
  partner_id text
  cycle_id text not null
  id_campania text
  moneda text not null
  monto bigint not null
  milesimas bigint not null
  pedido_monto bigint
  pedido_moneda text
  automatico boolean not null
  metodo text not null
  mascara text
  confirmation_id text
  failure_reason text
  processed_at timestamp with time zone
  completed_at timestamp with time zone
  estado text not null
  vivo boolean not null generated always as ((estado <> ALL (ARRAY['FALLIDO'::text, 'RECHAZADO'::text, 'REVERTIDO'::text]))) stored
  motivo text
  plazo timestamp with time zone
  consultas integer not null default 0
  referencia text
  reemplazado_por text
  terminado timestamp with time zone
  reversion_motivo text
  reversion_actor text
  reversion_en timestamp with time zone
  proximo timestamp with time zone
  correlacion text not null
  traceparent text
  creado timestamp with time zone not null
  actualizado timestamp with time zone not null
  version integer not null
  busqueda text generated always as (normaliza(((((((((id || ' '::text) || COALESCE(partner_id, ''::text)) || ' '::text) || cycle_id) || ' '::text) || COALESCE(confirmation_id, ''::text)) || ' '::text) || COALESCE(referencia, ''::text)))) stored
  comision_bancaria bigint
  constraint payouts_check CHECK (((id_campania IS NOT NULL) = (tipo = 'CAMPANIA'::text)))
  constraint payouts_check1 CHECK (((motivo IS NOT NULL) OR (estado <> ALL (ARRAY['EN_VERIFICACION'::text, 'FALLIDO'::text, 'RECHAZADO'::text, 'REVERTIDO'::text]))))
  constraint payouts_check2 CHECK (((estado <> ALL (ARRAY['EXITOSO'::text, 'REVERTIDO'::text])) OR (referencia IS NOT NULL)))
  constraint payouts_check3 CHECK (((terminado IS NOT NULL) = (estado = ANY (ARRAY['EXITOSO'::text, 'FALLIDO'::text, 'RECHAZADO'::text, 'REVERTIDO'::text]))))
  constraint payouts_check4 CHECK ((((comision_bancaria >= 0) AND (comision_bancaria <= monto)) AND ((comision_bancaria IS NULL) OR (estado = ANY (ARRAY['EXITOSO'::text, 'REVERTIDO'::text])))))
  constraint payouts_estado_check CHECK ((estado = ANY (ARRAY['PENDIENTE'::text, 'CALCULADO'::text, 'CONFIRMADO'::text, 'EN_PROCESO'::text, 'EN_VERIFICACION'::text, 'EXITOSO'::text, 'FALLIDO'::text, 'RECHAZADO'::text, 'REVERTIDO'::text])))
  constraint payouts_id_check CHECK ((((length(id) >= 1) AND (length(id) <= 255)) AND (id !~ '[^A-Za-z0-9._:~-]'::text)))
  constraint payouts_mascara_check CHECK ((length(regexp_replace(mascara, '\D'::text, ''::text, 'g'::text)) < 12))
  constraint payouts_metodo_check CHECK ((metodo = ANY (ARRAY['TARJETA'::text, 'PSE'::text, 'TRANSFERENCIA'::text, 'EFECTIVO'::text, 'ACH'::text])))
  constraint payouts_monto_check CHECK (((monto >= 1) AND (monto <= '1000000000000000'::bigint)))
  constraint payouts_tipo_check CHECK ((tipo = ANY (ARRAY['CAMPANIA'::text, 'PARTNER'::text])))
  constraint payouts_pkey PRIMARY KEY (id)
  CREATE INDEX payouts_agenda ON pagos.payouts USING btree (proximo) WHERE (proximo IS NOT NULL)
  CREATE INDEX payouts_busqueda ON pagos.payouts USING gin (busqueda gin_trgm_ops)
  CREATE INDEX payouts_por_actualizacion ON pagos.payouts USING btree (actualizado DESC, id DESC)
  CREATE INDEX payouts_por_campania ON pagos.payouts USING btree (id_campania, creado DESC, id DESC) WHERE (id_campania IS NOT NULL)
  CREATE INDEX payouts_por_ciclo ON pagos.payouts USING btree (cycle_id, creado DESC, id DESC)
  CREATE INDEX payouts_por_estado ON pagos.payouts USING btree (estado, creado DESC, id DESC)
  CREATE INDEX payouts_por_fecha ON pagos.payouts USING btree (creado DESC, id DESC)
  CREATE INDEX payouts_por_monto ON pagos.payouts USING btree (milesimas DESC, id DESC)
  CREATE INDEX payouts_por_partner ON pagos.payouts USING btree (partner_id, creado DESC, id DESC)
  CREATE INDEX payouts_terminados ON pagos.payouts USING btree (moneda, terminado) WHERE (estado = 'EXITOSO'::text)
  CREATE UNIQUE INDEX payouts_campania_viva ON pagos.payouts USING btree (id_campania) WHERE (vivo AND (tipo = 'CAMPANIA'::text))
  CREATE UNIQUE INDEX payouts_clave_viva ON pagos.payouts USING btree (partner_id, cycle_id, moneda) WHERE vivo
  CREATE TRIGGER payouts_cuentan AFTER INSERT ON pagos.payouts REFERENCING NEW TABLE AS filas FOR EACH STATEMENT EXECUTE FUNCTION pagos.contar('1')
  CREATE TRIGGER payouts_descuentan AFTER DELETE ON pagos.payouts REFERENCING OLD TABLE AS filas FOR EACH STATEMENT EXECUTE FUNCTION pagos.contar('-1')
  CREATE TRIGGER payouts_recuentan AFTER UPDATE ON pagos.payouts REFERENCING OLD TABLE AS viejas NEW TABLE AS filas FOR EACH STATEMENT EXECUTE FUNCTION pagos.contar()
  grant alpes_pagos=delete,insert,select,update

-- table pagos.psp_simulador
  clave text not null
  payout_id text not null
  monto bigint not null
  moneda text not null
  resultado text not null
  referencia text not null
  pagado timestamp with time zone
  devuelto timestamp with time zone
  constraint psp_simulador_resultado_check CHECK ((resultado = ANY (ARRAY['PAGADO'::text, 'RECHAZADO'::text, 'MUDO'::text])))
  constraint psp_simulador_pkey PRIMARY KEY (clave)
  constraint psp_simulador_referencia_key UNIQUE (referencia)
  CREATE INDEX psp_simulador_por_payout ON pagos.psp_simulador USING btree (payout_id)
  grant alpes_pagos=delete,insert,select,update

-- table pagos.saldos
  cuenta text not null
  moneda text not null
  saldo bigint not null
  movimientos bigint not null
  actualizado timestamp with time zone not null
  constraint saldo_no_negativo CHECK (((saldo >= 0) OR (cuenta !~ '^(partner:.*:(retenido|disponible|en_pago)|campania:.*:presupuesto)$'::text)))
  constraint saldos_pkey PRIMARY KEY (cuenta, moneda)
  grant alpes_pagos=select

-- table pagos.tarifas
  id text not null
  ambito text not null
  ambito_id text
  event_type text not null
  moneda text
  tipo text not null
  tasa bigint
  monto bigint
  tramos_desde bigint[]
  tramos_tasa bigint[]
  minimo bigint
  maximo bigint
  vigente_desde date
  vigente_hasta date
  huella text not null
  creada timestamp with time zone not null
  constraint tarifas_ambito_check CHECK ((ambito = ANY (ARRAY['PARTNER'::text, 'MARCA'::text, 'GENERAL'::text, 'DEFECTO'::text])))
  constraint tarifas_check CHECK (((ambito_id IS NOT NULL) = (ambito = ANY (ARRAY['PARTNER'::text, 'MARCA'::text]))))
  constraint tarifas_check1 CHECK (((moneda IS NOT NULL) OR ((tipo = 'PERCENTAGE'::text) AND (minimo IS NULL) AND (maximo IS NULL))))
  constraint tarifas_check2 CHECK ((((tasa IS NOT NULL) = (tipo = 'PERCENTAGE'::text)) AND ((tasa >= 0) AND (tasa <= 1000000))))
  constraint tarifas_check3 CHECK ((((monto IS NOT NULL) = (tipo = 'FIXED'::text)) AND ((monto >= 0) AND (monto <= '1000000000000000'::bigint))))
  constraint tarifas_check4 CHECK ((((tramos_desde IS NOT NULL) = (tipo = 'TIERED'::text)) AND (tramos_desde[1] = 0)))
  constraint tarifas_check5 CHECK ((NOT (cardinality(tramos_tasa) IS DISTINCT FROM cardinality(tramos_desde))))
  constraint tarifas_check6 CHECK (((maximo >= 0) AND (maximo >= COALESCE(minimo, (0)::bigint))))
  constraint tarifas_check7 CHECK (((vigente_desde IS NULL) = (ambito = 'DEFECTO'::text)))
  constraint tarifas_check8 CHECK ((vigente_hasta >= vigente_desde))
  constraint tarifas_id_check CHECK ((id ~ '^[A-Za-z0-9._:~-]{1,255}$'::text))
  constraint tarifas_minimo_check CHECK ((minimo >= 0))
  constraint tarifas_tipo_check CHECK ((tipo = ANY (ARRAY['PERCENTAGE'::text, 'FIXED'::text, 'TIERED'::text])))
  constraint tarifas_pkey PRIMARY KEY (id)
  constraint tarifas_sin_solape EXCLUDE USING gist (ambito WITH =, COALESCE(ambito_id, ''::text) WITH =, event_type WITH =, COALESCE(moneda, ''::text) WITH =, daterange(vigente_desde, vigente_hasta, '[]'::text) WITH &&)
  CREATE INDEX tarifas_por_evento ON pagos.tarifas USING btree (event_type, ambito_id)
  CREATE INDEX tarifas_por_fecha ON pagos.tarifas USING btree (creada DESC, id DESC)
  grant alpes_pagos=insert,select,update

-- table with (fillfactor=50) pagos.totales
  moneda text not null
  estado text not null
  ranura integer not null
  cantidad bigint not null
  monto numeric not null
  constraint totales_pkey PRIMARY KEY (moneda, estado, ranura)
  grant alpes_pagos=select

-- table pagos.transacciones
  id text not null
  partner_id text not null
  id_campania text
  brand_id text
  event_type text not null
  event_timestamp timestamp with time zone not null
  original bigint
  moneda text not null
  comision bigint not null
  estado text not null
  payout_id text
  por_pagar boolean not null
  reembolso_de text
  motivo text
  huella text not null
  creada timestamp with time zone not null
  version integer not null
  libera timestamp with time zone not null
  liberada boolean not null
  tarifa_id text
  constraint transacciones_check CHECK ((((comision <= 0) AND (reembolso_de IS NOT NULL)) OR ((comision >= 0) AND (reembolso_de IS NULL))))
  constraint transacciones_estado_check CHECK ((estado = ANY (ARRAY['ACTIVE'::text, 'CANCELLED'::text, 'REFUNDED'::text])))
  constraint transacciones_id_check CHECK ((((length(id) >= 1) AND (length(id) <= 255)) AND (id !~ '[^A-Za-z0-9._:~-]'::text)))
  constraint transacciones_payout_id_fkey FOREIGN KEY (payout_id) REFERENCES pagos.payouts(id)
  constraint transacciones_reembolso_de_fkey FOREIGN KEY (reembolso_de) REFERENCES pagos.transacciones(id)
  constraint transacciones_pkey PRIMARY KEY (id)
  CREATE INDEX transacciones_de_payout ON pagos.transacciones USING btree (payout_id) WHERE (payout_id IS NOT NULL)
  CREATE INDEX transacciones_por_campania ON pagos.transacciones USING btree (id_campania, event_timestamp DESC, id DESC) WHERE (id_campania IS NOT NULL)
  CREATE INDEX transacciones_por_fecha ON pagos.transacciones USING btree (event_timestamp DESC, id DESC)
  CREATE INDEX transacciones_por_pagar ON pagos.transacciones USING btree (partner_id, event_timestamp) WHERE ((payout_id IS NULL) AND por_pagar)
  CREATE INDEX transacciones_por_partner ON pagos.transacciones USING btree (partner_id, event_timestamp DESC, id DESC)
  CREATE INDEX transacciones_retenidas ON pagos.transacciones USING btree (libera, id) WHERE ((NOT liberada) AND por_pagar)
  CREATE UNIQUE INDEX transacciones_reembolso ON pagos.transacciones USING btree (reembolso_de) WHERE ((reembolso_de IS NOT NULL) AND (estado = 'ACTIVE'::text))
  grant alpes_pagos=delete,insert,select,update

-- table public.migraciones
  version integer not null
  nombre text not null
  suma text not null
  aplicada timestamp with time zone not null default clock_timestamp()
  constraint migraciones_pkey PRIMARY KEY (version)
  grant alpes_mensajeria=select

-- table seguridad.claves
  id text not null
  nombre text not null
  roles text[] not null
  cliente text
  huella bytea not null
  creada timestamp with time zone not null default clock_timestamp()
  creada_por text not null
  expira timestamp with time zone not null
  revocada timestamp with time zone
  revocada_por text
  ultima timestamp with time zone
  sustituye text
  constraint claves_check CHECK ((expira > creada))
  constraint claves_check1 CHECK ((('partner'::text = ANY (roles)) = (cliente IS NOT NULL)))
  constraint claves_check2 CHECK (((revocada IS NULL) = (revocada_por IS NULL)))
  constraint claves_cliente_check CHECK ((cliente ~ '^[A-Za-z0-9._:~-]{1,255}$'::text))
  constraint claves_huella_check CHECK ((length(huella) = 32))
  constraint claves_id_check CHECK ((id ~ '^[0-9a-z]{16}$'::text))
  constraint claves_nombre_check CHECK (((length(nombre) >= 1) AND (length(nombre) <= 100)))
  constraint claves_roles_check CHECK (((cardinality(roles) > 0) AND (roles <@ ARRAY['partner'::text, 'operador'::text, 'aprobador'::text, 'auditor'::text, 'admin'::text, 'servicio'::text])))
  constraint claves_sustituye_fkey FOREIGN KEY (sustituye) REFERENCES seguridad.claves(id)
  constraint claves_pkey PRIMARY KEY (id)
  constraint claves_huella_key UNIQUE (huella)
  CREATE INDEX claves_por_fecha ON seguridad.claves USING btree (creada DESC, id DESC)
  grant alpes_mensajeria=select; alpes_seguridad=insert,select,update

-- table seguridad.enlaces
  huella bytea not null
  nombre text not null
  roles text[] not null
  cliente text
  expira timestamp with time zone not null
  usado timestamp with time zone
  constraint enlaces_huella_check CHECK ((length(huella) = 32))
  constraint enlaces_pkey PRIMARY KEY (huella)
  grant alpes_seguridad=insert,select,update
