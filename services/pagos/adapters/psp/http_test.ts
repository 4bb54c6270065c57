import assert from "node:assert/strict";
import { CABECERA_FIRMA, juzgarFirma } from "@alpes/shared/contracts/psp_firma.ts";
import { dinero } from "@alpes/shared/seedwork/money.ts";
import { SECRETO_PSP, startPsp } from "@alpes/shared/testing/psp.ts";
import { httpPsp } from "./http.ts";

const orden = {
  clave: "p-1~k-1",
  payout_id: "p-1",
  monto: dinero(1_000n, "USD"),
  mascara: null,
};
const bueno = {
  clave: orden.clave,
  monto: { valor: "10.00", moneda: "USD" },
  estado: "PAGADO",
  referencia: "r-1",
  comision: { valor: "0.30", moneda: "USD" },
};
const texto = (cuerpo: unknown, status = 200) =>
  new Response(typeof cuerpo === "string" ? cuerpo : JSON.stringify(cuerpo), { status });

/** Asks a provider that answers like this. */
async function preguntar<T>(
  contestar: (r: Request) => Response | Promise<Response>,
  que: (psp: ReturnType<typeof httpPsp>) => Promise<T>,
): Promise<T> {
  await using server = Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    onListen() {},
    onError: () => texto("", 500),
  }, contestar);
  const url = `http://127.0.0.1:${server.addr.port}`;
  return await que(httpPsp({ url, secreto: SECRETO_PSP, plazo: 150, reloj: Date.now }));
}

Deno.test("a paid answer about this key and amount is taken, with the bank's fee", async () => {
  const r = await preguntar(() => texto(bueno), (p) => p.pagar(orden));
  assert.deepEqual(r, { tipo: "pagado", referencia: "r-1", comision: dinero(30n, "USD") });
});
Deno.test("a definite no is taken", async () => {
  const { clave, monto } = bueno;
  const r = await preguntar(
    () => texto({ clave, monto, estado: "NO_PAGADO", razon: "sin fondos" }),
    (p) => p.pagar(orden),
  );
  assert.deepEqual(r, { tipo: "no_pagado", razon: "sin fondos" });
});

const tarde = () => new Promise<Response>((r) => setTimeout(() => r(texto(bueno)), 400));
const rotas: Record<string, () => Response | Promise<Response>> = {
  "no answer in time": tarde,
  "a body that never ends": () =>
    new Response(new ReadableStream({ start: (c) => c.enqueue(new Uint8Array([123])) })),
  "a body that breaks off": () =>
    new Response(
      new ReadableStream({
        start: (c) => c.enqueue(new TextEncoder().encode('{"clave":')),
        pull: (c) => c.error(new Error("cut")),
      }),
    ),
  "500": () => texto(bueno, 500),
  "503 with a paid body": () => texto(bueno, 503),
  "201 with a paid body": () => texto(bueno, 201),
  "402": () => texto({ ...bueno, estado: "NO_PAGADO", razon: "x" }, 402),
  "401": () => texto({ codigo: "firma_mala" }, 401),
  "404 in place of a payment": () => texto({ codigo: "clave_desconocida", clave: orden.clave }, 404),
  "a redirect": () => new Response(null, { status: 307, headers: { Location: "http://127.0.0.1:1/pagos" } }),
  "no JSON": () => texto("<html>pagado</html>"),
  "nothing": () => texto(""),
  "null": () => texto("null"),
  "another key": () => texto({ ...bueno, clave: "p-2~k-9" }),
  "another amount": () => texto({ ...bueno, monto: { valor: "10.01", moneda: "USD" } }),
  "another currency": () => texto({ ...bueno, monto: { valor: "10.00", moneda: "EUR" } }),
  "an inexact amount": () => texto({ ...bueno, monto: { valor: "10.000", moneda: "USD" } }),
  "an amount that is a number": () => texto({ ...bueno, monto: { valor: 10, moneda: "USD" } }),
  "no reference": () => texto({ ...bueno, referencia: "" }),
  "an unknown state": () => texto({ ...bueno, estado: "PAID" }),
  "no fee field": () => texto({ ...bueno, comision: undefined }),
  "a fee in another currency": () => texto({ ...bueno, comision: { valor: "0.30", moneda: "EUR" } }),
  "a fee beyond the amount": () => texto({ ...bueno, comision: { valor: "10.01", moneda: "USD" } }),
  "a negative fee": () => texto({ ...bueno, comision: { valor: "-0.01", moneda: "USD" } }),
  "a failure without a reason": () => texto({ ...bueno, estado: "NO_PAGADO" }),
  "an answer of 1 MiB": () => texto({ ...bueno, relleno: "x".repeat(1_048_576) }),
};
for (const [que, contestar] of Object.entries(rotas)) {
  Deno.test(`${que}: nobody knows, and the reason is said`, async () => {
    for (
      const r of await preguntar(contestar, (p) => Promise.all([p.pagar(orden), p.devolver(orden.clave)]))
    ) {
      if (typeof r === "boolean") assert.equal(r, false);
      else assert.ok(r.tipo === "desconocido" && r.motivo !== "", JSON.stringify(r));
    }
  });
}

Deno.test("a provider that is not there: nobody knows", async () => {
  const psp = httpPsp({ url: "http://127.0.0.1:1", secreto: SECRETO_PSP, plazo: 150, reloj: Date.now });
  assert.deepEqual(await psp.pagar(orden), {
    tipo: "desconocido",
    motivo: "se cortó la conexión con el proveedor",
  });
});
Deno.test("a 404 that is not the protocol's does not say that the key is unknown", async () => {
  for (
    const cuerpo of ["<html>", "{}", { codigo: "clave_desconocida", clave: "otra" }, {
      codigo: "no",
      clave: orden.clave,
    }]
  ) {
    const r = await preguntar(() => texto(cuerpo, 404), (p) => p.consultar(orden));
    assert.equal(r.tipo, "desconocido");
  }
});

Deno.test("an order carries its key and a signature over method, path and body", async () => {
  const visto = Promise.withResolvers<Request & { bytes_: Uint8Array }>();
  await preguntar(async (r) => {
    visto.resolve(Object.assign(r.clone(), { bytes_: new Uint8Array(await r.arrayBuffer()) }));
    return texto(bueno);
  }, (p) => p.pagar(orden));
  const r = await visto.promise;
  await r.body?.cancel();
  assert.equal(r.headers.get("idempotency-key"), orden.clave);
  const firma = r.headers.get(CABECERA_FIRMA) ?? "";
  const juzgar = (que: string, cuerpo: Uint8Array, secreto = SECRETO_PSP, ahora = Date.now()) =>
    juzgarFirma(secreto, ahora, que, cuerpo, firma);
  assert.equal(await juzgar("POST /pagos", r.bytes_), "buena");
  assert.equal(await juzgar("POST /otra", r.bytes_), "mala");
  assert.equal(await juzgar("POST /pagos", new TextEncoder().encode("{}")), "mala");
  assert.equal(await juzgar("POST /pagos", r.bytes_, "otro-secreto"), "mala");
  assert.equal(await juzgar("POST /pagos", r.bytes_, SECRETO_PSP, Date.now() + 301_000), "vencida");
});

Deno.test("the simulator turns away who does not sign, and forgets nothing when it is killed", async () => {
  await using p = await startPsp(["--comision-pb", "100", "--comision-fija", "5"]);
  const psp = (secreto: string) => httpPsp({ url: p.url, secreto, plazo: 2_000, reloj: Date.now });
  assert.deepEqual(await psp("otro-secreto").pagar(orden), {
    tipo: "desconocido",
    motivo: "el proveedor contestó 401",
  });
  assert.deepEqual(await p.registro(), []);
  const pagado = await psp(SECRETO_PSP).pagar(orden);
  assert.ok(pagado.tipo === "pagado");
  assert.deepEqual(pagado.comision, dinero(15n, "USD"));
  await p.matar();
  assert.deepEqual(await psp(SECRETO_PSP).consultar(orden), pagado);
});

Deno.test("each thing that the simulator can do wrong is either paid or not, and is never paid twice", async () => {
  await using p = await startPsp(["--tardanza", "200"]);
  const psp = httpPsp({ url: p.url, secreto: SECRETO_PSP, plazo: 250, reloj: Date.now });
  const esperado: Record<string, [string, string]> = {
    rechaza: ["no_pagado", "no_pagado"],
    calla_tras_pagar: ["desconocido", "pagado"],
    calla_sin_pagar: ["desconocido", "no_existe"],
    contesta_dos_veces: ["pagado", "pagado"],
    contesta_tarde: ["desconocido", "pagado"],
    contesta_por_otro: ["desconocido", "pagado"],
    corta_tras_pagar: ["desconocido", "pagado"],
    corta_sin_pagar: ["desconocido", "no_existe"],
    error_tras_pagar: ["desconocido", "pagado"],
  };
  for (const [falla, [primera, despues]] of Object.entries(esperado)) {
    await p.mandar("/reglas", { regla: { mascara: "7777", falla, veces: 1 } });
    const o = { ...orden, clave: `p-1~${falla}`, mascara: "****7777" };
    assert.equal((await psp.pagar(o)).tipo, primera, falla);
    assert.equal((await psp.consultar(o)).tipo, despues, falla);
    // Told once more, under the same key, the rule being used up.
    if (despues !== "no_pagado") assert.equal((await psp.pagar(o)).tipo, "pagado", falla);
  }
  const claves = (await p.registro()).map((r) => r.clave);
  assert.deepEqual(claves.toSorted(), Object.keys(esperado).map((f) => `p-1~${f}`).toSorted());
});
