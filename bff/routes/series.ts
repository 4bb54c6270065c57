import { createRoute, z } from "@hono/zod-openapi";
import { SeriePagosSchema, SerieQuery, SerieSchema } from "@alpes/shared/contracts/series.ts";
import { orNull } from "@alpes/shared/http/fields.ts";
import { json } from "@alpes/shared/http/media.ts";
import { guardedBy } from "@alpes/shared/http/operation.ts";
import { createRouter, type Router } from "@alpes/shared/http/router.ts";
import { InstantSchema, instantText } from "@alpes/shared/http/time.ts";
import { Advertencias } from "./documento.ts";
import type { DepsDashboard } from "./dashboard.ts";
import { comoParte, llamadaDe } from "./llamada.ts";
import { NEGADOS, negar } from "./negar.ts";
import { partes } from "./partes.ts";

const Series = z.object({
  dias: z.int(),
  pagos: orNull(SeriePagosSchema),
  clientes: orNull(SerieSchema),
  campanias: orNull(SerieSchema),
  actualizado_en: InstantSchema.openapi({ description: "when the oldest of these was read" }),
  advertencias: Advertencias,
}).openapi("Series");

const ruta = createRoute({
  method: "get",
  path: "/series",
  tags: ["dashboard"],
  operationId: "bffSeries",
  ...guardedBy("cliente.leer"),
  summary: "The figures' trends; one that cannot be read is null and its service named in `advertencias`",
  request: { query: SerieQuery },
  responses: { 200: json(Series, "The trends"), ...NEGADOS },
});

export function seriesRoutes({ clientes, pagos, campanias, plazoMs }: DepsDashboard): Router {
  const router = createRouter();
  router.openapi(ruta, async (c) => {
    const { dias } = c.req.valid("query");
    const l = comoParte(llamadaDe(c, plazoMs));
    const juntas = partes(c.var.locale);
    const [p, cl, k] = await Promise.all([
      pagos.serie(dias, l),
      clientes.serie(dias, l),
      campanias.serie(dias, l),
    ]);
    const dePagos = juntas.tomar(p, ["pagos"]);
    const deClientes = juntas.tomar(cl, ["clientes"]);
    const deCampanias = juntas.tomar(k, ["campanias"]);
    const falla = juntas.fracaso();
    if (falla !== null) return negar(c, falla);
    const leido = juntas.leidoEn();
    if (leido === null) throw new Error("nothing was read and nothing failed");
    return c.json({
      dias,
      pagos: dePagos,
      clientes: deClientes,
      campanias: deCampanias,
      actualizado_en: instantText(leido),
      advertencias: juntas.advertencias(),
    }, 200);
  });
  return router;
}
