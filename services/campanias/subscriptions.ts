import { type Datos, leerDatos, tipoMensaje } from "@alpes/shared/contracts/mensajes.ts";
import type { Subscription } from "@alpes/shared/seedwork/consumer.ts";
import { type Dinero, leerMonto, type Moneda } from "@alpes/shared/seedwork/money.ts";
import type { ComandosCampanias } from "./application/comandos.ts";

type Pago = Datos<
  "PagoEnEspera.v1" | "PagoSolicitado.v1" | "PagoConfirmado.v1" | "PagoFallido.v1" | "PagoRevertido.v1"
>;
/** The campaign that a payment is for; null: it pays a partner. */
const campaniaDe = (p: Pago): string | null => p.tipo === "PARTNER" ? null : p.idCampania ?? null;

function montoDe(valor: string | number, moneda: Moneda): Dinero {
  const r = leerMonto(valor, moneda);
  if (!r.ok) throw new Error(`not an amount of ${moneda}: ${valor}`);
  return r.value;
}

/** What campanias listens to. A type that is not handled here is no business of this module. */
export const campaniasSubscriptions = (comandos: ComandosCampanias): readonly Subscription[] => [
  {
    topic: "eventos.pagos",
    consumer: "campanias.pagos",
    async handle(m, context) {
      const tipo = tipoMensaje(m.type);
      switch (tipo) {
        case "PagoEnEspera.v1": {
          const id = campaniaDe(leerDatos(tipo, m.data));
          if (id !== null) await comandos.responder(context, id);
          return;
        }
        case "PagoSolicitado.v1": {
          const d = leerDatos(tipo, m.data);
          const id = campaniaDe(d);
          if (id !== null) await comandos.anotar(context, id, { tipo: "PagoSolicitado", idPago: d.idPago });
          return;
        }
        case "PagoConfirmado.v1": {
          const d = leerDatos(tipo, m.data);
          const id = campaniaDe(d);
          if (id === null) return;
          const monto = d.monto == null || d.moneda == null ? null : montoDe(d.monto, d.moneda);
          await comandos.anotar(context, id, { tipo: "PagoConfirmado", idPago: d.idPago, monto });
          return;
        }
        case "PagoFallido.v1": {
          const d = leerDatos(tipo, m.data);
          const id = campaniaDe(d);
          if (id === null) return;
          const motivo = d.motivo ?? "el pago falló";
          const reemplazado_por = d.reemplazado_por ?? null;
          await comandos.anotar(context, id, {
            tipo: "PagoFallido",
            idPago: d.idPago,
            motivo,
            reemplazado_por,
          });
          return;
        }
        case "PagoRevertido.v1": {
          const d = leerDatos(tipo, m.data);
          const id = campaniaDe(d);
          if (id === null) return;
          const motivo = d.motivo ?? "el pago fue revertido";
          await comandos.anotar(context, id, { tipo: "PagoRevertido", idPago: d.idPago, motivo });
          return;
        }
        case "ComisionRegistrada.v1": {
          const d = leerDatos(tipo, m.data);
          if (d.idCampania == null) return;
          const monto = montoDe(d.monto, d.moneda);
          await comandos.registrarGasto(context, d.idCampania, monto, d.partner_id ?? null);
          return;
        }
        case "PresupuestoAgotado.v1":
          await comandos.agotarPresupuesto(context, leerDatos(tipo, m.data).idCampania);
          return;
        default:
          return;
      }
    },
  },
];
