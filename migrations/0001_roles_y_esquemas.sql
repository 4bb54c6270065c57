-- One schema and one login role per module, one schema for messaging. The application logs in as `alpes_app` (all
-- modules in one process: it may become each module's role) or as one module's role (one process each). Neither owns
-- anything. Roles are shared by a whole server, so their creation tolerates a sibling database that made them.
do $$
declare r text;
begin
  foreach r in array array['alpes_mensajeria', 'alpes_cliente', 'alpes_campanias', 'alpes_pagos', 'alpes_app'] loop
    begin
      execute format('create role %I nosuperuser nocreatedb nocreaterole', r);
    exception when duplicate_object or unique_violation then null;
    end;
  end loop;
end $$;
alter role alpes_cliente login;
alter role alpes_campanias login;
alter role alpes_pagos login;
alter role alpes_app login noinherit;

create schema mensajeria;
create schema cliente;
create schema campanias;
create schema pagos;
revoke all on schema public from public;
grant usage on schema public to alpes_mensajeria;

grant alpes_mensajeria to alpes_cliente, alpes_campanias, alpes_pagos;
grant alpes_cliente, alpes_campanias, alpes_pagos to alpes_app;
grant usage on schema mensajeria to alpes_mensajeria;
grant usage on schema cliente to alpes_cliente;
grant usage on schema campanias to alpes_campanias;
grant usage on schema pagos to alpes_pagos;

-- Later tables of a module belong to its role's reach without a grant of their own.
alter default privileges in schema mensajeria grant select, insert, update, delete on tables to alpes_mensajeria;
alter default privileges in schema mensajeria grant usage on sequences to alpes_mensajeria;
alter default privileges in schema cliente grant select, insert, update, delete on tables to alpes_cliente;
alter default privileges in schema cliente grant usage on sequences to alpes_cliente;
alter default privileges in schema campanias grant select, insert, update, delete on tables to alpes_campanias;
alter default privileges in schema campanias grant usage on sequences to alpes_campanias;
alter default privileges in schema pagos grant select, insert, update, delete on tables to alpes_pagos;
alter default privileges in schema pagos grant usage on sequences to alpes_pagos;
