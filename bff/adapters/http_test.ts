import assert from "node:assert/strict";
import { z } from "@hono/zod-openapi";
import type { Llamada } from "../ports.ts";
import { nadie } from "../testing/servicio.ts";
import type { OpcionesServidor } from "./falla.ts";
import { httpServidor } from "./http.ts";

const Esquema = z.object({ a: z.number() });
const llamada = (ms = 500): Llamada => ({
  llamador: "ana",
  cabeceras: {
    "x-request-id": "s-1",
    traceparent: "00-1-2-01",
    "x-actor": "persona:ana",
    "accept-language": "en",
  },
  plazo: performance.now() + ms,
});

/** A real server that answers as told, and counts. */
function servir(
  responder: (req: Request, vez: number, fin: Promise<Response>) => Response | Promise<Response>,
) {
  const corte = new AbortController();
  const fin = Promise.withResolvers<Response>();
  const pendientes: Promise<Response>[] = [];
  const vistas: { url: string; headers: Headers }[] = [];
  const s = Deno.serve({ hostname: "127.0.0.1", port: 0, signal: corte.signal, onListen() {} }, (req) => {
    vistas.push({ url: req.url, headers: new Headers(req.headers) });
    const respuesta = Promise.resolve(responder(req, vistas.length, fin.promise));
    pendientes.push(respuesta);
    return respuesta;
  });
  return {
    base: `http://127.0.0.1:${s.addr.port}`,
    vistas,
    async [Symbol.asyncDispose]() {
      fin.resolve(new Response());
      corte.abort();
      await s.finished;
      await Promise.allSettled(pendientes);
    },
  };
}
const servidor = (base: string, o: Partial<OpcionesServidor> = {}) =>
  httpServidor({ servicio: "pagos", base, plazoMs: 500, reintentos: 2, ...o });
const bien = () => Response.json({ a: 1, de_mas: true });
const mudo = (_req: Request, _vez: number, fin: Promise<Response>) => fin;

Deno.test("a good answer is read, checked, and stripped of what the contract does not know", async () => {
  await using s = servir(bien);
  const r = await servidor(s.base).leer(
    { ruta: "/x", consulta: { q: "ñ &", n: 1, nada: undefined } },
    Esquema,
    llamada(),
  );
  assert.deepEqual(r.ok && r.value.valor, { a: 1 });
  assert.equal(new URL(s.vistas[0]?.url ?? "").search, "?q=%C3%B1+%26&n=1");
});

Deno.test("who asks, the request's id, the trace, the language and the time that is left travel on", async () => {
  await using s = servir(bien);
  await servidor(s.base).leer({ ruta: "/x" }, Esquema, llamada(300));
  const h = s.vistas[0]?.headers ?? new Headers();
  assert.equal(h.get("x-request-id"), "s-1");
  assert.equal(h.get("traceparent"), "00-1-2-01");
  assert.equal(h.get("x-actor"), "persona:ana");
  assert.equal(h.get("accept-language"), "en");
  const queda = Number(h.get("x-timeout-ms"));
  assert.ok(queda > 0 && queda <= 300, String(queda));
});

Deno.test("a read is asked again after 5xx and broken connections, at most as often as set", async () => {
  await using s = servir((_req, vez) => vez < 3 ? new Response("no", { status: 500 }) : bien());
  const r = await servidor(s.base).leer({ ruta: "/x" }, Esquema, llamada());
  assert.ok(r.ok);
  assert.equal(s.vistas.length, 3);

  await using nunca = servir(() => new Response("no", { status: 502 }));
  const f = await servidor(nunca.base, { reintentos: 1 }).leer({ ruta: "/x" }, Esquema, llamada());
  assert.deepEqual(f, { ok: false, error: { tipo: "error", servicio: "pagos", status: 502, espera: null } });
  assert.equal(nunca.vistas.length, 2);
});

Deno.test("what a service refuses (4xx), answers wrongly, or asks to wait for is not asked again", async () => {
  for (
    const mala of [
      () => Response.json({ codigo: "x" }, { status: 404 }),
      () => new Response("{", { status: 200 }),
      () => new Response("{}", { status: 503, headers: { "retry-after": "9" } }),
    ]
  ) {
    await using s = servir(mala);
    const r = await servidor(s.base).leer({ ruta: "/x" }, Esquema, llamada());
    assert.ok(!r.ok);
    assert.equal(s.vistas.length, 1, r.error.tipo);
  }
});

Deno.test("a write is sent once, whatever happens to it, with the caller's headers and body", async () => {
  await using s = servir(() => new Response("no", { status: 500 }));
  const p = servidor(s.base);
  const r = await p.enviar(
    "/y",
    '{"big":12345678901234567890}',
    { "idempotency-key": "k", "if-match": '"v1"' },
    Esquema,
    llamada(),
  );
  assert.ok(!r.ok && r.error.tipo === "error");
  assert.equal(s.vistas.length, 1);
  assert.equal(s.vistas[0]?.headers.get("idempotency-key"), "k");
  assert.equal(s.vistas[0]?.headers.get("if-match"), '"v1"');
});

Deno.test("silence ends at the deadline, before the head and in the middle of the body", async () => {
  await using callado = servir(mudo);
  await using aMedias = servir(() =>
    new Response(
      new ReadableStream({
        start(c) {
          c.enqueue(new TextEncoder().encode('{"a":'));
        },
      }),
    )
  );
  for (const s of [callado, aMedias]) {
    const empezo = performance.now();
    const r = await servidor(s.base).leer({ ruta: "/x" }, Esquema, llamada(150));
    const ms = performance.now() - empezo;
    assert.deepEqual(r, { ok: false, error: { tipo: "plazo", servicio: "pagos" } });
    assert.ok(ms >= 140 && ms < 450, `${ms} ms`);
  }
});

Deno.test("retries never outlast the deadline", async () => {
  await using s = servir(async () => {
    await new Promise((r) => setTimeout(r, 60));
    return new Response("no", { status: 500 });
  });
  const empezo = performance.now();
  const r = await servidor(s.base, { reintentos: 10 }).leer({ ruta: "/x" }, Esquema, llamada(250));
  assert.ok(!r.ok);
  const ms = performance.now() - empezo;
  assert.ok(ms < 300, `${ms} ms`);
});

Deno.test("nobody listening, a cut answer and garbage are told apart", async () => {
  const una = async (base: string, esquema = Esquema) => {
    const r = await servidor(base, { reintentos: 0 }).leer({ ruta: "/x" }, esquema, llamada());
    return r.ok ? "ok" : r.error.tipo;
  };
  assert.equal(await una(nadie()), "no_responde");
  await using corta = servir(() =>
    new Response(new ReadableStream({ pull: (c) => c.error(new Error("cut")) }), {
      headers: { "content-length": "50" },
    })
  );
  assert.equal(await una(corta.base), "cortada");
  for (const cuerpo of ["<html>", "", '{"a":"no"}', "[]", "null", '{"a":1}x']) {
    await using s = servir(() => new Response(cuerpo));
    assert.equal(await una(s.base), "respuesta_invalida", cuerpo);
  }
  await using otro = servir(() =>
    new Response(null, { status: 302, headers: { location: "http://127.0.0.1:1/" } })
  );
  assert.equal(await una(otro.base), "respuesta_invalida");
});

Deno.test("a body without end is not read to the end", async () => {
  const trozo = new Uint8Array(1 << 20).fill(32);
  let enviados = 0;
  await using s = servir(() =>
    new Response(
      new ReadableStream({
        pull(c) {
          enviados++;
          c.enqueue(trozo);
        },
      }),
    )
  );
  const r = await servidor(s.base, { reintentos: 0, plazoMs: 5_000 }).leer(
    { ruta: "/x" },
    Esquema,
    llamada(5_000),
  );
  assert.ok(!r.ok && r.error.tipo === "respuesta_invalida");
  assert.ok(enviados < 40, `${enviados} MiB`);
});

Deno.test("numbers that a double cannot carry come through as they were written", async () => {
  await using s = servir(() =>
    new Response('{"a":[12345678901234567890, 0.1234567890123456789, 1.5, "7 1234567890123456789"]}')
  );
  const r = await servidor(s.base).leer({ ruta: "/x" }, z.object({ a: z.unknown() }), llamada());
  assert.ok(r.ok);
  assert.equal(
    JSON.stringify(r.value.valor),
    '{"a":[12345678901234567890,0.1234567890123456789,1.5,"7 1234567890123456789"]}',
  );
});

Deno.test("a refusal keeps its code, its fields and how long to wait", async () => {
  await using s = servir(() =>
    Response.json({
      codigo: "demasiadas",
      title: "t",
      detail: "d",
      errores: [{ campo: "email", mensaje: "m" }],
    }, {
      status: 429,
      headers: { "retry-after": "3" },
    })
  );
  const r = await servidor(s.base).leer({ ruta: "/x" }, Esquema, llamada());
  assert.deepEqual(r, {
    ok: false,
    error: {
      tipo: "rechazo",
      servicio: "pagos",
      status: 429,
      codigo: "demasiadas",
      titulo: "t",
      detalle: "d",
      errores: [{ campo: "email", mensaje: "m" }],
      espera: "3",
    },
  });
});

Deno.test("after failures in a row the circuit opens, answers at once, lets one request try, and closes when that one succeeds", async () => {
  let sano = false;
  await using s = servir(() => sano ? bien() : new Response("no", { status: 500 }));
  const p = servidor(s.base, { reintentos: 0, circuito: { fallas: 3, pausaMs: 80 } });
  const leer = () => p.leer({ ruta: "/x" }, Esquema, llamada());
  for (let i = 0; i < 3; i++) assert.equal((await leer() as { error: { tipo: string } }).error.tipo, "error");
  assert.deepEqual(await leer(), { ok: false, error: { tipo: "circuito_abierto", servicio: "pagos" } });
  assert.equal(s.vistas.length, 3);
  assert.deepEqual(
    await p.enviar("/y", "{}", {}, Esquema, llamada()),
    { ok: false, error: { tipo: "circuito_abierto", servicio: "pagos" } },
  );
  await new Promise((r) => setTimeout(r, 100));
  assert.equal((await leer() as { error: { tipo: string } }).error.tipo, "error");
  assert.equal(s.vistas.length, 4);
  sano = true;
  await new Promise((r) => setTimeout(r, 100));
  const juntas = await Promise.all([leer(), leer(), leer()]);
  assert.equal(s.vistas.length, 5, "one request tries, the others are told at once");
  assert.deepEqual(juntas.map((r) => r.ok), [true, false, false]);
  assert.ok((await leer()).ok);
});

Deno.test("refusals do not open the circuit", async () => {
  await using s = servir((_r, vez) => vez <= 20 ? new Response("{}", { status: 404 }) : bien());
  const p = servidor(s.base, { circuito: { fallas: 3, pausaMs: 10_000 } });
  for (let i = 0; i < 20; i++) await p.leer({ ruta: "/x" }, Esquema, llamada());
  assert.ok((await p.leer({ ruta: "/x" }, Esquema, llamada())).ok);
});

Deno.test("a pulse is measured whatever the circuit says: up, degraded when not ready or slow, down when nobody answers", async () => {
  await using s = servir((req) => new Response("{}", { status: req.url.endsWith("/ready") ? 503 : 200 }));
  assert.equal((await servidor(s.base).pulso()).status, "degraded");
  await using sano = servir(() => new Response("{}"));
  const p = await servidor(sano.base).pulso();
  assert.equal(p.status, "up");
  assert.ok(p.response_time_ms !== null && p.response_time_ms >= 0);
  assert.deepEqual(await servidor(nadie()).pulso(), { status: "down", response_time_ms: null });
  await using callado = servir(mudo);
  assert.equal((await servidor(callado.base, { plazoMs: 100 }).pulso()).status, "down");
});
