import assert from "node:assert/strict";
import { v7 } from "uuid";
import { openDatabase, sqlState } from "@alpes/shared/adapters/postgres/database.ts";
import { postgresUnitOfWork } from "@alpes/shared/adapters/postgres/unit_of_work.ts";
import { freshDatabase } from "@alpes/shared/testing/database.ts";
import { comandosCampanias } from "../application/comandos.ts";
import { consultasCampanias } from "../application/consultas.ts";
import { context, mensaje, TODO } from "../application/ejemplos_test.ts";
import { usd } from "../domain/ejemplos_test.ts";
import { CADA } from "./instantanea.ts";
import { cargarCampania, postgresCampania } from "./postgres.ts";
import { postgresCampanias } from "./postgres_consultas.ts";
import { postgresReconstructor } from "./postgres_reconstruccion.ts";
import { lector } from "../lector_de_prueba.ts";

async function abrir() {
  const resources = new AsyncDisposableStack();
  const fresh = resources.use(await freshDatabase());
  const db = resources.use(openDatabase({ url: fresh.url, role: "alpes_campanias" }));
  const admin = resources.use(openDatabase({ url: fresh.adminUrl, max: 2 }));
  const uow = postgresUnitOfWork(db, postgresCampania, { newId: v7 });
  const comandos = comandosCampanias({ uow, newId: v7, plazo: 60_000 });
  const crear = (idCampania: string, nombre: string | null = null) =>
    comandos.crear(context, { idCampania, idCliente: "c-1", entrada: { itinerario: "[]", nombre } });
  const todas = () =>
    db.query<{ id: string; version: number }>(
      "select c.*, itinerario::text, metas::text from campanias.campanias c order by id",
    );
  return {
    db,
    admin,
    comandos,
    crear,
    todas,
    consultas: lector(consultasCampanias(postgresCampanias(db))),
    reconstructor: postgresReconstructor(db),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

const quien = (id: string) => ({ actor: `persona:${id}`, accion: "reconstruir", correlacion: "s-1" });

Deno.test("a rebuild puts every row right, in place", async () => {
  await using s = await abrir();
  for (let i = 0; i < 7; i++) {
    await s.crear(`camp-${i}`, `n ${i}`);
    await s.comandos.registrarGasto(mensaje, `camp-${i}`, usd(i + 1), null);
  }
  const antes = await s.todas();
  await s.admin.query(
    "update campanias.campanias set nombre = 'roto', gasto = 9, version = 7 where id = 'camp-1'",
  );
  await s.admin.query("delete from campanias.campanias where id in ('camp-2', 'camp-6')");
  await s.admin.query(
    `insert into campanias.campanias (id, id_cliente, tipo_campania, itinerario, estado, fecha_creacion, version)
     values ('fantasma', 'c-1', 'BRANDING', '[]', 'PENDIENTE', now(), 1)`,
  );
  assert.equal((await s.reconstructor.empezar("campanias", quien("ana")))?.estado, "RECONSTRUYENDO");
  const avances = [];
  while (await s.reconstructor.tramo(3)) avances.push((await s.reconstructor.proyecciones())[0]?.hechas);
  assert.deepEqual(avances, [3, 6]);
  assert.deepEqual(await s.todas(), antes);
  const [p] = await s.reconstructor.proyecciones();
  assert.deepEqual([p?.estado, p?.total, p?.hechas, p?.actor], ["AL_DIA", 7, 7, "persona:ana"]);
  assert.ok(p?.inicio && p.fin && p.fin >= p.inicio);
});

Deno.test("a rebuild that was interrupted goes on where it was, and beginning it again changes nothing", async () => {
  await using s = await abrir();
  for (let i = 0; i < 5; i++) await s.crear(`camp-${i}`);
  await s.reconstructor.empezar("campanias", quien("ana"));
  assert.equal(await s.reconstructor.tramo(2), true);
  const otra = await s.reconstructor.empezar("campanias", quien("luz"));
  assert.deepEqual([otra?.hechas, otra?.actor], [2, "persona:ana"]);
  while (await s.reconstructor.tramo(2));
  assert.equal((await s.reconstructor.proyecciones())[0]?.hechas, 5);
  assert.equal(await s.reconstructor.tramo(2), false);
  assert.equal(await s.reconstructor.empezar("otra", quien("ana")), null);
});

Deno.test("a rebuild loses nothing that is written meanwhile, and readers always find every campaign", async () => {
  await using s = await abrir();
  const ids = Array.from({ length: 12 }, (_, i) => `camp-${i}`);
  for (const id of ids) await s.crear(id);
  await s.reconstructor.empezar("campanias", quien("ana"));
  let listo = false;
  const escribe = async (id: string) => {
    for (let n = 0; n < 5; n++) assert.ok((await s.comandos.registrarGasto(mensaje, id, usd(1), null)).ok);
  };
  const lee = async () => {
    while (!listo) assert.equal((await s.todas()).length, 12);
  };
  const reconstruye = async () => {
    while (await s.reconstructor.tramo(2));
  };
  const leyendo = lee();
  await Promise.all([...ids.map(escribe), reconstruye(), reconstruye()]);
  listo = true;
  await leyendo;
  for (const id of ids) {
    const v = await s.consultas.obtener(id);
    assert.deepEqual(v, await s.consultas.enInstante(id, new Date(8e15)));
    assert.deepEqual(v?.gasto, usd(5));
  }
});

Deno.test("a campaign with many events loads from its snapshot to the same state as from all its events", async () => {
  await using s = await abrir();
  await s.comandos.crear(context, {
    idCampania: "camp-1",
    idCliente: "c-1",
    entrada: {
      itinerario: "[12345678901234567890]",
      metas: '{"a":null}',
      anticipo: { valor: "0.00", moneda: "USD" },
      presupuesto: { valor: "1000.00", moneda: "USD" },
    },
  });
  await s.comandos.anotar(mensaje, "camp-1", { tipo: "PagoConfirmado", idPago: "p-1", monto: usd(5) });
  for (let i = 0; i < CADA; i++) {
    await s.comandos.registrarGasto(
      mensaje,
      "camp-1",
      i % 2 ? usd(3) : { unidades: 2n, moneda: "COP" },
      "socio-1",
    );
  }
  const [foto] = await s.db.query<{ version: number }>("select version from campanias.instantaneas");
  assert.equal(foto?.version, CADA);
  const entera = await cargarCampania(s.db, "camp-1", true);
  assert.deepEqual(await cargarCampania(s.db, "camp-1"), entera);
  assert.equal(entera.version, CADA + 3);
  await s.comandos.cancelar(context, "camp-1", "x", null);
  await s.comandos.dar(context, "camp-1", "finalizar", "fin", null);
  assert.deepEqual(await cargarCampania(s.db, "camp-1"), await cargarCampania(s.db, "camp-1", true));
  await s.admin.query("update campanias.instantaneas set formato = 0, estado = '{}'");
  assert.equal((await cargarCampania(s.db, "camp-1")).estado.estado, "FINALIZADA");
});

Deno.test("events are added, never changed or removed", async () => {
  await using s = await abrir();
  await s.crear("camp-1");
  for (const sql of ["update campanias.eventos set tipo = 'x'", "delete from campanias.eventos"]) {
    await assert.rejects(s.db.query(sql), (e) => sqlState(e) === "42501");
  }
});

Deno.test("an approximate search forgives one wrong, missing or transposed letter, best first", async () => {
  await using s = await abrir();
  await s.crear("camp-1", "Primavera Andina");
  await s.crear("camp-2", "Otoño en Medellín");
  const busca = async (search: string) => {
    const p = await s.consultas.listar({
      page: { mode: "page", page: 1, perPage: 5 },
      sort: { by: "fecha_creacion", order: "desc" },
      filters: { ...TODO, search, aproximada: true },
    });
    assert.ok(p.rows.every((v) => v.relevancia !== undefined && v.relevancia > 0 && v.relevancia <= 1));
    return p.rows.map((v) => v.id);
  };
  for (const q of ["primavera", "prmavera", "primavrea", "primabera", "PRIMAVERA AND"]) {
    assert.deepEqual((await busca(q))[0], "camp-1", q);
  }
  assert.deepEqual((await busca("Medelin"))[0], "camp-2");
  assert.deepEqual(await busca("zzzzzz"), []);
  assert.equal((await busca("camp")).length, 2);
});
