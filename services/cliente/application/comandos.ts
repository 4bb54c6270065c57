import { type Accion, type Denegado, denegado, permitido, PROHIBIDO } from "@alpes/shared/seedwork/policy.ts";
import { err, ok, type Result } from "@alpes/shared/seedwork/result.ts";
import type { Changes, Decision, Outgoing, RequestContext } from "@alpes/shared/seedwork/unit_of_work.ts";
import {
  type AccionCampania,
  Cliente,
  type Comando,
  completar,
  type Evento,
  type Ficha,
  type Rechazo as RechazoDominio,
} from "../domain/cliente.ts";
import type { Escrituras, Estados, Rastros, Unico, UnidadCliente, Vista } from "./ports.ts";

type Duplicado = { readonly tipo: "duplicado"; readonly campos: readonly Unico[] };
/** A registration meets neither a missing cliente nor a state that forbids it. */
export type RechazoRegistro =
  | Extract<RechazoDominio, { tipo: "otro_registro" | "nacimiento_futuro" | "faltan_papeles" }>
  | Duplicado
  | typeof PROHIBIDO;
export type Rechazo = RechazoDominio | Duplicado | Denegado | {
  readonly tipo: "version_obsoleta";
  readonly actual: number;
};

const deRegistro = (x: RechazoDominio): x is Exclude<RechazoRegistro, Duplicado | typeof PROHIBIDO> =>
  x.tipo === "otro_registro" || x.tipo === "nacimiento_futuro" || x.tipo === "faltan_papeles";

/** `creado`: this call made it; a harmless repeat did not. */
export interface Guardado {
  readonly cliente: Vista;
  readonly creado: boolean;
}

export type ComandosCliente = ReturnType<typeof comandosCliente>;

/** The writes of the module. `huella` is a fingerprint of the request's body; `esperada` the version of an If-Match. */
export function comandosCliente(uow: UnidadCliente) {
  async function decidirUno(
    context: RequestContext,
    id: string,
    comando: Comando,
    esperada: number | null,
    accion: Accion = "cliente.decidir",
  ): Promise<Result<Vista, Rechazo>> {
    const no = denegado(context.actor, accion, id);
    if (no !== null) return err(no);
    return await uow.ejecutar(
      context,
      { cliente: id, unicos: null, pago: null },
      (e): Decision<Vista, Escrituras, Rechazo> => obsoleta(e, esperada) ?? aplicar(id, comando, e),
    );
  }

  return {
    registrar(
      context: RequestContext,
      id: string,
      ficha: Ficha,
      huella: string,
    ): Promise<Result<Guardado, RechazoRegistro>> {
      if (permitido(context.actor, "cliente.registrar", []) !== "si") return Promise.resolve(err(PROHIBIDO));
      const completa = completar(ficha);
      if (!completa.ok) return Promise.resolve(completa);
      const datos = completa.value;
      return uow.ejecutar(context, { cliente: id, unicos: unicos(datos), pago: null }, (e, ahora) => {
        const nuevo = e.cliente.estado.estado === "inexistente";
        if (nuevo && e.ocupados.length > 0) {
          return err<RechazoRegistro>({ tipo: "duplicado", campos: e.ocupados });
        }
        const comando: Comando = { tipo: "registrar", datos, huella, pagos: e.pagos, en: ahora };
        const r = aplicar(id, comando, e);
        if (r.ok) return ok({ ...r.value, value: { cliente: r.value.value, creado: nuevo } });
        if (deRegistro(r.error)) return err(r.error);
        throw new Error(`a registration was refused for ${r.error.tipo}`);
      });
    },

    /** `cambiar` gives the new data from those that stand, so that PUT and PATCH are one. */
    actualizar(
      context: RequestContext,
      id: string,
      cambiar: (antes: Ficha) => Ficha,
      pedidos: Readonly<Record<Unico, string | null>>,
      esperada: number | null,
    ): Promise<Result<Vista, Rechazo>> {
      const no = denegado(context.actor, "cliente.editar", id);
      if (no !== null) return Promise.resolve(err(no));
      return uow.ejecutar(context, { cliente: id, unicos: pedidos, pago: null }, (e, ahora) => {
        const { estado } = e.cliente;
        if (estado.estado === "inexistente") return err<Rechazo>({ tipo: "no_existe" });
        if (estado.estado === "BORRADO") return err<Rechazo>({ tipo: "borrado" });
        const vieja = obsoleta(e, esperada);
        if (vieja !== null) return vieja;
        const completa = completar(cambiar(estado.datos));
        if (!completa.ok) return completa;
        if (e.ocupados.length > 0) return err<Rechazo>({ tipo: "duplicado", campos: e.ocupados });
        const hoy = ahora.toISOString().slice(0, 10);
        return aplicar(id, { tipo: "actualizar", datos: completa.value, hoy }, e);
      });
    },

    suspender: (context: RequestContext, id: string, motivo: string, esperada: number | null) =>
      decidirUno(context, id, { tipo: "suspender", motivo }, esperada),
    reactivar: (context: RequestContext, id: string, motivo: string | null, esperada: number | null) =>
      decidirUno(context, id, { tipo: "reactivar", motivo }, esperada),
    desactivar: (context: RequestContext, id: string, motivo: string, esperada: number | null) =>
      decidirUno(context, id, { tipo: "desactivar", motivo }, esperada),

    /** Erases what is known of the person, for good; `azar` is a name that leads nowhere. */
    borrarDatos: (context: RequestContext, id: string, motivo: string, azar: string) =>
      uow.ejecutar(context, { cliente: id, unicos: null, pago: null }, (e, ahora) => {
        const seudonimo = { email: `borrado-${azar}@borrado.invalid`, en: ahora };
        const comando: Comando = { tipo: "borrar_datos", motivo, seudonimo, huella: `borrado ${azar}` };
        return aplicar(id, comando, e);
      }),

    /** What the saga tells about a campaign of this cliente; an unknown one is a no-op that is recorded as handled. */
    anotarCampania: (context: RequestContext, id: string, accion: AccionCampania) =>
      decidirUno(context, id, { tipo: "anotar_campania", accion }, null, "cliente.anotar"),

    /** A payment that stands (`fecha`), or was given back (`null`); kept also for who is not registered yet. */
    anotarPago(
      context: RequestContext,
      id: string,
      id_pago: string,
      fecha: Date | null,
    ): Promise<Result<null, RechazoDominio | Denegado>> {
      const no = denegado(context.actor, "cliente.anotar", id);
      if (no !== null) return Promise.resolve(err(no));
      return uow.ejecutar(context, { cliente: id, unicos: null, pago: id_pago }, (e) => {
        if (e.pago.vigente === (fecha !== null)) return ok({ value: null, changes: null });
        const otros = e.pago.ultimoDeOtros;
        const pagos = fecha === null
          ? { total: e.pagos.total - 1, ultimo: otros }
          : { total: e.pagos.total + 1, ultimo: otros !== null && otros > fecha ? otros : fecha };
        const pago = { id_cliente: id, id_pago, fecha };
        const vacio: Changes<Escrituras> = {
          writes: { cliente: null, pago, borrar: null },
          messages: [],
          feed: [],
        };
        if (e.cliente.estado.estado === "inexistente") return ok({ value: null, changes: vacio });
        const r = aplicar(id, { tipo: "anotar_pagos", pagos }, e);
        if (!r.ok) return r;
        const { changes } = r.value;
        return ok({
          value: null,
          changes: changes === null ? vacio : { ...changes, writes: { ...changes.writes, pago } },
        });
      });
    },
  };
}

export const unicos = (
  d: { readonly [U in Unico]?: string | null | undefined },
): Readonly<Record<Unico, string | null>> => ({
  email: d.email ?? null,
  cedula: d.cedula ?? null,
  rut: d.rut ?? null,
  referencia_externa: d.referencia_externa ?? null,
});

/** A version that was expected and is no longer the current one. */
const obsoleta = ({ cliente: { version } }: Estados, esperada: number | null) =>
  esperada !== null && version > 0 && esperada !== version
    ? err<Rechazo>({ tipo: "version_obsoleta", actual: version })
    : null;

/** Decides on one cliente and says everything that follows: state, history, messages and feed. */
function aplicar(
  id: string,
  comando: Comando,
  { cliente: { estado, version } }: Estados,
): Decision<Vista, Escrituras, RechazoDominio> {
  const r = Cliente.decide(comando, estado);
  if (!r.ok) return r;
  const nuevo = r.value.reduce(Cliente.evolve, estado);
  if (nuevo.estado === "inexistente") return err({ tipo: "no_existe" });
  const evento = r.value[0];
  if (evento === undefined) return ok({ value: vista(id, nuevo, version), changes: null });
  const v = vista(id, nuevo, version + 1);
  return ok({
    value: v,
    changes: {
      writes: {
        cliente: { id, estado: nuevo, anterior: version, historial: historial(evento) },
        pago: null,
        borrar: evento.tipo === "DatosBorrados" ? rastros(v) : null,
      },
      messages: mensajes(evento, v),
      feed: [{ tipo: "cliente", id, version: version + 1 }],
    },
  });
}

export const vista = (
  id: string,
  c: Exclude<Cliente, { estado: "inexistente" }>,
  version: number,
): Vista => ({
  id,
  ...(c.estado === "BORRADO"
    ? { ...NADIE, tipo_cliente: c.tipo_cliente, email: c.seudonimo.email }
    : c.datos),
  estado: c.estado === "BORRADO" ? "INACTIVO" : c.estado,
  fecha_registro: c.fecha_registro,
  total_pagos: c.pagos.total,
  ultimo_pago: c.pagos.ultimo,
  version,
});

/** What is told of somebody of whom nothing is known any more. */
const NADIE = {
  nombre: "(datos borrados)",
  cedula: null,
  rut: null,
  fecha_nacimiento: null,
  telefono: null,
  ciudad: null,
  pais: null,
  referencia_externa: null,
} as const;

/** For a cliente whose data is erased. */
export const rastros = ({ id, tipo_cliente, email }: Vista): Rastros => ({
  id,
  publico: { ...NADIE, tipo_cliente, email },
});

function historial(e: Evento): { accion: string; motivo: string | null } | null {
  switch (e.tipo) {
    case "PagosAnotados":
      return null;
    case "CampaniaAnotada":
      return { accion: e.accion, motivo: null };
    case "ClienteRegistrado":
    case "ClienteActualizado":
      return { accion: e.tipo, motivo: null };
    case "ClienteSuspendido":
    case "ClienteReactivado":
    case "ClienteDesactivado":
    case "DatosBorrados":
      return { accion: e.tipo, motivo: e.motivo };
  }
}

/** Payments are pagos' own news: their projection here is told by the feed alone. */
function mensajes(e: Evento, v: Vista): Outgoing[] {
  if (e.tipo === "PagosAnotados") return [];
  return [{
    topic: "eventos.cliente",
    type: e.tipo === "ClienteRegistrado" ? "ClienteRegistrado.v1" : "ClienteActualizado.v1",
    aggregate_type: "Cliente",
    aggregate_id: v.id,
    aggregate_version: v.version,
    data: {
      ...v,
      fecha_registro: v.fecha_registro.toISOString(),
      ultimo_pago: v.ultimo_pago?.toISOString() ?? null,
    },
  }];
}
