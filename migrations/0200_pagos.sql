-- One row for each payout, with all that its next decision needs; `proximo` is the durable agenda.
create table pagos.payouts (
  id text primary key check (id ~ '^[A-Za-z0-9._:~-]{1,255}$'),
  tipo text not null check (tipo in ('CAMPANIA', 'PARTNER')),
  partner_id text,
  cycle_id text not null,
  id_campania text check ((id_campania is not null) = (tipo = 'CAMPANIA')),
  moneda text not null,
  monto bigint not null check (monto between 1 and 1000000000000000),
  -- The amount in thousandths of its currency, whatever the currency's digits: to filter and sort by.
  milesimas bigint not null,
  pedido_monto bigint,
  pedido_moneda text,
  automatico boolean not null,
  metodo text not null check (metodo in ('TARJETA', 'PSE', 'TRANSFERENCIA', 'EFECTIVO', 'ACH')),
  -- Never a card number: twelve digits are the shortest.
  mascara text check (length(regexp_replace(mascara, '\D', '', 'g')) < 12),
  confirmation_id text,
  failure_reason text,
  processed_at timestamptz,
  completed_at timestamptz,
  estado text not null check (estado in ('PENDIENTE', 'CALCULADO', 'CONFIRMADO', 'EN_PROCESO', 'EN_VERIFICACION',
    'EXITOSO', 'FALLIDO', 'RECHAZADO', 'REVERTIDO')),
  vivo boolean not null generated always as (estado not in ('FALLIDO', 'RECHAZADO', 'REVERTIDO')) stored,
  motivo text check (motivo is not null or estado not in ('EN_VERIFICACION', 'FALLIDO', 'RECHAZADO', 'REVERTIDO')),
  -- Until when it waits (PENDIENTE), or before when it does not start (CALCULADO).
  plazo timestamptz,
  consultas int not null default 0,
  referencia text check (estado not in ('EXITOSO', 'REVERTIDO') or referencia is not null),
  reemplazado_por text,
  terminado timestamptz check ((terminado is not null) = (estado in ('EXITOSO', 'FALLIDO', 'RECHAZADO', 'REVERTIDO'))),
  reversion_motivo text,
  reversion_actor text,
  reversion_en timestamptz,
  proximo timestamptz,
  correlacion text not null,
  traceparent text,
  creado timestamptz not null,
  actualizado timestamptz not null,
  version int not null,
  busqueda text generated always as (public.normaliza(id || ' ' || coalesce(partner_id, '') || ' ' || cycle_id || ' '
    || coalesce(confirmation_id, '') || ' ' || coalesce(referencia, ''))) stored
);
-- Never two that could pay the same thing.
create unique index payouts_clave_viva on pagos.payouts (partner_id, cycle_id, moneda) where vivo;
create unique index payouts_campania_viva on pagos.payouts (id_campania) where vivo and tipo = 'CAMPANIA';
create index payouts_agenda on pagos.payouts (proximo) where proximo is not null;
create index payouts_por_fecha on pagos.payouts (creado desc, id desc);
create index payouts_por_actualizacion on pagos.payouts (actualizado desc, id desc);
create index payouts_por_monto on pagos.payouts (milesimas desc, id desc);
create index payouts_por_partner on pagos.payouts (partner_id, creado desc, id desc);
create index payouts_por_ciclo on pagos.payouts (cycle_id, creado desc, id desc);
create index payouts_por_campania on pagos.payouts (id_campania, creado desc, id desc) where id_campania is not null;
create index payouts_por_estado on pagos.payouts (estado, creado desc, id desc);
create index payouts_busqueda on pagos.payouts using gin (busqueda public.gin_trgm_ops);

-- Conversations with the provider. The key is committed before the provider hears of it.
create table pagos.intentos (
  payout_id text not null references pagos.payouts (id),
  numero int not null,
  clave text not null unique,
  estado text not null check (estado in ('INICIADO', 'DESCONOCIDO', 'PAGADO', 'NO_PAGADO')),
  referencia text,
  error text,
  inicio timestamptz not null,
  fin timestamptz,
  primary key (payout_id, numero)
);
-- A new attempt only after proof that the last one did not pay.
create unique index intentos_uno_abierto on pagos.intentos (payout_id) where estado <> 'NO_PAGADO';

create table pagos.historial (
  payout_id text not null references pagos.payouts (id),
  n bigint generated always as identity,
  estado_anterior text,
  estado_nuevo text not null,
  motivo text,
  actor text not null,
  correlacion text not null,
  fecha timestamptz not null,
  primary key (payout_id, n)
);

-- Commissions, and the negative lines (`reembolso_de`) that take paid ones back.
create table pagos.transacciones (
  id text primary key check (id ~ '^[A-Za-z0-9._:~-]{1,255}$'),
  partner_id text not null,
  id_campania text,
  brand_id text,
  event_type text not null,
  event_timestamp timestamptz not null,
  original bigint,
  moneda text not null,
  comision bigint not null check ((comision <= 0 and reembolso_de is not null) or (comision >= 0 and reembolso_de is null)),
  estado text not null check (estado in ('ACTIVE', 'CANCELLED', 'REFUNDED')),
  payout_id text references pagos.payouts (id),
  por_pagar boolean not null,
  reembolso_de text references pagos.transacciones (id),
  motivo text,
  huella text not null,
  creada timestamptz not null,
  version int not null
);
create index transacciones_por_pagar on pagos.transacciones (partner_id, event_timestamp)
  where payout_id is null and por_pagar;
create index transacciones_de_payout on pagos.transacciones (payout_id) where payout_id is not null;
create unique index transacciones_reembolso on pagos.transacciones (reembolso_de)
  where reembolso_de is not null and estado = 'ACTIVE';
create index transacciones_por_fecha on pagos.transacciones (event_timestamp desc, id desc);
create index transacciones_por_partner on pagos.transacciones (partner_id, event_timestamp desc, id desc);
create index transacciones_por_campania on pagos.transacciones (id_campania, event_timestamp desc, id desc)
  where id_campania is not null;

-- The lines that make a payout's total. They stay when it dies; `transacciones.payout_id` is who holds them now.
create table pagos.lineas (
  payout_id text not null references pagos.payouts (id),
  transaccion_id text not null references pagos.transacciones (id),
  primary key (payout_id, transaccion_id)
);

-- What the messages of campanias said, and what was spent, which is known here first.
create table pagos.campanias (
  id text primary key,
  id_cliente text not null,
  estado text not null check (estado in ('PENDIENTE', 'APROBADA', 'PAUSADA', 'FINALIZADA', 'CANCELADA')),
  presupuesto bigint,
  presupuesto_moneda text,
  anticipo bigint,
  anticipo_moneda text,
  gastado bigint,
  gastado_moneda text,
  version int not null
);

create table pagos.ciclos (
  id text primary key check (id ~ '^[A-Za-z0-9._:~-]{1,255}$'),
  inicio date not null,
  fin date not null check (fin >= inicio),
  estado text not null check (estado in ('ABIERTO', 'CERRADO')),
  creado timestamptz not null
);
create index ciclos_por_inicio on pagos.ciclos (inicio desc, id desc);

-- The simulated provider's own record of what it paid: it shares nothing with the tables above but the database.
create table pagos.psp_simulador (
  clave text primary key,
  payout_id text not null,
  monto bigint not null,
  moneda text not null,
  resultado text not null check (resultado in ('PAGADO', 'RECHAZADO', 'MUDO')),
  referencia text not null unique,
  -- When the money moves; the answer may be lost or late.
  pagado timestamptz,
  devuelto timestamptz
);
create index psp_simulador_por_payout on pagos.psp_simulador (payout_id);
