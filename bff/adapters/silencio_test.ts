import assert from "node:assert/strict";
import { z } from "@hono/zod-openapi";
import { eventually } from "@alpes/shared/testing/eventually.ts";
import type { Llamada } from "../ports.ts";
import { abrirServicio } from "../testing/servicio.ts";
import { seguirCambios } from "./cambios.ts";
import { httpServidor } from "./http.ts";

const llamada = (ms = 5_000): Llamada => ({ llamador: "ana", cabeceras: {}, plazo: performance.now() + ms });
const abrir = (base: string) => httpServidor({ servicio: "pagos", base, plazoMs: 5_000, reintentos: 2 });
const Fila = z.looseObject({ id: z.string() });
const RUTA = { ruta: "/pagos/p-1" };
async function medir<T>(hacer: () => Promise<T>): Promise<[T, number]> {
  const empezo = performance.now();
  return [await hacer(), performance.now() - empezo];
}

Deno.test("a service that takes connections and says nothing keeps readers waiting less than a second, and then not at all", async () => {
  await using s = abrirServicio("pagos");
  const p = abrir(s.base);
  s.mundo.estado = "mudo";
  const juntas = await Promise.all([1, 2, 3].map(() => medir(() => p.leer(RUTA, Fila, llamada()))));
  for (const [r, ms] of juntas) {
    assert.deepEqual(r, { ok: false, error: { tipo: "plazo", servicio: "pagos" } });
    assert.ok(ms < 950, `${ms} ms`);
  }
  const [otra, ms] = await medir(() => p.leer(RUTA, Fila, llamada()));
  assert.deepEqual(otra, { ok: false, error: { tipo: "plazo", servicio: "pagos" } });
  assert.ok(ms < 50, `${ms} ms`);
  const [pasada, pasadaMs] = await medir(() =>
    p.pasar(new Request("http://bff.example/pagos/libro/cuentas"), llamada())
  );
  assert.deepEqual(pasada, { ok: false, error: { tipo: "plazo", servicio: "pagos" } });
  assert.ok(pasadaMs < 50, `${pasadaMs} ms`);
  assert.deepEqual(await p.pulso(), { status: "down", response_time_ms: null });
});

Deno.test("a write is not sent to a mute service: it is certain that it was not done", async () => {
  await using s = abrirServicio("pagos");
  const p = abrir(s.base);
  s.mundo.estado = "mudo";
  await p.leer(RUTA, Fila, llamada());
  const antes = s.mundo.peticiones.length;
  const r = await p.enviar("/pagos/pagar", "{}", {}, Fila, llamada());
  assert.deepEqual(r, { ok: false, error: { tipo: "circuito_abierto", servicio: "pagos" } });
  assert.equal(s.mundo.peticiones.length, antes);
});

Deno.test("a service that is slow and alive is waited for, by a read and by a request passed through", async () => {
  await using s = abrirServicio("pagos");
  const p = abrir(s.base);
  s.mundo.lentas = 1_800;
  const [r, ms] = await medir(() => p.leer(RUTA, Fila, llamada()));
  assert.ok(r.ok);
  assert.ok(ms >= 1_700, `${ms} ms`);
  const pasada = await p.pasar(new Request("http://bff.example/pagos/p-1"), llamada());
  assert.ok(pasada?.ok);
  assert.equal((await pasada.value.json()).id, "p-1");
});

Deno.test("who asks until the service speaks again is answered by it within a second, without a pause of the circuit", async () => {
  await using s = abrirServicio("pagos");
  const p = abrir(s.base);
  s.mundo.estado = "mudo";
  for (let i = 0; i < 10; i++) await p.leer(RUTA, Fila, llamada());
  s.mundo.estado = "bien";
  const empezo = performance.now();
  await eventually(async () => (await p.leer(RUTA, Fila, llamada())).ok, { ms: 1_000, every: 20 });
  assert.ok(performance.now() - empezo < 1_000);
});

Deno.test("where nobody asked for a while, the next one tries: a verdict grows old", async () => {
  await using s = abrirServicio("pagos");
  const p = abrir(s.base);
  s.mundo.estado = "mudo";
  await p.leer(RUTA, Fila, llamada());
  s.mundo.estado = "bien";
  await new Promise((r) => setTimeout(r, 2_100));
  assert.ok((await p.leer(RUTA, Fila, llamada())).ok);
});

Deno.test("whoever follows the feed of a mute service hears that it is away, and that it is back", async () => {
  await using s = abrirServicio("pagos");
  const p = abrir(s.base);
  const oido: boolean[] = [];
  await using _ = seguirCambios(p, {
    cambios() {},
    hueco() {},
    seguido: (si) => void (oido.at(-1) !== si && oido.push(si)),
  }, { identidad: {}, newId: () => crypto.randomUUID(), pausaMs: 10, maxEsperaMs: 50 });
  await eventually(() => oido.at(-1) === true);
  await new Promise((r) => setTimeout(r, 50));
  s.mundo.estado = "mudo";
  await p.leer(RUTA, Fila, llamada());
  await eventually(() => oido.at(-1) === false, { ms: 500 });
  s.mundo.estado = "bien";
  await eventually(() => oido.at(-1) === true, { ms: 1_500 });
});
