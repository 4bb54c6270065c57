import { err, ok, type Result } from "./result.ts";
import type { Decision, RequestContext, UnitOfWork } from "./unit_of_work.ts";

/**
 * The same unit of work, which decides and writes nothing: what was decided goes the way of a refusal, and a refusal
 * leaves nothing behind.
 */
export const dryRun = <Ids, Estados, W>(
  uow: UnitOfWork<Ids, Estados, W>,
): UnitOfWork<Ids, Estados, W> => ({
  async ejecutar<T, X>(
    context: RequestContext,
    ids: Ids,
    decidir: (estados: Estados, ahora: Date) => Decision<T, W, X>,
  ): Promise<Result<T, X>> {
    const r = await uow.ejecutar(context, ids, (estados, ahora) => {
      const d = decidir(estados, ahora);
      return err<Result<T, X>>(d.ok ? ok(d.value.value) : err(d.error));
    });
    if (r.ok) throw new Error("a dry run was committed");
    return r.error;
  },
});
