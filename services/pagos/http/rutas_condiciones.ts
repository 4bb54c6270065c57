import { createRoute, z } from "@hono/zod-openapi";
import {
  CondicionesEntrada,
  type CondicionesEntradaJson,
  type CondicionesJson,
  CondicionesSchema,
} from "@alpes/shared/contracts/condiciones.ts";
import { conMoneda, dineroJson } from "@alpes/shared/contracts/dinero.ts";
import { etag, ifMatch } from "@alpes/shared/http/etag.ts";
import { idSchema } from "@alpes/shared/http/fields.ts";
import { guardedBy } from "@alpes/shared/http/operation.ts";
import { problems } from "@alpes/shared/http/problem.ts";
import { responder } from "@alpes/shared/http/respond.ts";
import type { Router } from "@alpes/shared/http/router.ts";
import { instantText } from "@alpes/shared/http/time.ts";
import type { ComandosPagos } from "../application/comandos.ts";
import type { CondicionesVistas, RechazoCondiciones } from "../application/condiciones.ts";
import type { ConsultasPagos } from "../application/consultas.ts";
import type { Condiciones } from "../domain/condiciones.ts";
import { FALLAS_PAGOS } from "./fallas.ts";

const { deny, write } = responder(FALLAS_PAGOS);
const tags = ["pagos"];
const UNAS = {
  description: "The terms",
  content: { "application/json": { schema: CondicionesSchema } },
};
const params = z.object({ partner_id: idSchema() });

const obtener = createRoute({
  method: "get",
  path: "/condiciones/{partner_id}",
  tags,
  operationId: "obtenerCondiciones",
  ...guardedBy("condiciones.leer"),
  summary:
    "What was agreed with a partner, or (`general`) with all: hold, minimum, suspension, payment method",
  request: { params },
  responses: { 200: UNAS, ...problems(400, 403, 404) },
});
const fijar = createRoute({
  method: "put",
  path: "/condiciones/{partner_id}",
  tags,
  operationId: "fijarCondiciones",
  ...guardedBy("condiciones.fijar"),
  summary: "Replaces the terms of a partner, or (`general`) those of all",
  request: {
    params,
    body: { required: true as const, content: { "application/json": { schema: CondicionesEntrada } } },
  },
  responses: { 200: UNAS, ...problems(400, 403, 404, 409, 412, 413, 415, 422, 503) },
});

export function rutasDeCondiciones(
  router: Router,
  { comandos, consultas }: { readonly comandos: ComandosPagos; readonly consultas: ConsultasPagos },
): void {
  router.openapi(obtener, async (c) => {
    const r = await consultas.condiciones(c.var.actor, c.req.valid("param").partner_id);
    return r.ok ? c.json(condicionesJson(r.value), 200, { ETag: etag(r.value.version) }) : deny(c, r.error);
  });
  router.openapi(fijar, (c) => {
    const nuevas = entrada(c.req.valid("param").partner_id, c.req.valid("json"));
    const version = ifMatch(c);
    return write(c, {
      run: (context) => comandos.fijarCondiciones(context, nuevas, version),
      ok: (v) => ({ status: 200 as const, body: condicionesJson(v), etag: etag(v.version) }),
      refused: (x) => ({ codigo: CODIGO[x.tipo] }),
    });
  });
}

const CODIGO = {
  prohibido: "prohibido",
  oculto: "no_encontrado",
  version_distinta: "version_obsoleta",
} as const satisfies Record<RechazoCondiciones["tipo"], string>;

const entrada = (partner_id: string, b: CondicionesEntradaJson): Omit<Condiciones, "actualizado"> => ({
  partner_id,
  retencion_dias: b.retencion_dias ?? null,
  // The schema lets only amounts with their own currency through.
  minimos: (b.minimos ?? []).flatMap((m) => conMoneda(m, "USD") ?? [])
    .sort((a, b) => a.moneda < b.moneda ? -1 : 1),
  suspendido: b.suspendido ?? false,
  metodo_pago: b.metodo_pago == null
    ? null
    : { tipo: b.metodo_pago.tipo, mascara: b.metodo_pago.mascara ?? null },
});

const condicionesJson = ({ condiciones: c, version }: CondicionesVistas): CondicionesJson => ({
  partner_id: c.partner_id,
  retencion_dias: c.retencion_dias,
  minimos: c.minimos.map(dineroJson),
  suspendido: c.suspendido,
  metodo_pago: c.metodo_pago,
  fecha_actualizacion: version === 0 ? null : instantText(c.actualizado),
  version,
});
