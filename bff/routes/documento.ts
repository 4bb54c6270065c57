import { z } from "@hono/zod-openapi";

export const Advertencias = z.array(z.string()).openapi({
  description:
    "One line for each service that could not be read: its name, what happened, and which fields are null",
  example: ["pagos_service no responde; falta: pagos_recientes"],
});
