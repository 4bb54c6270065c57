import assert from "node:assert/strict";
import { enVentana, series, ventana } from "./series.ts";

const AHORA = new Date("2026-03-10T14:30:00Z");
const una = (en: string, total = 1n, clave = "COP") => ({ clave, en: new Date(en), cantidad: 1, total });

Deno.test("today goes hour by hour, and is compared with yesterday up to the same hour", () => {
  const v = ventana(1, AHORA);
  const hechos = [
    una("2026-03-09T14:29:59Z", 5n),
    una("2026-03-09T14:30:00Z"),
    una("2026-03-10T00:00:00Z"),
    una("2026-03-10T14:29:00Z", 2n),
    una("2026-03-10T14:31:00Z"),
  ].filter((h) => enVentana(v, h.en));
  const { paso, desde, series: [cop] } = series(v, hechos);
  assert.equal(paso, "hora");
  assert.equal(desde.toISOString(), "2026-03-10T00:00:00.000Z");
  assert.equal(cop?.puntos.length, 15);
  assert.deepEqual([cop?.cantidad, cop?.total, cop?.antes], [2, 3n, { cantidad: 1, total: 5n }]);
  assert.equal(cop?.puntos[14]?.total, 2n);
});

Deno.test("days in which nothing happened are there, each line has all of them, and their sum is its total", () => {
  const v = ventana(7, AHORA);
  const { series: [cop, usd] } = series(v, [
    una("2026-03-04T00:00:00Z", 7n),
    una("2026-03-10T10:00:00Z", 1n),
    una("2026-03-05T23:59:59Z", 9n, "USD"),
  ]);
  assert.deepEqual(cop?.puntos.map((p) => p.total), [7n, 0n, 0n, 0n, 0n, 0n, 1n]);
  assert.deepEqual(usd?.puntos.map((p) => p.cantidad), [0, 1, 0, 0, 0, 0, 0]);
  assert.equal(usd?.puntos[1]?.desde.toISOString(), "2026-03-05T00:00:00.000Z");
  assert.equal(cop?.total, 8n);
});
