import { type RouteConfig, z } from "@hono/zod-openapi";
import type { Context, MiddlewareHandler } from "hono";
import { actorName } from "@alpes/shared/seedwork/actor.ts";
import type { Env } from "./env.ts";
import { keepRefusal, readKey, routeOf } from "./idempotency.ts";
import { refuseEarly } from "./limits.ts";
import { both } from "./locale.ts";
import { type CampoInvalido, Problem } from "./problem.ts";
import { readQuery, shapeOf } from "./query.ts";
import { MIB, readBody, readJson } from "./strict_json.ts";
import { check, type Checked } from "./validation.ts";

/**
 * Reads a write's key and body, unless it would be turned away anyway; afterwards a refusal is kept under the key.
 */
export function received(route: RouteConfig): MiddlewareHandler<Env> {
  const limit: number = route["x-max-body"] ?? MIB;
  const patience = Math.ceil(limit / (8 * MIB));
  return async (c, next) => {
    refuseEarly(c, "write");
    const { small, large, keys } = c.get("limits");
    const given = c.req.header("idempotency-key");
    // Before the body: of a crowd with one key only the first costs more than these lines.
    const visit = given === undefined
      ? null
      : keys?.begin(actorName(c.get("actor")), routeOf(c), given) ?? null;
    c.set("visit", visit);
    let end = () => {};
    try {
      const held = limit > MIB ? large : small;
      const body = await readBody(c.req.raw, limit, c.get("bodyTimeoutMs") * patience, held);
      const { bytes } = body;
      ({ end } = body);
      // The raw stream is spent, also where nothing was in it; `c.req.text()` and `arrayBuffer()` of a handler read this.
      Object.assign(c.req.bodyCache, { arrayBuffer: Promise.resolve(bytes.buffer) });
      if (bytes.byteLength > 0 && isJson(c.req.header("content-type"))) c.set("json", jsonOf(bytes));
      c.set("bodySize", bytes.byteLength);
      const key = await readKey(c, bytes);
      c.set("key", key);
      if (key !== null) visit?.recall(key.fingerprint);
      await next();
      await keepRefusal(c);
    } finally {
      visit?.end();
      end();
    }
  };
}

function jsonOf(bytes: Uint8Array): Env["Variables"]["json"] {
  try {
    return { value: readJson(bytes) };
  } catch (e) {
    if (e instanceof Problem) return { fault: e };
    throw e;
  }
}

/** Validates all that a route declares at once, and refuses what it does not declare. */
export function validated({ method, request }: RouteConfig): MiddlewareHandler<Env> {
  const query = request?.query ?? z.object({});
  // A loose object takes whatever others put into its address, as OAuth wants it.
  const loose = query instanceof z.ZodObject && query.def.catchall instanceof z.ZodUnknown;
  const known = loose ? null : new Set(Object.keys(shapeOf(query) ?? {}));
  const headers = [request?.headers ?? []].flat();
  const body = ["get", "head"].includes(method) ? null : bodyOf(request?.body?.content);
  const bodyRequired = request?.body?.required === true;

  return async (c, next) => {
    // Not `c.var`, which copies all of them.
    const locale = c.get("locale"), json = c.get("json"), bodySize = c.get("bodySize");
    if (request?.params !== undefined) {
      const r = check(request.params, c.req.param(), locale);
      if (!r.ok) throw new Problem("no_encontrado");
      c.req.addValidatedData("param", r.value as object);
    }
    const errores: CampoInvalido[] = [];
    const take = (target: "query" | "header" | "json", r: Checked<unknown>) => {
      if (r.ok) c.req.addValidatedData(target, r.value as object);
      else errores.push(...r.errores);
    };
    if (body !== null && bodySize > 0) checkMediaType(c, body.types);

    if (request?.query !== undefined || c.req.url.includes("?")) {
      const q = readQuery(c.req.url, known);
      errores.push(...q.errores);
      take("query", check(query, q.values, locale, "query"));
    }
    for (const schema of headers) take("header", check(schema, headerValues(c, schema), locale, "headers"));
    if (json !== null && "fault" in json) {
      throw new Problem("json_malformado", { errores: [...json.fault.details.errores ?? [], ...errores] });
    }
    if (body !== null && body.schema !== null) {
      if (bodySize === 0 && bodyRequired) {
        throw new Problem("json_malformado", { errores: [{ campo: "cuerpo", mensaje: EMPTY }, ...errores] });
      }
      if (json !== null || bodySize === 0) {
        take("json", check(body.schema, json === null ? {} : json.value, locale));
      }
    }
    if (errores.length > 0) throw new Problem("validacion", { errores });
    await next();
  };
}
const EMPTY = both("el cuerpo está vacío", "the body is empty");

function headerValues(c: Context<Env>, schema: z.ZodType): Record<string, string | undefined> {
  return Object.fromEntries(Object.keys(shapeOf(schema) ?? {}).map((name) => [name, c.req.header(name)]));
}

interface Body {
  readonly types: readonly string[];
  /** `null` when the route takes other types than JSON only. */
  readonly schema: z.ZodType | null;
}

/** A write that declares no body takes an empty one, or `{}`. */
function bodyOf(content: Readonly<Record<string, object | undefined>> | undefined): Body {
  if (content === undefined) return { types: ["application/json"], schema: z.strictObject({}) };
  const json = Object.entries(content).find(([type]) => isJson(type))?.[1];
  const schema = json !== undefined && "schema" in json && json.schema instanceof z.ZodType
    ? json.schema
    : null;
  return { types: Object.keys(content), schema };
}

const essence = (type: string) => (type.split(";")[0] ?? "").trim().toLowerCase();
/** A missing content type is read as JSON. */
export const isJson = (type: string | undefined) =>
  type === undefined || /^application\/([a-z0-9.-]+\+)?json$/.test(essence(type));

function checkMediaType(c: Context<Env>, declared: readonly string[]): void {
  const type = c.req.header("content-type");
  const accepted = declared.some((d) =>
    isJson(d) ? isJson(type) : type !== undefined && essence(d) === essence(type)
  );
  const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(type ?? "")?.[1] ?? "utf-8";
  const encoding = c.req.header("content-encoding") ?? "identity";
  if (!accepted || !/^utf-?8$/i.test(charset) || encoding !== "identity") {
    throw new Problem("tipo_no_soportado");
  }
}
