import { type Dinero, dinero, fraccion, type Moneda } from "@alpes/shared/seedwork/money.ts";
import { err, ok, type Result } from "@alpes/shared/seedwork/result.ts";

/** A share of the original amount, as num/den, or an amount for each event whatever the original. */
export type Tarifa =
  | { readonly tipo: "PERCENTAGE"; readonly event_type: string; readonly num: bigint; readonly den: bigint }
  | { readonly tipo: "FIXED"; readonly event_type: string; readonly monto: Dinero };

export const TARIFAS: readonly Tarifa[] = [
  { tipo: "PERCENTAGE", event_type: "VENTA", num: 5n, den: 100n },
  { tipo: "PERCENTAGE", event_type: "CONVERSION", num: 3n, den: 100n },
  { tipo: "FIXED", event_type: "CLICK", monto: dinero(10n, "USD") },
  { tipo: "FIXED", event_type: "IMPRESION", monto: dinero(1n, "USD") },
];

export type RechazoTarifa =
  | { readonly tipo: "sin_tarifa"; readonly event_type: string; readonly moneda: Moneda }
  | { readonly tipo: "monto_original_requerido"; readonly event_type: string };

/** The commission on one event: half-even where a share does not come out even. `moneda` is the event's currency. */
export function comisionDe(
  event_type: string,
  original: Dinero | null,
  moneda: Moneda,
  tarifas: readonly Tarifa[] = TARIFAS,
): Result<Dinero, RechazoTarifa> {
  const tarifa = tarifas.find((t) =>
    t.event_type === event_type && (t.tipo === "PERCENTAGE" || t.monto.moneda === moneda)
  );
  if (tarifa === undefined) return err({ tipo: "sin_tarifa", event_type, moneda });
  if (tarifa.tipo === "FIXED") return ok(tarifa.monto);
  return original === null
    ? err({ tipo: "monto_original_requerido", event_type })
    : ok(fraccion(original, tarifa.num, tarifa.den));
}
