import { dig } from "@alpes/shared/dev/demo_api.ts";
import { type Field, typesOf } from "./spec.ts";

/** JSON text that a field must refuse, with what is wrong about it. */
export interface Bad {
  readonly what: string;
  readonly json: string;
}

const bad = (what: string, value: unknown): Bad => ({ what, json: JSON.stringify(value) });
const EVERY: readonly (readonly [string, Bad])[] = [
  ["boolean", bad("a boolean", true)],
  ["number", bad("a number", 1.5)],
  ["string", bad("a text", "¿qué?")],
  ["array", bad("an array", [])],
  ["object", bad("an object that nothing can be made of", { toString: 0, valueOf: 0, length: -1, then: 1 })],
];

const isMoney = (schema: unknown) =>
  dig(schema, "properties.valor") !== undefined && dig(schema, "properties.moneda") !== undefined;

/** Values of the right type that break the field's rule. */
function brokenRules(schema: unknown): Bad[] {
  const found: Bad[] = [];
  const format = dig(schema, "format");
  if (format === "date") found.push(bad("no day", "2026-02-30"), bad("words for a day", "ayer"));
  if (format === "date-time") found.push(bad("no time", "2026-02-03T25:00:00Z"));
  if (Array.isArray(dig(schema, "enum"))) found.push(bad("none of the values", "OTRO_VALOR"));
  if (typeof dig(schema, "pattern") === "string") {
    found.push(bad("a text that breaks the pattern", "¡no, así no!"));
  }
  const max = dig(schema, "maxLength");
  if (typeof max === "number") found.push(bad("a text that is too long", "x".repeat(max + 1)));
  const min = dig(schema, "minLength");
  if (typeof min === "number") found.push(bad("a blank text", " "));
  if (typesOf(schema).has("integer")) found.push(bad("a fraction", 1.5));
  if (isMoney(schema)) {
    found.push(
      bad("the wrong scale", { valor: "1.5", moneda: "USD" }),
      bad("no currency of ours", { valor: "1.50", moneda: "XXX" }),
      bad("a negative amount", { valor: "-1.00", moneda: "USD" }),
      bad("more than any amount", { valor: "99999999999999999.00", moneda: "USD" }),
      bad("an amount in words", { valor: "mil", moneda: "USD" }),
      bad("an unknown member", { valor: "1.00", moneda: "USD", x: 1 }),
      bad("an exponent", "1e5"),
      bad("an object that is no text either", { valor: { toString: 0, valueOf: 0 }, moneda: "USD" }),
      { what: "an amount beyond 2^53", json: '{"valor":-39301664831382630001,"moneda":"USD"}' },
    );
  }
  return found;
}

/** Everything that a field must refuse; none for one that takes any JSON. */
export function badValues({ schema }: Field): Bad[] {
  const types = typesOf(schema);
  const money = isMoney(schema);
  if (!money && types.has("object") && types.has("string")) return [];
  const wrong = EVERY.filter(([type]) => !types.has(type) && !(type === "number" && types.has("integer")))
    .map(([, b]) => b);
  const big = [
    { what: "1e400", json: "1e400" },
    { what: "a number beyond 2^53", json: "9007199254740993" },
  ];
  return [...wrong, ...big, ...brokenRules(schema)];
}

/** Query values that a parameter must refuse. Texts of any kind are left with the two that nothing takes. */
export function badQueryValues(schema: unknown): string[] {
  const nothing = ["%00", "%ff"];
  const types = typesOf(schema);
  if (types.has("integer") || types.has("number")) {
    return [...nothing, "", "x", "-1", "1.5", "1e400", "9007199254740993", "0x10"];
  }
  if (types.has("boolean")) return [...nothing, "", "quizás"];
  const rules = Array.isArray(dig(schema, "enum")) ? ["", "OTRO_VALOR"] : [];
  const format = dig(schema, "format");
  if (format === "date" || format === "date-time") rules.push("", "ayer", "2026-02-30");
  const max = dig(schema, "maxLength");
  if (typeof max === "number") rules.push("x".repeat(max + 1));
  return [...nothing, ...rules];
}
