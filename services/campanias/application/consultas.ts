import type { EstadoSaga, Saga } from "../domain/saga.ts";
import { Campania } from "../domain/campania.ts";
import type { ListRequest } from "@alpes/shared/seedwork/pages.ts";
import type { Campanias, EventoVisto, Filtro, Orden, Vista } from "./ports.ts";
import { vista } from "./vista.ts";

export type ConsultasCampanias = ReturnType<typeof consultasCampanias>;

/** The reads of the module. */
export const consultasCampanias = (campanias: Campanias) => ({
  obtener: (id: string): Promise<Vista | null> => campanias.obtener(id),

  /** As it was at that instant, folded from its events; null: it did not exist yet. */
  async enInstante(id: string, en: Date): Promise<Vista | null> {
    const eventos = await campanias.eventos(id, en);
    const estado = eventos.reduce((c, { evento }) => Campania.evolve(c, evento), Campania.inicial);
    return estado.estado === "INEXISTENTE" ? null : vista(estado, eventos.length);
  },

  listar: (pedido: ListRequest<Orden, Filtro>) => campanias.listar(pedido),

  async estadisticas(idCliente: string | null) {
    const { aprobadas, ...e } = await campanias.estadisticas(idCliente);
    return { ...e, tasa_aprobacion: e.total === 0 ? null : aprobadas / e.total };
  },

  /** null: no such campaign. */
  async eventos(id: string): Promise<readonly EventoVisto[] | null> {
    const eventos = await campanias.eventos(id, null);
    return eventos.length === 0 ? null : eventos;
  },

  saga: (id: string): Promise<Saga | null> => campanias.saga(id),
  sagas: (pedido: ListRequest<"actualizada", { readonly estado: EstadoSaga | null }>) =>
    campanias.sagas(pedido),
});
