import { createRoute, z } from "@hono/zod-openapi";
import { RastroSchema } from "@alpes/shared/contracts/seguridad.ts";
import { idSchema, texto } from "@alpes/shared/http/fields.ts";
import { json } from "@alpes/shared/http/media.ts";
import { guardedBy } from "@alpes/shared/http/operation.ts";
import { createRouter, type Router } from "@alpes/shared/http/router.ts";
import { instant } from "@alpes/shared/http/time.ts";
import { RESULTADOS } from "@alpes/shared/seedwork/audit.ts";
import { type Operacion, SERVICIOS } from "../ports.ts";
import { Advertencias } from "./documento.ts";
import { comoParte, llamadaDe } from "./llamada.ts";
import { NEGADOS, negar } from "./negar.ts";
import { paginada } from "./operacion.ts";
import { partes } from "./partes.ts";

const ver = createRoute({
  method: "get",
  path: "/auditoria",
  tags: ["operación de los servicios"],
  operationId: "bffAuditoria",
  ...guardedBy("auditoria.leer"),
  summary: "Who did what in all services, and who was refused; newest first",
  request: {
    query: paginada({
      actor: texto(1, 300).optional(),
      accion: texto(1, 100).optional(),
      recurso: idSchema().optional(),
      solicitud: idSchema().optional(),
      resultado: z.enum(RESULTADOS).optional(),
      desde: instant.optional(),
      hasta: instant.optional(),
    }),
  },
  responses: {
    200: json(
      z.object({
        data: z.array(RastroSchema),
        paginas: z.array(z.object({ modulo: z.enum(SERVICIOS), next_cursor: z.string() })).openapi({
          description: "services with more lines: ask on with their `modulo` and `cursor`",
        }),
        advertencias: Advertencias,
      }).openapi("AuditoriaJunta"),
      "The lines of all services, by time",
    ),
    ...NEGADOS,
  },
});

/** The audit logs of all services as one. */
export function auditoriaRoutes(
  { operacion, plazoMs }: { readonly operacion: Operacion; readonly plazoMs: number },
): Router {
  const router = createRouter();
  router.openapi(ver, async (c) => {
    const { modulo, desde, hasta, ...resto } = c.req.valid("query");
    const consulta = { limit: "20", ...resto, desde: desde?.toISOString(), hasta: hasta?.toISOString() };
    const l = comoParte(llamadaDe(c, plazoMs));
    const juntas = partes(c.var.locale);
    const deQuien = modulo === undefined ? SERVICIOS : [modulo];
    const leidas = await Promise.all(
      deQuien.map(async (s) => [s, await operacion.auditoria(s, consulta, l)] as const),
    );
    const paginas = leidas.map(([s, r]) => [s, juntas.tomar(r, [`data de ${s}`])] as const);
    const falla = juntas.fracaso();
    if (falla !== null) return negar(c, falla);
    const data = paginas.flatMap(([, p]) => p?.filas ?? [])
      .sort((a, b) => a.en < b.en ? 1 : a.en > b.en ? -1 : Number(b.id) - Number(a.id));
    return c.json({
      data: [...data],
      paginas: paginas.flatMap(([modulo, p]) => p?.siguiente ? [{ modulo, next_cursor: p.siguiente }] : []),
      advertencias: juntas.advertencias(),
    }, 200);
  });
  return router;
}
