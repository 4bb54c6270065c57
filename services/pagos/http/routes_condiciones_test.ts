import assert from "node:assert/strict";
import type { CondicionesJson } from "@alpes/shared/contracts/condiciones.ts";
import { fieldsIn, problemIn } from "@alpes/shared/testing/http_app.ts";
import { abrir } from "./servidor_de_prueba.ts";

Deno.test("terms are read before anybody agreed any, and replaced at the version that was read", async () => {
  await using h = await abrir();
  const url = "/pagos/condiciones/p-1";
  const antes = await h.json<CondicionesJson>("GET", url);
  assert.deepEqual([antes.status, antes.res.headers.get("etag"), antes.body.version], [200, '"v0"', 0]);
  const acordadas = {
    retencion_dias: 7,
    minimos: [{ valor: "50.00", moneda: "USD" }],
    suspendido: false,
    metodo_pago: { tipo: "ACH", mascara: "****1234" },
  };
  const puestas = await h.json<CondicionesJson>("PUT", url, acordadas, { "If-Match": '"v0"' });
  assert.deepEqual([puestas.status, puestas.res.headers.get("etag")], [200, '"v1"']);
  assert.partialDeepStrictEqual(puestas.body, { partner_id: "p-1", version: 1, ...acordadas });
  assert.deepEqual((await h.json("GET", url)).body, puestas.body);
  const tarde = await problemIn(await h.send("PUT", url, acordadas, { "If-Match": '"v0"' }));
  assert.deepEqual([tarde.status, tarde.codigo], [412, "version_obsoleta"]);
  assert.equal((await h.json<CondicionesJson>("PUT", url, {})).body.retencion_dias, null);
  assert.equal((await h.send("PUT", "/pagos/condiciones/general", { retencion_dias: 3 })).status, 200);
});

Deno.test("every fault of terms is named by its field", async () => {
  await using h = await abrir();
  const mal = await problemIn(
    await h.send("PUT", "/pagos/condiciones/p-1", {
      retencion_dias: -1,
      minimos: [{ valor: "-1.00", moneda: "USD" }, { valor: "1.00", moneda: "XXX" }],
      suspendido: "si",
      metodo_pago: { tipo: "CHEQUE", mascara: "4111111111111111" },
      otra: 1,
    }),
  );
  assert.equal(mal.status, 400);
  assert.deepEqual(fieldsIn(mal).sort(), [
    "metodo_pago.mascara",
    "metodo_pago.tipo",
    "minimos[0].valor",
    "minimos[1].moneda",
    "otra",
    "retencion_dias",
    "suspendido",
  ]);
  const dos = { minimos: [{ valor: "1.00", moneda: "USD" }, { valor: "2.00", moneda: "USD" }] };
  assert.deepEqual(fieldsIn(await problemIn(await h.send("PUT", "/pagos/condiciones/p-1", dos))), [
    "minimos",
  ]);
  assert.deepEqual(
    fieldsIn(await problemIn(await h.send("PUT", "/pagos/condiciones/p-1", { minimos: ["1.00"] }))),
    ["minimos"],
  );
});
