import assert from "node:assert/strict";
import type { PayoutJson } from "@alpes/shared/contracts/pagos.ts";
import { eventually } from "@alpes/shared/testing/eventually.ts";
import { problemIn } from "@alpes/shared/testing/http_app.ts";
import { CABECERA } from "./liquidacion_csv.ts";
import { abrir } from "./servidor_de_prueba.ts";

type Servidor = Awaited<ReturnType<typeof abrir>>;
interface Resumen {
  readonly id: string;
  readonly estado: string;
  readonly filas: number;
  readonly coinciden: number;
  readonly solo_proveedor: number;
  readonly solo_nuestro: number;
  readonly distintos: number;
  readonly por_saldar: number;
}

/** Pays 10.00 in a cycle of its own, and waits for what the mask makes of it. */
async function pagar(h: Servidor, ciclo: string, mascara: string, estado: string): Promise<PayoutJson> {
  const { body } = await h.json<{ id: string }>("POST", "/pagos/pagar", {
    partner_id: "partner-1",
    cycle_id: ciclo,
    total_amount: "10.00",
    payment_method_mask: mascara,
  });
  await eventually(async () => (await h.ver(body.id)).estado === estado);
  return await h.ver(body.id);
}
const clave = (p: PayoutJson) => p.intentos[0]?.clave ?? assert.fail("no attempt");
const linea = (c: string, estado: string, cambios: Record<string, string> = {}) => {
  const v = {
    clave: c,
    referencia: estado === "NO_PAGADO" ? "" : `banco-${c.slice(-6)}`,
    estado,
    moneda: "USD",
    monto: "10.00",
    comision: "",
    fecha: new Date().toISOString(),
    ...cambios,
  };
  return CABECERA.map((k) => v[k]).join(",");
};
const archivo = (...lineas: readonly string[]) => [CABECERA.join(","), ...lineas, ""].join("\n");
const enviar = (h: Servidor, cuerpo: string | Uint8Array<ArrayBuffer>, mas: Record<string, string> = {}) =>
  h.send("POST", "/pagos/conciliaciones", cuerpo, { "content-type": "text/csv; charset=utf-8", ...mas });
const resumen = async (r: Promise<Response>): Promise<Resumen & { status: number }> => {
  const res = await r;
  return { status: res.status, ...await res.json() };
};
const filasDe = async (h: Servidor, id: string, resultado = "") =>
  (await h.json<{ data: { clave: string; resultado: string; diferencia: string | null }[] }>(
    "GET",
    `/pagos/conciliaciones/${id}/filas${resultado === "" ? "" : `?resultado=${resultado}`}`,
  )).body.data;
const cuantas = async (h: Servidor) =>
  (await h.db.query("select 1 from pagos.conciliaciones union all select 1 from pagos.conciliacion_filas"))
    .length;

Deno.test("a settlement file is matched, and settles what it proves", async () => {
  await using h = await abrir();
  const pagado = await pagar(h, "c-1", "1111", "EXITOSO");
  const rechazado = await pagar(h, "c-2", "0002", "FALLIDO");
  const [mudoPagado, mudoNo, mudoSinNombrar] = await Promise.all([
    pagar(h, "c-3", "0004", "EN_VERIFICACION"),
    pagar(h, "c-4", "0004", "EN_VERIFICACION"),
    pagar(h, "c-5", "0004", "EN_VERIFICACION"),
  ]);
  const otraReferencia = await pagar(h, "c-6", "1111", "EXITOSO");
  const antes = new Date(Date.now() - 60_000).toISOString();
  const csv = archivo(
    linea(clave(pagado), "PAGADO", { referencia: pagado.referencia_proveedor ?? "", fecha: antes }),
    linea(clave(rechazado), "NO_PAGADO"),
    linea(clave(mudoPagado), "PAGADO", { comision: "0.30" }),
    linea(clave(mudoNo), "NO_PAGADO"),
    linea("de-nadie~1", "PAGADO"),
    linea(clave(otraReferencia), "PAGADO", { monto: "10.01" }),
  );
  const r = await resumen(enviar(h, csv));
  assert.partialDeepStrictEqual(r, {
    status: 201,
    filas: 6,
    coinciden: 4,
    solo_proveedor: 1,
    solo_nuestro: 1,
    distintos: 1,
    por_saldar: 2,
  });
  assert.partialDeepStrictEqual(await h.ver(mudoPagado.id), { estado: "EXITOSO" });
  assert.partialDeepStrictEqual(await h.ver(mudoNo.id), { estado: "FALLIDO" });
  // A key that the file does not name proves nothing.
  assert.equal((await h.ver(mudoSinNombrar.id)).estado, "EN_VERIFICACION");
  assert.deepEqual((await filasDe(h, r.id, "SOLO_NUESTRO")).map((f) => f.clave), [clave(mudoSinNombrar)]);
  assert.deepEqual((await filasDe(h, r.id, "SOLO_PROVEEDOR")).map((f) => f.clave), ["de-nadie~1"]);
  assert.deepEqual((await filasDe(h, r.id, "DISTINTO")).map((f) => [f.clave, f.diferencia]), [
    [clave(otraReferencia), "monto"],
  ]);
  assert.equal((await filasDe(h, r.id)).length, 7);

  // The same file again: nothing changes, neither here nor there.
  const { version } = await h.ver(mudoPagado.id);
  const otra = await resumen(enviar(h, csv));
  assert.deepEqual([otra.status, otra.id, otra.estado], [200, r.id, "SALDADA"]);
  assert.equal((await h.ver(mudoPagado.id)).version, version);
  const { body } = await h.json<{ data: Resumen[] }>("GET", "/pagos/conciliaciones");
  assert.deepEqual(body.data.map((c) => c.id), [r.id]);
  const pasos = await h.pagos.historial(mudoNo.id);
  assert.equal(pasos?.at(-1)?.actor, "persona:local");
});

Deno.test("what contradicts what stands is listed, and changes nothing", async () => {
  await using h = await abrir();
  const pagado = await pagar(h, "c-1", "1111", "EXITOSO");
  const rechazado = await pagar(h, "c-2", "0002", "FALLIDO");
  const otro = await pagar(h, "c-3", "1111", "EXITOSO");
  const conComision = await pagar(h, "c-4", "1111", "EXITOSO");
  const r = await resumen(enviar(
    h,
    archivo(
      linea(clave(pagado), "NO_PAGADO"),
      linea(clave(rechazado), "PAGADO"),
      linea(clave(otro), "DEVUELTO"),
      linea(clave(conComision), "PAGADO", {
        referencia: conComision.referencia_proveedor ?? "",
        comision: "0.10",
      }),
    ),
  ));
  assert.deepEqual([r.status, r.distintos, r.por_saldar], [201, 4, 0]);
  assert.deepEqual((await filasDe(h, r.id)).map((f) => f.diferencia), [
    "no_pagado",
    "pagado",
    "devuelto",
    "comision",
  ]);
  assert.deepEqual(
    [(await h.ver(pagado.id)).estado, (await h.ver(rechazado.id)).estado],
    ["EXITOSO", "FALLIDO"],
  );
});

const latin1 = Uint8Array.from(
  [...archivo(linea("a~1", "PAGADO", { referencia: "Núñez" }))].map((x) => x.charCodeAt(0)),
);
const malos: Record<string, [string | Uint8Array<ArrayBuffer>, string[]]> = {
  "an empty file": ["\n", ["archivo"]],
  "another header": ["clave;referencia\n", ["cabecera"]],
  "a header in another order": [archivo().replace("clave,referencia", "referencia,clave"), ["cabecera"]],
  "Latin-1": [latin1, ["archivo"]],
  "a duplicated line": [archivo(linea("a~1", "PAGADO"), linea("b~1", "PAGADO"), linea("a~1", "PAGADO")), [
    "linea 4.clave",
  ]],
  "a line with a column less": [archivo("a~1,r,PAGADO,USD,10.00,"), ["linea 2.columnas"]],
  "an unclosed quote": [archivo('a~1,"r,PAGADO,USD,10.00,,2026-01-01T00:00:00Z'), ["linea 2"]],
  "several bad lines, each told": [
    archivo(
      linea("a~1", "PAGADO", { monto: "10.0" }),
      linea("b~1", "PAGADO"),
      linea("c~1", "PAGADO", { monto: "0.00" }),
      linea("d~1", "PAGADO", { monto: "-1.00" }),
      linea("e~1", "PAGADO", { monto: "10000000000000.01" }),
      linea("f~1", "PAGADO", { moneda: "XXX" }),
      linea("g~1", "PAID"),
      linea("", "PAGADO"),
      linea("h~1", "PAGADO", { fecha: "ayer" }),
      linea("i~1", "PAGADO", { comision: "10.01" }),
      linea("j~1", "PAGADO", { referencia: "" }),
      linea("k~1", "PAGADO", { moneda: "CLP", monto: "10.00" }),
      linea("l~1", "PAGADO", { comision: "-0.01" }),
    ),
    [
      "2.monto",
      "4.monto",
      "5.monto",
      "6.monto",
      "7.moneda",
      "8.estado",
      "9.clave",
      "10.fecha",
      "11.comision",
      "12.referencia",
      "13.monto",
      "14.comision",
    ].map((x) => `linea ${x}`),
  ],
};
Deno.test("of a file with anything wrong nothing is taken, and every wrong line is told", async (t) => {
  await using h = await abrir();
  const mudo = await pagar(h, "c-1", "0004", "EN_VERIFICACION");
  for (const [cual, [cuerpo, campos]] of Object.entries(malos)) {
    await t.step(cual, async () => {
      const res = await enviar(h, cuerpo);
      const p = await problemIn(res);
      assert.deepEqual([res.status, p.errores.map((e) => e.campo)], [400, campos]);
    });
  }
  await t.step("a good line before a bad one is not taken either", async () => {
    const res = await enviar(h, archivo(linea(clave(mudo), "PAGADO"), linea("b~1", "NADA")));
    assert.equal(res.status, 400);
    await res.body?.cancel();
  });
  await t.step("a thousand bad lines are named up to a hundred, and counted", async () => {
    const p = await problemIn(
      await enviar(h, archivo(...Array.from({ length: 1_000 }, (_, i) => linea(`a~${i}`, "X")))),
    );
    assert.equal(p.errores.length, 101);
    assert.match(p.errores[100]?.mensaje ?? "", /900/);
  });
  await t.step("JSON", async () => {
    const res = await h.send("POST", "/pagos/conciliaciones", {});
    assert.equal(res.status, 415);
    await res.body?.cancel();
  });
  assert.equal(await cuantas(h), 0);
  assert.equal((await h.ver(mudo.id)).estado, "EN_VERIFICACION");
});

Deno.test("the same file from many at once, and after a worker died over it, counts once", async () => {
  await using h = await abrir();
  const mudos = [];
  for (let i = 0; i < 4; i++) mudos.push(await pagar(h, `c-${i}`, "0004", "EN_VERIFICACION"));
  const csv = archivo(...mudos.map((m) => linea(clave(m), "PAGADO")));
  const rs = await Promise.all(Array.from({ length: 6 }, () => resumen(enviar(h, csv))));
  assert.equal(new Set(rs.map((r) => r.id)).size, 1);
  for (const m of mudos) {
    const exitos = (await h.pagos.historial(m.id))?.filter((x) => x.estado_nuevo === "EXITOSO");
    assert.equal(exitos?.length, 1);
  }
  const { body } = await h.json<Resumen>("GET", `/pagos/conciliaciones/${rs[0]?.id}`);
  assert.partialDeepStrictEqual(body, { filas: 4, coinciden: 4, distintos: 0, estado: "SALDADA" });
  // What another left half-read is replaced by the next that comes with the same file.
  await h.db.query("update pagos.conciliaciones set estado = 'CARGANDO'");
  assert.equal((await h.send("GET", `/pagos/conciliaciones/${rs[0]?.id}`)).status, 404);
  assert.equal((await resumen(enviar(h, csv))).status, 201);
});

Deno.test("a file under an idempotency key is answered again byte for byte", async () => {
  await using h = await abrir();
  const csv = archivo(linea("a~1", "PAGADO"));
  const [una, otra] = [
    await enviar(h, csv, { "idempotency-key": "k" }),
    await enviar(h, csv, { "idempotency-key": "k" }),
  ];
  assert.deepEqual([una.status, otra.status], [201, 201]);
  assert.equal(await una.text(), await otra.text());
  const distinta = await enviar(h, archivo(linea("b~1", "PAGADO")), { "idempotency-key": "k" });
  assert.equal(distinta.status, 422);
  await distinta.body?.cancel();
});
