import { leerDatos, tipoMensaje } from "@alpes/shared/contracts/mensajes.ts";
import type { Subscription } from "@alpes/shared/seedwork/consumer.ts";
import type { ComandosCliente } from "./application/comandos.ts";

/** What cliente listens to. A type that is not handled here is no business of this module. */
export const clienteSubscriptions = (comandos: ComandosCliente): readonly Subscription[] => [
  {
    topic: "eventos.pagos",
    consumer: "cliente.pagos",
    async handle(m, context) {
      const tipo = tipoMensaje(m.type);
      if (tipo === "PagoConfirmado.v1") {
        const d = leerDatos(tipo, m.data);
        if (d.idCliente) {
          await comandos.anotarPago(context, d.idCliente, d.idPago, new Date(d.fecha ?? m.occurred_on));
        }
      } else if (tipo === "PagoRevertido.v1") {
        const d = leerDatos(tipo, m.data);
        if (d.idCliente) await comandos.anotarPago(context, d.idCliente, d.idPago, null);
      }
    },
  },
  {
    topic: "comandos.cliente",
    consumer: "cliente.comandos",
    async handle(m, context) {
      if (tipoMensaje(m.type) !== "ActualizarCliente") return;
      const d = leerDatos("ActualizarCliente", m.data);
      await comandos.anotarCampania(context, d.idCliente, d.accion);
    },
  },
];
