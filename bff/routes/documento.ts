import { z } from "@hono/zod-openapi";

/** An entry of a route's `responses`. */
export const json = <S extends z.ZodType>(schema: S, description: string) => ({
  description,
  content: { "application/json": { schema } },
});

export const Advertencias = z.array(z.string()).openapi({
  description:
    "One line for each service that could not be read: its name, what happened, and which fields are null",
  example: ["pagos_service no responde; falta: pagos_recientes"],
});
