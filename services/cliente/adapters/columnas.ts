/** Of `cliente.clientes`, what is read. */
export const COLUMNAS =
  `id, tipo_cliente, nombre, email, cedula, rut, fecha_nacimiento, telefono, ciudad, pais,
  referencia_externa, estado, fecha_registro, total_pagos, ultimo_pago, version, borrado`;
