import { dig } from "@alpes/shared/dev/demo_api.ts";

/** An operation as an OpenAPI document tells it. */
export interface Operation {
  readonly method: string;
  /** With its parameters as `{id}`. */
  readonly path: string;
  readonly operationId: string | null;
  readonly params: readonly { readonly name: string; readonly in: string; readonly schema: unknown }[];
  /** The schema of its body, `null` where it takes none. */
  readonly body: unknown;
  /** It takes a body that is no JSON: a file. */
  readonly file: boolean;
  readonly statuses: readonly string[];
}
const METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/** Every operation of a document, references resolved one level deep where they are looked at. */
export function operations(document: unknown): Operation[] {
  const found: Operation[] = [];
  for (const [path, item] of entries(dig(document, "paths"))) {
    for (const [method, op] of entries(item).filter(([m]) => METHODS.includes(m))) {
      const parameters = dig(op, "parameters");
      const content = entries(dig(op, "requestBody.content"));
      found.push({
        method: method.toUpperCase(),
        path,
        operationId: typeof dig(op, "operationId") === "string" ? String(dig(op, "operationId")) : null,
        params: (Array.isArray(parameters) ? parameters : []).map((p) => ({
          name: String(dig(p, "name")),
          in: String(dig(p, "in")),
          schema: resolve(document, dig(p, "schema")),
        })),
        body: resolve(document, dig(content[0]?.[1], "schema")) ?? null,
        file: content.length > 0 && content.every(([type]) => type !== "application/json"),
        statuses: entries(dig(op, "responses")).map(([s]) => s),
      });
    }
  }
  return found;
}

export const entries = (v: unknown): [string, unknown][] =>
  typeof v === "object" && v !== null ? Object.entries(v) : [];

/** Follows a `$ref` of the same document. */
export function resolve(document: unknown, schema: unknown): unknown {
  const ref = typeof schema === "object" && schema !== null ? Reflect.get(schema, "$ref") : undefined;
  if (typeof ref !== "string") return schema;
  const at = ref.replace(/^#\//, "").split("/").reduce<unknown>((v, key) => Object(v)[key], document);
  return resolve(document, at);
}

export interface Field {
  readonly name: string;
  readonly schema: unknown;
}

/** The fields of an object schema; of alternatives, those of all of them. */
export function fields(document: unknown, schema: unknown): Field[] {
  const own = entries(dig(schema, "properties")).map(([name, s]) => ({ name, schema: resolve(document, s) }));
  const alternatives = ["anyOf", "oneOf", "allOf"].flatMap((k) => {
    const some = dig(schema, k);
    return Array.isArray(some) ? some.flatMap((s) => fields(document, resolve(document, s))) : [];
  });
  return [...own, ...alternatives];
}

/** The JSON types that a schema takes; every one where it names none. */
export function typesOf(schema: unknown): ReadonlySet<string> {
  const type = dig(schema, "type");
  if (typeof type === "string") return new Set([type]);
  if (Array.isArray(type)) return new Set(type.map(String));
  const some = dig(schema, "anyOf") ?? dig(schema, "oneOf");
  if (Array.isArray(some)) return new Set(some.flatMap((s) => [...typesOf(s)]));
  return new Set(["null", "boolean", "number", "integer", "string", "array", "object"]);
}
