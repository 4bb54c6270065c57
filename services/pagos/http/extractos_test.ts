import assert from "node:assert/strict";
import { parse } from "csv-parse/sync";
import { eventually } from "@alpes/shared/testing/eventually.ts";
import { inerte } from "./extracto_vistas.ts";
import { abrir } from "./servidor_de_prueba.ts";

interface Monto {
  valor: string;
  moneda: string;
}
interface ExtractoJson {
  monedas: {
    moneda: string;
    apertura: Monto;
    cierre: Monto;
    cuentas: { cuenta: string; apertura: Monto; cierre: Monto }[];
    lineas: { asiento: string; importe: Monto; cuenta: string }[];
  }[];
}
const HOY = () => new Date().toISOString().slice(0, 10);
const dia = (mas: number) => new Date(Date.now() + mas * 86_400_000).toISOString().slice(0, 10);
const centavos = (m: { valor: string }) => Math.round(Number(m.valor) * 100);

async function conMovimientos() {
  const s = await abrir();
  const tx = (id: string, currency: string) =>
    s.json("POST", "/pagos/transacciones", {
      id,
      partner_id: "p-1",
      event_type: "VENTA",
      comision: "7.50",
      currency,
    });
  for (const [id, m] of [["t-1", "USD"], ["t-2", "USD"], ["t-3", "EUR"]] as const) {
    assert.equal((await tx(id, m)).status, 201);
  }
  await s.json("POST", "/pagos/ciclos", { id: "hoy", inicio: HOY(), fin: HOY() });
  const { body } = await s.json<{ id: string }>("POST", "/pagos/pagar", {
    partner_id: "p-1",
    cycle_id: "hoy",
    currency: "USD",
  });
  await eventually(async () => assert.equal((await s.ver(body.id)).estado, "EXITOSO"));
  await tx("t-4", "USD");
  const extracto = async (desde: string, hasta: string) =>
    (await s.json<ExtractoJson>("GET", `/pagos/estados-de-cuenta/p-1?desde=${desde}&hasta=${hasta}`)).body;
  return { ...s, extracto };
}

Deno.test("a statement adds up in each currency and account, and periods abut", async () => {
  await using s = await conMovimientos();
  const [antes, hoy, despues] = [
    await s.extracto(dia(-30), dia(-1)),
    await s.extracto(dia(0), dia(0)),
    await s.extracto(dia(1), dia(30)),
  ];
  assert.deepEqual(antes.monedas, []);
  assert.deepEqual(hoy.monedas.map((m) => [m.moneda, m.apertura.valor, m.cierre.valor]), [
    ["EUR", "0.00", "7.50"],
    ["USD", "0.00", "7.50"],
  ]);
  for (const m of hoy.monedas) {
    const de = (cuenta: string) => m.lineas.filter((l) => l.cuenta === cuenta);
    const suma = (ls: typeof m.lineas) => ls.reduce((n, l) => n + centavos(l.importe), 0);
    assert.equal(centavos(m.cierre) - centavos(m.apertura), suma(m.lineas));
    for (const c of m.cuentas) assert.equal(centavos(c.cierre) - centavos(c.apertura), suma(de(c.cuenta)));
  }
  assert.deepEqual(
    despues.monedas.map((m) => [m.moneda, m.apertura, m.cierre, m.lineas]),
    hoy.monedas.map((m) => [m.moneda, m.cierre, m.cierre, []]),
  );
  const porCiclo = await s.json<ExtractoJson>("GET", "/pagos/estados-de-cuenta/p-1?ciclo=hoy");
  assert.deepEqual(porCiclo.body, hoy);
});

Deno.test("as CSV and as a page it says the same, without a formula and without a script", async () => {
  await using s = await conMovimientos();
  const ver = (accept: string, idioma = "es") =>
    s.app.request(`/pagos/estados-de-cuenta/p-1?ciclo=hoy`, {
      headers: { accept, "accept-language": idioma },
    });
  const csv = await ver("text/csv");
  assert.match(csv.headers.get("content-type") ?? "", /^text\/csv/);
  const filas: Record<string, string>[] = parse(await csv.text(), { columns: true });
  const usd = filas.filter((f) => f.moneda === "USD").map((f) => centavos({ valor: f.importe ?? "" }));
  assert.equal(usd.slice(0, -1).reduce((a, b) => a + b, 0), usd.at(-1));
  assert.ok(filas.some((f) => f.importe?.startsWith("-")), "an amount stays a number");
  const pagina = await ver("text/html,application/xhtml+xml", "en");
  const texto = await pagina.text();
  assert.match(pagina.headers.get("content-security-policy") ?? "", /default-src 'none'; style-src 'sha256-/);
  assert.match(texto, /<html lang="en">[\s\S]*Opening balance[\s\S]*Closing balance/);
  assert.doesNotMatch(texto, /<script|on\w+=|javascript:/i);
  for (const malo of ["=1+1", "+1", "-1", "@x", "\tx"]) assert.equal(inerte(malo), `'${malo}`);
});

Deno.test("a statement is for its partner, and its period must be one", async () => {
  await using s = await abrir();
  const pedir = (consulta: string, actor?: string) =>
    s.json("GET", `/pagos/estados-de-cuenta/p-1?${consulta}`, undefined, actor ? { "x-actor": actor } : {});
  const bien = "desde=2026-01-01&hasta=2026-01-31";
  assert.equal((await pedir(bien, "persona:a;roles=partner;cliente=p-1")).status, 200);
  assert.equal((await pedir(bien, "persona:b;roles=partner;cliente=p-2")).status, 404);
  for (
    const malo of [
      "",
      "desde=2026-01-01",
      "ciclo=hoy&desde=2026-01-01&hasta=2026-01-31",
      "desde=2026-02-01&hasta=2026-01-31",
      "desde=2026-02-30&hasta=2026-03-31",
      "ciclo=no-lo-hay",
    ]
  ) {
    assert.equal((await pedir(malo)).status, 400, malo);
  }
});
