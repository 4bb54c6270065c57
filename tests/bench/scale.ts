import { quantile, wires } from "@alpes/shared/testing/load.ts";
import { type Figure, figure } from "./flows.ts";
import { READABLE, seedClientes } from "./measures.ts";
import type { Platform } from "./platform.ts";

const TIMES = 40;

/** One caller, one request after the other: what a list costs, not how many fit beside each other. */
async function latencies(p: Platform): Promise<ReadonlyMap<string, number>> {
  using http = wires(p.services.url);
  const get = (path: string) => http.fire({ method: "GET", path });
  const [{ body }, [{ deep } = { deep: null }]] = await Promise.all([
    get("/cliente?limit=20"),
    p.admin.query<{ deep: string | null }>(
      `select max(id) as deep from (select id from cliente.clientes order by fecha_registro desc, id desc limit 1
         offset (select count(*) / 2 from cliente.clientes)) t`,
    ),
  ]);
  const next: string = JSON.parse(body).pagination.next_cursor;
  const paths = {
    "first page": "/cliente?limit=20",
    "next page, by cursor": `/cliente?limit=20&cursor=${encodeURIComponent(next)}`,
    "search": "/cliente?search=persona%209999&limit=20",
    "one from the middle, by id": `/cliente/${deep}`,
    "counts": "/cliente/estadisticas",
  };
  const found = new Map<string, number>();
  for (const [name, path] of Object.entries(paths)) {
    const ms: number[] = [];
    for (let i = 0; i < TIMES; i++) {
      const start = performance.now();
      const { status } = await get(path);
      if (status !== 200) throw new Error(`${path} answered ${status}`);
      ms.push(performance.now() - start);
    }
    found.set(name, quantile(ms, 0.5));
  }
  return found;
}

/** The same reads with few clientes and with many: what grows with age. */
export async function atScale(p: Platform, rows: number): Promise<Figure[]> {
  const few = await latencies(p);
  await seedClientes(p, rows);
  const many = await latencies(p);
  const thousands = (n: number) => `${n / 1_000} thousand`;
  return [...many].map(([name, ms]) => {
    const times = ms / (few.get(name) ?? ms);
    const what = `clientes, ${name}: ${thousands(rows)} against ${thousands(READABLE)}`;
    return figure(what, times, `× (p50 ${ms.toFixed(1)} ms)`, "≤ 1.5", times <= 1.5);
  });
}
