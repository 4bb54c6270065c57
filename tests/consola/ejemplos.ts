import type { Mundo } from "./mundo.ts";

const COP = (valor: string) => ({ valor, moneda: "COP" });

/** One of each thing that a page shows: client `c-1`, campaign `k-1`, payouts `p-1` and `p-2`, cycle `2026-01` and its plan `l-1`. */
export async function sembrarEjemplos({ enviar }: Pick<Mundo, "enviar">): Promise<void> {
  await enviar("/api/v1/clientes", {
    id: "c-1",
    nombre: "Begoña Echeverría",
    cedula: "1020304050",
    email: "b@correo.example",
    fecha_nacimiento: "1990-02-28",
  });
  await enviar("/campanias/crear", {
    idCampania: "k-1",
    idCliente: "c-1",
    nombre: "Feria de las Flores",
    itinerario: [{ dia: 1 }],
    presupuesto: COP("5000000.00"),
    anticipo: COP("150000.00"),
  });
  await enviar("/pagos/ciclos", { id: "2026-01", inicio: "2026-01-01", fin: "2026-01-31" });
  await enviar("/pagos/transacciones", {
    transacciones: [1, 2, 3].map((n) => ({
      id: `t-${n}`,
      partner_id: "c-1",
      event_type: "VENTA",
      event_timestamp: "2026-01-15T12:00:00Z",
      monto_original: COP(`${n}000.10`),
    })),
  });
  await enviar("/pagos/liquidaciones", { id: "l-1", ciclo: "2026-01" });
  await enviar("/api/v1/pagos", { id: "p-1", partner_id: "c-1", cycle_id: "2026-01" });
  await enviar("/api/v1/pagos", { id: "p-2", idCampania: "k-nadie", monto: COP("10.00") });
}

/** Every page of the console with those examples, behind the `#/`; one that the menu leads to and this lacks fails a test. */
export const PAGINAS: readonly string[] = [
  "",
  "clientes",
  "clientes?nuevo=1",
  "clientes/c-1",
  "campanias",
  "campanias?nuevo=1",
  "campanias/k-1",
  "pagos",
  "pagos?nuevo=1",
  "pagos/p-1",
  "pagos/p-1?en=2026-01-01T00:00:00.000Z",
  "transacciones",
  "liquidaciones",
  "liquidaciones/l-1",
  "libro",
  "libro/banco",
  "libro/asientos",
  "estado-de-cuenta",
  "estado-de-cuenta/c-1",
  "importaciones",
  "conciliacion",
  "operacion",
  "auditoria",
  "no-hay",
];
