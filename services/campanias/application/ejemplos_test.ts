import type { RequestContext } from "@alpes/shared/seedwork/unit_of_work.ts";
import type { Edicion } from "./edicion.ts";
import type { Filtro } from "./ports.ts";

/** What the tests of this module start from. */
export const context: RequestContext = {
  actor: { tipo: "persona", id: "ana", roles: ["operador"], cliente: null },
  correlation_id: "sol-1",
  causation_id: "sol-1",
  traceparent: null,
  dedup: null,
};
/** The same for what messages do. */
export const mensaje: RequestContext = { ...context, actor: { tipo: "servicio", id: "campanias" } };
/** An edit that changes nothing. */
export const VACIA: Edicion = {
  entrada: {},
  completa: false,
  idCliente: null,
  estado: null,
  motivo: null,
  sin_anticipo: false,
};
export const TODO: Filtro = {
  ids: null,
  estados: null,
  idCliente: null,
  tipo_campania: null,
  desde: null,
  hasta: null,
  search: null,
  aproximada: false,
};
