import type { z } from "@hono/zod-openapi";

/** An answer of a `createRoute` that is JSON. */
export const json = <S extends z.ZodType>(schema: S, description: string) => ({
  description,
  content: { "application/json": { schema } },
});

/** A request's JSON body for a `createRoute`; without one the answer is 400 unless `required` is false. */
export const jsonBody = <S extends z.ZodType, const R extends boolean = true>(
  schema: S,
  required: R = true as R,
) => ({ required, content: { "application/json": { schema } } });
