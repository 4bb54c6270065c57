import { z } from "@hono/zod-openapi";
import { instantText } from "@alpes/shared/http/time.ts";
import { both } from "@alpes/shared/http/locale.ts";
import { dinero, type Moneda, montoTexto } from "@alpes/shared/seedwork/money.ts";
import { DIAS, type Dias, type Serie, type Series } from "@alpes/shared/seedwork/series.ts";
import { MonedaSchema } from "./dinero.ts";

const instante = z.iso.datetime();
const total = z.string().openapi({ example: "150.25", description: "decimal string in `moneda`" });
const comun = {
  /** The first instant that is counted. Days and hours are those of UTC. */
  desde: instante,
  paso: z.enum(["hora", "dia"]),
};

/** How many there were, in all and by day (by hour: today), and in the same stretch before it. */
export const SerieSchema = z.object({
  ...comun,
  cantidad: z.int(),
  anterior: z.int(),
  puntos: z.array(z.object({ desde: instante, cantidad: z.int() })),
}).openapi("Serie");
export type SerieJson = z.infer<typeof SerieSchema>;

/** Payouts that are EXITOSO, by when they were asked for; currencies apart. */
export const SeriePagosSchema = z.object({
  ...comun,
  monedas: z.array(z.object({
    moneda: MonedaSchema,
    cantidad: z.int(),
    total,
    anterior: total,
    puntos: z.array(z.object({ desde: instante, cantidad: z.int(), total })),
  })),
}).openapi("SeriePagos");
export type SeriePagosJson = z.infer<typeof SeriePagosSchema>;

export const SerieQuery = z.object({
  dias: z.string().default("30").transform((s, ctx): Dias => {
    const dias = DIAS.find((d) => String(d) === s);
    if (dias !== undefined) return dias;
    ctx.addIssue({
      code: "custom",
      message: both("debe ser 1, 7, 30 o 90", "must be 1, 7, 30 or 90"),
      input: s,
    });
    return z.NEVER;
  }).openapi({ type: "integer", enum: [...DIAS], default: 30, description: "days of UTC, today included" }),
});

const cabeza = (s: Series) => ({ desde: instantText(s.desde), paso: s.paso });

/** A trend that has but one line; without rows it has no points. */
export function serieJson(s: Series): SerieJson {
  const [una] = s.series;
  return {
    ...cabeza(s),
    cantidad: una?.cantidad ?? 0,
    anterior: una?.antes.cantidad ?? 0,
    puntos: (una?.puntos ?? []).map((p) => ({ desde: instantText(p.desde), cantidad: p.cantidad })),
  };
}
/** A trend of money; each line's `clave` is its currency. */
export function seriePagosJson(s: Series): SeriePagosJson {
  const linea = ({ clave, cantidad, total, antes, puntos }: Serie) => {
    const moneda = clave as Moneda;
    const texto = (u: bigint) => montoTexto(dinero(u, moneda));
    return {
      moneda,
      cantidad,
      total: texto(total),
      anterior: texto(antes.total),
      puntos: puntos.map((p) => ({
        desde: instantText(p.desde),
        cantidad: p.cantidad,
        total: texto(p.total),
      })),
    };
  };
  return { ...cabeza(s), monedas: s.series.map(linea) };
}
