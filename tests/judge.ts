import { dig } from "./acceptance.ts";
import type { Operation } from "./spec.ts";

interface Sent {
  readonly path?: string;
  readonly query?: string;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Record<string, string>;
}
interface Expected {
  readonly status: readonly number[];
  /** The field that the problem must name. */
  readonly campo?: string;
}

/** What a path takes: a word of the schema's where it takes only some, else an id of its kind that nothing has. */
function wellFormed(op: Operation, name: string): string {
  const schema = op.params.find((q) => q.in === "path" && q.name === name)?.schema;
  const [words, pattern] = [dig(schema, "enum"), dig(schema, "pattern")];
  if (Array.isArray(words)) return String(words[0]);
  // A rule that no pattern tells is shown by its example.
  const example = dig(schema, "example");
  if (pattern === undefined && typeof example === "string") return example;
  const takes = typeof pattern === "string" ? new RegExp(pattern) : /^/;
  const zeros = Array.from({ length: 64 }, (_, i) => "0".repeat(i + 1));
  const ids = ["no-existe", "00000000-0000-7000-8000-000000000000", ...zeros];
  return ids.find((id) => takes.test(id)) ?? "no-existe";
}

/** Collects what is wrong with the answers of one operation, so that one run tells it all. */
export function judge(base: string, op: Operation) {
  const complaints: string[] = [];
  const path = op.path.replace(/\{(\w+)\}/g, (_, name: string) => wellFormed(op, name));
  return {
    complaints,
    async send(what: string, { path: other, query = "", body, headers = {} }: Sent, expected: Expected) {
      const response = await fetch(`${base}${other ?? path}${query}`, {
        method: op.method,
        headers: body === undefined ? headers : { "Content-Type": "application/json", ...headers },
        body: body ?? null,
      });
      const text = await response.text();
      const complain = (why: string) =>
        complaints.push(`${what}: ${why}; got ${response.status} ${text.slice(0, 300)}`);
      if (!expected.status.includes(response.status)) {
        return complain(`expected ${expected.status.join(" or ")}`);
      }
      if (response.headers.get("content-type") !== "application/problem+json") {
        return complain("no problem+json");
      }
      const problem: unknown = JSON.parse(text);
      for (const member of ["type", "title", "detail", "instance", "codigo", "solicitud"]) {
        if (typeof dig(problem, member) !== "string") complain(`no ${member}`);
      }
      if (dig(problem, "solicitud") !== response.headers.get("x-request-id")) complain("another solicitud");
      if (/file:\/\/|node_modules|\bat \w+ \(|select |insert /i.test(text)) complain("tells of its inside");
      const { campo } = expected;
      const errores = dig(problem, "errores");
      const named = Array.isArray(errores) ? errores.map((e) => String(dig(e, "campo"))) : [];
      if (
        campo !== undefined &&
        !named.some((n) => n === campo || n.startsWith(`${campo}.`) || n.startsWith(`${campo}[`))
      ) {
        complain(`does not name ${campo}`);
      }
    },
  };
}
