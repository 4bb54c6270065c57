import assert from "node:assert/strict";
import { CABECERA_FIRMA, firmar } from "@alpes/shared/contracts/psp_firma.ts";
import type { PayoutJson } from "@alpes/shared/contracts/pagos.ts";
import { eventually } from "@alpes/shared/testing/eventually.ts";
import { problemIn } from "@alpes/shared/testing/http_app.ts";
import { SECRETO_PSP } from "@alpes/shared/testing/psp.ts";
import { abrir } from "./servidor_de_prueba.ts";

type Servidor = Awaited<ReturnType<typeof abrir>>;

/** A payout of 10.00 that the provider is silent about: it stays EN_VERIFICACION until something is proved. */
async function mudo(h: Servidor, cycle_id = "2026-01"): Promise<{ pago: PayoutJson; clave: string }> {
  const { body } = await h.json<{ id: string }>("POST", "/pagos/pagar", {
    partner_id: "partner-1",
    cycle_id,
    total_amount: "10.00",
    payment_method_mask: "0004",
  });
  await eventually(async () => (await h.ver(body.id)).estado === "EN_VERIFICACION");
  const pago = await h.ver(body.id);
  return { pago, clave: pago.intentos[0]?.clave ?? assert.fail("no attempt") };
}
const bytes = (cuerpo: object | string) =>
  new TextEncoder().encode(typeof cuerpo === "string" ? cuerpo : JSON.stringify(cuerpo));
const pagado = (clave: string, id = "aviso-1", cambios: object = {}) => ({
  id,
  clave,
  estado: "PAGADO",
  monto: { valor: "10.00", moneda: "USD" },
  referencia: "banco-1",
  comision: { valor: "0.25", moneda: "USD" },
  ...cambios,
});

interface Manipulado {
  readonly secreto?: string;
  readonly ahora?: number;
  readonly que?: string;
  /** What is signed, where that is not what is sent. */
  readonly firmado?: object | string;
  readonly firma?: string;
}
async function avisar(h: Servidor, cuerpo: object | string, m: Manipulado = {}): Promise<Response> {
  const firma = m.firma ??
    await firmar(
      m.secreto ?? SECRETO_PSP,
      m.ahora ?? Date.now(),
      m.que ?? "aviso",
      bytes(m.firmado ?? cuerpo),
    );
  return await h.send("POST", "/pagos/avisos-psp", bytes(cuerpo), {
    "content-type": "application/json",
    ...(firma === "" ? {} : { [CABECERA_FIRMA]: firma }),
  });
}
const status = async (r: Promise<Response>): Promise<number> => {
  const res = await r;
  await res.body?.cancel();
  return res.status;
};

Deno.test("a signed call settles what was not known", async () => {
  await using h = await abrir();
  const { pago, clave } = await mudo(h);
  const res = await avisar(h, pagado(clave));
  assert.deepEqual([res.status, await res.json()], [200, { id: pago.id, estado: "EXITOSO" }]);
  assert.partialDeepStrictEqual(await h.ver(pago.id), { estado: "EXITOSO", referencia_proveedor: "banco-1" });
  const historial = await h.pagos.historial(pago.id);
  assert.equal(historial?.at(-1)?.actor, "servicio:psp");
});
Deno.test("a signed call that it was not paid frees the payout's place", async () => {
  await using h = await abrir();
  const { pago, clave } = await mudo(h);
  const { id, monto } = pagado(clave);
  const res = await avisar(h, { id, clave, monto, estado: "NO_PAGADO", razon: "cuenta cerrada" });
  assert.deepEqual([res.status, await res.json()], [200, { id: pago.id, estado: "FALLIDO" }]);
  const otra = await h.json<{ id: string }>("POST", "/pagos/pagar", {
    partner_id: "partner-1",
    cycle_id: "2026-01",
    total_amount: "10.00",
  });
  assert.notEqual(otra.body.id, pago.id);
});

const ataques: Record<string, (clave: string) => Manipulado> = {
  "no signature": () => ({ firma: "" }),
  "another secret": () => ({ secreto: "otro-secreto-de-treinta-y-dos-letras" }),
  "an empty secret": () => ({ secreto: " " }),
  "a signature of another body": (c) => ({ firmado: pagado(c, "aviso-2") }),
  "a signature of the same JSON in other bytes": (c) => ({ firmado: JSON.stringify(pagado(c), null, 1) }),
  "a signature for another purpose": () => ({ que: "POST /pagos" }),
  "six minutes ago": () => ({ ahora: Date.now() - 360_000 }),
  "six minutes ahead": () => ({ ahora: Date.now() + 360_000 }),
  "nonsense": () => ({ firma: "v1=0" }),
  "a time without a signature": () => ({ firma: `t=${Math.floor(Date.now() / 1000)}` }),
  "all zeros": () => ({ firma: `t=${Math.floor(Date.now() / 1000)},v1=${"0".repeat(64)}` }),
};
Deno.test("whoever cannot sign gets nowhere, and moves nothing", async (t) => {
  await using h = await abrir();
  const { pago, clave } = await mudo(h);
  for (const [cual, hacer] of Object.entries(ataques)) {
    await t.step(cual, async () => {
      const res = await avisar(h, pagado(clave), hacer(clave));
      assert.equal(res.status, 401);
      assert.equal((await problemIn(res)).codigo, "firma_invalida");
    });
  }
  await t.step("a good signature with its time changed", async () => {
    const firma = await firmar(SECRETO_PSP, Date.now() - 400_000, "aviso", bytes(pagado(clave)));
    const fresca = firma.replace(/t=\d+/, `t=${Math.floor(Date.now() / 1000)}`);
    assert.equal(await status(avisar(h, pagado(clave), { firma: fresca })), 401);
  });
  assert.equal((await h.ver(pago.id)).estado, "EN_VERIFICACION");
});

Deno.test("a call that is replayed is answered as the first time, and does nothing", async () => {
  await using h = await abrir();
  const { pago, clave } = await mudo(h);
  const primero = await avisar(h, pagado(clave));
  const texto = await primero.text();
  // In the meantime the money was given back: a copy of the old call must not pay it again.
  assert.equal(await status(h.send("POST", `/pagos/${pago.id}/revertir`, { motivo: "error" })), 202);
  const { version } = await h.ver(pago.id);
  const otra = await avisar(h, pagado(clave));
  assert.deepEqual([otra.status, await otra.text(), otra.headers.get("idempotency-replayed")], [
    200,
    texto,
    "true",
  ]);
  assert.ok((await h.ver(pago.id)).version >= version);
  assert.notEqual((await h.ver(pago.id)).estado, "FALLIDO");
  const distinto = await avisar(h, pagado(clave, "aviso-1", { referencia: "banco-2" }));
  assert.equal(distinto.status, 422);
  assert.equal((await problemIn(distinto)).codigo, "clave_reutilizada");
});
Deno.test("the same news under another id is no news", async () => {
  await using h = await abrir();
  const { pago, clave } = await mudo(h);
  assert.equal(await status(avisar(h, pagado(clave))), 200);
  const { version } = await h.ver(pago.id);
  assert.equal(await status(avisar(h, pagado(clave, "aviso-2"))), 200);
  assert.equal((await h.ver(pago.id)).version, version);
});
Deno.test("twenty of the same call at once have one effect", async () => {
  await using h = await abrir();
  const { pago, clave } = await mudo(h);
  const todos = await Promise.all(
    Array.from(
      { length: 20 },
      (_, i) => status(avisar(h, pagado(clave, i % 2 === 0 ? "aviso-1" : `aviso-${i}`))),
    ),
  );
  assert.deepEqual(todos.filter((s) => s !== 200 && s !== 409), []);
  const pasos = (await h.pagos.historial(pago.id))?.filter((x) => x.estado_nuevo === "EXITOSO");
  assert.equal(pasos?.length, 1);
});

Deno.test("a call about something else is refused, and changes nothing", async () => {
  await using h = await abrir();
  const { pago, clave } = await mudo(h);
  const codigo = async (cuerpo: object) => {
    const res = await avisar(h, cuerpo);
    return [res.status, (await problemIn(res)).codigo];
  };
  assert.deepEqual(await codigo(pagado("nadie~1")), [404, "no_encontrado"]);
  const otroMonto = { monto: { valor: "10.01", moneda: "USD" } };
  assert.deepEqual(await codigo(pagado(clave, "a-1", otroMonto)), [409, "prueba_contraria"]);
  const enEuros = { monto: { valor: "10.00", moneda: "EUR" }, comision: null };
  assert.deepEqual(await codigo(pagado(clave, "a-2", enEuros)), [409, "prueba_contraria"]);
  const malas = {
    monto: { valor: "10.0", moneda: "USD" },
    moneda: { valor: "10.00", moneda: "XXX" },
  };
  assert.deepEqual(await codigo(pagado(clave, "a-3", { monto: malas.monto })), [400, "validacion"]);
  assert.deepEqual(await codigo(pagado(clave, "a-4", { monto: malas.moneda })), [400, "validacion"]);
  assert.deepEqual(await codigo(pagado(clave, "a-5", { referencia: null })), [400, "validacion"]);
  assert.deepEqual(
    await codigo(pagado(clave, "a-6", { comision: { valor: "10.01", moneda: "USD" } })),
    [400, "validacion"],
  );
  assert.deepEqual(await codigo(pagado(clave, "a-7", { estado: "OTRO" })), [400, "validacion"]);
  assert.deepEqual(await codigo(pagado(clave, "a-8", { extra: 1 })), [400, "validacion"]);
  assert.equal((await h.ver(pago.id)).estado, "EN_VERIFICACION");
});
Deno.test("a call against what stands is refused: a person has to look", async () => {
  await using h = await abrir();
  const { pago, clave } = await mudo(h);
  const { monto } = pagado(clave);
  assert.equal(await status(avisar(h, { id: "a-1", clave, monto, estado: "NO_PAGADO", razon: "x" })), 200);
  const res = await avisar(h, pagado(clave, "a-2"));
  assert.equal((await problemIn(res)).codigo, "prueba_contraria");
  assert.equal((await h.ver(pago.id)).estado, "FALLIDO");
});
Deno.test("a call that says that nobody knows yet is taken, and says nothing", async () => {
  await using h = await abrir();
  const { pago, clave } = await mudo(h);
  const { monto } = pagado(clave);
  assert.equal(await status(avisar(h, { id: "a-1", clave, monto, estado: "EN_CURSO" })), 200);
  assert.equal((await h.ver(pago.id)).estado, "EN_VERIFICACION");
});
