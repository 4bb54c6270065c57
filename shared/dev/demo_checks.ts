import { type Answer, type Api, dig } from "./demo_api.ts";

/** An outcome that is not the one that the contract says. */
export class Unexpected extends Error {
  override readonly name = "Unexpected";
  constructor(
    readonly what: string,
    readonly expected: string,
    readonly got: string,
    readonly requestId: string,
  ) {
    super(`${what}: expected ${expected}, got ${got} (X-Request-Id ${requestId})`);
  }
}

const shown = (v: unknown): string => typeof v === "string" ? v : JSON.stringify(v) ?? "nothing";
/** A problem in a few words: its status, code and fields. */
function told(a: Answer): string {
  const codigo = dig(a.body, "codigo");
  if (codigo === undefined) return `${a.status} ${a.text.slice(0, 200)}`.trim();
  const fields = fieldsOf(a);
  return `${a.status} ${shown(codigo)}${fields.length > 0 ? ` (${fields.join(", ")})` : ""}: ${
    shown(dig(a.body, "detail"))
  }`;
}

/** The fields that a problem names. */
export function fieldsOf(a: Answer): string[] {
  const errores = dig(a.body, "errores");
  return Array.isArray(errores) ? errores.map((e) => shown(dig(e, "campo"))) : [];
}

/** Gives the answer on when its status is one of these. */
export function status(a: Answer, ...expected: readonly number[]): Answer {
  if (expected.includes(a.status)) return a;
  throw new Unexpected(a.request, expected.join(" or "), told(a), a.requestId);
}

/** Gives the answer on when the value at `path` of its body is one of these. */
export function field(a: Answer, path: string, ...expected: readonly unknown[]): Answer {
  const got = dig(a.body, path);
  if (expected.some((e) => shown(e) === shown(got))) return a;
  throw new Unexpected(`${a.request}, ${path}`, expected.map(shown).join(" or "), shown(got), a.requestId);
}

/** The text at `path` of the answer's body. */
export function text(a: Answer, path: string): string {
  const got = dig(a.body, path);
  if (typeof got === "string") return got;
  throw new Unexpected(`${a.request}, ${path}`, "a text", shown(got), a.requestId);
}

/** Looks again until the value at `path` is one of these, for at most `ms`; then it is an `Unexpected`. */
export async function until(
  api: Api,
  request: string,
  path: string,
  expected: readonly unknown[],
  ms: number,
): Promise<Answer> {
  const end = performance.now() + ms;
  for (let pause = 50;; pause = Math.min(pause * 1.5, 500)) {
    const a = await api.send("GET", request);
    if (a.status === 200 && expected.some((e) => shown(e) === shown(dig(a.body, path)))) return a;
    if (performance.now() > end) {
      throw new Unexpected(
        `${a.request}, ${path}, within ${ms / 1_000} s`,
        expected.map(shown).join(" or "),
        a.status === 200 ? shown(dig(a.body, path)) : told(a),
        a.requestId,
      );
    }
    await new Promise((r) => setTimeout(r, pause));
  }
}

/** Does the work on every item, `width` at a time, and gives the results in the items' order. */
export async function each<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T, i: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async () => {
    for (let i = next++; i < items.length; i = next++) {
      const item = items[i];
      if (item !== undefined) results[i] = await work(item, i);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  return results;
}
