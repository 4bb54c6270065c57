import { type Existente, gasto } from "../domain/estado.ts";
import type { Vista } from "./ports.ts";

export const vista = (c: Existente, version: number): Vista => ({
  id: c.id,
  idCliente: c.idCliente,
  ...c.datos,
  gasto: gasto(c),
  estado: c.estado,
  motivo: c.motivo,
  pago_asociado_id: c.pago?.idPago ?? null,
  fecha_creacion: c.fecha_creacion,
  fecha_aprobacion: c.estado === "PENDIENTE" ? null : c.fecha_aprobacion,
  fecha_cancelacion: c.estado === "CANCELADA" ? c.fecha_cancelacion : null,
  version,
});
