import type { Actor } from "@alpes/shared/seedwork/actor.ts";
import type { ListRequest, Page } from "@alpes/shared/seedwork/pages.ts";
import { alcance, denegado, type NoVisible, PROHIBIDO, visto } from "@alpes/shared/seedwork/policy.ts";
import { err, ok, type Result } from "@alpes/shared/seedwork/result.ts";
import type { Dias, Series } from "@alpes/shared/seedwork/series.ts";
import type { Anotacion, Clientes, Estadisticas, Filtro, Orden, Vista } from "./ports.ts";

type Prohibido = typeof PROHIBIDO;
const ACCION = "cliente.leer";

export type ConsultasCliente = ReturnType<typeof consultasCliente>;

/** The reads of the module, each for who asks. Of a cliente the owner is itself, so no look is needed to hide one. */
export const consultasCliente = (clientes: Clientes) => ({
  async obtener(actor: Actor, id: string): Promise<Result<Vista, NoVisible>> {
    const no = denegado(actor, ACCION, id);
    if (no !== null) return err(no);
    return visto(actor, ACCION, await clientes.obtener(id));
  },

  /** Oldest first. */
  async historial(actor: Actor, id: string): Promise<Result<readonly Anotacion[], NoVisible>> {
    const no = denegado(actor, ACCION, id);
    if (no !== null) return err(no);
    return visto(actor, ACCION, await clientes.historial(id));
  },

  async listar(actor: Actor, pedido: ListRequest<Orden, Filtro>): Promise<Result<Page<Vista>, Prohibido>> {
    const ve = alcance(actor, ACCION);
    return ve === null ? err(PROHIBIDO) : ok(await clientes.listar(pedido, ve.cliente));
  },

  async estadisticas(actor: Actor): Promise<Result<Estadisticas, Prohibido>> {
    const ve = alcance(actor, ACCION);
    return ve === null ? err(PROHIBIDO) : ok(await clientes.estadisticas(ve.cliente));
  },

  async serie(actor: Actor, dias: Dias): Promise<Result<Series, Prohibido>> {
    const ve = alcance(actor, ACCION);
    return ve === null ? err(PROHIBIDO) : ok(await clientes.serie(dias, ve.cliente));
  },
});
