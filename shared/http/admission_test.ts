import assert from "node:assert/strict";
import { admission, type AdmissionLimits } from "./admission.ts";
import { Problem } from "./problem.ts";

const LIMITS: AdmissionLimits = {
  running: { dinero: 2, escritura: 2, lectura: 2, busqueda: 1 },
  perModule: 3,
  standing: { dinero: 4, escritura: 4, lectura: 4, busqueda: 2 },
  longMs: 25,
  burstMs: 250,
  burst: 10,
  calmMs: 500,
  patienceMs: 60_000,
};
const pagos = { modulo: "pagos", clase: "dinero" } as const;
const busca = { modulo: "pagos", clase: "busqueda" } as const;

/** Takes note of the order in which requests are let in. */
function entrar(gate: ReturnType<typeof admission>, orden: string[]) {
  return async (nombre: string, lane: Parameters<typeof gate.enter>[0]) => {
    const a = await gate.enter(lane);
    orden.push(nombre);
    return a;
  };
}

Deno.test("what can be done is let in at once, the rest waits for its turn in order of arrival", async () => {
  const gate = admission(LIMITS, () => 0);
  const orden: string[] = [];
  const entra = entrar(gate, orden);
  const [a] = await Promise.all([entra("a", pagos), entra("b", pagos)]);
  const c = entra("c", pagos), d = entra("d", pagos);
  await Promise.resolve();
  assert.deepEqual(orden, ["a", "b"]);
  a.leave();
  a.leave(); // twice is once
  const entro = await c;
  assert.deepEqual(orden, ["a", "b", "c"]);
  entro.leave();
  (await d).leave();
  assert.deepEqual(orden, ["a", "b", "c", "d"]);
});

Deno.test("money goes first where a module has no room for both", async () => {
  const gate = admission({ ...LIMITS, perModule: 1 }, () => 0);
  const orden: string[] = [];
  const entra = entrar(gate, orden);
  const uno = await entra("uno", busca);
  const otra = entra("búsqueda", busca), pago = entra("pago", pagos);
  uno.leave();
  (await pago).leave();
  (await otra).leave();
  assert.deepEqual(orden, ["uno", "pago", "búsqueda"]);
});

Deno.test("a lane that stays long turns away at once, and takes again once it was empty", async () => {
  let ahora = 0;
  const gate = admission(LIMITS, () => ahora);
  const dentro = [await gate.enter(pagos), await gate.enter(pagos)];
  const esperan = Array.from({ length: 4 }, () => gate.enter(pagos));
  ahora = 30;
  gate.check(pagos); // a burst is worked off
  ahora = 300;
  assert.throws(() => gate.check(pagos), (e) => e instanceof Problem && e.codigo === "saturado");
  await assert.rejects(gate.enter(pagos), Problem);
  assert.equal(gate.usage()[0]?.shed, 2);
  for (const d of dentro) d.leave();
  for (const e of esperan) (await e).leave();
  gate.check(pagos);
  (await gate.enter(pagos)).leave();
});

Deno.test("work that ends by the batch does not make a crowd of what is too much", async () => {
  let ahora = 0;
  const gate = admission(LIMITS, () => ahora);
  let idos: Promise<void>[] = [];
  const llegan = () =>
    idos = Array.from({ length: 20 }, () => gate.enter(pagos).then((a) => a.leave(), () => {}));
  const masLarga: number[] = [];
  // Each batch empties the lane, and twice as many come as can be done.
  for (; ahora < 2_000; ahora += 30) {
    const dentro = [await gate.enter(pagos), await gate.enter(pagos)];
    llegan();
    masLarga.push(gate.usage()[0]?.waiting ?? 0);
    ahora += 30;
    for (const d of dentro) d.leave();
    await Promise.all(idos);
    assert.equal(gate.usage()[0]?.waiting, 0);
  }
  assert.equal(Math.max(...masLarga.slice(-10)), LIMITS.standing.dinero);
  // Once there was calm, as many come at once as ever.
  ahora += LIMITS.calmMs + 1;
  const dentro = [await gate.enter(pagos), await gate.enter(pagos)];
  llegan();
  assert.equal(gate.usage()[0]?.waiting, LIMITS.burst);
  for (const d of dentro) d.leave();
  await Promise.all(idos);
});

Deno.test("a crowd beyond the burst is turned away however fast it came", async () => {
  const gate = admission(LIMITS, () => 0);
  const todos = await Promise.allSettled(
    Array.from({ length: 30 }, async () => {
      const a = await gate.enter(pagos);
      await Promise.resolve();
      a.leave();
    }),
  );
  const fuera = todos.filter((r) => r.status === "rejected");
  assert.equal(fuera.length, 30 - LIMITS.running.dinero - LIMITS.burst);
});

Deno.test("nobody waits longer than the patience", async () => {
  const gate = admission({ ...LIMITS, patienceMs: 5 });
  const dentro = [await gate.enter(pagos), await gate.enter(pagos)];
  await assert.rejects(gate.enter(pagos), Problem);
  for (const d of dentro) d.leave();
});
