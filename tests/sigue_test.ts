import assert from "node:assert/strict";
import { httpApi } from "@alpes/shared/dev/demo_api.ts";
import { ESCENARIOS } from "@alpes/shared/dev/dispara_escenarios.ts";
import { historia } from "@alpes/shared/dev/sigue_historia.ts";
import { acceptance, platform } from "./acceptance.ts";

const p = await platform();
const api = httpApi(p.stack.bffUrl, "");
const mundo = () => ({ api, prefix: `d-${crypto.randomUUID().slice(0, 8)}`, patience: 30_000, calm: true });

for (const [nombre, escenario] of Object.entries(ESCENARIOS)) {
  acceptance(`deno task dispara ${nombre}: ${escenario.que}`, async () => {
    const { ids, solicitud } = await escenario.disparar(mundo());
    assert.match(solicitud, /^[0-9a-f-]{36}$/);
    for (const id of Object.values(ids)) assert.ok(id.length > 3);
  });
}

acceptance("there are a dozen scenarios to set off, each with a line that says what happens", () => {
  assert.ok(Object.keys(ESCENARIOS).length >= 12);
  for (const [nombre, { que }] of Object.entries(ESCENARIOS)) assert.ok(que.length > 10, nombre);
  return Promise.resolve();
});

acceptance(
  "deno task sigue --vivo waits for a request that has not come yet, and tells it as it happens",
  async () => {
    const solicitud = crypto.randomUUID();
    await using sigue = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        new URL("../shared/dev/sigue.ts", import.meta.url).pathname,
        solicitud,
        "--vivo",
        "--json",
      ],
      env: { BFF_URL: p.stack.bffUrl, NO_COLOR: "1" },
      stdin: "null",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const lector = sigue.stdout.pipeThrough(new TextDecoderStream()).getReader();
    await new Promise((r) => setTimeout(r, 1_500));
    const k = `d-${solicitud.slice(0, 8)}`;
    const r = await api.send("POST", "/campanias/crear", {
      idCampania: k,
      idCliente: "nadie",
      itinerario: [],
      anticipo: { valor: "10.00", moneda: "USD" },
    }, { "x-request-id": solicitud });
    assert.equal(r.status, 202);
    let dicho = "";
    // Its last word is the money's, which comes some time after the first.
    while (!/EXITOSO/.test(dicho)) {
      const { value, done } = await lector.read();
      assert.ok(!done, dicho);
      dicho += value;
    }
    assert.match(dicho, /crearCampania[^]*ProcesarPago/);
    await lector.cancel();
  },
);

acceptance(
  "deno task sigue tells one request from HTTP over transaction, message and saga to the money",
  async () => {
    const { ids, solicitud } = await ESCENARIOS.anticipo?.disparar(mundo()) ?? assert.fail();
    const hechos = await historia(api, solicitud);
    const de = (paso: string, que: RegExp) => hechos.some((h) => h.paso === paso && que.test(h.que));
    assert.ok(de("HTTP", /^crearCampania/));
    assert.ok(de("transacción", new RegExp(`campania ${ids.campania} v1`)));
    assert.ok(de("saga", /ProcesarPago HECHO/));
    assert.ok(de("pago", /EXITOSO/));
    assert.deepEqual(new Set(hechos.map((h) => h.modulo)), new Set(["campanias", "pagos", "cliente"]));
    assert.deepEqual(hechos.map((h) => h.en), hechos.map((h) => h.en).toSorted());
    assert.deepEqual(await historia(api, "nadie-pidio-esto"), []);
  },
);
