import assert from "node:assert/strict";
import { acceptance, dig, platform } from "./acceptance.ts";

const p = await platform();

/** Runs a script of shared/dev as its task does; gives its exit code and what it said. */
async function run(script: string, bff: string, ...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", new URL(`../shared/dev/${script}`, import.meta.url).href, ...args],
    env: { BFF_URL: bff, NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  return { code, out: text.decode(stdout), err: text.decode(stderr) };
}

/** The platform seen through somebody who changes an answer. */
function liar(change: (path: string, status: number, text: string) => [number, string]) {
  return Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const { pathname, search } = new URL(request.url);
    const body = request.body === null ? null : await request.text();
    const a = await fetch(`${p.stack.bffUrl}${pathname}${search}`, {
      method: request.method,
      headers: request.headers,
      body,
    });
    const [status, text] = change(pathname, a.status, await a.text());
    const headers = new Headers(a.headers);
    for (const name of ["content-length", "content-encoding"]) headers.delete(name);
    return new Response(text === "" ? null : text, { status, headers });
  });
}

acceptance("the demo ends well on a fresh platform, and again on the same one", async () => {
  const first = await run("demo.ts", p.stack.bffUrl);
  assert.equal(first.code, 0, first.out + first.err);
  assert.match(first.out, /318 × 201/);
  assert.match(first.out, /COP 65,200\.02/);
  assert.match(first.out, /monto_total_procesado\s+COP 2,087,500\.52/);
  assert.match(first.out, /✓ 21 as the contract says, 0 not/);
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(first.out, /\x1b/);

  const panel = await p.get("/api/v1/dashboard");
  const again = await run("demo.ts", p.stack.bffUrl);
  assert.equal(again.code, 0, again.out + again.err);
  assert.match(again.out, /318 × 200, they stood/);
  const after = await p.get("/api/v1/dashboard");
  for (const figure of ["total_clientes", "total_pagos", "total_campanias", "monto_total_procesado"]) {
    assert.deepEqual(dig(after.body, figure), dig(panel.body, figure), figure);
  }
});

acceptance(
  "an outcome that is not the contract's ends the demo with 1, and is told with its request",
  async () => {
    await using proxy = liar((path, status, text) =>
      path === "/pagos/pagar" && status === 422 ? [202, '{"id":"otro","estado":"EXITOSO"}'] : [status, text]
    );
    const { code, out } = await run("demo.ts", `http://127.0.0.1:${proxy.addr.port}`);
    assert.equal(code, 1);
    assert.match(
      out,
      /✗ one payment sent twice is paid once\n\s+at: .*\n\s+expected: 422\n\s+got: .*\n\s+request: +X-Request-Id \S{8,}/,
    );
    assert.match(out, /✗ 20 as the contract says, 1 not/);
  },
);

acceptance("a seed leaves one of every state that lasts, and sown again changes nothing", async () => {
  const sow = () => run("seed.ts", p.stack.bffUrl, "--semilla", "7", "--clientes", "12");
  const first = await sow();
  assert.equal(first.code, 0, first.out + first.err);
  const counts = async () => {
    const found: Record<string, unknown> = {};
    for (const modulo of ["cliente", "campanias", "pagos"]) {
      found[modulo] = dig((await p.get(`/${modulo}/estadisticas`)).body, "por_estado");
    }
    for (const estado of ["ACTIVE", "CANCELLED", "REFUNDED"]) {
      const page = await p.get(`/pagos/transacciones?estado=${estado}&per_page=1`);
      found[estado] = dig(page.body, "pagination.total");
    }
    found["ciclos"] = dig((await p.get("/pagos/ciclos?per_page=1")).body, "pagination.total");
    return found;
  };
  const sown = await counts();
  const of = (modulo: string) => new Map(Object.entries(Object(sown[modulo])));
  for (const estado of ["ACTIVO", "INACTIVO", "SUSPENDIDO"]) {
    assert.ok(Number(of("cliente").get(estado)) > 0, estado);
  }
  for (const estado of ["PENDIENTE", "APROBADA", "PAUSADA", "FINALIZADA", "CANCELADA"]) {
    assert.ok(Number(of("campanias").get(estado)) > 0, estado);
  }
  // PENDIENTE, CALCULADO, CONFIRMADO and EN_PROCESO pass within seconds.
  for (const estado of ["EN_VERIFICACION", "EXITOSO", "FALLIDO", "RECHAZADO", "REVERTIDO"]) {
    assert.ok(Number(of("pagos").get(estado)) > 0, estado);
  }
  for (const what of ["ACTIVE", "CANCELLED", "REFUNDED", "ciclos"]) assert.ok(Number(sown[what]) > 0, what);

  const again = await sow();
  assert.equal(again.code, 0, again.out + again.err);
  assert.deepEqual(await counts(), sown);
  // More of the same seed begins with what stands.
  const more = await run("seed.ts", p.stack.bffUrl, "--semilla", "7", "--clientes", "25");
  assert.equal(more.code, 0, more.out + more.err);
});

for (const script of ["demo.ts", "seed.ts"]) {
  acceptance(`${script} says what to do where nothing runs`, async () => {
    const closed = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const base = `http://127.0.0.1:${closed.addr.port}`;
    closed.close();
    const { code, out, err } = await run(script, base);
    assert.equal(code, 1);
    assert.equal(out, "");
    assert.match(err, /why: .*refused: the platform is not running there\n/);
    assert.ok(err.startsWith(`✗ nothing answers at ${base}\n`), err);
    assert.ok(err.endsWith(`  run: curl -i ${base}/api/v1/health\n`), err);
  });
}

acceptance("a seed that is no number is refused with a line that works", async () => {
  const { code, err } = await run("seed.ts", p.stack.bffUrl, "--semilla", "uno");
  assert.equal(code, 1);
  assert.match(err, /--semilla must be an integer.*\n {2}run: deno task seed --semilla 1/);
});
