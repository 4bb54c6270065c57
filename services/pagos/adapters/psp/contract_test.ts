import assert from "node:assert/strict";
import { v7 } from "uuid";
import { openDatabase } from "@alpes/shared/adapters/postgres/database.ts";
import { dinero } from "@alpes/shared/seedwork/money.ts";
import { freshDatabase } from "@alpes/shared/testing/database.ts";
import { eventually } from "@alpes/shared/testing/eventually.ts";
import { SECRETO_PSP, startPsp } from "@alpes/shared/testing/psp.ts";
import type { Orden, Psp, RespuestaPsp } from "../../application/ports.ts";
import { httpPsp } from "./http.ts";
import { simuladorPsp } from "./simulator.ts";

/** A provider of either kind, and the keys that its own record says it paid, each as often as it did. */
interface Proveedor extends AsyncDisposable {
  readonly psp: Psp;
  readonly pagadas: () => Promise<readonly string[]>;
}
const TARDANZA = 400;

const proveedores: Record<string, () => Promise<Proveedor>> = {
  async "in this process"() {
    const resources = new AsyncDisposableStack();
    const fresh = resources.use(await freshDatabase());
    const db = resources.use(openDatabase({ url: fresh.url, role: "alpes_pagos", max: 4 }));
    return {
      psp: simuladorPsp(db, { respuesta: 1, plazo: 100, tardanza: TARDANZA }),
      pagadas: async () =>
        (await db.query<{ clave: string }>(
          "select clave from pagos.psp_simulador where pagado <= clock_timestamp()",
        )).map((f) => f.clave),
      [Symbol.asyncDispose]: () => resources.disposeAsync(),
    };
  },
  async "over HTTP"() {
    const proceso = await startPsp(["--tardanza", String(TARDANZA)]);
    return {
      psp: httpPsp({ url: proceso.url, secreto: SECRETO_PSP, plazo: 300, reloj: Date.now }),
      pagadas: async () => {
        const lineas = (await proceso.liquidacion()).trim().split("\n").slice(1).map((l) => l.split(","));
        return lineas.filter((l) => l[2] === "PAGADO" || l[2] === "DEVUELTO").map((l) => l[0] ?? "");
      },
      [Symbol.asyncDispose]: () => proceso[Symbol.asyncDispose](),
    };
  },
};

const orden = (mascara: string | null, unidades = 1_000n): Orden => {
  const id = `payout-${v7()}`;
  return { clave: `${id}~${v7()}`, payout_id: id, monto: dinero(unidades, "USD"), mascara };
};
const tipos = (...rs: readonly { readonly tipo: RespuestaPsp["tipo"] | "no_existe" }[]) =>
  rs.map((r) => r.tipo);

for (const [donde, abrir] of Object.entries(proveedores)) {
  Deno.test(`the provider ${donde} holds the contract of the port`, async (t) => {
    await using p = await abrir();
    const { psp, pagadas } = p;
    const veces = async (o: Orden) => (await pagadas()).filter((c) => c === o.clave).length;

    await t.step("an ordinary order is paid, and asking again says the same", async () => {
      const o = orden("****1234");
      const r = await psp.pagar(o);
      assert.ok(r.tipo === "pagado" && r.referencia !== "", JSON.stringify(r));
      assert.deepEqual([await psp.pagar(o), await psp.consultar(o)], [r, r]);
      assert.equal(await veces(o), 1);
    });
    await t.step("the same key told many times at once pays once", async () => {
      const o = orden(null);
      const rs = await Promise.all(Array.from({ length: 12 }, () => psp.pagar(o)));
      assert.deepEqual(new Set(rs.map((r) => r.tipo === "pagado" ? r.referencia : r.tipo)).size, 1);
      assert.equal(await veces(o), 1);
    });
    await t.step("the same key with another amount is neither paid nor failed", async () => {
      const o = orden(null);
      await psp.pagar(o);
      const otra = { ...o, monto: dinero(1_001n, "USD") };
      const enOtra = { ...o, monto: dinero(1_000n, "EUR") };
      assert.deepEqual(
        tipos(await psp.pagar(otra), await psp.consultar(otra), await psp.pagar(enOtra)),
        ["desconocido", "desconocido", "desconocido"],
      );
      assert.equal(await veces(o), 1);
    });
    await t.step("0002 refuses, for good, and pays nothing", async () => {
      const o = orden("0002");
      assert.deepEqual(
        tipos(await psp.pagar(o), await psp.consultar(o), await psp.pagar({ ...o, mascara: null })),
        ["no_pagado", "no_pagado", "no_pagado"],
      );
      assert.equal(await veces(o), 0);
    });
    await t.step("0004 never answers", async () => {
      const o = orden("0004");
      assert.deepEqual(tipos(await psp.pagar(o), await psp.consultar(o)), ["desconocido", "desconocido"]);
      assert.equal(await veces(o), 0);
    });
    await t.step("0006 is found paid later", async () => {
      const o = orden("0006");
      assert.deepEqual(tipos(await psp.pagar(o)), ["desconocido"]);
      await eventually(async () => (await psp.consultar(o)).tipo === "pagado");
      assert.equal(await veces(o), 1);
    });
    await t.step("0008 pays and loses the answer: the status query finds it", async () => {
      const o = orden("0008");
      assert.deepEqual(tipos(await psp.pagar(o), await psp.consultar(o)), ["desconocido", "pagado"]);
      assert.equal(await veces(o), 1);
    });
    await t.step("a key that never arrived is not there", async () => {
      assert.deepEqual(tipos(await psp.consultar(orden(null))), ["no_existe"]);
    });
    await t.step("what was paid is given back, once however often; what was not, is not", async () => {
      const [pagada, rechazada] = [orden(null), orden("0002")];
      await psp.pagar(pagada);
      await psp.pagar(rechazada);
      assert.deepEqual(
        [
          await psp.devolver(pagada.clave),
          await psp.devolver(pagada.clave),
          await psp.devolver(rechazada.clave),
          await psp.devolver(orden(null).clave),
        ],
        [true, true, false, false],
      );
    });
    await t.step("the largest amount arrives whole", async () => {
      const o = orden(null, 10n ** 15n);
      assert.deepEqual(tipos(await psp.pagar(o), await psp.consultar(o)), ["pagado", "pagado"]);
    });
  });
}
