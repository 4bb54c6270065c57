import type { NewId } from "@alpes/shared/seedwork/ids.ts";
import { dryRun } from "@alpes/shared/seedwork/dry_run.ts";
import { permitido, PROHIBIDO } from "@alpes/shared/seedwork/policy.ts";
import { err, ok, type Result } from "@alpes/shared/seedwork/result.ts";
import type { RequestContext } from "@alpes/shared/seedwork/unit_of_work.ts";
import type { UnidadPagos } from "./ports.ts";
import type { Rechazo } from "./rechazo.ts";
import { type EntradaTransaccion, registrarTransacciones } from "./transacciones.ts";

export type FilaTransaccion = EntradaTransaccion & { readonly id: string };
/** Whether a row made its transaction, found it there, or was refused. */
export type Importada = Result<"creado" | "ya_estaba", Rechazo>;
export type ImportarFilas = (filas: readonly FilaTransaccion[]) => Promise<readonly Importada[]>;

/**
 * Commissions out of a file, by the same use case as those of a request: what it refuses of the rows that come together
 * is left out, and the rest is recorded. A row needs an id, or else the same file twice would earn twice.
 */
export const importarTransacciones =
  (uow: UnidadPagos, newId: NewId, retencion: number) =>
  (context: RequestContext, simulacro: boolean): Result<ImportarFilas, typeof PROHIBIDO> => {
    if (permitido(context.actor, "transacciones.registrar", []) !== "si") return err(PROHIBIDO);
    // A file does not wait for a campaign whose approval may be on its way.
    const registrar = registrarTransacciones(
      simulacro ? dryRun(uow) : uow,
      newId,
      () => Promise.resolve(),
      retencion,
    );
    /** What a dry run would have made: only it has to remember. */
    const apuntadas = new Map<string, string>();

    return ok(async (filas) => {
      const salidas = new Map<number, Importada>();
      filas.forEach((f, i) => {
        const antes = apuntadas.get(f.id);
        if (antes === undefined) return;
        salidas.set(
          i,
          antes === contenido(f) ? ok("ya_estaba") : err({ tipo: "otra_transaccion", id: f.id }),
        );
      });
      for (;;) {
        const quedan = filas.flatMap((fila, i) => salidas.has(i) ? [] : [{ fila, i }]);
        if (quedan.length === 0) break;
        const r = await registrar(context, quedan.map((q) => q.fila));
        if (r.ok) {
          const vistas = new Set<string>();
          for (const { fila, i } of quedan) {
            const creada = r.value.nuevas.has(fila.id) && !vistas.has(fila.id);
            vistas.add(fila.id);
            salidas.set(i, ok(creada ? "creado" : "ya_estaba"));
            if (creada && simulacro) apuntadas.set(fila.id, contenido(fila));
          }
          break;
        }
        if (r.error.tipo === "prohibido") throw new Error("the right to import went while importing");
        for (const { indice, rechazo } of r.error.rechazos) {
          const q = quedan[indice];
          if (q !== undefined) salidas.set(q.i, err(rechazo));
        }
      }
      return filas.map((_, i) => salidas.get(i) ?? err({ tipo: "no_existe" }));
    });
  };

const contenido = (f: FilaTransaccion) => JSON.stringify(f, (_, v) => typeof v === "bigint" ? String(v) : v);
