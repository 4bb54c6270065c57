import type { Actor } from "@alpes/shared/seedwork/actor.ts";
import type { Dias } from "@alpes/shared/seedwork/series.ts";
import type { Result } from "@alpes/shared/seedwork/result.ts";
import type { ConsultasCampanias } from "./application/consultas.ts";

const OPERADOR: Actor = { tipo: "persona", id: "ana", roles: ["operador"], cliente: null };

const oNada = async <T>(r: Promise<Result<T, unknown>>): Promise<T | null> => {
  const leido = await r;
  return leido.ok ? leido.value : null;
};
async function visto<T>(r: Promise<Result<T, { readonly tipo: string }>>): Promise<T> {
  const leido = await r;
  if (!leido.ok) throw new Error(leido.error.tipo);
  return leido.value;
}

/** The reads as an operator has them, for tests: what is not there is `null`. */
export const lector = (c: ConsultasCampanias, actor: Actor = OPERADOR) => ({
  obtener: (id: string) => oNada(c.obtener(actor, id)),
  enInstante: (id: string, en: Date) => oNada(c.enInstante(actor, id, en)),
  eventos: (id: string) => oNada(c.eventos(actor, id)),
  saga: (id: string) => oNada(c.saga(actor, id)),
  listar: (pedido: Parameters<ConsultasCampanias["listar"]>[1]) => visto(c.listar(actor, pedido)),
  sagas: (pedido: Parameters<ConsultasCampanias["sagas"]>[1]) => visto(c.sagas(actor, pedido)),
  serie: (dias: Dias) => visto(c.serie(actor, dias)),
  estadisticas: (idCliente: string | null) => visto(c.estadisticas(actor, idCliente)),
});
