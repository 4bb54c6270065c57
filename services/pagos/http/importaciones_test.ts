import assert from "node:assert/strict";
import { abrir } from "./servidor_de_prueba.ts";

async function con() {
  const s = await abrir();
  const importar = async (csv: string, consulta = "") => {
    const r = await s.app.request(`/pagos/transacciones/importaciones${consulta}`, {
      method: "POST",
      headers: { "content-type": "text/csv" },
      body: csv,
    });
    // deno-lint-ignore no-explicit-any -- answers are read as a caller without types would
    const lineas: any[] = (await r.text()).trim().split("\n").map((l) => JSON.parse(l));
    return {
      status: r.status,
      filas: lineas.filter((l) => "fila" in l).map((l) => [l.fila, l.codigo ?? l.estado]),
      fin: lineas.at(-1),
    };
  };
  const cuantas = async () =>
    (await s.json<{ pagination: { total: number } }>("GET", "/pagos/transacciones")).body.pagination.total;
  return { ...s, importar, cuantas };
}
const CABEZA = "id,partner_id,event_type,monto_original,currency,idCampania";

Deno.test("commissions of a file are recorded row by row, once, and what is refused is named", async () => {
  await using s = await con();
  const csv = [
    CABEZA,
    "t-1,p-1,VENTA,100.00,USD,",
    ",p-1,VENTA,100.00,USD,",
    "t-2,p-1,VENTA,-1.00,USD,",
    "t-3,p-1,VENTA,1.001,USD,",
    "t-4,p-1,VENTA,100.00,USD,no-la-hay",
    "t-5,p-1,SIN_TARIFA,100.00,USD,",
    "t-1,p-1,VENTA,100.00,USD,",
    "t-1,p-1,VENTA,200.00,USD,",
    "t-6,p-2,CLICK,,USD,",
  ].join("\n");
  const esperado = [
    [2, "creado"],
    [3, "validacion"],
    [4, "validacion"],
    [5, "validacion"],
    [6, "campania_no_aprobada"],
    [7, "sin_tarifa"],
    [8, "ya_estaba"],
    [9, "transaccion_otra"],
    [10, "creado"],
  ];
  const seco = await s.importar(csv, "?simulacro=true");
  assert.deepEqual([seco.status, seco.filas, await s.cuantas()], [200, esperado, 0]);
  assert.deepEqual((await s.importar(csv)).filas, esperado);
  assert.equal(await s.cuantas(), 2);
  const otra = await s.importar(csv);
  assert.deepEqual([otra.fin.totales.creado, otra.fin.totales.ya_estaba, await s.cuantas()], [0, 3, 2]);
});

Deno.test("a file longer than a batch is recorded whole, and its dry run knows of a line two batches before", async () => {
  await using s = await con();
  const filas = Array.from({ length: 500 }, (_, i) => `t-${i},p-1,VENTA,10.00,USD,`);
  const csv = [CABEZA, ...filas, filas[0]].join("\n");
  for (const consulta of ["?simulacro=true", ""]) {
    const { fin } = await s.importar(csv, consulta);
    assert.deepEqual([fin.totales.creado, fin.totales.ya_estaba, fin.completa], [500, 1, true], consulta);
  }
});
