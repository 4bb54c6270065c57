import { createRoute, z } from "@hono/zod-openapi";
import { ClienteSchema } from "@alpes/shared/contracts/cliente.ts";
import { DineroSchema } from "@alpes/shared/contracts/dinero.ts";
import { PayoutSchema } from "@alpes/shared/contracts/pagos.ts";
import { json } from "@alpes/shared/http/media.ts";
import { guardedBy } from "@alpes/shared/http/operation.ts";
import { createRouter, type Router } from "@alpes/shared/http/router.ts";
import { InstantSchema, instantText } from "@alpes/shared/http/time.ts";
import type { Campanias, Clientes, Pagos } from "../ports.ts";
import { procesado } from "./dinero.ts";
import { Advertencias } from "./documento.ts";
import { comoParte, llamadaDe } from "./llamada.ts";
import { NEGADOS, negar } from "./negar.ts";
import { partes } from "./partes.ts";

const RECIENTES = 5;
const cuenta = (description: string) => z.int().nullable().openapi({ description });

const Dashboard = z.object({
  total_clientes: cuenta("every cliente, in any estado"),
  clientes_activos: cuenta("ACTIVO"),
  total_pagos: cuenta("every payout, in any estado"),
  campanias_activas: cuenta("APROBADA"),
  monto_total_procesado: z.array(DineroSchema).nullable().openapi({
    description: "EXITOSO, one entry for each currency",
  }),
  pagos_pendientes: cuenta("PENDIENTE"),
  total_campanias: cuenta("every campaign, in any estado"),
  campanias_completadas: cuenta("FINALIZADA"),
  pagos_recientes: z.array(PayoutSchema).nullable(),
  clientes_recientes: z.array(ClienteSchema).nullable(),
  actualizado_en: InstantSchema.openapi({ description: "when the oldest of these figures was read" }),
  advertencias: Advertencias,
}).openapi("Dashboard");

const ruta = createRoute({
  method: "get",
  path: "/dashboard",
  tags: ["dashboard"],
  operationId: "bffDashboard",
  ...guardedBy("cliente.leer"),
  summary: "The platform's figures; one that cannot be read is null and its service named in `advertencias`",
  responses: { 200: json(Dashboard, "The figures"), ...NEGADOS },
});

export interface DepsDashboard {
  readonly clientes: Clientes;
  readonly pagos: Pagos;
  readonly campanias: Campanias;
  readonly plazoMs: number;
}

export function dashboardRoutes({ clientes, pagos, campanias, plazoMs }: DepsDashboard): Router {
  const router = createRouter();
  router.openapi(ruta, async (c) => {
    const l = comoParte(llamadaDe(c, plazoMs));
    const leidas = await Promise.all([
      clientes.estadisticas(l),
      clientes.lista({ per_page: RECIENTES }, l),
      pagos.estadisticas({}, l),
      pagos.lista({ per_page: RECIENTES }, l),
      campanias.estadisticas(l),
    ]);
    const juntas = partes(c.var.locale);
    const [cc, cr, pc, pr, kc] = leidas;
    const deClientes = juntas.tomar(cc, ["total_clientes", "clientes_activos"]);
    const clientes_recientes = juntas.tomar(cr, ["clientes_recientes"])?.data ?? null;
    const dePagos = juntas.tomar(pc, ["total_pagos", "monto_total_procesado", "pagos_pendientes"]);
    const pagos_recientes = juntas.tomar(pr, ["pagos_recientes"])?.data ?? null;
    const deCampanias = juntas.tomar(kc, ["campanias_activas", "total_campanias", "campanias_completadas"]);
    const leido = juntas.leidoEn();
    const falla = juntas.fracaso();
    if (falla !== null) return negar(c, falla);
    if (leido === null) throw new Error("nothing was read and nothing failed");
    return c.json({
      total_clientes: deClientes && deClientes.total,
      clientes_activos: deClientes && deClientes.por_estado.ACTIVO,
      total_pagos: dePagos && dePagos.total,
      campanias_activas: deCampanias && deCampanias.por_estado.APROBADA,
      monto_total_procesado: dePagos && procesado(dePagos),
      pagos_pendientes: dePagos && dePagos.por_estado.PENDIENTE,
      total_campanias: deCampanias && deCampanias.total,
      campanias_completadas: deCampanias && deCampanias.por_estado.FINALIZADA,
      pagos_recientes,
      clientes_recientes,
      actualizado_en: instantText(leido),
      advertencias: juntas.advertencias(),
    }, 200);
  });
  return router;
}
