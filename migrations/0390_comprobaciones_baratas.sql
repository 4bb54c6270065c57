-- The same rules, said so that they cost little: a bounded repetition of the regular expression ({1,255}) is counted out
-- by its engine, and was two thirds of what storing a row of cliente.clientes cost (450 → 150 µs a row).
alter table cliente.clientes
  drop constraint clientes_id_check,
  add constraint clientes_id_check check (length(id) between 1 and 255 and id !~ '[^A-Za-z0-9._:~-]'),
  drop constraint clientes_cedula_check,
  add constraint clientes_cedula_check check (length(cedula) between 5 and 20 and cedula !~ '[^0-9]');
alter table campanias.eventos
  drop constraint eventos_id_campania_check,
  add constraint eventos_id_campania_check
    check (length(id_campania) between 1 and 255 and id_campania !~ '[^A-Za-z0-9._:~-]');
alter table pagos.payouts
  drop constraint payouts_id_check,
  add constraint payouts_id_check check (length(id) between 1 and 255 and id !~ '[^A-Za-z0-9._:~-]');
alter table pagos.transacciones
  drop constraint transacciones_id_check,
  add constraint transacciones_id_check check (length(id) between 1 and 255 and id !~ '[^A-Za-z0-9._:~-]');

-- What is changed several times in its life is cleaned before its dead versions are a fifth of it.
alter table pagos.payouts set (autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);
alter table pagos.intentos set (autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);
alter table campanias.campanias set (autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);
alter table campanias.sagas set (autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);
alter table mensajeria.cambios set (autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);
-- A projection that is written at each step of its saga: with room in its pages a new version needs no new index entries.
alter table campanias.sagas set (fillfactor = 80);
alter table campanias.saga_pasos set (fillfactor = 80);
