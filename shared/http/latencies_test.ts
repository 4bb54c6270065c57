import { equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { latencies } from "./latencies.ts";

Deno.test("a quantile of what was recorded is within 1.6 % of the exact one", () => {
  fc.assert(fc.property(
    fc.array(fc.double({ min: 0.001, max: 60_000, noNaN: true }), { minLength: 1, maxLength: 300 }),
    fc.constantFrom(0.5, 0.95, 0.99, 1),
    (values, q) => {
      const l = latencies();
      for (const v of values) l.record(v);
      const exact = values.toSorted((a, b) => a - b)[Math.max(1, Math.ceil(q * values.length)) - 1] ?? NaN;
      const off = Math.abs(l.quantile(q) - exact);
      // Below 100 µs the figure is rounded to whole microseconds.
      ok(off <= Math.max(exact * 0.016, 0.001), `${l.quantile(q)} instead of ${exact}`);
    },
  ));
});

Deno.test("nothing recorded has quantiles of 0; what is off the scale counts at its ends", () => {
  const l = latencies();
  equal(l.quantile(0.5), 0);
  for (const ms of [0, -1, 1e9]) l.record(ms);
  equal(l.count, 3);
  ok(l.quantile(0.5) < 0.002 && l.quantile(1) > 60_000);
});
