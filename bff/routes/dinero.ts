import type { DineroJson } from "@alpes/shared/contracts/dinero.ts";
import type { EstadisticasPagosJson } from "@alpes/shared/contracts/pagos.ts";

/** What was paid and stands (EXITOSO), one amount for each currency that has any. */
export const procesado = (e: EstadisticasPagosJson): DineroJson[] =>
  e.por_moneda.flatMap(({ moneda, por_estado }) => {
    const exitoso = por_estado.EXITOSO;
    return exitoso === undefined || exitoso.cantidad === 0 ? [] : [{ valor: exitoso.total, moneda }];
  });
