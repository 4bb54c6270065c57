import { quantile, wires } from "@alpes/shared/testing/load.ts";
import { type Figure, figure } from "./flows.ts";
import { READABLE, seedClientes } from "./measures.ts";
import type { Platform } from "./platform.ts";

const TIMES = 60;
/** The quick ones of them: the others tell of the machine's other users, who differ between the two tables. */
const QUICK = 0.1;
const DASHBOARD = "/api/v1/dashboard";

/** The same cursor at another row: what walking there page by page would have given. */
function deepened(cursor: string, value: string, id: string): string {
  const alphabet = "base64url";
  const [scope] = JSON.parse(new TextDecoder().decode(Uint8Array.fromBase64(cursor, { alphabet })));
  return new TextEncoder().encode(JSON.stringify([scope, value, id])).toBase64({
    alphabet,
    omitPadding: true,
  });
}

/** One caller, one request after the other: what a list costs, not how many fit beside each other. */
async function latencies(p: Platform): Promise<ReadonlyMap<string, number>> {
  using http = wires(p.services.url);
  using bff = wires(p.bff.url);
  const get = (path: string) => http.fire({ method: "GET", path });
  const [{ body }, [middle]] = await Promise.all([
    get("/cliente?limit=20"),
    p.admin.query<{ id: string; at: string }>(
      `select id, to_char(fecha_registro at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at
         from cliente.clientes order by fecha_registro desc, id desc limit 1
         offset (select count(*) / 2 from cliente.clientes)`,
    ),
  ]);
  if (middle === undefined) throw new Error("there is no cliente");
  const next: string = JSON.parse(body).pagination.next_cursor;
  const deep = deepened(next, middle.at, middle.id);
  let caller = 0;
  const paths = {
    "first page": "/cliente?limit=20",
    "next page, by cursor": `/cliente?limit=20&cursor=${next}`,
    "page from the middle, by cursor": `/cliente?limit=20&cursor=${deep}`,
    "first page with its total": "/cliente",
    "search": "/cliente?search=persona%209999&limit=20",
    "one from the middle, by id": `/cliente/${middle.id}`,
    "counts": "/cliente/estadisticas",
    "BFF dashboard, of nobody's cache": DASHBOARD,
  };
  const found = new Map<string, number>();
  for (const [name, path] of Object.entries(paths)) {
    const ms: number[] = [];
    for (let i = 0; i < TIMES; i++) {
      const start = performance.now();
      // Another caller each time: what was read for one is kept for nobody else.
      const { status } = path === DASHBOARD
        ? await bff.fire({
          method: "GET",
          path,
          headers: { "X-Actor": `persona:b${++caller};roles=operador` },
        })
        : await get(path);
      if (status !== 200) throw new Error(`${path} answered ${status}`);
      ms.push(performance.now() - start);
    }
    found.set(name, quantile(ms, QUICK));
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
    return figure(what, times, `× (p10 ${ms.toFixed(1)} ms)`, "≤ 1.5", times <= 1.5);
  });
}
