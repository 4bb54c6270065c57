import type { Context } from "hono";
import { dineroJson } from "@alpes/shared/contracts/dinero.ts";
import type { Env } from "@alpes/shared/http/env.ts";
import { both, localeOf, localized } from "@alpes/shared/http/locale.ts";
import { responder } from "@alpes/shared/http/respond.ts";
import type { Router } from "@alpes/shared/http/router.ts";
import { dinero } from "@alpes/shared/seedwork/money.ts";
import type { Page, PageRequest, Position } from "@alpes/shared/seedwork/pages.ts";
import type { Result } from "@alpes/shared/seedwork/result.ts";
import type { ComandosLiquidaciones, Rechazo, Vista } from "../application/liquidaciones.ts";
import type { ConsultasLiquidaciones } from "../application/liquidaciones_consultas.ts";
import { csv } from "./csv.ts";
import { FALLAS_PAGOS } from "./fallas.ts";
import * as ruta from "./rutas_liquidaciones.ts";
import { cambiosJson, exclusionJson, lineaJson, liquidacionJson } from "./vista_liquidacion.ts";

const { refuse, write } = responder(FALLAS_PAGOS);

export interface DepsLiquidaciones {
  readonly comandos: ComandosLiquidaciones;
  readonly consultas: ConsultasLiquidaciones;
}

const CODIGO = {
  prohibido: "prohibido",
  no_existe: "no_encontrado",
  ciclo_desconocido: "ciclo_desconocido",
  corte_fuera_del_ciclo: "validacion",
  paso_invalido: "liquidacion_paso_invalido",
  propia: "liquidacion_propia",
  se_paga_a_si_mismo: "liquidacion_propia",
  otra_liquidacion: "liquidacion_otra",
  otra_huella: "liquidacion_obsoleta",
  obsoleta: "liquidacion_obsoleta",
} as const satisfies Record<Rechazo["tipo"], string>;
type CodigoDe<T extends Rechazo["tipo"]> = (typeof CODIGO)[T];

function rechazo<const X extends Rechazo>(x: X) {
  const codigo: CodigoDe<X["tipo"]> = CODIGO[x.tipo as X["tipo"]];
  return { codigo, detalle: detalle(x), errores: errores(x) };
}
function detalle(x: Rechazo): string | undefined {
  switch (x.tipo) {
    case "paso_invalido":
      return x.desde === x.hacia
        ? both(`Ya está ${x.desde}.`, `It is ${x.desde} already.`)
        : both(`De ${x.desde} no se pasa a ${x.hacia}.`, `There is no step from ${x.desde} to ${x.hacia}.`);
    case "se_paga_a_si_mismo":
      return both("La liquidación le paga a quien la aprueba.", "The run pays whoever approves it.");
    case "propia":
      return both(
        "La aprueba otra persona que quien la calculó.",
        "Somebody else than its author approves it.",
      );
    case "otra_huella":
      return both("La huella no es la de este plan.", "The fingerprint is not this plan's.");
    case "obsoleta":
      return both(`Cambiaron ${x.cambios.length} filas.`, `${x.cambios.length} rows have changed.`);
    case "ciclo_desconocido":
      return both(`No hay ciclo ${x.ciclo}.`, `There is no cycle ${x.ciclo}.`);
    default:
      return undefined;
  }
}
function errores(x: Rechazo) {
  if (x.tipo === "obsoleta") return cambiosJson(x.cambios);
  if (x.tipo !== "corte_fuera_del_ciclo") return [];
  const { inicio, fin } = x;
  return [{
    campo: "corte",
    mensaje: both(`debe estar entre ${inicio} y ${fin}`, `must be from ${inicio} to ${fin}`),
  }];
}

const direccion = (id: string) => `/pagos/liquidaciones/${encodeURIComponent(id)}`;
/** As a step leaves it: what was confirmed in the meantime is shown by GET. */
const recienHecha = ({ liquidacion, version }: Vista) =>
  liquidacionJson({ liquidacion, version, avance: { hechos: 0, ahora: liquidacion.calculada.en } });

export function rutasDeLiquidaciones(router: Router, { comandos, consultas }: DepsLiquidaciones): void {
  router.openapi(ruta.calcular, (c) => {
    const { id = null, ciclo, corte = null, moneda = null } = c.req.valid("json");
    return write(c, {
      run: (context) => comandos.calcular(context, { ciclo, corte, moneda }, id),
      ok: (v) => ({
        status: v.creada ? 201 as const : 200 as const,
        body: recienHecha(v),
        location: direccion(v.liquidacion.id),
      }),
      refused: (x) => rechazo(x),
    });
  });
  router.openapi(ruta.listar, async (c) => {
    const pedido = c.req.valid("query");
    const { ciclo = null, estado = null } = pedido.filters;
    const r = await consultas.listar(c.var.actor, {
      page: pedido.page,
      sort: { ...pedido.sort, by: "calculada" },
      filters: { ciclo, estado },
    });
    if (!r.ok) return refuse(c, "prohibido");
    return c.json({
      data: r.value.rows.map(liquidacionJson),
      pagination: ruta.lista.pagination(pedido, r.value),
    }, 200);
  });
  router.openapi(ruta.obtener, async (c) => {
    const r = await consultas.obtener(c.var.actor, c.req.valid("param").id);
    if (!r.ok) return refuse(c, r.error.tipo === "prohibido" ? "prohibido" : "no_encontrado");
    const salen = r.value.salientes.map(({ partner_id, moneda, monto }) => ({
      partner_id,
      monto: dineroJson(dinero(monto, moneda)),
    }));
    return c.json({ ...liquidacionJson(r.value), salen }, 200);
  });
  router.openapi(ruta.lineas, async (c) => {
    const pedido = c.req.valid("query");
    const { id } = c.req.valid("param");
    const { partner_id = null, moneda = null } = pedido.filters;
    const leer = (page: PageRequest) =>
      consultas.lineas(c.var.actor, id, { page, sort: pedido.sort, filters: { partner_id, moneda } });
    if (quiereCsv(c)) {
      const filas = await todas(leer);
      if (!filas.ok) return refuse(c, filas.error.tipo === "prohibido" ? "prohibido" : "no_encontrado");
      return c.body(csv(filas.value.map((f) => plana({ ...lineaJson(f) }))), 200, CSV);
    }
    const r = await leer(pedido.page);
    if (!r.ok) return refuse(c, r.error.tipo === "prohibido" ? "prohibido" : "no_encontrado");
    return c.json({
      data: r.value.rows.map(lineaJson),
      pagination: ruta.listaLineas.pagination(pedido, r.value),
    }, 200);
  });
  router.openapi(ruta.exclusiones, async (c) => {
    const pedido = c.req.valid("query");
    const { id } = c.req.valid("param");
    const { partner_id = null, moneda = null, motivo = null } = pedido.filters;
    const decir = (t: string) => localized(t, localeOf(c.req.header("accept-language")));
    const leer = (page: PageRequest) =>
      consultas.exclusiones(c.var.actor, id, {
        page,
        sort: pedido.sort,
        filters: { partner_id, moneda, motivo },
      });
    if (quiereCsv(c)) {
      const filas = await todas(leer);
      if (!filas.ok) return refuse(c, filas.error.tipo === "prohibido" ? "prohibido" : "no_encontrado");
      return c.body(csv(filas.value.map((x) => plana({ ...exclusionJson(x, decir) }))), 200, CSV);
    }
    const r = await leer(pedido.page);
    if (!r.ok) return refuse(c, r.error.tipo === "prohibido" ? "prohibido" : "no_encontrado");
    return c.json({
      data: r.value.rows.map((x) => exclusionJson(x, decir)),
      pagination: ruta.listaExclusiones.pagination(pedido, r.value),
    }, 200);
  });
  router.openapi(ruta.aprobar, (c) => {
    const { id } = c.req.valid("param");
    return write(c, {
      run: (context) => comandos.aprobar(context, id),
      ok: (v) => ({ status: 200 as const, body: recienHecha(v) }),
      refused: (x) => rechazo(x),
    });
  });
  router.openapi(ruta.descartar, (c) => {
    const { id } = c.req.valid("param");
    const { motivo } = c.req.valid("json");
    return write(c, {
      run: (context) => comandos.descartar(context, id, motivo),
      ok: (v) => ({ status: 200 as const, body: recienHecha(v) }),
      refused: (x) => rechazo(x),
    });
  });
  router.openapi(ruta.aplicar, (c) => {
    const { id } = c.req.valid("param");
    const huella = c.req.valid("json")?.huella ?? null;
    return write(c, {
      run: (context) => comandos.aplicar(context, id, huella),
      ok: ({ liquidacion: l }) => ({
        status: 202 as const,
        body: { id: l.id, estado: l.estado, huella: l.huella },
        location: direccion(l.id),
      }),
      refused: (x) => rechazo(x),
    });
  });
}

const CSV = { "Content-Type": "text/csv; charset=utf-8" };
const quiereCsv = (c: Context<Env>): boolean => /text\/csv/i.test(c.req.header("accept") ?? "");

/** Every row, read by keyset, so that a table of any length costs the same a row. */
async function todas<T, X>(
  leer: (page: PageRequest) => Promise<Result<Page<T>, X>>,
): Promise<Result<readonly T[], X>> {
  const filas: T[] = [];
  let after: Position | null = null;
  do {
    const r: Result<Page<T>, X> = await leer({ mode: "cursor", after, limit: 1_000 });
    if (!r.ok) return r;
    filas.push(...r.value.rows);
    after = r.value.mode === "cursor" ? r.value.next : null;
  } while (after !== null);
  return { ok: true, value: filas };
}

/** One level: `monto` becomes `monto` and `moneda` becomes a column of its own. */
function plana(fila: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const columnas: Record<string, unknown> = {};
  for (const [k, v] of Object.entries(fila)) {
    if (typeof v !== "object" || v === null) columnas[k] = v;
    else if ("valor" in v && "moneda" in v) {
      columnas[k] = v.valor;
      columnas.moneda ??= v.moneda;
    } else for (const [s, x] of Object.entries(v)) columnas[`${k}_${s}`] = x;
  }
  return columnas;
}
