import { z } from "@hono/zod-openapi";
import { ID_PATTERN } from "@alpes/shared/seedwork/ids.ts";
import { both } from "./locale.ts";

// deno-lint-ignore no-control-regex
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/** Text of the request, trimmed; its length in characters (code points). Tabs and line ends are its only controls. */
export const texto = (min: number, max: number) =>
  z.string().trim()
    .refine((s) => [...s].length >= min && [...s].length <= max, {
      error: both(
        `debe tener entre ${min} y ${max} caracteres`,
        `must have between ${min} and ${max} characters`,
      ),
    })
    .refine((s) => !CONTROL.test(s), { error: both("tiene caracteres de control", "has control characters") })
    .openapi({ minLength: min, maxLength: max });

/** An id of the wire contract; `reserved` are the words that the route itself uses. `.` and `..` no path can reach. */
export const idSchema = (reserved: readonly string[] = []) =>
  z.string()
    .regex(ID_PATTERN, {
      error: both(
        "debe tener de 1 a 255 caracteres de A-Z a-z 0-9 . _ : ~ -",
        "must be 1 to 255 characters of A-Z a-z 0-9 . _ : ~ -",
      ),
    })
    .refine((id) => ![".", "..", ...reserved].includes(id), {
      error: both("es una palabra reservada", "is a reserved word"),
    });

/**
 * A schema of the document (one with a name) or null. Not `nullable()`: that either makes the named schema itself
 * nullable everywhere or, as `allOf`, lets no null through, depending on which comes first in the document.
 */
export const orNull = <S extends z.ZodType>(schema: S) => z.union([schema, z.null()]);
