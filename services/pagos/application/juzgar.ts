import type { PagoPsp } from "@alpes/shared/contracts/psp.ts";
import { comparar, type Dinero, iguales } from "@alpes/shared/seedwork/money.ts";
import type { RespuestaPsp } from "./ports.ts";

const desconocido = (motivo: string): RespuestaPsp & { tipo: "desconocido" } => ({
  tipo: "desconocido",
  motivo,
});
export const INCOMPRENSIBLE = desconocido("la respuesta del proveedor no se entiende");

/** What the provider says, as it is understood about the attempt with this key and amount. */
export function juzgar(p: PagoPsp, clave: string, monto: Dinero): RespuestaPsp {
  if (p.clave !== clave || !iguales(p.monto, monto)) {
    return desconocido("el proveedor contestó sobre otro pago");
  }
  switch (p.estado) {
    case "EN_CURSO":
      return desconocido("el proveedor todavía no sabe");
    case "NO_PAGADO":
      return { tipo: "no_pagado", razon: p.razon };
    case "PAGADO": {
      const { comision, referencia } = p;
      if (comision !== null && (comision.moneda !== monto.moneda || comparar(comision, monto) > 0)) {
        return INCOMPRENSIBLE;
      }
      return { tipo: "pagado", referencia, comision };
    }
  }
}
