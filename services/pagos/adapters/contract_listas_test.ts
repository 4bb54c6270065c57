import assert from "node:assert/strict";
import type { Position } from "@alpes/shared/seedwork/pages.ts";
import { campania, conCampania, contexto, partner, TODO } from "../modulo_de_prueba.ts";
import { caso, rechazoDe, registrar, saldarTodo } from "./casos_de_contrato.ts";

caso("the lists filter, sort and page, and the sums cover all that is filtered", async (m) => {
  for (let i = 1; i <= 5; i++) {
    const moneda = i === 5 ? "COP" : "USD";
    await m.comandos.pagarPartner(
      contexto(),
      partner(`p-${i % 2}`, `c-${i}`, { id: `pago-${i}`, total: `${i}0.00`, moneda }),
    );
  }
  await conCampania(m, "ca-1", { anticipo: 100n });
  await m.comandos.pagarCampania(contexto(), campania("ca-1", { id: "pago-6" }));
  await saldarTodo(m);
  const listar = async (
    filtro: Partial<typeof TODO>,
    by: "fecha_creacion" | "monto_total" = "monto_total",
  ) => {
    const page = { mode: "page", page: 1, perPage: 100 } as const;
    const r = await m.pagos.listar({ filters: { ...TODO, ...filtro }, sort: { by, order: "asc" }, page });
    return r.rows.map((v) => v.payout.ficha.id);
  };
  assert.deepEqual(await listar({}), ["pago-6", "pago-1", "pago-2", "pago-3", "pago-4", "pago-5"]);
  assert.deepEqual(await listar({ partner_id: "p-0" }), ["pago-2", "pago-4"]);
  assert.deepEqual(await listar({ cycle_id: "c-3" }), ["pago-3"]);
  assert.deepEqual(await listar({ tipo: "CAMPANIA" }), ["pago-6"]);
  assert.deepEqual(await listar({ idCampania: "ca-1" }), ["pago-6"]);
  assert.deepEqual(await listar({ moneda: "COP" }), ["pago-5"]);
  assert.deepEqual(await listar({ monto_min: "20.001", monto_max: "40" }), ["pago-3", "pago-4"]);
  assert.deepEqual(await listar({ estado: "FALLIDO" }), []);
  const hoy = new Date().toISOString().slice(0, 10);
  assert.equal((await listar({ desde: hoy, hasta: hoy })).length, 6);
  assert.deepEqual(await listar({ hasta: "2020-01-01" }), []);
  assert.deepEqual(await listar({ search: "PAGO-4" }), ["pago-4"]);
  assert.deepEqual(await listar({ search: "%" }), []);

  const sumas = await m.pagos.sumas(TODO);
  assert.deepEqual(sumas.map((s) => [s.moneda, s.estado, s.cantidad, s.total]), [
    ["COP", "EXITOSO", 1, 5_000n],
    ["USD", "EXITOSO", 5, 10_100n],
  ]);
  const { paso, series } = await m.pagos.serie(7);
  assert.equal(paso, "dia");
  assert.deepEqual(series.map((s) => [s.clave, s.cantidad, s.total, s.antes.cantidad, s.puntos.length]), [
    ["COP", 1, 5_000n, 0, 7],
    ["USD", 5, 10_100n, 0, 7],
  ]);
  assert.equal((await m.pagos.serie(1, "p-0")).series[0]?.puntos.at(-1)?.cantidad, 2);
  assert.ok(sumas.every((s) => s.primero !== null && s.ultimo !== null && s.primero <= s.ultimo));

  const vistos: string[] = [];
  let after: Position | null = null;
  for (let i = 0; i < 10; i++) {
    const r = await m.pagos.listar({
      filters: TODO,
      sort: { by: "monto_total", order: "desc" },
      page: { mode: "cursor", after, limit: 2 },
    });
    vistos.push(...r.rows.map((v) => v.payout.ficha.id));
    after = r.mode === "cursor" ? r.next : null;
    if (after === null) break;
  }
  assert.deepEqual(vistos, ["pago-5", "pago-4", "pago-3", "pago-2", "pago-1", "pago-6"]);
});

caso("transactions and cycles are listed in both ways", async (m) => {
  for (const n of [1, 2, 3]) {
    await m.comandos.registrarCiclo(contexto(), {
      id: `c-${n}`,
      inicio: `2026-0${n}-01`,
      fin: `2026-0${n}-28`,
      estado: "ABIERTO",
    });
  }
  const otra = await m.comandos.registrarCiclo(contexto(), {
    id: "c-1",
    inicio: "2026-01-01",
    fin: "2026-01-28",
    estado: "ABIERTO",
  });
  assert.ok(otra.ok && !otra.value.creado);
  assert.equal(
    rechazoDe(
      await m.comandos.registrarCiclo(contexto(), {
        id: "c-1",
        inicio: "2026-01-02",
        fin: "2026-01-28",
        estado: "ABIERTO",
      }),
    ),
    "otro_ciclo",
  );
  const sort = { by: "inicio", order: "desc" } as const;
  const primera = await m.pagos.ciclos({
    filters: {},
    sort,
    page: { mode: "cursor", after: null, limit: 2 },
  });
  assert.ok(primera.mode === "cursor" && primera.next !== null);
  const segunda = await m.pagos.ciclos({
    filters: {},
    sort,
    page: { mode: "cursor", after: primera.next, limit: 2 },
  });
  assert.deepEqual([...primera.rows, ...segunda.rows].map((c) => [c.id, c.inicio]), [
    ["c-3", "2026-03-01"],
    ["c-2", "2026-02-01"],
    ["c-1", "2026-01-01"],
  ]);

  await registrar(m, ["t-1", "p-1", { brand_id: "marca" }], ["t-2", "p-1", { event_type: "CONVERSION" }], [
    "t-3",
    "p-2",
  ]);
  await m.comandos.reembolsar(contexto(), "t-3", "error");
  const nada = {
    partner_id: null,
    idCampania: null,
    brand_id: null,
    event_type: null,
    estado: null,
    payout_id: null,
    desde: null,
    hasta: null,
  };
  const listar = async (filtro: Partial<Parameters<typeof m.pagos.transacciones>[0]["filters"]>) => {
    const r = await m.pagos.transacciones({
      filters: { ...nada, ...filtro },
      sort: { by: "fecha", order: "asc" },
      page: { mode: "page", page: 1, perPage: 10 },
    });
    return r.rows.map((t) => t.id);
  };
  assert.deepEqual(await listar({}), ["t-1", "t-2", "t-3"]);
  assert.deepEqual(await listar({ partner_id: "p-1" }), ["t-1", "t-2"]);
  assert.deepEqual(await listar({ brand_id: "marca" }), ["t-1"]);
  assert.deepEqual(await listar({ event_type: "CONVERSION" }), ["t-2"]);
  assert.deepEqual(await listar({ estado: "REFUNDED" }), ["t-3"]);
  assert.deepEqual(await listar({ desde: "2026-01-15", hasta: "2026-01-15" }), ["t-1", "t-2", "t-3"]);
  assert.deepEqual(await listar({ desde: "2026-01-16" }), []);
  assert.deepEqual(await listar({ idCampania: "x" }), []);
  assert.deepEqual(await listar({ payout_id: "x" }), []);
});

caso("who sees one cliente finds, sums and pages what it pays or is paid, and nothing else", async (m) => {
  await registrar(m, ["t-1", "p-1"], ["t-2", "p-2"]);
  await m.comandos.pagarPartner(contexto(), partner("p-1", "c-1", { id: "uno", total: "1.00" }));
  await m.comandos.pagarPartner(contexto(), partner("p-2", "c-1", { id: "dos", total: "2.00" }));
  await conCampania(m, "ca-1", { anticipo: 100n });
  await m.comandos.pagarCampania(contexto(), campania("ca-1", { id: "suyo" }));
  const suyo = { tipo: "persona", id: "leo", roles: ["partner"], cliente: "p-1" } as const;
  const cliente = { ...suyo, cliente: "cliente-de-ca-1" };
  const valor = <T>(r: { ok: true; value: T } | { ok: false; error: unknown }): T =>
    r.ok ? r.value : assert.fail(JSON.stringify(r.error));
  for (const [actor, id, ajeno] of [[suyo, "uno", "dos"], [cliente, "suyo", "uno"]] as const) {
    const sort = { by: "fecha_creacion", order: "asc" } as const;
    for (const aproximada of [false, true]) {
      for (const search of [null, id]) {
        const filters = { ...TODO, search, aproximada: aproximada && search !== null };
        const page = { mode: "page", page: 1, perPage: 10 } as const;
        const p = valor(await m.consultas.listar(actor, { filters, sort, page }));
        assert.deepEqual(p.rows.map((v) => v.payout.ficha.id), [id]);
        assert.equal(p.mode === "page" && p.total.rows, 1);
        // What a ranked search finds is no set to add up.
        const sumas = valor(await m.consultas.sumas(actor, filters)).map((s) => s.cantidad);
        assert.deepEqual(sumas, filters.aproximada ? [] : [1]);
        const ajena = valor(
          await m.consultas.listar(actor, { filters: { ...filters, search: ajeno }, sort, page }),
        );
        assert.deepEqual(ajena.rows, []);
      }
    }
    assert.ok((await m.consultas.obtener(actor, id)).ok && (await m.consultas.historial(actor, id)).ok);
    for (const otro of [ajeno, "no-hay"]) {
      assert.deepEqual(await m.consultas.obtener(actor, otro), { ok: false, error: { tipo: "oculto" } });
      assert.deepEqual(await m.consultas.historial(actor, otro), { ok: false, error: { tipo: "oculto" } });
      assert.equal(rechazoDe(await m.comandos.revertir(contexto({ actor }), otro, "x")), "oculto");
    }
    assert.equal(rechazoDe(await m.comandos.revertir(contexto({ actor }), id, "x")), "prohibido");
  }
  const filters = {
    partner_id: null,
    idCampania: null,
    brand_id: null,
    event_type: null,
    estado: null,
    payout_id: null,
    desde: null,
    hasta: null,
  };
  const page = { mode: "cursor", after: null, limit: 10 } as const;
  const t = valor(
    await m.consultas.transacciones(suyo, { filters, sort: { by: "fecha", order: "asc" }, page }),
  );
  assert.deepEqual(t.rows.map((x) => x.id), ["t-1"]);
});

caso("what is due is taken once, and again when its lease is over", async (m) => {
  for (const c of ["c-1", "c-2", "c-3"]) {
    await m.comandos.pagarPartner(
      contexto({ correlation_id: `sol-${c}` }),
      partner("p-1", c, { total: "1.00" }),
    );
  }
  const dos = await Promise.all([m.agenda.tomar(2, 60_000), m.agenda.tomar(2, 1)]);
  const tomadas = dos.flat();
  assert.deepEqual(tomadas.map((t) => t.correlacion).sort(), ["sol-c-1", "sol-c-2", "sol-c-3"]);
  await new Promise((r) => setTimeout(r, 10));
  const otra = await m.agenda.tomar(10, 60_000);
  assert.deepEqual(otra.map((t) => t.id), dos[1].map((t) => t.id));
});
