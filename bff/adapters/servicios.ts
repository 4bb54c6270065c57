import { z } from "@hono/zod-openapi";
import {
  CampaniaAceptadaSchema,
  CampaniaSchema,
  EstadisticasCampaniasSchema,
} from "@alpes/shared/contracts/campanias.ts";
import { ClienteSchema, EstadisticasClientesSchema } from "@alpes/shared/contracts/cliente.ts";
import {
  AgregacionSchema,
  EstadisticasPagosSchema,
  HistorialPagoSchema,
  PagoAceptadoSchema,
  PayoutSchema,
} from "@alpes/shared/contracts/pagos.ts";
import { SeriePagosSchema, SerieSchema } from "@alpes/shared/contracts/series.ts";
import { AuditoriaSchema } from "@alpes/shared/contracts/seguridad.ts";
import { listSchema } from "@alpes/shared/http/pagination.ts";
import { err, ok } from "@alpes/shared/seedwork/result.ts";
import type { Cache } from "../cache.ts";
import type {
  Campanias,
  Clientes,
  Envio,
  Escrito,
  Hallados,
  Lectura,
  Leido,
  Llamada,
  Negativa,
  Operacion,
  Pagos,
  Servicio,
} from "../ports.ts";
import { type Peticion, rutaDe, type Servidor } from "./http.ts";

const conRelevancia = { relevancia: z.number().min(0).max(1) };
const hallados = <S extends z.ZodType>(fila: S) => z.object({ data: z.array(fila) });
const PaginaClientes = listSchema(ClienteSchema);
const PaginaPagos = listSchema(PayoutSchema).extend({ agregaciones: z.array(AgregacionSchema) });
const PaginaCampanias = listSchema(CampaniaSchema);
const ClientesHallados = hallados(ClienteSchema.extend(conRelevancia));
const PagosHallados = hallados(PayoutSchema.extend(conRelevancia));
const CampaniasHalladas = hallados(CampaniaSchema.extend(conRelevancia));
// A projection is known by its name.
const Vista = z.object({
  data: z.array(
    z.looseObject({ id: z.string().optional(), nombre: z.string().optional() }).transform((fila, ctx) => {
      const id = fila.id ?? fila.nombre;
      if (id === undefined) ctx.addIssue({ code: "custom", message: "a row without an id", path: ["id"] });
      return { ...fila, id: id ?? "" };
    }),
  ),
  pagination: z.object({ next_cursor: z.string().nullable() }).optional(),
});

const serieDe = (s: Servicio, dias: number): Peticion => ({
  ruta: `/${s}/estadisticas/series`,
  consulta: { dias },
});

/** A failed load on its way through the cache, which keeps none. */
class NoLeido extends Error {
  constructor(readonly negativa: Negativa) {
    super(negativa.tipo);
  }
}

export interface Roles {
  readonly clientes: Clientes;
  readonly pagos: Pagos;
  readonly campanias: Campanias;
  readonly operacion: Operacion;
}

/** The roles over the three services' HTTP, reads through the cache. `plazoMs`: how long one load may take. */
export function httpRoles(
  servidores: Readonly<Record<Servicio, Servidor>>,
  cache: Cache,
  plazoMs: number,
): Roles {
  const { cliente, pagos, campanias } = servidores;

  // A load may be shared, so it has a deadline of its own; each caller waits only as long as he can.
  async function leer<T>(s: Servidor, peticion: Peticion, esquema: z.ZodType<T>, l: Llamada): Leido<T> {
    const carga = cache.leer<Lectura<T>>(l.llamador, s.servicio, rutaDe(peticion), async () => {
      const r = await s.leer(peticion, esquema, { ...l, plazo: performance.now() + plazoMs });
      if (!r.ok) throw new NoLeido(r.error);
      return { valor: r.value, bytes: r.value.bytes };
    }, l.testigo).then(ok, (e: unknown) => {
      if (e instanceof NoLeido) return err(e.negativa);
      throw e;
    });
    const r = await antesDe(l.plazo, carga, err({ tipo: "plazo", servicio: s.servicio }));
    if (!r.ok && l.testigo !== undefined) l.testigo.entero = false;
    return r;
  }
  // Whatever became of a write, what was read before it no longer counts.
  async function enviar<T>(
    s: Servidor,
    ruta: string,
    e: Envio,
    esquema: z.ZodType<T>,
    l: Llamada,
  ): Escrito<T> {
    try {
      return await s.enviar(ruta, e.cuerpo, e.cabeceras, esquema, l);
    } finally {
      cache.escribio(l.llamador);
    }
  }
  async function buscar<T>(
    s: Servidor,
    esquema: z.ZodType<{ data: Hallados<T> }>,
    texto: string,
    limite: number,
    l: Llamada,
  ): Leido<Hallados<T>> {
    const consulta = { search: texto, aproximada: "true", per_page: limite };
    const r = await leer(s, { ruta: `/${s.servicio}`, consulta }, esquema, l);
    return r.ok ? ok({ ...r.value, valor: r.value.valor.data }) : r;
  }

  return {
    clientes: {
      lista: (consulta, l) => leer(cliente, { ruta: "/cliente", consulta }, PaginaClientes, l),
      buscar: (texto, limite, l) => buscar(cliente, ClientesHallados, texto, limite, l),
      uno: (id, l) => leer(cliente, { ruta: `/cliente/${id}` }, ClienteSchema, l),
      estadisticas: (l) => leer(cliente, { ruta: "/cliente/estadisticas" }, EstadisticasClientesSchema, l),
      serie: (dias, l) => leer(cliente, serieDe("cliente", dias), SerieSchema, l),
      async nombres(ids, l) {
        const consulta = { ids: [...new Set(ids)].sort().join(","), per_page: 100 };
        const r = await leer(cliente, { ruta: "/cliente", consulta }, PaginaClientes, l);
        return r.ok ? ok({ ...r.value, valor: new Map(r.value.valor.data.map((c) => [c.id, c.nombre])) }) : r;
      },
      registrar: (e, l) => enviar(cliente, "/cliente/registrar", e, ClienteSchema, l),
    },
    pagos: {
      lista: (consulta, l) => leer(pagos, { ruta: "/pagos", consulta }, PaginaPagos, l),
      buscar: (texto, limite, l) => buscar(pagos, PagosHallados, texto, limite, l),
      uno: (id, l) => leer(pagos, { ruta: `/pagos/${id}` }, PayoutSchema, l),
      historial: (id, l) => leer(pagos, { ruta: `/pagos/${id}/historial` }, HistorialPagoSchema, l),
      estadisticas: (consulta, l) =>
        leer(pagos, { ruta: "/pagos/estadisticas", consulta }, EstadisticasPagosSchema, l),
      serie: (dias, l) => leer(pagos, serieDe("pagos", dias), SeriePagosSchema, l),
      pagar: (e, l) => enviar(pagos, "/pagos/pagar", e, PagoAceptadoSchema, l),
    },
    campanias: {
      lista: (consulta, l) => leer(campanias, { ruta: "/campanias", consulta }, PaginaCampanias, l),
      buscar: (texto, limite, l) => buscar(campanias, CampaniasHalladas, texto, limite, l),
      uno: (id, l) => leer(campanias, { ruta: `/campanias/${id}` }, CampaniaSchema, l),
      estadisticas: (l) =>
        leer(campanias, { ruta: "/campanias/estadisticas" }, EstadisticasCampaniasSchema, l),
      serie: (dias, l) => leer(campanias, serieDe("campanias", dias), SerieSchema, l),
      crear: (e, l) => enviar(campanias, "/campanias/crear", e, CampaniaAceptadaSchema, l),
    },
    operacion: {
      async vista(servicio, vista, consulta, l) {
        const r = await servidores[servicio].leer(
          { ruta: `/${servicio}/operacion/${vista}`, consulta },
          Vista,
          l,
        );
        if (r.ok) {
          const { data: filas, pagination } = r.value.valor;
          return ok({ ...r.value, valor: { filas, siguiente: pagination?.next_cursor ?? null } });
        }
        const carece = r.error.tipo === "rechazo" && r.error.status === 404;
        return carece ? ok({ valor: { filas: [], siguiente: null }, leido_en: new Date(), bytes: 0 }) : r;
      },
      async auditoria(servicio, consulta, l) {
        const peticion = { ruta: `/${servicio}/operacion/auditoria`, consulta };
        const r = await servidores[servicio].leer(peticion, AuditoriaSchema, l);
        if (!r.ok) return r;
        const { data: filas, pagination } = r.value.valor;
        return ok({ ...r.value, valor: { filas, siguiente: pagination.next_cursor } });
      },
      ordenar: (servicio, vista, id, orden, e, l) =>
        enviar(
          servidores[servicio],
          `/${servicio}/operacion/${vista}/${id}/${orden}`,
          e,
          z.record(z.string(), z.unknown()),
          l,
        ),
    },
  };
}

/** What the promise gives, or `tarde` once `plazo` (of `performance.now()`) has passed. */
async function antesDe<T>(plazo: number, promesa: Promise<T>, tarde: T): Promise<T> {
  let reloj: ReturnType<typeof setTimeout> | undefined;
  const vencido = new Promise<T>((resolve) => {
    reloj = setTimeout(() => resolve(tarde), Math.max(0, plazo - performance.now()));
  });
  try {
    return await Promise.race([promesa, vencido]);
  } finally {
    clearTimeout(reloj);
  }
}
