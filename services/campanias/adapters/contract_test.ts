import assert from "node:assert/strict";
import fc from "fast-check";
import { v7 } from "uuid";
import { memoryUnitOfWork } from "@alpes/shared/adapters/memory/unit_of_work.ts";
import { openDatabase } from "@alpes/shared/adapters/postgres/database.ts";
import { postgresUnitOfWork } from "@alpes/shared/adapters/postgres/unit_of_work.ts";
import type { Position } from "@alpes/shared/seedwork/pages.ts";
import { freshDatabase } from "@alpes/shared/testing/database.ts";
import { type ComandosCampanias, comandosCampanias } from "../application/comandos.ts";
import { type ConsultasCampanias, consultasCampanias } from "../application/consultas.ts";
import type { Edicion } from "../application/edicion.ts";
import type { Entrada } from "../application/entrada.ts";
import { context, mensaje, TODO, VACIA } from "../application/ejemplos_test.ts";
import type { Vencimientos } from "../application/ports.ts";
import { vencerPlazos } from "../application/vencimientos.ts";
import { usd } from "../domain/ejemplos_test.ts";
import { memoryCampania, memoryCampanias, memoryVencimientos } from "./memory.ts";
import { postgresCampania } from "./postgres.ts";
import { postgresCampanias } from "./postgres_consultas.ts";
import { postgresVencimientos } from "./postgres_saga.ts";
import { lector } from "../lector_de_prueba.ts";

interface Modulo extends AsyncDisposable {
  readonly comandos: ComandosCampanias;
  readonly consultas: ReturnType<typeof lector>;
  readonly lecturas: ConsultasCampanias;
  readonly vencimientos: Vencimientos;
}
type Abrir = (plazo: number) => Promise<Modulo>;

const adapters: Record<string, Abrir> = {
  memory(plazo) {
    const clock = () => new Date();
    const uow = memoryUnitOfWork(memoryCampania, { clock, newId: v7 });
    return Promise.resolve({
      comandos: comandosCampanias({ uow, newId: v7, plazo }),
      consultas: lector(consultasCampanias(memoryCampanias(uow.state))),
      lecturas: consultasCampanias(memoryCampanias(uow.state)),
      vencimientos: memoryVencimientos(uow.state, clock),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    });
  },
  async PostgreSQL(plazo) {
    const resources = new AsyncDisposableStack();
    const fresh = resources.use(await freshDatabase());
    const db = resources.use(openDatabase({ url: fresh.url, role: "alpes_campanias" }));
    const uow = postgresUnitOfWork(db, postgresCampania, { newId: v7 });
    return {
      comandos: comandosCampanias({ uow, newId: v7, plazo }),
      consultas: lector(consultasCampanias(postgresCampanias(db))),
      lecturas: consultasCampanias(postgresCampanias(db)),
      vencimientos: postgresVencimientos(db),
      [Symbol.asyncDispose]: () => resources.disposeAsync(),
    };
  },
};

const MINUTO = 60_000;
const monto = (valor: string) => ({ valor, moneda: "USD" as const });
const porFecha = { by: "fecha_creacion", order: "desc" } as const;
const pagina = { mode: "page", page: 1, perPage: 100 } as const;
const pausa = () => new Promise((r) => setTimeout(r, 5));

for (const [adapter, abrir] of Object.entries(adapters)) {
  const caso = (nombre: string, prueba: (m: Modulo) => Promise<void>, plazo = 15 * MINUTO) =>
    Deno.test(`campanias in ${adapter}: ${nombre}`, async () => {
      await using m = await abrir(plazo);
      await prueba(m);
    });
  const crear = async (m: Modulo, idCampania: string, entrada: Entrada = {}, idCliente = "c-1") => {
    const r = await m.comandos.crear(context, {
      idCampania,
      idCliente,
      entrada: { itinerario: "[]", ...entrada },
    });
    if (!r.ok) assert.fail(JSON.stringify(r.error));
    return r.value;
  };
  const ids = async (m: Modulo, filtro: Partial<typeof TODO>) => {
    const p = await m.consultas.listar({ page: pagina, sort: porFecha, filters: { ...TODO, ...filtro } });
    return p.rows.map((v) => v.id).sort();
  };

  caso("what was created is read at once, with version 1", async (m) => {
    const v = await crear(m, "camp-1", {
      nombre: "Ñandú",
      presupuesto: monto("10.50"),
      fecha_inicio: "2026-01-31",
    });
    assert.deepEqual(await m.consultas.obtener("camp-1"), v);
    assert.equal(v.version, 1);
    assert.deepEqual(v.presupuesto, usd(10_50));
    assert.equal(v.fecha_inicio, "2026-01-31");
    assert.equal(v.gasto, null);
    assert.equal(await m.consultas.obtener("camp-2"), null);
    assert.equal(await m.consultas.saga("camp-2"), null);
    assert.equal(await m.consultas.eventos("camp-2"), null);
  });

  caso("itinerario and metas come back as they were sent, big numbers too", async (m) => {
    const itinerario = '[{"z":12345678901234567890,"a":0.1},[],"á\\"",null,1e400]';
    const metas = '{"b":9007199254740993,"a":{"vacío":null}}';
    await crear(m, "camp-1", { itinerario, metas });
    const v = await m.consultas.obtener("camp-1");
    assert.deepEqual([v?.itinerario, v?.metas], [itinerario, metas]);
    const [e] = await m.consultas.eventos("camp-1") ?? [];
    assert.equal(e?.evento.tipo === "CampaniaCreada" && e.evento.datos.itinerario, itinerario);
    await m.comandos.editar(context, "camp-1", { ...VACIA, entrada: { metas: "[1]" } }, null);
    await crear(m, "camp-1", { itinerario, metas });
    assert.equal((await m.consultas.eventos("camp-1"))?.length, 2);
  });

  caso("its events are numbered 1..n without a gap, and fold to what is read", async (m) => {
    await crear(m, "camp-1", { presupuesto: monto("100.00") });
    await m.comandos.anotar(mensaje, "camp-1", { tipo: "PagoConfirmado", idPago: "p-1", monto: usd(100_00) });
    await m.comandos.registrarGasto(mensaje, "camp-1", usd(100_00), "socio-1");
    const eventos = await m.consultas.eventos("camp-1") ?? [];
    assert.deepEqual(eventos.map((e) => [e.version, e.evento.tipo]), [
      [1, "CampaniaCreada"],
      [2, "PagoAsociado"],
      [3, "CampaniaAprobada"],
      [4, "GastoRegistrado"],
      [5, "CampaniaPausada"],
    ]);
    assert.equal(new Set(eventos.map((e) => e.event_id)).size, 5);
    const v = await m.consultas.obtener("camp-1");
    assert.deepEqual(v, await m.consultas.enInstante("camp-1", new Date(8e15)));
    assert.deepEqual([v?.estado, v?.gasto, v?.pago_asociado_id], ["PAUSADA", usd(100_00), "p-1"]);
  });

  caso("it is told as it was at an instant, and before it existed there is nothing", async (m) => {
    const v = await crear(m, "camp-1", { nombre: "Antes" });
    await pausa();
    const r = await m.comandos.editar(context, "camp-1", { ...VACIA, entrada: { nombre: "Después" } }, null);
    assert.ok(r.ok);
    const [, segundo] = await m.consultas.eventos("camp-1") ?? [];
    const cambio = segundo?.evento.en ?? new Date(0);
    const en = async (ms: number) =>
      (await m.consultas.enInstante("camp-1", new Date(cambio.getTime() + ms)))?.nombre;
    assert.deepEqual([await en(-1), await en(0), await en(1)], ["Antes", "Después", "Después"]);
    assert.equal(await m.consultas.enInstante("camp-1", new Date(v.fecha_creacion.getTime() - 1)), null);
  });

  caso("concurrent writes lose nothing: versions are contiguous and the sum is right", async (m) => {
    await crear(m, "camp-1");
    await Promise.all(
      Array.from({ length: 20 }, () => m.comandos.registrarGasto(mensaje, "camp-1", usd(1), null)),
    );
    assert.deepEqual((await m.consultas.obtener("camp-1"))?.gasto, usd(20));
    const eventos = await m.consultas.eventos("camp-1") ?? [];
    assert.deepEqual(eventos.map((e) => e.version), Array.from({ length: 21 }, (_, i) => i + 1));
  });

  caso("of many who create one id at once with different bodies, one creates it", async (m) => {
    const todos = await Promise.all(Array.from({ length: 8 }, (_, i) =>
      m.comandos.crear(context, {
        idCampania: "camp-1",
        idCliente: "c-1",
        entrada: { itinerario: "[]", nombre: `n ${i}` },
      })));
    assert.equal(todos.filter((r) => r.ok).length, 1);
    for (const r of todos) assert.ok(r.ok || r.error.tipo === "id_ocupado");
    assert.equal((await m.consultas.eventos("camp-1"))?.length, 1);
  });

  caso("of two changes to one version, one wins", async (m) => {
    await crear(m, "camp-1");
    const a = await m.comandos.aprobar(context, "camp-1", { sin_anticipo: false, motivo: null }, 1);
    const b = await m.comandos.cancelar(context, "camp-1", "x", 1);
    assert.ok(a.ok);
    assert.deepEqual(b, { ok: false, error: { tipo: "version_obsoleta" } });
    assert.equal((await m.consultas.obtener("camp-1"))?.estado, "APROBADA");
  });

  caso("a saga is kept whole: payments, deadline and steps", async (m) => {
    await crear(m, "camp-1", { anticipo: monto("5.00") });
    const s = await m.consultas.saga("camp-1");
    assert.equal(s?.estado, "ESPERANDO_PAGO");
    const [idPago = ""] = Object.keys(s?.pagos ?? {});
    assert.match(idPago, /^payout-[0-9a-f-]{36}$/);
    assert.equal(s?.plazo?.getTime(), (s?.pasos[0]?.inicio.getTime() ?? 0) + 15 * MINUTO);
    await m.comandos.anotar(mensaje, "camp-1", {
      tipo: "PagoFallido",
      idPago,
      motivo: "no",
      reemplazado_por: null,
    });
    const fin = await m.consultas.saga("camp-1");
    assert.deepEqual([fin?.estado, fin?.plazo, fin?.pagos, fin?.solicitud], [
      "COMPENSADA",
      null,
      { [idPago]: "FALLIDO" },
      "sol-1",
    ]);
    assert.deepEqual(
      fin?.pasos.map((p) => [p.paso, p.pago, p.estado, p.intentos, p.error, p.fin !== null]),
      [
        ["ProcesarPago", idPago, "FALLIDO", 1, "no", true],
        ["CancelarCampania", null, "HECHO", 0, null, true],
        ["ActualizarCliente", null, "HECHO", 0, null, true],
      ],
    );
  });

  caso("a campaign without a saga has one that did not start", async (m) => {
    await crear(m, "camp-1");
    const s = await m.consultas.saga("camp-1");
    assert.deepEqual([s?.estado, s?.pasos, s?.plazo], ["SIN_INICIAR", [], null]);
  });

  caso("overdue sagas are handled once, whoever looks", async (m) => {
    await crear(m, "camp-1", { anticipo: monto("5.00") });
    await crear(m, "camp-2");
    await pausa();
    const rondas = await Promise.all([1, 2, 3].map(() =>
      vencerPlazos(m.vencimientos, m.comandos, (_, e) => {
        throw e;
      })()
    ));
    assert.ok(rondas.some((r) => r.vencidas > 0));
    assert.equal((await m.consultas.obtener("camp-1"))?.estado, "CANCELADA");
    assert.equal((await m.consultas.obtener("camp-2"))?.estado, "PENDIENTE");
    const eventos = await m.consultas.eventos("camp-1") ?? [];
    assert.deepEqual(eventos.map((e) => e.evento.tipo), ["CampaniaCreada", "CampaniaCancelada"]);
  }, 1);

  caso("a deadline that is not reached is not overdue", async (m) => {
    await crear(m, "camp-1", { anticipo: monto("5.00") });
    assert.deepEqual(await m.vencimientos.vencidas(10), []);
  });

  caso("sagas are listed by state", async (m) => {
    await crear(m, "camp-1", { anticipo: monto("5.00") });
    await crear(m, "camp-2");
    await m.comandos.aprobar(context, "camp-2", { sin_anticipo: false, motivo: null }, null);
    const sagas = async (estado: "ESPERANDO_PAGO" | "COMPLETADA" | "COMPENSANDO" | null) => {
      const sort = { by: "actualizada", order: "asc" } as const;
      const p = await m.consultas.sagas({ page: pagina, sort, filters: { estado } });
      return p.rows.map((s) => [s.id, s.saga.estado, s.saga.pasos.length]);
    };
    assert.deepEqual(await sagas("ESPERANDO_PAGO"), [["camp-1", "ESPERANDO_PAGO", 1]]);
    assert.deepEqual(await sagas("COMPLETADA"), [["camp-2", "COMPLETADA", 2]]);
    assert.deepEqual(await sagas("COMPENSANDO"), []);
    assert.equal((await sagas(null)).length, 2);
  });

  caso("lists filter by every field, and the search ignores case and accents", async (m) => {
    await crear(m, "camp-1", { nombre: "Óptica Bogotá 100%" }, "c-1");
    await crear(m, "camp-2", { nombre: "Cafetería", tipo_campania: "BRANDING" }, "c-2");
    await crear(m, "camp-3", {}, "c-2");
    await m.comandos.aprobar(context, "camp-3", { sin_anticipo: false, motivo: null }, null);
    assert.deepEqual(await ids(m, {}), ["camp-1", "camp-2", "camp-3"]);
    assert.deepEqual(await ids(m, { idCliente: "c-2" }), ["camp-2", "camp-3"]);
    assert.deepEqual(await ids(m, { tipo_campania: "BRANDING" }), ["camp-2"]);
    assert.deepEqual(await ids(m, { estados: ["APROBADA"] }), ["camp-3"]);
    assert.deepEqual(await ids(m, { estados: ["APROBADA", "PENDIENTE"], idCliente: "c-2" }), [
      "camp-2",
      "camp-3",
    ]);
    assert.deepEqual(await ids(m, { ids: ["camp-1", "camp-9"] }), ["camp-1"]);
    assert.deepEqual(await ids(m, { search: "OPTICA" }), ["camp-1"]);
    assert.deepEqual(await ids(m, { search: "cafeteria" }), ["camp-2"]);
    assert.deepEqual(await ids(m, { search: "0%" }), ["camp-1"]);
    assert.deepEqual(await ids(m, { search: "c-2" }), ["camp-2", "camp-3"]);
    assert.deepEqual(await ids(m, { search: "_amp" }), []);
    const dia = (d: number) => new Date(Date.now() + d * 86_400_000).toISOString().slice(0, 10);
    assert.equal((await ids(m, { desde: dia(-1), hasta: dia(1) })).length, 3);
    const [hoy] = (await m.consultas.obtener("camp-1"))?.fecha_creacion.toISOString().split("T") ?? [];
    assert.equal((await ids(m, { desde: hoy ?? "", hasta: hoy ?? "" })).length, 3);
    assert.deepEqual(await ids(m, { desde: dia(2) }), []);
    assert.deepEqual(await ids(m, { hasta: dia(-2) }), []);
  });

  caso("a partner finds, counts and reads its own campaigns, and nothing of another's", async (m) => {
    await crear(m, "camp-1", { nombre: "Óptica", anticipo: monto("5.00") }, "c-1");
    await crear(m, "camp-2", { nombre: "Óptica", anticipo: monto("5.00") }, "c-2");
    const suya = lector(m.lecturas, { tipo: "persona", id: "leo", roles: ["partner"], cliente: "c-1" });
    for (const f of [{}, { search: "optica" }, { search: "optica", aproximada: true }]) {
      const p = await suya.listar({ page: pagina, sort: porFecha, filters: { ...TODO, ...f } });
      assert.deepEqual(p.rows.map((v) => v.id), ["camp-1"]);
      assert.equal(p.mode === "page" && p.total.rows, 1);
    }
    const ajenas = { ...TODO, idCliente: "c-2" };
    assert.deepEqual((await suya.listar({ page: pagina, sort: porFecha, filters: ajenas })).rows, []);
    assert.equal((await suya.estadisticas(null)).total, 1);
    assert.equal((await suya.serie(30)).series[0]?.cantidad, 1);
    assert.equal((await suya.estadisticas("c-2")).total, 0);
    for (const leer of [suya.obtener, suya.eventos, suya.saga]) {
      assert.ok(await leer("camp-1") !== null);
      assert.equal(await leer("camp-2"), null);
    }
    assert.equal(await suya.enInstante("camp-2", new Date(8e15)), null);
  });

  caso("a cursor walks through every campaign once, while others are created", async (m) => {
    for (let i = 0; i < 7; i++) await crear(m, `camp-${i}`, { nombre: i % 2 === 0 ? "b" : "Á" });
    for (const by of ["fecha_creacion", "nombre"] as const) {
      const vistas: string[] = [];
      let after: Position | null = null;
      do {
        const p = await m.consultas.listar({
          page: { mode: "cursor", after, limit: 3 },
          sort: { by, order: by === "nombre" ? "asc" : "desc" },
          filters: { ...TODO, search: "camp-" },
        });
        vistas.push(...p.rows.map((v) => v.id));
        if (by === "fecha_creacion") await crear(m, `nueva-${vistas.length}`);
        after = p.mode === "cursor" ? p.next : null;
      } while (after !== null);
      const todas = Array.from({ length: 7 }, (_, i) => `camp-${i}`);
      assert.deepEqual([...vistas].sort(), todas);
      const pares = ["camp-1", "camp-3", "camp-5", "camp-0", "camp-2", "camp-4", "camp-6"];
      assert.deepEqual(vistas, by === "nombre" ? pares : todas.toReversed());
    }
  });

  caso("a page says how many there are, and one past the last is empty", async (m) => {
    for (let i = 0; i < 3; i++) await crear(m, `camp-${i}`);
    const lee = (page: number) =>
      m.consultas.listar({ page: { mode: "page", page, perPage: 2 }, sort: porFecha, filters: TODO });
    const primera = await lee(1);
    assert.deepEqual(primera.rows.map((v) => v.id), ["camp-2", "camp-1"]);
    assert.deepEqual(primera.mode === "page" && [primera.hasNext, primera.total], [true, {
      rows: 3,
      estimated: false,
    }]);
    const tercera = await lee(3);
    assert.deepEqual([tercera.rows, tercera.mode === "page" && tercera.hasNext], [[], false]);
  });

  caso("the statistics count by state and type, and what share was ever approved", async (m) => {
    assert.equal((await m.consultas.estadisticas(null)).tasa_aprobacion, null);
    await crear(m, "camp-1", {}, "c-1");
    await crear(m, "camp-2", { tipo_campania: "BRANDING" }, "c-2");
    await m.comandos.aprobar(context, "camp-2", { sin_anticipo: false, motivo: null }, null);
    await m.comandos.cancelar(context, "camp-2", "x", null);
    const e = await m.consultas.estadisticas(null);
    assert.deepEqual([e.total, e.tasa_aprobacion], [2, 0.5]);
    assert.deepEqual(e.por_estado, { PENDIENTE: 1, APROBADA: 0, PAUSADA: 0, FINALIZADA: 0, CANCELADA: 1 });
    assert.deepEqual(e.por_tipo, { PERFORMANCE: 1, BRANDING: 1, AWARENESS: 0, CONVERSION: 0, RETENTION: 0 });
    assert.equal((await m.consultas.estadisticas("c-1")).total, 1);
  });

  Deno.test(`campanias in ${adapter}: after any commands the projection is the fold of the events`, async () => {
    await using m = await abrir(1);
    const edicion = (e: Partial<Edicion>): Edicion => ({ ...VACIA, ...e });
    const accion = fc.constantFrom<(id: string) => Promise<unknown>>(
      (id) => m.comandos.aprobar(context, id, { sin_anticipo: true, motivo: "vamos" }, null),
      (id) => m.comandos.dar(context, id, "pausar", "revisión", null),
      (id) => m.comandos.dar(context, id, "reanudar", null, null),
      (id) => m.comandos.dar(context, id, "finalizar", null, null),
      (id) => m.comandos.cancelar(context, id, "sin interés", null),
      (id) => m.comandos.registrarGasto(mensaje, id, usd(40_00), "socio-1"),
      (id) => m.comandos.registrarGasto(mensaje, id, { unidades: 7n, moneda: "COP" }, null),
      (id) => m.comandos.editar(context, id, edicion({ entrada: { nombre: null, metas: '{"x":1}' } }), null),
      (id) => m.comandos.editar(context, id, edicion({ entrada: { presupuesto: monto("80.00") } }), null),
      (id) => m.comandos.anotar(mensaje, id, { tipo: "PagoConfirmado", idPago: "p-1", monto: usd(5_00) }),
      (id) =>
        m.comandos.anotar(mensaje, id, {
          tipo: "PagoFallido",
          idPago: "p-2",
          motivo: "no",
          reemplazado_por: null,
        }),
      (id) => m.comandos.anotar(mensaje, id, { tipo: "PagoRevertido", idPago: "p-1", motivo: "contracargo" }),
      (id) => m.comandos.agotarPresupuesto(mensaje, id),
      (id) => m.comandos.vencer({ id, plazo: new Date(), solicitud: "sol-1" }),
    );
    let n = 0;
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.array(accion, { maxLength: 12 }), async (anticipo, acciones) => {
        const id = `camp-${n++}`;
        await crear(m, id, {
          presupuesto: monto("100.00"),
          ...(anticipo ? { anticipo: monto("5.00") } : {}),
        });
        for (const a of acciones) await a(id);
        const eventos = await m.consultas.eventos(id) ?? [];
        assert.deepEqual(eventos.map((e) => e.version), eventos.map((_, i) => i + 1));
        assert.deepEqual(await m.consultas.obtener(id), await m.consultas.enInstante(id, new Date(8e15)));
      }),
      { numRuns: adapter === "memory" ? 80 : 40 },
    );
  });
}
