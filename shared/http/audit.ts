import type { Context, MiddlewareHandler } from "hono";
import { actorName } from "@alpes/shared/seedwork/actor.ts";
import type { Denials, Resource } from "@alpes/shared/seedwork/audit.ts";
import { ID_PATTERN } from "@alpes/shared/seedwork/ids.ts";
import type { Env } from "./env.ts";
import { operationOf } from "./operation.ts";

/**
 * Tells the audit log of every request that was refused for who made it, as one of `createApp`'s `before`. `modulos`:
 * those of this process; a path outside them belongs to the first.
 */
export function auditedDenials(denials: Denials, modulos: readonly string[]): MiddlewareHandler<Env> {
  return async (c, next) => {
    await next();
    const { status } = c.res;
    if (status !== 401 && status !== 403 && !(status === 404 && c.var.hidden)) return;
    const { actor, requestId } = c.var;
    const first = c.req.path.split("/", 2)[1] ?? "";
    const modulo = modulos.find((m) => m === first) ?? modulos[0] ?? "proceso";
    denials.note({
      modulo,
      actor: actorName(actor),
      accion: operationOf(c),
      recurso: actor.tipo === "anonimo" ? null : resourceIn(c, modulo),
      correlacion: requestId,
      status,
    });
  };
}

/** What the path names, where it names one thing. */
function resourceIn(c: Context<Env>, modulo: string): Resource | null {
  const [id] = Object.values(c.req.param());
  return typeof id === "string" && ID_PATTERN.test(id) ? { tipo: modulo, id } : null;
}
