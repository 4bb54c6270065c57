import assert from "node:assert/strict";
import { v7 } from "uuid";
import type { Database } from "@alpes/shared/adapters/postgres/database.ts";
import { UnknownOutcome } from "@alpes/shared/seedwork/unit_of_work.ts";
import { eventually } from "@alpes/shared/testing/eventually.ts";
import type { Psp, UnidadPagos } from "../application/ports.ts";
import { pagarPartner } from "../application/pedir_partner.ts";
import { ordenar, saldar } from "../application/saldar.ts";
import type { Tiempos } from "../domain/agenda.ts";
import {
  automatico,
  campania,
  conCampania,
  contexto,
  enPostgres,
  mensaje,
  partner,
  TIEMPOS_DE_PRUEBA,
} from "../modulo_de_prueba.ts";
import { simuladorPsp } from "./psp/simulator.ts";
import { iniciarSaldador } from "./saldador.ts";

type Modulo = Awaited<ReturnType<typeof enPostgres>>;
const SIMULADOR = { respuesta: 1, plazo: 60, tardanza: 250 };

interface Opciones {
  readonly psp?: (simulador: Psp) => Psp;
  readonly uow?: (uow: UnidadPagos) => UnidadPagos;
  readonly tiempos?: Tiempos;
}
function saldador(
  m: Modulo,
  { psp = (p) => p, uow = (u) => u, tiempos = TIEMPOS_DE_PRUEBA }: Opciones = {},
) {
  return iniciarSaldador({
    agenda: m.agenda,
    paso: saldar(uow(m.uow), psp(simuladorPsp(m.db, SIMULADOR)), v7, tiempos),
    ordenar: ordenar(uow(m.uow), psp(simuladorPsp(m.db, SIMULADOR)), tiempos),
    arriendo: TIEMPOS_DE_PRUEBA.rescate,
    onError: () => {},
  });
}
const pagar = async (m: Modulo, cycle: string, mascara: string | null): Promise<string> => {
  const r = await m.comandos.pagarPartner(contexto(), partner("p-1", cycle, { total: "10.00", mascara }));
  return r.ok ? r.value.id : assert.fail(r.error.tipo);
};
const estado = async (m: Modulo, id: string) => (await m.pagos.obtener(id))?.payout.estado;
const pagadoPorElProveedor = async (db: Database, id: string) =>
  (await db.query<{ n: number }>(
    "select count(*)::int as n from pagos.psp_simulador where payout_id = $1 and pagado <= clock_timestamp()",
    [id],
  ))[0]?.n;
const pasos = async (m: Modulo, id: string) =>
  (await m.pagos.historial(id))?.map((h) => h.estado_nuevo).slice(2);

Deno.test("an ordinary payment is settled", async () => {
  await using m = await enPostgres();
  await using _ = saldador(m);
  const id = await pagar(m, "c-1", "****1234");
  await eventually(async () => await estado(m, id) === "EXITOSO");
  assert.deepEqual(await pasos(m, id), ["CONFIRMADO", "EN_PROCESO", "EXITOSO"]);
  assert.equal(await pagadoPorElProveedor(m.db, id), 1);
});

Deno.test("a payout that begins with the commit that asks for it is written twice, and paid once", async () => {
  await using m = await enPostgres();
  await using s = saldador(m);
  const pedir = pagarPartner(m.uow, v7, TIEMPOS_DE_PRUEBA, s);
  const pedido = partner("p-1", "c-1", { total: "10.00", mascara: "****1234" });
  const r = await pedir(contexto(), pedido);
  assert.ok(r.ok && r.value.estado === "EN_PROCESO");
  const { id } = r.value;
  await eventually(async () => await estado(m, id) === "EXITOSO");
  assert.deepEqual(await pasos(m, id), ["CONFIRMADO", "EN_PROCESO", "EXITOSO"]);
  assert.equal((await m.pagos.obtener(id))?.version, 2);
  assert.equal(await pagadoPorElProveedor(m.db, id), 1);
  const otra = await pedir(contexto(), pedido);
  assert.ok(otra.ok && otra.value.id === id && otra.value.orden === undefined);
  assert.equal(await pagadoPorElProveedor(m.db, id), 1);
});

Deno.test("one that its worker dropped is found by the agenda, asked about, and paid once", async () => {
  await using m = await enPostgres();
  const nadie = { libre: () => true, pagar: () => {} };
  const r = await pagarPartner(m.uow, v7, TIEMPOS_DE_PRUEBA, nadie)(
    contexto(),
    partner("p-1", "c-1", { total: "10.00", mascara: "****1234" }),
  );
  assert.ok(r.ok);
  await using _ = saldador(m);
  await eventually(async () => await estado(m, r.value.id) === "EXITOSO");
  assert.equal(await pagadoPorElProveedor(m.db, r.value.id), 1);
});

Deno.test("0002 refuses, and nothing was paid", async () => {
  await using m = await enPostgres();
  await using _ = saldador(m);
  const id = await pagar(m, "c-1", "4242-0002");
  await eventually(async () => await estado(m, id) === "FALLIDO");
  assert.equal(await pagadoPorElProveedor(m.db, id), 0);
  assert.deepEqual(await pasos(m, id), ["CONFIRMADO", "EN_PROCESO", "FALLIDO"]);
});

Deno.test("0004 never answers: it is EN_VERIFICACION and stays", async () => {
  await using m = await enPostgres();
  await using _ = saldador(m);
  const id = await pagar(m, "c-1", "0004");
  await eventually(async () => await estado(m, id) === "EN_VERIFICACION");
  const consultas = async () => {
    const p = (await m.pagos.obtener(id))?.payout;
    return p?.estado === "EN_VERIFICACION" ? p.consultas : -1;
  };
  await eventually(async () => await consultas() >= 3);
  assert.equal(await pagadoPorElProveedor(m.db, id), 0);
  // A silent payment holds up nobody else.
  const otro = await pagar(m, "c-2", "1111");
  await eventually(async () => await estado(m, otro) === "EXITOSO");
});

for (const [mascara, como] of [["0006", "answers late"], ["0008", "pays and drops the answer"]] as const) {
  Deno.test(`${mascara} ${como}: it is EN_VERIFICACION, then found paid, once`, async () => {
    await using m = await enPostgres();
    await using _ = saldador(m);
    const id = await pagar(m, "c-1", mascara);
    await eventually(async () => await estado(m, id) === "EXITOSO");
    assert.deepEqual(await pasos(m, id), ["CONFIRMADO", "EN_PROCESO", "EN_VERIFICACION", "EXITOSO"]);
    assert.equal(await pagadoPorElProveedor(m.db, id), 1);
    const intentos = (await m.pagos.obtener(id))?.payout.intentos;
    assert.deepEqual(intentos?.map((i) => [i.numero, i.resultado.tipo]), [[1, "pagado"]]);
  });
}

Deno.test("a remembered reversal gives the money back as soon as it is paid", async () => {
  await using m = await enPostgres();
  const id = await pagar(m, "c-1", "0006");
  assert.ok((await m.comandos.revertir(contexto(), id, "error")).ok);
  await using _ = saldador(m);
  await eventually(async () => await estado(m, id) === "REVERTIDO");
  const [fila] = await m.db.query<{ devuelto: Date | null }>("select devuelto from pagos.psp_simulador");
  assert.ok(fila?.devuelto);
  assert.deepEqual((await m.mensajes()).map((x) => x.type), ["PagoConfirmado.v1", "PagoRevertido.v1"]);
});

Deno.test("a payment for an unknown campaign asks whether there is one, and is refused by the answer alone", async () => {
  const tiempos = { ...TIEMPOS_DE_PRUEBA, campaniaDesconocida: 100 };
  await using m = await enPostgres(tiempos);
  await using _ = saldador(m, { tiempos });
  const r = await m.comandos.pagarCampania(contexto(), automatico("pago-1", "ca-1", "cliente", "5.00"));
  assert.ok(r.ok && r.value.estado === "PENDIENTE");
  const preguntas = async () => (await m.mensajes()).filter((x) => x.type === "PagoEnEspera.v1").length;
  await eventually(async () => await preguntas() >= 3);
  assert.equal(await estado(m, "pago-1"), "PENDIENTE");
  await m.comandos.negarCampania(mensaje(), "ca-1");
  assert.equal(await estado(m, "pago-1"), "RECHAZADO");
  assert.partialDeepStrictEqual((await m.mensajes()).at(-1), {
    type: "PagoFallido.v1",
    data: { idPago: "pago-1", idCampania: "ca-1", idCliente: "cliente" },
  });
  assert.deepEqual(await m.db.query("select 1 from pagos.campanias"), []);
});

Deno.test("an automatic payment leaves an explicit one the time to come", async () => {
  await using m = await enPostgres({ ...TIEMPOS_DE_PRUEBA, automatico: 300 });
  await using _ = saldador(m);
  await conCampania(m, "ca-1", { anticipo: 500n });
  await m.comandos.pagarCampania(contexto(), automatico("auto", "ca-1", "cliente-de-ca-1", "5.00"));
  await new Promise((r) => setTimeout(r, 100));
  assert.equal(await estado(m, "auto"), "CALCULADO");
  const r = await m.comandos.pagarCampania(contexto(), campania("ca-1", { id: "mio", mascara: "0002" }));
  assert.ok(r.ok);
  await eventually(async () => await estado(m, "mio") === "FALLIDO");
  assert.equal(await estado(m, "auto"), "RECHAZADO");
  // The key is free: the next automatic one goes its way.
  await m.comandos.pagarCampania(contexto(), automatico("auto-2", "ca-1", "cliente-de-ca-1", "5.00"));
  await eventually(async () => await estado(m, "auto-2") === "EXITOSO");
});

/** What a dead process does: nothing, ever. */
const muerto = () => new Promise<never>(() => {});
// Where a process may die: its worker goes no further, and nobody hears of it.
const caidas: Record<string, (p: Psp) => Psp> = {
  "after the attempt was committed, before the provider heard of it": (p) => ({ ...p, pagar: muerto }),
  "after the provider paid, before its answer was stored": (p) => ({
    ...p,
    pagar: async (o) => (await p.pagar(o), await muerto()),
  }),
};

for (const [donde, cae] of Object.entries(caidas)) {
  Deno.test(`a worker that dies ${donde} pays once`, async () => {
    await using m = await enPostgres();
    const ids = await Promise.all(
      Array.from({ length: 8 }, (_, i) => pagar(m, `c-${i}`, i % 4 === 3 ? "0008" : null)),
    );
    const condenado = saldar(m.uow, cae(simuladorPsp(m.db, SIMULADOR)), v7, TIEMPOS_DE_PRUEBA);
    for (const t of await m.agenda.tomar(100, 100)) void condenado(t);
    for (const id of ids) await eventually(async () => await estado(m, id) === "EN_PROCESO");
    await using _a = saldador(m);
    await using _b = saldador(m);
    for (const id of ids) await eventually(async () => await estado(m, id) === "EXITOSO", { ms: 10_000 });
    for (const id of ids) assert.equal(await pagadoPorElProveedor(m.db, id), 1, id);
    const confirmados = (await m.mensajes()).filter((x) => x.type === "PagoConfirmado.v1");
    assert.equal(confirmados.length, ids.length);
  });
}

Deno.test("a worker that never learns whether its commits stood pays once", async () => {
  await using m = await enPostgres();
  const ids = await Promise.all(
    Array.from({ length: 8 }, (_, i) => pagar(m, `c-${i}`, i % 4 === 3 ? "0008" : null)),
  );
  let commits = 0;
  const incierta = (u: UnidadPagos): UnidadPagos => ({
    async ejecutar(context, nombres, decidir) {
      const r = await u.ejecutar(context, nombres, decidir);
      if (++commits % 2 === 0) throw new UnknownOutcome("the connection went");
      return r;
    },
  });
  await using _a = saldador(m, { uow: incierta });
  await using _b = saldador(m, { uow: incierta });
  for (const id of ids) await eventually(async () => await estado(m, id) === "EXITOSO", { ms: 10_000 });
  for (const id of ids) assert.equal(await pagadoPorElProveedor(m.db, id), 1, id);
});

Deno.test("several workers share the work, and none of it is done twice", async () => {
  await using m = await enPostgres();
  const ids = await Promise.all(Array.from({ length: 60 }, (_, i) => pagar(m, `c-${i}`, null)));
  await using _a = saldador(m);
  await using _b = saldador(m);
  await using _c = saldador(m);
  for (const id of ids) await eventually(async () => await estado(m, id) === "EXITOSO", { ms: 20_000 });
  const [fila] = await m.db.query<{ n: number; ids: number }>(
    "select count(*)::int as n, count(distinct payout_id)::int as ids from pagos.psp_simulador",
  );
  assert.deepEqual(fila, { n: 60, ids: 60 });
});
