-- The process of cliente alone also manages the keys: it may become the role that does, and has nothing of it otherwise.
-- The role is made again here because this number comes before the one that made it.
do $$ begin
  create role alpes_seguridad nosuperuser nocreatedb nocreaterole;
exception when duplicate_object or unique_violation then null;
end $$;
grant alpes_seguridad to alpes_cliente with inherit false;
