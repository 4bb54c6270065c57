import assert from "node:assert/strict";
import { acceptance, dig, field, nuevoId, platform, rows, status } from "./acceptance.ts";
import { badQueryValues, badValues } from "./bad_values.ts";
import { judge } from "./judge.ts";
import { fields, operations } from "./spec.ts";

const p = await platform();

const TEN_MB = new Uint8Array(10_000_000).fill(0x20);
const DEEP = "[".repeat(100_000) + "]".repeat(100_000);
const BAD_REQUEST = [400] as const;

for (
  const [process, base] of [["alpespartners", p.stack.servicesUrl], ["bff", p.stack.bffUrl]] as const
) {
  const document: unknown = await (await fetch(`${base}/spec`)).json();
  const all = operations(document);
  assert.ok(all.length > 20, `${process} documents ${all.length} operations`);
  for (const op of all) {
    acceptance(
      `${process}: ${op.method} ${op.path} refuses parameters that break their rules, by name`,
      async () => {
        const { send, complaints } = judge(base, op);
        // An identity provider may add what it likes to the way back (RFC 6749, 4.1.2: ignored).
        if (!op.path.endsWith("/entrar/oidc/vuelta")) {
          await send("an unknown parameter", { query: "?zzz=1" }, { status: BAD_REQUEST, campo: "zzz" });
        }
        for (const { name, schema } of op.params.filter((q) => q.in === "query")) {
          for (const value of badQueryValues(schema)) {
            await send(`${name}=${value}`.slice(0, 60), { query: `?${name}=${value}` }, {
              status: BAD_REQUEST,
              campo: name,
            });
          }
          await send(`${name} twice`, { query: `?${name}=1&${name}=1` }, {
            status: BAD_REQUEST,
            campo: name,
          });
        }
        if (op.params.some((q) => q.in === "path")) {
          for (const id of ["%00", "%ff", "a%20b", "x".repeat(300), "%F0%9F%98%80"]) {
            await send(`the path ${id}`.slice(0, 60), { path: op.path.replace(/\{\w+\}/g, id) }, {
              status: [404],
            });
          }
        }
        for (const { name } of op.params.filter((q) => q.in === "header")) {
          const body = op.body === null ? {} : { body: "{}" };
          const value = name === "If-Match" ? "no-es-una-etiqueta" : "con espacio";
          await send(`a bad ${name}`, { ...body, headers: { [name]: value } }, { status: [400, 404, 412] });
        }
        assert.deepEqual(complaints, []);
      },
    );

    // What files must be refused is told by the tests of those who read them.
    if (op.method === "GET" || op.file) continue;
    acceptance(`${process}: ${op.method} ${op.path} refuses every body that is broken`, async () => {
      const { send, complaints } = judge(base, op);
      const malformed = { status: BAD_REQUEST };
      await send("half an object", { body: '{"a":' }, malformed);
      await send("no JSON", { body: "hola" }, malformed);
      await send("a NUL", { body: '{"a":"\\u0000"}' }, { ...malformed, campo: "a" });
      await send("a lone surrogate", { body: '{"a":"\\ud83d"}' }, { ...malformed, campo: "a" });
      await send("a key given twice", { body: '{"a":1,"a":2}' }, { ...malformed, campo: "a" });
      await send("bytes that are no UTF-8", {
        body: new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
      }, malformed);
      await send("100,000 levels", { body: `{"a":${DEEP}}` }, malformed);
      await send("only 1e400", { body: "1e400" }, malformed);
      await send("an array", { body: "[]" }, malformed);
      await send("an unknown field", { body: '{"zzz":1}' }, { ...malformed, campo: "zzz" });
      await send("text", { body: "{}", headers: { "Content-Type": "text/plain" } }, { status: [415] });
      await send(
        "a form",
        { body: "a=1", headers: { "Content-Type": "application/x-www-form-urlencoded" } },
        { status: [415] },
      );
      await send("a compressed body", { body: "{}", headers: { "Content-Encoding": "gzip" } }, {
        status: [415],
      });
      await send("10 MB", { body: TEN_MB }, { status: [413] });
      assert.deepEqual(complaints, []);
    });

    const all = fields(document, op.body);
    if (all.length === 0) continue;
    acceptance(
      `${process}: ${op.method} ${op.path} names each of its ${all.length} fields that breaks its rule`,
      async () => {
        const { send, complaints } = judge(base, op);
        for (const f of all) {
          for (const { what, json } of badValues(f)) {
            const body = `{${JSON.stringify(f.name)}:${json}}`;
            await send(`${f.name}: ${what}`, { body }, { status: BAD_REQUEST, campo: f.name });
          }
        }
        const required = dig(op.body, "required");
        for (const name of Array.isArray(required) ? required.map(String) : []) {
          await send(`without ${name}`, { body: "{}" }, { status: BAD_REQUEST, campo: name });
        }
        assert.deepEqual(complaints, []);
      },
    );
  }
}

acceptance("the fields of a registration through the BFF have the service's rules", async () => {
  const document: unknown = await (await fetch(`${p.stack.servicesUrl}/spec`)).json();
  const registrar = operations(document).find((o) => o.operationId === "registrarCliente");
  assert.ok(registrar);
  const { send, complaints } = judge(p.stack.bffUrl, { ...registrar, path: "/api/v1/clientes" });
  for (const f of fields(document, registrar.body)) {
    for (const { what, json } of badValues(f)) {
      await send(`${f.name}: ${what}`, { body: `{${JSON.stringify(f.name)}:${json}}` }, {
        status: BAD_REQUEST,
        campo: f.name,
      });
    }
  }
  assert.deepEqual(complaints, []);
});

acceptance("a body of 10 MB that does not say its length is a 413 too", async () => {
  for (
    const url of [
      `${p.stack.servicesUrl}/cliente/registrar`,
      `${p.stack.bffUrl}/api/v1/clientes`,
      `${p.stack.bffUrl}/cliente/registrar`,
    ]
  ) {
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(c) {
        if ((sent += 65_536) > 10_000_000) c.close();
        else c.enqueue(new Uint8Array(65_536).fill(0x20));
      },
    });
    const init: RequestInit & { duplex: "half" } = { method: "POST", body, duplex: "half" };
    const r = await fetch(url, init);
    const text = await r.text();
    assert.equal(r.status, 413, `${url}: ${text}`);
  }
});

// The last one: it looks at what the others left.
acceptance(
  "after all of it both processes are ready, nobody waits for a connection, and writes go on",
  async () => {
    for (const base of [p.stack.servicesUrl, p.stack.bffUrl]) {
      const r = await fetch(`${base}/ready`);
      assert.equal(r.status, 200, await r.text());
    }
    const metrics = await (await fetch(`${p.stack.servicesUrl}/metrics`)).text();
    const waiting = [...metrics.matchAll(/^database_connections\{[^}]*en_espera[^}]*\} (\d+)$/gm)].map((m) =>
      m[1]
    );
    assert.ok(waiting.length >= 3);
    // The scrape itself asks each database something.
    assert.deepEqual(waiting.filter((n) => Number(n) > 1), []);
    field(
      status(
        await p.post("/campanias/crear", {
          idCampania: nuevoId("k"),
          idCliente: await p.cliente(),
          itinerario: [],
        }),
        202,
      ),
      "estado",
      "PENDIENTE",
    );
    assert.ok(rows(await p.get("/campanias")).length > 0);
    const faults = p.stack.logs().split("\n").filter((l) => /"level":"(error|fatal)"/.test(l)).map((l) => {
      const line: unknown = JSON.parse(l.slice(l.indexOf("{")));
      return `${dig(line, "ruta")}: ${dig(line, "error.message") ?? dig(line, "msg")}`;
    });
    assert.deepEqual([...new Set(faults)], []);
  },
);
