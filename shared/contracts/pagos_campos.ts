import { z } from "@hono/zod-openapi";
import { texto } from "@alpes/shared/http/fields.ts";
import { both } from "@alpes/shared/http/locale.ts";
import { esMoneda, type Moneda } from "@alpes/shared/seedwork/money.ts";
import { METODOS_PAGO } from "./pagos.ts";

const SINONIMOS_METODO: Readonly<Record<string, (typeof METODOS_PAGO)[number]>> = {
  CREDIT_CARD: "TARJETA",
  BANK_TRANSFER: "TRANSFERENCIA",
  CASH: "EFECTIVO",
};

/** A word that is understood, or an error that both languages say. */
export const convertido = <T>(leer: (s: string) => T | undefined, es: string, en: string) =>
  z.string().transform((s, ctx): T => {
    const valor = leer(s);
    if (valor !== undefined) return valor;
    ctx.addIssue({ code: "custom", message: both(es, en), input: s });
    return z.NEVER;
  });

export const monedaEntrada = convertido(
  (s): Moneda | undefined => esMoneda(s) ? s : undefined,
  "moneda desconocida",
  "unknown currency",
)
  .openapi({ type: "string", example: "USD" });

export const metodoEntrada = convertido(
  (s) => SINONIMOS_METODO[s] ?? METODOS_PAGO.find((m) => m === s),
  `debe ser uno de ${METODOS_PAGO.join(", ")}`,
  `must be one of ${METODOS_PAGO.join(", ")}`,
).openapi({ type: "string", enum: [...METODOS_PAGO, ...Object.keys(SINONIMOS_METODO)] });

// Twelve digits are the shortest card number; a mask (first six, last four) has at most ten.
export const mascaraEntrada = texto(1, 64).refine((s) => s.replace(/\D/g, "").length < 12, {
  error: both(
    "no puede ser un número de tarjeta completo: envíe solo los últimos cuatro dígitos",
    "cannot be a full card number: send its last four digits only",
  ),
}).openapi({ example: "****1234" });

export const idFiltro = z.string().min(1).max(255);

type Cuerpo = Readonly<Record<string, unknown>>;
export interface Regla {
  readonly campo: string;
  readonly cumple: (b: Cuerpo) => boolean;
  readonly error: string;
}
/** Rules between fields, held also when other fields are bad, so that one answer names them all. */
export const conReglas = <S extends z.ZodType>(schema: S, reglas: readonly Regla[]): S =>
  reglas.reduce<S>((s, { campo, cumple, error }) =>
    s.refine((b) => cumple(b as Cuerpo), {
      path: [campo],
      error,
      when: ({ value }) => typeof value === "object" && value !== null,
    }) as S, schema);
