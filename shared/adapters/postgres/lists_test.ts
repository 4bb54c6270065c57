import assert from "node:assert/strict";
import { freshDatabase } from "@alpes/shared/testing/database.ts";
import type { Page, Position } from "@alpes/shared/seedwork/pages.ts";
import { openDatabase } from "./database.ts";
import { condition, listPage, where } from "./lists.ts";

interface Fila {
  id: string;
  n: number;
}

/** 12,000 rows, more than are counted one by one; every third without a name. */
async function tabla() {
  const resources = new AsyncDisposableStack();
  const fresh = resources.use(await freshDatabase());
  const db = resources.use(openDatabase({ url: fresh.adminUrl }));
  await db.query(
    `create table public.filas as
     select 'f-' || lpad(n::text, 5, '0') as id, n, case when n % 3 = 0 then null else 'nombre ' || n % 7 end as nombre,
            timestamptz '2026-01-01Z' + (n / 5) * interval '1.5 microseconds' as en from generate_series(1, 12000) as n`,
  );
  await db.query("analyze public.filas");
  return { db, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}
const base = { from: "public.filas", columns: "id, n", id: "id", view: (f: Fila) => f.id } as const;

Deno.test("a condition's values are numbered on from where they stand", () => {
  assert.deepEqual(where([condition("a = ? or b = ?", 1, 2), condition("c = ?", 3)], 4), {
    sql: "where (a = $4 or b = $5) and (c = $6)",
    values: [1, 2, 3],
  });
  assert.deepEqual(where([]), { sql: "", values: [] });
});

Deno.test("a total is exact to 10,000 rows, and beyond the planner's estimate", async () => {
  await using t = await tabla();
  const pagina = (desde: number) =>
    listPage<Fila, string>(t.db, {
      ...base,
      where: [condition("n >= ?", desde)],
      sort: { sql: "en", type: "timestamptz" },
      order: "desc",
      page: { mode: "page", page: 1, perPage: 10 },
    });
  const exacta = await pagina(2001);
  assert.ok(
    exacta.mode === "page" && exacta.total.rows === 10_000 && !exacta.total.estimated && exacta.hasNext,
  );
  const estimada = await pagina(1);
  assert.ok(estimada.mode === "page" && estimada.total.estimated);
  assert.ok(estimada.total.rows > 10_000 && estimada.total.rows < 14_000, String(estimada.total.rows));
});

Deno.test("a cursor goes through ties, microseconds and nulls, seeing every row once", async () => {
  await using t = await tabla();
  for (
    const sort of [
      { sql: "en", type: "timestamptz" },
      { sql: "nombre", type: "text", nullable: true },
      { sql: "n", type: "bigint" },
    ] as const
  ) {
    for (const order of ["asc", "desc"] as const) {
      const vistos: string[] = [];
      let after: Position | null = null;
      do {
        const p: Page<string> = await listPage<Fila, string>(t.db, {
          ...base,
          where: [condition("n <= ?", 700)],
          sort,
          order,
          page: { mode: "cursor", after, limit: 97 },
        });
        assert.ok(p.mode === "cursor");
        vistos.push(...p.rows);
        after = p.next;
      } while (after !== null);
      assert.equal(vistos.length, 700, `${sort.sql} ${order}`);
      assert.equal(new Set(vistos).size, 700, `${sort.sql} ${order}`);
    }
  }
});

Deno.test("rows written behind a cursor do not shift it", async () => {
  await using t = await tabla();
  const pide = (after: Position | null) =>
    listPage<Fila, string>(t.db, {
      ...base,
      where: [],
      sort: { sql: "n", type: "bigint" },
      order: "desc",
      page: { mode: "cursor", after, limit: 5 },
    });
  const uno = await pide(null);
  await t.db.query(
    "insert into public.filas select 'nueva-' || n, n, null, now() from generate_series(12001, 12020) n",
  );
  const dos = await pide(uno.mode === "cursor" ? uno.next : null);
  assert.deepEqual(dos.rows, ["f-11995", "f-11994", "f-11993", "f-11992", "f-11991"]);
});
