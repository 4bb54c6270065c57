import assert from "node:assert/strict";
import { acceptance } from "../acceptance.ts";
import { correr } from "./correr.ts";

/** The whole of it is `deno task test:dinero`. */
const SEMILLA = Number(Deno.env.get("DINERO_SEED") ?? "20260131");

acceptance(`a provider that fails in every way and three kills cost no cent (seed ${SEMILLA})`, async () => {
  const c = await correr({ pagos: 120, muertes: 3, fallas: 0.2, semilla: SEMILLA }, () => {});
  // A run without refusals and without doubts would prove nothing.
  assert.ok(c.muertes === 3 && c.pagados > 60 && c.fallidos > 0, JSON.stringify(c));
});
