-- Units of work publish straight to the bus of their own database: a topic that has no row could not be locked against
-- a group that is just being added to it.
insert into mensajeria.bus_topicos (topic)
values ('comandos.cliente'), ('comandos.campanias'), ('comandos.pagos'),
       ('eventos.cliente'), ('eventos.campanias'), ('eventos.pagos')
on conflict do nothing;
