import { createRoute, z } from "@hono/zod-openapi";
import { accepts } from "hono/accepts";
import { dineroJson, DineroSchema } from "@alpes/shared/contracts/dinero.ts";
import { idSchema } from "@alpes/shared/http/fields.ts";
import { both } from "@alpes/shared/http/locale.ts";
import { guardedBy } from "@alpes/shared/http/operation.ts";
import { invalidField, problems } from "@alpes/shared/http/problem.ts";
import { responder } from "@alpes/shared/http/respond.ts";
import { createRouter, type Router } from "@alpes/shared/http/router.ts";
import { day, instantText } from "@alpes/shared/http/time.ts";
import { type ConsultaExtracto, type Extracto, MAX_LINEAS } from "../application/extracto.ts";
import { CSP_EXTRACTO, extractoCsv, extractoHtml } from "./extracto_vistas.ts";
import { FALLAS_PAGOS } from "./fallas.ts";

const { deny } = responder(FALLAS_PAGOS);

const LineaSchema = z.object({
  fecha: z.iso.datetime(),
  asiento: z.string(),
  hecho: z.string(),
  cuenta: z.string(),
  transaccion_id: z.string().nullable(),
  payout_id: z.string().nullable(),
  importe: DineroSchema,
});
const ExtractoSchema = z.object({
  partner_id: z.string(),
  desde: z.iso.date(),
  hasta: z.iso.date(),
  monedas: z.array(z.object({
    moneda: z.string(),
    apertura: DineroSchema,
    cierre: DineroSchema,
    cuentas: z.array(z.object({ cuenta: z.string(), apertura: DineroSchema, cierre: DineroSchema })),
    lineas: z.array(LineaSchema),
  })),
}).openapi("EstadoDeCuenta");

const ruta = createRoute({
  method: "get",
  path: "/estados-de-cuenta/{partner_id}",
  tags: ["libro"],
  operationId: "estadoDeCuenta",
  ...guardedBy("libro.leer"),
  summary:
    "What a partner earned and got in a cycle or between two days: opening, lines, closing, per currency",
  request: {
    params: z.object({ partner_id: idSchema() }),
    query: z.object({
      ciclo: idSchema().optional(),
      desde: day.optional(),
      hasta: day.optional(),
    }),
  },
  responses: {
    200: {
      description: "By `Accept`: JSON, CSV, or a page to print. Days are those of UTC, both included",
      content: {
        "application/json": { schema: ExtractoSchema },
        "text/csv": { schema: z.string() },
        "text/html": { schema: z.string() },
      },
    },
    ...problems(400, 403, 404),
  },
});

/** Either a cycle or both days. */
function cuando(q: { ciclo?: string | undefined; desde?: string | undefined; hasta?: string | undefined }) {
  const { ciclo, desde, hasta } = q;
  if (ciclo !== undefined && desde === undefined && hasta === undefined) return { ciclo };
  if (ciclo !== undefined || desde === undefined || hasta === undefined) {
    throw invalidField(
      "ciclo",
      both("diga `ciclo`, o `desde` y `hasta`", "say `ciclo`, or `desde` and `hasta`"),
    );
  }
  if (hasta < desde) {
    throw invalidField("hasta", both("no puede ser anterior a desde", "cannot be before desde"));
  }
  return { desde, hasta };
}

export function extractosRoutes(extracto: ConsultaExtracto): Router {
  const router = createRouter();
  router.openapi(ruta, async (c) => {
    const r = await extracto(c.var.actor, c.req.valid("param").partner_id, cuando(c.req.valid("query")));
    if (!r.ok) {
      if (r.error.tipo === "ciclo_desconocido") {
        throw invalidField("ciclo", both("no está registrado", "is not registered"));
      }
      if (r.error.tipo === "demasiadas_lineas") {
        const n = MAX_LINEAS;
        throw invalidField(
          "hasta",
          both(`pasa de ${n} líneas: acorte`, `more than ${n} lines: make it shorter`),
        );
      }
      return deny(c, r.error);
    }
    const tipo = accepts(c, {
      header: "Accept",
      supports: ["application/json", "text/csv", "text/html"],
      default: "application/json",
    });
    c.header("Vary", "Accept, Accept-Language", { append: true });
    if (tipo === "text/csv") {
      return c.text(extractoCsv(r.value), 200, { "Content-Type": "text/csv; charset=utf-8" });
    }
    if (tipo === "text/html") {
      c.header("Content-Security-Policy", CSP_EXTRACTO);
      c.header("Content-Language", c.var.locale);
      return await c.html(extractoHtml(r.value, c.var.locale), 200);
    }
    return c.json(extractoJson(r.value), 200);
  });
  return router;
}

const extractoJson = (e: Extracto): z.infer<typeof ExtractoSchema> => ({
  partner_id: e.partner_id,
  desde: e.desde,
  hasta: e.hasta,
  monedas: e.monedas.map((m) => ({
    moneda: m.moneda,
    apertura: dineroJson(m.apertura),
    cierre: dineroJson(m.cierre),
    cuentas: m.cuentas.map((x) => ({
      cuenta: x.cuenta,
      apertura: dineroJson(x.apertura),
      cierre: dineroJson(x.cierre),
    })),
    lineas: m.lineas.map((l) => ({ ...l, fecha: instantText(l.fecha), importe: dineroJson(l.importe) })),
  })),
});
