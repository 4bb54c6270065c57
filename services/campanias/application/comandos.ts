import { actorName } from "@alpes/shared/seedwork/actor.ts";
import type { NewId } from "@alpes/shared/seedwork/ids.ts";
import type { Dinero } from "@alpes/shared/seedwork/money.ts";
import { type Accion, alcance, denegado, permitido, PROHIBIDO } from "@alpes/shared/seedwork/policy.ts";
import { err, ok, type Result } from "@alpes/shared/seedwork/result.ts";
import type { Decision, RequestContext } from "@alpes/shared/seedwork/unit_of_work.ts";
import type { Comando } from "../domain/comandos.ts";
import type { Existente } from "../domain/estado.ts";
import { type Avance, type Hecho, ordenar, suceder } from "../domain/proceso.ts";
import type { Entorno } from "../domain/saga.ts";
import { type Edicion, editar, motivoPorDefecto, quieto, type Rechazo } from "./edicion.ts";
import { datosDeEntrada, type Entrada } from "./entrada.ts";
import type { Escrituras, Estados, UnidadCampanias, Vencida, Vista } from "./ports.ts";
import { inexistente, publicacion } from "./publicacion.ts";
import { vista } from "./vista.ts";

export interface Puertos {
  readonly uow: UnidadCampanias;
  readonly newId: NewId;
  /** `SAGA_PLAZO` in milliseconds. */
  readonly plazo: number;
}

export interface Creacion {
  /** `null`: one is made. */
  readonly idCampania: string | null;
  readonly idCliente: string;
  readonly entrada: Entrada;
}

export type Paso = "pausar" | "reanudar" | "finalizar";
type Respuesta = Promise<Result<Vista, Rechazo>>;
type Decidir = (antes: Estados, e: Entorno) => Result<Avance, Rechazo>;
/** The operator's decisions; what messages and deadlines do. */
const DECIDIR = "campanias.decidir";
const ANOTAR = "campanias.anotar";
const duenoDe = ({ campania: { estado } }: Estados): string | null =>
  estado.estado === "INEXISTENTE" ? null : estado.idCliente;

export type ComandosCampanias = ReturnType<typeof comandosCampanias>;

/** The writes of the module; `esperada` is the version of an If-Match. */
export function comandosCampanias({ uow, newId, plazo }: Puertos) {
  /** Decides on one campaign and its saga, and says everything that follows. `accion: null`: allowed already. */
  function aplicar(
    context: RequestContext,
    accion: Accion | null,
    id: string,
    esperada: number | null,
    decidir: Decidir,
  ): Respuesta {
    const idPago = `payout-${newId()}`;
    return uow.ejecutar(context, { campania: id }, (antes, en): Decision<Vista, Escrituras, Rechazo> => {
      const { version } = antes.campania;
      const no = accion === null ? null : denegado(context.actor, accion, duenoDe(antes));
      if (no !== null) return err(no);
      if (esperada !== null && version > 0 && esperada !== version) return err({ tipo: "version_obsoleta" });
      const r = decidir(antes, { en, plazo, solicitud: context.correlation_id, idPago });
      if (!r.ok) return r;
      const { campania } = r.value;
      if (campania.estado === "INEXISTENTE") return err({ tipo: "no_existe" });
      return ok({
        value: vista(campania, version + r.value.eventos.length),
        changes: cambios(antes, r.value, campania),
      });
    });
  }

  function cambios({ campania: { version }, saga }: Estados, a: Avance, campania: Existente) {
    const { id } = campania;
    const { eventos } = a;
    if (eventos.length === 0 && a.saga === saga) return null;
    const despues = version + eventos.length;
    // One id for the event and for its message, so that what was published can be found again.
    const guardados = eventos.map((evento) => ({ event_id: newId(), evento }));
    return {
      writes: {
        id,
        anterior: version,
        eventos: guardados,
        campania,
        saga: a.saga === saga ? null : a.saga,
      },
      messages: publicacion(campania, version, guardados, a.mensajes),
      feed: [
        ...(eventos.length === 0 ? [] : [{ tipo: "campania", id, version: despues }]),
        ...(a.saga === saga ? [] : [{ tipo: "saga", id, version: despues }]),
      ],
    };
  }

  const ordenarA = (comando: (en: Date) => Comando): Decidir => ({ campania, saga }, e) =>
    ordenar(comando(e.en), campania.estado, saga, e);

  return {
    /** An identical repeat changes nothing, whatever the campaign is by then. */
    crear(context: RequestContext, { idCampania: elegido, idCliente, entrada }: Creacion): Respuesta {
      const { actor } = context;
      // Who sees only a part chooses no id: a clash would tell of what it may not see.
      const aCiegas = elegido !== null && alcance(actor, "campanias.leer")?.cliente !== null;
      if (aCiegas || permitido(actor, "campanias.crear", idCliente) !== "si") {
        return Promise.resolve(err(PROHIBIDO));
      }
      const idCampania = elegido ?? newId();
      return aplicar(context, null, idCampania, null, ({ campania, saga }, e) => {
        const datos = datosDeEntrada(entrada);
        if (!datos.ok) return err({ tipo: "datos_invalidos", campos: datos.error });
        const comando: Comando = { tipo: "crear", idCampania, idCliente, datos: datos.value, en: e.en };
        return ordenar(comando, campania.estado, saga, e);
      });
    },

    editar: (context: RequestContext, id: string, edicion: Edicion, esperada: number | null): Respuesta =>
      aplicar(context, "campanias.editar", id, esperada, (antes, e) => {
        const { estado } = edicion;
        const paso = estado !== null && estado !== antes.campania.estado.estado;
        const no = paso ? denegado(context.actor, "campanias.decidir", duenoDe(antes)) : null;
        return no !== null ? err(no) : editar(antes, edicion, actorName(context.actor), e);
      }),

    aprobar: (
      context: RequestContext,
      id: string,
      { sin_anticipo, motivo }: { sin_anticipo: boolean; motivo: string | null },
      esperada: number | null,
    ): Respuesta =>
      aplicar(
        context,
        DECIDIR,
        id,
        esperada,
        ordenarA((en) => ({ tipo: "aprobar", sin_anticipo, motivo, en })),
      ),

    dar: (
      context: RequestContext,
      id: string,
      paso: Paso,
      motivo: string | null,
      esperada: number | null,
    ): Respuesta => aplicar(context, DECIDIR, id, esperada, ordenarA((en) => ({ tipo: paso, motivo, en }))),

    cancelar: (context: RequestContext, id: string, motivo: string, esperada: number | null): Respuesta =>
      aplicar(
        context,
        DECIDIR,
        id,
        esperada,
        ordenarA((en) => ({ tipo: "cancelar", origen: "OPERADOR", motivo, en })),
      ),

    /** DELETE: as cancelling, but of a cancelled one it is harmless. */
    eliminar(context: RequestContext, id: string, motivo: string | null, esperada: number | null): Respuesta {
      const porque = motivo ?? motivoPorDefecto(actorName(context.actor));
      return aplicar(context, DECIDIR, id, null, (antes, e) => {
        const { estado, version } = antes.campania;
        if (estado.estado === "CANCELADA") return ok(quieto(antes));
        if (esperada !== null && version > 0 && esperada !== version) {
          return err({ tipo: "version_obsoleta" });
        }
        const comando: Comando = { tipo: "cancelar", origen: "OPERADOR", motivo: porque, en: e.en };
        return ordenar(comando, estado, antes.saga, e);
      });
    },

    /** What pagos says of a campaign's payment. One of an unknown campaign is recorded as handled. */
    anotar: (context: RequestContext, id: string, hecho: Hecho): Respuesta =>
      aplicar(
        context,
        ANOTAR,
        id,
        null,
        ({ campania, saga }, e) => ok(suceder(hecho, campania.estado, saga, e)),
      ),

    /**
     * Pagos has a payment for a campaign of which it has not heard. One that exists was announced and needs no answer; that
     * there is none is said under the lock of its creation.
     */
    responder(context: RequestContext, id: string): Promise<Result<null, Rechazo>> {
      if (permitido(context.actor, ANOTAR, null) !== "si") return Promise.resolve(err(PROHIBIDO));
      return uow.ejecutar(context, { campania: id }, ({ campania }, en) => {
        const existe = campania.estado.estado !== "INEXISTENTE";
        const changes = existe ? null : { writes: null, messages: [inexistente(id, en)], feed: [] };
        return ok({ value: null, changes });
      });
    },

    registrarGasto: (
      context: RequestContext,
      id: string,
      monto: Dinero,
      partner_id: string | null,
    ): Respuesta =>
      aplicar(
        context,
        ANOTAR,
        id,
        null,
        ordenarA((en) => ({ tipo: "registrarGasto", monto, partner_id, en })),
      ),

    agotarPresupuesto: (context: RequestContext, id: string): Respuesta =>
      aplicar(context, ANOTAR, id, null, ordenarA((en) => ({ tipo: "agotarPresupuesto", en }))),

    /** A deadline that has passed; one that was moved or met meanwhile is left alone. */
    vencer(v: Vencida): Respuesta {
      const context: RequestContext = {
        actor: { tipo: "servicio", id: "campanias" },
        correlation_id: v.solicitud,
        causation_id: `plazo-${v.id}`,
        traceparent: null,
        dedup: null,
      };
      return aplicar(
        context,
        ANOTAR,
        v.id,
        null,
        ({ campania, saga }, e) => ok(suceder({ tipo: "PlazoVencido" }, campania.estado, saga, e)),
      );
    },

    /** The operator's "once more" to a compensation that gave up. */
    reintentar: (context: RequestContext, id: string): Respuesta =>
      aplicar(context, "sagas.reintentar", id, null, ({ campania, saga }, e) => {
        const a = suceder({ tipo: "Reintento" }, campania.estado, saga, e);
        const nada = a.saga === saga && campania.estado.estado !== "INEXISTENTE";
        return nada ? err({ tipo: "nada_que_reintentar" }) : ok(a);
      }),
  };
}
