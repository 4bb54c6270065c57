import { z } from "@hono/zod-openapi";
import { idSchema, orNull, texto } from "@alpes/shared/http/fields.ts";
import { both } from "@alpes/shared/http/locale.ts";
import { day, dayOrNull } from "@alpes/shared/http/time.ts";
import { esMoneda, leerMonto, type Moneda } from "@alpes/shared/seedwork/money.ts";
import { DineroSchema, MonedaSchema, montoEntrada, montoOpcional } from "./dinero.ts";
import { conReglas, idFiltro, monedaEntrada, type Regla } from "./pagos_campos.ts";

export const TIPOS_TARIFA = ["PERCENTAGE", "FIXED", "TIERED"] as const;
export const AMBITOS_TARIFA = ["PARTNER", "MARCA", "GENERAL", "DEFECTO"] as const;

const porcentaje = z.string().openapi({ example: "5.25", description: "percent, at most four decimals" });
/** From `desde` (included) to `hasta` (not included; null: without end), which only the part in between pays for. */
const TramoSchema = z.object({ desde: DineroSchema, hasta: orNull(DineroSchema), porcentaje });

/**
 * What a commission is: a share of `monto_original` (PERCENTAGE), an amount for each event (FIXED), or a share for each
 * slice of it (TIERED). The nearest scope wins: partner, then brand, then general, then the default.
 */
export const TarifaSchema = z.object({
  id: z.string(),
  ambito: z.enum(AMBITOS_TARIFA),
  partner_id: z.string().nullable(),
  brand_id: z.string().nullable(),
  event_type: z.string(),
  tipo: z.enum(TIPOS_TARIFA),
  moneda: orNull(MonedaSchema),
  porcentaje: porcentaje.nullable(),
  monto: orNull(DineroSchema),
  tramos: z.array(TramoSchema).nullable(),
  comision_minima: orNull(DineroSchema),
  comision_maxima: orNull(DineroSchema),
  /** Days in UTC, both included; null: without that end. */
  vigente_desde: z.iso.date().nullable(),
  vigente_hasta: z.iso.date().nullable(),
  fecha_creacion: z.iso.datetime().nullable(),
}).openapi("Tarifa");
export type TarifaJson = z.infer<typeof TarifaSchema>;

const ES_PORCENTAJE = /^(100(\.0{1,4})?|\d{1,2}(\.\d{1,4})?)$/;
const porcentajeEntrada = z.union([z.string(), z.number()]).refine((v) => ES_PORCENTAJE.test(String(v)), {
  error: both(
    "debe ser un porcentaje de 0 a 100 con cuatro decimales como máximo",
    "must be a percentage from 0 to 100 with at most four decimals",
  ),
}).transform(String).openapi({ type: "string", example: "5.25" });

const TramoEntrada = z.strictObject({
  desde: montoEntrada(0n),
  hasta: montoOpcional(1n),
  porcentaje: porcentajeEntrada,
});

type Cuerpo = Readonly<Record<string, unknown>>;
const dado = (v: unknown): boolean => v !== undefined && v !== null;
const campo = (v: unknown, nombre: string): unknown =>
  typeof v === "object" && v !== null ? Reflect.get(v, nombre) : undefined;
const lista = (v: unknown): readonly unknown[] => Array.isArray(v) ? v : [];
const montos = (b: Cuerpo): readonly unknown[] =>
  [
    b.monto,
    b.comision_minima,
    b.comision_maxima,
    ...lista(b.tramos).flatMap((t) => [campo(t, "desde"), campo(t, "hasta")]),
  ]
    .filter(dado);

/** The rate's currency: the one that is named, else that of any amount; a share without amounts serves any. */
export function monedaDeTarifa(b: Cuerpo): Moneda | null {
  const dichas = [b.moneda, ...montos(b).map((m) => campo(m, "moneda"))];
  const dicha = dichas.find((m): m is Moneda => typeof m === "string" && esMoneda(m));
  return dicha ?? (montos(b).length > 0 || b.tipo !== "PERCENTAGE" ? "USD" : null);
}
/** Minor units of an amount, in the rate's currency; null where it is none. */
function unidades(m: unknown, b: Cuerpo): bigint | null {
  const valor = campo(m, "valor");
  const moneda = monedaDeTarifa(b);
  if (moneda === null || typeof valor !== "string" && typeof valor !== "number") return null;
  const r = leerMonto(valor, moneda);
  return r.ok ? r.value.unidades : null;
}

const regla = (campo: string, cumple: (b: Cuerpo) => boolean, es: string, en: string): Regla => ({
  campo,
  cumple,
  error: both(es, en),
});
const soloCon = (nombre: string, tipo: string): readonly Regla[] => [
  regla(
    nombre,
    (b) => b.tipo !== tipo || dado(b[nombre]),
    `es obligatorio con ${tipo}`,
    `is required with ${tipo}`,
  ),
  regla(nombre, (b) => b.tipo === tipo || !dado(b[nombre]), `solo va con ${tipo}`, `goes with ${tipo} only`),
];
const enSuMoneda = (nombre: string): readonly Regla[] => [
  regla(
    nombre,
    (b) => !dado(campo(b[nombre], "moneda")) || campo(b[nombre], "moneda") === monedaDeTarifa(b),
    "mezcla monedas: todos los montos de una tarifa van en la misma",
    "mixes currencies: all amounts of a rate are in the same one",
  ),
  regla(
    nombre,
    (b) =>
      !dado(campo(b[nombre], "valor")) || dado(campo(b[nombre], "moneda")) || unidades(b[nombre], b) !== null,
    "debe tener exactamente los decimales de la moneda",
    "must have exactly the currency's decimals",
  ),
];
/** Each slice with the one before it; true where any is not readable, which has its own message. */
const tramosCumplen = (b: Cuerpo, cumple: (antes: bigint | null, desde: bigint) => boolean): boolean =>
  lista(b.tramos).every((t, i, todos) => {
    const desde = unidades(campo(t, "desde"), b);
    const antes = i === 0 ? 0n : unidades(campo(todos[i - 1], "hasta"), b);
    return desde === null || cumple(antes, desde);
  });

/** `POST /pagos/tarifas`. For one partner, for one brand, or for all; without `vigente_desde`, from today. */
export const TarifaEntrada = conReglas(
  z.strictObject({
    id: idSchema().nullish(),
    partner_id: idSchema().nullish(),
    brand_id: idSchema().nullish(),
    event_type: texto(1, 64),
    tipo: z.enum(TIPOS_TARIFA),
    moneda: monedaEntrada.nullish(),
    porcentaje: porcentajeEntrada.nullish(),
    monto: montoOpcional(0n),
    tramos: z.array(TramoEntrada).min(1).max(100).nullish(),
    comision_minima: montoOpcional(0n),
    comision_maxima: montoOpcional(0n),
    vigente_desde: dayOrNull,
    vigente_hasta: dayOrNull,
  }),
  [
    regla(
      "brand_id",
      (b) => !dado(b.brand_id) || !dado(b.partner_id),
      "no va junto con partner_id",
      "does not go together with partner_id",
    ),
    ...soloCon("porcentaje", "PERCENTAGE"),
    ...soloCon("monto", "FIXED"),
    ...soloCon("tramos", "TIERED"),
    ...["monto", "comision_minima", "comision_maxima"].flatMap(enSuMoneda),
    regla(
      "comision_maxima",
      (b) => {
        const [min, max] = [unidades(b.comision_minima, b), unidades(b.comision_maxima, b)];
        return min === null || max === null || min <= max;
      },
      "no puede ser menor que comision_minima",
      "cannot be less than comision_minima",
    ),
    regla(
      "tramos",
      (b) =>
        lista(b.tramos).flatMap((t) => [campo(t, "desde"), campo(t, "hasta")]).filter(dado)
          .every((m) => !dado(campo(m, "moneda")) || campo(m, "moneda") === monedaDeTarifa(b)),
      "mezclan monedas: todos los montos de una tarifa van en la misma",
      "mix currencies: all amounts of a rate are in the same one",
    ),
    regla(
      "tramos",
      (b) =>
        lista(b.tramos).flatMap((t) => [campo(t, "desde"), campo(t, "hasta")])
          .every((m) => !dado(campo(m, "valor")) || unidades(m, b) !== null),
      "deben tener exactamente los decimales de la moneda",
      "must have exactly the currency's decimals",
    ),
    regla(
      "tramos",
      (b) => tramosCumplen(b, (antes, desde) => antes === null || desde >= antes),
      "se solapan",
      "overlap",
    ),
    regla(
      "tramos",
      (b) => tramosCumplen(b, (antes, desde) => antes === null || desde <= antes),
      "dejan huecos: el primero empieza en 0 y cada uno donde acaba el anterior",
      "leave gaps: the first begins at 0, and each where the one before ends",
    ),
    regla(
      "tramos",
      (b) =>
        lista(b.tramos).every((t, i, todos) => {
          const [desde, hasta] = [unidades(campo(t, "desde"), b), unidades(campo(t, "hasta"), b)];
          return dado(campo(t, "hasta")) === (i < todos.length - 1) &&
            (desde === null || hasta === null || desde < hasta);
        }),
      "hasta debe ser mayor que desde, y solo el último tramo queda abierto",
      "hasta must be greater than desde, and only the last slice is open",
    ),
    regla(
      "vigente_hasta",
      (b) =>
        typeof b.vigente_desde !== "string" || typeof b.vigente_hasta !== "string" ||
        b.vigente_desde <= b.vigente_hasta,
      "no puede ser anterior a vigente_desde",
      "cannot be before vigente_desde",
    ),
  ],
).openapi("TarifaEntrada", {
  example: {
    partner_id: "partner-1",
    event_type: "VENTA",
    tipo: "PERCENTAGE",
    porcentaje: "7.5",
    vigente_desde: "2026-01-01",
  },
});
export type TarifaEntradaJson = z.output<typeof TarifaEntrada>;

export const TerminarTarifaEntrada = z.strictObject({ vigente_hasta: day }).openapi("TerminarTarifaEntrada");

export const FiltroTarifas = {
  ambito: z.enum(AMBITOS_TARIFA).optional(),
  partner_id: idFiltro.optional(),
  brand_id: idFiltro.optional(),
  event_type: texto(1, 64).optional(),
  tipo: z.enum(TIPOS_TARIFA).optional(),
  moneda: monedaEntrada.optional(),
  /** A day that must be in their validity. */
  vigente: day.optional(),
} as const;
