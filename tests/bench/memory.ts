import { openLoop } from "@alpes/shared/testing/load.ts";
import { type Figure, figure } from "./flows.ts";
import { memoryOf } from "./machine.ts";
import { READABLE } from "./measures.ts";
import type { Platform } from "./platform.ts";

const json = { "Content-Type": "application/json" };

/** Of ten requests four are registrations, two payments with all that follows, four reads. */
function mixed(run: string, i: number) {
  const kind = i % 10;
  if (kind < 4) {
    return {
      method: "POST",
      path: "/cliente/registrar",
      headers: json,
      body: JSON.stringify({
        nombre: "Begoña Núñez",
        email: `memoria-${run}-${i}@correo.example`,
        cedula: `${run}${String(i).padStart(7, "0")}`,
        fecha_nacimiento: "1990-02-28",
      }),
    };
  }
  if (kind < 6) {
    return {
      method: "POST",
      path: "/pagos/pagar",
      headers: json,
      body: JSON.stringify({
        partner_id: `memoria-${run}-${i}`,
        cycle_id: "2026-01",
        total_amount: { valor: "150.25", moneda: "USD" },
      }),
    };
  }
  return {
    method: "GET",
    path: kind < 8 ? `/cliente/banco-${1 + i % READABLE}` : "/pagos?limit=20",
    headers: {},
  };
}

/** What `alpespartners` holds under a steady load, and whether it grows: a line fitted through all but the first third. */
export async function memoryOverTime(p: Platform, rate: number, minutes: number): Promise<Figure[]> {
  const run = String(Date.now() % 1e6);
  const seen: { readonly minute: number; readonly mib: number }[] = [];
  const start = performance.now();
  const sample = () =>
    seen.push({ minute: (performance.now() - start) / 60_000, mib: memoryOf(p.services.pid).now });
  const clock = setInterval(sample, 2_000);
  let late = 0, refused = 0;
  // In pieces of a minute, so that what is measured here holds no million answers.
  for (let m = 0; m < minutes; m++) {
    const hits = await openLoop(p.services.url, rate, 60_000, (i) => mixed(run, m * 60 * rate + i));
    refused += hits.filter((h) => h.status >= 400 || h.status === 0).length;
    late += hits.filter((h) => h.ms > 1_000).length;
    console.error(`minute ${m + 1}: ${memoryOf(p.services.pid).now.toFixed(0)} MiB`);
  }
  clearInterval(clock);
  const settled = seen.filter((s) => s.minute > minutes / 3);
  const growth = slope(settled.map((s) => [s.minute, s.mib])) * minutes;
  const most = memoryOf(p.services.pid).most;
  const name = `${minutes} minutes at ${rate} a second`;
  return [
    figure(`alpespartners, most memory, ${name}`, most, "MiB", "≤ 250", most <= 250),
    figure(`alpespartners, memory at the end, ${name}`, seen.at(-1)?.mib ?? 0, "MiB", "≤ 250", most <= 250),
    figure(`alpespartners, growth, ${name}`, growth, "MiB", "≤ 12", growth <= 12),
    figure(`not answered well, ${name}`, refused, "requests", "0", refused === 0),
    figure(`later than a second, ${name}`, late, "requests", "", true),
  ];
}

/** Least squares: how much the second grows for one of the first. */
export function slope(points: readonly (readonly [number, number])[]): number {
  const mean = (at: 0 | 1) => points.reduce((a, p) => a + p[at], 0) / Math.max(1, points.length);
  const [x, y] = [mean(0), mean(1)];
  const over = points.reduce((a, [px]) => a + (px - x) ** 2, 0);
  return over === 0 ? 0 : points.reduce((a, [px, py]) => a + (px - x) * (py - y), 0) / over;
}
