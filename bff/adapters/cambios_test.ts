import assert from "node:assert/strict";
import { eventually } from "@alpes/shared/testing/eventually.ts";
import { abrirServicio, nadie } from "../testing/servicio.ts";
import { seguirCambios } from "./cambios.ts";
import { httpServidor } from "./http.ts";

const servidor = (base: string) => httpServidor({ servicio: "pagos", base, plazoMs: 500, reintentos: 0 });
const seguir = (base: string, alCambiar: () => void) =>
  seguirCambios(servidor(base), {
    cambios: (_, nuevos) => void (nuevos && alCambiar()),
    hueco: alCambiar,
    seguido() {},
  }, {
    identidad: { "x-actor": "servicio:bff" },
    newId: () => crypto.randomUUID(),
    pausaMs: 10,
    maxEsperaMs: 50,
  });
const dormir = (ms: number) => new Promise((r) => setTimeout(r, ms));

Deno.test("what stood in the feed before is no news; what comes after is", async () => {
  await using s = abrirServicio("pagos");
  let veces = 0;
  await using _ = seguir(s.base, () => veces++);
  await dormir(80);
  assert.equal(veces, 0);
  s.cambiar();
  await eventually(() => veces === 1);
  s.cambiar();
  await eventually(() => veces === 2);
});

Deno.test("many changes at once are few calls", async () => {
  await using s = abrirServicio("pagos");
  let veces = 0;
  await using _ = seguir(s.base, () => veces++);
  await dormir(50);
  for (let i = 0; i < 500; i++) s.cambiar();
  await eventually(() => veces > 0);
  await dormir(50);
  assert.ok(veces <= 3, String(veces));
});

Deno.test("a service that is unwell for a while is followed again by itself, and what changed meanwhile is told", async () => {
  await using s = abrirServicio("pagos");
  let veces = 0;
  await using _ = seguir(s.base, () => veces++);
  await dormir(50);
  s.mundo.estado = "500";
  s.cambiar();
  await eventually(() => veces === 1);
  s.mundo.cambios += 3;
  await dormir(100);
  assert.equal(veces, 1);
  s.mundo.estado = "bien";
  await eventually(() => veces === 2);
});

Deno.test("that a service is back is heard at once, also where nothing changed meanwhile", async () => {
  await using s = abrirServicio("pagos");
  const oido: boolean[] = [];
  await using _ = seguirCambios(servidor(s.base), {
    cambios() {},
    hueco() {},
    seguido: (si) => void (oido.at(-1) !== si && oido.push(si)),
  }, { identidad: {}, newId: () => crypto.randomUUID(), pausaMs: 10, maxEsperaMs: 50 });
  await eventually(() => oido.at(-1) === true);
  s.mundo.estado = "500";
  s.cambiar();
  await eventually(() => oido.at(-1) === false);
  s.mundo.estado = "bien";
  await eventually(() => oido.at(-1) === true, { ms: 1_000 });
});

Deno.test("a feed that began anew counts as a change", async () => {
  await using s = abrirServicio("pagos");
  s.mundo.cambios = 900;
  let veces = 0;
  await using _ = seguir(s.base, () => veces++);
  await dormir(50);
  s.mundo.cambios = 3;
  s.cambiar();
  await eventually(() => veces >= 1);
});

Deno.test("a service that is away stops nothing, and the follower ends at once when told", async () => {
  const empezo = performance.now();
  {
    await using _ = seguir(nadie(), () => assert.fail("nothing changed"));
    await dormir(50);
  }
  await using s = abrirServicio("pagos");
  {
    await using _ = seguir(s.base, () => {});
    await dormir(50);
  }
  assert.ok(performance.now() - empezo < 1_000);
});
