/** A number that a double cannot carry exactly, kept with its source text; `JSON.stringify` writes it as it came. */
export interface RawNumber {
  readonly rawJSON: string;
}
export type Json = null | boolean | number | string | RawNumber | readonly Json[] | {
  readonly [field: string]: Json;
};

const { rawJSON, isRawJSON } = JSON as unknown as {
  rawJSON(text: string): RawNumber;
  isRawJSON(value: unknown): value is RawNumber;
};
export const isRawNumber = (value: unknown): value is RawNumber => isRawJSON(value);

export type JsonFaultKind = "syntax" | "duplicate" | "depth" | "nul" | "surrogate";
export type JsonPath = readonly (string | number)[];

/** Text that we do not take as JSON, where it is, and why. */
export class JsonFault extends Error {
  override readonly name = "JsonFault";
  constructor(readonly kind: JsonFaultKind, readonly path: JsonPath, readonly position: number) {
    super(`${kind} at ${position}`);
  }
}

/** Arrays and objects within each other, the outermost counted. */
export const MAX_DEPTH = 64;

// deno-lint-ignore no-control-regex
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERALS = [["true", true], ["false", false], ["null", null]] as const;

/**
 * Reads JSON as `JSON.parse` does, in linear time, but throws `JsonFault` for a key given twice, NUL or a lone
 * surrogate in any string, or more than `MAX_DEPTH` levels, and keeps a number that a double would change as its text.
 */
export function parseJson(text: string): Json {
  let at = 0;
  const path: (string | number)[] = [];
  const fail = (kind: JsonFaultKind): never => {
    throw new JsonFault(kind, [...path], at);
  };
  const space = () => {
    for (;; at++) {
      const c = text.charCodeAt(at);
      if (c !== 32 && c !== 10 && c !== 13 && c !== 9) return;
    }
  };
  const string = (): string => {
    const start = at++;
    let escaped = false;
    for (;;) {
      PLAIN.lastIndex = at;
      PLAIN.test(text);
      at = PLAIN.lastIndex;
      if (text.charCodeAt(at) === 34) break;
      ESCAPE.lastIndex = at;
      if (!ESCAPE.test(text)) fail("syntax");
      at = ESCAPE.lastIndex;
      escaped = true;
    }
    at++;
    const value: string = escaped ? JSON.parse(text.slice(start, at)) : text.slice(start + 1, at - 1);
    if (value.includes("\0")) fail("nul");
    if (!value.isWellFormed()) fail("surrogate");
    return value;
  };
  const array = (): Json => {
    const items: Json[] = [];
    at++;
    space();
    if (text.charCodeAt(at) === 93) return at++, items;
    for (;;) {
      path.push(items.length);
      items.push(value());
      path.pop();
      const c = text.charCodeAt(at++);
      if (c === 93) return items;
      if (c !== 44) at--, fail("syntax");
    }
  };
  const object = (): Json => {
    const fields: Record<string, Json> = {};
    at++;
    space();
    if (text.charCodeAt(at) === 125) return at++, fields;
    for (;;) {
      if (text.charCodeAt(at) !== 34) fail("syntax");
      const key = string();
      path.push(key);
      if (Object.hasOwn(fields, key)) fail("duplicate");
      space();
      if (text.charCodeAt(at) !== 58) fail("syntax");
      at++;
      const v = value();
      if (key === "__proto__") {
        Object.defineProperty(fields, key, {
          value: v,
          enumerable: true,
          configurable: true,
          writable: true,
        });
      } else fields[key] = v;
      path.pop();
      const c = text.charCodeAt(at++);
      if (c === 125) return fields;
      if (c !== 44) at--, fail("syntax");
      space();
    }
  };
  const scalar = (): Json => {
    for (const [word, v] of LITERALS) {
      if (text.startsWith(word, at)) return at += word.length, v;
    }
    NUMBER.lastIndex = at;
    const source = NUMBER.exec(text)?.[0];
    if (source === undefined) return fail("syntax");
    at = NUMBER.lastIndex;
    return isExact(source) ? Number(source) : rawJSON(source);
  };
  let depth = 0;
  /** One value with the space around it. */
  const value = (): Json => {
    space();
    const c = text.charCodeAt(at);
    let v: Json;
    if (c === 123 || c === 91) {
      if (++depth > MAX_DEPTH) fail("depth");
      v = c === 123 ? object() : array();
      depth--;
    } else v = c === 34 ? string() : scalar();
    space();
    return v;
  };
  const v = value();
  if (at < text.length) fail("syntax");
  return v;
}

/** The same value's text again: `parseJson(stringifyJson(x))` is `x`. */
export const stringifyJson = (value: Json): string => JSON.stringify(value);

/** One text for one value: keys sorted, numbers by value (those kept as text by their text), no space. */
export function canonicalJson(value: Json): string {
  if (typeof value !== "object" || value === null || isRawNumber(value)) return JSON.stringify(value);
  if (isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const fields = Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1);
  return `{${fields.map(([k, v]) => `${JSON.stringify(k)}:${canonicalJson(v)}`).join(",")}}`;
}

const isArray = (value: Json): value is readonly Json[] => Array.isArray(value);

/** Whether reading the number into a double and writing it again gives the same value, within ±(2^53 − 1) for integers. */
function isExact(source: string): boolean {
  const n = Number(source);
  if (source.length <= 15 && !/[eE]/.test(source)) return true;
  if (!Number.isFinite(n) || (Number.isInteger(n) && !Number.isSafeInteger(n))) return false;
  const [digits, exponent] = decimal(source);
  if (n === 0) return digits === "";
  const [digitsAgain, exponentAgain] = decimal(String(n));
  return digits === digitsAgain && exponent === exponentAgain;
}

/** Significant digits (no zeros at either end) and the power of ten of the last one; the sign is left out. */
function decimal(source: string): [string, number] {
  const unsigned = source.startsWith("-") ? source.slice(1) : source;
  const [mantissa = "", power = "0"] = unsigned.split(/[eE]/);
  const [whole = "", fraction = ""] = mantissa.split(".");
  const digits = whole + fraction;
  let start = 0, end = digits.length;
  while (start < end && digits.charCodeAt(start) === 48) start++;
  while (end > start && digits.charCodeAt(end - 1) === 48) end--;
  return [digits.slice(start, end), Number(power) - fraction.length + (digits.length - end)];
}
