import { createRoute } from "@hono/zod-openapi";
import { TransaccionEntrada } from "@alpes/shared/contracts/pagos_entrada.ts";
import { requestContext } from "@alpes/shared/http/idempotency.ts";
import { IMPORT_ROUTE, importReport } from "@alpes/shared/http/imports.ts";
import { both } from "@alpes/shared/http/locale.ts";
import { guardedBy } from "@alpes/shared/http/operation.ts";
import { problems } from "@alpes/shared/http/problem.ts";
import { responder } from "@alpes/shared/http/respond.ts";
import type { Router } from "@alpes/shared/http/router.ts";
import type { ComandosPagos } from "../application/comandos.ts";
import { FALLAS_PAGOS } from "./fallas.ts";
import { entradaDeTransaccion } from "./pedidos.ts";
import { rechazo } from "./rechazo.ts";

const { deny } = responder(FALLAS_PAGOS);
const { report, ...IMPORT } = IMPORT_ROUTE;

const importar = createRoute({
  ...IMPORT,
  method: "post",
  path: "/transacciones/importaciones",
  tags: ["pagos"],
  operationId: "importarTransacciones",
  ...guardedBy("transacciones.registrar"),
  summary: "Records the commissions of a file, row by row; the same file twice changes nothing",
  responses: { 200: report, ...problems(400, 403, 404, 409, 413, 415, 422, 503) },
});

/** A row's id is what makes a repeat harmless. */
const FilaEntrada = TransaccionEntrada.refine((b) => b.id != null, {
  path: ["id"],
  error: both("es obligatorio en un archivo", "is required in a file"),
});
const COLUMNAS = {
  known: [
    "id",
    "partner_id",
    "idCampania",
    "brand_id",
    "event_type",
    "event_timestamp",
    "monto_original",
    "comision",
    "currency",
  ],
  required: ["id", "partner_id", "event_type"],
};

export function rutasDeImportaciones(router: Router, comandos: ComandosPagos): void {
  router.openapi(importar, async (c) => {
    const query = c.req.valid("query");
    const filas = comandos.importarTransacciones(requestContext(c), query.simulacro);
    if (!filas.ok) return deny(c, filas.error);
    return await importReport(c, {
      schema: FilaEntrada,
      columns: COLUMNAS,
      async take(rows) {
        const entradas = rows.map(({ value }) => ({ ...entradaDeTransaccion(value), id: value.id ?? "" }));
        const salidas = await filas.value(entradas);
        return salidas.map((r, i) =>
          r.ok
            ? { estado: r.value, id: entradas[i]?.id ?? "" }
            : { estado: "rechazado", codigo: rechazo(r.error).codigo, errores: explicado(rechazo(r.error)) }
        );
      },
    }, query);
  });
}

/** A refusal that blames no field says at least why. */
const explicado = ({ errores, detalle }: ReturnType<typeof rechazo>) =>
  errores.length > 0 || detalle === undefined ? errores : [{ campo: "fila", mensaje: detalle }];
