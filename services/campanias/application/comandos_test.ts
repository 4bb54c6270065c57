import assert from "node:assert/strict";
import { memoryUnitOfWork } from "@alpes/shared/adapters/memory/unit_of_work.ts";
import { memoryCampania, memoryCampanias } from "../adapters/memory.ts";
import { usd } from "../domain/ejemplos_test.ts";
import type { Hecho } from "../domain/proceso.ts";
import { comandosCampanias } from "./comandos.ts";
import { consultasCampanias } from "./consultas.ts";
import type { Edicion } from "./edicion.ts";
import { context, mensaje, VACIA } from "./ejemplos_test.ts";
import type { Entrada } from "./entrada.ts";
import { vencerPlazos } from "./vencimientos.ts";
import { lector } from "../lector_de_prueba.ts";

const inicio = Date.UTC(2026, 2, 1);
function abrir() {
  let ms = inicio;
  let n = 0;
  const newId = () => `id-${++n}`;
  const uow = memoryUnitOfWork(memoryCampania, { clock: () => new Date(ms), newId });
  const comandos = comandosCampanias({ uow, newId, plazo: 60_000 });
  const consultas = lector(consultasCampanias(memoryCampanias(uow.state)));
  return {
    ...comandos,
    consultas,
    uow,
    pasa: (s: number) => void (ms += s * 1000),
    mensajes: () =>
      uow.outbox.splice(0).map(({ topic, message: m }) => [topic, m.type, m.aggregate_id] as const),
    creada: async (entrada: Entrada = {}) => {
      const pedido = { idCampania: "camp-1", idCliente: "c-1", entrada: { itinerario: "[]", ...entrada } };
      const r = await comandos.crear(context, pedido);
      if (!r.ok) assert.fail(JSON.stringify(r.error));
      return r.value;
    },
    edita: (e: Partial<Edicion>, version: number | null = null) =>
      comandos.editar(context, "camp-1", { ...VACIA, ...e }, version),
  };
}
const monto = (valor: string | number, moneda: "USD" | "COP" | "CLP" | null = null) => ({ valor, moneda });
const confirmado = (idPago: string): Hecho => ({ tipo: "PagoConfirmado", idPago, monto: usd(100_00) });
const error = (r: { ok: boolean; error?: unknown }) => r.ok ? null : r.error;

Deno.test("what is public goes out with the versions of its events, then the saga's commands", async () => {
  const s = abrir();
  await s.creada({ presupuesto: monto("500.00", "USD"), anticipo: monto("100.00") });
  const [creada, procesar] = s.uow.outbox.map((o) => o.message);
  assert.deepEqual(creada?.data, {
    idCampania: "camp-1",
    idCliente: "c-1",
    nombre: null,
    tipo_campania: "PERFORMANCE",
    itinerario: [],
    presupuesto: { valor: "500.00", moneda: "USD" },
    anticipo: { valor: "100.00", moneda: "USD" },
    fecha_inicio: null,
    fecha_fin: null,
    metas: null,
    fechaCreacion: inicio,
    estado: "CREADA",
  });
  assert.deepEqual([creada?.type, creada?.aggregate_version, creada?.correlation_id], [
    "CampaniaCreada.v1",
    1,
    "sol-1",
  ]);
  const idPago = procesar?.aggregate_id ?? "";
  assert.deepEqual(procesar?.data, {
    idPago,
    idCampania: "camp-1",
    idCliente: "c-1",
    monto: { valor: "100.00", moneda: "USD" },
  });
  s.mensajes();
  await s.anotar(mensaje, "camp-1", confirmado(idPago));
  assert.deepEqual(s.uow.outbox.map((o) => o.message.aggregate_version), [2, 3, 3]);
  assert.deepEqual(s.mensajes(), [
    ["eventos.campanias", "PagoAsociado.v1", "camp-1"],
    ["eventos.campanias", "CampaniaAprobada.v1", "camp-1"],
    ["comandos.cliente", "ActualizarCliente", "c-1"],
  ]);
  await s.registrarGasto(mensaje, "camp-1", usd(1), "socio-1");
  assert.deepEqual(s.mensajes(), []);
  await s.anotar(mensaje, "camp-1", { tipo: "PagoRevertido", idPago, motivo: "contracargo" });
  assert.deepEqual(s.mensajes(), [
    ["eventos.campanias", "CampaniaCancelada.v1", "camp-1"],
    ["comandos.cliente", "ActualizarCliente", "c-1"],
  ]);
});

Deno.test("the feed says what became different: the campaign, its saga, or both", async () => {
  const s = abrir();
  await s.creada({ anticipo: monto("1.00") });
  assert.deepEqual(s.uow.feed.splice(0), [
    { tipo: "campania", id: "camp-1", version: 1 },
    { tipo: "saga", id: "camp-1", version: 1 },
  ]);
  await s.edita({ entrada: { nombre: "Otra" } });
  await s.anotar(mensaje, "camp-1", {
    tipo: "PagoFallido",
    idPago: "id-1",
    motivo: "x",
    reemplazado_por: "p-2",
  });
  assert.deepEqual(s.uow.feed.map((f) => f.tipo), ["campania", "saga", "saga"]);
});

Deno.test("a harmless repeat writes nothing", async () => {
  const s = abrir();
  await s.creada();
  s.mensajes();
  s.uow.feed.splice(0);
  await s.creada();
  await s.edita({ entrada: { nombre: null } });
  await s.anotar(mensaje, "camp-2", confirmado("p-1"));
  assert.deepEqual([s.mensajes(), s.uow.feed], [[], []]);
});

Deno.test("a bare amount takes the campaign's currency, else USD", async () => {
  const s = abrir();
  assert.deepEqual((await s.creada({ presupuesto: monto(10.5) })).presupuesto, usd(10_50));
  const cop = await abrir().creada({ presupuesto: monto("10.00", "COP"), anticipo: monto("5.00") });
  assert.equal(cop.anticipo?.moneda, "COP");
  const clp = await abrir().creada({ presupuesto: monto("150"), anticipo: monto("20", "CLP") });
  assert.deepEqual(clp.presupuesto, { unidades: 150n, moneda: "CLP" });
  const r = await abrir().crear(context, {
    idCampania: "x",
    idCliente: "c-1",
    entrada: { itinerario: "[]", presupuesto: monto("150"), anticipo: monto("1.5") },
  });
  assert.deepEqual(error(r), {
    tipo: "datos_invalidos",
    campos: [{ campo: "presupuesto", falla: "escala" }, { campo: "anticipo", falla: "escala" }],
  });
  const t = abrir();
  await t.creada({ presupuesto: monto("10.00", "COP") });
  const editada = await t.edita({ entrada: { presupuesto: monto("12.00") } });
  assert.equal(editada.ok && editada.value.presupuesto?.moneda, "COP");
  assert.deepEqual(error(await t.edita({ entrada: { anticipo: monto("1") } })), {
    tipo: "datos_invalidos",
    campos: [{ campo: "anticipo", falla: "escala" }],
  });
});

Deno.test("PATCH changes what it names, PUT empties what it does not", async () => {
  const s = abrir();
  await s.creada({ nombre: "Una", metas: "[1]", tipo_campania: "BRANDING", presupuesto: monto("9.00") });
  const parche = await s.edita({ entrada: { nombre: "Otra" } });
  assert.ok(parche.ok);
  assert.deepEqual([parche.value.nombre, parche.value.metas, parche.value.version], ["Otra", "[1]", 2]);
  const sinTipo = await s.edita({ entrada: { tipo_campania: null } });
  assert.equal(sinTipo.ok && sinTipo.value.tipo_campania, "PERFORMANCE");
  const puesta = await s.edita({ entrada: { itinerario: "[2]" }, completa: true });
  assert.ok(puesta.ok);
  const { nombre, metas, presupuesto, itinerario } = puesta.value;
  assert.deepEqual([nombre, metas, presupuesto, itinerario], [null, null, null, "[2]"]);
});

Deno.test("an edit may make the operator's step too, both or none", async () => {
  const s = abrir();
  await s.creada({ anticipo: monto("1.00") });
  const sin = await s.edita({ entrada: { nombre: "Otra" }, estado: "APROBADA" });
  assert.equal((error(sin) as { tipo: string }).tipo, "anticipo_sin_pagar");
  assert.equal((await s.consultas.obtener("camp-1"))?.nombre, null);
  const con = await s.edita({
    entrada: { nombre: "Otra" },
    estado: "APROBADA",
    sin_anticipo: true,
    motivo: "urge",
  });
  assert.ok(con.ok);
  assert.deepEqual([con.value.estado, con.value.nombre, con.value.motivo, con.value.version], [
    "APROBADA",
    "Otra",
    "urge",
    3,
  ]);
  const pasos = [["PAUSADA", "PAUSADA"], ["APROBADA", "APROBADA"], ["FINALIZADA", "FINALIZADA"]] as const;
  for (const [estado, queda] of pasos) {
    const r = await s.edita({ estado });
    assert.equal(r.ok && r.value.estado, queda);
  }
  const tipo = (r: unknown) => (error(r as { ok: boolean }) as { tipo: string } | null)?.tipo;
  assert.equal(tipo(await s.edita({ estado: "FINALIZADA" })), "ya_decidida");
  assert.equal(tipo(await s.edita({ estado: "PENDIENTE" })), "transicion_invalida");
  assert.equal(tipo(await s.edita({ entrada: { nombre: "x" } })), "cerrada");
});

Deno.test("a step that no operator makes is refused, one to the present state changes nothing beside an edit", async () => {
  const s = abrir();
  await s.creada();
  await s.aprobar(context, "camp-1", { sin_anticipo: false, motivo: null }, null);
  assert.deepEqual(error(await s.edita({ estado: "PENDIENTE" })), {
    tipo: "transicion_invalida",
    desde: "APROBADA",
    hacia: "PENDIENTE",
  });
  const igual = await s.edita({ entrada: { nombre: "x" }, estado: "APROBADA" });
  assert.equal(igual.ok && igual.value.version, 3);
});

Deno.test("cancelling by an edit says who did it when it does not say why", async () => {
  const s = abrir();
  await s.creada();
  const r = await s.edita({ estado: "CANCELADA" });
  assert.equal(r.ok && r.value.motivo, "cancelada por persona:ana");
});

Deno.test("whose campaign it is does not change", async () => {
  const s = abrir();
  await s.creada();
  assert.deepEqual(error(await s.edita({ idCliente: "c-2" })), { tipo: "cliente_fijo" });
  assert.ok((await s.edita({ idCliente: "c-1", entrada: { nombre: "x" } })).ok);
});

Deno.test("the anticipo is fixed once its payment is under way", async () => {
  const s = abrir();
  await s.creada({ anticipo: monto("1.00") });
  assert.deepEqual(error(await s.edita({ entrada: { anticipo: null } })), { tipo: "anticipo_comprometido" });
});

Deno.test("deleting cancels, and again is harmless whatever version is named", async () => {
  const s = abrir();
  await s.creada();
  assert.deepEqual(error(await s.eliminar(context, "camp-1", null, 7)), { tipo: "version_obsoleta" });
  const r = await s.eliminar(context, "camp-1", null, 1);
  assert.equal(r.ok && r.value.motivo, "cancelada por persona:ana");
  const otra = await s.eliminar(context, "camp-1", "otra vez", 1);
  assert.deepEqual([otra.ok && otra.value.version, otra.ok && otra.value.motivo], [
    2,
    "cancelada por persona:ana",
  ]);
  assert.deepEqual(error(await s.eliminar(context, "camp-9", null, null)), { tipo: "no_existe" });
});

Deno.test("nothing can be asked of a campaign that does not exist", async () => {
  const s = abrir();
  for (
    const r of await Promise.all([
      s.edita({}),
      s.aprobar(context, "camp-1", { sin_anticipo: true, motivo: null }, null),
      s.dar(context, "camp-1", "pausar", null, null),
      s.cancelar(context, "camp-1", "x", 3),
      s.reintentar(context, "camp-1"),
      s.anotar(mensaje, "camp-1", confirmado("p-1")),
      s.registrarGasto(mensaje, "camp-1", usd(1), null),
      s.agotarPresupuesto(mensaje, "camp-1"),
    ])
  ) assert.deepEqual(error(r), { tipo: "no_existe" });
});

Deno.test("a deadline acts under the request that started the saga, and only once it has passed", async () => {
  const s = abrir();
  await s.creada({ anticipo: monto("1.00") });
  s.mensajes();
  const v = { id: "camp-1", plazo: new Date(inicio + 60_000), solicitud: "sol-0" };
  s.pasa(59);
  await s.vencer(v);
  assert.equal(s.uow.outbox.length, 0);
  s.pasa(1);
  await s.vencer(v);
  assert.deepEqual(
    s.uow.outbox.map((o) => [o.message.type, o.message.correlation_id, o.message.causation_id]),
    [
      ["CampaniaCancelada.v1", "sol-0", "plazo-camp-1"],
      ["ActualizarCliente", "sol-0", "plazo-camp-1"],
      ["RevertirPago", "sol-0", "plazo-camp-1"],
    ],
  );
});

Deno.test("a stopped compensation is tried again by a person; nothing else is", async () => {
  const s = abrir();
  await s.creada({ anticipo: monto("1.00") });
  assert.deepEqual(error(await s.reintentar(context, "camp-1")), { tipo: "nada_que_reintentar" });
  for (let i = 0; i < 4; i++) {
    s.pasa(60);
    await s.vencer({ id: "camp-1", plazo: new Date(), solicitud: "sol-0" });
  }
  assert.equal((await s.consultas.saga("camp-1"))?.estado, "REQUIERE_INTERVENCION");
  assert.ok((await s.reintentar(context, "camp-1")).ok);
  assert.equal((await s.consultas.saga("camp-1"))?.estado, "COMPENSANDO");
});

Deno.test("one deadline that fails holds back no other, and is told", async () => {
  const fallos: string[] = [];
  const hechas: string[] = [];
  const ronda = vencerPlazos(
    {
      vencidas: () =>
        Promise.resolve(["a", "b", "c"].map((id) => ({ id, plazo: new Date(), solicitud: "sol-0" }))),
    },
    {
      vencer: ({ id }) => {
        if (id === "b") return Promise.reject(new Error("no"));
        hechas.push(id);
        return Promise.resolve({ ok: false, error: { tipo: "no_existe" } });
      },
    },
    (id) => fallos.push(id),
  );
  assert.deepEqual(await ronda(), { vencidas: 3, fallidas: 1 });
  assert.deepEqual([hechas, fallos], [["a", "c"], ["b"]]);
});
