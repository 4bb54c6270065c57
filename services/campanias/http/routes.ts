import type { z } from "@hono/zod-openapi";
import type { EditarCampaniaSchema } from "@alpes/shared/contracts/campanias.ts";
import { etag, ifMatch } from "@alpes/shared/http/etag.ts";
import { both } from "@alpes/shared/http/locale.ts";
import { invalidField } from "@alpes/shared/http/problem.ts";
import { responder } from "@alpes/shared/http/respond.ts";
import { createRouter, type Router } from "@alpes/shared/http/router.ts";
import { stringifyJson } from "@alpes/shared/seedwork/json.ts";
import { serieJson } from "@alpes/shared/contracts/series.ts";
import type { ComandosCampanias, Paso } from "../application/comandos.ts";
import type { ConsultasCampanias } from "../application/consultas.ts";
import type { Edicion } from "../application/edicion.ts";
import type { Entrada } from "../application/entrada.ts";
import type { Vista } from "../application/ports.ts";
import { FALLAS_CAMPANIAS, rechazo, rechazoAlCrear } from "./fallas.ts";
import { campaniaJson, eventoJson, sagaJson } from "./presentar.ts";
import * as rutas from "./rutas.ts";

const { deny, write } = responder(FALLAS_CAMPANIAS);

export interface DepsCampanias {
  readonly comandos: ComandosCampanias;
  readonly consultas: ConsultasCampanias;
}

type Campos = z.output<typeof EditarCampaniaSchema>;
type Descriptivos = Omit<Campos, "id" | "idCampania" | "idCliente" | "estado" | "motivo" | "sin_anticipo">;

/** JSON values go on as text, so that they come back as they were sent. */
const entrada = ({ itinerario, metas, ...resto }: Descriptivos): Entrada => ({
  ...resto,
  itinerario: itinerario === undefined ? undefined : stringifyJson(itinerario),
  metas: metas === undefined ? undefined : metas === null ? null : stringifyJson(metas),
});

function edicion(b: Campos, id: string, completa: boolean): Edicion {
  const { id: dicho, idCampania, idCliente, estado, motivo, sin_anticipo, ...resto } = b;
  const otro = dicho ?? idCampania ?? id;
  if (otro !== id) {
    throw invalidField("id", both("no es el id de la dirección", "is not the id of the address"));
  }
  return {
    entrada: entrada(resto),
    completa,
    idCliente: idCliente ?? null,
    estado: estado ?? null,
    motivo: motivo ?? null,
    sin_anticipo: sin_anticipo ?? false,
  };
}

/** Everything under `/campanias`. */
export function campaniasRoutes({ comandos, consultas }: DepsCampanias): Router {
  const router = createRouter();
  const una = (v: Vista) => ({ status: 200 as const, body: campaniaJson(v), etag: etag(v.version) });

  for (const ruta of [rutas.crear, rutas.crearPorComando]) {
    router.openapi(ruta, (c) => {
      const { id, idCampania: otro, idCliente, ...resto } = c.req.valid("json");
      const idCampania = id ?? otro ?? null;
      return write(c, {
        run: (context) => comandos.crear(context, { idCampania, idCliente, entrada: entrada(resto) }),
        ok: (v) => ({
          status: 202 as const,
          body: { status: "accepted" as const, idCampania: v.id, idCliente, estado: "PENDIENTE" as const },
          location: `/campanias/${encodeURIComponent(v.id)}`,
        }),
        refused: rechazoAlCrear,
      });
    });
  }

  router.openapi(rutas.listar, async (c) => {
    const pedido = c.req.valid("query");
    const f = pedido.filters;
    const r = await consultas.listar(c.var.actor, {
      ...pedido,
      filters: {
        ids: f.ids ?? null,
        estados: f.estado ?? null,
        idCliente: f.idCliente ?? null,
        tipo_campania: f.tipo_campania ?? null,
        desde: f.desde ?? null,
        hasta: f.hasta ?? null,
        search: f.search ?? null,
        aproximada: f.aproximada,
      },
    });
    if (!r.ok) return deny(c, r.error);
    const data = r.value.rows.map(campaniaJson);
    return c.json({ data, pagination: rutas.lista.pagination(pedido, r.value) }, 200);
  });
  router.openapi(rutas.estadisticas, async (c) => {
    const r = await consultas.estadisticas(c.var.actor, c.req.valid("query").idCliente ?? null);
    return r.ok ? c.json(r.value, 200) : deny(c, r.error);
  });

  router.openapi(rutas.serie, async (c) => {
    const r = await consultas.serie(c.var.actor, c.req.valid("query").dias);
    return r.ok ? c.json(serieJson(r.value), 200) : deny(c, r.error);
  });

  router.openapi(rutas.obtener, async (c) => {
    const { id } = c.req.valid("param");
    const { en } = c.req.valid("query");
    const { actor } = c.var;
    const r = await (en === undefined ? consultas.obtener(actor, id) : consultas.enInstante(actor, id, en));
    if (!r.ok) return deny(c, r.error);
    return c.json(campaniaJson(r.value), 200, en === undefined ? { ETag: etag(r.value.version) } : {});
  });
  router.openapi(rutas.eventos, async (c) => {
    const { id } = c.req.valid("param");
    const r = await consultas.eventos(c.var.actor, id);
    if (!r.ok) return deny(c, r.error);
    return c.json({ data: r.value.map((e) => eventoJson(id, e)) }, 200);
  });
  router.openapi(rutas.saga, async (c) => {
    const r = await consultas.saga(c.var.actor, c.req.valid("param").id);
    return r.ok ? c.json(sagaJson(r.value), 200) : deny(c, r.error);
  });

  router.openapi(rutas.reemplazar, (c) => {
    const { id } = c.req.valid("param");
    const cambio = edicion(c.req.valid("json"), id, true);
    const version = ifMatch(c);
    return write(c, { run: (x) => comandos.editar(x, id, cambio, version), ok: una, refused: rechazo });
  });
  router.openapi(rutas.editar, (c) => {
    const { id } = c.req.valid("param");
    const cambio = edicion(c.req.valid("json"), id, false);
    const version = ifMatch(c);
    return write(c, { run: (x) => comandos.editar(x, id, cambio, version), ok: una, refused: rechazo });
  });
  router.openapi(rutas.eliminar, (c) => {
    const { id } = c.req.valid("param");
    const { motivo = null } = c.req.valid("query");
    const version = ifMatch(c);
    return write(c, {
      run: (x) => comandos.eliminar(x, id, motivo, version),
      ok: (v) => ({ status: 204 as const, body: null, etag: etag(v.version) }),
      refused: rechazo,
    });
  });

  router.openapi(rutas.aprobar, (c) => {
    const { id } = c.req.valid("param");
    const { sin_anticipo, motivo } = c.req.valid("json") ?? {};
    const version = ifMatch(c);
    const como = { sin_anticipo: sin_anticipo ?? false, motivo: motivo ?? null };
    return write(c, { run: (x) => comandos.aprobar(x, id, como, version), ok: una, refused: rechazo });
  });
  const PASOS: readonly [Paso, typeof rutas.pausar | typeof rutas.reanudar | typeof rutas.finalizar][] = [
    ["pausar", rutas.pausar],
    ["reanudar", rutas.reanudar],
    ["finalizar", rutas.finalizar],
  ];
  for (const [paso, ruta] of PASOS) {
    router.openapi(ruta, (c) => {
      const { id } = c.req.valid("param");
      const motivo = c.req.valid("json")?.motivo ?? null;
      const version = ifMatch(c);
      return write(c, { run: (x) => comandos.dar(x, id, paso, motivo, version), ok: una, refused: rechazo });
    });
  }
  router.openapi(rutas.cancelar, (c) => {
    const { id } = c.req.valid("param");
    const { motivo } = c.req.valid("json");
    const version = ifMatch(c);
    return write(c, { run: (x) => comandos.cancelar(x, id, motivo, version), ok: una, refused: rechazo });
  });
  return router;
}
