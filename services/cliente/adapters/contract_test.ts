import assert from "node:assert/strict";
import { v7 } from "uuid";
import { memoryUnitOfWork } from "@alpes/shared/adapters/memory/unit_of_work.ts";
import { openDatabase } from "@alpes/shared/adapters/postgres/database.ts";
import { postgresUnitOfWork } from "@alpes/shared/adapters/postgres/unit_of_work.ts";
import type { Position } from "@alpes/shared/seedwork/pages.ts";
import type { RequestContext } from "@alpes/shared/seedwork/unit_of_work.ts";
import { freshDatabase } from "@alpes/shared/testing/database.ts";
import { type ComandosCliente, comandosCliente } from "../application/comandos.ts";
import type { Clientes, Filtro } from "../application/ports.ts";
import type { Datos } from "../domain/cliente.ts";
import { memoryCliente, memoryClientes } from "./memory.ts";
import { postgresCliente } from "./postgres.ts";
import { postgresClientes } from "./postgres_consultas.ts";

interface Modulo extends AsyncDisposable {
  readonly comandos: ComandosCliente;
  readonly clientes: Clientes;
}

const adapters: Record<string, () => Promise<Modulo>> = {
  memory() {
    const uow = memoryUnitOfWork(memoryCliente, { clock: () => new Date(), newId: v7 });
    return Promise.resolve({
      comandos: comandosCliente(uow),
      clientes: memoryClientes(uow.state),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    });
  },
  async PostgreSQL() {
    const resources = new AsyncDisposableStack();
    const fresh = resources.use(await freshDatabase());
    const db = resources.use(openDatabase({ url: fresh.url, role: "alpes_cliente" }));
    return {
      comandos: comandosCliente(postgresUnitOfWork(db, postgresCliente, { newId: v7 })),
      clientes: postgresClientes(db),
      [Symbol.asyncDispose]: () => resources.disposeAsync(),
    };
  },
};

const context: RequestContext = {
  actor: { tipo: "persona", id: "ana", roles: ["operador"], cliente: null },
  correlation_id: "sol-1",
  causation_id: "sol-1",
  traceparent: null,
  dedup: null,
};
const mensaje: RequestContext = { ...context, actor: { tipo: "servicio", id: "cliente" } };
let serie = 0;
const persona = (cambios: Partial<Datos> = {}): Datos => {
  serie++;
  return {
    tipo_cliente: "NATURAL",
    nombre: `Persona ${String(serie).padStart(4, "0")}`,
    email: `persona${serie}@correo.example`,
    cedula: String(10_000_000 + serie),
    rut: null,
    fecha_nacimiento: "1990-01-31",
    telefono: null,
    ciudad: null,
    pais: null,
    referencia_externa: null,
    ...cambios,
  } as Datos;
};
const todo: Filtro = {
  ids: null,
  search: null,
  aproximada: false,
  estado: null,
  tipo_cliente: null,
  desde: null,
  hasta: null,
};
const porFecha = { by: "fecha_registro", order: "desc" } as const;
const pagina = { mode: "page", page: 1, perPage: 100 } as const;
const en = (dia: number) => new Date(Date.UTC(2026, 0, dia));

for (const [adapter, abrir] of Object.entries(adapters)) {
  const caso = (nombre: string, prueba: (m: Modulo) => Promise<void>) =>
    Deno.test(`cliente in ${adapter}: ${nombre}`, async () => {
      await using m = await abrir();
      await prueba(m);
    });

  caso("what was registered is read at once, with version 1", async ({ comandos, clientes }) => {
    const datos = persona({ nombre: "Begoña D'Acosta Núñez", ciudad: "Bogotá" });
    const r = await comandos.registrar(context, "c-1", datos, "h");
    assert.ok(r.ok && r.value.creado);
    assert.deepEqual(await clientes.obtener("c-1"), r.value.cliente);
    assert.equal(r.value.cliente.version, 1);
    assert.equal(r.value.cliente.fecha_nacimiento, "1990-01-31");
    assert.equal(await clientes.obtener("c-2"), null);
  });

  caso(
    "the same registration again makes nothing, another one under its id is refused",
    async ({ comandos }) => {
      const datos = persona();
      await comandos.registrar(context, "c-1", datos, "h");
      const otra = await comandos.registrar(context, "c-1", datos, "h");
      assert.ok(otra.ok && !otra.value.creado && otra.value.cliente.version === 1);
      assert.deepEqual(await comandos.registrar(context, "c-1", persona(), "h2"), {
        ok: false,
        error: { tipo: "otro_registro" },
      });
    },
  );

  caso("unique fields clash whatever their case, and every one is named", async ({ comandos }) => {
    const datos = persona({ rut: "9001", referencia_externa: "CRM-1" });
    await comandos.registrar(context, "c-1", datos, "h");
    const r = await comandos.registrar(
      context,
      "c-2",
      { ...datos, email: datos.email.toUpperCase(), nombre: "Otra" },
      "h2",
    );
    assert.deepEqual(r, {
      ok: false,
      error: { tipo: "duplicado", campos: ["email", "cedula", "rut", "referencia_externa"] },
    });
  });

  caso("whose data was erased has none left, frees what was unique, and still counts payments", async (m) => {
    const { comandos, clientes } = m;
    const datos = persona({ rut: "9002", referencia_externa: "CRM-2", telefono: "123" });
    await comandos.registrar(context, "c-1", datos, "h");
    await comandos.suspender(context, "c-1", "razones de una persona", null);
    const r = await comandos.borrarDatos(context, "c-1", "solicitud 12", "azar");
    assert.ok(r.ok);
    assert.deepEqual(await clientes.obtener("c-1"), r.value);
    assert.deepEqual(r.value, {
      ...r.value,
      nombre: "(datos borrados)",
      email: "borrado-azar@borrado.invalid",
      cedula: null,
      rut: null,
      fecha_nacimiento: null,
      telefono: null,
      referencia_externa: null,
      estado: "INACTIVO",
      version: 3,
    });
    assert.deepEqual((await clientes.historial("c-1"))?.map((h) => h.motivo), [null, null, "solicitud 12"]);
    assert.deepEqual(await comandos.reactivar(context, "c-1", null, null), {
      ok: false,
      error: { tipo: "borrado" },
    });
    assert.ok((await comandos.registrar(context, "c-2", datos, "h")).ok);
    await comandos.anotarPago(mensaje, "c-1", "p-1", en(5));
    assert.deepEqual(await totales(clientes, "c-1"), [1, en(5)]);
    assert.deepEqual(await clientes.pagos("c-1"), [{ id_pago: "p-1", fecha: en(5) }]);
    const otraVez = await comandos.borrarDatos(context, "c-1", "otra vez", "otro");
    assert.ok(otraVez.ok && otraVez.value.email === "borrado-azar@borrado.invalid");
  });

  caso("of many who register one e-mail at once, one is stored", async ({ comandos, clientes }) => {
    const email = "misma@correo.example";
    const todos = await Promise.all(
      Array.from({ length: 12 }, (_, i) => comandos.registrar(context, `c-${i}`, persona({ email }), "h")),
    );
    assert.equal(todos.filter((r) => r.ok).length, 1);
    for (const r of todos) assert.ok(r.ok || r.error.tipo === "duplicado");
    assert.equal((await clientes.estadisticas(null)).total, 1);
  });

  caso("of two changes to one version, one wins", async ({ comandos, clientes }) => {
    await comandos.registrar(context, "c-1", persona(), "h");
    const a = await comandos.suspender(context, "c-1", "fraude", 1);
    const b = await comandos.desactivar(context, "c-1", "se fue", 1);
    assert.ok(a.ok);
    assert.deepEqual(b, { ok: false, error: { tipo: "version_obsoleta", actual: 2 } });
    assert.equal((await clientes.obtener("c-1"))?.estado, "SUSPENDIDO");
  });

  caso("concurrent changes lose nothing: versions are contiguous", async ({ comandos, clientes }) => {
    await comandos.registrar(context, "c-1", persona(), "h");
    await Promise.all(
      Array.from({ length: 20 }, () => comandos.anotarCampania(mensaje, "c-1", "APROBAR_CAMPANIA")),
    );
    assert.equal((await clientes.obtener("c-1"))?.version, 21);
    const historial = await clientes.historial("c-1");
    assert.deepEqual(historial?.map((h) => h.version), Array.from({ length: 21 }, (_, i) => i + 1));
  });

  caso("an edit keeps who decided, and moves unique fields", async ({ comandos, clientes }) => {
    await comandos.registrar(context, "c-1", persona({ email: "viejo@correo.example" }), "h");
    const nuevo = { email: "nuevo@correo.example", cedula: null, rut: null, referencia_externa: null };
    const r = await comandos.actualizar(context, "c-1", (d) => ({ ...d, email: nuevo.email }), nuevo, 1);
    assert.ok(r.ok && r.value.email === nuevo.email && r.value.version === 2);
    assert.ok(
      (await comandos.registrar(context, "c-2", persona({ email: "viejo@correo.example" }), "h2")).ok,
    );
    const choque = await comandos.actualizar(
      context,
      "c-2",
      (d) => ({ ...d, email: nuevo.email }),
      nuevo,
      null,
    );
    assert.deepEqual(choque, { ok: false, error: { tipo: "duplicado", campos: ["email"] } });
    assert.deepEqual(
      (await clientes.historial("c-1"))?.map((h) => [h.accion, h.actor, h.correlacion]),
      [["ClienteRegistrado", "persona:ana", "sol-1"], ["ClienteActualizado", "persona:ana", "sol-1"]],
    );
    assert.equal(await clientes.historial("nadie"), null);
  });

  caso("payments are counted once, and a reversal takes its own back", async ({ comandos, clientes }) => {
    await comandos.registrar(context, "c-1", persona(), "h");
    await comandos.anotarPago(mensaje, "c-1", "p-1", en(10));
    await comandos.anotarPago(mensaje, "c-1", "p-2", en(5));
    await comandos.anotarPago(mensaje, "c-1", "p-2", en(5));
    assert.deepEqual(await totales(clientes, "c-1"), [2, en(10)]);
    await comandos.anotarPago(mensaje, "c-1", "p-1", null);
    await comandos.anotarPago(mensaje, "c-1", "p-1", null);
    assert.deepEqual(await totales(clientes, "c-1"), [1, en(5)]);
    await comandos.anotarPago(mensaje, "c-1", "p-2", null);
    assert.deepEqual(await totales(clientes, "c-1"), [0, null]);
  });

  caso("who registers late finds the payments of before", async ({ comandos, clientes }) => {
    await comandos.anotarPago(mensaje, "c-1", "p-1", en(3));
    await comandos.anotarPago(mensaje, "c-1", "p-2", en(2));
    await comandos.registrar(context, "c-1", persona(), "h");
    assert.deepEqual(await totales(clientes, "c-1"), [2, en(3)]);
  });

  caso("a message about an unknown cliente changes nothing", async ({ comandos, clientes }) => {
    const r = await comandos.anotarCampania(mensaje, "nadie", "CANCELAR_CAMPANIA");
    assert.deepEqual(r, { ok: false, error: { tipo: "no_existe" } });
    assert.equal((await clientes.estadisticas(null)).total, 0);
  });

  caso("a list is filtered, searched without accents and case, and paged without gaps", async (m) => {
    const nombres = ["Ángela Peña", "Begoña Ruiz", "Camilo PEÑA", "Óscar 100% Sol", "Zoraida_X"];
    for (const [i, nombre] of nombres.entries()) {
      await m.comandos.registrar(context, `c-${i}`, persona({ nombre }), "h");
    }
    await m.comandos.suspender(context, "c-2", "x", null);
    const busca = async (f: Partial<Filtro>) =>
      (await m.clientes.listar({
        page: pagina,
        sort: { by: "nombre", order: "asc" },
        filters: { ...todo, ...f },
      }, null)).rows
        .map((v) => v.nombre);
    assert.deepEqual(await busca({}), nombres);
    assert.deepEqual(await busca({ search: "pena" }), ["Ángela Peña", "Camilo PEÑA"]);
    assert.deepEqual(await busca({ search: "PEÑA", estado: "ACTIVO" }), ["Ángela Peña"]);
    assert.deepEqual(await busca({ search: "100%" }), ["Óscar 100% Sol"]);
    assert.deepEqual(await busca({ search: "a_x" }), ["Zoraida_X"]);
    assert.deepEqual(await busca({ ids: ["c-1", "c-4", "nadie"] }), ["Begoña Ruiz", "Zoraida_X"]);
    assert.deepEqual(await busca({ tipo_cliente: "EMPRESA" }), []);
    const dia = (d: number) => new Date(Date.now() + d * 86_400_000).toISOString().slice(0, 10);
    const [hoy = ""] = (await m.clientes.obtener("c-1"))?.fecha_registro.toISOString().split("T") ?? [];
    assert.deepEqual(await busca({ desde: hoy, hasta: hoy }), nombres);
    assert.deepEqual(await busca({ desde: dia(2) }), []);
    assert.deepEqual(await busca({ hasta: dia(-2) }), []);
    assert.deepEqual(await busca({ hasta: dia(-2), search: "pena" }), []);
  });

  caso("a cursor sees every row once, in both orders", async ({ comandos, clientes }) => {
    for (let i = 0; i < 25; i++) {
      await comandos.registrar(context, `c-${String(i).padStart(2, "0")}`, persona(), "h");
    }
    for (const by of ["fecha_registro", "nombre"] as const) {
      for (const order of ["asc", "desc"] as const) {
        const vistos: string[] = [];
        let after: Position | null = null;
        do {
          const p = await clientes.listar({
            page: { mode: "cursor", after, limit: 7 },
            sort: { by, order },
            filters: todo,
          }, null);
          assert.ok(p.mode === "cursor");
          vistos.push(...p.rows.map((v) => v.id));
          after = p.next;
        } while (after !== null);
        const ids = Array.from({ length: 25 }, (_, i) => `c-${String(i).padStart(2, "0")}`);
        assert.deepEqual([...vistos].sort(), ids, `${by} ${order}`);
        if (by === "nombre") assert.deepEqual(vistos, order === "asc" ? ids : ids.reverse());
      }
    }
    const p = await clientes.listar({
      page: { mode: "page", page: 3, perPage: 10 },
      sort: porFecha,
      filters: todo,
    }, null);
    assert.ok(
      p.mode === "page" && p.rows.length === 5 && !p.hasNext && p.total.rows === 25 && !p.total.estimated,
    );
  });

  caso("who sees one cliente finds, counts and pages no other", async ({ comandos, clientes }) => {
    for (const id of ["c-1", "c-2", "c-3"]) await comandos.registrar(context, id, persona(), "h");
    for (const page of [pagina, { mode: "cursor" as const, after: null, limit: 10 }]) {
      for (const f of [{}, { search: "persona" }, { search: "persona", aproximada: true }]) {
        const p = await clientes.listar({ page, sort: porFecha, filters: { ...todo, ...f } }, "c-2");
        assert.deepEqual(p.rows.map((v) => v.id), ["c-2"]);
        assert.equal(p.mode === "page" ? p.total.rows : 1, 1);
      }
    }
    const ajeno = { ...todo, ids: ["c-1"] };
    assert.deepEqual(
      (await clientes.listar({ page: pagina, sort: porFecha, filters: ajeno }, "c-2")).rows,
      [],
    );
    assert.equal((await clientes.estadisticas("c-2")).total, 1);
    assert.equal((await clientes.serie(30, "c-2")).series[0]?.cantidad, 1);
  });

  caso("statistics count by estado and tipo", async ({ comandos, clientes }) => {
    await comandos.registrar(context, "c-1", persona(), "h");
    await comandos.registrar(context, "c-2", persona({ tipo_cliente: "EMPRESA", rut: "900" }), "h");
    await comandos.desactivar(context, "c-2", "x", null);
    assert.deepEqual(await clientes.estadisticas(null), {
      total: 2,
      por_estado: { ACTIVO: 1, INACTIVO: 1, SUSPENDIDO: 0 },
      por_tipo: { NATURAL: 1, EMPRESA: 1 },
      nuevos_30_dias: 2,
    });
  });
}

async function totales(clientes: Clientes, id: string): Promise<[number, Date | null]> {
  const v = await clientes.obtener(id);
  assert.ok(v);
  return [v.total_pagos, v.ultimo_pago];
}

Deno.test("one wrong, missing or transposed letter still finds a word of six letters", async () => {
  await using m = await (adapters.PostgreSQL ?? assert.fail())();
  const palabra = "camilo";
  for (const nombre of ["Camilo Restrepo Ángel", "Zoraida Ñáñez", "Transportes Sumapaz"]) {
    await m.comandos.registrar(context, v7(), persona({ nombre }), "h");
  }
  const erratas = new Set<string>();
  for (let i = 0; i < palabra.length; i++) {
    erratas.add(palabra.slice(0, i) + palabra.slice(i + 1));
    erratas.add(palabra.slice(0, i) + "x" + palabra.slice(i + 1));
    if (i > 0) erratas.add(palabra.slice(0, i - 1) + palabra[i] + palabra[i - 1] + palabra.slice(i + 1));
  }
  const sinHallar: string[] = [];
  for (const search of erratas) {
    const p = await m.clientes.listar({
      page: pagina,
      sort: porFecha,
      filters: { ...todo, search, aproximada: true },
    }, null);
    if (p.rows[0]?.nombre !== "Camilo Restrepo Ángel") sinHallar.push(search);
    for (const r of p.rows) assert.ok(r.relevancia !== undefined && r.relevancia > 0 && r.relevancia <= 1);
  }
  assert.deepEqual(sinHallar, []);
});
