import { deDineroJson, type DineroJson } from "@alpes/shared/contracts/dinero.ts";
import { leerDatos, tipoMensaje } from "@alpes/shared/contracts/mensajes.ts";
import type { Message, Topic } from "@alpes/shared/seedwork/messages.ts";
import type { Dinero } from "@alpes/shared/seedwork/money.ts";
import type { RequestContext } from "@alpes/shared/seedwork/unit_of_work.ts";
import type { ComandosPagos } from "./application/comandos.ts";
import type { HechoCampania } from "./domain/campania.ts";
import type { Dicho } from "./domain/payout.ts";

export interface Subscription {
  readonly topic: Topic;
  readonly consumer: string;
  readonly handle: (message: Message, context: RequestContext) => Promise<void>;
}

const NADA_DICHO: Dicho = {
  confirmation_id: null,
  failure_reason: null,
  processed_at: null,
  completed_at: null,
};
const ESTADO = {
  "CampaniaAprobada.v1": "APROBADA",
  "CampaniaPausada.v1": "PAUSADA",
  "CampaniaReanudada.v1": "APROBADA",
  "CampaniaFinalizada.v1": "FINALIZADA",
  "CampaniaCancelada.v1": "CANCELADA",
} as const;
const conEstado = (tipo: string): tipo is keyof typeof ESTADO => Object.hasOwn(ESTADO, tipo);

const leer = (j: DineroJson | null | undefined): Dinero | null =>
  j === null || j === undefined ? null : deDineroJson(j);

/** What pagos listens to. A type that is not handled here is no business of this module. */
export const pagosSubscriptions = (comandos: ComandosPagos): readonly Subscription[] => [
  {
    topic: "comandos.pagos",
    consumer: "pagos.comandos",
    async handle(m, context) {
      const tipo = tipoMensaje(m.type);
      if (tipo === "ProcesarPago") {
        const d = leerDatos(tipo, m.data);
        const { moneda } = deDineroJson(d.monto);
        await comandos.pagarCampania({ ...context, saga_paso: tipo }, {
          id: d.idPago,
          idCampania: d.idCampania,
          idCliente: d.idCliente,
          monto: { valor: d.monto.valor, moneda },
          moneda,
          automatico: true,
          metodo_pago: { tipo: "TRANSFERENCIA", mascara: null },
          dicho: NADA_DICHO,
        });
      } else if (tipo === "RevertirPago") {
        const d = leerDatos(tipo, m.data);
        await comandos.revertirDeCampania(
          { ...context, saga_paso: tipo },
          d.idPago,
          d.idCampania ?? null,
          d.motivo,
        );
      }
    },
  },
  {
    topic: "eventos.campanias",
    consumer: "pagos.campanias",
    async handle(m, context) {
      if (tipoMensaje(m.type) === "CampaniaInexistente.v1") {
        const { idCampania } = leerDatos("CampaniaInexistente.v1", m.data);
        await comandos.negarCampania(context, idCampania);
        return;
      }
      const leido = hechoDe(m);
      if (leido !== null) await comandos.anotarCampania(context, leido.idCampania, leido.hecho);
    },
  },
  {
    topic: "eventos.cliente",
    consumer: "pagos.clientes",
    async handle(m, context) {
      const tipo = tipoMensaje(m.type);
      if (tipo !== "ClienteRegistrado.v1" && tipo !== "ClienteActualizado.v1") return;
      const { id, estado, version } = leerDatos(tipo, m.data);
      await comandos.anotarCliente(context, { id, estado, version: version ?? m.aggregate_version });
    },
  },
];

function hechoDe(m: Message): { readonly idCampania: string; readonly hecho: HechoCampania } | null {
  const tipo = tipoMensaje(m.type);
  if (tipo === "CampaniaCreada.v1") {
    const { idCampania, idCliente, presupuesto, anticipo } = leerDatos(tipo, m.data);
    return {
      idCampania,
      hecho: {
        tipo: "creada",
        idCampania,
        idCliente,
        presupuesto: leer(presupuesto),
        anticipo: leer(anticipo),
      },
    };
  }
  if (tipo === "CampaniaActualizada.v1") {
    const { idCampania, presupuesto, anticipo } = leerDatos(tipo, m.data);
    const siDado = (j: DineroJson | null | undefined) => j === undefined ? undefined : leer(j);
    return {
      idCampania,
      hecho: { tipo: "actualizada", presupuesto: siDado(presupuesto), anticipo: siDado(anticipo) },
    };
  }
  if (tipo !== null && conEstado(tipo)) {
    const { idCampania } = leerDatos(tipo, m.data);
    return { idCampania, hecho: { tipo: "estado", estado: ESTADO[tipo] } };
  }
  return null;
}
