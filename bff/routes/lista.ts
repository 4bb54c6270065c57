import { z } from "@hono/zod-openapi";
import { both } from "@alpes/shared/http/locale.ts";

const cuenta = (max: number) =>
  z.string().regex(/^[1-9]\d{0,14}$/, {
    error: both("debe ser un entero desde 1", "must be an integer from 1"),
  })
    .refine((n) => Number(n) <= max, { error: both(`debe ser como máximo ${max}`, `must be at most ${max}`) })
    .openapi({ type: "integer", minimum: 1, maximum: max });

/**
 * The query of a list that a service pages: checked here, so that every bad parameter is named at once, and sent on as
 * text. The service alone reads its cursors.
 */
export function consultaLista<
  const Orden extends readonly [string, ...string[]],
  Shape extends z.ZodRawShape,
>(
  orden: Orden,
  filtros: Shape,
) {
  const aparte = both("no va junto con cursor o limit", "does not go together with cursor or limit");
  return z.object({
    page: cuenta(10 ** 12).optional(),
    per_page: cuenta(100).optional(),
    cursor: z.string().min(1).max(2000).optional(),
    limit: cuenta(100).optional(),
    sort_by: z.enum(orden).optional(),
    sort_order: z.enum(["asc", "desc"]).optional(),
    ...filtros,
  }).superRefine((q, ctx) => {
    const { page, per_page, cursor, limit } = q as Record<string, string | undefined>;
    if (cursor === undefined && limit === undefined) return;
    if (page !== undefined) ctx.addIssue({ code: "custom", path: ["page"], message: aparte });
    if (per_page !== undefined) ctx.addIssue({ code: "custom", path: ["per_page"], message: aparte });
  });
}
