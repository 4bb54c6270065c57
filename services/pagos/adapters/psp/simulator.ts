import type { Tx } from "@alpes/shared/adapters/postgres/database.ts";
import type { Orden, Psp, RespuestaPsp } from "../../application/ports.ts";
import { type Conducta, conducta } from "./conducta.ts";

export interface TiemposSimulador {
  /** How long an ordinary answer takes, ms. */
  readonly respuesta: number;
  /** How long the caller waits before nobody knows, ms. */
  readonly plazo: number;
  /** When a late payment (0006) is made, ms after it was ordered. Longer than `plazo`. */
  readonly tardanza: number;
}
export const SIMULADOR: TiemposSimulador = { respuesta: 30, plazo: 2_000, tardanza: 3_500 };

interface Asiento {
  resultado: "PAGADO" | "RECHAZADO" | "MUDO";
  referencia: string;
  monto: bigint;
  moneda: string;
  llego: boolean;
}
const RECHAZO = "el banco rechazó el pago";

/**
 * A provider for development and tests, with a durable record of its own of what it paid: a key is paid once, however
 * often it comes and whoever dies meanwhile.
 */
export function simuladorPsp(db: Tx, tiempos: TiemposSimulador = SIMULADOR): Psp {
  const dormir = (ms: number) => new Promise<void>((r) => setTimeout(r, ms));

  const leer = async (clave: string): Promise<Asiento | undefined> =>
    (await db.query<Asiento>(
      `select resultado, referencia, monto, moneda, pagado <= clock_timestamp() as llego
         from pagos.psp_simulador where clave = $1`,
      [clave],
    ))[0];

  async function registrar(o: Orden, c: Conducta): Promise<Asiento> {
    const resultado = c === "rechaza" ? "RECHAZADO" : c === "nunca_contesta" ? "MUDO" : "PAGADO";
    // One trip: what stands under the key, or what is now written there.
    const [hecho] = await db.query<Asiento>(
      `with nuevo as (
         insert into pagos.psp_simulador (clave, payout_id, monto, moneda, resultado, referencia, pagado)
         values ($1, $2, $3, $4, $5, 'sim-' || gen_random_uuid(),
                 case when $5 = 'PAGADO' then clock_timestamp() + $6::int * interval '1 ms' end)
         on conflict (clave) do nothing returning resultado, referencia, monto, moneda, pagado)
       select resultado, referencia, monto, moneda, pagado <= clock_timestamp() as llego
         from (select * from nuevo union all
               select resultado, referencia, monto, moneda, pagado from pagos.psp_simulador where clave = $1) a`,
      [
        o.clave,
        o.payout_id,
        o.monto.unidades,
        o.monto.moneda,
        resultado,
        c === "contesta_tarde" ? tiempos.tardanza : 0,
      ],
    );
    // Neither: another call was writing the same key at this moment.
    const asiento = hecho ?? await leer(o.clave);
    if (asiento === undefined) throw new Error("the record that was just made is gone");
    return asiento;
  }

  const respuesta = (a: Asiento, { monto }: Orden): RespuestaPsp => {
    if (a.monto !== monto.unidades || a.moneda !== monto.moneda) {
      return { tipo: "desconocido", motivo: "el proveedor conoce esa clave por otro monto" };
    }
    if (a.resultado === "RECHAZADO") return { tipo: "no_pagado", razon: RECHAZO };
    if (a.resultado === "PAGADO" && a.llego) {
      return { tipo: "pagado", referencia: a.referencia, comision: null };
    }
    return { tipo: "desconocido", motivo: "el proveedor todavía no sabe" };
  };

  return {
    async pagar(orden) {
      const c = conducta(orden.mascara);
      const asiento = await registrar(orden, c);
      if (c === "nunca_contesta" || c === "contesta_tarde") {
        await dormir(tiempos.plazo);
        return { tipo: "desconocido", motivo: "el proveedor no contestó a tiempo" };
      }
      await dormir(tiempos.respuesta);
      if (c === "pierde_la_respuesta") {
        return { tipo: "desconocido", motivo: "se cortó la conexión con el proveedor" };
      }
      return respuesta(asiento, orden);
    },

    async consultar(orden) {
      const asiento = await leer(orden.clave);
      return asiento === undefined ? { tipo: "no_existe" } : respuesta(asiento, orden);
    },

    async devolver(clave) {
      const hecho = await db.query(
        `update pagos.psp_simulador set devuelto = coalesce(devuelto, clock_timestamp())
          where clave = $1 and pagado <= clock_timestamp() returning 1`,
        [clave],
      );
      return hecho.length > 0;
    },
  };
}
