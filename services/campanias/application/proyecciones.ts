import { type Actor, actorName } from "@alpes/shared/seedwork/actor.ts";
import { type NoVisible, permitido, PROHIBIDO } from "@alpes/shared/seedwork/policy.ts";
import { err, ok, type Result } from "@alpes/shared/seedwork/result.ts";
import type { Proyeccion, Quien, Reconstructor } from "./ports.ts";

export type Proyecciones = ReturnType<typeof proyecciones>;

/** The operator's view of what is made from the events, and its making anew. */
export const proyecciones = (r: Pick<Reconstructor, "proyecciones" | "empezar">) => ({
  async todas(actor: Actor): Promise<Result<readonly Proyeccion[], typeof PROHIBIDO>> {
    return permitido(actor, "proyecciones.leer", []) === "si" ? ok(await r.proyecciones()) : err(PROHIBIDO);
  },

  /** Begins, or leaves it be when it is under way. */
  async reconstruir(
    actor: Actor,
    nombre: string,
    por: Omit<Quien, "actor">,
  ): Promise<Result<Proyeccion, NoVisible>> {
    if (permitido(actor, "proyecciones.reconstruir", []) !== "si") return err(PROHIBIDO);
    const p = await r.empezar(nombre, { ...por, actor: actorName(actor) });
    return p === null ? err({ tipo: "no_existe" }) : ok(p);
  },
});
