import { err, ok, type Result } from "@alpes/shared/seedwork/result.ts";
import type { RequestContext } from "@alpes/shared/seedwork/unit_of_work.ts";
import { type ComandosCliente, rastros, type Rechazo } from "./comandos.ts";
import type { Anotacion, Clientes, Copias, Vista } from "./ports.ts";

/** All that the module knows of a cliente. */
export interface Expediente {
  readonly cliente: Vista;
  readonly historial: readonly Anotacion[];
  readonly pagos: readonly { readonly id_pago: string; readonly fecha: Date }[];
}

export interface DepsDatos {
  readonly comandos: Pick<ComandosCliente, "borrarDatos">;
  readonly clientes: Clientes;
  readonly copias: Copias;
  readonly dormir: (ms: number) => Promise<void>;
}

/** A relay may hold a message that it read before the erasure: only after so many looks, a second apart, is none left. */
const MIRADAS = 3;
const MAX_MIRADAS = 60;

/** What a person may ask for about its own data. */
export function datosPersonales({ comandos, clientes, copias, dormir }: DepsDatos) {
  return {
    async exportar(id: string): Promise<Result<Expediente, { readonly tipo: "no_existe" }>> {
      const cliente = await clientes.obtener(id);
      if (cliente === null) return err({ tipo: "no_existe" });
      const [historial, pagos] = await Promise.all([clientes.historial(id), clientes.pagos(id)]);
      return ok({ cliente, historial: historial ?? [], pagos });
    },

    /**
     * Erases a cliente's personal data for good; `azar` is a name that leads nowhere. What it paid and earned keeps its
     * id, which is the pseudonym from now on. Repeating it is harmless, and finishes what was interrupted.
     */
    async borrar(
      context: RequestContext,
      id: string,
      motivo: string,
      azar: string,
    ): Promise<Result<Vista, Rechazo>> {
      const r = await comandos.borrarDatos(context, id, motivo, azar);
      if (!r.ok) return r;
      for (let limpias = 0, miradas = 0; limpias < MIRADAS && miradas < MAX_MIRADAS; miradas++) {
        limpias = await copias.limpiar(rastros(r.value)) === 0 ? limpias + 1 : 0;
        if (limpias < MIRADAS) await dormir(1_000);
      }
      return r;
    },
  };
}
