import { createRoute, z } from "@hono/zod-openapi";
import { dineroJson } from "@alpes/shared/contracts/dinero.ts";
import {
  type AsientoJson,
  AsientoSchema,
  type CuentaJson,
  CuentaSchema,
  type ExplicacionPayoutJson,
  ExplicacionPayoutSchema,
  type MovimientoJson,
  MovimientoSchema,
  SaldosSchema,
} from "@alpes/shared/contracts/libro.ts";
import { PALABRAS_RESERVADAS_PAGOS } from "@alpes/shared/contracts/pagos.ts";
import { monedaEntrada } from "@alpes/shared/contracts/pagos_campos.ts";
import { idSchema } from "@alpes/shared/http/fields.ts";
import { both } from "@alpes/shared/http/locale.ts";
import { json } from "@alpes/shared/http/media.ts";
import { guardedBy } from "@alpes/shared/http/operation.ts";
import { listing, listSchema } from "@alpes/shared/http/pagination.ts";
import { problems } from "@alpes/shared/http/problem.ts";
import { responder } from "@alpes/shared/http/respond.ts";
import type { Router } from "@alpes/shared/http/router.ts";
import { day, instant, instantText } from "@alpes/shared/http/time.ts";
import { sumar } from "@alpes/shared/seedwork/money.ts";
import type { ConsultasLibro, ExplicacionPayout, Movimiento, Saldo } from "../application/libro.ts";
import type { AsientoVisto } from "../application/ports.ts";
import { type Cuenta, leerCuenta, TIPOS_CUENTA } from "../domain/libro/cuentas.ts";
import { FALLAS_PAGOS } from "./fallas.ts";
import { payoutJson, transaccionJson } from "./vista.ts";

const { deny } = responder(FALLAS_PAGOS);
const tags = ["libro"];

const cuentaEntrada = z.string().max(300).transform((s, ctx): Cuenta => {
  const cuenta = leerCuenta(s);
  if (cuenta !== null) return cuenta;
  ctx.addIssue({
    code: "custom",
    message: both("no hay tal cuenta en el libro", "there is no such account in the ledger"),
    input: s,
  });
  return z.NEVER;
}).openapi({ type: "string", example: "partner:p-1:disponible" });

const listaCuentas = listing({ cuenta: "text" }, {
  cuenta: cuentaEntrada.optional(),
  tipo: z.enum(TIPOS_CUENTA).optional(),
  titular: idSchema().optional(),
  moneda: monedaEntrada.optional(),
});
// The order of posting: newest first, and the same for all who ask.
const listaAsientos = listing({ fecha: "integer" }, {
  cuenta: cuentaEntrada.optional(),
  payout_id: idSchema().optional(),
  transaccion_id: idSchema().optional(),
  idCampania: idSchema().optional(),
  solicitud: z.string().min(1).max(255).optional(),
  desde: day.optional(),
  hasta: day.optional(),
});
const listaMovimientos = listing({ fecha: "time" }, {
  moneda: monedaEntrada.optional(),
  en: instant.optional(),
});

const cuentas = createRoute({
  method: "get",
  path: "/libro/cuentas",
  tags,
  operationId: "listarCuentas",
  ...guardedBy("libro.leer"),
  summary: "The ledger's accounts with their balances; a partner sees its own",
  request: { query: listaCuentas.query },
  responses: { 200: json(listSchema(CuentaSchema), "A page of accounts"), ...problems(400, 403) },
});
const asientos = createRoute({
  method: "get",
  path: "/libro/asientos",
  tags,
  operationId: "listarAsientos",
  ...guardedBy("libro.leer"),
  summary: "The ledger's entries, each with its lines, its cause and what it takes back; newest first",
  request: { query: listaAsientos.query },
  responses: { 200: json(listSchema(AsientoSchema), "A page of entries"), ...problems(400, 403) },
});
const saldos = createRoute({
  method: "get",
  path: "/libro/saldos",
  tags,
  operationId: "saldosDeCuenta",
  ...guardedBy("libro.leer"),
  summary: "An account's balance in each currency, now or as of any past instant",
  request: { query: z.object({ cuenta: cuentaEntrada, en: instant.optional() }) },
  responses: { 200: json(SaldosSchema, "The balances"), ...problems(400, 403) },
});
const explicacion = createRoute({
  method: "get",
  path: "/libro/saldos/{cuenta}/explicacion",
  tags,
  operationId: "explicarSaldo",
  ...guardedBy("libro.leer"),
  summary: "Why a balance is what it is: every line, its entry, and the event and the request that caused it",
  request: { params: z.object({ cuenta: cuentaEntrada }), query: listaMovimientos.query },
  responses: {
    200: json(
      listSchema(MovimientoSchema).extend({ cuenta: z.string(), saldos: z.array(CuentaSchema) }),
      "The balance, and a page of the lines that sum to it",
    ),
    ...problems(400, 403, 404),
  },
});
const explicacionDePago = createRoute({
  method: "get",
  path: "/{id}/explicacion",
  tags,
  operationId: "explicarPago",
  ...guardedBy("pagos.leer"),
  summary: "Why a payment is what it is: its transactions, the ledger's entries, and what caused each",
  request: { params: z.object({ id: idSchema(PALABRAS_RESERVADAS_PAGOS) }) },
  responses: { 200: json(ExplicacionPayoutSchema, "The explanation"), ...problems(400, 403, 404) },
});

export function rutasDelLibro(router: Router, libro: ConsultasLibro): void {
  router.openapi(cuentas, async (c) => {
    const pedido = c.req.valid("query");
    const f = pedido.filters;
    const r = await libro.cuentas(c.var.actor, {
      ...pedido,
      filters: {
        cuenta: f.cuenta ?? null,
        tipo: f.tipo ?? null,
        titular: f.titular ?? null,
        moneda: f.moneda ?? null,
      },
    });
    if (!r.ok) return deny(c, r.error);
    const pagination = listaCuentas.pagination(pedido, r.value);
    return c.json({ data: r.value.rows.map(cuentaJson), pagination }, 200);
  });
  router.openapi(asientos, async (c) => {
    const pedido = c.req.valid("query");
    const f = pedido.filters;
    const r = await libro.asientos(c.var.actor, {
      ...pedido,
      filters: {
        cuenta: f.cuenta ?? null,
        payout_id: f.payout_id ?? null,
        transaccion_id: f.transaccion_id ?? null,
        idCampania: f.idCampania ?? null,
        solicitud: f.solicitud ?? null,
        desde: f.desde ?? null,
        hasta: f.hasta ?? null,
      },
    });
    if (!r.ok) return deny(c, r.error);
    const pagination = listaAsientos.pagination(pedido, r.value);
    return c.json({ data: r.value.rows.map(asientoJson), pagination }, 200);
  });
  router.openapi(saldos, async (c) => {
    const { cuenta, en = null } = c.req.valid("query");
    const r = await libro.saldos(c.var.actor, cuenta, en);
    if (!r.ok) return deny(c, r.error);
    return c.json({ cuenta, en: en && instantText(en), data: r.value.map(cuentaJson) }, 200);
  });
  router.openapi(explicacion, async (c) => {
    const { cuenta } = c.req.valid("param");
    const pedido = c.req.valid("query");
    const { moneda = null, en = null } = pedido.filters;
    const r = await libro.explicacion(c.var.actor, { ...pedido, filters: { cuenta, moneda, en } });
    if (!r.ok) return deny(c, r.error);
    const { saldos, pagina } = r.value;
    return c.json({
      cuenta,
      saldos: saldos.map(cuentaJson),
      data: pagina.rows.map(movimientoJson),
      pagination: listaMovimientos.pagination(pedido, pagina),
    }, 200);
  });
  router.openapi(explicacionDePago, async (c) => {
    const r = await libro.explicacionDePayout(c.var.actor, c.req.valid("param").id);
    return r.ok ? c.json(explicacionJson(r.value), 200) : deny(c, r.error);
  });
}

const cuentaJson = (s: Saldo): CuentaJson => ({
  cuenta: s.cuenta,
  saldo: dineroJson(s.saldo),
  movimientos: s.movimientos,
  fecha_actualizacion: instantText(s.actualizado),
});
const movimientoJson = ({ importe, asiento }: Movimiento): MovimientoJson => {
  const { lineas: _, ...resto } = asientoJson(asiento);
  return { importe: dineroJson(importe), asiento: resto };
};
const asientoJson = (a: AsientoVisto): AsientoJson => ({
  id: a.id,
  clave: a.clave,
  hecho: a.hecho,
  partner_id: a.partner_id,
  idCampania: a.idCampania,
  payout_id: a.payout_id,
  transaccion_id: a.transaccion_id,
  revierte: a.revierte,
  revertido_por: a.revertido_por,
  fecha: instantText(a.en),
  actor: a.actor,
  solicitud: a.correlacion,
  causa: a.causa,
  saga_paso: a.saga_paso,
  lineas: a.lineas.map((l) => ({ cuenta: l.cuenta, importe: dineroJson(l.importe) })),
});
function explicacionJson(x: ExplicacionPayout): ExplicacionPayoutJson {
  const { id, estado, monto_total, comision_bancaria, neto } = payoutJson(x.pago);
  return {
    id,
    estado,
    monto_total,
    comision_bancaria,
    neto,
    sumas: {
      comisiones: dineroJson(x.comisiones),
      absorbido: dineroJson(x.absorbido),
      ajuste: dineroJson(x.ajuste),
      total: dineroJson(sumar(sumar(x.comisiones, x.absorbido), x.ajuste)),
      en_libro: dineroJson(x.en_libro),
    },
    transacciones: x.pago.transacciones.map(transaccionJson),
    asientos: x.asientos.map(asientoJson),
  };
}
