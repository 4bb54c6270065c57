import type { z } from "@hono/zod-openapi";
import { isRawNumber } from "@alpes/shared/seedwork/json.ts";
import { both, type Locale, localized } from "./locale.ts";
import type { CampoInvalido } from "./problem.ts";
import { validationText } from "./validation_texts.ts";

type Issue = z.core.$ZodIssue;

const UNKNOWN = both("campo desconocido", "unknown field");
const INEXACT = both(
  "el número no se puede representar con exactitud",
  "the number cannot be carried exactly",
);

export type Checked<T> = { readonly ok: true; readonly value: T } | {
  readonly ok: false;
  readonly errores: readonly CampoInvalido[];
};

/** Parses (synchronously) and names every field that broke its rule; `whole` names the value itself. */
export function check<S extends z.ZodType>(
  schema: S,
  value: unknown,
  locale: Locale,
  whole = "cuerpo",
): Checked<z.output<S>> {
  const r = schema.safeParse(value, { error: validationText });
  if (r.success) return { ok: true, value: r.data };
  const found = new Map<string, string>();
  for (const { path, message } of r.error.issues.flatMap((i) => flatten(i, []))) {
    const raw = rawNumberOn(path, value);
    const campo = fieldName(raw ?? path, whole);
    if (!found.has(campo)) found.set(campo, localized(raw === null ? message : INEXACT, locale));
  }
  return { ok: false, errores: [...found].map(([campo, mensaje]) => ({ campo, mensaje })) };
}

interface Flat {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** One issue for each field. */
function flatten(issue: Issue, above: readonly PropertyKey[]): Flat[] {
  const path = [...above, ...issue.path];
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((k) => ({ path: [...path, k], message: UNKNOWN }));
  }
  if (issue.code === "invalid_union") {
    // Of the branches that fit the value's shape, the one with the fewest faults is what the caller meant.
    const [nearest] = issue.errors
      .filter((branch) => branch.every((i) => i.path.length > 0 || i.code !== "invalid_type"))
      .map((branch) => branch.flatMap((i) => flatten(i, path)))
      .sort((a, b) => a.length - b.length);
    if (nearest !== undefined) return nearest;
  }
  return [{ path, message: issue.message }];
}

/** Where on the way to a field a number kept as text stands (to zod it is an object); `null` when nowhere. */
function rawNumberOn(path: readonly PropertyKey[], value: unknown): readonly PropertyKey[] | null {
  let at = value;
  for (let i = 0; i <= path.length; i++) {
    if (isRawNumber(at)) return path.slice(0, i);
    const key = path[i];
    if (typeof at !== "object" || at === null || key === undefined || !Object.hasOwn(at, key)) return null;
    at = (at as Record<PropertyKey, unknown>)[key];
  }
  return null;
}

/** `["itinerario", 3, "x"]` → `itinerario[3].x`. */
export function fieldName(path: readonly PropertyKey[], whole = "cuerpo"): string {
  const name = path.map((p, i) => typeof p === "number" ? `[${p}]` : i === 0 ? String(p) : `.${String(p)}`)
    .join("");
  return name === "" ? whole : name;
}
