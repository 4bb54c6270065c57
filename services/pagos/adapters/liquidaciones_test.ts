import assert from "node:assert/strict";
import { dinero } from "@alpes/shared/seedwork/money.ts";
import { eventually } from "@alpes/shared/testing/eventually.ts";
import type { RequestContext } from "@alpes/shared/seedwork/unit_of_work.ts";
import { confirmarTanda } from "../application/liquidar.ts";
import type { Condiciones } from "../domain/condiciones.ts";
import { contexto, enPostgres, mensaje, partner, TIEMPOS_DE_PRUEBA } from "../modulo_de_prueba.ts";
import { enero, idDe, rechazoDe, registrar } from "./casos_de_contrato.ts";
import { iniciarLiquidador } from "./liquidador.ts";

type Modulo = Awaited<ReturnType<typeof enPostgres>>;

const como = (
  id: string,
  roles: ("operador" | "aprobador" | "admin")[],
  cliente: string | null = null,
): RequestContext => contexto({ actor: { tipo: "persona", id, roles, cliente } });
const ana = como("ana", ["operador"]);
const eva = como("eva", ["aprobador"]);
const ENERO = { ciclo: "2026-01", corte: null, moneda: null } as const;

const condiciones = (m: Modulo, partner_id: string, c: Partial<Condiciones> = {}) =>
  m.comandos.fijarCondiciones(contexto(), {
    partner_id,
    retencion_dias: null,
    minimos: [],
    suspendido: false,
    metodo_pago: { tipo: "ACH", mascara: "****1234" },
    ...c,
  }, null);
/** A module with its cycle, and one way to pay for all. */
async function abrir(): Promise<Modulo> {
  const m = await enPostgres();
  await m.comandos.registrarCiclo(contexto(), enero);
  await condiciones(m, "general", { minimos: [dinero(200n, "USD")] });
  return m;
}
async function calcular(
  m: Modulo,
  alcance: Parameters<Modulo["liquidaciones"]["comandos"]["calcular"]>[1] = ENERO,
) {
  const r = await m.liquidaciones.comandos.calcular(ana, alcance);
  return r.ok ? r.value.liquidacion : assert.fail(Deno.inspect(r.error));
}
async function aprobada(m: Modulo) {
  const { id } = await calcular(m);
  assert.ok((await m.liquidaciones.comandos.aprobar(eva, id)).ok);
  return id;
}
const PAGINA = {
  page: { mode: "page", page: 1, perPage: 100 },
  sort: { by: "partner_id", order: "asc" },
} as const;
const actor = ana.actor;
async function lineas(m: Modulo, id: string) {
  const r = await m.liquidaciones.consultas.lineas(actor, id, {
    ...PAGINA,
    filters: { partner_id: null, moneda: null },
  });
  return r.ok ? r.value.rows : assert.fail(r.error.tipo);
}
async function exclusiones(m: Modulo, id: string) {
  const filters = { partner_id: null, moneda: null, motivo: null };
  const r = await m.liquidaciones.consultas.exclusiones(actor, id, { ...PAGINA, filters });
  return r.ok ? r.value.rows.map((x) => [x.partner_id, x.motivo, x.monto]) : assert.fail(r.error.tipo);
}
const ver = async (m: Modulo, id: string) => {
  const r = await m.liquidaciones.consultas.obtener(actor, id);
  return r.ok ? r.value : assert.fail(r.error.tipo);
};
const liquidador = (m: Modulo, tanda?: number) =>
  iniciarLiquidador({
    agenda: m.liquidaciones.agenda,
    confirmar: confirmarTanda(m.uow, TIEMPOS_DE_PRUEBA),
    terminar: m.liquidaciones.comandos.terminar,
    onError: (e) => assert.fail(String(e)),
    ...(tanda === undefined ? {} : { tanda }),
  });
async function aplicar(m: Modulo, id: string) {
  const r = await m.liquidaciones.comandos.aplicar(ana, id, null);
  assert.ok(r.ok, Deno.inspect(r));
  await using _trabajador = liquidador(m);
  await eventually(async () => (await ver(m, id)).liquidacion.estado === "APLICADA");
}
const pagos = async (
  m: Modulo,
) => (await m.db.query<{ id: string; partner_id: string; estado: string; monto: bigint }>(
  "select id, partner_id, estado, monto from pagos.payouts order by partner_id, id",
));

Deno.test("a plan says who is paid what, who is not and why, and changes nothing", async () => {
  await using m = await abrir();
  const enMarzo = { event_timestamp: new Date("2026-03-01T00:00:00Z") };
  const enDiciembre = { event_timestamp: new Date("2025-12-10T00:00:00Z") };
  const venta = (valor: string) => ({ monto_original: { valor, moneda: "USD" as const } });
  await registrar(
    m,
    ["a-1", "a"],
    ["a-2", "a", enDiciembre],
    ["a-3", "a", enMarzo],
    ["b-1", "b", venta("10.00")],
    ["c-1", "c"],
    ["d-1", "d"],
    ["e-1", "e"],
    ["f-1", "f"],
    ["f-2", "f", { monto_original: { valor: "100", moneda: "CLP" } }],
  );
  await condiciones(m, "c", { suspendido: true });
  await m.comandos.anotarCliente(mensaje(), { id: "d", estado: "SUSPENDIDO", version: 1 });
  idDe(await m.comandos.pagarPartner(contexto(), partner("e", "2026-01")));
  await registrar(m, ["e-2", "e"]);

  const l = await calcular(m);
  assert.equal(l.estado, "CALCULADA");
  assert.deepEqual(
    (await lineas(m, l.id)).map((
      { linea: x, estado },
    ) => [x.partner_id, x.moneda, x.monto, x.transacciones, x.arrastrado, estado]),
    [["a", "USD", 1_000n, 2, 500n, null], ["f", "CLP", 5n, 1, 0n, null], ["f", "USD", 500n, 1, 0n, null]],
  );
  assert.deepEqual(await exclusiones(m, l.id), [
    ["b", "bajo_minimo", 50n],
    ["c", "suspendido", 500n],
    ["d", "suspendido", 500n],
    ["e", "pago_vigente", 500n],
  ]);
  assert.deepEqual(l.totales.map((t) => [t.moneda, t.partners, t.monto, t.excluidos, t.excluido]), [
    ["CLP", 1, 5n, 0, 0n],
    ["USD", 2, 1_500n, 4, 1_550n],
  ]);
  assert.equal((await m.pagos.transaccion("a-1"))?.payout_id, null);
  assert.equal((await pagos(m)).length, 1);
  // The same again rests on the same.
  assert.equal((await calcular(m)).huella, l.huella);
  assert.notEqual((await calcular(m, { ...ENERO, moneda: "CLP" })).huella, l.huella);
  const temprano = await calcular(m, { ...ENERO, corte: "2026-01-14" });
  assert.deepEqual((await lineas(m, temprano.id)).map(({ linea: x }) => [x.partner_id, x.monto]), [[
    "a",
    500n,
  ]]);
});

Deno.test("a plan is of a registered cycle, and its last day is one of the cycle's", async () => {
  await using m = await abrir();
  const { calcular } = m.liquidaciones.comandos;
  assert.equal(rechazoDe(await calcular(ana, { ...ENERO, ciclo: "nadie" })), "ciclo_desconocido");
  for (const corte of ["2025-12-31", "2026-02-01"]) {
    assert.equal(rechazoDe(await calcular(ana, { ...ENERO, corte })), "corte_fuera_del_ciclo");
  }
  assert.equal(rechazoDe(await calcular(eva, ENERO)), "prohibido");
});

Deno.test("a plan is approved by somebody else, who may, and whom it does not pay", async () => {
  await using m = await abrir();
  await registrar(m, ["a-1", "a"]);
  const { id } = await calcular(m);
  const { aprobar, aplicar, descartar } = m.liquidaciones.comandos;
  assert.equal(rechazoDe(await aplicar(ana, id, null)), "paso_invalido");
  assert.equal(rechazoDe(await aprobar(ana, id)), "prohibido");
  assert.equal(rechazoDe(await aprobar(como("ana", ["operador", "aprobador"]), id)), "propia");
  assert.equal(rechazoDe(await aprobar(como("eva", ["aprobador"], "a"), id)), "se_paga_a_si_mismo");
  assert.equal(rechazoDe(await aprobar(eva, "nadie")), "no_existe");
  assert.ok((await aprobar(eva, id)).ok);
  assert.equal(rechazoDe(await aprobar(eva, id)), "paso_invalido");
  assert.ok((await descartar(ana, id, "no")).ok);
  assert.equal(rechazoDe(await descartar(ana, id, "no")), "paso_invalido");
  assert.equal(rechazoDe(await aplicar(ana, id, null)), "paso_invalido");
});

Deno.test("applied equals previewed, line by line, and a second time pays nothing", async () => {
  await using m = await abrir();
  for (const p of ["a", "b", "c"]) await registrar(m, [`${p}-1`, p], [`${p}-2`, p]);
  const id = await aprobada(m);
  const previstas = (await lineas(m, id)).map((
    { linea: l },
  ) => [l.payout_id, l.partner_id, l.monto, l.transacciones, l.metodo_pago]);
  await aplicar(m, id);
  const hechas = [];
  for (const f of await pagos(m)) {
    assert.equal(f.estado, "CONFIRMADO");
    const v = await m.pagos.obtener(f.id) ?? assert.fail();
    const { ficha, partner_id } = v.payout;
    assert.deepEqual(v.transacciones.map((t) => t.payout_id), v.transacciones.map(() => f.id));
    assert.equal(v.transacciones.reduce((a, t) => a + t.comision.unidades, 0n), ficha.monto_total.unidades);
    hechas.push([f.id, partner_id, ficha.monto_total.unidades, v.transacciones.length, ficha.metodo_pago]);
    assert.deepEqual((await m.pagos.historial(f.id))?.map((h) => [h.estado_anterior, h.estado_nuevo]), [
      [null, "PENDIENTE"],
      ["PENDIENTE", "CALCULADO"],
      ["CALCULADO", "CONFIRMADO"],
    ]);
  }
  assert.deepEqual(hechas, previstas);
  const { avance, liquidacion } = await ver(m, id);
  assert.deepEqual([avance.hechos, liquidacion.lineas], [3, 3]);
  const otra = await m.liquidaciones.comandos.aplicar(ana, id, liquidacion.huella);
  assert.ok(otra.ok && otra.value.liquidacion.estado === "APLICADA");
  assert.equal((await pagos(m)).length, 3);
  // The next run is compared with this one, and finds nothing to pay.
  const siguiente = await calcular(m);
  assert.deepEqual([siguiente.lineas, siguiente.exclusiones, siguiente.anterior], [0, 0, id]);
  assert.deepEqual(siguiente.totales.map((t) => [t.anterior, t.salen, t.nuevos]), [[3_000n, 3, 0]]);
  assert.deepEqual((await ver(m, siguiente.id)).salientes.map((s) => [s.partner_id, s.monto]), [
    ["a", 1_000n],
    ["b", 1_000n],
    ["c", 1_000n],
  ]);
});

const CAMBIOS: Record<string, (m: Modulo) => Promise<unknown>> = {
  "a refund": (m) => m.comandos.reembolsar(contexto(), "a-1", "no"),
  "a new transaction": (m) => registrar(m, ["a-3", "a"]),
  "a new partner": (m) => registrar(m, ["z-1", "z"]),
  "a transaction for another": async (m) => {
    await m.comandos.reembolsar(contexto(), "a-1", "no");
    await registrar(m, ["a-9", "a"]);
  },
  "a payout of its own": (m) => m.comandos.pagarPartner(contexto(), partner("a", "2026-01")),
  "a suspension of the cliente": (m) =>
    m.comandos.anotarCliente(mensaje(), { id: "a", estado: "SUSPENDIDO", version: 1 }),
  "a suspension in its terms": (m) => condiciones(m, "a", { suspendido: true }),
  "another payment method": (m) => condiciones(m, "a", { metodo_pago: { tipo: "PSE", mascara: null } }),
  "a higher minimum for all": (m) => condiciones(m, "general", { minimos: [dinero(5_000n, "USD")] }),
};
for (const [que, cambiar] of Object.entries(CAMBIOS)) {
  Deno.test(`a plan is refused after ${que}, and names what changed`, async () => {
    await using m = await abrir();
    await registrar(m, ["a-1", "a"], ["a-2", "a"], ["b-1", "b"]);
    const id = await aprobada(m);
    await cambiar(m);
    const antes = await pagos(m);
    const r = await m.liquidaciones.comandos.aplicar(ana, id, null);
    assert.ok(!r.ok && r.error.tipo === "obsoleta", Deno.inspect(r));
    const nombrados = r.error.cambios.map((c) => c.partner_id);
    const general = que.endsWith("for all");
    assert.deepEqual(nombrados, general ? ["a", "b"] : [que === "a new partner" ? "z" : "a"]);
    assert.deepEqual(await pagos(m), antes);
    assert.equal((await ver(m, id)).liquidacion.estado, "APROBADA");
    assert.equal((await m.pagos.transaccion("b-1"))?.payout_id, null);
    assert.equal(rechazoDe(await m.liquidaciones.comandos.aplicar(ana, id, "otra")), "otra_huella");
  });
}

Deno.test("what a plan does not rest on does not make it stale", async () => {
  await using m = await abrir();
  await registrar(m, ["a-1", "a"]);
  const id = await aprobada(m);
  await registrar(m, ["a-2", "a", { event_timestamp: new Date("2026-02-01T00:00:00Z") }]);
  await condiciones(m, "otro", { suspendido: true });
  await aplicar(m, id);
  assert.deepEqual((await pagos(m)).map((p) => p.monto), [500n]);
});

Deno.test("of many who apply a run at once, and of two plans of one cycle, one pays", async () => {
  await using m = await abrir();
  for (const p of ["a", "b", "c"]) await registrar(m, [`${p}-1`, p]);
  const [uno, dos] = [await aprobada(m), await aprobada(m)];
  const todas = await Promise.all(
    Array.from({ length: 6 }, (_, i) => m.liquidaciones.comandos.aplicar(ana, i % 2 === 0 ? uno : dos, null)),
  );
  const ganadora = new Set(todas.flatMap((r) => r.ok ? [r.value.liquidacion.id] : []));
  assert.equal(ganadora.size, 1);
  assert.ok(todas.every((r) => r.ok || r.error.tipo === "obsoleta"));
  assert.equal((await pagos(m)).length, 3);
});

Deno.test("a refund that comes while a run is being applied is a debt of the next one", async () => {
  await using m = await abrir();
  await registrar(m, ["a-1", "a"], ["a-2", "a"]);
  const id = await aprobada(m);
  assert.ok((await m.liquidaciones.comandos.aplicar(ana, id, null)).ok);
  assert.ok((await m.comandos.reembolsar(contexto(), "a-1", "no")).ok);
  {
    await using _trabajador = liquidador(m);
    await eventually(async () => (await ver(m, id)).liquidacion.estado === "APLICADA");
  }
  assert.deepEqual((await pagos(m)).map((p) => [p.estado, p.monto]), [["CONFIRMADO", 1_000n]]);
  const siguiente = await calcular(m);
  assert.deepEqual(await exclusiones(m, siguiente.id), [["a", "negativo", -500n]]);
  await registrar(m, ["a-3", "a", { monto_original: { valor: "300.00", moneda: "USD" } }]);
});

Deno.test("two workers confirm each payout once, and one that stops leaves the rest to the other", async () => {
  await using m = await abrir();
  const ps = Array.from({ length: 30 }, (_, i) => `p-${String(i).padStart(2, "0")}`);
  await registrar(m, ...ps.map((p) => [`${p}-1`, p] as Parameters<typeof registrar>[1]));
  const id = await aprobada(m);
  assert.ok((await m.liquidaciones.comandos.aplicar(ana, id, null)).ok);
  {
    await using _uno = liquidador(m, 2);
    await eventually(async () => (await ver(m, id)).avance.hechos >= 4);
  }
  const { avance, liquidacion } = await ver(m, id);
  assert.ok(avance.hechos >= 4 && (avance.hechos === 30) === (liquidacion.estado === "APLICADA"));
  await using _dos = liquidador(m, 2);
  await using _tres = liquidador(m, 2);
  await eventually(async () => (await ver(m, id)).liquidacion.estado === "APLICADA");
  const pasos = await m.db.query<{ n: number }>(
    "select count(*)::int as n from pagos.historial where estado_nuevo = 'CONFIRMADO'",
  );
  assert.deepEqual(pasos, [{ n: 30 }]);
});

Deno.test("a worker that is killed in the middle leaves a run that another finishes, each payout once", async () => {
  await using m = await abrir();
  const ps = Array.from({ length: 60 }, (_, i) => `p-${String(i).padStart(2, "0")}`);
  await registrar(m, ...ps.map((p) => [`${p}-1`, p] as Parameters<typeof registrar>[1]));
  const id = await aprobada(m);
  const previstas = (await lineas(m, id)).map(({ linea: l }) => [l.payout_id, l.partner_id, l.monto]);
  assert.ok((await m.liquidaciones.comandos.aplicar(ana, id, null)).ok);
  const proceso = () =>
    new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", new URL("../liquidador_de_prueba.ts", import.meta.url).href, m.url],
      stdout: "null",
      stderr: "inherit",
    }).spawn();
  for (const hasta of [4, 20]) {
    const uno = proceso();
    await eventually(async () => (await ver(m, id)).avance.hechos >= hasta, { ms: 60_000, every: 20 });
    uno.kill("SIGKILL");
    await uno.status;
    const { avance, liquidacion } = await ver(m, id);
    assert.ok(avance.hechos < 60 && liquidacion.estado === "APLICANDO", `${avance.hechos} were done already`);
  }
  const ultimo = proceso();
  await eventually(async () => (await ver(m, id)).liquidacion.estado === "APLICADA", {
    ms: 60_000,
    every: 20,
  });
  ultimo.kill("SIGKILL");
  await ultimo.status;
  assert.deepEqual((await pagos(m)).map((p) => [p.id, p.partner_id, p.monto]), previstas);
  const pasos = await m.db.query<{ veces: number; n: number }>(
    `select veces, count(*)::int as n from (select payout_id, count(*)::int as veces from pagos.historial
       where estado_nuevo = 'CONFIRMADO' group by 1) as t group by 1`,
  );
  assert.deepEqual(pasos, [{ veces: 1, n: 60 }]);
});
