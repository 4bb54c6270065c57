import { z } from "@hono/zod-openapi";
import { both } from "@alpes/shared/http/locale.ts";
import {
  type Dinero,
  esMoneda,
  EXPONENTES,
  leerMonto,
  type Moneda,
  montoTexto,
} from "@alpes/shared/seedwork/money.ts";

/** ISO 4217 code of a currency that we know the minor digits of. */
export const MonedaSchema = z.enum(Object.keys(EXPONENTES) as [Moneda, ...Moneda[]]).openapi("Moneda");

/** Money as it leaves: a decimal string with exactly the currency's minor digits. */
export const DineroSchema = z.object({
  valor: z.string().regex(/^-?\d{1,16}(\.\d{1,3})?$/).openapi({ example: "150.25" }),
  moneda: MonedaSchema,
}).openapi("Dinero");
export type DineroJson = z.infer<typeof DineroSchema>;

export const dineroJson = (d: Dinero): DineroJson => ({ valor: montoTexto(d), moneda: d.moneda });
/** Money that we ourselves stored or published; anything else is a fault. */
export function deDineroJson(j: DineroJson): Dinero {
  const r = leerMonto(j.valor, j.moneda);
  if (!r.ok) throw new Error(`not an amount of ${j.moneda}: ${j.valor}`);
  return r.value;
}

/** How an amount is written; the currency says how many of the digits there must be. */
const MONTO = "^-?(0|[1-9][0-9]*)(\\.[0-9]+)?$";

const MENSAJES = {
  no_es_un_monto: both("debe ser un monto decimal", "must be a decimal amount"),
  escala: both(
    "debe tener exactamente los decimales de la moneda",
    "must have exactly the currency's decimals",
  ),
  fuera_de_rango: both("excede el máximo admitido", "is beyond the largest amount"),
} as const;

/**
 * Money as it comes in: `{valor, moneda}`, or a bare amount that takes a currency later (see `conMoneda`). Numbers are
 * accepted when exact. `minimo` 0n or 1n minor units.
 */
export const montoEntrada = (minimo: 0n | 1n) =>
  z.union([
    z.strictObject({ valor: z.union([z.string(), z.number()]), moneda: z.string() }),
    z.string(),
    z.number(),
  ]).transform((v, ctx): MontoEntrada => {
    const par = typeof v === "object" ? v : { valor: v, moneda: null };
    const falla = (message: string, path: string[] = []) => {
      ctx.addIssue({ code: "custom", message, path });
      return z.NEVER;
    };
    if (par.moneda !== null && !esMoneda(par.moneda)) {
      return falla(both("moneda desconocida", "unknown currency"), ["moneda"]);
    }
    const moneda: Moneda | null = par.moneda;
    const r = leerMonto(par.valor, moneda ?? "USD");
    const campo = par.moneda === null ? [] : ["valor"];
    if (!r.ok && (moneda !== null || r.error !== "escala")) {
      return falla(MENSAJES[r.error], campo);
    }
    if (r.ok && r.value.unidades < minimo) {
      return falla(
        minimo === 0n
          ? both("no puede ser negativo", "cannot be negative")
          : both("debe ser mayor que cero", "must be greater than zero"),
        campo,
      );
    }
    return { valor: par.valor, moneda };
  }).openapi({
    type: ["object", "string", "number"],
    description: "An amount with its currency; a bare amount takes the campaign's, else USD",
    properties: {
      valor: { type: ["string", "number"], pattern: MONTO },
      moneda: { type: "string", enum: Object.keys(EXPONENTES) },
    },
    required: ["valor", "moneda"],
    additionalProperties: false,
    pattern: MONTO,
    example: { valor: "150.25", moneda: "USD" },
  });

/** The same, or nothing. */
export const montoOpcional = (minimo: 0n | 1n) =>
  montoEntrada(minimo).nullish().openapi({ type: ["object", "string", "number", "null"] });

/** An amount that was read but may still lack its currency. */
export interface MontoEntrada {
  readonly valor: string | number;
  readonly moneda: Moneda | null;
}

/** Gives a bare amount its currency; `null` when the amount is not exact in it. */
export function conMoneda(m: MontoEntrada, porDefecto: Moneda): Dinero | null {
  const r = leerMonto(m.valor, m.moneda ?? porDefecto);
  return r.ok ? r.value : null;
}
