import { z } from "@hono/zod-openapi";
import { texto } from "@alpes/shared/http/fields.ts";
import { both } from "@alpes/shared/http/locale.ts";
import { day } from "@alpes/shared/http/time.ts";
import { type EstadoPayout, ESTADOS_PAYOUT, ESTADOS_TRANSACCION, TIPOS_PAYOUT } from "./pagos.ts";
import { convertido, idFiltro, monedaEntrada } from "./pagos_campos.ts";

/** States as others call them; understood in filters. */
export const SINONIMOS_ESTADO: Readonly<Record<string, EstadoPayout>> = {
  PENDING: "PENDIENTE",
  COMPLETED: "EXITOSO",
  FAILED: "FALLIDO",
  COMPLETADO: "EXITOSO",
  PROCESANDO: "EN_PROCESO",
};
const estadoFiltro = convertido(
  (s): EstadoPayout | undefined => SINONIMOS_ESTADO[s] ?? ESTADOS_PAYOUT.find((e) => e === s),
  `debe ser uno de ${ESTADOS_PAYOUT.join(", ")}`,
  `must be one of ${ESTADOS_PAYOUT.join(", ")}`,
).openapi({ type: "string", enum: [...ESTADOS_PAYOUT, ...Object.keys(SINONIMOS_ESTADO)] });

const montoFiltro = z.string().regex(/^-?\d{1,15}(\.\d{1,3})?$/, {
  error: both("debe ser un monto decimal", "must be a decimal amount"),
});
export const FiltroPagos = {
  partner_id: idFiltro.optional(),
  cycle_id: idFiltro.optional(),
  idCampania: idFiltro.optional(),
  estado: estadoFiltro.optional(),
  tipo: z.enum(TIPOS_PAYOUT).optional(),
  moneda: monedaEntrada.optional(),
  /** Of `fecha_creacion`. */
  fecha_desde: day.optional(),
  fecha_hasta: day.optional(),
  /** Compared as numbers, each payout in its own currency. */
  monto_min: montoFiltro.optional(),
  monto_max: montoFiltro.optional(),
  /** Part of id, partner, cycle, campaign, confirmation or provider's reference; accents and case ignored. */
  search: texto(1, 100).optional(),
  aproximada: z.stringbool({ truthy: ["true"], falsy: ["false"] }).default(false)
    .openapi({
      type: "boolean",
      description:
        "Forgive one wrong letter, best first, with `relevancia` and without `agregaciones` (an empty list)",
    }),
} as const;

export type FiltrosPagosJson = z.output<z.ZodObject<typeof FiltroPagos>>;

export const FiltroTransacciones = {
  partner_id: idFiltro.optional(),
  idCampania: idFiltro.optional(),
  brand_id: idFiltro.optional(),
  event_type: texto(1, 64).optional(),
  estado: z.enum(ESTADOS_TRANSACCION).optional(),
  payout_id: idFiltro.optional(),
  /** Of `event_timestamp`. */
  fecha_desde: day.optional(),
  fecha_hasta: day.optional(),
} as const;
