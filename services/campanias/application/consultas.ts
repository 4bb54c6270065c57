import type { Actor } from "@alpes/shared/seedwork/actor.ts";
import type { ListRequest, Page } from "@alpes/shared/seedwork/pages.ts";
import { alcance, type NoVisible, PROHIBIDO, visto } from "@alpes/shared/seedwork/policy.ts";
import { err, ok, type Result } from "@alpes/shared/seedwork/result.ts";
import type { Dias, Series } from "@alpes/shared/seedwork/series.ts";
import { Campania } from "../domain/campania.ts";
import type { EstadoSaga, Saga } from "../domain/saga.ts";
import type { Campanias, EventoVisto, Filtro, Orden, SagaVista, Vista } from "./ports.ts";
import { vista } from "./vista.ts";

type Leido<T> = Promise<Result<T, NoVisible>>;
type Prohibido = typeof PROHIBIDO;
const ACCION = "campanias.leer";

export type ConsultasCampanias = ReturnType<typeof consultasCampanias>;

/** The reads of the module, each for who asks. */
export function consultasCampanias(campanias: Campanias) {
  /** Reads one thing among what the actor sees. */
  async function una<T>(actor: Actor, leer: (visible: string | null) => Promise<T | null>): Leido<T> {
    const ve = alcance(actor, ACCION);
    return ve === null ? err(PROHIBIDO) : visto(actor, ACCION, await leer(ve.cliente));
  }

  return {
    obtener: (actor: Actor, id: string): Leido<Vista> => una(actor, (ve) => campanias.obtener(id, ve)),

    /** As it was at that instant, folded from its events; before it existed there was none. */
    enInstante: (actor: Actor, id: string, en: Date): Leido<Vista> =>
      una(actor, async (ve) => {
        const eventos = await campanias.eventos(id, en, ve);
        const estado = eventos.reduce((c, { evento }) => Campania.evolve(c, evento), Campania.inicial);
        return estado.estado === "INEXISTENTE" ? null : vista(estado, eventos.length);
      }),

    async listar(actor: Actor, pedido: ListRequest<Orden, Filtro>): Promise<Result<Page<Vista>, Prohibido>> {
      const ve = alcance(actor, ACCION);
      return ve === null ? err(PROHIBIDO) : ok(await campanias.listar(pedido, ve.cliente));
    },

    async estadisticas(actor: Actor, idCliente: string | null) {
      const ve = alcance(actor, ACCION);
      if (ve === null) return err(PROHIBIDO);
      const { aprobadas, ...e } = await campanias.estadisticas(idCliente, ve.cliente);
      return ok({ ...e, tasa_aprobacion: e.total === 0 ? null : aprobadas / e.total });
    },

    async serie(actor: Actor, dias: Dias): Promise<Result<Series, Prohibido>> {
      const ve = alcance(actor, ACCION);
      return ve === null ? err(PROHIBIDO) : ok(await campanias.serie(dias, ve.cliente));
    },

    eventos: (actor: Actor, id: string): Leido<readonly EventoVisto[]> =>
      una(actor, async (ve) => {
        const eventos = await campanias.eventos(id, null, ve);
        return eventos.length === 0 ? null : eventos;
      }),

    saga: (actor: Actor, id: string): Leido<Saga> => una(actor, (ve) => campanias.saga(id, ve)),

    async sagas(
      actor: Actor,
      pedido: ListRequest<"actualizada", { readonly estado: EstadoSaga | null }>,
    ): Promise<Result<Page<SagaVista>, Prohibido>> {
      const ve = alcance(actor, "sagas.leer");
      return ve === null ? err(PROHIBIDO) : ok(await campanias.sagas(pedido, ve.cliente));
    },
  };
}
