-- What was agreed with each partner; the row `general` is for all.
create table pagos.condiciones (
  partner_id text primary key check (partner_id ~ '^[A-Za-z0-9._:~-]{1,255}$'),
  retencion_dias int check (retencion_dias between 0 and 36500),
  -- The least that is paid out: currency → minor units, as text.
  minimos jsonb not null default '{}',
  suspendido boolean not null,
  metodo text check (metodo in ('TARJETA', 'PSE', 'TRANSFERENCIA', 'EFECTIVO', 'ACH')),
  -- Never a card number: twelve digits are the shortest.
  mascara text check (mascara is null or length(regexp_replace(mascara, '\D', '', 'g')) < 12 and metodo is not null),
  actualizado timestamptz not null,
  version int not null
);

-- Who may be paid, as the messages of cliente said; nothing else of a person is kept here.
create table pagos.clientes (
  id text primary key,
  estado text not null check (estado in ('ACTIVO', 'INACTIVO', 'SUSPENDIDO')),
  version int not null
);
