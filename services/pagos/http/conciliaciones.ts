import { createRoute, z } from "@hono/zod-openapi";
import { dineroJson, DineroSchema } from "@alpes/shared/contracts/dinero.ts";
import { idSchema, orNull } from "@alpes/shared/http/fields.ts";
import { sha256 } from "@alpes/shared/http/idempotency.ts";
import { both } from "@alpes/shared/http/locale.ts";
import { json } from "@alpes/shared/http/media.ts";
import { guardedBy } from "@alpes/shared/http/operation.ts";
import { listing, listSchema } from "@alpes/shared/http/pagination.ts";
import { Problem, problems } from "@alpes/shared/http/problem.ts";
import { responder } from "@alpes/shared/http/respond.ts";
import { createRouter, type Router } from "@alpes/shared/http/router.ts";
import { instantText } from "@alpes/shared/http/time.ts";
import type { Result } from "@alpes/shared/seedwork/result.ts";
import type { RequestContext } from "@alpes/shared/seedwork/unit_of_work.ts";
import {
  type Conciliacion,
  type Conciliado,
  type ConsultasConciliaciones,
  type FilaConciliada,
  type FilaLiquidacion,
  LineasRepetidas,
} from "../application/conciliar.ts";
import type { PROHIBIDO } from "@alpes/shared/seedwork/policy.ts";
import { FALLAS_PAGOS } from "./fallas.ts";
import { ArchivoMalo, CABECERA, leerLiquidacion } from "./liquidacion_csv.ts";

const { deny, write } = responder(FALLAS_PAGOS);

export interface DepsConciliaciones {
  readonly conciliar: (
    context: RequestContext,
    id: string,
    filas: () => AsyncIterable<FilaLiquidacion>,
  ) => Promise<Result<Conciliado, typeof PROHIBIDO>>;
  readonly conciliaciones: ConsultasConciliaciones;
}

const tags = ["pagos"];
const instante = z.iso.datetime().nullable();
const RESULTADOS = ["COINCIDE", "SOLO_PROVEEDOR", "SOLO_NUESTRO", "DISTINTO"] as const;

/** What came of a settlement file. */
const ConciliacionSchema = z.object({
  id: z.string(),
  estado: z.enum(["CARGADA", "SALDADA"]),
  filas: z.int().nonnegative(),
  coinciden: z.int().nonnegative(),
  solo_proveedor: z.int().nonnegative(),
  solo_nuestro: z.int().nonnegative(),
  distintos: z.int().nonnegative(),
  /** Open payouts of which it proved what became of them. */
  por_saldar: z.int().nonnegative(),
  desde: instante,
  hasta: instante,
  actor: z.string(),
  fecha_creacion: z.iso.datetime(),
}).openapi("Conciliacion");
const FilaSchema = z.object({
  n: z.int().positive(),
  linea: z.int().positive().nullable(),
  clave: z.string(),
  payout_id: z.string().nullable(),
  estado: z.enum(["PAGADO", "NO_PAGADO", "DEVUELTO"]).nullable(),
  referencia: z.string().nullable(),
  monto: DineroSchema,
  comision: orNull(DineroSchema),
  fecha: instante,
  resultado: z.enum(RESULTADOS),
  diferencia: z.string().nullable(),
}).openapi("FilaConciliada");

const lista = listing({ creada: "time" }, {});
const listaFilas = listing({ n: "integer" }, { resultado: z.enum(RESULTADOS).optional() });
const Id = z.object({ id: idSchema() });

const crear = createRoute({
  method: "post",
  path: "/conciliaciones",
  tags,
  operationId: "conciliar",
  ...guardedBy("conciliaciones.crear"),
  "x-max-body": 64 * 1024 * 1024,
  summary: "Matches a settlement file of the provider with our attempts, and settles what it proves",
  description:
    `CSV in UTF-8, at most 64 MiB and 1,000,000 rows, with the header \`${CABECERA.join(",")}\`. ` +
    "PAGADO proves that an open payout was paid, NO_PAGADO that it was not and never will be; a key that the file " +
    "does not name proves nothing. One wrong line, and nothing is taken. The same file again changes nothing.",
  request: { body: { required: true, content: { "text/csv": { schema: z.string() } } } },
  responses: {
    201: json(ConciliacionSchema, "Matched"),
    200: json(ConciliacionSchema, "The same file was matched before"),
    ...problems(400, 403, 408, 409, 413, 415, 422, 503),
  },
});
const listar = createRoute({
  method: "get",
  path: "/conciliaciones",
  tags,
  operationId: "listarConciliaciones",
  ...guardedBy("conciliaciones.leer"),
  summary: "The settlement files that were matched, the newest first",
  request: { query: lista.query },
  responses: { 200: json(listSchema(ConciliacionSchema), "A page of them"), ...problems(400, 403) },
});
const obtener = createRoute({
  method: "get",
  path: "/conciliaciones/{id}",
  tags,
  operationId: "obtenerConciliacion",
  ...guardedBy("conciliaciones.leer"),
  summary: "What came of one settlement file",
  request: { params: Id },
  responses: { 200: json(ConciliacionSchema, "Its figures"), ...problems(400, 403, 404) },
});
const filas = createRoute({
  method: "get",
  path: "/conciliaciones/{id}/filas",
  tags,
  operationId: "listarFilasConciliadas",
  ...guardedBy("conciliaciones.leer"),
  summary: "Its lines: ours only, theirs only, different, matched",
  request: { params: Id, query: listaFilas.query },
  responses: { 200: json(listSchema(FilaSchema), "A page of lines"), ...problems(400, 403, 404) },
});

/** Settlement files, under `/pagos`. */
export function conciliacionesRoutes({ conciliar, conciliaciones }: DepsConciliaciones): Router {
  const router = createRouter();
  router.openapi(crear, async (c) => {
    const bytes = new Uint8Array(await c.req.arrayBuffer());
    // A file is known again by its bytes.
    const id = `conciliacion-${(await sha256(bytes)).slice(0, 32)}`;
    try {
      return await write(c, {
        run: (context) => conciliar(context, id, () => leerLiquidacion(bytes)),
        ok: ({ conciliacion, nueva }) => ({
          status: nueva ? 201 as const : 200 as const,
          body: conciliacionJson(conciliacion),
          location: `/pagos/conciliaciones/${id}`,
        }),
        refused: () => ({ codigo: "prohibido" as const }),
      });
    } catch (e) {
      throw problemaDe(e);
    }
  });
  router.openapi(listar, async (c) => {
    const pedido = c.req.valid("query");
    const r = await conciliaciones.listar(c.var, pedido);
    if (!r.ok) return deny(c, r.error);
    const data = r.value.rows.map(conciliacionJson);
    return c.json({ data, pagination: lista.pagination(pedido, r.value) }, 200);
  });
  router.openapi(obtener, async (c) => {
    const r = await conciliaciones.obtener(c.var, c.req.valid("param").id);
    return r.ok ? c.json(conciliacionJson(r.value), 200) : deny(c, r.error);
  });
  router.openapi(filas, async (c) => {
    const pedido = c.req.valid("query");
    const filters = { resultado: pedido.filters.resultado ?? null };
    // Lines come in their order in the file unless it is asked otherwise.
    const order = new URL(c.req.url).searchParams.has("sort_order") ? pedido.sort.order : "asc";
    const suyo = { ...pedido, sort: { ...pedido.sort, order } as const };
    const r = await conciliaciones.filas(c.var, c.req.valid("param").id, { ...suyo, filters });
    if (!r.ok) return deny(c, r.error);
    return c.json(
      { data: r.value.rows.map(filaJson), pagination: listaFilas.pagination(suyo, r.value) },
      200,
    );
  });
  return router;
}

function problemaDe(e: unknown): unknown {
  if (e instanceof ArchivoMalo) return new Problem("validacion", { errores: e.errores });
  if (!(e instanceof LineasRepetidas)) return e;
  return new Problem("validacion", {
    errores: e.lineas.map(({ linea, primera }) => ({
      campo: `linea ${linea}.clave`,
      mensaje: both(`repite la clave de la línea ${primera}`, `repeats the key of line ${primera}`),
    })),
  });
}

const texto = (d: Date | null) => d === null ? null : instantText(d);
function conciliacionJson({ desde, hasta, creada, ...c }: Conciliacion): z.infer<typeof ConciliacionSchema> {
  return { ...c, desde: texto(desde), hasta: texto(hasta), fecha_creacion: instantText(creada) };
}
function filaJson(
  { por_saldar: _, monto, comision, fecha, ...f }: FilaConciliada,
): z.infer<typeof FilaSchema> {
  return {
    ...f,
    monto: dineroJson(monto),
    comision: comision === null ? null : dineroJson(comision),
    fecha: texto(fecha),
  };
}
