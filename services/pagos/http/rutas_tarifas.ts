import { createRoute, z } from "@hono/zod-openapi";
import { dineroJson } from "@alpes/shared/contracts/dinero.ts";
import {
  FiltroTarifas,
  monedaDeTarifa,
  TarifaEntrada,
  type TarifaEntradaJson,
  type TarifaJson,
  TarifaSchema,
  TerminarTarifaEntrada,
} from "@alpes/shared/contracts/tarifas.ts";
import { idSchema } from "@alpes/shared/http/fields.ts";
import { json, jsonBody } from "@alpes/shared/http/media.ts";
import { guardedBy } from "@alpes/shared/http/operation.ts";
import { listing, listSchema } from "@alpes/shared/http/pagination.ts";
import { problems } from "@alpes/shared/http/problem.ts";
import { responder } from "@alpes/shared/http/respond.ts";
import type { Router } from "@alpes/shared/http/router.ts";
import { instantText } from "@alpes/shared/http/time.ts";
import { conMoneda, type MontoEntrada } from "@alpes/shared/contracts/dinero.ts";
import { type Dinero, dinero, type Moneda } from "@alpes/shared/seedwork/money.ts";
import type { ComandosPagos } from "../application/comandos.ts";
import type { ConsultasPagos } from "../application/consultas.ts";
import type { EntradaTarifa } from "../application/tarifas.ts";
import { type Formula, type Tarifa, UNIDAD_TASA } from "../domain/tarifas.ts";
import { FALLAS_PAGOS } from "./fallas.ts";
import { rechazo } from "./rechazo.ts";

const { deny, write } = responder(FALLAS_PAGOS);
const tags = ["pagos"];
const Id = z.object({ id: idSchema() });
const ESCRITURA = [400, 403, 409, 413, 415, 422, 503] as const;
const lista = listing({ fecha_creacion: "time", event_type: "text" }, FiltroTarifas);

const listar = createRoute({
  method: "get",
  path: "/tarifas",
  tags,
  operationId: "listarTarifas",
  ...guardedBy("tarifas.leer"),
  summary: "What a commission is, by kind of event; a partner sees the rates that are for all, and its own",
  request: { query: lista.query },
  responses: { 200: json(listSchema(TarifaSchema), "A page of rates"), ...problems(400, 403) },
});
const obtener = createRoute({
  method: "get",
  path: "/tarifas/{id}",
  tags,
  operationId: "obtenerTarifa",
  ...guardedBy("tarifas.leer"),
  summary: "One rate",
  request: { params: Id },
  responses: { 200: json(TarifaSchema, "The rate"), ...problems(400, 403, 404) },
});
const registrar = createRoute({
  method: "post",
  path: "/tarifas",
  tags,
  operationId: "registrarTarifa",
  ...guardedBy("tarifas.registrar"),
  summary: "Stores a rate; it ends the one without an end that it follows, and is never edited itself",
  request: { body: jsonBody(TarifaEntrada) },
  responses: {
    201: json(TarifaSchema, "Stored"),
    200: json(TarifaSchema, "The same rate stood already"),
    ...problems(404, ...ESCRITURA),
  },
});
const terminar = createRoute({
  method: "post",
  path: "/tarifas/{id}/terminar",
  tags,
  operationId: "terminarTarifa",
  ...guardedBy("tarifas.registrar"),
  summary: "Ends a rate on a day, which it still serves",
  request: { params: Id, body: jsonBody(TerminarTarifaEntrada) },
  responses: { 200: json(TarifaSchema, "Ended"), ...problems(404, ...ESCRITURA) },
});

export function rutasDeTarifas(
  router: Router,
  { comandos, consultas }: { readonly comandos: ComandosPagos; readonly consultas: ConsultasPagos },
): void {
  router.openapi(listar, async (c) => {
    const pedido = c.req.valid("query");
    const f = pedido.filters;
    const r = await consultas.tarifas(c.var.actor, {
      ...pedido,
      filters: {
        ambito: f.ambito ?? null,
        partner_id: f.partner_id ?? null,
        brand_id: f.brand_id ?? null,
        event_type: f.event_type?.toUpperCase() ?? null,
        tipo: f.tipo ?? null,
        moneda: f.moneda ?? null,
        vigente: f.vigente ?? null,
      },
    });
    if (!r.ok) return deny(c, r.error);
    return c.json({ data: r.value.rows.map(tarifaJson), pagination: lista.pagination(pedido, r.value) }, 200);
  });
  router.openapi(obtener, async (c) => {
    const r = await consultas.tarifa(c.var.actor, c.req.valid("param").id);
    return r.ok ? c.json(tarifaJson(r.value), 200) : deny(c, r.error);
  });
  router.openapi(registrar, (c) => {
    const entrada = entradaDeTarifa(c.req.valid("json"));
    return write(c, {
      run: (context) => comandos.registrarTarifa(context, entrada),
      ok: ({ tarifa, creada }) => ({
        status: creada ? 201 as const : 200 as const,
        body: tarifaJson(tarifa),
        location: `/pagos/tarifas/${encodeURIComponent(tarifa.id)}`,
      }),
      refused: (x) => rechazo(x),
    });
  });
  router.openapi(terminar, (c) => {
    const { id } = c.req.valid("param");
    const { vigente_hasta } = c.req.valid("json");
    return write(c, {
      run: (context) => comandos.terminarTarifa(context, id, vigente_hasta),
      ok: (t) => ({ status: 200 as const, body: tarifaJson(t) }),
      refused: (x) => rechazo(x),
    });
  });
}

/** The schema has checked all that throws here. */
export function entradaDeTarifa(b: TarifaEntradaJson): EntradaTarifa {
  const moneda = monedaDeTarifa(b);
  const monto = (m: MontoEntrada | null | undefined): Dinero | null => {
    if (m === null || m === undefined) return null;
    const d = moneda === null ? null : conMoneda(m, moneda);
    if (d === null) throw new Error("the schema lets no such amount through");
    return d;
  };
  return {
    id: b.id ?? null,
    ambito: b.partner_id != null ? "PARTNER" : b.brand_id != null ? "MARCA" : "GENERAL",
    ambito_id: b.partner_id ?? b.brand_id ?? null,
    event_type: b.event_type.toUpperCase(),
    moneda,
    formula: formula(b, monto),
    minimo: monto(b.comision_minima),
    maximo: monto(b.comision_maxima),
    vigente_desde: b.vigente_desde ?? null,
    vigente_hasta: b.vigente_hasta ?? null,
  };
}

function formula(
  b: TarifaEntradaJson,
  monto: (m: MontoEntrada | null | undefined) => Dinero | null,
): Formula {
  const fijo = monto(b.monto);
  if (b.tipo === "FIXED" && fijo !== null) return { tipo: b.tipo, monto: fijo };
  if (b.tipo === "PERCENTAGE" && b.porcentaje != null) return { tipo: b.tipo, tasa: tasa(b.porcentaje) };
  if (b.tipo === "TIERED" && b.tramos != null) {
    return {
      tipo: b.tipo,
      tramos: b.tramos.map((t) => ({ desde: monto(t.desde)?.unidades ?? 0n, tasa: tasa(t.porcentaje) })),
    };
  }
  throw new Error(`the schema lets no ${b.tipo} through without what it needs`);
}

/** Percent with up to four decimals, in millionths. */
function tasa(porcentaje: string): bigint {
  const [entero = "0", fraccion = ""] = porcentaje.split(".");
  return BigInt(entero + fraccion.padEnd(4, "0"));
}
/** Millionths as percent, without needless zeros. */
function porcentaje(t: bigint): string {
  const unidad = UNIDAD_TASA / 100n;
  const fraccion = (t % unidad).toString().padStart(4, "0").replace(/0+$/, "");
  return `${t / unidad}${fraccion === "" ? "" : `.${fraccion}`}`;
}

export function tarifaJson(t: Tarifa): TarifaJson {
  const { formula: f, moneda } = t;
  return {
    id: t.id,
    ambito: t.ambito,
    partner_id: t.ambito === "PARTNER" ? t.ambito_id : null,
    brand_id: t.ambito === "MARCA" ? t.ambito_id : null,
    event_type: t.event_type,
    tipo: f.tipo,
    moneda,
    porcentaje: f.tipo === "PERCENTAGE" ? porcentaje(f.tasa) : null,
    monto: f.tipo === "FIXED" ? dineroJson(f.monto) : null,
    tramos: f.tipo === "TIERED" && moneda !== null ? tramos(f, moneda) : null,
    comision_minima: t.minimo === null ? null : dineroJson(t.minimo),
    comision_maxima: t.maximo === null ? null : dineroJson(t.maximo),
    vigente_desde: t.vigente_desde,
    vigente_hasta: t.vigente_hasta,
    fecha_creacion: t.ambito === "DEFECTO" ? null : instantText(t.creada),
  };
}
const tramos = (f: Extract<Formula, { tipo: "TIERED" }>, moneda: Moneda) =>
  f.tramos.map((t, i) => {
    const siguiente = f.tramos[i + 1];
    return {
      desde: dineroJson(dinero(t.desde, moneda)),
      hasta: siguiente === undefined ? null : dineroJson(dinero(siguiente.desde, moneda)),
      porcentaje: porcentaje(t.tasa),
    };
  });
