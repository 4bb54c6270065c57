import type { z } from "@hono/zod-openapi";
import { both } from "./locale.ts";

type RawIssue = z.core.$ZodRawIssue;

const TYPES: Readonly<Record<string, readonly [string, string]>> = {
  string: ["un texto", "a text"],
  number: ["un número", "a number"],
  int: ["un número entero", "a whole number"],
  bigint: ["un número entero", "a whole number"],
  boolean: ["true o false", "true or false"],
  array: ["una lista", "a list"],
  object: ["un objeto", "an object"],
  record: ["un objeto", "an object"],
  date: ["una fecha", "a date"],
  null: ["null", "null"],
};
const FORMATS: Readonly<Record<string, readonly [string, string]>> = {
  email: ["una dirección de correo, como ana@correo.co", "an e-mail address, like ana@mail.co"],
  url: ["una dirección web, como https://correo.co", "a web address, like https://mail.co"],
  uuid: ["un UUID", "a UUID"],
  date: ["un día, como 2026-01-31", "a day, like 2026-01-31"],
  datetime: ["un instante, como 2026-01-31T12:00:00Z", "an instant, like 2026-01-31T12:00:00Z"],
};
const UNITS: Readonly<Record<string, readonly [string, string, string, string]>> = {
  string: ["carácter", "caracteres", "character", "characters"],
  array: ["elemento", "elementos", "item", "items"],
  set: ["elemento", "elementos", "item", "items"],
};
const INVALID = both("no es válido", "is not valid");
const must = ([es, en]: readonly [string, string]): string => both(`debe ser ${es}`, `must be ${en}`);
const list = (values: readonly unknown[]): string => values.map(String).join(", ");

/** Least or most, of a length or of a number. */
function bound(origin: string, limit: number | bigint, inclusive: boolean, least: boolean): string {
  const n = String(limit);
  const units = UNITS[origin];
  if (units !== undefined) {
    if (least && n === "1") return both("no puede estar vacío", "must not be empty");
    const [es, en] = n === "1" ? [units[0], units[2]] : [units[1], units[3]];
    return least
      ? both(`debe tener al menos ${n} ${es}`, `must have at least ${n} ${en}`)
      : both(`debe tener como mucho ${n} ${es}`, `must have at most ${n} ${en}`);
  }
  if (least) {
    return inclusive
      ? both(`debe ser ${n} o más`, `must be ${n} or more`)
      : both(`debe ser mayor que ${n}`, `must be greater than ${n}`);
  }
  return inclusive
    ? both(`debe ser ${n} o menos`, `must be ${n} or less`)
    : both(`debe ser menor que ${n}`, `must be less than ${n}`);
}

/**
 * What is said of a broken rule that has no text of its own, in both languages (see `localized`). They go on where the
 * field's name ends: "email: debe ser una dirección de correo". Zod's own Spanish does not ("Inválido dirección de…").
 */
export function validationText(issue: RawIssue): string {
  switch (issue.code) {
    case "invalid_type": {
      if (issue.input === undefined) return both("es obligatorio", "is required");
      const type = TYPES[issue.expected];
      return type === undefined ? INVALID : must(type);
    }
    case "invalid_value":
      return issue.values.length === 1
        ? must([list(issue.values), list(issue.values)])
        : must([`uno de: ${list(issue.values)}`, `one of: ${list(issue.values)}`]);
    case "too_small":
      return bound(issue.origin, issue.minimum, issue.inclusive === true, true);
    case "too_big":
      return bound(issue.origin, issue.maximum, issue.inclusive === true, false);
    case "invalid_format": {
      const format = FORMATS[issue.format];
      if (format !== undefined) return must(format);
      if (issue.format === "regex") {
        return both(`no tiene la forma ${issue.pattern}`, `does not have the form ${issue.pattern}`);
      }
      return INVALID;
    }
    case "not_multiple_of":
      return both(`debe ser múltiplo de ${issue.divisor}`, `must be a multiple of ${issue.divisor}`);
    default:
      return INVALID;
  }
}
