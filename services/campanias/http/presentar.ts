import { dineroJson } from "@alpes/shared/contracts/dinero.ts";
import type { CampaniaJson, SagaJson } from "@alpes/shared/contracts/campanias.ts";
import { instantText } from "@alpes/shared/http/time.ts";
import { type Json, parseJson } from "@alpes/shared/seedwork/json.ts";
import type { Dinero } from "@alpes/shared/seedwork/money.ts";
import { datosDe } from "../application/eventos_json.ts";
import type { EventoVisto, Proyeccion, SagaVista, Vista } from "../application/ports.ts";
import type { Saga } from "../domain/saga.ts";

const monto = (d: Dinero | null) => d === null ? null : dineroJson(d);
const instante = (d: Date | null) => d === null ? null : instantText(d);

/** The resource, its fields in the contract's order; `itinerario` and `metas` as they were sent. */
export const campaniaJson = (v: Vista): CampaniaJson & { relevancia?: number } => ({
  id: v.id,
  idCampania: v.id,
  idCliente: v.idCliente,
  nombre: v.nombre,
  tipo_campania: v.tipo_campania,
  itinerario: parseJson(v.itinerario) as Json[],
  presupuesto: monto(v.presupuesto),
  anticipo: monto(v.anticipo),
  gasto: monto(v.gasto),
  fecha_inicio: v.fecha_inicio,
  fecha_fin: v.fecha_fin,
  metas: v.metas === null ? null : parseJson(v.metas),
  estado: v.estado,
  motivo: v.motivo,
  pago_asociado_id: v.pago_asociado_id,
  fecha_creacion: instantText(v.fecha_creacion),
  fecha_aprobacion: instante(v.fecha_aprobacion),
  fecha_cancelacion: instante(v.fecha_cancelacion),
  version: v.version,
  ...(v.relevancia === undefined ? {} : { relevancia: v.relevancia }),
});

export const eventoJson = (idCampania: string, { version, evento, event_id }: EventoVisto) => ({
  version,
  type: `${evento.tipo}.v1`,
  data: datosDe(idCampania, evento),
  occurred_on: instantText(evento.en),
  event_id,
});

export const sagaJson = (s: Saga): SagaJson => ({
  estado: s.estado,
  pasos: s.pasos.map((p) => ({
    paso: p.paso,
    estado: p.estado,
    intentos: p.intentos,
    inicio: instantText(p.inicio),
    fin: instante(p.fin),
    error: p.error,
    solicitud: p.solicitud,
  })),
  plazo: instante(s.plazo),
});

export const sagaOperacionJson = ({ id, saga, actualizada }: SagaVista) => ({
  id,
  idCampania: id,
  ...sagaJson(saga),
  actualizada: instantText(actualizada),
});

export const proyeccionJson = (p: Proyeccion) => ({
  nombre: p.nombre,
  estado: p.estado,
  total: p.total,
  hechas: p.hechas,
  inicio: instante(p.inicio),
  fin: instante(p.fin),
  actor: p.actor,
});
