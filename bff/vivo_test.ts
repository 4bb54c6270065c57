import assert from "node:assert/strict";
import { eventually } from "@alpes/shared/testing/eventually.ts";
import { abrirBff } from "./testing/bff.ts";
import { abrirVivo, type Cambio, leerPosicion } from "./vivo.ts";

const linea = (n: number): Cambio => ({
  n,
  tipo: "payout",
  id: `p-${n}`,
  version: 1,
  correlacion: `s-${n}`,
  en: "2026-01-01T00:00:00Z",
});
interface Evento {
  readonly id: string;
  readonly event: string;
  readonly data: {
    readonly servicio?: string;
    readonly cambios?: readonly Cambio[];
    readonly seguidos?: { readonly [servicio: string]: boolean };
  };
}
/** Reads a stream as a browser does, and keeps what it was told. */
function oir(flujo: ReadableStream<Uint8Array<ArrayBuffer>>) {
  const eventos: Evento[] = [];
  const cuando: number[] = [];
  let dicho = "";
  const lector = flujo.pipeThrough(new TextDecoderStream()).getReader();
  const fin = (async () => {
    for (let r = await lector.read(); !r.done; r = await lector.read()) {
      dicho += r.value;
      const bloques = dicho.split("\n\n");
      dicho = bloques.pop() ?? "";
      for (const b of bloques) {
        const campo = (nombre: string) => new RegExp(`^${nombre}: (.*)$`, "m").exec(b)?.[1] ?? "";
        eventos.push({ id: campo("id"), event: campo("event"), data: JSON.parse(campo("data")) });
        cuando.push(performance.now());
      }
    }
  })().catch(() => {});
  return { eventos, cuando, fin, cerrar: () => lector.cancel() };
}
const tipos = (e: readonly Evento[]) => e.map((x) => x.event);

Deno.test("who comes back with the id of the last event hears what it missed, and no line twice", async () => {
  const v = abrirVivo();
  v.recibir("pagos", [linea(1), linea(2), linea(3)], false);
  const uno = oir(v.escuchar(null));
  v.recibir("pagos", [linea(4)], true);
  await eventually(() => uno.eventos.length === 2);
  assert.deepEqual(tipos(uno.eventos), ["latido", "cambios"]);
  const ultimo = uno.eventos[1]?.id;
  assert.equal(ultimo, "cliente.0_pagos.4_campanias.0");
  await uno.cerrar();
  v.recibir("pagos", [linea(5), linea(6)], true);
  v.recibir("cliente", [linea(1)], true);
  const dos = oir(v.escuchar(leerPosicion(ultimo)));
  await eventually(() => dos.eventos.length === 3);
  assert.deepEqual(tipos(dos.eventos), ["latido", "cambios", "cambios"]);
  const oidos = dos.eventos.slice(1).map((e) => [e.data.servicio, e.data.cambios?.map((c) => c.n)]);
  assert.deepEqual(oidos, [["cliente", [1]], ["pagos", [5, 6]]]);
  v.cerrar();
  await dos.fin;
});

Deno.test("who missed more than is kept, or comes from another count, is told to read anew", async () => {
  const v = abrirVivo({ guardados: 3 });
  v.recibir("pagos", [1, 2, 3, 4, 5].map(linea), true);
  for (const [desde, hueco] of [[1, true], [2, false], [5, false], [9, true]] as const) {
    const o = oir(v.escuchar(leerPosicion(`cliente.0_pagos.${desde}_campanias.0`), 0));
    await o.fin;
    assert.equal(tipos(o.eventos).includes("hueco"), hueco, `after ${desde}: ${tipos(o.eventos)}`);
  }
  v.hueco("pagos", 12);
  const o = oir(v.escuchar(leerPosicion("cliente.0_pagos.5_campanias.0"), 0));
  await o.fin;
  assert.deepEqual(tipos(o.eventos), ["latido", "hueco"]);
  assert.equal(leerPosicion("1"), null);
});

Deno.test("an idle stream beats at its interval, with the position and who is followed", async () => {
  const v = abrirVivo({ latidoMs: 40 });
  v.seguido("cliente", true);
  v.recibir("campanias", [linea(7)], false);
  const o = oir(v.escuchar(null));
  await eventually(() => o.eventos.length >= 4, { ms: 2_000, every: 5 });
  v.cerrar();
  await o.fin;
  for (const e of o.eventos) {
    assert.equal(e.event, "latido");
    assert.equal(e.id, "cliente.0_pagos.0_campanias.7");
    assert.deepEqual(e.data, { seguidos: { cliente: true, pagos: false, campanias: false } });
  }
});

Deno.test("that a feed is lost or found is said at once, and once", async () => {
  const v = abrirVivo();
  const o = oir(v.escuchar(null));
  v.seguido("pagos", true);
  v.seguido("pagos", true);
  v.seguido("pagos", false);
  await eventually(() => o.eventos.length === 3);
  assert.deepEqual(o.eventos.map((e) => e.data.seguidos?.["pagos"]), [false, true, false]);
  v.cerrar();
  await o.fin;
  assert.equal(o.eventos.length, 3);
});

Deno.test("a stream ends now and then so that rights are asked anew, and at once when the process drains", async () => {
  const v = abrirVivo({ latidoMs: 20, duraMs: 60 });
  await oir(v.escuchar(null)).fin;
  assert.equal(v.oyentes(), 0);
  const dos = oir(v.escuchar(null));
  assert.equal(v.oyentes(), 1);
  v.cerrar();
  await dos.fin;
  assert.equal(v.oyentes(), 0);
});

Deno.test("the BFF's own stream beats often enough for any proxy: at most 15 seconds of silence", async () => {
  await using bff = await abrirBff();
  const res = await bff.app.request("/api/v1/eventos?espera=13");
  assert.equal(res.status, 200);
  assert.match(res.headers.get("content-type") ?? "", /^text\/event-stream/);
  // Nothing on the way may hold it back or pack it.
  assert.equal(res.headers.get("cache-control"), "no-store, no-transform");
  assert.equal(res.headers.get("x-accel-buffering"), "no");
  assert.equal(res.headers.get("content-encoding"), null);
  const o = oir(res.body ?? assert.fail());
  const empezo = performance.now();
  await eventually(() => (o.cuando.at(-1) ?? 0) - empezo > 8_000, { ms: 15_000, every: 100 });
  const pausas = o.cuando.map((t, i) => t - (o.cuando[i - 1] ?? empezo));
  assert.ok(Math.max(...pausas) <= 15_000, `${pausas}`);
  await o.cerrar();
});

Deno.test("a BFF that was started again goes on where a browser was", async () => {
  let id = "";
  {
    await using bff = await abrirBff();
    const o = oir((await bff.app.request("/api/v1/eventos?espera=5")).body ?? assert.fail());
    await eventually(() => o.eventos.some((e) => e.data.seguidos?.["pagos"] === true));
    bff.cambiarPagos();
    await eventually(() => tipos(o.eventos).includes("cambios"));
    id = o.eventos.at(-1)?.id ?? "";
    await o.cerrar();
  }
  const antes = leerPosicion(id);
  assert.ok(antes !== null && antes.pagos > 0, id);
  await using otro = await abrirBff();
  // The same service: it stands where it stood, and three lines further by now.
  otro.pagos.cambios = antes.pagos;
  otro.cambiarPagos();
  otro.cambiarPagos();
  await eventually(async () => {
    const res = await otro.app.request("/api/v1/eventos?espera=0", { headers: { "last-event-id": id } });
    const o = oir(res.body ?? assert.fail());
    await o.fin;
    const cambios = o.eventos.filter((e) => e.event === "cambios" && e.data.servicio === "pagos");
    return cambios.flatMap((e) => e.data.cambios?.map((c) => c.n) ?? []).join() ===
      `${antes.pagos + 1},${antes.pagos + 2}`;
  });
});
