import { sha256 } from "@alpes/shared/http/idempotency.ts";
import { responder } from "@alpes/shared/http/respond.ts";
import { createRouter, type Router } from "@alpes/shared/http/router.ts";
import { instantText } from "@alpes/shared/http/time.ts";
import type { Env } from "@alpes/shared/http/env.ts";
import type { Context } from "hono";
import type { PayoutJson } from "@alpes/shared/contracts/pagos.ts";
import type { CrearPagoEntradaJson } from "@alpes/shared/contracts/pagos_entrada.ts";
import type { FiltrosPagosJson } from "@alpes/shared/contracts/pagos_filtros.ts";
import { seriePagosJson } from "@alpes/shared/contracts/series.ts";
import type { ComandosPagos } from "../application/comandos.ts";
import type { Aceptado } from "../application/pedir_partner.ts";
import type { ConsultasPagos } from "../application/consultas.ts";
import type { ConsultasLibro } from "../application/libro.ts";
import type { FiltroPagos } from "../application/ports.ts";
import { FALLAS_PAGOS } from "./fallas.ts";
import { entradaDeTransaccion, pedidoDeCrear, pedidoDePagar } from "./pedidos.ts";
import { rechazo, rechazoDeLote } from "./rechazo.ts";
import { type DepsLiquidaciones, rutasDeLiquidaciones } from "./routes_liquidaciones.ts";
import { rutasDelLibro } from "./rutas_libro.ts";
import { rutasDeCondiciones } from "./rutas_condiciones.ts";
import { rutasDeImportaciones } from "./rutas_importaciones.ts";
import { rutasDeTarifas } from "./rutas_tarifas.ts";
import * as ruta from "./rutas.ts";
import { agregaciones, cicloJson, estadisticas, payoutJson, transaccionJson } from "./vista.ts";

const { deny, write } = responder(FALLAS_PAGOS);

export interface DepsPagos {
  readonly comandos: ComandosPagos;
  readonly consultas: ConsultasPagos;
}

const direccion = (id: string) => `/pagos/${encodeURIComponent(id)}`;
const aceptado = ({ id, estado }: Aceptado) => ({
  status: 202 as const,
  body: { id, estado },
  location: direccion(id),
});

const crear = (c: Context<Env>, comandos: ComandosPagos, b: CrearPagoEntradaJson) =>
  write(c, {
    run: (context) => comandos.pagarCampania(context, pedidoDeCrear(b)),
    ok: ({ id }) => ({
      status: 202 as const,
      body: { status: "accepted" as const, id },
      location: direccion(id),
    }),
    refused: (x) => rechazo(x),
  });

/** Lines change without their payment (a refund marks one), so its tag names their state too. */
async function etiqueta(p: PayoutJson): Promise<string> {
  const lineas = p.transacciones.map((t) => `${t.id} ${t.estado} ${t.payout_id}`).join("\n");
  return `"v${p.version}${lineas === "" ? "" : `-${(await sha256(lineas)).slice(0, 12)}`}"`;
}

/** Everything under `/pagos`. */
export function pagosRoutes(
  { comandos, consultas, liquidaciones, libro }: DepsPagos & {
    readonly libro: ConsultasLibro;
    readonly liquidaciones: DepsLiquidaciones;
  },
): Router {
  const router = createRouter();

  router.openapi(ruta.pagar, (c) => {
    const pedido = pedidoDePagar(c.req.valid("json"));
    return write(c, {
      run: (context) =>
        pedido.para === "campania"
          ? comandos.pagarCampania(context, pedido.pedido)
          : comandos.pagarPartner(context, pedido.pedido),
      ok: aceptado,
      refused: (x) => rechazo(x, pedido.para === "campania" ? "monto" : "total_amount"),
    });
  });
  router.openapi(ruta.crear, (c) => crear(c, comandos, c.req.valid("json")));

  router.openapi(ruta.listar, async (c) => {
    const pedido = c.req.valid("query");
    const filters = filtro(pedido.filters);
    const { actor } = c.var;
    const [page, sumas] = await Promise.all([
      consultas.listar(actor, { ...pedido, filters }),
      consultas.sumas(actor, filters),
    ]);
    if (!page.ok) return deny(c, page.error);
    if (!sumas.ok) return deny(c, sumas.error);
    return c.json({
      data: page.value.rows.map(payoutJson),
      pagination: ruta.lista.pagination(pedido, page.value),
      agregaciones: agregaciones(sumas.value),
    }, 200);
  });
  router.openapi(ruta.estadisticas, async (c) => {
    const r = await consultas.sumas(c.var.actor, filtro(c.req.valid("query")));
    return r.ok ? c.json(estadisticas(r.value), 200) : deny(c, r.error);
  });
  router.openapi(ruta.serie, async (c) => {
    const r = await consultas.serie(c.var.actor, c.req.valid("query").dias);
    return r.ok ? c.json(seriePagosJson(r.value), 200) : deny(c, r.error);
  });

  rutasDeImportaciones(router, comandos);
  rutasDeTransacciones(router, { comandos, consultas });
  rutasDeTarifas(router, { comandos, consultas });
  rutasDeCondiciones(router, { comandos, consultas });
  rutasDeLiquidaciones(router, liquidaciones);
  rutasDelLibro(router, libro);

  router.openapi(ruta.obtener, async (c) => {
    const r = await consultas.obtener(c.var.actor, c.req.valid("param").id);
    if (!r.ok) return deny(c, r.error);
    const body = payoutJson(r.value);
    return c.json(body, 200, { ETag: await etiqueta(body) });
  });
  router.openapi(ruta.historial, async (c) => {
    const r = await consultas.historial(c.var.actor, c.req.valid("param").id);
    if (!r.ok) return deny(c, r.error);
    return c.json({ data: r.value.map((f) => ({ ...f, fecha: instantText(f.fecha) })) }, 200);
  });
  router.openapi(ruta.revertir, (c) => {
    const { id } = c.req.valid("param");
    const { motivo } = c.req.valid("json");
    return write(c, {
      run: (context) => comandos.revertir(context, id, motivo),
      ok: aceptado,
      refused: (x) => rechazo(x),
    });
  });
  return router;
}

/** The other name that `POST /pagos/comandos/crear` has where pagos has the process for itself. */
export function aliasRoutes(comandos: ComandosPagos): Router {
  const router = createRouter();
  router.openapi(
    { ...ruta.crear, operationId: "crearPagoAlias" },
    (c) => crear(c, comandos, c.req.valid("json")),
  );
  return router;
}

function rutasDeTransacciones(
  router: Router,
  { comandos, consultas }: DepsPagos,
): void {
  router.openapi(ruta.registrarTransacciones, (c) => {
    const b = c.req.valid("json");
    const suelta = !("transacciones" in b);
    const entradas = (suelta ? [b] : b.transacciones).map(entradaDeTransaccion);
    return write(c, {
      run: (context) => comandos.registrarTransacciones(context, entradas),
      ok: ({ transacciones, creadas }) => {
        const data = transacciones.map(transaccionJson);
        const [primera] = data;
        return {
          status: creadas > 0 ? 201 as const : 200 as const,
          body: suelta && primera !== undefined ? primera : { transacciones: data, creadas },
        };
      },
      refused: (x) => x.tipo === "prohibido" ? rechazo(x) : rechazoDeLote(x.rechazos, suelta),
    });
  });
  router.openapi(ruta.listarTransacciones, async (c) => {
    const pedido = c.req.valid("query");
    const { fecha_desde: desde = null, fecha_hasta: hasta = null, ...f } = pedido.filters;
    const r = await consultas.transacciones(c.var.actor, {
      ...pedido,
      filters: {
        partner_id: f.partner_id ?? null,
        idCampania: f.idCampania ?? null,
        brand_id: f.brand_id ?? null,
        event_type: f.event_type?.toUpperCase() ?? null,
        estado: f.estado ?? null,
        payout_id: f.payout_id ?? null,
        desde,
        hasta,
      },
    });
    if (!r.ok) return deny(c, r.error);
    return c.json({
      data: r.value.rows.map(transaccionJson),
      pagination: ruta.listaTransacciones.pagination(pedido, r.value),
    }, 200);
  });
  router.openapi(ruta.reembolsar, (c) => {
    const { id } = c.req.valid("param");
    const motivo = c.req.valid("json")?.motivo ?? null;
    return write(c, {
      run: (context) => comandos.reembolsar(context, id, motivo),
      ok: (t) => ({ status: 200 as const, body: transaccionJson(t) }),
      refused: (x) => rechazo(x),
    });
  });
  router.openapi(ruta.registrarCiclo, (c) => {
    const { id = null, inicio, fin, estado } = c.req.valid("json");
    return write(c, {
      run: (context) => comandos.registrarCiclo(context, { id, inicio, fin, estado: estado ?? "ABIERTO" }),
      ok: ({ ciclo, creado }) => ({ status: creado ? 201 as const : 200 as const, body: cicloJson(ciclo) }),
      refused: (x) => rechazo(x),
    });
  });
  router.openapi(ruta.listarCiclos, async (c) => {
    const pedido = c.req.valid("query");
    const r = await consultas.ciclos(c.var.actor, pedido);
    if (!r.ok) return deny(c, r.error);
    const data = r.value.rows.map(cicloJson);
    return c.json({ data, pagination: ruta.listaCiclos.pagination(pedido, r.value) }, 200);
  });
}

/** What was not asked for filters nothing. */
function filtro(f: FiltrosPagosJson): FiltroPagos {
  return {
    partner_id: f.partner_id ?? null,
    cycle_id: f.cycle_id ?? null,
    idCampania: f.idCampania ?? null,
    estado: f.estado ?? null,
    tipo: f.tipo ?? null,
    moneda: f.moneda ?? null,
    desde: f.fecha_desde ?? null,
    hasta: f.fecha_hasta ?? null,
    monto_min: f.monto_min ?? null,
    monto_max: f.monto_max ?? null,
    search: f.search ?? null,
    aproximada: f.aproximada,
  };
}
