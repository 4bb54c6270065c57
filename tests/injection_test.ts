import assert from "node:assert/strict";
import { dig } from "./acceptance.ts";
import { cuerpoDe, direccion, type Guardada, guardadas } from "./matriz/operaciones.ts";
import { mundo, type Quien } from "./matriz/mundo.ts";
import { fields, typesOf } from "./spec.ts";

/** Text that would become SQL, a pattern or a command where somebody glued it into one. */
const CORPUS = [
  "'",
  "''",
  "\\",
  "\\'",
  '"',
  "' or '1'='1",
  "' or 1=1 --",
  "') or ('1'='1",
  "1; drop table cliente.clientes; --",
  "'; drop schema pagos cascade; --",
  "' union select id, null from seguridad.claves --",
  "' || pg_sleep(3) || '",
  "1 and 1=(select 1 from pg_sleep(3))",
  "'; select pg_sleep(3); --",
  "$$; select pg_sleep(3); $$",
  "E'\\x27 or 1=1'",
  "U&'\\0027 or 1=1'",
  "/**/or/**/1=1",
  "zdos%' and '1'='1",
  "%",
  "_",
  "%%%%%%%%%%%%%%%%%%%%z",
  "$1",
  "?",
  "?::text",
  "{}",
  '{"$gt":""}',
  '{"x":"y"}',
  "(select 1)",
  "pg_catalog.pg_sleep",
  "nombre; select 1",
  "id desc, (select pg_sleep(3))",
  "ʼ or 1=1",
  "＇ or 1=1",
  "../../etc/passwd",
  "`id`",
  "$(id)",
  "${7*7}",
  "{{7*7}}",
  "<script>alert(1)</script>",
  "\r\nX-Injected: 1",
];
const SLOW_MS = 2_500;

const m = await mundo();
Deno.test.afterAll(async () => {
  await m[Symbol.asyncDispose]();
});

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}
async function ask({ proceso }: Guardada, { method, path, body }: Asked, quien: Quien) {
  const started = performance.now();
  const r = await fetch(m.url[proceso] + path, {
    method,
    headers: {
      authorization: `Bearer ${m.credencial[quien]}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    body: body === undefined ? null : JSON.stringify(body),
    redirect: "manual",
  });
  return { status: r.status, headers: r.headers, text: await r.text(), ms: performance.now() - started };
}
/** What is wrong with an answer to something that must have been taken as plain text. */
function complaint(r: Awaited<ReturnType<typeof ask>>): string | null {
  if (r.status >= 500) return `${r.status} ${r.text}`;
  if (r.ms > SLOW_MS) return `took ${Math.round(r.ms)} ms`;
  if (r.headers.has("x-injected")) return "a header of the caller's own";
  // What was sent may stand in the answer; what only a database or a shell says may not.
  if (
    /syntax error at|SQLSTATE|pg_catalog\.pg_(?!sleep)|unterminated|relation ".*" does not|uid=\d/.test(
      r.text,
    )
  ) {
    return `tells of its inside: ${r.text.slice(0, 200)}`;
  }
  return null;
}
const isText = (schema: unknown) => typesOf(schema).has("string") && !Array.isArray(dig(schema, "enum"));

// First, while nothing has such a name.
for (const path of ["/cliente", "/pagos", "/campanias", "/pagos/transacciones"]) {
  Deno.test({
    name: `${path}: no search shows a partner more than its own, and patterns are letters`,
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      const headers = { authorization: `Bearer ${m.credencial.zuno}` };
      for (const value of CORPUS) {
        for (
          const name of [
            "search",
            "partner_id",
            "idCliente",
            "ids",
            "cursor",
            "sort_by",
            "estado",
            "cycle_id",
          ]
        ) {
          const r = await fetch(`${m.url.alpespartners}${path}?${name}=${encodeURIComponent(value)}`, {
            headers,
          });
          const text = await r.text();
          assert.ok(r.status < 500, text);
          assert.ok(!text.includes("zdos") || value.includes("zdos"), `${name}=${value}: ${text}`);
          if (r.status !== 200) continue;
          const { data } = JSON.parse(text);
          assert.ok(Array.isArray(data) && data.length === 0, `${name}=${value}: ${text}`);
        }
      }
    },
  });
}

for (const g of guardadas(m)) {
  const { operacion } = g;
  const texts = operacion.params.filter((p) => p.in === "query");
  const [path = ""] = direccion(g, "zuno", m.clave).split("?");
  const asked: [string, Asked][] = [];
  for (const value of CORPUS) {
    const written = encodeURIComponent(value);
    for (const { name } of texts) {
      asked.push([`${name}=${value}`, { method: operacion.method, path: `${path}?${name}=${written}` }]);
    }
    for (const { name } of operacion.params.filter((p) => p.in === "path")) {
      asked.push([`{${name}}=${value}`, {
        method: operacion.method,
        path: operacion.path.replace(`{${name}}`, written),
      }]);
    }
  }
  const whole = operacion.body === null ? null : cuerpoDe(g, "zuno") ?? {};
  const campos = whole === null
    ? []
    : fields(m.documento[g.proceso], operacion.body).filter((f) => isText(f.schema));
  for (const { name } of campos) {
    // Every third: a write costs more, and each of them goes the same way as the others.
    for (const value of CORPUS.filter((_, i) => i % 3 === 0)) {
      asked.push([`${name}: ${value}`, {
        method: operacion.method,
        path,
        body: { ...whole, [name]: value },
      }]);
    }
  }
  if (asked.length === 0) continue;
  Deno.test({
    name: `${g.id}: none of ${asked.length} texts becomes more than text`,
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      const wrong: string[] = [];
      for (const [what, one] of asked) {
        const body = one.body === undefined && operacion.body !== null ? { body: whole } : {};
        const c = complaint(await ask(g, { ...one, ...body }, "admin"));
        if (c !== null) wrong.push(`${what}: ${c}`);
      }
      assert.deepEqual(wrong, []);
    },
  });
}

Deno.test({
  name: "after all of it everything is still there",
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const headers = { authorization: `Bearer ${m.credencial.admin}` };
    for (
      const path of ["/cliente/c-zdos", "/campanias/k-zdos", "/pagos/p-zdos", "/cliente/operacion/claves"]
    ) {
      const r = await fetch(m.url.alpespartners + path, { headers });
      assert.equal(r.status, 200, `${path}: ${await r.text()}`);
    }
  },
});
