import { createRoute } from "@hono/zod-openapi";
import { RegistroClienteSchema } from "@alpes/shared/contracts/cliente_registro.ts";
import { requestContext, sha256 } from "@alpes/shared/http/idempotency.ts";
import { IMPORT_ROUTE, importReport } from "@alpes/shared/http/imports.ts";
import { guardedBy } from "@alpes/shared/http/operation.ts";
import { problems } from "@alpes/shared/http/problem.ts";
import { responder } from "@alpes/shared/http/respond.ts";
import type { Router } from "@alpes/shared/http/router.ts";
import { canonicalJson, type Json } from "@alpes/shared/seedwork/json.ts";
import type { importarClientes } from "../application/importar.ts";
import { FALLAS_CLIENTE, rechazo } from "./fallas.ts";
import { ficha } from "./schemas.ts";

const { deny } = responder(FALLAS_CLIENTE);
const { report, ...IMPORT } = IMPORT_ROUTE;

const importar = createRoute({
  ...IMPORT,
  method: "post",
  path: "/importaciones",
  tags: ["cliente"],
  operationId: "importarClientes",
  ...guardedBy("cliente.registrar"),
  summary: "Registers the clientes of a file, row by row; the same file twice changes nothing",
  responses: { 200: report, ...problems(400, 403, 409, 413, 415, 422, 503) },
});

const COLUMNAS = {
  known: [
    "id",
    "tipo_cliente",
    "nombre",
    "email",
    "cedula",
    "rut",
    "fecha_nacimiento",
    "telefono",
    "ciudad",
    "pais",
    "referencia_externa",
  ],
  required: ["nombre", "email"],
};

/** Who comes without an id gets one of the e-mail, which is unique: the same row again is the same cliente. */
const idDe = async (email: string) => `imp-${(await sha256(email.toLowerCase())).slice(0, 32)}`;

export function rutasDeImportaciones(router: Router, comando: ReturnType<typeof importarClientes>): void {
  router.openapi(importar, async (c) => {
    const query = c.req.valid("query");
    const tomar = comando(requestContext(c), query.simulacro);
    if (!tomar.ok) return deny(c, tomar.error);
    return await importReport(c, {
      schema: RegistroClienteSchema,
      columns: COLUMNAS,
      async take(rows) {
        const filas = await Promise.all(rows.map(async ({ value: { id, ...registro }, sent }) => ({
          id: id ?? await idDe(registro.email),
          ficha: ficha(registro),
          huella: await sha256(canonicalJson(sent as Json)),
        })));
        const salidas = await tomar.value(filas);
        return salidas.map((r, i) =>
          r.ok
            ? { estado: r.value, id: filas[i]?.id ?? "" }
            : { estado: "rechazado", codigo: rechazo(r.error).codigo, errores: rechazo(r.error).errores }
        );
      },
    }, query);
  });
}
