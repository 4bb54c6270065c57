import { dineroJson } from "@alpes/shared/contracts/dinero.ts";
import type { DatosPublicados } from "@alpes/shared/contracts/mensajes.ts";
import type { Outgoing } from "@alpes/shared/seedwork/unit_of_work.ts";
import type { Existente } from "../domain/estado.ts";
import type { Evento } from "../domain/eventos.ts";
import type { Mensaje } from "../domain/saga.ts";
import { datosDe } from "./eventos_json.ts";

/** The public events of one write, then the saga's commands to the other modules. */
export function publicacion(
  campania: Existente,
  anterior: number,
  eventos: readonly { readonly event_id: string; readonly evento: Evento }[],
  mensajes: readonly Mensaje[],
): Outgoing[] {
  const version = anterior + eventos.length;
  return [
    ...eventos.flatMap(({ event_id, evento: e }, i) =>
      e.tipo === "GastoRegistrado" ? [] : [{ event_id, ...evento(campania, anterior + 1 + i, e) }]
    ),
    ...mensajes.map((m) => comando(campania, version, m)),
  ];
}

/** Under the campaign's own key, so that its announcement comes after, should it be made later. */
export const inexistente = (idCampania: string, en: Date): Outgoing => ({
  topic: "eventos.campanias",
  type: "CampaniaInexistente.v1",
  aggregate_type: "Campania",
  aggregate_id: idCampania,
  aggregate_version: 0,
  data: { idCampania, fecha: en.toISOString() } satisfies DatosPublicados<"CampaniaInexistente.v1">,
});

const evento = (c: Existente, version: number, e: Evento): Outgoing => ({
  topic: "eventos.campanias",
  type: `${e.tipo}.v1`,
  aggregate_type: "Campania",
  aggregate_id: c.id,
  aggregate_version: version,
  data: datosDe(c.id, e),
});

function comando(c: Existente, version: number, m: Mensaje): Outgoing {
  const { id: idCampania, idCliente } = c;
  switch (m.tipo) {
    case "ProcesarPago": {
      const data = { idPago: m.idPago, idCampania, idCliente, monto: dineroJson(m.monto) };
      return alPago(m, version, data satisfies DatosPublicados<"ProcesarPago">);
    }
    case "RevertirPago": {
      const data = { idPago: m.idPago, idCampania, motivo: m.motivo };
      return alPago(m, version, data satisfies DatosPublicados<"RevertirPago">);
    }
    case "ActualizarCliente":
      return {
        topic: "comandos.cliente",
        type: m.tipo,
        aggregate_type: "Cliente",
        aggregate_id: idCliente,
        aggregate_version: version,
        data: { idCliente, accion: m.accion, idCampania } satisfies DatosPublicados<"ActualizarCliente">,
      };
  }
}

/** Keyed by the payment, so that a reversal never overtakes the request that it takes back. */
const alPago = (m: Mensaje & { idPago: string }, version: number, data: object): Outgoing => ({
  topic: "comandos.pagos",
  type: m.tipo,
  aggregate_type: "Payout",
  aggregate_id: m.idPago,
  aggregate_version: version,
  data,
});
