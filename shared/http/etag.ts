import type { Context } from "hono";
import type { Env } from "./env.ts";
import { both } from "./locale.ts";
import { invalidField } from "./problem.ts";

/** The strong entity tag of a version: `"v7"`, quotes included. */
export const etag = (version: number): string => `"v${version}"`;

const TAG = /^(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"$/;

/**
 * The version that `If-Match` asks for; `null`: none, or any (`*`). A tag that is not ours, or a weak one, matches no
 * version: -1. Malformed, or several tags: 400.
 */
export function ifMatch(c: Context<Env>): number | null {
  const header = c.req.header("if-match")?.trim();
  if (header === undefined || header === "*") return null;
  const [, weak, tag = ""] = TAG.exec(header) ?? [];
  if (!TAG.test(header)) {
    throw invalidField(
      "If-Match",
      both('debe ser un ETag, como "v3", o *', 'must be one ETag, like "v3", or *'),
    );
  }
  const version = /^v(0|[1-9]\d{0,14})$/.exec(tag)?.[1];
  return weak !== undefined || version === undefined ? -1 : Number(version);
}

/** Whether an `If-None-Match` names this tag (weak comparison). */
export const noneMatch = (header: string, tag: string): boolean =>
  header.trim() === "*" ||
  header.split(",").some((t) => t.trim().replace(/^W\//, "") === tag.replace(/^W\//, ""));

/** Turns a GET's answer into 304 when the caller has it already; what is said of whom it is for stays. */
export function notModified(c: Context<Env>): void {
  const header = c.req.header("if-none-match");
  if (header === undefined || c.res.status !== 200) return;
  const tag = c.res.headers.get("etag");
  if (tag === null) return;
  if (!["GET", "HEAD"].includes(c.req.method) || !noneMatch(header, tag)) return;
  c.res.body?.cancel().catch(() => {});
  const headers = new Headers(c.res.headers);
  for (const name of ["content-type", "content-length", "content-encoding"]) headers.delete(name);
  c.res = undefined;
  c.res = new Response(null, { status: 304, headers });
}
