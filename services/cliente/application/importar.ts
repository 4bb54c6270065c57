import { dryRun } from "@alpes/shared/seedwork/dry_run.ts";
import { permitido, PROHIBIDO } from "@alpes/shared/seedwork/policy.ts";
import { err, ok, type Result } from "@alpes/shared/seedwork/result.ts";
import type { RequestContext } from "@alpes/shared/seedwork/unit_of_work.ts";
import type { Ficha } from "../domain/cliente.ts";
import { comandosCliente, type RechazoRegistro, unicos } from "./comandos.ts";
import { UNICOS, type UnidadCliente } from "./ports.ts";

export interface FilaCliente {
  readonly id: string;
  readonly ficha: Ficha;
  /** Fingerprint of the row as it was sent. */
  readonly huella: string;
}
export type Importada = Result<"creado" | "ya_estaba", RechazoRegistro>;
export type ImportarFilas = (filas: readonly FilaCliente[]) => Promise<readonly Importada[]>;

/** Registrations out of a file, each by the use case of a single one; those that come together share transactions. */
export const importarClientes =
  (uow: UnidadCliente) =>
  (context: RequestContext, simulacro: boolean): Result<ImportarFilas, typeof PROHIBIDO> => {
    if (permitido(context.actor, "cliente.registrar", []) !== "si") return err(PROHIBIDO);
    const { registrar } = comandosCliente(simulacro ? dryRun(uow) : uow);
    const antes = simulacro ? apuntes() : () => null;
    return ok(async (filas) => {
      const hechas = await Promise.all(filas.map((f) => registrar(context, f.id, f.ficha, f.huella)));
      return hechas.map((r, i): Importada => {
        if (!r.ok) return r;
        if (!r.value.creado) return ok("ya_estaba");
        const fila = filas[i];
        return (fila === undefined ? null : antes(fila)) ?? ok("creado");
      });
    });
  };

/** A dry run leaves nothing behind, so what earlier rows would have taken has to be remembered: at most the file. */
function apuntes() {
  const ids = new Map<string, string>();
  const tomados = new Set<string>();
  return ({ id, ficha, huella }: FilaCliente): Importada | null => {
    const previa = ids.get(id);
    if (previa !== undefined) return previa === huella ? ok("ya_estaba") : err({ tipo: "otro_registro" });
    const suyos = unicos(ficha);
    const nombre = (u: (typeof UNICOS)[number]) => `${u} ${suyos[u]?.toLowerCase()}`;
    const campos = UNICOS.filter((u) => suyos[u] !== null && tomados.has(nombre(u)));
    if (campos.length > 0) return err({ tipo: "duplicado", campos });
    ids.set(id, huella);
    for (const u of UNICOS) if (suyos[u] !== null) tomados.add(nombre(u));
    return null;
  };
}
