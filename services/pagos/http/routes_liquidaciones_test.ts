import assert from "node:assert/strict";
import type { LineaLiquidacionJson, LiquidacionJson } from "@alpes/shared/contracts/liquidaciones.ts";
import { eventually } from "@alpes/shared/testing/eventually.ts";
import { fieldsIn, problemIn } from "@alpes/shared/testing/http_app.ts";
import { csv } from "./csv.ts";
import { abrir } from "./servidor_de_prueba.ts";

const como = (quien: string) => ({ "X-Actor": quien });
const eva = como("persona:eva;roles=aprobador");

/** A cycle, a way to pay, and a commission of 5.00 for each partner. */
async function preparar(h: Awaited<ReturnType<typeof abrir>>, ...partners: string[]): Promise<void> {
  const hecho = async (method: string, url: string, body: object) =>
    assert.ok((await h.send(method, url, body)).status < 300, url);
  await hecho("POST", "/pagos/ciclos", { id: "2026-01", inicio: "2026-01-01", fin: "2026-01-31" });
  await hecho("PUT", "/pagos/condiciones/general", {
    minimos: [{ valor: "1.00", moneda: "USD" }],
    metodo_pago: { tipo: "ACH", mascara: "****1234" },
  });
  for (const p of partners) {
    await hecho("POST", "/pagos/transacciones", {
      id: `t-${p}`,
      partner_id: p,
      event_type: "VENTA",
      event_timestamp: "2026-01-15T00:00:00Z",
      monto_original: "100.00",
    });
  }
}

Deno.test("a run is planned, shown, approved by another and applied; again it pays nothing", async () => {
  await using h = await abrir();
  await preparar(h, "a", "b");
  await h.send("POST", "/pagos/transacciones", {
    partner_id: "c",
    event_type: "CLICK",
    event_timestamp: "2026-01-15T00:00:00Z",
  });
  const plan = await h.json<LiquidacionJson>("POST", "/pagos/liquidaciones", { id: "l-1", ciclo: "2026-01" });
  assert.equal(plan.status, 201);
  assert.equal(plan.res.headers.get("location"), "/pagos/liquidaciones/l-1");
  assert.equal((await h.send("POST", "/pagos/liquidaciones", { id: "l-1", ciclo: "2026-01" })).status, 200);
  assert.equal(
    (await problemIn(
      await h.send("POST", "/pagos/liquidaciones", { id: "l-1", ciclo: "2026-01", moneda: "USD" }),
    )).codigo,
    "liquidacion_otra",
  );
  assert.partialDeepStrictEqual(plan.body, {
    estado: "CALCULADA",
    corte: "2026-01-31",
    lineas: 2,
    exclusiones: 1,
    totales: [{
      moneda: "USD",
      partners: 2,
      monto: { valor: "10.00", moneda: "USD" },
      diferencia: { partners_nuevos: 2, partners_que_salen: 0 },
    }],
    avance: { hechos: 0, total: 2, por_segundo: null },
  });
  const lineas = await h.json<{ data: LineaLiquidacionJson[] }>(
    "GET",
    "/pagos/liquidaciones/l-1/lineas?limit=1",
  );
  assert.partialDeepStrictEqual(lineas.body, {
    data: [{ partner_id: "a", payout_estado: null }],
    pagination: { has_next: true },
  });
  const fuera = await h.json<{ data: object[] }>(
    "GET",
    "/pagos/liquidaciones/l-1/exclusiones?motivo=bajo_minimo",
  );
  assert.partialDeepStrictEqual(fuera.body.data, [{
    partner_id: "c",
    minimo: { valor: "1.00", moneda: "USD" },
  }]);
  assert.match(Reflect.get(fuera.body.data[0] ?? {}, "explicacion"), /pasa al siguiente ciclo/);

  const tabla = await h.send("GET", "/pagos/liquidaciones/l-1/lineas", undefined, { Accept: "text/csv" });
  assert.match(tabla.headers.get("content-type") ?? "", /^text\/csv/);
  const [cabecera, a, b, fin] = (await tabla.text()).split("\r\n");
  assert.match(cabecera ?? "", /^partner_id,monto,moneda,/);
  assert.deepEqual([a?.slice(0, 11), b?.slice(0, 11), fin], ["a,5.00,USD,", "b,5.00,USD,", ""]);

  const url = "/pagos/liquidaciones/l-1";
  assert.equal((await problemIn(await h.send("POST", `${url}/aplicar`))).codigo, "liquidacion_paso_invalido");
  const propia = await problemIn(await h.send("POST", `${url}/aprobar`));
  assert.deepEqual([propia.status, propia.codigo], [403, "liquidacion_propia"]);
  assert.equal(
    (await h.json<LiquidacionJson>("POST", `${url}/aprobar`, undefined, eva)).body.estado,
    "APROBADA",
  );
  const otra = await problemIn(await h.send("POST", `${url}/aplicar`, { huella: "otra" }));
  assert.deepEqual([otra.status, otra.codigo], [412, "liquidacion_obsoleta"]);
  assert.equal((await h.send("POST", `${url}/aplicar`, { huella: plan.body.huella })).status, 202);
  assert.equal((await h.send("POST", `${url}/aplicar`)).status, 202);
  await eventually(async () => (await h.json<LiquidacionJson>("GET", url)).body.estado === "APLICADA");
  const { body } = await h.json<LiquidacionJson>("GET", url);
  assert.partialDeepStrictEqual(body.avance, { hechos: 2, total: 2, restante_s: 0 });
  await eventually(async () =>
    (await h.json<{ data: LineaLiquidacionJson[] }>("GET", `${url}/lineas`)).body.data
      .every((l) => l.payout_estado === "EXITOSO")
  );
  assert.equal((await h.json<{ pagination: { total: number } }>("GET", "/pagos")).body.pagination.total, 2);
  assert.deepEqual(h.errors, []);
});

Deno.test("a plan that is no longer true is a 412 that names the rows", async () => {
  await using h = await abrir();
  await preparar(h, "a", "b");
  const url = "/pagos/liquidaciones/l-1";
  await h.send("POST", "/pagos/liquidaciones", { id: "l-1", ciclo: "2026-01" });
  await h.send("POST", `${url}/aprobar`, undefined, eva);
  await h.send("POST", "/pagos/transacciones/t-a/reembolsar", { motivo: "x" });
  const p = await problemIn(await h.send("POST", `${url}/aplicar`));
  assert.deepEqual([p.status, p.codigo, fieldsIn(p)], [412, "liquidacion_obsoleta", ["lineas[a].USD"]]);
  assert.equal((await h.send("POST", `${url}/descartar`, { motivo: "obsoleta" })).status, 200);
  const { body } = await h.json<{ data: LiquidacionJson[] }>(
    "GET",
    "/pagos/liquidaciones?estado=DESCARTADA&ciclo=2026-01",
  );
  assert.deepEqual(body.data.map((l) => [l.id, l.descartada?.motivo]), [["l-1", "obsoleta"]]);
});

Deno.test("bad input to a run is named by its field", async () => {
  await using h = await abrir();
  await preparar(h);
  const pedir = async (b: object) => await problemIn(await h.send("POST", "/pagos/liquidaciones", b));
  const fuera = await pedir({ ciclo: "2026-01", corte: "2026-02-01" });
  assert.deepEqual([fuera.status, fieldsIn(fuera)], [400, ["corte"]]);
  assert.deepEqual(fieldsIn(await pedir({ corte: "x", moneda: "XXX", otra: 1 })).sort(), [
    "ciclo",
    "corte",
    "moneda",
    "otra",
  ]);
  assert.equal((await pedir({ ciclo: "nadie" })).codigo, "ciclo_desconocido");
  for (const u of ["", "/lineas", "/exclusiones"]) {
    assert.equal((await h.send("GET", `/pagos/liquidaciones/nadie${u}`)).status, 404);
  }
  assert.deepEqual(fieldsIn(await problemIn(await h.send("POST", "/pagos/liquidaciones/x/descartar", {}))), [
    "motivo",
  ]);
});

Deno.test("a cell that a spreadsheet would compute is text, and amounts stay numbers", () => {
  assert.equal(
    csv([{ a: "=1+1", b: "-5.00", c: 'x"y', d: null, e: "-cmd" }]),
    `a,b,c,d,e\r\n'=1+1,-5.00,"x""y",,'-cmd\r\n`,
  );
});
