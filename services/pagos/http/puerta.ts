import type { MiddlewareHandler } from "hono";
import type { Env } from "@alpes/shared/http/env.ts";
import { Problem } from "@alpes/shared/http/problem.ts";
import { permitido } from "@alpes/shared/seedwork/policy.ts";

/**
 * Who sees every payment may read, who may pay may write; a partner, who would see only its own, is kept out whole until
 * the use cases of this module ask whose a payment is.
 */
export const puerta: MiddlewareHandler<Env> = async (c, next) => {
  const lee = c.req.method === "GET" || c.req.method === "HEAD";
  if (permitido(c.get("actor"), lee ? "pagos.leer" : "pagos.pagar", null) !== "si") {
    throw new Problem("prohibido");
  }
  await next();
};
