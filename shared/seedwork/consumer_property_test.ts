import assert from "node:assert/strict";
import fc from "fast-check";
import { memoryBus } from "@alpes/shared/adapters/memory/bus.ts";
import { memoryInbox } from "@alpes/shared/adapters/memory/inbox.ts";
import { message } from "@alpes/shared/testing/bus_contract.ts";
import { eventually } from "@alpes/shared/testing/eventually.ts";
import { consume } from "./consumer.ts";

const topic = "eventos.pagos";
const consumer = "pagos";
const actor = { tipo: "anonimo" } as const;

type Step =
  | { readonly tipo: "publica"; readonly clave: string; readonly fallos: number; readonly veces: 1 | 2 }
  | { readonly tipo: "reintentar" | "liberar" | "descartar"; readonly cual: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: publication() },
  {
    weight: 3,
    arbitrary: fc.record({
      tipo: fc.constantFrom("reintentar" as const, "liberar" as const, "descartar" as const),
      cual: fc.nat(5),
    }),
  },
);
function publication() {
  return fc.record({
    tipo: fc.constant("publica" as const),
    clave: fc.constantFrom("a", "b", "c"),
    // Two attempts are allowed: 2 failures park it once, 3 and more again after it was tried again.
    fallos: fc.constantFrom(0, 0, 0, 1, 2, 3, 5),
    veces: fc.constantFrom(1 as const, 1 as const, 2 as const),
  });
}

Deno.test("whatever fails and whatever operators do: effects once, in order, and none forgotten", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), run),
    { numRuns: 60 },
  );
});

async function run(steps: readonly Step[]): Promise<void> {
  await using bus = memoryBus();
  const inbox = memoryInbox();
  const failuresLeft = new Map<string, number>();
  const published = new Map<string, string[]>();
  const effects: string[] = [];
  /** Once set aside or discarded, a message no longer has a place in the order. */
  const outOfLine = new Set<string>();
  await using _ = await consume({
    bus,
    inbox,
    topic,
    consumer,
    modulo: "pagos",
    maxAttempts: 2,
    backoff: () => 0,
    handle(m) {
      const left = failuresLeft.get(m.event_id) ?? 0;
      if (left === 0) return effects.push(m.event_id), Promise.resolve();
      failuresLeft.set(m.event_id, left - 1);
      return Promise.reject(new Error("no"));
    },
  });

  for (const s of steps) {
    if (s.tipo === "publica") {
      const own = published.get(s.clave) ?? [];
      const m = message(s.clave, own.length + 1);
      published.set(s.clave, [...own, m.event_id]);
      failuresLeft.set(m.event_id, s.fallos);
      await bus.publish(topic, Array(s.veces).fill(m));
    } else {
      await new Promise((r) => setTimeout(r, 1)); // lets some of it happen
      const { data } = await inbox.list(null, 100);
      const target = data[s.cual % Math.max(data.length, 1)];
      if (target === undefined) continue;
      const r = await inbox[s.tipo]({ id: target.id, actor, motivo: "prueba" });
      if (r.ok && s.tipo !== "reintentar") outOfLine.add(target.event_id);
    }
  }
  // In the end an operator tries everything again until nothing is parked.
  await eventually(async () => {
    for (const m of (await inbox.list(null, 100)).data) {
      await inbox.reintentar({ id: m.id, actor, motivo: null });
    }
    const states = [...published.values()].flat().map((e) => inbox.state(consumer, e)?.estado);
    return states.every((e) => e === "HECHO" || e === "DESCARTADO");
  });

  assert.equal(new Set(effects).size, effects.length, "an effect came twice");
  for (const [clave, own] of published) {
    const discarded = own.filter((e) => inbox.state(consumer, e)?.estado === "DESCARTADO");
    const seen = effects.filter((e) => e.startsWith(`${clave}-`));
    assert.deepEqual([...seen, ...discarded].sort(), [...own].sort(), "an effect is missing");
    const inLine = (e: string) => !outOfLine.has(e);
    assert.deepEqual(seen.filter(inLine), own.filter(inLine), "effects of one key out of order");
  }
}
