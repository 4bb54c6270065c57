-- A cliente whose personal data was erased keeps its row, so that what it paid and earned keeps a counterpart: a
-- pseudonym in place of the person, and none of the papers that its kind would need.
alter table cliente.clientes
  add column borrado timestamptz,
  drop constraint clientes_check,
  drop constraint clientes_check1,
  add constraint clientes_papeles_natural check (borrado is not null or tipo_cliente <> 'NATURAL'
    or (cedula is not null and fecha_nacimiento is not null)),
  add constraint clientes_papeles_empresa check (borrado is not null or tipo_cliente <> 'EMPRESA' or rut is not null),
  add constraint clientes_borrado check (borrado is null or (estado = 'INACTIVO' and num_nonnulls(cedula, rut,
    fecha_nacimiento, telefono, ciudad, pais, referencia_externa) = 0));
