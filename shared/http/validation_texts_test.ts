import assert from "node:assert/strict";
import { z } from "@hono/zod-openapi";
import { check } from "./validation.ts";

/** A rule, a value that breaks it, and what is said of it after the field's name. */
const CASES: readonly (readonly [z.ZodType, unknown, string, string])[] = [
  [
    z.email(),
    "no",
    "debe ser una dirección de correo, como ana@correo.co",
    "must be an e-mail address, like ana@mail.co",
  ],
  [z.string(), 3, "debe ser un texto", "must be a text"],
  [z.string(), undefined, "es obligatorio", "is required"],
  [z.string().min(1), "", "no puede estar vacío", "must not be empty"],
  [z.string().min(2), "a", "debe tener al menos 2 caracteres", "must have at least 2 characters"],
  [z.string().max(1), "ab", "debe tener como mucho 1 carácter", "must have at most 1 character"],
  [z.array(z.int()).max(2), [1, 2, 3], "debe tener como mucho 2 elementos", "must have at most 2 items"],
  [z.int(), 1.5, "debe ser un número entero", "must be a whole number"],
  [z.int().min(1), 0, "debe ser 1 o más", "must be 1 or more"],
  [z.number().positive(), 0, "debe ser mayor que 0", "must be greater than 0"],
  [z.number().max(9), 10, "debe ser 9 o menos", "must be 9 or less"],
  [z.number().lt(9), 9, "debe ser menor que 9", "must be less than 9"],
  [z.number().multipleOf(5), 7, "debe ser múltiplo de 5", "must be a multiple of 5"],
  [z.enum(["A", "B"]), "C", "debe ser uno de: A, B", "must be one of: A, B"],
  [z.literal("A"), "C", "debe ser A", "must be A"],
  [z.iso.date(), "ayer", "debe ser un día, como 2026-01-31", "must be a day, like 2026-01-31"],
  [z.string().regex(/^\d+$/), "x", "no tiene la forma /^\\d+$/", "does not have the form /^\\d+$/"],
  [z.union([z.int(), z.boolean()]), "quizás", "no es válido", "is not valid"],
];

for (const [schema, value, es, en] of CASES) {
  Deno.test(`${JSON.stringify(value)}: «${es}»`, () => {
    const said = (locale: "es" | "en") => {
      const r = check(z.object({ campo: schema }), { campo: value }, locale);
      return r.ok ? [] : r.errores;
    };
    assert.deepEqual(said("es"), [{ campo: "campo", mensaje: es }]);
    assert.deepEqual(said("en"), [{ campo: "campo", mensaje: en }]);
  });
}
