import assert from "node:assert/strict";
import { abrirBff } from "../testing/bff.ts";
import { nadie } from "../testing/servicio.ts";

/** The BFF on a socket, with bytes in and bytes out. */
async function enSocket(env: Record<string, string> = {}, cliente?: string) {
  const bff = await abrirBff(env, cliente === undefined ? {} : { cliente });
  const corte = new AbortController();
  const servidor = Deno.serve(
    { hostname: "127.0.0.1", port: 0, signal: corte.signal, onListen() {} },
    bff.app.fetch,
  );
  const { port } = servidor.addr;
  return {
    bff,
    url: `http://127.0.0.1:${port}`,
    async crudo(lineas: string): Promise<string> {
      using conexion = await Deno.connect({ hostname: "127.0.0.1", port });
      await conexion.write(new TextEncoder().encode(lineas.replaceAll("\n", "\r\n")));
      return await new Response(conexion.readable).text();
    },
    async [Symbol.asyncDispose]() {
      corte.abort();
      await servidor.finished;
      await bff[Symbol.asyncDispose]();
    },
  };
}
function otroServicio(responder: (req: Request) => Response | Promise<Response>) {
  const corte = new AbortController();
  const s = Deno.serve({ hostname: "127.0.0.1", port: 0, signal: corte.signal, onListen() {} }, responder);
  return {
    base: `http://127.0.0.1:${s.addr.port}`,
    async [Symbol.asyncDispose]() {
      corte.abort();
      await s.finished;
    },
  };
}

Deno.test("a request comes through with its method, path, query, body and headers, and its answer with status and headers", async () => {
  await using s = await enSocket();
  const res = await fetch(`${s.url}/cliente/eco/a%2Fb;c=1/%C3%B1?x=%20y&x=2&vacio=`, {
    method: "PATCH",
    body: '{"a": 1}',
    headers: { "if-match": '"v1"', "x-propia": "sí".normalize(), "x-request-id": "s-9" },
  });
  const eco = await res.json();
  assert.equal(res.status, 207);
  assert.deepEqual([eco.metodo, eco.url, eco.cuerpo], [
    "PATCH",
    "/cliente/eco/a%2Fb;c=1/%C3%B1?x=%20y&x=2&vacio=",
    '{"a": 1}',
  ]);
  assert.equal(eco.cabeceras["if-match"], '"v1"');
  assert.equal(eco.cabeceras["x-request-id"], "s-9");
  assert.equal(res.headers.get("x-request-id"), "s-9");
});

Deno.test("what belongs to one connection stays on it, also what the connection header names", async () => {
  await using s = await enSocket();
  const texto = await s.crudo(
    "GET /cliente/eco/x HTTP/1.1\nhost: bff.example\nconnection: close, x-secreto\nx-secreto: 1\nte: trailers\nproxy-authorization: z\nkeep-alive: 5\n\n",
  );
  for (const nombre of ["x-secreto", '"te"', "proxy-authorization", "keep-alive", "bff.example"]) {
    assert.ok(!texto.includes(nombre), nombre);
  }
  assert.ok(!/^x-salto:/im.test(texto), "named by the service's own connection header");
});

Deno.test("an address that would arrive as another one goes nowhere", async () => {
  await using s = await enSocket();
  for (
    const ruta of [
      "/cliente/../pagos/x",
      "/cliente/%2e%2e/pagos",
      "/cliente/.%2E/x",
      "/cliente/./x",
      "/cliente/a\\..\\b",
      "/cliente/eco/\u00f1",
      "/clien%74e/c-1",
      "/cliente/eco/%2e",
    ]
  ) {
    const texto = await s.crudo(`GET ${ruta} HTTP/1.1\nhost: localhost\nconnection: close\n\n`);
    assert.match(texto, /^HTTP\/1\.1 (404|400)/, `${ruta}: ${texto.slice(0, 80)}`);
  }
  assert.deepEqual(s.bff.cliente.peticiones, []);
});

const CSV = { "content-type": "text/csv" };

Deno.test("a body streams through in both directions without being held", async () => {
  await using eco = otroServicio((req) => new Response(req.body));
  await using s = await enSocket({}, eco.base);
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const escritor = writable.getWriter();
  const pedido = fetch(`${s.url}/cliente/importaciones`, { method: "POST", body: readable, headers: CSV });
  await escritor.write(new TextEncoder().encode("uno"));
  const res = await pedido;
  const lector = res.body!.pipeThrough(new TextDecoderStream()).getReader();
  assert.equal((await lector.read()).value, "uno");
  await escritor.write(new TextEncoder().encode("dos"));
  assert.equal((await lector.read()).value, "dos");
  await escritor.close();
  assert.ok((await lector.read()).done);
});

Deno.test("twenty megabytes come through whole", async () => {
  await using cuenta = otroServicio(async (req) =>
    Response.json({ bytes: (await req.arrayBuffer()).byteLength })
  );
  await using s = await enSocket({ BFF_HTTP_TIMEOUT: "5" }, cuenta.base);
  const res = await fetch(`${s.url}/cliente/importaciones`, {
    method: "POST",
    body: new Uint8Array(20 << 20),
    headers: CSV,
  });
  assert.deepEqual(await res.json(), { bytes: 20 << 20 });
});

Deno.test("a long answer may take longer than the deadline as long as something moves, and ends when nothing does", async () => {
  let callar = false;
  const soltar = Promise.withResolvers<void>();
  await using goteo = otroServicio(() => {
    let n = 0;
    return new Response(
      new ReadableStream({
        async pull(c) {
          await (callar ? soltar.promise : new Promise((r) => setTimeout(r, 100)));
          if (n++ < 6) c.enqueue(new TextEncoder().encode(`${n}\n`));
          else c.close();
        },
      }),
    );
  });
  await using s = await enSocket({ BFF_HTTP_TIMEOUT: "0.25" }, goteo.base);
  assert.equal(await (await fetch(`${s.url}/cliente/x`)).text(), "1\n2\n3\n4\n5\n6\n");
  callar = true;
  const res = await fetch(`${s.url}/cliente/x`).catch(() => null);
  if (res !== null && res.status === 200) await assert.rejects(res.text());
  else {
    assert.equal(res?.status, 504);
    await res?.body?.cancel();
  }
  soltar.resolve();
});

Deno.test("a service that is away, silent or cuts is named, and its own errors come through as they are", async () => {
  {
    await using bff = await abrirBff({}, { cliente: nadie() });
    const r = await bff.enviar("/cliente/registrar", {});
    assert.deepEqual([r.status, r.json.codigo], [503, "servicio_no_responde"]);
    assert.match(r.json.detail, /cliente_service/);
  }
  for (const [mal, status] of [["mudo", 504], ["500", 500]] as const) {
    await using bff = await abrirBff({ BFF_HTTP_TIMEOUT: "1" });
    bff.cliente.estado = mal;
    const r = await bff.pedir("/cliente/c-1");
    assert.equal(r.status, status);
    assert.equal(bff.cliente.peticiones.length, 1);
  }
});

Deno.test("a refusal of the service, a HEAD and a list come through", async () => {
  await using s = await enSocket();
  const no = await fetch(`${s.url}/cliente/nadie`);
  assert.deepEqual([no.status, (await no.json()).codigo], [404, "no_encontrado"]);
  const cabeza = await fetch(`${s.url}/cliente/c-1`, { method: "HEAD" });
  assert.deepEqual([cabeza.status, cabeza.headers.get("etag"), await cabeza.text()], [200, '"v1"', ""]);
  const lista = await fetch(`${s.url}/cliente`);
  assert.equal((await lista.json()).data.length, 2);
  const nada = await fetch(`${s.url}/clientes`);
  assert.equal(nada.status, 404);
  await nada.body?.cancel();
});

Deno.test("a caller who goes away in the middle of his upload is not counted against the service", async () => {
  await using traga = otroServicio(async (req) => {
    await req.arrayBuffer().catch(() => null);
    return Response.json({});
  });
  await using s = await enSocket({ BFF_HTTP_TIMEOUT: "2" }, traga.base);
  for (let i = 0; i < 8; i++) {
    const conexion = await Deno.connect({ hostname: "127.0.0.1", port: Number(new URL(s.url).port) });
    await conexion.write(
      new TextEncoder().encode(
        "POST /cliente/x HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000\r\n\r\nabc",
      ),
    );
    await new Promise((r) => setTimeout(r, 20));
    conexion.close();
  }
  await new Promise((r) => setTimeout(r, 100));
  const res = await fetch(`${s.url}/cliente/x`);
  assert.equal(res.status, 200);
  await res.body?.cancel();
});

Deno.test("a JSON body is read before the service hears of it, and one over 1 MiB never comes so far", async () => {
  await using s = await enSocket();
  const conexion = await Deno.connect({ hostname: "127.0.0.1", port: Number(new URL(s.url).port) });
  const escribir = (t: string) => conexion.write(new TextEncoder().encode(t));
  await escribir(
    'POST /cliente/eco/x HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: 7\r\n\r\n{"a"',
  );
  await new Promise((r) => setTimeout(r, 100));
  assert.deepEqual(s.bff.cliente.peticiones, []);
  await escribir(":1}");
  assert.match(await new Response(conexion.readable).text(), /"cuerpo":"\{\\"a\\":1\}"/);
  const antes = s.bff.cliente.peticiones.length;
  const grande = await fetch(`${s.url}/cliente/eco/x`, { method: "POST", body: new Uint8Array(2 << 20) });
  assert.equal(grande.status, 413);
  await grande.body?.cancel();
  assert.equal(s.bff.cliente.peticiones.length, antes);
});
