import assert from "node:assert/strict";
import { createRoute, z } from "@hono/zod-openapi";
import type { Page } from "@alpes/shared/seedwork/pages.ts";
import { appAround, fieldsIn, problemIn } from "@alpes/shared/testing/http_app.ts";
import { listing, listSchema } from "./pagination.ts";
import { createRouter } from "./router.ts";

const lista = listing({ fecha: "time", nombre: "text", pagos: "integer", relevancia: "decimal" }, {
  estado: z.enum(["A", "B"]).optional(),
});
const listar = createRoute({
  method: "get",
  path: "/",
  request: { query: lista.query },
  responses: {
    200: { description: "A list", content: { "application/json": { schema: listSchema(z.unknown()) } } },
  },
});

/** A list that answers `found`, and as its first row what it was asked for. */
const con = (found: Page<unknown>) => {
  const r = createRouter();
  r.openapi(listar, (c) => {
    const asked = c.req.valid("query");
    return c.json({ data: [asked], pagination: lista.pagination(asked, found) }, 200);
  });
  const { send, app } = appAround("/cosas", r);
  return { app, get: (query = "") => send("GET", `/cosas${query}`) };
};
const pages = (rows: number, hasNext = false, estimated = false): Page<unknown> => ({
  mode: "page",
  rows: [],
  hasNext,
  total: { rows, estimated },
});
const cursor = (next: { value: string | null; id: string } | null): Page<unknown> => ({
  mode: "cursor",
  rows: [],
  next,
});
const bodyOf = async (res: Response) => {
  const text = await res.text();
  assert.equal(res.status, 200, text);
  const { data: [asked], pagination } = JSON.parse(text);
  return { asked, pagination };
};

for (
  const [query, page, sort] of [
    ["", { mode: "page", page: 1, perPage: 20 }, { by: "fecha", order: "desc" }],
    ["?page=3&per_page=100&sort_by=nombre", { mode: "page", page: 3, perPage: 100 }, {
      by: "nombre",
      order: "asc",
    }],
    ["?sort_by=nombre&sort_order=desc", { mode: "page", page: 1, perPage: 20 }, {
      by: "nombre",
      order: "desc",
    }],
    ["?sort_by=pagos", { mode: "page", page: 1, perPage: 20 }, { by: "pagos", order: "desc" }],
  ] as const
) {
  Deno.test(`the query "${query}" asks by page`, async () => {
    const { asked } = await bodyOf(await con(pages(0)).get(query));
    assert.deepEqual(asked, { page, sort, filters: {} });
  });
}

Deno.test("`limit` alone starts a walk by cursor, at its beginning", async () => {
  const { asked, pagination } = await bodyOf(await con(cursor(null)).get("?limit=5&estado=A"));
  assert.deepEqual(asked, {
    page: { mode: "cursor", after: null, limit: 5 },
    sort: { by: "fecha", order: "desc" },
    filters: { estado: "A" },
  });
  assert.deepEqual(pagination, { limit: 5, next_cursor: null, has_next: false });
});

for (
  const [query, campos] of [
    ["?page=0", ["page"]],
    ["?page=-1", ["page"]],
    ["?page=1.5", ["page"]],
    ["?page=%2B1", ["page"]],
    ["?page=01", ["page"]],
    ["?page=99999999999999999999", ["page"]],
    ["?per_page=101", ["per_page"]],
    ["?limit=0", ["limit"]],
    ["?limit=101&sort_by=otro&sort_order=up", ["limit", "sort_by", "sort_order"]],
    ["?page=1&limit=5", ["page"]],
    ["?per_page=5&limit=5", ["per_page"]],
    ["?cursor=abc", ["cursor"]],
    ["?cursor=", ["cursor"]],
    ["?estado=C&pagina=1", ["estado", "pagina"]],
  ] as const
) {
  Deno.test(`the query "${query}" is a 400 that names ${campos.join(", ")}`, async () => {
    const p = await problemIn(await con(pages(0)).get(query));
    assert.deepEqual([p.status, fieldsIn(p)], [400, [...campos]]);
  });
}

for (
  const [query, found, pagination] of [
    ["", pages(0), {
      page: 1,
      per_page: 20,
      total: 0,
      total_estimado: false,
      pages: 0,
      has_next: false,
      has_prev: false,
    }],
    ["?page=2", pages(41, true), {
      page: 2,
      per_page: 20,
      total: 41,
      total_estimado: false,
      pages: 3,
      has_next: true,
      has_prev: true,
    }],
    ["?page=9", pages(41), {
      page: 9,
      per_page: 20,
      total: 41,
      total_estimado: false,
      pages: 3,
      has_next: false,
      has_prev: true,
    }],
    ["?per_page=1", pages(12_345, true, true), {
      page: 1,
      per_page: 1,
      total: 12_345,
      total_estimado: true,
      pages: 12_345,
      has_next: true,
      has_prev: false,
    }],
  ] as const
) {
  Deno.test(`of ${found.mode === "page" ? found.total.rows : 0} rows, "${query}" is page ${pagination.page} of ${pagination.pages}`, async () => {
    assert.deepEqual((await bodyOf(await con(found).get(query))).pagination, pagination);
  });
}

for (
  const [sort, next] of [
    ["fecha", { value: "2026-01-31T15:04:05.123456Z", id: "a" }],
    ["fecha", { value: null, id: "a" }],
    ["nombre", { value: 'Ñandú "😀"', id: "payout-1" }],
    ["pagos", { value: "-12", id: "~" }],
    ["relevancia", { value: "0.123457", id: "a" }],
  ] as const
) {
  Deno.test(`a cursor by ${sort} goes on after ${next.value}, and fits no other query`, async () => {
    const at = con(cursor(next));
    const query = `?sort_by=${sort}&estado=A`;
    const { pagination } = await bodyOf(await at.get(`${query}&limit=7`));
    assert.equal(pagination.has_next, true);
    assert.match(pagination.next_cursor, /^[A-Za-z0-9_-]+$/);
    const c = `&cursor=${pagination.next_cursor}`;
    const { asked } = await bodyOf(await at.get(query + c));
    assert.deepEqual(asked.page, { mode: "cursor", after: next, limit: 20 });
    for (
      const other of [
        `?sort_by=${sort}`,
        `?sort_by=${sort}&estado=B`,
        `?sort_by=${sort === "nombre" ? "fecha" : "nombre"}&estado=A`,
        `${query}&sort_order=${sort === "nombre" ? "desc" : "asc"}`,
      ]
    ) {
      assert.deepEqual(fieldsIn(await problemIn(await at.get(other + c))), ["cursor"]);
    }
  });
}

Deno.test("a cursor that somebody altered never reaches the database as another type", async () => {
  const at = con(cursor({ value: "2026-01-31T15:04:05Z", id: "a" }));
  const { pagination } = await bodyOf(await at.get("?limit=7"));
  const [scope] = JSON.parse(atob(pagination.next_cursor.replaceAll("-", "+").replaceAll("_", "/")));
  for (
    const parts of [
      [scope, "ayer", "a"],
      [scope, 5, "a"],
      [scope, { a: 1 }, "a"],
      [scope, "2026-01-31T15:04:05Z", "a b"],
      [scope, null],
      [],
      {},
      "x",
    ]
  ) {
    const forged = btoa(JSON.stringify(parts)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
    assert.deepEqual(
      fieldsIn(await problemIn(await at.get(`?cursor=${forged}`))),
      ["cursor"],
      JSON.stringify(parts),
    );
  }
});

Deno.test("the document names every parameter of a list with its range", () => {
  const doc = con(pages(0)).app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: { title: "t", version: "1" },
  });
  const parameters = doc.paths?.["/cosas"]?.get?.parameters ?? [];
  assert.deepEqual(
    parameters.map((p) => "name" in p ? p.name : "?"),
    ["page", "per_page", "cursor", "limit", "sort_by", "sort_order", "estado"],
  );
  assert.deepEqual(parameters[1], {
    name: "per_page",
    in: "query",
    required: false,
    schema: { type: "integer", minimum: 1, maximum: 100 },
  });
});
